/**
 * All emoji, found by what they are called in either language. The keyboard stays in the field: arrows walk the grid, Enter takes one. Only the rows in
 * view are there.
 */
import { Search } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTexts } from '../i18n/use-texts.tsx';
import { findEmoji, withTone, type Emoji } from '../store/emoji-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import searchLine from '../ui/search-line.module.css';
import styles from './emoji-picker.module.css';

const PER_ROW = 9;
const FOUND_MAX = 180;
/** Unicode's groups with one that stands for each. */
const GROUPS = [
  [0, '😀'],
  [1, '👋'],
  [3, '🐻'],
  [4, '🍎'],
  [5, '✈️'],
  [6, '⚽'],
  [7, '💡'],
  [8, '❤️'],
  [9, '🏁'],
] as const;
const TONES = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'] as const;

/** `from`: the place of its first one among all that are shown. */
type Line = { kind: 'title'; text: string; group: number | null } | { kind: 'row'; items: readonly Emoji[]; from: number };

export function EmojiPicker({ onPick }: { onPick(emoji: string): void }) {
  const { t, language } = useTexts();
  const { emoji: store } = useStores();
  const { list, hasFailed, recent, tone } = useFrom('emoji', (state) => state);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const view = useRef<VListHandle>(null);
  const id = useId();
  useFocusOnMount(field);
  useEffect(() => store.getState().load(), [store]);

  // What is used now moves to the front the next time.
  const [recentAtOpening] = useState(recent);
  const lines = useMemo((): Line[] => {
    if (list === null) return [];
    if (query.trim() !== '') return layOut([[t('emoji.found'), null, findEmoji({ list }, query, FOUND_MAX)]]);
    const used = recentAtOpening.flatMap((unicode) => list.find((each) => each.unicode === unicode) ?? []);
    return layOut([[t('emoji.recent'), null, used], ...GROUPS.map(([group]) => [t(`emoji.group.${group}`), group, list.filter((each) => each.group === group)] as const)]);
  }, [list, query, recentAtOpening, t]);
  const shown = lines.flatMap((line) => (line.kind === 'row' ? line.items : []));
  const active = shown[at];
  const nameOf = (each: Emoji): string => each.labels[language === 'en' ? 'en' : 'es'];

  function take(each: Emoji | undefined): void {
    if (!each) return;
    store.getState().use(each.unicode);
    onPick(withTone(each, tone));
  }
  function goTo(next: number): void {
    const place = Math.min(Math.max(0, next), shown.length - 1);
    setAt(place);
    view.current?.scrollToIndex(
      lines.findIndex((line) => line.kind === 'row' && place >= line.from && place < line.from + line.items.length),
      { align: 'nearest' },
    );
  }
  /** Straight up or down, into whatever row is there. */
  function step(by: 1 | -1): void {
    const rows = lines.filter((line) => line.kind === 'row');
    const now = rows.findIndex((row) => at >= row.from && at < row.from + row.items.length);
    const next = rows[now + by];
    const here = rows[now];
    if (next && here) goTo(next.from + Math.min(at - here.from, next.items.length - 1));
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'ArrowRight') goTo(at + 1);
    else if (event.key === 'ArrowLeft') goTo(at - 1);
    else if (event.key === 'Enter') take(active);
    else return;
    event.preventDefault();
  }

  const hasGrid = lines.length > 0 && shown.length > 0;
  return (
    <div className={styles['picker']}>
      <div className={searchLine['search']}>
        <Search size={14} aria-hidden="true" />
        <input
          ref={field}
          role="combobox"
          aria-expanded={hasGrid}
          aria-controls={hasGrid ? id : undefined}
          aria-activedescendant={active ? `${id}-${at}` : undefined}
          aria-label={t('emoji.search')}
          placeholder={t('emoji.search')}
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
            view.current?.scrollTo(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={styles['groups']}>
        {GROUPS.map(([group, sample]) => (
          <button
            key={group}
            type="button"
            tabIndex={-1}
            aria-label={t(`emoji.group.${group}`)}
            title={t(`emoji.group.${group}`)}
            onClick={() => {
              setQuery('');
              requestAnimationFrame(() => {
                const index = lines.findIndex((line) => line.kind === 'title' && line.group === group);
                if (index !== -1) view.current?.scrollToIndex(index);
              });
              field.current?.focus();
            }}
          >
            {sample}
          </button>
        ))}
      </div>
      <div className={styles['list']}>
        {!hasGrid ? (
          <p className={styles['none']} role="status">
            {hasFailed ? t('emoji.failed') : list === null ? '' : t('emoji.none')}
          </p>
        ) : (
          <VList ref={view} data={lines} className={styles['rows'] ?? ''} id={id} role="grid" aria-label={t('emoji.title')} tabIndex={-1}>
            {(line, index) =>
              line.kind === 'title' ? (
                <div key={`t${index}`} className={styles['title']} role="row">
                  <span role="gridcell">{line.text}</span>
                </div>
              ) : (
                <div key={line.from} className={styles['row']} role="row">
                  {line.items.map((each, place) => (
                    <button
                      key={each.unicode}
                      type="button"
                      id={`${id}-${line.from + place}`}
                      role="gridcell"
                      tabIndex={-1}
                      className={styles['emoji']}
                      aria-label={nameOf(each)}
                      aria-selected={line.from + place === at}
                      onPointerMove={() => setAt(line.from + place)}
                      onClick={() => take(each)}
                    >
                      {withTone(each, tone)}
                    </button>
                  ))}
                </div>
              )
            }
          </VList>
        )}
      </div>
      <div className={styles['foot']}>
        <p className={styles['name']} aria-hidden="true">
          {active && (
            <>
              <span>{withTone(active, tone)}</span> {nameOf(active)}
            </>
          )}
        </p>
        <div className={styles['tones']} role="radiogroup" aria-label={t('emoji.tone')}>
          {TONES.map((sample, index) => (
            <button
              key={sample}
              type="button"
              role="radio"
              tabIndex={index === tone ? 0 : -1}
              aria-checked={index === tone}
              aria-label={t(`emoji.toneOf.${index as 0}`)}
              title={t(`emoji.toneOf.${index as 0}`)}
              onClick={() => store.getState().setTone(index)}
              onKeyDown={(event) => {
                const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                if (by === 0) return;
                event.preventDefault();
                const next = (index + by + TONES.length) % TONES.length;
                store.getState().setTone(next);
                (event.currentTarget.parentElement?.children[next] as HTMLElement | undefined)?.focus();
              }}
            >
              {sample}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

function layOut(groups: readonly (readonly [title: string, group: number | null, items: readonly Emoji[]])[]): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (const [text, group, items] of groups) {
    if (items.length === 0) continue;
    lines.push({ kind: 'title', text, group });
    for (let start = 0; start < items.length; start += PER_ROW) lines.push({ kind: 'row', items: items.slice(start, start + PER_ROW), from: from + start });
    from += items.length;
  }
  return lines;
}
