/** What became of drafts, week by week. Loaded apart: the charts are heavy. */
import { useId, useMemo } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Quality } from '../../contract/ai/ai-views.ts';
import { usd } from '../ai/ai-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { ChartFrame, ChartTip } from '../ui/chart-frame.tsx';
import type { DataTable } from '../ui/data-table.ts';
import { CLASSES, countOf } from './amounts.ts';

type Week = Quality['byWeek'][number];
const HEAVY = 'var(--amber-dot)';
const HEAVY_2 = 'light-dark(#f0c67c, #7d5a1c)';
const FILL: Record<(typeof CLASSES)[number], string> = {
  as_is: 'var(--accent-fill)',
  light: 'light-dark(#7fb9b4, #4fa79d)',
  heavy: `repeating-linear-gradient(45deg, ${HEAVY} 0 3px, ${HEAVY_2} 3px 6px)`,
  discarded: 'light-dark(#c9d1ce, #46534f)',
};
const HEIGHT = 240;

export function Weeks({ weeks, hasCost }: { weeks: readonly Week[]; hasCost: boolean }) {
  const { t, format, language } = useTexts();
  const table = useMemo<DataTable>(
    () => ({
      title: t('quality.chart.title'),
      columns: [
        { name: t('quality.chart.week') },
        ...CLASSES.map((name) => ({ name: t(`quality.class.${name}`) })),
        { name: t('quality.chart.total') },
        ...(hasCost ? [{ name: t('quality.chart.cost'), csvName: `${t('quality.chart.cost')} (US$)` }] : []),
      ],
      rows: weeks.toReversed().map(({ week, shares, costMicros }) => ({
        key: week,
        cells: [
          { raw: week, text: format.calendarDay(week) },
          ...[...CLASSES.map((name) => shares[name]), countOf(shares)].map((count) => ({ raw: count, text: format.number(count) })),
          ...(hasCost ? [{ raw: costMicros / 1e6, text: usd(costMicros, language) }] : []),
        ],
      })),
    }),
    [weeks, hasCost, t, format, language],
  );
  return (
    <ChartFrame
      table={table}
      keys={t('quality.chart.keys')}
      legend={CLASSES.map((name) => ({ name: t(`quality.class.${name}`), fill: FILL[name] }))}
      height={HEIGHT}
      pictureTitle={t('quality.chart.label')}
      fileName={`calidad-semanas-${weeks.at(-1)?.week ?? ''}`}
    >
      <Chart weeks={weeks} />
    </ChartFrame>
  );
}

function Chart({ weeks }: { weeks: readonly Week[] }) {
  const { t, format } = useTexts();
  const hatch = useId().replaceAll(':', '');
  const data = weeks.map(({ week, shares }) => ({ name: format.dayMonth(week), week, ...shares }));
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <BarChart data={data} accessibilityLayer title={t('quality.chart.label')} margin={{ top: 8, right: 4, bottom: 0, left: -16 }} maxBarSize={56}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill={HEAVY_2} />
            <rect width="3" height="6" fill={HEAVY} />
          </pattern>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="name" tickLine={false} stroke="var(--text-3)" fontSize={11} interval="preserveStartEnd" minTickGap={12} />
        <YAxis allowDecimals={false} tickLine={false} axisLine={false} stroke="var(--text-3)" fontSize={11} />
        <Tooltip cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} content={Tip} />
        {CLASSES.map((name) => (
          <Bar key={name} dataKey={name} name={t(`quality.class.${name}`)} stackId="drafts" fill={name === 'heavy' ? `url(#${hatch})` : FILL[name]} isAnimationActive={false} />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

type Row = { week: string } & Week['shares'];

function Tip({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const { t, format } = useTexts();
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  return (
    <ChartTip
      title={`${t('quality.chart.week')} ${format.calendarDay(row.week)}`}
      rows={CLASSES.map((name) => ({ name: t(`quality.class.${name}`), value: format.number(row[name]), fill: FILL[name] }))}
    />
  );
}
