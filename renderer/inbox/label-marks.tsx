import type { Label } from '../../contract/entities.ts';
import { labelColors } from '../ui/label-chip.tsx';
import styles from './label-marks.module.css';

/** The first ones by name; the others as a number. In a narrow list each is a dot; the names are in the tooltip and for screen readers. */
export function LabelMarks({ labels, label }: { labels: readonly Label[]; label: string }) {
  const shown = labels.length > MOST ? labels.slice(0, MOST - 1) : labels;
  const hidden = labels.length - shown.length;
  return (
    <span className={styles['marks']} role="img" aria-label={label} title={label}>
      {shown.map(({ id, name, color }) => (
        <span key={id} className={styles['mark']} style={labelColors(color)}>
          <span className={styles['text']}>{name}</span>
        </span>
      ))}
      {hidden > 0 && <span className={styles['more']}>+{hidden}</span>}
    </span>
  );
}

const MOST = 2;
