/**
 * Outbound messages in the log. Invariants: a message is sent only after its `message.queue` (or `message.confirm`) came
 * back as `applied`; if somebody else answered after what the author had seen, it is `held` and its author decides;
 * the delivery status only moves along the line of `rules/delivery-status.ts`, in any order of arrival.
 */
import { mergeDeliveryStatus, type DeliveryStatus } from '../rules/delivery-status.ts';
import { NO_MESSAGE_EXTRAS, PENDING_SEQ, PENDING_SORT_AT, type ConversationRow, type MessageRow, type StateTx } from '../state.ts';
import { wordsOf } from '../whatsapp/content-words.ts';
import type { MessageError } from '../whatsapp/message-content.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

/** True if an outbound message of anybody but `actorId` is in the log after `seenThrough`. */
export function hasUnseenReplyOfOthers(conversation: ConversationRow, actorId: string, seenThrough: number): boolean {
  const lastOfOthers = conversation.last_outbound_actor_id === actorId ? conversation.other_outbound_seq : conversation.last_outbound_seq;
  return lastOfOthers > seenThrough;
}

const mustHold = (conversation: ConversationRow, op: { actorId: string; args: { seenThrough: number } }): 'answered_by_other' | 'conversation_closed' | null => {
  if (conversation.status === 'closed') return 'conversation_closed';
  return hasUnseenReplyOfOthers(conversation, op.actorId, op.args.seenThrough) ? 'answered_by_other' : null;
};

/** Notes in the conversation that this outbound message is the newest one. */
function recordOutbound(tx: StateTx, conversation: ConversationRow, message: MessageRow, op: { seq: number; actorId: string }): void {
  const isSameActor = conversation.last_outbound_actor_id === op.actorId;
  tx.put(
    'conversation',
    withLastMessage(
      {
        ...conversation,
        other_outbound_seq: isSameActor ? conversation.other_outbound_seq : conversation.last_outbound_seq,
        last_outbound_seq: op.seq,
        last_outbound_actor_id: op.actorId,
        waiting_since: null,
      },
      message,
    ),
  );
}

const placeOf = (op: { seq: number; deviceSeq: number; receivedAt: number }): number => (op.seq === PENDING_SEQ ? PENDING_SORT_AT + op.deviceSeq : op.receivedAt);

/** The conversation with `message` as its newest one, if it is. */
export function withLastMessage(conversation: ConversationRow, message: MessageRow): ConversationRow {
  if (conversation.last_message_id !== null && message.sort_at < conversation.last_message_at) return conversation;
  return { ...conversation, last_message_id: message.id, last_message_at: message.sort_at };
}

export function reduceQueue(tx: StateTx, op: ReducerOp<'message.queue'>): OpResult {
  const { messageId, conversationId, content, quotedWamid } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  // No message keeps the words then: they go back to their author.
  if (!conversation) return { outcome: 'target_missing', conversationId: null, detail: { text: wordsOf(content) } };
  if (tx.get('message', [messageId])) return { outcome: 'duplicate', conversationId };
  const holdReason = mustHold(conversation, op);
  const message: MessageRow = {
    ...NO_MESSAGE_EXTRAS,
    id: messageId,
    conversation_id: conversationId,
    contact_id: conversation.contact_id,
    direction: 'out',
    seq: op.seq,
    sort_at: placeOf(op),
    sent_at: op.occurredAt,
    received_at: op.receivedAt,
    wamid: null,
    content: JSON.stringify(content),
    quoted_wamid: quotedWamid ?? null,
    inbound_no: null,
    status: 'queued',
    error: null,
    hold: holdReason ? 'held' : null,
    actor_id: op.actorId,
    device_id: op.deviceId,
  };
  tx.put('message', message);
  if (holdReason) return { outcome: 'held', conversationId, detail: { messageId, reason: holdReason } };
  recordOutbound(tx, conversation, message, op);
  return { outcome: 'applied', conversationId, detail: { messageId } };
}

