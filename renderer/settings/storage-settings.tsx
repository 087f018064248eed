/** How much room Bandeja takes on this computer, and what can be done about it. */
import { useEffect, useState } from 'react';
import type { StorageUse } from '../../contract/privacy-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Check, SelectField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './kept-settings.module.css';

const AGES = [30, 90, 180, 365] as const;

export function StorageSettings() {
  const { t, format } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const { run, isBusy, failure } = useAction();
  const [age, setAge] = useState<number>(90);
  /** With files older than `days`: of another age nothing is known yet, and nobody is asked about them. */
  const [answer, setAnswer] = useState<{ days: number; use: StorageUse } | null>(null);
  const use = answer?.use ?? null;
  const [isAsking, setAsking] = useState(false);
  const [withOnlyHere, setOnlyHere] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isStale = false;
    client.storage.get({ olderThanDays: age }).then(
      (fresh) => !isStale && setAnswer({ days: age, use: fresh }),
      (error: unknown) => !isStale && toasts.getState().fail(failureCodeOf(error)),
    );
    return () => {
      isStale = true;
    };
  }, [client, toasts, age, round]);
  const read = (): void => setRound((count) => count + 1);
  const drop = async (): Promise<void> => {
    const isDone = await run(async () => {
      const { files } = await client.storage.dropMedia({ olderThanDays: age, withOnlyHere });
      toasts.getState().say('storage.media.done', { values: { name: '', count: files } });
    });
    if (isDone) setAsking(false);
    read();
  };
  const compact = (): Promise<boolean> =>
    run(async () => {
      const { bytes } = await client.storage.compact({});
      toasts.getState().say('storage.compact.done', { values: { name: format.bytes(bytes) } });
      read();
    });
  const rebuild = (): Promise<boolean> =>
    run(async () => {
      await client.storage.rebuildSearch({});
      toasts.getState().say('storage.index.done');
    });
  const media = answer?.days === age ? answer.use.oldMedia : null;
  const oldFiles = (media?.again.files ?? 0) + (media?.gone.files ?? 0);
  return (
    <section className={styles['part']} aria-label={t('storage.title')} aria-busy={use === null}>
      <h3 className={styles['title']}>{t('storage.title')}</h3>
      <dl className={styles['facts']}>
        <Fact
          name={t('storage.database')}
          value={use && format.bytes(use.databaseBytes)}
          hint={use && t('storage.databaseHint', { index: format.bytes(use.indexBytes), events: format.bytes(use.eventBytes) })}
        />
        <Fact name={t('storage.files')} value={use && format.bytes(use.media.bytes)} hint={use && t('storage.filesCount', { count: use.media.files })} />
        <Fact name={t('storage.previews')} value={use && format.bytes(use.previews.bytes)} hint={use && t('storage.filesCount', { count: use.previews.files })} />
        {use !== null && use.logBytes > 0 && <Fact name={t('storage.logs')} value={format.bytes(use.logBytes)} hint={null} />}
        <Fact name={t('storage.kept')} value={use && t('storage.counts', { messages: format.number(use.counts.messages), conversations: format.number(use.counts.conversations) })} hint={null} />
        <Fact name={t('storage.free')} value={use && format.bytes(use.freeBytes)} hint={null} />
      </dl>
      <div className={styles['form']}>
        <SelectField label={t('storage.media.older')} value={age} disabled={isBusy} onChange={(event) => setAge(Number(event.target.value))}>
          {AGES.map((days) => (
            <option key={days} value={days}>
              {t('storage.media.days', { count: days })}
            </option>
          ))}
        </SelectField>
        <Button disabled={isBusy || oldFiles === 0} onClick={() => setAsking(true)}>
          {t('storage.media.drop')}
        </Button>
      </div>
      <p className={styles['hint']} role="status">
        {media === null ? '…' : oldFiles === 0 ? t('storage.media.none') : t('storage.media.found', { count: oldFiles, bytes: format.bytes(media.again.bytes + media.gone.bytes) })}
      </p>
      <div className={styles['line']}>
        <Button disabled={isBusy} onClick={() => void compact()}>
          {t('storage.compact.do')}
        </Button>
        <Button disabled={isBusy} onClick={() => void rebuild()}>
          {t('storage.index.do')}
        </Button>
      </div>
      <p className={styles['hint']}>{t('storage.hint')}</p>
      {isAsking && media && (
        <Confirm title={t('storage.media.ask')} confirm={t('storage.media.confirm')} isBusy={isBusy} failure={failure} onConfirm={() => void drop()} onClose={() => setAsking(false)}>
          <p>{t('storage.media.again', { count: media.again.files, bytes: format.bytes(media.again.bytes) })}</p>
          {media.gone.files > 0 && (
            <Check
              label={t('storage.media.onlyHere', { count: media.gone.files, bytes: format.bytes(media.gone.bytes) })}
              hint={t('storage.media.onlyHereHint')}
              isOn={withOnlyHere}
              onChange={setOnlyHere}
            />
          )}
        </Confirm>
      )}
    </section>
  );
}

function Fact({ name, value, hint }: { name: string; value: string | null; hint: string | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span className="tabular">{value ?? '…'}</span>
        {hint !== null && <span className={styles['hint']}> · {hint}</span>}
      </dd>
    </>
  );
}
