/** Says that two contacts are one person: the other one is searched or proposed, and what becomes of both is shown before. */
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ContactDetails, ContactListRow } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './merge-dialog.module.css';

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 8;

type Props = { details: ContactDetails; duplicates: readonly ContactListRow[]; /** The other one, where that is known already. */ otherId: string | null; onClose(): void };

export function MergeDialog({ details, duplicates, otherId, onClose }: Props) {
  const { t } = useTexts();
  const [chosen, setChosen] = useState(otherId);
  const other = useContact(chosen);
  return (
    <Dialog title={other ? t('contacts.same.mergeTitle', { name: other.name }) : t('contacts.same.mergeChooseTitle', { name: details.name })} onClose={onClose}>
      {chosen === null ? <Choose details={details} duplicates={duplicates} onChoose={setChosen} /> : other && <Preview mine={details} other={other} onBack={() => setChosen(null)} onClose={onClose} />}
    </Dialog>
  );
}

function useContact(contactId: string | null): ContactDetails | null {
  const client = useClient();
  const [read, setRead] = useState<ContactDetails | null>(null);
  useEffect(() => {
    if (contactId === null) return;
    let isOver = false;
    void client.contacts
      .get({ contactId })
      .then((details) => {
        if (!isOver) setRead(details);
      })
      .catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, contactId]);
  return contactId !== null && read?.id === contactId ? read : null;
}

function Choose({ details, duplicates, onChoose }: { details: ContactDetails; duplicates: readonly ContactListRow[]; onChoose(contactId: string): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<{ search: string; items: readonly ContactListRow[] } | null>(null);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const wanted = search.trim();
  useEffect(() => {
    if (wanted === '') return;
    let isOver = false;
    const timer = setTimeout(() => {
      void client.contacts
        .list({ search: wanted, limit: FOUND_MAX + 1 })
        .then(({ items }) => {
          if (!isOver) setFound({ search: wanted, items });
        })
        .catch(() => undefined);
    }, SEARCH_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  const shown = (wanted === '' ? duplicates : (found?.items ?? [])).filter(({ id }) => id !== details.id).slice(0, FOUND_MAX);
  return (
    <div className={styles['choose']}>
      <TextField ref={first} label={t('contacts.same.search')} placeholder={t('contacts.search')} maxLength={200} value={search} onChange={(event) => setSearch(event.target.value)} />
      <ul className={styles['found']}>
        {shown.map((contact) => (
          <li key={contact.id}>
            <button type="button" onClick={() => onChoose(contact.id)}>
              <Avatar id={contact.id} name={contact.name} size={32} />
              <span>
                <bdi>{contact.name}</bdi>
                <small>{[contact.phone, contact.company].filter((part) => part !== null && part !== contact.name).join(' · ')}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {wanted !== '' && found?.search === wanted && shown.length === 0 && (
        <p className={styles['none']} role="status">
          {t('contacts.noMatch', { text: wanted })}
        </p>
      )}
    </div>
  );
}

function Preview({ mine, other, onBack, onClose }: { mine: ContactDetails; other: ContactDetails; onBack(): void; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, toasts, view } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [rootId, setRootId] = useState(mine.id);
  const [root, leaf] = rootId === mine.id ? [mine, other] : [other, mine];
  const name = root.givenName ?? root.profileName ?? leaf.givenName ?? leaf.profileName ?? root.name;
  const numbers = [...mine.identifiers, ...other.identifiers].filter(({ kind }) => kind === 'wa_id' || kind === 'phone').length;
  const requests = new Set([...mine.requests, ...other.requests].map(({ id }) => id)).size;
  const isGuarded = mine.isBlocked || other.isBlocked || mine.hasOptedOut || other.hasOptedOut;

  const merge = async (): Promise<void> => {
    if (!(await run(() => client.contacts.merge({ contactId: leaf.id, from: leaf.mergedInto?.id ?? null, to: root.id })))) return;
    onClose();
    view.getState().showContact(root.id);
    toasts.getState().say('contacts.same.merged', { values: { name } });
    await contacts.getState().refresh();
  };

  return (
    <DialogForm confirm={t('contacts.same.confirm')} isOff={isBusy} failure={failure} onSubmit={() => void merge()} onClose={onClose}>
      <div>
        <Button look="quiet" icon={<ArrowLeft size={14} />} onClick={onBack}>
          {t('contacts.same.other')}
        </Button>
      </div>
      <fieldset className={styles['sides']}>
        <legend>{t('contacts.same.stands')}</legend>
        {[mine, other].map((side) => (
          <label key={side.id}>
            <input type="radio" name="root" checked={rootId === side.id} onChange={() => setRootId(side.id)} />
            <Avatar id={side.id} name={side.name} size={32} />
            <span>
              <bdi>{side.name}</bdi>
              <small>{[side.phone, side.company].filter((part) => part !== null && part !== side.name).join(' · ')}</small>
            </span>
          </label>
        ))}
        <p>{t('contacts.same.standsHint')}</p>
      </fieldset>
      <section className={styles['becomes']} aria-label={t('contacts.same.becomes')}>
        <h3>{t('contacts.same.becomes')}</h3>
        <ul>
          <li>{t('contacts.same.becomesName', { name })}</li>
          <li>
            {[
              t('contacts.same.becomesNumbers', { count: numbers }),
              t('contacts.same.becomesConversations', { count: mine.conversations.length + other.conversations.length }),
              t('contacts.same.becomesRequests', { count: requests }),
            ].join(' · ')}
          </li>
          <li>{t('contacts.same.becomesThreads')}</li>
          {isGuarded && <li>{t('contacts.same.becomesBlocked')}</li>}
          <li>{t('contacts.same.undoable')}</li>
        </ul>
      </section>
    </DialogForm>
  );
}
