import { Plus, X } from 'lucide-react';
import { PARTS_A_DAY_MAX, type OpenPart } from '../../contract/rules/business-hours.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { readClock } from './clock-text.ts';
import styles from './hours.module.css';

/** The parts of one day, of which there may be several; none: closed. `day`: its name, for screen readers. */
export function DayParts({ day, parts, onChange }: { day: string; parts: readonly OpenPart[]; onChange(parts: OpenPart[]): void }) {
  const { t } = useTexts();
  const set = (index: number, patch: Partial<OpenPart>): void => onChange(parts.map((part, at) => (at === index ? { ...part, ...patch } : part)));
  const add = (): void => {
    const last = parts.at(-1);
    // After a morning comes an afternoon; on a closed day a whole one.
    onChange([...parts, last === undefined ? { from: '08:00', to: '17:00' } : { from: last.to < '14:00' ? '14:00' : last.to, to: last.to < '14:00' ? '18:00' : '24:00' }]);
  };
  return (
    <span className={styles['parts']}>
      {parts.length === 0 && <span className={styles['closed']}>{t('hours.closed')}</span>}
      {parts.map((part, index) => (
        <span key={index} className={styles['part']}>
          <TimeBox label={t('hours.from', { day, n: index + 1 })} value={part.from} onChange={(from) => set(index, { from })} />
          <span aria-hidden="true">–</span>
          <TimeBox label={t('hours.to', { day, n: index + 1 })} value={part.to} onChange={(to) => set(index, { to })} />
          <IconButton label={t('hours.removePart', { day, n: index + 1 })} side="top" onClick={() => onChange(parts.filter((_, at) => at !== index))}>
            <X size={14} />
          </IconButton>
        </span>
      ))}
      {parts.length < PARTS_A_DAY_MAX && (
        <Button look="quiet" icon={<Plus size={14} />} aria-label={t(parts.length === 0 ? 'hours.openDay' : 'hours.addPartTo', { day })} onClick={add}>
          {t(parts.length === 0 ? 'hours.open' : 'hours.addPart')}
        </Button>
      )}
    </span>
  );
}

function TimeBox({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  return (
    <input
      className={styles['time']}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      aria-label={label}
      aria-invalid={readClock(value) === null || undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => onChange(readClock(value) ?? value)}
    />
  );
}
