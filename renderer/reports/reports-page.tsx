/** What the team did in a period: figures, charts and tables, counted on this computer, also offline. Agents see the team's totals and their own part. */
import { Download, Printer } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { REPORT_DAYS_MAX } from '../../contract/limits.ts';
import type { Figures, Report } from '../../contract/reports.ts';
import { mayAdminister, mayLead } from '../../contract/rules/rights.ts';
import type { Formats } from '../i18n/format.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { addDays, countDays, dayIn, daysOf, type Days } from '../store/period.ts';
import { isNarrowed, REPORT_PERIODS } from '../store/reports-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { HelpMark } from '../ui/help-mark.tsx';
import { PeriodPicker } from '../ui/period-picker.tsx';
import { saveFile } from '../ui/save-file.ts';
import { csvFile } from '../ui/write-csv.ts';
import { FigureTiles } from './figure-tiles.tsx';
import { HeatMap } from './heat-map.tsx';
import { hoursText, placeOf } from './hours-text.ts';
import { ReportFilters } from './report-filters.tsx';
import { fileNameOf, reportRows } from './report-tables.ts';
import { Tables } from './tables.tsx';
import { Empty } from '../ui/part.tsx';
import styles from './reports-page.module.css';

const Charts = lazy(() => import('./charts.tsx').then((module) => ({ default: module.Charts })));

/** What stands in the places of the figures until they have come. */
const NO_SPANS = { count: 0, median: null, p90: null, mean: null, wallMedian: null };
const NO_TARGET = { within: 0, late: 0, missed: 0, share: null };
const NO_FIGURES: Figures = {
  conversations: { opened: 0, reopened: 0, resolved: 0 },
  messages: { in: 0, out: 0, automatic: 0, fromDraft: 0, templates: 0 },
  firstResponse: NO_SPANS,
  nextResponse: NO_SPANS,
  resolution: NO_SPANS,
  target: NO_TARGET,
  days: [],
  heat: Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0)),
  agents: [],
  serviceTypes: [],
  templates: [],
  failures: [],
  windows: { lost: 0, stopped: 0 },
  ai: { drafts: 0, asIs: 0, edited: 0, discarded: 0, automatic: 0, share: null },
};

export function ReportsPage() {
  const { t } = useTexts();
  const { reports } = useStores();
  useEffect(() => reports.getState().show(), [reports]);
  const today = useToday();
  useEffect(() => reports.getState().refresh(), [reports, today]);
  const isStale = useFrom('reports', ({ question, answered }) => question !== answered);
  const failure = useFrom('reports', (state) => state.failure);
  return (
    <main className={styles['page']} aria-label={t('reports.title')} aria-busy={isStale} data-print="sheet">
      <header className={styles['bar']}>
        <h1 className={styles['title']}>{t('reports.title')}</h1>
        <Actions />
      </header>
      <div className={styles['choices']} data-print="no">
        <Choices />
      </div>
      <div className={styles['body']}>
        <div className={styles['content']}>
          <About today={today} />
          {failure !== null && (
            <p className={styles['failure']} role="alert">
              {t(`failure.${failure}`)}
            </p>
          )}
          <Contents today={today} />
        </div>
      </div>
    </main>
  );
}

/** On the business's calendar. */
function useToday(): string {
  const timeZone = useTimeZone();
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  return useFrom('clock', ({ now }) => dayIn(now + offset, timeZone));
}
const useTimeZone = (): string | undefined => useFrom('team', ({ directory }) => directory?.settings.businessHours.timeZone);

function Choices() {
  const { t } = useTexts();
  const { reports } = useStores();
  const period = useFrom('reports', ({ question }) => question.period);
  const isCompared = useFrom('reports', ({ question }) => question.isCompared);
  const today = useToday();
  const { ask } = reports.getState();
  return (
    <>
      <PeriodPicker period={period} usual={REPORT_PERIODS} daysMax={REPORT_DAYS_MAX} today={() => today} onChange={(chosen) => ask({ period: chosen })} />
      <label className={styles['compare']}>
        <input type="checkbox" checked={isCompared} onChange={({ target }) => ask({ isCompared: target.checked })} /> {t('reports.compare')}
      </label>
      <ReportFilters />
    </>
  );
}

const periodText = ({ from, to }: Days, format: Formats): string => (from === to ? format.calendarDay(from) : `${format.calendarDay(from)} – ${format.calendarDay(to)}`);

