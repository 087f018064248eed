/**
 * Folds one message into rows: of a customer, of a colleague on the phone, or imported from the phone's history.
 * Invariants: ids of new rows derive from the entry's seq; only what a customer writes now counts as unread, opens the
 * service window or lets somebody wait; what is about another message changes that message and nothing of the conversation.
 */
import { textOf, objectOf, type Json } from '../json.ts';
import { findOpenConversation, newConversation } from '../ops/contact-rows.ts';
import { noteInbound, noteOutbound, noteTakenOver } from '../ops/draft-events.ts';
import { advanceDelivery, withLastMessage } from '../ops/message-ops.ts';
import type { DeliveryStatus } from '../rules/delivery-status.ts';
import { NO_MESSAGE_EXTRAS, type ConversationRow, type MessageRow, type StateTx } from '../state.ts';
import { findTarget, isAboutAnother, settleTarget } from './about-message.ts';
import type { MessageContent } from './message-content.ts';
import { readInboundContent, readMessageContext, readMessageError, readTarget, readType } from './read-content.ts';
import type { WebhookItem } from './webhook-item.ts';
import { findOrCreateContact, readCustomer } from './webhook-person.ts';
import { inboundMessageId, type WebhookResult } from './webhook-result.ts';
import { placeInSecond, readTimestamp } from './webhook-time.ts';

type Entry = { seq: number; receivedAt: number };
type MessageItem = Extract<WebhookItem, { item: 'message' }>;

/** Whose messages each field brings. */
const ORIGINS: ReadonlyMap<string, MessageRow['origin']> = new Map([
  ['messages', null],
  ['standby', 'standby'],
  ['smb_message_echoes', 'phone_app'],
  ['history', 'history'],
]);
/** Not written by the customer as a message, so they open no service window. */
const OPENS_NO_WINDOW = new Set(['system', 'edit', 'revoke', 'reaction']);
/** What the history says became of our own messages (Cloud API, `history_context.status`). */
const HISTORY_STATUSES: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['DELIVERED', 'delivered'],
  ['READ', 'read'],
  ['PLAYED', 'played'],
  ['ERROR', 'failed'],
]);

export function reduceMessage(tx: StateTx, entry: Entry, item: MessageItem): WebhookResult {
  const { payload } = item;
  const origin = originOf(item);
  // A group's messages belong to no private conversation: answering there would go to one person.
  if (origin === undefined || (payload['group_id'] ?? null) !== null) return { outcome: 'kept', messageId: null };
  const wamid = textOf(payload['id']);
  const content = readInboundContent(payload);
  const twin = wamid === null ? undefined : tx.list('message_by_wamid', [wamid])[0];
  if (twin) return origin === 'history' ? fillPlaceholder(tx, twin, content) : { outcome: 'duplicate', messageId: twin.id };

  const direction = directionOf(item, origin);
  const contact = findOrCreateContact(tx, entry.seq, readCustomer(item, direction));
  const phoneNumberId = textOf(item.metadata?.['phone_number_id']) ?? '';
  const sentAt = readTimestamp(payload['timestamp'], entry.receivedAt);
  const isAbout = isAboutAnother(content);
  const context = readMessageContext(payload);
  const error = Array.isArray(payload['errors']) ? readMessageError(payload['errors'][0]) : null;
  const message: MessageRow = {
    ...NO_MESSAGE_EXTRAS,
    id: inboundMessageId(entry.seq),
    conversation_id: '',
    contact_id: contact.id,
    direction,
    seq: entry.seq,
    sort_at: placeInSecond(sentAt, entry.receivedAt),
    sent_at: sentAt,
    received_at: entry.receivedAt,
    wamid,
    content: JSON.stringify(content),
    quoted_wamid: textOf(objectOf(payload['context'])?.['id']),
    target_wamid: isAbout ? readTarget(payload) : null,
    context: context && JSON.stringify(context),
    origin,
    inbound_no: null,
    status: null,
    error: error && JSON.stringify(error),
    hold: null,
    actor_id: null,
    device_id: null,
  };
  const target = findTarget(tx, message);
  const isQuiet = isAbout || origin === 'history';
  const conversation = (target && tx.get('conversation', [target.conversation_id])) ?? findConversation(tx, entry.seq, contact.id, phoneNumberId, { isQuiet, isPast: origin === 'history' });
  message.conversation_id = conversation.id;
  const counts = direction === 'in' && !isQuiet;
  if (counts) message.inbound_no = conversation.inbound_count + 1;

  if (isAbout) {
    // Nothing has been said in a conversation that begins with it; it stands in the list by its time.
    if (conversation.last_message_id === null) tx.put('conversation', { ...conversation, last_message_at: Math.max(conversation.last_message_at, message.sort_at) });
  } else if (origin === 'history') tx.put('conversation', withLastMessage(conversation, message));
  else tx.put('conversation', withLastMessage(direction === 'in' ? withInbound(conversation, message, payload) : withEcho(conversation, message), message));

  if (counts) noteInbound(tx, conversation.id, entry.receivedAt);
  // An answer to what they have said otherwise now is an answer to something else.
  else if (direction === 'in' && (content.kind === 'edit' || content.kind === 'revoke')) noteTakenOver(tx, conversation.id);
  else if (direction === 'out' && !isQuiet) noteOutbound(tx, conversation.id, { actorId: null, at: entry.receivedAt }, true);

  if (direction === 'out') advanceDelivery(tx, { ...message, wamid: null }, { status: historyStatus(payload), at: sentAt, error, wamid, pricing: null });
  else {
    tx.put('message', message);
    settleTarget(tx, message);
  }
  if (target) settleTarget(tx, target);
  return { outcome: 'applied', messageId: message.id };
}

