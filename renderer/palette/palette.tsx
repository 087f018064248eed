/**
 * Ctrl (Cmd) K: going to a conversation, a person or a request, and doing anything that has a name, from the keyboard alone. Invariants: a
 * command means what it would have meant before the palette took the focus, which goes back there first; Enter takes the first entry for
 * what is typed now, never for what was typed before; nothing that was typed or chosen is kept.
 */
import { Search } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommandDesk } from '../ui/app-context.tsx';
import { returnFocus } from '../ui/return-focus.ts';
import { useEntries, type Before, type EntryGroup, type PaletteEntry } from './use-entries.tsx';
import { useFound } from './use-found.ts';
import styles from './palette.module.css';

export function Palette({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const desk = useCommandDesk();
  const [opener] = useState(() => document.activeElement);
  const [before] = useState((): Before => {
    const box = document.querySelector<HTMLTextAreaElement>('textarea[data-composer-text]');
    return { possible: desk.listPossible(), box, caret: box?.selectionStart ?? 0 };
  });
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const found = useFound(text);
  const isStale = found?.text !== text;
  const entries = useEntries(text, found, before);
  const [activeId, setActiveId] = useState<string | null>(null);
  const active = entries.find(({ id }) => id === activeId) ?? entries[0] ?? null;
  const listId = useId();
  const optionId = (entry: PaletteEntry): string => `${listId}-${entry.id}`;
  const box = useRef<HTMLInputElement>(null);
  const chosen = useRef<PaletteEntry | null>(null);
  /** Enter came before the answer to what is typed. */
  const [isAwaited, setAwaited] = useState(false);

  function choose(entry: PaletteEntry): void {
    chosen.current = entry;
    onClose();
  }
  useEffect(() => {
    if (!isAwaited || isStale) return;
    setAwaited(false);
    if (active === null) return;
    chosen.current = active;
    onClose();
  }, [isAwaited, isStale, active, onClose]);

  function step(by: number, isRound: boolean): void {
    const at = active === null ? -1 : entries.indexOf(active);
    const to = isRound ? (at + by + entries.length) % entries.length : Math.max(0, Math.min(entries.length - 1, at + by));
    const next = entries[to];
    if (!next) return;
    setActiveId(next.id);
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') step(1, true);
    else if (event.key === 'ArrowUp') step(-1, true);
    else if (event.key === 'PageDown') step(8, false);
    else if (event.key === 'PageUp') step(-8, false);
    else if (event.key === 'Enter') {
      if (isStale && activeId === null) setAwaited(true);
      else if (active) choose(active);
    }
    // There is nothing else to go to.
    else if (event.key !== 'Tab') return;
    event.preventDefault();
  }

  const groups = entries.reduce<{ group: EntryGroup; entries: PaletteEntry[] }[]>((all, entry) => {
    if (all.at(-1)?.group === entry.group) all.at(-1)!.entries.push(entry);
    else all.push({ group: entry.group, entries: [entry] });
    return all;
  }, []);
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <div className={styles['scrim']} />
        <Primitive.Content
          className={styles['palette']}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            box.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
            chosen.current?.run();
          }}
        >
          <Primitive.Title className="visually-hidden">{t('palette.title')}</Primitive.Title>
          <div className={styles['field']}>
            <Search size={17} aria-hidden="true" />
            <input
              ref={box}
              value={typed}
              role="combobox"
              aria-expanded={entries.length > 0}
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={active ? optionId(active) : undefined}
              aria-label={t('palette.label')}
              placeholder={t('palette.placeholder')}
              spellCheck={false}
              autoComplete="off"
              maxLength={200}
              onChange={(event) => {
                setTyped(event.target.value);
                setActiveId(null);
                setAwaited(false);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div id={listId} className={styles['list']} role="listbox" aria-label={t('palette.results')}>
            {groups.map(({ group, entries: shown }) => (
              <div key={group} role="group" aria-label={t(`palette.group.${group}`)}>
                <h3 className={styles['group']} aria-hidden="true">
                  {t(`palette.group.${group}`)}
                </h3>
                {shown.map((entry) => (
                  <div key={entry.id} id={optionId(entry)} className={styles['option']} role="option" aria-selected={entry === active} tabIndex={-1} onClick={() => choose(entry)}>
                    <span className={styles['icon']} aria-hidden="true">
                      {entry.icon}
                    </span>
                    <bdi className={styles['label']}>{entry.label}</bdi>
                    {entry.detail !== null && entry.detail !== '' && (
                      <span className={styles['detail']} dir="auto">
                        {entry.detail}
                      </span>
                    )}
                    {entry.keys !== undefined && <kbd className={styles['keys']}>{entry.keys}</kbd>}
                  </div>
                ))}
              </div>
            ))}
            {entries.length === 0 && !isStale && (
              <div className={styles['none']}>
                <p>{t('palette.none', { text })}</p>
                <p className={styles['quiet']}>{t('palette.noneHint')}</p>
              </div>
            )}
          </div>
          <p className={styles['foot']}>{found?.hasFailed ? t('palette.failed') : t('palette.hint')}</p>
          <p className="visually-hidden" role="status">
            {isStale ? '' : t('palette.found', { count: entries.length })}
          </p>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
