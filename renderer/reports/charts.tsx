/** The charts of a report, day by day. Loaded apart: they are heavy. */
import { useMemo, type ReactNode } from 'react';
import { Bar, CartesianGrid, ComposedChart, Line, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Figures, Report } from '../../contract/reports.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { ChartFrame, ChartTip, type LegendMark } from '../ui/chart-frame.tsx';
import type { DataTable } from '../ui/data-table.ts';
import { figureText } from './compare.ts';
import { daysTable, fileNameOf, responseTable, targetTable } from './report-tables.ts';
import { messagesSummary, responseSummary, targetSummary } from './summaries.ts';
import styles from './charts.module.css';

type Part = Pick<Report, 'period' | 'current' | 'previous' | 'targetMinutes'>;
type Props = { report: Part; /** In words. */ period: string };
type Day = Figures['days'][number];
/** One day of the period, and the one that stands at its place in the period before. */
type Row = { name: string; day: string; before?: string; in: number; out: number; response: number | null; share: number | null; ghost?: number | null };

const IN = 'var(--accent-fill)';
const OUT = 'light-dark(#7fb9b4, #4fa79d)';
const GHOST = 'var(--text-3)';
/** A broken line. */
const GHOST_MARK = `linear-gradient(90deg, ${GHOST} 40%, transparent 40% 60%, ${GHOST} 60%) center / 100% 2px no-repeat`;
const TARGET = 'var(--amber-dot)';
const HEIGHT = 220;
/** Above that many days a dot for each would be a caterpillar. */
const DOTS_MAX = 45;

export function Charts({ report, period }: Props) {
  return (
    <div className={styles['charts']}>
      <Messages report={report} period={period} />
      <Response report={report} period={period} />
      <OnTime report={report} period={period} />
    </div>
  );
}

const minutes = (ms: number | null): number | null => (ms === null ? null : ms / 60_000);

function useRows({ current, previous }: Part, ghost: (day: Day) => number | null): Row[] {
  const { format } = useTexts();
  return useMemo(
    () =>
      current.days.map((one, at) => {
        const before = previous?.days[at];
        return {
          name: format.dayMonth(one.day),
          day: one.day,
          in: one.in,
          out: one.out,
          response: minutes(one.firstResponse),
          share: one.target.share,
          ...(before ? { before: before.day, ghost: ghost(before) } : {}),
        };
      }),
    [current, previous, format, ghost],
  );
}

type FrameProps = Props & { table: DataTable; summary: string; legend: readonly LegendMark[]; rows: readonly Row[]; axis: ReactNode; tip: ReactNode; children: ReactNode };

