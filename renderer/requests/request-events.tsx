/** What of a request could be told to its people now. */
import { BellRing } from 'lucide-react';
import type { ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import styles from './request-page.module.css';

export function RequestEvents({ request: { events } }: { request: ServiceRequest }) {
  const { t } = useTexts();
  const open = events.filter(({ state }) => state === 'open');
  if (open.length === 0) return <p className={styles['quiet']}>{t('requests.page.noProposals')}</p>;
  return (
    <ul className={styles['events']}>
      {open.map(({ id, kind, role, contact }) => (
        <li key={id} className={styles['event']}>
          <BellRing size={14} aria-hidden="true" />
          <span>
            {t(`requests.event.${kind}`)}
            <span className={styles['quiet']}>
              {' '}
              · {t(`requests.role.${role}`)} {contact && <bdi>{contact.name}</bdi>}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
