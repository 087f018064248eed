import type { Label } from '../../contract/entities.ts';
import styles from './label-chip.module.css';

/** The colour only helps to find it again: the name is always there. */
export const LabelChip = ({ label }: { label: Label }) => (
  <span className={styles['chip']} data-color={label.color} title={label.name}>
    <bdi>{label.name}</bdi>
  </span>
);

export const LabelDot = ({ color }: { color: Label['color'] }) => <span className={styles['dot']} data-color={color} aria-hidden="true" />;
