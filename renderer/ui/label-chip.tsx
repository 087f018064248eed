import type { Label } from '../../contract/entities.ts';
import styles from './label-chip.module.css';

type Color = Label['color'];

/** The colour only helps to find it again: the name is always there. */
export const LabelChip = ({ label }: { label: Pick<Label, 'name' | 'color'> }) => (
  <span className={styles['chip']} style={labelColors(label.color)} title={label.name}>
    <bdi>{label.name}</bdi>
  </span>
);

export const LabelDot = ({ color }: { color: Color }) => <span className={styles['dot']} style={labelColors(color)} aria-hidden="true" />;

export const labelColors = (color: Color) => ({ color: `var(--label-${color})`, background: `var(--label-${color}-tint)` });
