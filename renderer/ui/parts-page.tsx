import { ArrowUpRight, type LucideIcon } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import styles from './parts-page.module.css';

type Props<Part extends string> = {
  title: string;
  /** Names the list of parts for screen readers. */
  label: string;
  /** `group`: the heading over it and those that follow with the same one. `isElsewhere`: it leads to another page. */
  parts: readonly { part: Part; label: string; Icon: LucideIcon; group?: string; isElsewhere?: boolean; /** For screen readers, after its name. */ state?: string }[];
  current: Part;
  onChoose(part: Part): void;
  /** Stands above the parts; and, in their place, what was found there. */
  search?: ReactNode;
  found?: ReactNode;
  children: ReactNode;
};

/** A page beside the rail that consists of parts, one of which is shown. */
export const PartsPage = <Part extends string>({ title, label, parts, current, onChoose, search, found, children }: Props<Part>) => (
  <main className={styles['page']} aria-label={title}>
    <nav className={styles['parts']} aria-label={label}>
      <h1 className={styles['title']}>{title}</h1>
      {search}
      {found ??
        parts.map(({ part, label: name, Icon, group, isElsewhere = false, state }, index) => (
          <Fragment key={part}>
            {group !== undefined && group !== parts[index - 1]?.group && <h2 className={styles['group']}>{group}</h2>}
            <button type="button" className={styles['part']} aria-current={part === current ? 'page' : undefined} onClick={() => onChoose(part)}>
              <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
              {name}
              {state !== undefined && <span className="visually-hidden">({state})</span>}
              {isElsewhere && <ArrowUpRight className={styles['elsewhere']} size={13} aria-hidden="true" />}
            </button>
          </Fragment>
        ))}
    </nav>
    <div className={styles['body']}>{children}</div>
  </main>
);