/** What is counted, against what, by which hours; and how far the first count has come. */
function About({ today }: { today: string }) {
  const { t, format } = useTexts();
  const { view } = useStores();
  const question = useFrom('reports', (state) => state.question);
  const progress = useFrom('reports', ({ report }) => report?.progress ?? 1);
  const settings = useFrom('team', ({ directory }) => directory?.settings);
  const isAdmin = useFrom('session', ({ session }) => mayAdminister(session?.me ?? null));
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const days = daysOf(question.period, today);
  const before = { from: addDays(days.from, -countDays(days)), to: addDays(days.from, -1) };
  const target = settings?.responseTarget;
  return (
    <div className={styles['about']}>
      <div>
        <h2 className={styles['period']}>{periodText(days, format)}</h2>
        <p className={styles['quiet']}>
          {question.isCompared && `${t('reports.comparedWith', { period: periodText(before, format) })} `}
          {isNarrowed(question) ? <FilterWords /> : !isLead && t('reports.ofTeam')}
        </p>
      </div>
      {progress < 1 ? (
        <p className={styles['progress']} role="status">
          <progress max={1} value={progress} aria-label={t('reports.counting')} />
          {t('reports.progress', { share: Math.floor(progress * 100) })}
        </p>
      ) : (
        settings &&
        target && (
          <div className={styles['hours']}>
            <p>
              {target.isOn ? t('reports.hours.target', { time: format.span(target.minutes * 60_000) }) : t('reports.hours.noTarget')}
              <HelpMark label={t('reports.hours.how')} text={t('reports.hours.howText')} />
            </p>
            <p className={styles['quiet']}>
              {hoursText(settings.businessHours, t, format)} · {t('reports.hours.zone', { place: placeOf(settings.businessHours.timeZone) })}
              {isAdmin && (
                <span data-print="no">
                  {' '}
                  <button type="button" className={styles['link']} onClick={() => view.getState().showSettings('hours')}>
                    {t('reports.hours.change')}
                  </button>
                </span>
              )}
            </p>
          </div>
        )
      )}
    </div>
  );
}

/** On paper the filters stand nowhere else. */
function FilterWords() {
  const { t } = useTexts();
  const { agentId, teamId, serviceType } = useFrom('reports', (state) => state.question);
  const agent = useFrom('team', ({ directory }) => directory?.members.find(({ id }) => id === agentId)?.name);
  const team = useFrom('team', ({ directory }) => directory?.teams.find(({ id }) => id === teamId)?.name);
  const parts = [agentId && (agent ?? t('reports.filter.gone')), teamId && (team ?? t('reports.filter.gone')), serviceType].filter(Boolean);
  return t('reports.onlyOf', { what: parts.join(' · ') });
}

/** Of colleagues an agent sees what all of them did together. */
function useReport(): Report | null {
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const report = useFrom('reports', (state) => state.report);
  return useMemo(() => (report === null || isLead ? report : onlyOwn(report)), [report, isLead]);
}
const onlyOwn = (report: Report): Report => ({ ...report, current: { ...report.current, agents: report.current.agents.filter(({ by, agent }) => by !== 'person' || agent?.isMe === true) } });

function Contents({ today }: { today: string }) {
  const { t, format } = useTexts();
  const { reports } = useStores();
  const report = useReport();
  const question = useFrom('reports', (state) => state.question);
  const targetMinutes = useFrom('team', ({ directory }) => (directory?.settings.responseTarget.isOn === true ? directory.settings.responseTarget.minutes : null));
  const isLoading = report === null;
  const days = daysOf(question.period, today);
  const shown = report ?? { period: { ...days, startsAt: 0, endsAt: 0 }, targetMinutes, current: NO_FIGURES, previous: null };
  const period = periodText(shown.period, format);
  if (report && report.progress === 1 && isEmpty(report.current)) {
    return (
      <Empty role="status">
        <p>{t(isNarrowed(question) ? 'reports.empty.filtered' : 'reports.empty.text')}</p>
        <div className={styles['noneActions']}>
          {isNarrowed(question) && <Button onClick={() => reports.getState().ask({ agentId: null, teamId: null, serviceType: null })}>{t('reports.empty.clear')}</Button>}
          {countDays(days) < 90 && <Button onClick={() => reports.getState().ask({ period: { kind: 'days', days: 90 } })}>{t('reports.empty.longer')}</Button>}
        </div>
      </Empty>
    );
  }
  return (
    <>
      <FigureTiles report={shown} isLoading={isLoading} />
      <Suspense fallback={<div className={styles['chartRoom']} />}>
        <Charts report={shown} period={period} />
      </Suspense>
      <HeatMap report={shown} period={period} />
      <Tables report={shown} isLoading={isLoading} />
    </>
  );
}

const isEmpty = ({ messages, conversations, resolution, ai }: Figures): boolean =>
  messages.in + messages.out + conversations.opened + conversations.reopened + conversations.resolved + resolution.count + ai.drafts === 0;

function Actions() {
  const { t, format } = useTexts();
  const report = useReport();
  const isReady = useFrom('reports', ({ question, answered }) => report !== null && question === answered);
  const save = (): void => {
    if (!report) return;
    const about = [
      [t('reports.title'), periodText(report.period, format)],
      [t('reports.about.from'), report.period.from],
      [t('reports.about.to'), report.period.to],
      [t('reports.about.zone'), report.timeZone],
      [t('reports.about.target'), report.targetMinutes === null ? t('reports.hours.noTarget') : format.span(report.targetMinutes * 60_000)],
    ] as const;
    saveFile(`${fileNameOf(t('reports.file'), report.period)}.csv`, csvFile(reportRows(report, about, { t, format })));
  };
  return (
    <div className={styles['actions']} data-print="no">
      <Button icon={<Printer size={15} />} disabled={!isReady} onClick={() => window.print()}>
        {t('reports.print')}
      </Button>
      <Button icon={<Download size={15} />} disabled={!isReady} onClick={save}>
        {t('reports.export')}
      </Button>
    </div>
  );
}
