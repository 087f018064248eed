/** What of a request could be told to its people now. */
import type { ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useProposals } from '../links/use-proposals.ts';
import { EventCard } from './event-card.tsx';
import styles from './request-page.module.css';

export function RequestEvents({ request }: { request: ServiceRequest }) {
  const { t } = useTexts();
  const proposals = useProposals({ kind: 'request', id: request.id });
  if (proposals.length === 0) return <p className={styles['quiet']}>{t('requests.page.noProposals')}</p>;
  return (
    <ul className={styles['events']}>
      {proposals.map((one) => (
        <li key={one.id}>
          <EventCard shown={one} />
        </li>
      ))}
    </ul>
  );
}
