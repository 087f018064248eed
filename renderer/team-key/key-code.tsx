import { useId } from 'react';
import styles from './team-key.module.css';

/** Groups to be read out and compared, never broken in the middle. */
export function KeyCode({ label, code, separator = ' ' }: { label: string; code: string; separator?: ' ' | '-' }) {
  const id = useId();
  return (
    <figure className={styles['figure']} aria-labelledby={id}>
      <figcaption id={id} className={styles['quiet']}>
        {label}
      </figcaption>
      <p className={styles['code']} data-long={separator === '-' || undefined}>
        {code.split(separator).map((group, index) => (
          // Groups may be the same; their place is what they are.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index}>{group} </span>
        ))}
      </p>
    </figure>
  );
}
