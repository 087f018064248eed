import { Archive, CircleCheck, Clock } from 'lucide-react';
import type { KbState } from '../../contract/ai/ai-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import styles from '../templates/status-chip.module.css';

const LOOKS = { approved: ['good', CircleCheck], pending: ['waiting', Clock], retired: ['off', Archive] } as const;

export function StateChip({ state }: { state: KbState }) {
  const { t } = useTexts();
  const [look, Icon] = LOOKS[state];
  return (
    <span className={styles['chip']} data-look={look}>
      <Icon size={12} aria-hidden="true" />
      {t(`knowledge.state.${state}`)}
    </span>
  );
}
