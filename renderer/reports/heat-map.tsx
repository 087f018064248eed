/** When customers write: weekday by hour. A table that is walked with the arrows; each hour is told in words. */
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Report } from '../../contract/reports.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { HEAT_LEVELS, heatLevel } from './heat-scale.ts';
import { fileNameOf, heatTable, hourName } from './report-tables.ts';
import { heatSummary } from './summaries.ts';
import styles from './heat-map.module.css';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** Head, seven days, and the line in words. */
const HEIGHT = 296;
type Place = { weekday: number; hour: number };

export function HeatMap({ report, period }: { report: Pick<Report, 'period' | 'current'>; period: string }) {
  const { t, format } = useTexts();
  const { current } = report;
  const table = useMemo(() => heatTable(current, { t, format }), [current, t, format]);
  const most = Math.max(0, ...current.heat.flat());
  const levels = Array.from({ length: HEAT_LEVELS }, (_, at) => ({ from: Math.floor((most * at) / HEAT_LEVELS) + 1, to: Math.floor((most * (at + 1)) / HEAT_LEVELS), level: at + 1 })).filter(
    ({ from, to }) => from <= to,
  );
  return (
    <ChartFrame
      table={table}
      summary={heatSummary(current, { t, format })}
      keys={t('reports.heat.keys')}
      legend={levels.map(({ from, to, level }) => ({ name: from === to ? format.number(from) : `${format.number(from)}–${format.number(to)}`, fill: `var(--heat-${level})` }))}
      height={HEIGHT}
      pictureTitle={`${table.title} · ${period}`}
      fileName={fileNameOf(table.title, report.period)}
    >
      <Heat heat={current.heat} most={most} title={table.title} />
    </ChartFrame>
  );
}

function Heat({ heat, most, title }: { heat: Report['current']['heat']; most: number; title: string }) {
  const { t, format } = useTexts();
  /** Where the keyboard is, and where the pointer is. */
  const [place, setPlace] = useState<Place>({ weekday: 0, hour: 8 });
  const [pointed, setPointed] = useState<Place | null>(null);
  const [isFocused, setFocused] = useState(false);
  const grid = useRef<HTMLTableElement>(null);
  const words = ({ weekday, hour }: Place): string => {
    const count = heat[weekday]?.[hour] ?? 0;
    return t('reports.heat.cell', { day: format.weekday(weekday, 'long'), hour: hourName(hour), count, n: format.number(count) });
  };
  const go = (to: Place): void => {
    setPlace(to);
    grid.current?.querySelector<HTMLElement>(`[data-at="${to.weekday}-${to.hour}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { weekday, hour } = place;
    const steps: Partial<Record<string, Place>> = {
      ArrowLeft: { weekday, hour: Math.max(0, hour - 1) },
      ArrowRight: { weekday, hour: Math.min(23, hour + 1) },
      ArrowUp: { weekday: Math.max(0, weekday - 1), hour },
      ArrowDown: { weekday: Math.min(6, weekday + 1), hour },
      Home: { weekday, hour: 0 },
      End: { weekday, hour: 23 },
    };
    const to = steps[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  const told = pointed ?? (isFocused ? place : null);
  return (
    <div className={styles['heat']}>
      <div className={styles['scroll']}>
        <table
          ref={grid}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- ARIA's own pattern of a table whose cells are walked
          role="grid"
          aria-label={title}
          className={styles['table']}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onPointerLeave={() => setPointed(null)}
        >
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t('reports.heat.days')}</span>
              </th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col" aria-label={hourName(hour)}>
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {heat.map((hours, weekday) => (
              <tr key={weekday}>
                <th scope="row" aria-label={format.weekday(weekday, 'long')}>
                  {format.weekday(weekday, 'short')}
                </th>
                {HOURS.map((hour) => {
                  const count = hours[hour] ?? 0;
                  return (
                    <td
                      key={hour}
                      data-at={`${weekday}-${hour}`}
                      data-level={heatLevel(count, most)}
                      tabIndex={place.weekday === weekday && place.hour === hour ? 0 : -1}
                      aria-label={words({ weekday, hour })}
                      onFocus={() => setPlace({ weekday, hour })}
                      onPointerEnter={() => setPointed({ weekday, hour })}
                    >
                      {count > 0 && format.number(count)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles['told']} data-print="no">
        {told === null ? t('reports.heat.point') : words(told)}
      </p>
    </div>
  );
}
