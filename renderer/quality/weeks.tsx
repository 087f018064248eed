/** Drafts by week, as a chart or a table, and as a file of either. Loaded apart: the charts are heavy. */
import { Download } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Quality } from '../../contract/ai/ai-views.ts';
import { usd } from '../ai/ai-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { writeCsv } from '../requests/decode-csv.ts';
import { useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { saveFile } from '../ui/save-file.ts';
import { CLASSES, countOf } from './amounts.ts';
import { drawChart } from './draw-chart.ts';
import styles from './weeks.module.css';

type Week = Quality['byWeek'][number];
const FILL: Record<(typeof CLASSES)[number], string> = { as_is: 'var(--chart-as-is)', light: 'var(--chart-light)', heavy: 'var(--chart-heavy)', discarded: 'var(--chart-discarded)' };

export function Weeks({ weeks, hasCost }: { weeks: readonly Week[]; hasCost: boolean }) {
  const { t } = useTexts();
  const { toasts } = useStores();
  const [isTable, setTable] = useState(false);
  const figure = useRef<HTMLDivElement>(null);
  const names = CLASSES.map((name) => t(`quality.class.${name}`));
  const filename = `calidad-semanas-${weeks.at(-1)?.week ?? ''}`;
  const savePicture = async (): Promise<void> => {
    const svg = figure.current?.querySelector('svg.recharts-surface');
    const picture = svg instanceof SVGSVGElement ? await drawChart(svg, t('quality.chart.label'), names, figure.current!) : null;
    if (picture === null) return void toasts.getState().say('quality.chart.failed', { tone: 'failure' });
    saveFile(`${filename}.png`, picture);
  };
  const saveTable = (): void => {
    const head = [t('quality.chart.week'), ...names, t('quality.chart.total'), ...(hasCost ? [`${t('quality.chart.cost')} (US$)`] : [])];
    const rows = weeks.map(({ week, shares, costMicros }) => [week, ...CLASSES.map((name) => String(shares[name])), String(countOf(shares)), ...(hasCost ? [String(costMicros / 1e6)] : [])]);
    saveFile(`${filename}.csv`, new Blob([writeCsv([head, ...rows])], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <section className={styles['box']} aria-label={t('quality.chart.title')}>
      <header className={styles['header']}>
        <h3>{t('quality.chart.title')}</h3>
        <div className={styles['look']} role="group" aria-label={t('quality.chart.look')}>
          <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
            {t('quality.chart.asChart')}
          </button>
          <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
            {t('quality.chart.asTable')}
          </button>
        </div>
        {!isTable && (
          <Button icon={<Download size={14} />} aria-label={t('quality.chart.pngLabel')} onClick={() => void savePicture()}>
            {t('quality.chart.png')}
          </Button>
        )}
        <Button icon={<Download size={14} />} aria-label={t('quality.chart.csvLabel')} onClick={saveTable}>
          {t('quality.chart.csv')}
        </Button>
      </header>
      {isTable ? (
        <Table weeks={weeks} hasCost={hasCost} />
      ) : (
        <div ref={figure} className={styles['figure']}>
          <Chart weeks={weeks} />
          <ul className={styles['legend']} aria-hidden="true">
            {CLASSES.map((name) => (
              <li key={name}>
                <span className={styles['mark']} data-class={name} /> {t(`quality.class.${name}`)}
              </li>
            ))}
          </ul>
          <p className={styles['keys']}>{t('quality.chart.keys')}</p>
        </div>
      )}
    </section>
  );
}

function Table({ weeks, hasCost }: { weeks: readonly Week[]; hasCost: boolean }) {
  const { t, format, language } = useTexts();
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('quality.chart.week')}</th>
            {CLASSES.map((name) => (
              <th key={name} scope="col">
                {t(`quality.class.${name}`)}
              </th>
            ))}
            <th scope="col">{t('quality.chart.total')}</th>
            {hasCost && <th scope="col">{t('quality.chart.cost')}</th>}
          </tr>
        </thead>
        <tbody>
          {weeks.toReversed().map(({ week, shares, costMicros }) => (
            <tr key={week}>
              <th scope="row">{format.calendarDay(week)}</th>
              {CLASSES.map((name) => (
                <td key={name}>{format.number(shares[name])}</td>
              ))}
              <td>{format.number(countOf(shares))}</td>
              {hasCost && <td>{usd(costMicros, language)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Chart({ weeks }: { weeks: readonly Week[] }) {
  const { t, format } = useTexts();
  const hatch = useId().replaceAll(':', '');
  const data = weeks.map(({ week, shares }) => ({ name: shortDay(week, format.calendarDay), week, ...shares }));
  return (
    <ResponsiveContainer width="100%" height={240}>
      <BarChart data={data} accessibilityLayer title={t('quality.chart.label')} margin={{ top: 8, right: 4, bottom: 0, left: -16 }} maxBarSize={56}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="var(--chart-heavy-2)" />
            <rect width="3" height="6" fill="var(--chart-heavy)" />
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
/** Without its year: the table has it. */
const shortDay = (week: string, calendarDay: (day: string) => string): string => calendarDay(week).replace(/\s?(de\s)?\d{4}$/, '');

function Tip({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) {
  const { t, format } = useTexts();
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  return (
    <div className={styles['tip']}>
      <strong>
        {t('quality.chart.week')} {format.calendarDay(row.week)}
      </strong>
      {CLASSES.map((name) => (
        <span key={name}>
          <span className={styles['mark']} data-class={name} aria-hidden="true" /> {t(`quality.class.${name}`)}: {format.number(row[name])}
        </span>
      ))}
    </div>
  );
}
