/** Goes to a day of the thread: the day's first message, or the next one after it. */
import { useRef, useState, type FormEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { Button } from '../ui/button.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './date-popover.module.css';

/** `YYYY-MM-DD` of the local calendar. */
const toDay = (date: Date): string => `${String(date.getFullYear()).padStart(4, '0')}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
/** When it begins here. */
const startOf = (day: string): number => new Date(`${day}T00:00:00`).getTime();

const SHORT_CUTS = [
  ['jump.weekAgo', (date: Date) => date.setDate(date.getDate() - 7)],
  ['jump.monthAgo', (date: Date) => date.setMonth(date.getMonth() - 1)],
  ['jump.yearAgo', (date: Date) => date.setFullYear(date.getFullYear() - 1)],
] as const;

/** @param at the day that is looked at. */
export function DatePopover({ at, anchor, onClose }: { at: number; anchor: HTMLElement; onClose(): void }) {
  const { t } = useTexts();
  const { conversation, clock } = useStores();
  const [day, setDay] = useState(() => toDay(new Date(at)));
  const field = useRef<HTMLInputElement>(null);
  useFocusOnMount(field);
  const now = clock.getState().now;
  function go(from: number): void {
    onClose();
    void conversation.getState().jumpToDay(from);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (day !== '') go(startOf(day));
  }
  return (
    <AnchoredPopover anchor={anchor} label={t('jump.date')} onClose={onClose}>
      {/* Keys in here are not for the bar or the thread that it was opened from. */}
      <form className={styles['form']} onSubmit={submit} onKeyDown={(event) => event.stopPropagation()}>
        <div className={styles['line']}>
          <input ref={field} type="date" required aria-label={t('jump.day')} value={day} max={toDay(new Date(now))} onChange={(event) => setDay(event.target.value)} />
          <Button look="primary" submits>
            {t('jump.go')}
          </Button>
        </div>
        <div className={styles['cuts']}>
          <Button look="quiet" onClick={() => go(0)}>
            {t('jump.first')}
          </Button>
          {SHORT_CUTS.map(([label, back]) => (
            <Button
              key={label}
              look="quiet"
              onClick={() => {
                const date = new Date(now);
                back(date);
                go(startOf(toDay(date)));
              }}
            >
              {t(label)}
            </Button>
          ))}
        </div>
      </form>
    </AnchoredPopover>
  );
}
