/** Takes a person out of every desktop of the team. By leads. What goes, what cannot, and until when the rest stays is said before. */
import { useEffect, useState } from 'react';
import type { PersonToErase } from '../../contract/privacy-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './erase-person.module.css';

const COUNTS = ['others', 'conversations', 'messages', 'files', 'notes', 'drafts', 'requests'] as const;

export function ErasePerson({ contactId, name, onClose }: { contactId: string; name: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts, view } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [person, setPerson] = useState<PersonToErase | null>(null);
  const [unread, setUnread] = useState<FailureCode | null>(null);
  useEffect(() => {
    client.privacy.personToErase({ contactId }).then(setPerson, (error: unknown) => setUnread(failureCodeOf(error)));
  }, [client, contactId]);
  const erase = async (): Promise<void> => {
    if (!(await run(() => client.privacy.erase({ contactId })))) return;
    toasts.getState().say('privacy.erase.done');
    onClose();
    view.getState().showContact(null);
  };
  const counts = person === null ? [] : COUNTS.filter((key) => person[key] > 0);
  return (
    <Confirm
      title={t('privacy.erase.title', { name })}
      confirm={t('privacy.erase.confirm')}
      typed={{ word: name, label: t('privacy.erase.typed', { name }) }}
      isBusy={isBusy || person === null}
      failure={failure ?? unread}
      onConfirm={() => void erase()}
      onClose={onClose}
    >
      <p>{t('privacy.erase.goes')}</p>
      <ul className={styles['list']} aria-busy={person === null} aria-label={t('privacy.erase.goes')}>
        {person === null ? <li>{t('privacy.erase.counting')}</li> : counts.map((key) => <li key={key}>{t(`privacy.erase.${key}`, { count: person[key] })}</li>)}
        {person !== null && <li>{t('privacy.erase.profile')}</li>}
      </ul>
      <p>{t('privacy.erase.stays')}</p>
      <ul className={styles['list']} aria-label={t('privacy.erase.stays')}>
        <li>{t('privacy.erase.staysTheirs')}</li>
        <li>{t('privacy.erase.staysRequests')}</li>
        <li>{t('privacy.erase.staysOthers')}</li>
        <li>{t('privacy.erase.staysServer')}</li>
      </ul>
      <p>{t('privacy.erase.final')}</p>
    </Confirm>
  );
}
