import { Copy } from 'lucide-react';
import type { BusinessHours, OpenPart } from '../../contract/rules/business-hours.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { DayParts } from './day-parts.tsx';
import type { DraftProblem } from './hours-draft.ts';
import styles from './hours.module.css';

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;
/** A Monday, to name the days of the week by. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);

/** Monday first. */
export function Week({ days, problems, onChange }: { days: BusinessHours['days']; problems: readonly DraftProblem[]; onChange(days: OpenPart[][]): void }) {
  const { t, language } = useTexts();
  const nameOf = (weekday: number): string => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(SOME_MONDAY + weekday * 86_400_000);
  const copyTo = (from: number, isWanted: (weekday: number) => boolean): void => onChange(days.map((parts, weekday) => (isWanted(weekday) ? [...(days[from] ?? [])] : parts)));
  return (
    <>
      <h3 className={styles['title']}>{t('hours.week')}</h3>
      <ul className={styles['week']}>
        {WEEKDAYS.map((weekday) => {
          const problem = problems.find((one) => 'weekday' in one && one.weekday === weekday);
          return (
            <li key={weekday} className={styles['day']}>
              <span className={styles['dayName']}>{nameOf(weekday)}</span>
              <DayParts day={nameOf(weekday)} parts={days[weekday] ?? []} onChange={(parts) => onChange(days.map((old, at) => (at === weekday ? parts : old)))} />
              <Menu
                trigger={
                  <IconButton label={t('hours.copyDay', { day: nameOf(weekday) })} side="left">
                    <Copy size={14} />
                  </IconButton>
                }
                entries={[
                  { label: t('hours.copyToWorkdays'), run: () => copyTo(weekday, (day) => day < 5) },
                  { label: t('hours.copyToAll'), run: () => copyTo(weekday, () => true) },
                  ...(weekday < 6 ? [{ label: t('hours.copyToNext', { day: nameOf(weekday + 1) }), run: () => copyTo(weekday, (day) => day === weekday + 1) }] : []),
                ]}
              />
              {problem && (
                <p className={styles['problem']} role="alert">
                  {t(`hours.problem.${problem.kind}`)}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
