/** People: all of them beside the page of one; in a narrow window one of the two. */
import { useEffect } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useMedia } from '../shell/use-media.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ContactList } from './contact-list.tsx';
import { ContactPage } from './contact-page.tsx';
import styles from './contacts-page.module.css';

export function ContactsPage() {
  const { t } = useTexts();
  const { contacts, view } = useStores();
  const contactId = useFrom('view', (state) => state.contactId);
  const person = useFrom('contacts', (state) => state.person);
  const isPair = useMedia('(min-width: 900px)');
  useEffect(() => {
    contacts.getState().show(true);
    return () => contacts.getState().show(false);
  }, [contacts]);
  useEffect(() => contacts.getState().open(contactId), [contacts, contactId]);
  // One that is part of a person by now is shown with them.
  const root = person?.id === contactId ? (person?.details?.mergedInto?.id ?? null) : null;
  useEffect(() => {
    if (root !== null) view.getState().showContact(root);
  }, [root, view]);

  const page =
    contactId === null || person?.id !== contactId ? null : person.details && person.details.mergedInto === null ? (
      <ContactPage key={contactId} details={person.details} duplicates={person.duplicates} isAlone={!isPair} />
    ) : (
      person.failure !== null && <p className={styles['choose']}>{t(person.failure === 'NOT_FOUND' ? 'contacts.gone' : `failure.${person.failure}`)}</p>
    );
  return (
    <main className={styles['page']} aria-label={t('contacts.title')}>
      {(isPair || contactId === null) && <ContactList />}
      {(isPair || contactId !== null) && <div className={styles['body']}>{contactId === null ? <p className={styles['choose']}>{t('contacts.choose')}</p> : page}</div>}
    </main>
  );
}
