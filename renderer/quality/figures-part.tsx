/** The figures of a period. */
import { CircleDollarSign, Download } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import type { Quality } from '../../contract/ai/ai-views.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { usd } from '../ai/ai-text.ts';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { dayIn } from '../store/period.ts';
import { boundsOf } from '../store/quality-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { saveFile } from '../ui/save-file.ts';
import { useAction } from '../ui/use-action.ts';
import { CLASSES, countOf, percent, percentText, type Shares } from './amounts.ts';
import { DraftsDialog } from './drafts-dialog.tsx';
import { outcomeText } from './outcome-text.ts';
import { QualityPeriod } from './quality-period.tsx';
import { Empty } from '../ui/part.tsx';
import styles from './figures-part.module.css';

const Weeks = lazy(() => import('./weeks.tsx').then((module) => ({ default: module.Weeks })));

export function FiguresPart() {
  const { t } = useTexts();
  const { quality } = useStores();
  const figures = useFrom('quality', (state) => state.figures);
  const failure = useFrom('quality', (state) => state.failure);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  useEffect(() => quality.getState().show('figures'), [quality]);
  return (
    <div className={styles['page']}>
      <header className={styles['header']}>
        <div>
          <h2>{t('quality.part.figures')}</h2>
          <p>{t(isLead ? 'quality.figures.text' : 'quality.figures.textOwn')}</p>
        </div>
        <Export />
      </header>
      <QualityPeriod />
      {figures === null ? (
        <p className={styles['state']} role="status">
          {failure === null ? t('quality.loading') : t(`failure.${failure}`)}
        </p>
      ) : (
        <Figures figures={figures} isLead={isLead} />
      )}
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
      const { filename, csv } = await client.ai.exportQuality(boundsOf(period, clock.getState().now));
      saveFile(filename, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
    });
  return (
    <Button icon={<Download size={15} />} disabled={action.isBusy} onClick={save}>
      {t('quality.figures.export')}
    </Button>
  );
}

function Figures({ figures, isLead }: { figures: Quality; isLead: boolean }) {
  const { t } = useTexts();
  const all = countOf(figures.total);
  return (
    <>
      <Tiles total={figures.total} />
      {all === 0 ? (
        <Empty role="status">
          <p>{t('quality.figures.none')}</p>
          <p>{t('quality.figures.noneHint')}</p>
        </Empty>
      ) : (
        <>
          <Suspense fallback={<div className={styles['chartRoom']} />}>
            <Weeks weeks={figures.byWeek} hasCost={isLead} />
          </Suspense>
          <div className={styles['pair']}>
            {isLead && <ByName title={t('quality.byAgent')} head={t('quality.agent')} rows={figures.byAgent.map(({ agent, shares }) => ({ name: agent.name, shares }))} />}
            <ByName
              title={t('quality.byTopic')}
              head={t('quality.topic')}
              hint={t('quality.topicHint')}
              rows={figures.byTopic.map(({ topic, shares }) => ({ name: topic || t('quality.noTopic'), shares }))}
            />
          </div>
        </>
      )}
      {isLead && (
        <>
          <div className={styles['pair']}>
            <Automatic automatic={figures.automatic} />
            <Reviews reviews={figures.reviews} />
          </div>
          <div className={styles['pair']}>
            <Cost cost={figures.cost} />
            <Failures failures={figures.failures} />
          </div>
        </>
      )}
    </>
  );
}

