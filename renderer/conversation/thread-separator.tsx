import type { ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { useThreadActions } from './thread-actions.tsx';
import styles from './message-row.module.css';

export function DaySeparator({ at }: { at: number }) {
  const { format } = useTexts();
  const { t } = useTexts();
  const now = useFrom('clock', toMinute);
  const { pickDay } = useThreadActions();
  const day = format.day(at, now);
  if (!pickDay) return <Separator>{day}</Separator>;
  return (
    <Separator isButton>
      <button type="button" tabIndex={-1} className={styles['day']} aria-label={t('jump.dateOf', { day })} title={t('jump.date')} onClick={(event) => pickDay(at, event.currentTarget)}>
        {day}
      </button>
    </Separator>
  );
}

/** `isButton`: what is inside a separator is not reached by a screen reader. */
export const Separator = ({ look = 'plain', isButton = false, children }: { look?: 'plain' | 'unread'; isButton?: boolean; children: ReactNode }) => (
  <div className={styles['separator']} data-look={look} role={isButton ? undefined : 'separator'}>
    <span>{children}</span>
  </div>
);
