import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, CloudOff, Hand, Ban } from 'lucide-react';
import type { Delivery } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import styles from './ticks.module.css';

/** Whether what waits here cannot leave for now. */
export const useIsOffline = (): boolean => useFrom('session', ({ sync }) => sync !== null && sync.state !== 'live' && sync.state !== 'catching_up');

export function useDeliveryLabel(delivery: Delivery): string {
  const { t } = useTexts();
  const isOffline = useIsOffline();
  return delivery === 'waiting' && isOffline ? t('delivery.waitingOffline') : t(`delivery.${delivery}`);
}

/** The state of an outbound message as a small mark; its name goes with it for screen readers. */
export function Ticks({ delivery, size = 15 }: { delivery: Delivery; size?: number }) {
  const { t } = useTexts();
  const label = useDeliveryLabel(delivery);
  const isOffline = useIsOffline();
  return (
    <span className={styles['ticks']} data-delivery={delivery} role="img" aria-label={t('delivery.label', { state: label })}>
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
