import type { RequestStatus } from '../../contract/requests/request-rules.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import styles from './status-pill.module.css';

/** The colour only helps to find it again: the word is always there. `isShort`: where there is little room. */
export function StatusPill({ status, isShort = false }: { status: RequestStatus; isShort?: boolean }) {
  const { t } = useTexts();
  return (
    <span className={styles['pill']} data-status={status} title={isShort ? t(`requests.status.${status}`) : undefined}>
      <span className={styles['dot']} aria-hidden="true" />
      {t(isShort ? `requests.statusShort.${status}` : `requests.status.${status}`)}
    </span>
  );
}
