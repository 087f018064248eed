import type { ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import styles from './message-row.module.css';

export function DaySeparator({ at }: { at: number }) {
  const { format } = useTexts();
  const now = useFrom('clock', toMinute);
  return <Separator>{format.day(at, now)}</Separator>;
}

export const Separator = ({ look = 'plain', children }: { look?: 'plain' | 'unread'; children: ReactNode }) => (
  <div className={styles['separator']} data-look={look} role="separator">
    <span>{children}</span>
  </div>
);
