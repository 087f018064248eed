import { CircleCheck, CircleDashed, CircleX, Clock } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { statusWords, type StatusWords } from './template-text.ts';
import styles from './status-chip.module.css';

const ICONS = { good: CircleCheck, waiting: Clock, bad: CircleX, off: CircleDashed } as const;

/** A state in a word, with a sign of its own beside the colour. */
export function Chip({ look, children }: { look: StatusWords['look']; children: string }) {
  const Icon = ICONS[look];
  return (
    <span className={styles['chip']} data-look={look}>
      <Icon size={12} aria-hidden="true" />
      {children}
    </span>
  );
}

export function StatusChip({ status }: { status: string }) {
  const { t } = useTexts();
  const { name, look } = statusWords(status, t);
  return <Chip look={look}>{name}</Chip>;
}