function Frame({ report, period, table, summary, legend, rows, axis, tip, children }: FrameProps) {
  const { t } = useTexts();
  const marks = report.previous ? [...legend, { name: t('reports.chart.previous'), fill: GHOST_MARK }] : legend;
  return (
    <ChartFrame
      table={table}
      summary={summary}
      keys={t('reports.chart.keys')}
      legend={marks}
      height={HEIGHT}
      pictureTitle={`${table.title} · ${period}`}
      fileName={fileNameOf(table.title, report.period)}
    >
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <ComposedChart
          data={[...rows]}
          accessibilityLayer
          title={`${table.title}. ${summary}`}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          maxBarSize={40}
          barCategoryGap={rows.length > DOTS_MAX ? 1 : '18%'}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="name" tickLine={false} stroke="var(--text-3)" fontSize={11} interval="equidistantPreserveStart" minTickGap={16} />
          {axis}
          {tip}
          {children}
          {report.previous && <Line dataKey="ghost" stroke={GHOST} strokeWidth={1.5} strokeDasharray="4 3" dot={false} activeDot={false} connectNulls isAnimationActive={false} />}
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const AXIS = { tickLine: false, axisLine: false, stroke: 'var(--text-3)', fontSize: 11 } as const;

const messagesOf = (day: Day): number => day.in + day.out;
function Messages({ report, period }: Props) {
  const { t, format } = useTexts();
  const { current } = report;
  const rows = useRows(report, messagesOf);
  const table = useMemo(() => daysTable(current, { t, format }), [current, t, format]);
  const [inName, outName] = [t('reports.column.in'), t('reports.column.out')];
  return (
    <Frame
      report={report}
      period={period}
      table={table}
      summary={messagesSummary(report.current, { t, format })}
      legend={[
        { name: inName, fill: IN },
        { name: outName, fill: OUT },
      ]}
      rows={rows}
      axis={<YAxis {...AXIS} allowDecimals={false} width={44} />}
      tip={tooltip((row) => [
        { name: inName, value: format.number(row.in), fill: IN },
        { name: outName, value: format.number(row.out), fill: OUT },
        ...(row.ghost == null ? [] : [{ name: t('reports.chart.before'), value: format.number(row.ghost), fill: GHOST_MARK }]),
      ])}
    >
      <Bar dataKey="in" name={inName} stackId="messages" fill={IN} isAnimationActive={false} />
      <Bar dataKey="out" name={outName} stackId="messages" fill={OUT} isAnimationActive={false} />
    </Frame>
  );
}

const responseOf = (day: Day): number | null => minutes(day.firstResponse);
function Response({ report, period }: Props) {
  const { t, format } = useTexts();
  const { current } = report;
  const rows = useRows(report, responseOf);
  const table = useMemo(() => responseTable(current, { t, format }), [current, t, format]);
  const { targetMinutes } = report;
  const own = t('reports.figure.firstResponse');
  const time = (value: number | null): string => (value === null ? t('reports.noneYet') : format.span(value * 60_000));
  return (
    <Frame
      report={report}
      period={period}
      table={table}
      summary={responseSummary(report, { t, format })}
      legend={[{ name: own, fill: IN }, ...(targetMinutes === null ? [] : [{ name: t('reports.chart.target', { time: format.span(targetMinutes * 60_000) }), fill: TARGET }])]}
      rows={rows}
      axis={<YAxis {...AXIS} width={56} tickFormatter={(value: number) => (value < 120 ? `${format.number(Math.round(value))} min` : `${format.decimal(value / 60, 1)} h`)} />}
      tip={tooltip((row) => [{ name: own, value: time(row.response), fill: IN }, ...(row.ghost === undefined ? [] : [{ name: t('reports.chart.before'), value: time(row.ghost), fill: GHOST_MARK }])])}
    >
      {targetMinutes !== null && <ReferenceLine y={targetMinutes} ifOverflow="extendDomain" stroke={TARGET} strokeWidth={1.5} />}
      <Line dataKey="response" name={own} stroke={IN} strokeWidth={2} dot={rows.length <= DOTS_MAX ? { r: 2.5, fill: IN } : false} connectNulls isAnimationActive={false} />
    </Frame>
  );
}

const shareOf = (day: Day): number | null => day.target.share;
function OnTime({ report, period }: Props) {
  const { t, format } = useTexts();
  const { current } = report;
  const rows = useRows(report, shareOf);
  const table = useMemo(() => targetTable(current, { t, format }), [current, t, format]);
  const own = t('reports.column.onTime');
  return (
    <Frame
      report={report}
      period={period}
      table={table}
      summary={targetSummary(report.current, { t, format })}
      legend={[{ name: own, fill: IN }]}
      rows={rows}
      axis={<YAxis {...AXIS} width={44} domain={[0, 100]} ticks={[0, 25, 50, 75, 100]} tickFormatter={(value: number) => `${value}\u{A0}%`} />}
      tip={tooltip((row) => [
        { name: own, value: figureText(row.share, 'share', format), fill: IN },
        ...(row.ghost === undefined ? [] : [{ name: t('reports.chart.before'), value: figureText(row.ghost, 'share', format), fill: GHOST_MARK }]),
      ])}
    >
      <Bar dataKey="share" name={own} fill={IN} isAnimationActive={false} />
    </Frame>
  );
}

const tooltip = (rowsOf: (row: Row) => { name: string; value: string; fill: string }[]): ReactNode => (
  <Tooltip cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} content={(props) => <Tip {...props} rowsOf={rowsOf} />} />
);

function Tip({ active, payload, rowsOf }: { active?: boolean; payload?: readonly { payload?: unknown }[]; rowsOf(row: Row): { name: string; value: string; fill: string }[] }) {
  const { t, format } = useTexts();
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  const title = format.calendarDay(row.day);
  return <ChartTip title={row.before === undefined ? title : t('reports.chart.against', { day: title, before: format.calendarDay(row.before) })} rows={rowsOf(row)} />;
}
