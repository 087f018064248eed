/**
 * Takes one of Meta's batches apart. Splitting is all the relay knows about WhatsApp. Invariants: every correctly signed
 * body gives at least one item, nothing in it is dropped, one broken element never costs another one, and the same event
 * delivered again gives the same dedupe key. Source of the shapes: Cloud API, Webhooks, "Components" and "Reference".
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { WebhookItem } from '../contract/whatsapp/webhook-item.ts';

/** `dedupe`: 16 bytes, equal for equal events. `body`: JSON of a `WebhookItem`. `sentAt`: Meta's timestamp (ms) of what has just happened; null: it says none, or it is imported history. */
export type SplitItem = { dedupe: Buffer; body: string; isUnrecognised: boolean; sentAt: number | null };

type Json = Record<string, unknown>;
type Envelope = { field: string; wabaId: string; time: number | undefined };

/** Arrays of a change's value whose elements become items of their own. */
const SPLIT_ARRAYS = { messages: 'message', message_echoes: 'message', statuses: 'status', errors: 'error' } as const;
type ArrayName = keyof typeof SPLIT_ARRAYS;
const ARRAY_NAMES = Object.keys(SPLIT_ARRAYS) as ArrayName[];
/** Parts of a value that travel inside its items; alone they are no news. */
const ENVELOPE_KEYS = new Set(['messaging_product', 'metadata', 'contacts']);

/** Where an element names a person, and where a contact does. */
const PERSON_KEYS = [
  'wa_id',
  'user_id',
  'parent_user_id',
  'from',
  'from_user_id',
  'from_parent_user_id',
  'to',
  'to_user_id',
  'recipient_id',
  'recipient_user_id',
  'recipient_parent_user_id',
  'recipient_participant_id',
];
const CONTACT_KEYS = ['wa_id', 'user_id', 'parent_user_id'];

/** An element that names nobody takes the contacts along when there are no more than this. */
const UNNAMED_CONTACTS_MAX = 8;

/** Every item repeats its envelope; a body that would grow beyond this many times its size is kept whole instead. */
const GROWTH_MAX = 16;
const GROWTH_FREE_BYTES = 64 * 1024;

/** An integer in the text that a double may not hold: 16 digits or more, outside or inside a string. */
const LONG_INTEGER = /(?:^|[\s:,[-])\d{16}/;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const asId = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);
const hasContent = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== null && value !== '');

/** @param raw the body as it arrived, its signature already checked. */
export function splitWebhook(raw: Buffer): SplitItem[] {
  const parsed = isUtf8(raw) ? parseJson(raw.toString('utf8')) : undefined;
  const entries = isObject(parsed) && parsed['object'] === 'whatsapp_business_account' ? parsed['entry'] : undefined;
  if (!Array.isArray(entries)) return [keepWhole(raw)];

  const items: SplitItem[] = [];
  let isIncomplete = false;
  let room = GROWTH_MAX * raw.length + GROWTH_FREE_BYTES;
  for (const makeItem of listItems(entries)) {
    try {
      const item = makeItem();
      room -= item.body.length;
      if (room < 0) return [keepWhole(raw)];
      items.push(item);
    } catch {
      isIncomplete = true; // nested too deeply to be written again
    }
  }
  return isIncomplete || items.length === 0 ? [...items, keepWhole(raw)] : items;
}

/** Each item as a function, so that one that cannot be made does not end the walk. */
function* listItems(entries: unknown[]): Generator<() => SplitItem> {
  for (const entry of entries) {
    const changes = isObject(entry) ? entry['changes'] : undefined;
    if (!isObject(entry) || !Array.isArray(changes) || changes.length === 0) {
      yield () => keepPart(entry);
      continue;
    }
    const wabaId = asId(entry['id']) ?? '';
    const time = typeof entry['time'] === 'number' ? entry['time'] : undefined;
    for (const change of changes) {
      if (isObject(change) && typeof change['field'] === 'string') yield* listFieldItems({ field: change['field'], wabaId, time }, change['value']);
      else yield () => keepPart({ id: wabaId, time, changes: [change] });
    }
  }
}

