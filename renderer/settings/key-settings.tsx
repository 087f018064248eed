/**
 * Giving commands other keys. Invariant: a key is taken only when it is free where the command works and is none that the computer or the
 * window needs; what is refused says why, and what stood before goes on standing.
 */
import { RotateCcw, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { scoreMatch } from '../commands/score-match.ts';
import { COMMANDS, GROUPS, commandOf, isRemappable, type Command, type CommandId } from '../commands/catalogue.ts';
import { choose, keymapOf, refuseBinding } from '../commands/keymap.ts';
import { isBare, strokeOf, type Binding, type Stroke } from '../commands/stroke.ts';
import { useKeymap, useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './key-settings.module.css';

/** Ms for a second letter. */
const SECOND_WITHIN_MS = 1_000;

type Said = { id: CommandId | null; text: string; isRefusal: boolean };

export function KeySettings() {
  const { t } = useTexts();
  const { preferences } = useStores();
  const choice = useFrom('preferences', (state) => state.keymap);
  const keymap = useKeymap();
  const { show } = useKeyNames();
  const [query, setQuery] = useState('');
  const [recording, setRecording] = useState<CommandId | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const commands = COMMANDS.filter((command) => isRemappable(command) && (query.trim() === '' || scoreMatch(t(command.title), query) !== null));

  const write = (id: CommandId, bindings: readonly Binding[] | null): void => preferences.getState().set({ keymap: choose(choice, id, bindings) });
  function record(id: CommandId, binding: Binding | null): void {
    setRecording(null);
    if (binding === null) return;
    const command = t(commandOf(id).title);
    const keys = show(binding);
    const refusal = refuseBinding(id, binding, keymap);
    if (refusal === null) {
      write(id, [binding]);
      return setSaid({ id, text: t('keys.saved', { command, keys }), isRefusal: false });
    }
    const text =
      refusal.reason === 'taken'
        ? t('keys.refused.taken', { keys, command: t(commandOf(refusal.by).title) })
        : refusal.reason === 'reserved'
          ? t(`keys.reserved.${refusal.why}`, { keys })
          : t(`keys.refused.${refusal.reason}`, { keys });
    setSaid({ id, text, isRefusal: true });
  }
  function reset(id: CommandId): void {
    const command = t(commandOf(id).title);
    const [usual] = commandOf(id).keys;
    // Another command may have been given the usual key meanwhile.
    const others = keymapOf(choose(choice, id, []));
    const refusal = usual === undefined ? null : refuseBinding(id, usual, others);
    if (refusal?.reason === 'taken') return setSaid({ id, text: t('keys.refused.taken', { keys: show(usual!), command: t(commandOf(refusal.by).title) }), isRefusal: true });
    write(id, null);
    setSaid({ id, text: t('keys.resetDone', { command, keys: show(usual ?? '') }), isRefusal: false });
  }
  function remove(id: CommandId): void {
    write(id, []);
    setSaid({ id, text: t('keys.removed', { command: t(commandOf(id).title) }), isRefusal: false });
  }
  const isUsual = Object.keys(choice).length === 0;
  function resetAll(): void {
    if (isUsual) return;
    preferences.getState().set({ keymap: {} });
    setSaid({ id: null, text: t('keys.allReset'), isRefusal: false });
  }

  return (
    <div role="group" className={styles['settings']} aria-label={t('keys.title')}>
      <p className={styles['hint']}>{t('keys.hint')}</p>
      <div className={styles['bar']}>
        <input className={styles['find']} type="search" value={query} placeholder={t('keys.find')} aria-label={t('keys.find')} maxLength={80} onChange={(event) => setQuery(event.target.value)} />
        <Button icon={<RotateCcw size={14} />} aria-disabled={isUsual} onClick={resetAll}>
          {t('keys.resetAll')}
        </Button>
      </div>
      <p className="visually-hidden" role="status">
        {said?.text ?? ''}
      </p>
      {said !== null && said.id === null && <p className={styles['said']}>{said.text}</p>}
      {commands.length === 0 && <p className={styles['hint']}>{t('keys.none')}</p>}
      {GROUPS.filter((group) => commands.some((command) => command.group === group)).map((group) => (
        <section key={group}>
          <h3 className={styles['title']}>{t(`shortcuts.${group}`)}</h3>
          <ul className={styles['commands']}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Row
                  key={command.id}
                  command={command}
                  isChosen={choice[command.id] !== undefined}
                  isRecording={recording === command.id}
                  said={said?.id === command.id ? said : null}
                  onRecord={() => {
                    setSaid(null);
                    setRecording(command.id);
                  }}
                  onRecorded={(binding) => record(command.id, binding)}
                  onReset={() => reset(command.id)}
                  onRemove={() => remove(command.id)}
                />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

type RowProps = { command: Command; isChosen: boolean; isRecording: boolean; said: Said | null; onRecord(): void; onRecorded(binding: Binding | null): void; onReset(): void; onRemove(): void };

function Row({ command, isChosen, isRecording, said, onRecord, onRecorded, onReset, onRemove }: RowProps) {
  const { t } = useTexts();
  const keymap = useKeymap();
  const { show } = useKeyNames();
  const title = t(command.title);
  const button = useRef<HTMLButtonElement>(null);
  // Whoever gave a key goes on from there.
  const wasRecording = useRef(false);
  useEffect(() => {
    if (wasRecording.current && !isRecording && (document.activeElement === null || !document.activeElement.matches('input, button'))) button.current?.focus();
    wasRecording.current = isRecording;
  }, [isRecording]);
  const bindings = keymap.get(command.id) ?? [];
  return (
    <li className={styles['command']} data-chosen={isChosen || undefined}>
      <span className={styles['name']}>{title}</span>
      <span className={styles['buttons']}>
        {isChosen && (
          <IconButton label={t('keys.reset', { command: title })} side="top" onClick={onReset}>
            <RotateCcw size={14} />
          </IconButton>
        )}
        {bindings.length > 0 && !isRecording && (
          <IconButton label={t('keys.remove', { command: title })} side="top" onClick={onRemove}>
            <X size={14} />
          </IconButton>
        )}
        {isRecording ? (
          <Recorder isAlone={command.inText === true} onDone={onRecorded} />
        ) : (
          <button type="button" ref={button} className={styles['keys']} aria-label={`${t('keys.change', { command: title })}: ${bindings.map(show).join(', ') || t('keys.noKey')}`} onClick={onRecord}>
            {bindings.length === 0 && <span className={styles['noKey']}>{t('keys.noKey')}</span>}
            {bindings.map((binding) => (
              <kbd key={binding}>{show(binding)}</kbd>
            ))}
          </button>
        )}
      </span>
      {said && (
        <p className={styles['said']} data-refusal={said.isRefusal || undefined}>
          {said.text}
        </p>
      )}
    </li>
  );
}

/** Takes every key before anybody else, until one was given. @param isAlone no second one is waited for. */
function Recorder({ isAlone, onDone }: { isAlone: boolean; onDone(binding: Binding | null): void }) {
  const { t } = useTexts();
  const { show } = useKeyNames();
  const [first, setFirst] = useState<Stroke | null>(null);
  const box = useRef<HTMLButtonElement>(null);
  useFocusOnMount(box);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    const timer = first === null ? undefined : setTimeout(() => done.current(first), SECOND_WITHIN_MS);
    function onKeyDown(event: KeyboardEvent): void {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.repeat) return;
      if (event.key === 'Escape') return done.current(null);
      const stroke = event.key === 'Dead' ? event.key : strokeOf(event);
      if (stroke === null) return;
      if (first !== null) done.current(`${first} ${stroke}`);
      else if (!isAlone && isBare(stroke) && stroke.length === 1) setFirst(stroke);
      else done.current(stroke);
    }
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, [first, isAlone]);
  const hint = t('keys.pressHint');
  return (
    <button type="button" className={styles['recorder']} ref={box} title={hint} aria-label={`${t('keys.press')} ${hint}`} onBlur={() => done.current(null)}>
      {first === null ? t('keys.press') : t('keys.pressed', { keys: show(first) })}
    </button>
  );
}
