/**
 * Folds one item of a webhook into rows. Invariants: nothing throws for what Meta sends; ids of new rows derive from the
 * entry's seq; contacts are found by identifiers, never keyed by one; `messages[]` and its `contacts[]` match by id, not by index.
 * Source of the shapes: Cloud API, webhooks, field `messages`.
 */
import { TIMESTAMP_AHEAD_MAX_MS } from '../limits.ts';
import { advanceDelivery, withLastMessage } from '../ops/message-ops.ts';
import { isDeliveryStatus } from '../rules/delivery-status.ts';
import { NO_MESSAGE_EXTRAS } from '../state.ts';
import type { ContactRow, ConversationRow, IdentifierKind, MessageRow, StateTx } from '../state.ts';
import { readNumber } from '../json.ts';
import { readInboundContent, readMessageError } from './message-content.ts';
import { isDashboardTest, type WebhookItem } from './webhook-item.ts';

/**
 * What became of a webhook entry. `applied`: rows changed. `parked`: a status whose message is not known yet.
 * `merged`: known already. `kept`: stored raw, not shown (yet). `test`: Meta's dashboard button. `unrecognised`: no webhook.
 */
export type WebhookOutcome = 'applied' | 'merged' | 'duplicate' | 'parked' | 'kept' | 'test' | 'unrecognised';
export type WebhookResult = { outcome: WebhookOutcome; messageId: string | null };

/** Id of the message that a webhook entry became. */
export const inboundMessageId = (seq: number): string => `m_${seq}`;

type Json = Record<string, unknown>;
type MessageItem = Extract<WebhookItem, { item: 'message' | 'status' }>;
type Identifier = { kind: IdentifierKind; value: string };

/** Fields whose `messages[]` are what customers wrote (`standby`: while Meta's own agent holds the thread). */
const INBOUND_FIELDS = new Set(['messages', 'standby']);
/** Not written by the customer as a message, so they open no service window. */
const OPENS_NO_WINDOW = new Set(['system', 'edit', 'revoke']);

const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);
const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});

/** WhatsApp did not exist before 2009: an earlier timestamp is no timestamp. */
const FIRST_TIMESTAMP = Date.UTC(2009, 0, 1);

/** Meta's timestamp (seconds, string or number) in ms; the receipt time where it is missing, absurd or ahead of the relay's clock. */
function readTimestamp(value: unknown, receivedAt: number): number {
  const at = readNumber(value) * 1000;
  return at >= FIRST_TIMESTAMP && at <= receivedAt + TIMESTAMP_AHEAD_MAX_MS ? Math.trunc(at) : receivedAt;
}

/**
 * Meta's timestamps are whole seconds. Written within that second, and before it came here: so an answer does not stand
 * above the message that it answers.
 */
const placeInSecond = (sentAt: number, receivedAt: number): number => Math.max(sentAt, Math.min(sentAt + 999, receivedAt));

export function reduceWebhook(tx: StateTx, entry: { seq: number; receivedAt: number }, item: WebhookItem): WebhookResult {
  if (item.item === 'unrecognised') return { outcome: 'unrecognised', messageId: null };
  const isTest = isDashboardTest(item.wabaId, 'metadata' in item ? (asText(item.metadata?.['phone_number_id']) ?? undefined) : undefined);
  if (isTest) return { outcome: 'test', messageId: null };
  if (item.item === 'message' && INBOUND_FIELDS.has(item.field)) return reduceInboundMessage(tx, entry, item);
  if (item.item === 'status') return reduceStatus(tx, entry, item);
  return { outcome: 'kept', messageId: null };
}

function reduceInboundMessage(tx: StateTx, entry: { seq: number; receivedAt: number }, item: MessageItem): WebhookResult {
  const { payload } = item;
  // A group's messages belong to no private conversation: answering there would go to one person.
  if (payload['group_id'] !== undefined) return { outcome: 'kept', messageId: null };
  const wamid = asText(payload['id']);
  const twin = wamid === null ? undefined : tx.list('message_by_wamid', [wamid])[0];
  if (twin) return { outcome: 'duplicate', messageId: twin.id };
  const phoneNumberId = asText(item.metadata?.['phone_number_id']) ?? '';
  const contact = findOrCreateContact(tx, entry.seq, item, phoneNumberId);
  const found = findOrStartConversation(tx, entry.seq, contact.id, phoneNumberId);

  const content = readInboundContent(payload);
  const type = content.kind === 'other' ? content.type : content.kind;
  const sentAt = readTimestamp(payload['timestamp'], entry.receivedAt);
  const message: MessageRow = {
    ...NO_MESSAGE_EXTRAS,
    id: inboundMessageId(entry.seq),
    conversation_id: found.id,
    contact_id: contact.id,
    direction: 'in',
    seq: entry.seq,
    sort_at: placeInSecond(sentAt, entry.receivedAt),
    sent_at: sentAt,
    received_at: entry.receivedAt,
    wamid,
    content: JSON.stringify(content),
    quoted_wamid: asText(asObject(payload['context'])['id']),
    inbound_no: found.inbound_count + 1,
    status: null,
    error: null,
    hold: null,
    actor_id: null,
    device_id: null,
  };
  const problem = Array.isArray(payload['errors']) ? readMessageError(payload['errors'][0]) : null;
  if (problem) message.error = JSON.stringify(problem);
  tx.put('message', message);
  const opensWindow = !OPENS_NO_WINDOW.has(type);
  // What was archived unanswered is done with: the customer waits from this message on.
  const waitingSince = found.status === 'active' ? found.waiting_since : null;
  const isLatest = opensWindow && sentAt >= (found.last_inbound_at ?? 0);
  tx.put(
    'conversation',
    withLastMessage(
      {
        ...found,
        status: 'active',
        snoozed_until: null,
        waiting_since: opensWindow ? Math.min(waitingSince ?? sentAt, sentAt) : waitingSince,
        inbound_count: found.inbound_count + 1,
        last_inbound_seq: entry.seq,
        last_inbound_at: isLatest ? sentAt : found.last_inbound_at,
        last_inbound_wamid: isLatest ? wamid : found.last_inbound_wamid,
      },
      message,
    ),
  );
  return { outcome: 'applied', messageId: message.id };
}

