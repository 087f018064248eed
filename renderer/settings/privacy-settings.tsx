/** How long the workspace keeps conversations, and who was erased. Admins change it, everybody may read it. */
import { useEffect, useMemo, useState } from 'react';
import type { ErasedPerson } from '../../contract/privacy-api.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import type { WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { createCoalesced } from '../store/serial.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { SelectField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './kept-settings.module.css';

const MONTHS = [3, 6, 12, 18, 24, 36, 60] as const;
type Retention = WorkspaceSettings['retention'];
type Preview = { conversations: number; messages: number; oldestAt: number | null };

export function PrivacySettings() {
  const retention = useFrom('team', ({ directory }) => directory?.settings.retention ?? null);
  return (
    <>
      {retention && <RetentionPart key={String(retention.months)} retention={retention} />}
      <ErasedPart />
    </>
  );
}

function RetentionPart({ retention }: { retention: Retention }) {
  const { t, format } = useTexts();
  const client = useClient();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const action = useAction();
  const [wanted, setWanted] = useState(retention.months);
  const [preview, setPreview] = useState<Preview | null>(null);
  const { toasts } = useStores();
  const isAdmin = mayAdminister(me);
  const set = async (months: number | null): Promise<void> => {
    const isSaved = await action.run(() => client.team.setSetting({ from: { key: 'retention', value: retention }, to: { key: 'retention', value: { months } } }));
    if (isSaved) toasts.getState().say('privacy.retention.saved');
    setPreview(null);
  };
  const save = async (): Promise<void> => {
    // To keep more takes nothing away.
    if (wanted === null || (retention.months !== null && wanted >= retention.months)) return set(wanted);
    await action.run(async () => setPreview(await client.privacy.retentionPreview({ months: wanted })));
  };
  const options = wanted === null || (MONTHS as readonly number[]).includes(wanted) ? MONTHS : [...MONTHS, wanted].toSorted((a, b) => a - b);
  const word = t('privacy.retention.word');
  return (
    <section className={styles['part']} aria-label={t('privacy.retention.title')}>
      <h3 className={styles['title']}>{t('privacy.retention.title')}</h3>
      <p className={styles['text']}>{t('privacy.retention.text')}</p>
      <div className={styles['form']}>
        <SelectField
          label={t('privacy.retention.keep')}
          hint={isAdmin ? undefined : t('privacy.retention.onlyAdmins')}
          disabled={!isAdmin || action.isBusy}
          value={wanted === null ? '' : String(wanted)}
          onChange={(event) => setWanted(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">{t('privacy.retention.forever')}</option>
          {options.map((months) => (
            <option key={months} value={months}>
              {t('privacy.retention.months', { count: months })}
            </option>
          ))}
        </SelectField>
        {isAdmin && (
          <Button disabled={action.isBusy || wanted === retention.months} onClick={() => void save()}>
            {t('action.save')}
          </Button>
        )}
      </div>
      {preview && wanted !== null && (
        <Confirm
          title={t('privacy.retention.ask', { count: wanted })}
          confirm={t('privacy.retention.confirm')}
          typed={{ word, label: t('privacy.retention.typed', { word }) }}
          isBusy={action.isBusy}
          failure={action.failure}
          onConfirm={() => void set(wanted)}
          onClose={() => setPreview(null)}
        >
          <p>
            {preview.oldestAt === null
              ? t('privacy.retention.nothingYet')
              : t('privacy.retention.goes', { count: preview.conversations, messages: format.number(preview.messages), oldest: format.exact(preview.oldestAt) })}
          </p>
          <p>{t('privacy.retention.goesOn')}</p>
          <p>{t('privacy.retention.stays')}</p>
        </Confirm>
      )}
    </section>
  );
}

function ErasedPart() {
  const { t, format } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const [erased, setErased] = useState<{ items: ErasedPerson[]; left: { isHere: boolean; isAtRelay: boolean } } | null>(null);
  const pending = useFrom('session', ({ sync }) => sync?.cursor ?? 0);
  // While much comes in, the list is read once at a time.
  const read = useMemo(() => createCoalesced(() => client.privacy.erased({}).then(setErased, (error: unknown) => toasts.getState().fail(failureCodeOf(error)))), [client, toasts]);
  useEffect(() => void read(), [read, pending]);
  if (!erased) return null;
  const { items, left } = erased;
  return (
    <section className={styles['part']} aria-label={t('privacy.erased.title')}>
      <h3 className={styles['title']}>{t('privacy.erased.title')}</h3>
      <p className={styles['text']}>{t('privacy.erased.text')}</p>
      {(left.isHere || left.isAtRelay) && (
        <p className={styles['text']} role="status">
          {t(left.isHere ? 'privacy.erased.leftHere' : 'privacy.erased.leftAtRelay')}
        </p>
      )}
      {items.length === 0 ? (
        <p className={styles['hint']}>{t('privacy.erased.none')}</p>
      ) : (
        <ul className={styles['rows']}>
          {items.map((item) => (
            <li key={item.opId} className={styles['row']}>
              <time className="tabular" dateTime={new Date(item.at).toISOString()}>
                {format.short(item.at)}
              </time>
              <span>{t('privacy.erased.by', { name: item.by ?? t('privacy.erased.somebody') })}</span>
              <span className={styles['hint']}>
                {t('privacy.erased.messages', { count: item.messages })} · {t('privacy.erased.requests', { count: item.requests })}
                {item.isPending ? ` · ${t('privacy.erased.pending')}` : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
