/** An automatic answer that leaves by itself unless somebody stops it: how long it takes, and the three ways on. */
import { PencilLine, SendHorizontal, Timer } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './draft-card.module.css';

/** @param at relay time, ms. */
export function AutoCountdown({ at, onCancel, onEdit, onSendNow }: { at: number; onCancel(): void; onEdit(): void; onSendNow(): void }) {
  const { t } = useTexts();
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const whole = useFrom('ai', ({ workspace }) => workspace?.settings.auto.countdownSeconds ?? 30);
  const seconds = useFrom('clock', ({ now }) => Math.max(0, Math.ceil((at - now - offset) / 1000)));
  /** For a screen reader once; ticking numbers are for eyes. */
  const [told] = useState(seconds);
  return (
    <div className={styles['countdown']} role="group" aria-label={t('ai.auto.label')}>
      <p>
        <Timer size={15} aria-hidden="true" />
        <span className="visually-hidden" role="status">
          {t('ai.auto.in', { seconds: told })}
        </span>
        <span className="tabular" aria-hidden="true">
          {seconds === 0 ? t('ai.auto.leaving') : t('ai.auto.in', { seconds })}
        </span>
      </p>
      <div className={styles['actions']}>
        <Button onClick={onCancel}>{t('ai.auto.cancel')}</Button>
        <Button look="quiet" icon={<PencilLine size={14} />} onClick={onEdit}>
          {t('ai.card.edit')}
        </Button>
        <Button look="quiet" icon={<SendHorizontal size={14} />} onClick={onSendNow}>
          {t('ai.auto.now')}
        </Button>
      </div>
      <progress className={styles['progress']} max={whole} value={Math.min(whole, seconds)} aria-hidden="true" />
    </div>
  );
}