/** Fields whose lists lie deeper than those of the others, or in lists of their own. */
function* listFieldItems(envelope: Envelope, value: unknown): Generator<() => SplitItem> {
  if (!isObject(value)) return yield* listChangeItems(envelope, value);
  const { standby, history, user_preferences: wishes } = value;
  switch (envelope.field) {
    case 'standby': {
      // The same items as in `messages`, one level down.
      if (!isObject(standby)) break;
      yield* listChangeItems(envelope, { ...pickEnvelope(value), ...standby });
      return yield* listRest(envelope, value, 'standby', []);
    }
    case 'history': {
      if (!Array.isArray(history) || history.length === 0) break;
      const left: unknown[] = [];
      for (const chunk of history) yield* listChunkItems(envelope, value, chunk, (rest) => left.push(rest));
      return yield* listRest(envelope, value, 'history', left);
    }
    case 'user_preferences': {
      // Each is a person's own: one entry can make one contact.
      if (!Array.isArray(wishes) || wishes.length < 2) break;
      const findContacts = createContactLookup(value['contacts']);
      for (const wish of wishes) yield () => keepChange(envelope, { ...value, ...(isObject(wish) && 'contacts' in value && { contacts: findContacts(wish) }), user_preferences: [wish] });
      return;
    }
    default:
  }
  yield* listChangeItems(envelope, value);
}

/** A chunk of imported history: its messages, each with the thread it stands in. `keep` is given what is no message. */
function* listChunkItems(envelope: Envelope, value: Json, chunk: unknown, keep: (rest: unknown) => void): Generator<() => SplitItem> {
  if (!isObject(chunk) || !Array.isArray(chunk['threads'])) return keep(chunk);
  const metadata = isObject(value['metadata']) ? value['metadata'] : undefined;
  const findContacts = createContactLookup(value['contacts']);
  const { threads, ...about } = chunk;
  const left: unknown[] = [];
  let count = 0;
  for (const part of threads as unknown[]) {
    const elements = isObject(part) && Array.isArray(part['messages']) ? (part['messages'] as unknown[]) : [];
    const messages = elements.filter(isObject);
    if (!isObject(part) || messages.length === 0 || messages.length < elements.length)
      left.push(isObject(part) && messages.length > 0 ? { ...part, messages: elements.filter((element) => !isObject(element)) } : part);
    if (!isObject(part)) continue;
    const { messages: _, ...rest } = part;
    const thread = { ...rest, chunk: about['metadata'] };
    count += messages.length;
    for (const message of messages) yield () => keepElement(envelope, 'message', metadata, findContacts(message, asId(part['id'])), message, thread);
  }
  const { metadata: _, ...rest } = about;
  if (left.length > 0) keep({ ...about, threads: left });
  else if (count === 0 || Object.keys(rest).length > 0) keep(about);
}

/** What a value says besides the list that was taken out of it. */
function* listRest(envelope: Envelope, value: Json, taken: string, left: unknown[]): Generator<() => SplitItem> {
  const rest: Json = { ...value };
  delete rest[taken];
  if (left.length > 0) rest[taken] = left;
  if (Object.keys(rest).some((key) => !ENVELOPE_KEYS.has(key) && hasContent(rest[key]))) yield* listChangeItems(envelope, rest);
}

const pickEnvelope = (value: Json): Json => Object.fromEntries(Object.entries(value).filter(([key]) => ENVELOPE_KEYS.has(key)));

function* listChangeItems(envelope: Envelope, value: unknown): Generator<() => SplitItem> {
  if (!isObject(value)) {
    yield () => keepChange(envelope, { value });
    return;
  }
  const metadata = isObject(value['metadata']) ? value['metadata'] : undefined;
  const findContacts = createContactLookup(value['contacts']);
  const rest: Json = { ...value };
  let count = 0;
  for (const name of ARRAY_NAMES) {
    const elements = value[name];
    if (!Array.isArray(elements)) continue;
    delete rest[name];
    count += elements.length;
    for (const element of elements) {
      if (isObject(element)) yield () => keepElement(envelope, SPLIT_ARRAYS[name], metadata, findContacts(element), element);
      else yield () => keepPart({ id: envelope.wabaId, time: envelope.time, changes: [{ field: envelope.field, value: { metadata, [name]: [element] } }] });
    }
  }
  if (count === 0) yield () => keepChange(envelope, value);
  else if (Object.keys(rest).some((key) => !ENVELOPE_KEYS.has(key) && hasContent(rest[key]))) yield () => keepChange(envelope, rest);
}

