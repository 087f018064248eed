/** A few conversations that do not exist, to find out what the keys do before it matters. */
import { useRef, useState, type KeyboardEvent } from 'react';
import type { CommandId } from '../../commands/catalogue.ts';
import { useKeyNames } from '../../commands/use-commands.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyName } from '../../ui/key-name.tsx';
import styles from '../setup.module.css';

const SAMPLES = ['one', 'two', 'three', 'four'] as const;
type Sample = (typeof SAMPLES)[number];
const TRIED = ['next', 'previous', 'archive'] as const satisfies readonly CommandId[];
type Tried = (typeof TRIED)[number];

export function KeysStep() {
  const { t } = useTexts();
  const { preferences } = useStores();
  const { isKey, keysOf } = useKeyNames();
  // Whoever took a key away from one of them knows the keys.
  const wanted = TRIED.filter((command) => keysOf(command) !== undefined);
  const [rows, setRows] = useState<readonly Sample[]>(SAMPLES);
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState<ReadonlySet<Tried>>(new Set());
  const list = useRef<HTMLDivElement>(null);

  const note = (command: Tried): void => {
    const next = new Set([...tried, command]);
    setTried(next);
    const { setup, set } = preferences.getState();
    if (wanted.every((one) => next.has(one)) && !setup.hasTriedKeys) set({ setup: { ...setup, hasTriedKeys: true } });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = TRIED.find((id) => isKey(id, event.nativeEvent));
    if (!command) return;
    event.preventDefault();
    if (command === 'next') setAt(Math.min(at + 1, Math.max(rows.length - 1, 0)));
    else if (command === 'previous') setAt(Math.max(at - 1, 0));
    else {
      setRows(rows.filter((_, index) => index !== at));
      setAt(Math.max(0, Math.min(at, rows.length - 2)));
    }
    note(command);
  };
  const start = (): void => {
    setRows(SAMPLES);
    setAt(0);
    list.current?.focus();
  };
  return (
    <>
      <ul className={styles['keys']}>
        {wanted.map((command) => (
          <li key={command} data-state={tried.has(command) ? 'done' : 'open'}>
            <KeyName command={command} /> {t(`setup.key.${command}`)}
          </li>
        ))}
        <li>
          <KeyName command="sheet" /> {t('setup.key.sheet')}
        </li>
      </ul>
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        className={styles['samples']}
        aria-label={t('setup.samples')}
        aria-activedescendant={rows[at] === undefined ? undefined : `sample-${rows[at]}`}
        onKeyDown={onKeyDown}
      >
        {rows.map((sample, index) => (
          <div key={sample} id={`sample-${sample}`} role="option" aria-selected={index === at} className={styles['sample']}>
            <strong>{t(`setup.sample.${sample}.name`)}</strong>
            <span>{t(`setup.sample.${sample}.text`)}</span>
          </div>
        ))}
        {rows.length === 0 && (
          <div role="option" aria-selected={false} className={styles['sample']}>
            {t('setup.samplesDone')}
          </div>
        )}
      </div>
      <div className={styles['line']}>
        <Button onClick={start}>{t('setup.samplesStart')}</Button>
        <span role="status" className={styles['said']}>
          {wanted.every((command) => tried.has(command)) && t('setup.keysTried')}
        </span>
      </div>
    </>
  );
}
