/** Who a webhook is about, and their contact. `messages[]` and its `contacts[]` match by id, not by index. */
import { objectOf, textOf, type Json } from '../json.ts';
import { addIdentifier, findContact, type Identifier } from '../ops/contact-rows.ts';
import { NEW_CONTACT, type ContactRow, type IdentifierKind, type StateTx } from '../state.ts';
import { readIdentityChange } from './read-content.ts';

/** `identifiers`: what finds the person, the address we would answer to first; one of a kind. `gained`: what they have from now on. */
export type Person = { identifiers: Identifier[]; gained: Identifier[]; name: string | null; username: string | null };

type MessageLike = { payload: Json; contacts?: Json[] | undefined; metadata?: Json | undefined; thread?: Json | undefined };

/** The customer of a message: who wrote it (`in`), or whom it was written to (`out`). */
export function readCustomer({ payload, contacts = [], metadata, thread }: MessageLike, direction: 'in' | 'out'): Person {
  const [waIdKey, userIdKey, parentKey] = direction === 'in' ? ['from', 'from_user_id', 'from_parent_user_id'] : ['to', 'to_user_id', 'to_parent_user_id'];
  const change = readIdentityChange(payload);
  const waId = direction === 'in' ? change.oldWaId : textOf(payload[waIdKey]);
  const userId = direction === 'in' ? change.oldUserId : textOf(payload[userIdKey]);
  const matching = contacts.find((contact) => (waId !== null && contact['wa_id'] === waId) || (userId !== null && contact['user_id'] === userId));
  const contact = matching ?? (contacts.length === 1 ? contacts[0] : undefined) ?? {};
  const inThread = objectOf(thread?.['context']) ?? {};
  const { add, identifiers } = collectIdentifiers();
  // A thread of imported history is the person's; what stands in its messages may be the business itself.
  addThreadId(textOf(thread?.['id']), add);
  add('wa_id', inThread['wa_id']);
  add('user_id', inThread['user_id']);
  add('parent_user_id', inThread['parent_user_id']);
  add('wa_id', waId);
  add('wa_id', contact['wa_id']);
  add('user_id', userId);
  add('user_id', contact['user_id']);
  add('parent_user_id', payload[parentKey]);
  add('parent_user_id', contact['parent_user_id']);
  if (identifiers.length === 0) add('anonymous', textOf(metadata?.['phone_number_id']) ?? 'unknown');
  const profile = objectOf(contact['profile']) ?? {};
  const gained = collectIdentifiers();
  gained.add('wa_id', change.newWaId);
  gained.add('user_id', change.newUserId);
  gained.add('parent_user_id', change.newParentUserId);
  return { identifiers, gained: gained.identifiers, name: textOf(profile['name']), username: readUsername(profile['username']) ?? readUsername(inThread['username']) };
}

/** Somebody named by wa_id or user id alone, as in `user_preferences`; null where it names nobody. */
export function readNamedPerson(named: Json, contacts: Json[]): Person | null {
  const { add, identifiers } = collectIdentifiers();
  add('wa_id', named['wa_id']);
  add('user_id', named['user_id']);
  add('parent_user_id', named['parent_user_id']);
  if (identifiers.length === 0) return null;
  const contact = contacts.find((one) => identifiers.some(({ kind, value }) => one[kind] === value));
  const profile = objectOf(contact?.['profile']) ?? {};
  return { identifiers, gained: [], name: textOf(profile['name']), username: readUsername(profile['username']) };
}

function collectIdentifiers(): { identifiers: Identifier[]; add: (kind: IdentifierKind, value: unknown) => void } {
  const identifiers: Identifier[] = [];
  const add = (kind: IdentifierKind, value: unknown): void => {
    const text = textOf(value);
    if (text !== null && !identifiers.some((known) => known.kind === kind)) identifiers.push({ kind, value: text });
  };
  return { identifiers, add };
}

/** Threads are named by number, or by user id (`GT.…`) where there is none. */
function addThreadId(id: string | null, add: (kind: IdentifierKind, value: unknown) => void): void {
  if (id !== null) add(/^\+?\d+$/.test(id) ? 'wa_id' : 'user_id', id.replace(/^\+/, ''));
}

/** Without the leading @. */
const readUsername = (value: unknown): string | null => textOf(value)?.replace(/^@/, '') || null;

export function findOrCreateContact(tx: StateTx, seq: number, { identifiers, gained, name, username }: Person): ContactRow {
  const contact = findContact(tx, identifiers);
  const known: ContactRow = contact ?? { ...NEW_CONTACT, id: `p_${seq}`, profile_name: null, username: null, created_seq: seq };
  const next: ContactRow = { ...known, profile_name: name ?? known.profile_name, username: username ?? known.username };
  if (!contact || next.profile_name !== contact.profile_name || next.username !== contact.username) tx.put('contact', next);
  for (const { kind, value } of [...identifiers, ...gained]) addIdentifier(tx, next.id, kind, value, seq);
  addIdentifier(tx, next.id, 'username', username, seq);
  return next;
}
