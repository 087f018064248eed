/** The service request that a conversation is about, as a small mark. Its colour only repeats what its words say. */
import { ClipboardList } from 'lucide-react';
import type { LinkedRequest } from '../../contract/entities.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import styles from './request-chip.module.css';

/** Characters from which on a mark may be cut to its end. */
const LONG_REFERENCE = 6;

export const shownReference = (reference: string, t: Translate): string => (reference === '' ? t('requestLinks.noNumber') : reference);

/** In the words that the chip shows: whoever works by voice says what they read. */
function chipLabel({ reference, status, others }: LinkedRequest, t: Translate): string {
  const chip = t('requestLinks.chip', { reference: shownReference(reference, t), status: t(`requests.statusShort.${status}`) });
  return others === 0 ? chip : t('requestLinks.chipOthers', { chip, count: others });
}

/** In a row of the list: pressed with the pointer it leads to the request, with the keyboard the open conversation's does. */
export function RequestMark({ request }: { request: LinkedRequest }) {
  const { t } = useTexts();
  const { view } = useStores();
  const label = chipLabel(request, t);
  const reference = shownReference(request.reference, t);
  return (
    <span
      className={styles['mark']}
      data-status={request.status}
      data-long={reference.length > LONG_REFERENCE || undefined}
      role="img"
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        view.getState().showRequest(request.id);
      }}
    >
      <ClipboardList size={12} aria-hidden="true" />
      <span className={styles['reference']}>
        <bdi dir="ltr">{reference}</bdi>
      </span>
      {request.others > 0 && <span className={styles['more']}>+{request.others}</span>}
    </span>
  );
}

/** With its status in words, as a button. */
export function RequestChip({ request }: { request: LinkedRequest }) {
  const { t } = useTexts();
  const { view } = useStores();
  const label = chipLabel(request, t);
  return (
    <button type="button" className={styles['chip']} data-status={request.status} aria-label={label} title={label} onClick={() => view.getState().showRequest(request.id)}>
      <ClipboardList size={12} aria-hidden="true" />
      <span className={styles['reference']}>{shownReference(request.reference, t)}</span> <span className={styles['status']}>{t(`requests.statusShort.${request.status}`)}</span>
      {request.others > 0 && <span className={styles['more']} data-more={request.others} />}
    </button>
  );
}
