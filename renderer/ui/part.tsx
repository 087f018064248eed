import type { ReactNode } from 'react';
import styles from './part.module.css';

/** A part of the team page: what it is, the one action that adds to it, and its contents. */
export const Part = ({ title, text, action, children }: { title: string; text: string; action?: ReactNode; children: ReactNode }) => (
  <section className={styles['part']} aria-label={title}>
    <header className={styles['header']}>
      <div>
        <h2 className={styles['title']}>{title}</h2>
        <p className={styles['text']}>{text}</p>
      </div>
      {action}
    </header>
    {children}
  </section>
);

export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul className={styles['rows']} aria-label={label}>
    {children}
  </ul>
);

export const Row = ({ children }: { children: ReactNode }) => <li className={styles['row']}>{children}</li>;

/** `role`: it answers what was asked just now, and is read out. */
export const Empty = ({ role, children }: { role?: 'status'; children: ReactNode }) => (
  <div className={styles['empty']} role={role}>
    {children}
  </div>
);
