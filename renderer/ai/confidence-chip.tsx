import { CircleCheck, Eye, ShieldQuestion, ShieldAlert, type LucideIcon } from 'lucide-react';
import type { Confidence } from '../../contract/ai/ai-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import type { DraftBody } from './card-state.ts';
import styles from './draft-card.module.css';

const ICONS: Record<Confidence, LucideIcon> = { solid: CircleCheck, check: Eye, weak: ShieldQuestion };

/** How far a draft can be trusted, by rules and not by the model's own word; the tooltip says why. */
export function ConfidenceChip({ body: { confidence, confidenceReasons } }: { body: Pick<DraftBody, 'confidence' | 'confidenceReasons'> }) {
  const { t } = useTexts();
  const Icon = ICONS[confidence];
  const word = t(`ai.confidence.${confidence}`);
  const reasons = confidenceReasons.map((reason) => t(`ai.reason.${reason}`));
  return (
    <>
      <Tooltip
        content={
          <ul className={styles['reasons']}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        }
      >
        <button type="button" className={styles['confidence']} data-is={confidence} aria-label={reasons.length === 0 ? word : `${word}: ${reasons.join(', ')}`}>
          <Icon size={13} aria-hidden="true" />
          {word}
        </button>
      </Tooltip>
      {confidence !== 'solid' && reasons[0] !== undefined && <span className={styles['why']}>{reasons[0]}</span>}
    </>
  );
}

/** Somebody may be trying to give the assistant orders. */
export function InjectionBadge() {
  const { t } = useTexts();
  return (
    <Tooltip content={t('ai.injection.hint')}>
      <button type="button" className={styles['badge']} data-tone="red">
        <ShieldAlert size={13} aria-hidden="true" />
        {t('ai.injection.badge')}
      </button>
    </Tooltip>
  );
}
