import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { Ticks, useDeliveryLabel } from './ticks.tsx';
import styles from './delivery-details.module.css';

/** The mark of an outbound message; pointing at it shows when each state was reached, pressing it opens its story. */
export function DeliveryDetails({ messageId, delivery, timeline }: { messageId: string; delivery: NonNullable<Message['delivery']>; timeline: Message['timeline'] }) {
  const { t } = useTexts();
  const showStory = useFrom('view', (view) => view.showStory);
  return (
    <Tooltip side="top" content={<Timeline delivery={delivery} timeline={timeline} />}>
      <span className={styles['trigger']}>
        <Ticks delivery={delivery} hasWord />
        <button type="button" className={styles['open']} tabIndex={-1} aria-label={t('diagnostics.story.open')} onClick={() => showStory(messageId)} />
      </span>
    </Tooltip>
  );
}

function Timeline({ delivery, timeline }: { delivery: NonNullable<Message['delivery']>; timeline: Message['timeline'] }) {
  const { t, format } = useTexts();
  const label = useDeliveryLabel(delivery);
  return (
    <div className={styles['timeline']}>
      <strong>{label}</strong>
      {timeline.map(({ status, at }) => (
        <div key={status} className={styles['step']}>
          <span>{t(`delivery.${status}`)}</span>
          <time className="tabular">{format.exactShort(at)}</time>
        </div>
      ))}
      {delivery === 'delivered' && <p className={styles['hint']}>{t('delivery.noBlueHint')}</p>}
    </div>
  );
}
