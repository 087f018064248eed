import { useEffect, useRef } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import type { Suggestion } from './use-suggestions.ts';
import styles from './suggestion-list.module.css';

type Props = { id: string; items: readonly Suggestion[]; at: number; title: string; pick(index: number): void; setAt(index: number): void };

/** Above the box, whose keys walk it. Its options never take the focus. */
export function SuggestionList({ id, items, at, title, pick, setAt }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <div className={styles['frame']}>
      <div className={styles['list']} ref={list} id={id} role="listbox" aria-label={title}>
        {items.map((item, index) => (
          <div
            key={item.id}
            id={`${id}-${index}`}
            className={styles['option']}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            // The box keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(index)}
          >
            {item.kind === 'person' && <Avatar id={item.id} name={item.label} size={24} />}
            <span className={styles['label']} data-kind={item.kind}>
              {item.label}
            </span>
            <span className={styles['detail']}>{item.detail}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
