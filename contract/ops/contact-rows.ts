/**
 * Contacts and their identifiers. Invariants: a contact is found by identifiers and never keyed by one; an identifier that
 * belongs to somebody stays theirs (two people may have shared a phone); a username is for showing and searching only,
 * never for finding, because it can pass to somebody else.
 */
import { phoneTwin } from '../rules/phone-variants.ts';
import type { ContactRow, ConversationRow, ConversationStatus, IdentifierKind, StateTx } from '../state.ts';

export type Identifier = { kind: IdentifierKind; value: string };

/** The contact with one of these, the first that is known. A phone number is also known under the other way of writing it. */
export function findContact(tx: Pick<StateTx, 'get'>, identifiers: readonly Identifier[]): ContactRow | undefined {
  for (const { kind, value } of identifiers) {
    const contact = findBy(tx, kind, value);
    if (contact) return contact;
  }
  for (const { kind, value } of identifiers) {
    if (kind !== 'wa_id' && kind !== 'phone') continue;
    const twin = phoneTwin(value);
    for (const number of twin === null ? [value] : [value, twin]) {
      const contact = findBy(tx, 'wa_id', number) ?? findBy(tx, 'phone', number);
      if (contact) return contact;
    }
  }
  return undefined;
}

function findBy(tx: Pick<StateTx, 'get'>, kind: IdentifierKind, value: string): ContactRow | undefined {
  const known = kind === 'username' ? undefined : tx.get('contact_identifier', [kind, value]);
  return known && tx.get('contact', [known.contact_id]);
}

/** Null adds nothing. */
export function addIdentifier(tx: StateTx, contactId: string, kind: IdentifierKind, value: string | null, seq: number): void {
  if (value === null) return;
  const known = tx.get('contact_identifier', [kind, value]);
  if (known && (kind !== 'username' || known.contact_id === contactId)) return;
  tx.put('contact_identifier', { kind, value, contact_id: contactId, first_seq: seq, last_seq: seq });
}

/** The contact with a phone number (digits with country code), as Meta or an agent wrote it. */
export const findContactByPhone = (tx: Pick<StateTx, 'get'>, phone: string): ContactRow | undefined =>
  findContact(tx, [
    { kind: 'wa_id', value: phone },
    { kind: 'phone', value: phone },
  ]);

/** The contact's conversation on a number that is not closed: there is one at most. */
export const findOpenConversation = (tx: Pick<StateTx, 'list'>, contactId: string, phoneNumberId: string): ConversationRow | undefined =>
  tx.list('conversation_by_contact', [contactId, phoneNumberId]).find(({ status }) => status !== 'closed');

/** A conversation in which nothing has been said yet; not stored. */
export const newConversation = (id: string, contactId: string, phoneNumberId: string, seq: number, status: ConversationStatus): ConversationRow => ({
  id,
  contact_id: contactId,
  phone_number_id: phoneNumberId,
  status,
  created_seq: seq,
  last_inbound_seq: 0,
  last_inbound_at: null,
  last_inbound_wamid: null,
  inbound_count: 0,
  last_outbound_seq: 0,
  last_outbound_actor_id: null,
  other_outbound_seq: 0,
  last_message_id: null,
  last_message_at: 0,
  assignee_id: null,
  team_id: null,
  snoozed_until: null,
  waiting_since: null,
});
