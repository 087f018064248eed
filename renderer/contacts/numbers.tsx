/** Everything somebody is known by, also what came with a merge, and a further number of theirs. */
import { Plus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import type { ContactDetails } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { usePhoneReading } from '../ui/phone-reading.tsx';
import { PhoneField } from './phone-field.tsx';
import styles from './contact-page.module.css';

export function Numbers({ details, onMerge }: { details: ContactDetails; onMerge(contactId: string): void }) {
  const { t } = useTexts();
  const [isAdding, setAdding] = useState(false);
  const nameOf = (contactId: string): string | null => details.merged.find(({ id }) => id === contactId)?.name ?? null;
  /** As it is written where it is known how; digits with a plus otherwise. */
  const phones = new Map([details, ...details.merged].flatMap(({ phone }) => (phone === null ? [] : [[phone.replaceAll(/\D/g, ''), phone]])));
  const shownOf = (kind: string, value: string): string => (kind === 'phone' || kind === 'wa_id' ? (phones.get(value) ?? `+${value}`) : kind === 'username' ? `@${value.replace(/^@/, '')}` : value);
  return (
    <>
      {details.identifiers.length === 0 && <p className={styles['none']}>{t('contacts.numbers.none')}</p>}
      <dl className={styles['facts']}>
        {details.identifiers.map(({ kind, value, contactId }) => {
          const via = nameOf(contactId);
          return (
            <div key={kind + value}>
              <dt>{t(`panel.identifier.${kind}`)}</dt>
              <dd>
                <span className="tabular">{shownOf(kind, value)}</span>
                {via !== null && <span className={styles['quiet']}>{t('contacts.numbers.viaMerged', { name: via })}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      {isAdding ? (
        <AddNumber contactId={details.id} onMerge={onMerge} onDone={() => setAdding(false)} />
      ) : (
        <Button look="quiet" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
          {t('contacts.numbers.add')}
        </Button>
      )}
    </>
  );
}

function AddNumber({ contactId, onMerge, onDone }: { contactId: string; onMerge(contactId: string): void; onDone(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, toasts, view } = useStores();
  const [phone, setPhone] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const [owner, setOwner] = useState<{ id: string; name: string } | null>(null);
  const reading = usePhoneReading(phone);

  async function add(): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      // Whose it is is asked before: what cannot come about is not even tried.
      const known = reading?.known ? await client.contacts.get({ contactId: reading.known.contact.id }) : null;
      const holder = known?.mergedInto ?? known;
      if (holder && holder.id !== contactId) return setOwner(holder);
      const { outcome, belongsTo } = await client.contacts.addPhone({ contactId, phone });
      if (belongsTo !== null && belongsTo !== contactId) return setOwner(await client.contacts.get({ contactId: belongsTo }));
      await contacts.getState().refresh();
      toasts.getState().say(outcome === 'applied' ? 'contacts.numbers.added' : 'contacts.numbers.known');
      onDone();
    } catch (error) {
      setFailure(failureCodeOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles['inset']}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isBusy && reading?.isComplete) void add();
      }}
    >
      <PhoneField
        label={t('contacts.numbers.phone')}
        hint={t('contacts.addForm.phoneHint')}
        value={phone}
        reading={reading}
        onChange={(text) => {
          setOwner(null);
          setFailure(null);
          setPhone(text);
        }}
      />
      {failure !== null && (
        <p className={styles['wrong']} role="alert">
          {t(`failure.${failure}`)}
        </p>
      )}
      {owner && (
        <p className={styles['contested']} role="alert">
          {t('contacts.numbers.belongsTo', { name: owner.name })}{' '}
          <span>
            <Button look="quiet" onClick={() => view.getState().showContact(owner.id)}>
              {t('contacts.numbers.openOwner')}
            </Button>
            <Button look="quiet" onClick={() => onMerge(owner.id)}>
              {t('contacts.numbers.sameOwner')}
            </Button>
          </span>
        </p>
      )}
      <div className={styles['save']}>
        <Button onClick={onDone}>{t('action.cancel')}</Button>
        <Button look="primary" submits aria-disabled={isBusy || !(reading?.isComplete ?? false)}>
          {t('contacts.addForm.confirm')}
        </Button>
      </div>
    </form>
  );
}