/** `undefined`: of a field that brings no messages. What names a recipient is an echo, in whichever field it comes. */
function originOf({ field, payload }: MessageItem): MessageRow['origin'] | undefined {
  const isEcho = field === 'messages' && (textOf(payload['to']) ?? textOf(payload['to_user_id'])) !== null;
  return isEcho ? 'phone_app' : ORIGINS.get(field);
}

function directionOf({ payload, metadata, thread }: MessageItem, origin: MessageRow['origin']): 'in' | 'out' {
  if (origin === 'phone_app') return 'out';
  if (origin !== 'history') return 'in';
  const from = textOf(payload['from']);
  const own = textOf(metadata?.['display_phone_number']);
  if (from !== null && own !== null) return from.replace(/\D/g, '') === own.replace(/\D/g, '') ? 'out' : 'in';
  return textOf(payload['to']) !== null && from !== textOf(thread?.['id']) ? 'out' : 'in';
}

/** Our own messages were sent, whatever else is told of them. */
const historyStatus = (payload: Json): DeliveryStatus => HISTORY_STATUSES.get(textOf(objectOf(payload['history_context'])?.['status'])?.toUpperCase() ?? '') ?? 'sent';

/**
 * Where a message belongs: in the contact's conversation that is not closed, else in a new one, because closed ones never
 * reopen by themselves. What is quiet reopens and begins nothing where there is any conversation.
 */
function findConversation(tx: StateTx, seq: number, contactId: string, phoneNumberId: string, { isQuiet, isPast }: { isQuiet: boolean; isPast: boolean }): ConversationRow {
  const open = findOpenConversation(tx, contactId, phoneNumberId);
  const newest = isQuiet ? tx.list('conversation_by_contact', [contactId, phoneNumberId]).toSorted((a, b) => b.created_seq - a.created_seq)[0] : undefined;
  return open ?? newest ?? newConversation(`c_${seq}`, contactId, phoneNumberId, seq, isPast ? 'archived' : 'active');
}

/** What the customer writes reopens what was archived or put aside, and they wait from then on. */
function withInbound(conversation: ConversationRow, message: MessageRow, payload: Json): ConversationRow {
  const opensWindow = !OPENS_NO_WINDOW.has(readType(payload));
  // What was archived unanswered is done with: the customer waits from this message on.
  const waitingSince = conversation.status === 'active' ? conversation.waiting_since : null;
  const isLatest = opensWindow && message.sent_at >= (conversation.last_inbound_at ?? 0);
  return {
    ...conversation,
    status: 'active',
    snoozed_until: null,
    waiting_since: opensWindow ? Math.min(waitingSince ?? message.sent_at, message.sent_at) : waitingSince,
    inbound_count: conversation.inbound_count + 1,
    last_inbound_seq: message.seq,
    last_inbound_at: isLatest ? message.sent_at : conversation.last_inbound_at,
    last_inbound_wamid: isLatest ? message.wamid : conversation.last_inbound_wamid,
  };
}

/** An answer like any colleague's, but of nobody that we know by name. One that came late answers nothing that was written after it. */
function withEcho(conversation: ConversationRow, message: MessageRow): ConversationRow {
  const isAnswer = conversation.waiting_since === null || message.sent_at >= conversation.waiting_since;
  return {
    ...conversation,
    other_outbound_seq: conversation.last_outbound_actor_id === null ? conversation.other_outbound_seq : conversation.last_outbound_seq,
    last_outbound_seq: message.seq,
    last_outbound_actor_id: null,
    waiting_since: isAnswer ? null : conversation.waiting_since,
  };
}

/** Files of the history come after the messages that hold their place. */
function fillPlaceholder(tx: StateTx, twin: MessageRow, content: MessageContent): WebhookResult {
  const known = JSON.parse(twin.original_content ?? twin.content) as MessageContent;
  if (twin.origin !== 'history' || known.kind !== 'other' || known.type !== 'media_placeholder' || content.kind === 'other') return { outcome: 'duplicate', messageId: twin.id };
  const filled: MessageRow = { ...twin, content: JSON.stringify(content), original_content: null, edited_at: null };
  tx.put('message', filled);
  settleTarget(tx, filled);
  return { outcome: 'applied', messageId: twin.id };
}