export function reduceConfirm(tx: StateTx, op: ReducerOp<'message.confirm'>): OpResult {
  const held = tx.get('message', [op.args.messageId]);
  const conversation = held && tx.get('conversation', [held.conversation_id]);
  if (!held || !conversation) return { outcome: 'target_missing', conversationId: null };
  const conversationId = conversation.id;
  if (held.actor_id !== op.actorId) return { outcome: 'forbidden', conversationId };
  if (held.hold !== 'held') return { outcome: held.hold === null ? 'merged' : 'superseded', conversationId };
  const holdReason = mustHold(conversation, op);
  if (holdReason) return { outcome: 'held', conversationId, detail: { messageId: held.id, reason: holdReason } };
  const message: MessageRow = { ...held, hold: null, device_id: op.deviceId, seq: op.seq, sort_at: placeOf(op) };
  tx.put('message', message);
  recordOutbound(tx, conversation, message, op);
  return { outcome: 'applied', conversationId, detail: { messageId: held.id } };
}

export function reduceDiscard(tx: StateTx, op: ReducerOp<'message.discard'>): OpResult {
  const message = tx.get('message', [op.args.messageId]);
  if (!message) return { outcome: 'target_missing', conversationId: null };
  const conversationId = message.conversation_id;
  if (message.actor_id !== op.actorId) return { outcome: 'forbidden', conversationId };
  if (message.hold === 'discarded') return { outcome: 'merged', conversationId };
  if (message.status !== 'queued' && message.status !== 'failed') return { outcome: 'superseded', conversationId };
  tx.put('message', { ...message, hold: 'discarded' });
  return { outcome: 'applied', conversationId, detail: { messageId: message.id } };
}

export function reduceResult(tx: StateTx, op: ReducerOp<'message.result'>): OpResult {
  const message = tx.get('message', [op.args.messageId]);
  if (!message) return { outcome: 'target_missing', conversationId: null };
  const conversationId = message.conversation_id;
  if (message.actor_id !== op.actorId) return { outcome: 'forbidden', conversationId };
  const isNews =
    'wamid' in op.args
      ? advanceDelivery(tx, message, { status: 'sent', at: op.receivedAt, error: null, wamid: op.args.wamid })
      : advanceDelivery(tx, message, { status: 'failed', at: op.receivedAt, error: op.args.error, wamid: null });
  return { outcome: isNews ? 'applied' : 'merged', conversationId, detail: { messageId: message.id } };
}

export type DeliveryNews = { status: DeliveryStatus; at: number; error: MessageError | null; wamid: string | null };

/**
 * Moves a message along the delivery line and keeps the timeline. Learning the wamid also settles the statuses that
 * came before it (`parked_status`). Returns whether anything changed.
 */
export function advanceDelivery(tx: StateTx, message: MessageRow, news: DeliveryNews): boolean {
  const known = tx.get('message_status', [message.id, news.status]);
  const isNewStep = !known || news.at < known.at;
  if (isNewStep) tx.put('message_status', { message_id: message.id, status: news.status, at: news.at });
  const next: MessageRow = {
    ...message,
    wamid: message.wamid ?? news.wamid,
    status: mergeDeliveryStatus(message.status ?? 'queued', news.status),
    error: news.error ? JSON.stringify(news.error) : message.error,
  };
  const isChanged = isNewStep || next.wamid !== message.wamid || next.status !== message.status || next.error !== message.error;
  if (isChanged) tx.put('message', next);
  if (next.wamid !== null && message.wamid === null) {
    let settled = next;
    for (const parked of tx.list('parked_status_by_wamid', [next.wamid])) {
      tx.delete('parked_status', [parked.wamid, parked.status]);
      advanceDelivery(tx, settled, { status: parked.status, at: parked.at, error: parked.error ? (JSON.parse(parked.error) as MessageError) : null, wamid: null });
      settled = tx.get('message', [message.id]) ?? settled;
    }
  }
  return isChanged;
}
