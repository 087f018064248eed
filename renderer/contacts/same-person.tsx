/** Contacts that are this person, too; those that may be; and taking a merge back. */
import { Unlink } from 'lucide-react';
import { useState } from 'react';
import type { Contact } from '../../contract/entities.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import type { ContactDetails, ContactListRow } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './contact-page.module.css';

type Props = { details: ContactDetails; duplicates: readonly ContactListRow[]; onMerge(contactId: string | null): void };

export function SamePerson({ details, duplicates, onMerge }: Props) {
  const { t } = useTexts();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const [leaving, setLeaving] = useState<Contact | null>(null);
  return (
    <>
      {details.merged.length > 0 && (
        <ul className={styles['people']}>
          {details.merged.map((contact) => (
            <li key={contact.id}>
              <Who contact={contact} />
              {isLead && (
                <Button look="quiet" icon={<Unlink size={14} />} onClick={() => setLeaving(contact)}>
                  {t('contacts.same.separate')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {duplicates.length > 0 && (
        <div className={styles['maybe']} role="group" aria-label={t('contacts.same.maybe')}>
          <p>
            <strong>{t('contacts.same.maybe')}</strong> <span className={styles['quiet']}>{t('contacts.same.maybeText')}</span>
          </p>
          <ul className={styles['people']}>
            {duplicates.map((contact) => (
              <li key={contact.id}>
                <Who contact={contact} />
                {isLead && (
                  <Button look="quiet" onClick={() => onMerge(contact.id)}>
                    {t('contacts.same.mergeThis')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {isLead ? (
        <Button look="quiet" onClick={() => onMerge(null)}>
          {t('contacts.same.merge')}
        </Button>
      ) : (
        <p className={styles['none']}>{t('contacts.same.onlyLeads')}</p>
      )}
      {leaving && <Separate contact={leaving} from={details.id} onClose={() => setLeaving(null)} />}
    </>
  );
}

export function Who({ contact }: { contact: Contact }) {
  const { view } = useStores();
  const second = contact.phone ?? (contact.username === null ? null : `@${contact.username}`);
  return (
    <button type="button" className={styles['who']} onClick={() => view.getState().showContact(contact.id)}>
      <Avatar id={contact.id} name={contact.name} size={24} />
      <bdi>{contact.name}</bdi>
      {second !== null && second !== contact.name && <span className={styles['quiet']}>{second}</span>}
    </button>
  );
}

function Separate({ contact, from, onClose }: { contact: Contact; from: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, toasts } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const separate = async (): Promise<void> => {
    if (!(await run(() => client.contacts.merge({ contactId: contact.id, from, to: null })))) return;
    onClose();
    toasts.getState().say('contacts.same.separated', { values: { name: contact.name } });
    await contacts.getState().refresh();
  };
  return (
    <Confirm
      title={t('contacts.same.separateTitle', { name: contact.name })}
      confirm={t('contacts.same.separate')}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void separate()}
      onClose={onClose}
    >
      <p>{t('contacts.same.separateText')}</p>
    </Confirm>
  );
}