/** The contact's conversation that is not closed, or a new one: closed ones never reopen by themselves. */
function findOrStartConversation(tx: StateTx, seq: number, contactId: string, phoneNumberId: string): ConversationRow {
  const open = tx.list('conversation_by_contact', [contactId, phoneNumberId]).find((conversation) => conversation.status !== 'closed');
  if (open) return open;
  return {
    id: `c_${seq}`,
    contact_id: contactId,
    phone_number_id: phoneNumberId,
    status: 'active',
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
  };
}

/** Everything that names the sender, the address we would answer to first, and the profile that goes with it. */
function readSender(item: MessageItem, phoneNumberId: string): { identifiers: Identifier[]; profile: Json; newWaId: string | null } {
  const { payload } = item;
  const contacts = item.contacts ?? [];
  const from = asText(payload['from']);
  const fromUserId = asText(payload['from_user_id']);
  const matching = contacts.find((contact) => (from !== null && contact['wa_id'] === from) || (fromUserId !== null && contact['user_id'] === fromUserId));
  const contact = matching ?? (contacts.length === 1 ? contacts[0] : undefined) ?? {};
  const identifiers: Identifier[] = [];
  const add = (kind: IdentifierKind, value: unknown): void => {
    const text = asText(value);
    if (text !== null && !identifiers.some((known) => known.kind === kind)) identifiers.push({ kind, value: text });
  };
  add('wa_id', from);
  add('wa_id', contact['wa_id']);
  add('user_id', fromUserId);
  add('user_id', contact['user_id']);
  add('parent_user_id', payload['from_parent_user_id']);
  add('parent_user_id', contact['parent_user_id']);
  if (identifiers.length === 0) add('anonymous', phoneNumberId === '' ? 'unknown' : phoneNumberId);
  const system = asObject(payload['system']);
  const newWaId = payload['type'] === 'system' ? (asText(system['new_wa_id']) ?? asText(system['wa_id'])) : null;
  return { identifiers, profile: asObject(contact['profile']), newWaId };
}

function findOrCreateContact(tx: StateTx, seq: number, item: MessageItem, phoneNumberId: string): ContactRow {
  const { identifiers, profile, newWaId } = readSender(item, phoneNumberId);
  let contact: ContactRow | undefined;
  for (const { kind, value } of identifiers) {
    const known = tx.get('contact_identifier', [kind, value]);
    contact ??= known && tx.get('contact', [known.contact_id]);
  }
  const name = asText(profile['name']);
  const username = asText(profile['username']);
  const next: ContactRow = {
    id: contact?.id ?? `p_${seq}`,
    profile_name: name ?? contact?.profile_name ?? null,
    username: username ?? contact?.username ?? null,
    created_seq: contact?.created_seq ?? seq,
    marketing: contact?.marketing ?? null,
    marketing_at: contact?.marketing_at ?? null,
  };
  if (!contact || next.profile_name !== contact.profile_name || next.username !== contact.username) tx.put('contact', next);
  const claims = newWaId === null ? identifiers : [...identifiers, { kind: 'wa_id' as const, value: newWaId }];
  for (const { kind, value } of claims) {
    const known = tx.get('contact_identifier', [kind, value]);
    // An identifier of another contact stays there: contacts are merged only by an op (two people may have shared a phone).
    if (!known) tx.put('contact_identifier', { kind, value, contact_id: next.id, first_seq: seq, last_seq: seq });
  }
  return next;
}

function reduceStatus(tx: StateTx, entry: { seq: number; receivedAt: number }, item: MessageItem): WebhookResult {
  const { payload } = item;
  const wamid = asText(payload['id']);
  const status = payload['status'];
  if (wamid === null || !isDeliveryStatus(status) || status === 'queued') return { outcome: 'kept', messageId: null };
  const error = status === 'failed' && Array.isArray(payload['errors']) ? readMessageError(payload['errors'][0]) : null;
  const at = readTimestamp(payload['timestamp'], entry.receivedAt);
  const callbackId = asText(payload['biz_opaque_callback_data']);
  const byCallback = callbackId === null ? undefined : tx.get('message', [callbackId]);
  const message = tx.list('message_by_wamid', [wamid])[0] ?? (byCallback?.wamid === null && byCallback.direction === 'out' ? byCallback : undefined);
  if (message) {
    if (message.direction !== 'out') return { outcome: 'kept', messageId: message.id };
    const isNews = advanceDelivery(tx, message, { status, at, error, wamid });
    return { outcome: isNews ? 'applied' : 'merged', messageId: message.id };
  }
  const parked = tx.get('parked_status', [wamid, status]);
  if (parked) return { outcome: 'merged', messageId: null };
  tx.put('parked_status', { wamid, status, at, error: error ? JSON.stringify(error) : null, seq: entry.seq, pricing: null });
  return { outcome: 'parked', messageId: null };
}
