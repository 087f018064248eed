import type { ReactNode } from 'react';
import styles from './status-strips.module.css';

/** One line at the foot of the window: a state with its facts. */
export const Strip = ({ tone = 'neutral', icon, title, hint, children }: { tone?: 'neutral' | 'failure'; icon: ReactNode; title: string; hint: string; children?: ReactNode }) => (
  <div className={styles['strip']} data-tone={tone}>
    {icon}
    <strong>{title}</strong>
    <span className={styles['hint']}>{hint}</span>
    <span className={styles['facts']}>{children}</span>
  </div>
);
