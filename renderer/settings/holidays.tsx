import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { HOLIDAYS_MAX, type BusinessHours } from '../../contract/rules/business-hours.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { DayParts } from './day-parts.tsx';
import { proposeGuatemalaHolidays } from './guatemala-holidays.ts';
import type { DraftProblem } from './hours-draft.ts';
import styles from './hours.module.css';

type Holiday = BusinessHours['holidays'][number];
type Props = { holidays: readonly Holiday[]; days: BusinessHours['days']; problems: readonly DraftProblem[]; mayChange: boolean; onChange(holidays: Holiday[]): void };

/** Days that are unlike their weekday, in the order of the calendar as far as they were added at once. */
export function Holidays({ holidays, days, problems, mayChange, onChange }: Props) {
  const { t } = useTexts();
  const thisYear = useFrom('clock', (clock) => new Date(toMinute(clock)).getFullYear());
  const [year, setYear] = useState(thisYear);
  const known = new Set(holidays.map(({ day }) => day));
  const proposed = proposeGuatemalaHolidays(year, days).filter(({ day }) => !known.has(day));
  const room = HOLIDAYS_MAX - holidays.length;
  const addProposed = (): void =>
    onChange([...holidays, ...proposed.slice(0, room).map(({ holiday, day, parts }) => ({ day, name: t(`hours.guatemala.${holiday}`), parts }))].toSorted((a, b) => (a.day < b.day ? -1 : 1)));
  const set = (index: number, patch: Partial<Holiday>): void => onChange(holidays.map((holiday, at) => (at === index ? { ...holiday, ...patch } : holiday)));
  return (
    <>
      <h3 className={styles['title']}>{t('hours.holidays')}</h3>
      <p className={styles['hint']}>{t('hours.holidaysHint')}</p>
      {mayChange && (
        <div className={styles['line']}>
          <Button icon={<Plus size={14} />} disabled={room === 0} onClick={() => onChange([...holidays, { day: '', name: '', parts: [] }])}>
            {t('hours.addHoliday')}
          </Button>
          <span className={styles['propose']}>
            <Button disabled={proposed.length === 0 || room === 0} onClick={addProposed}>
              {t('hours.addGuatemala', { year })}
            </Button>
            <select className={styles['year']} aria-label={t('hours.year')} value={year} onChange={(event) => setYear(Number(event.target.value))}>
              {[thisYear, thisYear + 1].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </span>
        </div>
      )}
      {holidays.length === 0 ? (
        <p className={styles['quiet']}>{t('hours.noHolidays')}</p>
      ) : (
        <ul className={styles['week']}>
          {holidays.map((holiday, index) => {
            const problem = problems.find((one) => 'holiday' in one && one.holiday === index);
            const name = holiday.name || holiday.day || t('hours.newHoliday');
            return (
              <li key={index} className={styles['day']}>
                <input className={styles['date']} type="date" aria-label={t('hours.holidayDay', { name })} value={holiday.day} onChange={(event) => set(index, { day: event.target.value })} />
                <input
                  className={styles['holidayName']}
                  maxLength={80}
                  placeholder={t('hours.holidayName')}
                  aria-label={t('hours.holidayNameOf', { name })}
                  value={holiday.name}
                  onChange={(event) => set(index, { name: event.target.value })}
                />
                <DayParts day={name} parts={holiday.parts} onChange={(parts) => set(index, { parts })} />
                {mayChange && (
                  <IconButton label={t('hours.removeHoliday', { name })} side="left" onClick={() => onChange(holidays.filter((_, at) => at !== index))}>
                    <Trash2 size={14} />
                  </IconButton>
                )}
                {problem && (
                  <p className={styles['problem']} role="alert">
                    {t(`hours.problem.${problem.kind}`)}
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