/** The contacts an element names, by any of its ids; where it names none of them all, or none if they are many: a batch would grow by every pair. */
function createContactLookup(value: unknown): (element: Json, personId?: string | null) => Json[] {
  const contacts = Array.isArray(value) ? value.filter(isObject) : [];
  const byId = new Map<string, Set<Json>>();
  for (const contact of contacts) {
    for (const id of readIds(contact, CONTACT_KEYS)) byId.set(id, (byId.get(id) ?? new Set()).add(contact));
  }
  return (element, personId = null) => {
    const named = new Set([...readIds(element, PERSON_KEYS), ...(personId === null ? [] : [personId])].flatMap((id) => [...(byId.get(id) ?? [])]));
    if (named.size > 0) return [...named];
    return contacts.length <= UNNAMED_CONTACTS_MAX ? contacts : [];
  };
}

const readIds = (value: Json, keys: string[]): string[] => keys.map((key) => asId(value[key])).filter((id) => id !== null);

function keepElement(envelope: Envelope, item: 'message' | 'status' | 'error', metadata: Json | undefined, contacts: Json[], payload: Json, thread?: Json): SplitItem {
  const { field, wabaId, time } = envelope;
  const whole: WebhookItem = { item, field, wabaId, ...(metadata && { metadata }), ...(contacts.length > 0 && { contacts }), ...(thread && { thread }), payload };
  return finish(whole, elementKey(item, field, payload, thread !== undefined) ?? contentKey(whole, time), field === 'messages' ? readTimestamp(payload) : null);
}

/** Seconds in a string, in Meta's messages and statuses. */
function readTimestamp({ timestamp }: Json): number | null {
  const seconds = typeof timestamp === 'string' || typeof timestamp === 'number' ? Number(timestamp) : Number.NaN;
  return seconds > 0 ? seconds * 1000 : null;
}

function elementKey(item: 'message' | 'status' | 'error', field: string, payload: Json, isInThread: boolean): string | null {
  const wamid = asId(payload['id']);
  if (wamid === null || item === 'error') return null;
  // The file of an imported message comes once more under the id of the message that holds its place in the thread.
  if (item === 'message') return `${field === 'messages' ? '' : `${field}/`}${isInThread ? 't:' : 'm:'}${wamid}`;
  const status = asId(payload['status']);
  if (status === null) return null;
  // A message to a group gets the same status once per participant.
  const isGroup = payload['recipient_type'] === 'group' || payload['recipient_participant_id'] !== undefined;
  const recipient = isGroup ? `/${asId(payload['recipient_id']) ?? ''}/${asId(payload['recipient_participant_id']) ?? ''}` : '';
  return `s:${wamid}/${status}${recipient}`;
}

function keepChange({ field, wabaId, time }: Envelope, payload: Json): SplitItem {
  const whole: WebhookItem = { item: 'change', field, wabaId, ...(time !== undefined && { time }), payload };
  return finish(whole, contentKey(whole, time));
}

/** A part of a batch that we cannot take apart, in the envelope it came in. */
function keepPart(part: unknown): SplitItem {
  const item: WebhookItem = { item: 'unrecognised', text: JSON.stringify(part) };
  return finish(item, contentKey(item, undefined));
}

/** The body as it came: as text if it is text, else in base64. */
function keepWhole(raw: Buffer): SplitItem {
  const item: WebhookItem = { item: 'unrecognised', ...(isUtf8(raw) ? { text: raw.toString('utf8') } : { base64: raw.toString('base64') }) };
  return finish(item, contentKey(item, undefined));
}

/** Events without an id of their own are the same when they say the same at the same time, in whatever key order. */
function contentKey(item: WebhookItem, time: number | undefined): string {
  const canonical = JSON.stringify(item, (_key, part: unknown) => (isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part));
  return `h:${hash('sha256', `${time ?? ''} ${canonical}`)}`;
}

function finish(item: WebhookItem, key: string, sentAt: number | null = null): SplitItem {
  return { dedupe: hash('sha256', key, 'buffer').subarray(0, 16), body: JSON.stringify(item), isUnrecognised: item.item === 'unrecognised', sentAt };
}

/** @returns undefined for what is no JSON. Integers that a double would change become strings of their digits. */
function parseJson(text: string): unknown {
  try {
    return LONG_INTEGER.test(text) ? JSON.parse(text, keepLongInteger) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keepLongInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
