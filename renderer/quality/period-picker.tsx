/** Which days are looked at: the last week, month or quarter, or days of one's own. */
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { ownPeriod, PERIOD_DAYS } from '../store/quality-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import styles from './period-picker.module.css';

export function PeriodPicker() {
  const { t } = useTexts();
  const { quality, clock } = useStores();
  const period = useFrom('quality', (state) => state.period);
  const set = quality.getState().setPeriod;
  return (
    <div className={styles['picker']}>
      <div className={styles['tabs']} role="group" aria-label={t('quality.period.label')}>
        {PERIOD_DAYS.map((days) => (
          <button key={days} type="button" className={styles['tab']} aria-pressed={period.kind === 'days' && period.days === days} onClick={() => set({ kind: 'days', days })}>
            {t('quality.period.days', { count: days })}
          </button>
        ))}
        <button type="button" className={styles['tab']} aria-pressed={period.kind === 'own'} onClick={() => period.kind === 'own' || set(ownPeriod(clock.getState().now))}>
          {t('quality.period.own')}
        </button>
      </div>
      {period.kind === 'own' && <OwnDays key="own" from={period.from} to={period.to} onChange={(from, to) => set({ kind: 'own', from, to })} />}
    </div>
  );
}

/** What is no period yet stays in the fields and changes nothing. */
function OwnDays({ from, to, onChange }: { from: string; to: string; onChange(from: string, to: string): void }) {
  const { t } = useTexts();
  const [days, setDays] = useState({ from, to });
  const isWrong = days.from !== '' && days.to !== '' && days.from > days.to;
  const change = (changed: Partial<typeof days>): void => {
    const now = { ...days, ...changed };
    setDays(now);
    if (now.from !== '' && now.to !== '' && now.from <= now.to && now.from >= '2000' && now.to < '2100') onChange(now.from, now.to);
  };
  return (
    <span className={styles['own']}>
      <label>
        {t('quality.period.from')} <input type="date" value={days.from} max={days.to} aria-invalid={isWrong || undefined} onChange={({ target }) => change({ from: target.value })} />
      </label>
      <label>
        {t('quality.period.to')} <input type="date" value={days.to} min={days.from} aria-invalid={isWrong || undefined} onChange={({ target }) => change({ to: target.value })} />
      </label>
      {isWrong && <span role="alert">{t('quality.period.wrong')}</span>}
    </span>
  );
}
