/** Every call of a model in the period, and the whole record of one. */
import { Download, ShieldCheck, ShieldQuestion, ShieldX } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { RUN_PURPOSES, type RunPurpose } from '../../contract/ai/ai-words.ts';
import type { RunListItem } from '../../contract/ai/ai-views.ts';
import { WhyDialog } from '../ai/why-dialog.tsx';
import { usd } from '../ai/ai-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { dayIn } from '../store/period.ts';
import { boundsOf } from '../store/quality-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { saveFile } from '../ui/save-file.ts';
import { useAction } from '../ui/use-action.ts';
import { outcomeText } from './outcome-text.ts';
import { QualityPeriod } from './quality-period.tsx';
import { Empty } from '../ui/part.tsx';
import filters from '../ui/filter-line.module.css';
import styles from './audit-part.module.css';

const PAGE = 50;
type Shown = { items: readonly RunListItem[]; next: string | null };

export function AuditPart() {
  const { t } = useTexts();
  const client = useClient();
  const { clock } = useStores();
  const period = useFrom('quality', (state) => state.period);
  const [purpose, setPurpose] = useState<RunPurpose | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const read = useCallback(
    async (cursor: string | null) => {
      const page = await client.ai.runs({ ...boundsOf(period, clock.getState().now), limit: PAGE, ...(purpose === null ? {} : { purpose }), ...(cursor === null ? {} : { cursor }) });
      return { items: page.items, next: page.nextCursor };
    },
    [client, clock, period, purpose],
  );
  useEffect(() => {
    let isOver = false;
    setShown(null);
    setFailure(null);
    read(null).then(
      (page) => {
        if (!isOver) setShown(page);
      },
      (error: unknown) => {
        if (!isOver) setFailure(failureCodeOf(error));
      },
    );
    return () => {
      isOver = true;
    };
  }, [read]);
  const more = useAction();
  const loadMore = (before: Shown): void =>
    void more.run(async () => {
      const page = await read(before.next);
      setShown((now) => (now === before ? { items: [...before.items, ...page.items], next: page.next } : now));
    });
  return (
    <div className={styles['page']}>
      <header className={styles['header']}>
        <div>
          <h2>{t('quality.part.audit')}</h2>
          <p>{t('quality.audit.text')}</p>
        </div>
        <Export />
      </header>
      <div className={filters['line']}>
        <QualityPeriod />
        <label>
          {t('quality.audit.purposeLabel')}{' '}
          <select value={purpose ?? ''} onChange={({ target }) => setPurpose(RUN_PURPOSES.find((one) => one === target.value) ?? null)}>
            <option value="">{t('quality.audit.anyPurpose')}</option>
            {RUN_PURPOSES.map((one) => (
              <option key={one} value={one}>
                {t(`quality.audit.purpose.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {shown === null ? (
        <p className={styles['state']} role="status">
          {failure === null ? t('quality.loading') : t(`failure.${failure}`)}
        </p>
      ) : shown.items.length === 0 ? (
        <Empty role="status">{t('quality.audit.none')}</Empty>
      ) : (
        <>
          <Runs items={shown.items} onOpen={setRunId} />
          {shown.next !== null && (
            <div className={styles['more']}>
              <Button disabled={more.isBusy} onClick={() => loadMore(shown)}>
                {t('quality.audit.more')}
              </Button>
            </div>
          )}
        </>
      )}
      {runId !== null && <WhyDialog runId={runId} onClose={() => setRunId(null)} />}
    </div>
  );
}

function Export() {
  const { t } = useTexts();
  const client = useClient();
  const { clock } = useStores();
  const period = useFrom('quality', (state) => state.period);
  const action = useAction();
  const save = (): void =>
    void action.run(async () => {
      const bounds = boundsOf(period, clock.getState().now);
      const parts: string[] = [];
      for await (const part of await client.ai.exportRuns(bounds)) parts.push(part);
      saveFile(`registro-ia-${dayIn(bounds.from)}-${dayIn(bounds.to - 1)}.jsonl`, new Blob(parts, { type: 'application/jsonl' }));
    });
  return (
    <Button icon={<Download size={15} />} disabled={action.isBusy} onClick={save}>
      {t(action.isBusy ? 'quality.audit.exporting' : 'quality.audit.export')}
    </Button>
  );
}

function Runs({ items, onOpen }: { items: readonly RunListItem[]; onOpen(runId: string): void }) {
  const { t, format, language } = useTexts();
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('quality.audit.when')}</th>
            <th scope="col">{t('quality.audit.what')}</th>
            <th scope="col">{t('quality.audit.conversation')}</th>
            <th scope="col">{t('quality.audit.who')}</th>
            <th scope="col">{t('quality.audit.model')}</th>
            <th scope="col">{t('quality.audit.outcome')}</th>
            <th scope="col" className={styles['figure']}>
              {t('quality.audit.tokens')}
            </th>
            <th scope="col" className={styles['figure']}>
              {t('quality.audit.cost')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ run, by, conversationName, isIntact }) => (
            <tr key={run.runId}>
              <th scope="row">
                <button
                  type="button"
                  className={styles['link']}
                  title={format.exact(run.startedAt)}
                  aria-label={t('quality.audit.open', { when: format.short(run.startedAt) })}
                  onClick={() => onOpen(run.runId)}
                >
                  {format.short(run.startedAt)}
                </button>{' '}
                <Seal isIntact={isIntact} />
              </th>
              <td>{t(`quality.audit.purpose.${run.purpose}`)}</td>
              <td className={styles['words']}>
                <bdi>{conversationName}</bdi>
              </td>
              <td className={styles['words']}>{by?.name ?? '—'}</td>
              <td className={styles['words']} title={run.provider.host ?? t('quality.audit.onThisMachine')}>
                {run.provider.profile === 'builtin' ? t('quality.audit.builtin') : (run.provider.modelAnswered ?? run.provider.modelAsked)}
              </td>
              <td className={styles['words']} data-tone={run.outcome === 'ok' ? undefined : 'warn'} title={outcomeText(run.outcome, t)}>
                {outcomeText(run.outcome, t)}
              </td>
              <td className={styles['figure']}>{run.usage === null ? '–' : format.number(run.usage.input + run.usage.output)}</td>
              <td className={styles['figure']}>{run.costMicros === null ? '–' : usd(run.costMicros, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Seal({ isIntact }: { isIntact: boolean | null }) {
  const { t } = useTexts();
  const [Icon, label, tone] =
    isIntact === null
      ? ([ShieldQuestion, t('quality.audit.unknownChain'), 'unknown'] as const)
      : isIntact
        ? ([ShieldCheck, t('quality.audit.intact'), 'intact'] as const)
        : ([ShieldX, t('quality.audit.changed'), 'changed'] as const);
  return (
    <span className={styles['seal']} data-tone={tone} role="img" aria-label={label} title={label}>
      <Icon size={15} aria-hidden="true" />
    </span>
  );
}
