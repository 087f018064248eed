/** Which days are looked at: one of some usual periods, or days of one's own. */
import { useState } from 'react';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { countDays, ownPeriod, type Period } from '../store/period.ts';
import filters from './filter-line.module.css';
import styles from './period-picker.module.css';

type Usual = Exclude<Period, { kind: 'own' }>;
type Props = { period: Period; usual: readonly Usual[]; /** In the longest that can be asked for. */ daysMax?: number; today(): string; onChange(period: Period): void };

export function PeriodPicker({ period, usual, daysMax, today, onChange }: Props) {
  const { t } = useTexts();
  return (
    <div className={styles['picker']}>
      <div className={styles['tabs']} role="group" aria-label={t('period.label')}>
        {usual.map((one) => (
          <button key={keyOf(one)} type="button" className={styles['tab']} aria-pressed={keyOf(one) === keyOf(period)} onClick={() => onChange(one)}>
            {nameOf(one, t)}
          </button>
        ))}
        <button type="button" className={styles['tab']} aria-pressed={period.kind === 'own'} onClick={() => period.kind === 'own' || onChange(ownPeriod(today()))}>
          {t('period.own')}
        </button>
      </div>
      {period.kind === 'own' && <OwnDays from={period.from} to={period.to} daysMax={daysMax ?? Infinity} onChange={(from, to) => onChange({ kind: 'own', from, to })} />}
    </div>
  );
}

const keyOf = (period: Period): string => (period.kind === 'days' ? `${period.days}` : period.kind);
const nameOf = (period: Usual, t: Translate): string => (period.kind === 'days' ? t('period.days', { count: period.days }) : t(`period.${period.kind}`));

/** What is no period yet stays in the fields and changes nothing. */
function OwnDays({ from, to, daysMax, onChange }: { from: string; to: string; daysMax: number; onChange(from: string, to: string): void }) {
  const { t } = useTexts();
  const [days, setDays] = useState({ from, to });
  const isWhole = days.from !== '' && days.to !== '';
  const isWrong = isWhole && days.from > days.to;
  const isTooLong = isWhole && countDays(days) > daysMax;
  const change = (changed: Partial<typeof days>): void => {
    const now = { ...days, ...changed };
    setDays(now);
    if (now.from !== '' && now.to !== '' && now.from <= now.to && now.from >= '2000' && now.to < '2100' && countDays(now) <= daysMax) onChange(now.from, now.to);
  };
  const invalid = isWrong || isTooLong || undefined;
  return (
    <span className={filters['line']}>
      <label>
        {t('period.from')} <input type="date" value={days.from} max={days.to} aria-invalid={invalid} onChange={({ target }) => change({ from: target.value })} />
      </label>
      <label>
        {t('period.to')} <input type="date" value={days.to} min={days.from} aria-invalid={invalid} onChange={({ target }) => change({ to: target.value })} />
      </label>
      {isWrong && <span role="alert">{t('period.wrong')}</span>}
      {isTooLong && !isWrong && <span role="alert">{t('period.tooLong', { days: daysMax })}</span>}
    </span>
  );
}