function Tiles({ total }: { total: Shares }) {
  const { t, format } = useTexts();
  const [shown, setShown] = useState<(typeof CLASSES)[number] | null>(null);
  const all = countOf(total);
  return (
    <>
      <ul className={styles['tiles']}>
        {CLASSES.map((name) => (
          <li key={name}>
            <button type="button" className={styles['tile']} data-class={name} disabled={total[name] === 0} onClick={() => setShown(name)}>
              <span className={styles['tileName']}>
                <span className={styles['mark']} aria-hidden="true" />
                {t(`quality.class.${name}`)}
              </span>
              <span className={styles['share']}>{percentText(total[name], all)}</span>
              <span className={styles['quiet']}>{t('quality.ofAll', { count: format.number(total[name]), all: format.number(all) })}</span>
              <span className={styles['hint']}>{t(`quality.classHint.${name}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && <DraftsDialog editClass={shown} onClose={() => setShown(null)} />}
    </>
  );
}

const Box = ({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) => (
  <section className={styles['box']} aria-label={title}>
    <h3>{title}</h3>
    {hint !== undefined && <p className={styles['hint']}>{hint}</p>}
    {children}
  </section>
);

const SHOWN_AT_FIRST = 8;

function ByName({ title, head, hint, rows }: { title: string; head: string; hint?: string; rows: readonly { name: string; shares: Shares }[] }) {
  const { t, format } = useTexts();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, SHOWN_AT_FIRST);
  return (
    <Box title={title} {...(hint === undefined ? {} : { hint })}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col">{t('quality.chart.total')}</th>
            <th scope="col" title={t('quality.usedHint')}>
              {t('quality.used')}
            </th>
            <th scope="col">{t('quality.split')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, shares }, index) => (
            <tr key={`${name} ${index}`}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td>{format.number(countOf(shares))}</td>
              <td>{percentText(shares.as_is + shares.light, countOf(shares))}</td>
              <td>
                <Bar shares={shares} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <Button look="quiet" onClick={() => setWhole(true)}>
          {t('quality.drafts.more')}
        </Button>
      )}
    </Box>
  );
}

/** All shares in one line, told to screen readers in words. */
function Bar({ shares }: { shares: Shares }) {
  const { t } = useTexts();
  const all = countOf(shares);
  const words = CLASSES.filter((name) => shares[name] > 0)
    .map((name) => `${t(`quality.class.${name}`)}: ${shares[name]}`)
    .join(', ');
  return (
    <span className={styles['bar']} role="img" aria-label={words} title={words}>
      {CLASSES.map((name) => shares[name] > 0 && <span key={name} data-class={name} style={{ flexGrow: shares[name] / all }} />)}
    </span>
  );
}

function Automatic({ automatic }: { automatic: Quality['automatic'] }) {
  const { t, format } = useTexts();
  const { sent, corrected, stopped, handedOff, shadow } = automatic;
  const isEmpty = sent + stopped + handedOff + shadow.would === 0;
  return (
    <Box title={t('quality.auto.title')}>
      {isEmpty ? (
        <p className={styles['quiet']}>{t('quality.auto.none')}</p>
      ) : (
        <dl className={styles['list']}>
          <Item name={t('quality.auto.sent')} value={format.number(sent)} />
          <Item name={t('quality.auto.corrected')} hint={t('quality.auto.correctedHint')} value={sent === 0 ? '0' : `${format.number(corrected)} (${percentText(corrected, sent)})`} />
          <Item name={t('quality.auto.stopped')} hint={t('quality.auto.stoppedHint')} value={format.number(stopped)} />
          <Item name={t('quality.auto.handedOff')} hint={t('quality.auto.handedOffHint')} value={format.number(handedOff)} />
          <Item
            name={t('quality.auto.shadow')}
            hint={t('quality.auto.shadowHint')}
            value={
              shadow.would === 0
                ? t('quality.auto.shadowNone')
                : `${t('quality.auto.shadowAgreed', { agreed: format.number(shadow.agreed), would: format.number(shadow.would) })} (${percentText(shadow.agreed, shadow.would)})`
            }
          />
        </dl>
      )}
    </Box>
  );
}

const Item = ({ name, hint, value }: { name: string; hint?: string; value: ReactNode }) => (
  <div className={styles['item']}>
    <dt>
      {name}
      {hint !== undefined && <span className={styles['hint']}>{hint}</span>}
    </dt>
    <dd>{value}</dd>
  </div>
);

function Reviews({ reviews }: { reviews: Quality['reviews'] }) {
  const { t, format } = useTexts();
  const { view } = useStores();
  const reasons = Object.entries(reviews.byReason).toSorted(([, a], [, b]) => b - a);
  return (
    <Box title={t('quality.reviews.title')}>
      <dl className={styles['list']}>
        <Item name={t('quality.reviews.good')} value={format.number(reviews.good)} />
        <Item name={t('quality.reviews.bad')} value={format.number(reviews.bad)} />
        {reasons.map(([reason, count]) => (
          <div key={reason} className={styles['sub']}>
            <dt>{t(`quality.reason.${reason as 'other'}`)}</dt>
            <dd>{format.number(count)}</dd>
          </div>
        ))}
        <Item
          name={t('quality.reviews.open')}
          value={
            <>
              {reviews.open > 0 && (
                <Button look="quiet" onClick={() => view.getState().showQuality('reviews')}>
                  {t('quality.reviews.toQueue')}
                </Button>
              )}{' '}
              {format.number(reviews.open)}
            </>
          }
        />
      </dl>
    </Box>
  );
}

function Cost({ cost }: { cost: Quality['cost'] }) {
  const { t, format, language } = useTexts();
  const cap = useFrom('team', ({ directory }) => directory?.settings.ai.caps.team ?? null);
  const month = useFrom('clock', ({ now }) => dayIn(now).slice(0, 7));
  const thisMonth = cost.byMonth.find((one) => one.month === month);
  const spent = thisMonth?.costMicros ?? 0;
  const open = useOpenConversation();
  return (
    <Box title={t('quality.cost.title')}>
      <p className={styles['sum']}>
        <CircleDollarSign size={16} aria-hidden="true" /> <strong>{usd(cost.totalMicros, language)}</strong> <span className={styles['quiet']}>{t('quality.cost.total')}</span>
      </p>
      <p className={styles['quiet']}>
        {t('quality.cost.tokens', { input: format.number(cost.usage.input), output: format.number(cost.usage.output) })}
        {cost.unpriced > 0 && ` · ${t('quality.cost.unpriced', { count: cost.unpriced })}`}
      </p>
      {cap === null ? (
        <p className={styles['quiet']}>{t('quality.cost.noCap')}</p>
      ) : (
        <div className={styles['cap']} data-tone={spent >= cap ? 'over' : spent >= cap * 0.8 ? 'near' : undefined}>
          <meter min={0} max={Math.max(1, cap)} high={cap * 0.8} value={Math.min(spent, cap)} aria-label={t('quality.cost.title')} />
          <span>{t('quality.cost.cap', { cap: usd(cap, language), spent: usd(spent, language), share: percent(spent, cap) ?? 100 })}</span>
        </div>
      )}
      {cost.byMonth.length > 1 && (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('quality.cost.month')}</th>
              <th scope="col">{t('quality.cost.runs')}</th>
              <th scope="col">{t('quality.cost.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {cost.byMonth.toReversed().map((one) => (
              <tr key={one.month}>
                <th scope="row">{format.month(Date.parse(`${one.month}-15T12:00:00Z`))}</th>
                <td>{format.number(one.runs)}</td>
                <td>{usd(one.costMicros, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {cost.byConversation.length > 0 && (
        <details className={styles['more']}>
          <summary>{t('quality.cost.dearest')}</summary>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('quality.cost.conversation')}</th>
                <th scope="col">{t('quality.cost.runs')}</th>
                <th scope="col">{t('quality.cost.amount')}</th>
              </tr>
            </thead>
            <tbody>
              {cost.byConversation.map(({ conversationId, name, runs, costMicros }) => (
                <tr key={conversationId}>
                  <th scope="row" aria-label={name}>
                    <button type="button" className={styles['link']} onClick={() => open(conversationId)}>
                      <bdi>{name}</bdi>
                    </button>
                  </th>
                  <td>{format.number(runs)}</td>
                  <td>{usd(costMicros, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </Box>
  );
}

function Failures({ failures }: { failures: Quality['failures'] }) {
  const { t, format } = useTexts();
  return (
    <Box title={t('quality.failures.title')}>
      {failures.length === 0 ? (
        <p className={styles['quiet']}>{t('quality.failures.none')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('quality.failures.class')}</th>
              <th scope="col">{t('quality.failures.count')}</th>
            </tr>
          </thead>
          <tbody>
            {failures.map((failure) => (
              <tr key={failure.class}>
                <th scope="row">{outcomeText(failure.class, t)}</th>
                <td>{format.number(failure.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Box>
  );
}
