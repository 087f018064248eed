/** Why this reply: the record of a run, as it was kept. Everything in it can be copied. */
import { Check, Copy, ShieldCheck, ShieldX, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { maskedWords, sectionName, usd } from './ai-text.ts';
import styles from './why-dialog.module.css';

/** How far a limit is used up, once or twice; other details are codes for whoever reads the export. */
const COUNTS = /^\d+\/\d+( \d+\/\d+)*$/;
type RunView = EngineOutputs['ai']['run'];

export function WhyDialog({ runId, onClose }: { runId: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [read, setRead] = useState<{ view: RunView } | { failure: FailureCode } | null>(null);
  useEffect(() => {
    let isOver = false;
    client.ai.run({ runId }).then(
      (view) => !isOver && setRead({ view }),
      (error: unknown) => !isOver && setRead({ failure: failureCodeOf(error) }),
    );
    return () => {
      isOver = true;
    };
  }, [client, runId]);
  return (
    <Dialog title={t('ai.why.title')} isWide onClose={onClose}>
      {read === null ? <p aria-busy="true">…</p> : 'failure' in read ? <p role="alert">{t(`failure.${read.failure}`)}</p> : <Why {...read.view} />}
    </Dialog>
  );
}

function Why(view: RunView) {
  const { t, format, language } = useTexts();
  const { toasts, knowledgeOpen } = useStores();
  const { run, facts, sent, isIntact, by, deviceName } = view;
  const { provider, usage, policy } = run;
  const used = new Set(run.facts.flatMap(({ id, isUsed }) => (isUsed ? [id] : [])));
  const tokens = Object.entries(run.sections).filter(([, count]) => count > 0);
  const masked = maskedWords(run.masked, t);
  const copy = (): void => void navigator.clipboard.writeText(JSON.stringify(view, null, 2)).then(() => toasts.getState().say('action.copied'));
  return (
    <div className={styles['why']} tabIndex={0}>
      <p className={styles['intro']}>
        {provider.host === null
          ? provider.modelAsked === '' || provider.profile === 'builtin'
            ? t('ai.why.extract')
            : t('ai.why.local', { model: provider.modelAnswered ?? provider.modelAsked })
          : t('ai.why.made', { model: provider.modelAnswered ?? provider.modelAsked, host: provider.host })}{' '}
        <span title={format.exact(run.startedAt)}>{t('ai.why.when', { at: format.short(run.startedAt), who: by?.isMe ? t('triage.me') : (by?.name ?? ''), device: deviceName ?? '' })}</span>
        <Button look="quiet" icon={<Copy size={14} />} onClick={copy}>
          {t('ai.why.copy')}
        </Button>
      </p>

      <Section title={t('ai.why.sources')}>
        {facts.length === 0 ? (
          <p className={styles['none']}>{t('ai.why.noSources')}</p>
        ) : (
          <ul className={styles['facts']}>
            {facts.map((fact) => {
              const found = fact.ref?.kind === 'knowledge' ? run.retrieved.find(({ passageId }) => fact.ref?.kind === 'knowledge' && passageId === fact.ref.passageId) : undefined;
              return (
                <li key={fact.id} data-used={used.has(fact.id) || undefined}>
                  <span className={styles['id']}>{fact.id}</span>
                  <div>
                    <p className={styles['label']}>
                      {fact.label}
                      {found && <span>{t('ai.why.rank', { rank: found.rank, score: format.decimal(found.score, 2) })}</span>}
                      <em>{t(used.has(fact.id) ? 'ai.why.used' : 'ai.why.unused')}</em>
                    </p>
                    <p className={styles['words']}>{fact.text}</p>
                    {fact.ref?.kind === 'knowledge' && (
                      <Button look="quiet" onClick={() => fact.ref?.kind === 'knowledge' && knowledgeOpen.getState().openArticle(fact.ref.articleId, fact.ref.revisionId, fact.ref.passageId)}>
                        {t('ai.source.go.knowledge')}
                      </Button>
                    )}
                  </div>
                </li>
              );
            })}
          </ul>
        )}
        {run.isGap && <p className={styles['none']}>{t('ai.why.gap')}</p>}
      </Section>

      {run.confidence && (
        <Section title={t('ai.why.trust')}>
          <p>
            <strong>{t(`ai.confidence.${run.confidence}`)}</strong>: {run.confidenceReasons.map((reason) => t(`ai.reason.${reason}`)).join('; ')}
          </p>
          {run.findings.length > 0 && (
            <ul className={styles['plain']}>
              {run.findings.map(({ kind, detail, severity }, index) => (
                <li key={index}>
                  {detail !== '' && <q>{detail}</q>} {t(`ai.finding.${kind}`)}
                  {severity === 'low' && ` ${t('ai.why.minor')}`}
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}

      {policy && (
        <Section title={t('ai.why.rules')}>
          <p>{t(policy.maySend ? (policy.isShadow ? 'ai.why.wouldSend' : 'ai.why.maySend') : 'ai.why.mayNotSend')}</p>
          <ul className={styles['rules']}>
            {policy.rules.map(({ rule, holds, detail }) => (
              <li key={rule} data-holds={holds || undefined}>
                {holds ? <Check size={14} aria-label={t('ai.why.holds')} role="img" /> : <X size={14} aria-label={t('ai.why.fails')} role="img" />}
                {t(`ai.rule.${rule}`)} {detail !== null && COUNTS.test(detail) && <span className="tabular">({detail.replaceAll(' ', ', ')})</span>}
              </li>
            ))}
          </ul>
        </Section>
      )}

      <Section title={t('ai.why.figures')}>
        <dl className={styles['figures']}>
          <Figure name={t('ai.why.outcome')}>
            {run.outcome === 'ok' || run.outcome === 'cancelled' || run.outcome === 'superseded' ? t(`ai.why.outcomes.${run.outcome}`) : t(`ai.failure.${run.outcome}.what`)}
          </Figure>
          <Figure name={t('ai.why.time')}>
            {run.firstTokenMs === null ? t('ai.why.total', { total: format.number(run.totalMs) }) : t('ai.why.times', { first: format.number(run.firstTokenMs), total: format.number(run.totalMs) })}
            {run.retries > 0 && ` · ${t('ai.why.retries', { count: run.retries })}`}
          </Figure>
          <Figure name={t('ai.why.cost')}>{run.costMicros === null ? t('ai.why.costUnknown') : usd(run.costMicros, language)}</Figure>
          {usage && (
            <Figure name={t('ai.why.usage')}>
              {t('ai.why.tokens', { input: format.number(usage.input), output: format.number(usage.output) })}
              {usage.isEstimate && ` ${t('ai.why.estimate')}`}
            </Figure>
          )}
          {masked !== '' && <Figure name={t('ai.why.masked')}>{masked}</Figure>}
          <Figure name={t('ai.why.record')}>
            {isIntact === null ? (
              t('ai.why.unproven')
            ) : (
              <span className={styles['proof']} data-broken={!isIntact || undefined}>
                {isIntact ? <ShieldCheck size={14} aria-hidden="true" /> : <ShieldX size={14} aria-hidden="true" />}
                {t(isIntact ? 'ai.why.intact' : 'ai.why.broken')}
              </span>
            )}
          </Figure>
        </dl>
        {tokens.length > 0 && (
          <table className={styles['tokens']}>
            <caption>{t('ai.why.sections')}</caption>
            <tbody>
              {tokens.map(([name, count]) => (
                <tr key={name}>
                  <th scope="row">{sectionName(name, t)}</th>
                  <td className="tabular">{format.number(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>

      <Section title={t(provider.host === null ? 'ai.why.sentHere' : 'ai.why.sent')}>
        {sent === null ? (
          <p className={styles['none']}>{t('ai.why.notKept')}</p>
        ) : (
          <pre className={styles['body']} tabIndex={0}>
            {sent}
          </pre>
        )}
      </Section>
      {run.text && run.text.raw !== '' && run.text.raw !== run.text.final && (
        <Section title={t('ai.why.raw')}>
          <pre className={styles['body']} tabIndex={0}>
            {run.text.raw}
          </pre>
        </Section>
      )}
    </div>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles['section']}>
    <h3>{title}</h3>
    {children}
  </section>
);

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
