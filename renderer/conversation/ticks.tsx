import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, CloudOff, Hand, Ban } from 'lucide-react';
import type { Delivery } from '../../contract/entities.ts';
import { isSyncEnd } from '../../contract/rules/sync-end.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import styles from './ticks.module.css';

/** What waits here leaves at once, when the line is back, or not before a person has put this desktop right. */
export type Line = 'up' | 'away' | 'ended';
export const useLine = (): Line => useFrom('session', ({ sync }) => (sync === null || sync.state === 'live' || sync.state === 'catching_up' ? 'up' : isSyncEnd(sync.state) ? 'ended' : 'away'));

export function useDeliveryLabel(delivery: Delivery): string {
  const { t } = useTexts();
  const line = useLine();
  if (delivery !== 'waiting' || line === 'up') return t(`delivery.${delivery}`);
  return t(line === 'ended' ? 'delivery.waitingEnded' : 'delivery.waitingOffline');
}

/** The state of an outbound message as a small mark; its name goes with it for screen readers. */
/** `hasWord`: what waits for a line says so in a word, too. */
export function Ticks({ delivery, size = 15, hasWord = false }: { delivery: Delivery; size?: number; hasWord?: boolean }) {
  const { t } = useTexts();
  const label = useDeliveryLabel(delivery);
  const isOffline = useLine() !== 'up';
  return (
    <span className={styles['ticks']} data-delivery={delivery} data-away={(delivery === 'waiting' && isOffline) || undefined} role="img" aria-label={t('delivery.label', { state: label })}>
      {hasWord && delivery === 'waiting' && isOffline && <span className={styles['word']}>{t('delivery.shortWaiting')}</span>}
      <Mark delivery={delivery} isOffline={isOffline} size={size} />
    </span>
  );
}

function Mark({ delivery, isOffline, size }: { delivery: Delivery; isOffline: boolean; size: number }) {
  switch (delivery) {
    case 'waiting':
      return isOffline ? (
        <>
          <Clock size={size - 2} strokeWidth={1.75} />
          <CloudOff size={size - 1} strokeWidth={1.75} />
        </>
      ) : (
        <Clock size={size - 2} strokeWidth={2} />
      );
    case 'queued':
    case 'sending':
      return <Clock size={size - 2} strokeWidth={2} />;
    case 'sent':
      return <Check size={size} strokeWidth={2} />;
    case 'delivered':
    case 'read':
    case 'played':
      return <CheckCheck size={size} strokeWidth={2} />;
    case 'failed':
      return <CircleAlert size={size - 1} strokeWidth={2} />;
    case 'uncertain':
      return <CircleHelp size={size - 1} strokeWidth={2} />;
    case 'held':
    case 'needs_confirmation':
      return <Hand size={size - 1} strokeWidth={2} />;
    case 'discarded':
      return <Ban size={size - 2} strokeWidth={2} />;
  }
}
