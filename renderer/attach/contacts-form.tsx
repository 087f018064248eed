import { Plus, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { NO_CONTACT } from './card-forms.ts';
import type { CardFormProps } from './card-dialog.tsx';
import styles from './card.module.css';

/** Meta takes more; nobody reads more. */
const CONTACTS_MAX = 10;
const PHONES_MAX = 5;

type Contact = CardFormProps<'contacts'>['form'][number];

export function ContactsForm({ form, onChange }: CardFormProps<'contacts'>) {
  const { t } = useTexts();
  const set = (at: number, patch: Partial<Contact>): void => onChange(form.map((contact, index) => (index === at ? { ...contact, ...patch } : contact)));
  /** Into the first one that is still empty. Without its WhatsApp id the card would offer to invite the person instead of a message. */
  function take({ contact: { name, phone } }: ConversationSummary, waId: string | null): void {
    const known: Contact = { ...NO_CONTACT, name, phones: [phone ?? ''], onWhatsApp: phone === null || waId === null ? null : { phone, waId } };
    const at = form.findIndex((contact) => contact.name.trim() === '' && contact.phones.every((one) => one.trim() === ''));
    onChange(at === -1 ? [...form, known].slice(0, CONTACTS_MAX) : form.map((contact, index) => (index === at ? known : contact)));
  }
  return (
    <>
      <KnownContact onPick={take} />
      {form.map((contact, at) => (
        <fieldset key={at} className={styles['group']}>
          <legend>{t('compose.contacts.card', { number: at + 1 })}</legend>
          {form.length > 1 && (
            <span className={styles['group-tools']}>
              <IconButton label={t('compose.contacts.remove')} onClick={() => onChange(form.filter((_, index) => index !== at))}>
                <Trash2 size={15} />
              </IconButton>
            </span>
          )}
          <div className={styles['pair']}>
            <TextField label={t('compose.contacts.name')} dir="auto" maxLength={120} value={contact.name} onChange={(event) => set(at, { name: event.target.value })} />
            <TextField
              label={t('compose.card.optional', { label: t('compose.contacts.organization') })}
              dir="auto"
              maxLength={120}
              value={contact.organization}
              onChange={(event) => set(at, { organization: event.target.value })}
            />
          </div>
          {contact.phones.map((phone, index) => (
            <div key={index} className={styles['with-tool']}>
              <TextField
                label={t('compose.contacts.phone')}
                inputMode="tel"
                maxLength={40}
                value={phone}
                onChange={(event) => set(at, { phones: contact.phones.map((one, other) => (other === index ? event.target.value : one)) })}
              />
              {contact.phones.length > 1 && (
                <IconButton label={t('compose.contacts.removePhone', { number: index + 1 })} onClick={() => set(at, { phones: contact.phones.filter((_, other) => other !== index) })}>
                  <X size={15} />
                </IconButton>
              )}
            </div>
          ))}
          {contact.phones.length < PHONES_MAX && (
            <Button look="quiet" icon={<Plus size={14} />} onClick={() => set(at, { phones: [...contact.phones, ''] })}>
              {t('compose.contacts.addPhone')}
            </Button>
          )}
          <TextField
            label={t('compose.card.optional', { label: t('compose.contacts.email') })}
            inputMode="email"
            maxLength={200}
            value={contact.email}
            onChange={(event) => set(at, { email: event.target.value })}
          />
        </fieldset>
      ))}
      {form.length < CONTACTS_MAX && (
        <Button icon={<Plus size={15} />} onClick={() => onChange([...form, NO_CONTACT])}>
          {t('compose.contacts.add')}
        </Button>
      )}
    </>
  );
}

/** Null: not known; the card goes without it. */
async function findWaId(client: EngineClient, { id, contact }: ConversationSummary): Promise<string | null> {
  const identifiers = await client.conversations.get({ conversationId: id, messages: 0 }).then(
    (conversation) => conversation.identifiers,
    () => [],
  );
  const waIds = identifiers.filter(({ kind }) => kind === 'wa_id').map(({ value }) => value);
  // Whoever changed their number has several.
  return waIds.find((waId) => waId === contact.phone?.replace(/\D/g, '')) ?? (waIds.length === 1 ? (waIds[0] ?? null) : null);
}

const SEARCH_AFTER_MS = 120;
const SHOWN = 5;

/** Somebody the team talks with: found as in the list. */
function KnownContact({ onPick }: { onPick(row: ConversationSummary, waId: string | null): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<{ search: string; rows: readonly ConversationSummary[] } | null>(null);
  const wanted = search.trim();
  useEffect(() => {
    if (wanted === '') return;
    let isOver = false;
    const timer = setTimeout(() => {
      void client.conversations
        .list({ search: wanted, limit: SHOWN })
        .then(({ items }) => {
          if (!isOver) setFound({ search: wanted, rows: items });
        })
        // Who it is can be typed in all the same.
        .catch(() => undefined);
    }, SEARCH_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  const rows = wanted !== '' && found?.search === wanted ? found.rows : null;
  return (
    <div>
      <TextField label={t('compose.contacts.known')} hint={t('compose.contacts.knownHint')} value={search} maxLength={100} onChange={(event) => setSearch(event.target.value)} />
      {rows?.length === 0 && <p className={styles['none']}>{t('compose.contacts.knownNone')}</p>}
      {rows && rows.length > 0 && (
        <ul className={styles['found']}>
          {rows.map((row) => (
            <li key={row.id}>
              <button
                type="button"
                onClick={() => {
                  void findWaId(client, row).then((waId) => onPick(row, waId));
                  setSearch('');
                }}
              >
                <Avatar id={row.contact.id} name={row.contact.name} size={24} />
                <span>{row.contact.name}</span>
                <span className={styles['small']}>{row.contact.phone}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
