import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './parts-page.module.css';

type Props<Part extends string> = {
  title: string;
  /** Names the list of parts for screen readers. */
  label: string;
  parts: readonly { part: Part; label: string; Icon: LucideIcon }[];
  current: Part;
  onChoose(part: Part): void;
  children: ReactNode;
};

/** A page beside the rail that consists of parts, one of which is shown. */
export const PartsPage = <Part extends string>({ title, label, parts, current, onChoose, children }: Props<Part>) => (
  <main className={styles['page']} aria-label={title}>
    <nav className={styles['parts']} aria-label={label}>
      <h1 className={styles['title']}>{title}</h1>
      {parts.map(({ part, label: name, Icon }) => (
        <button key={part} type="button" className={styles['part']} aria-current={part === current ? 'page' : undefined} onClick={() => onChoose(part)}>
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          {name}
        </button>
      ))}
    </nav>
    <div className={styles['body']}>{children}</div>
  </main>
);
