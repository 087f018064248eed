/**
 * Outbound messages in the log. Invariants: a message is sent only after its `message.queue` (or `message.confirm`) came
 * back as `applied`; if somebody else answered after what the author had seen, it is `held` and its author decides
 * (a reaction answers nothing and is never held); the delivery status only moves along the line of `rules/delivery-status.ts`, in any order of arrival.
 */
import { mergeDeliveryStatus, type DeliveryStatus } from '../rules/delivery-status.ts';
import { AUTOMATIC_ACTOR, NO_MESSAGE_EXTRAS, PENDING_SEQ, PENDING_SORT_AT, type ConversationRow, type MessageRow, type StateTx } from '../state.ts';
import { findTarget, settleTarget } from '../whatsapp/about-message.ts';
import { wordsOf } from '../whatsapp/content-words.ts';
import { fileOf } from '../whatsapp/file-of.ts';
import type { Media, MessageContent, MessageError, Pricing } from '../whatsapp/message-content.ts';
import { addIdentifier } from './contact-rows.ts';
import { noteAnswerFailed, noteOutbound, noteTakenOver } from './draft-events.ts';
import { noteTold, reopenEvents } from './request-events.ts';
import type { OutboundContent, ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

/** True if an outbound message of anybody but `actorId` is in the log after `seenThrough`. */
export function hasUnseenReplyOfOthers(conversation: ConversationRow, actorId: string, seenThrough: number): boolean {
  const lastOfOthers = conversation.last_outbound_actor_id === actorId ? conversation.other_outbound_seq : conversation.last_outbound_seq;
  return lastOfOthers > seenThrough;
}

/** Why a message is held. The last two: it came from a draft that was out of date, or gone. */
export type HoldReason = 'conversation_closed' | 'answered_by_other' | 'answered_by_itself' | 'customer_wrote' | 'draft_gone';
export function mustHold(conversation: ConversationRow, actorId: string, seenThrough: number): HoldReason | null {
  if (conversation.status === 'closed') return 'conversation_closed';
  if (!hasUnseenReplyOfOthers(conversation, actorId, seenThrough)) return null;
  return conversation.last_outbound_actor_id === AUTOMATIC_ACTOR ? 'answered_by_itself' : 'answered_by_other';
}

/** What was sent without a person: an `answer` of the automatic mode, or a `notice` (the template of a request event). */
type WithSender = { by?: 'person' | 'answer' | 'notice' };

/** Notes in the conversation that this outbound message is the newest one. */
function recordOutbound(tx: StateTx, conversation: ConversationRow, message: MessageRow, op: { seq: number; actorId: string; receivedAt: number } & WithSender): void {
  // A notice tells of something else: whoever waits for an answer waits on, and nobody's reply has crossed one.
  if (op.by === 'notice') return tx.put('conversation', withLastMessage(conversation, message));
  const actorId = op.by === 'answer' ? AUTOMATIC_ACTOR : op.actorId;
  const isSameActor = conversation.last_outbound_actor_id === actorId;
  tx.put(
    'conversation',
    withLastMessage(
      {
        ...conversation,
        other_outbound_seq: isSameActor ? conversation.other_outbound_seq : conversation.last_outbound_seq,
        last_outbound_seq: op.seq,
        last_outbound_actor_id: actorId,
        waiting_since: null,
      },
      message,
    ),
  );
  noteOutbound(tx, conversation.id, { actorId: op.actorId, at: op.receivedAt }, op.by !== 'answer');
}

const placeOf = (op: { seq: number; deviceSeq: number; receivedAt: number }): number => (op.seq === PENDING_SEQ ? PENDING_SORT_AT + op.deviceSeq : op.receivedAt);

/** The conversation with `message` as its newest one, if it is. */
export function withLastMessage(conversation: ConversationRow, message: MessageRow): ConversationRow {
  if (conversation.last_message_id !== null && message.sort_at < conversation.last_message_at) return conversation;
  return { ...conversation, last_message_id: message.id, last_message_at: message.sort_at };
}

export function reduceQueue(tx: StateTx, op: ReducerOp<'message.queue'>): OpResult {
  const { messageId, conversationId, content, quotedWamid, targetWamid } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  // No message keeps the words then: they go back to their author.
  if (!conversation) return { outcome: 'target_missing', conversationId: null, detail: { text: wordsOf(content) } };
  if (tx.get('message', [messageId])) return { outcome: 'duplicate', conversationId };
  const isReaction = content.kind === 'reaction';
  if (isReaction !== (targetWamid !== undefined)) return { outcome: 'forbidden', conversationId, detail: { reason: 'malformed' } };
  if (isReaction && !isInConversation(tx, targetWamid, conversationId)) return { outcome: 'target_missing', conversationId };
  const holdReason = isReaction ? null : mustHold(conversation, op.actorId, op.args.seenThrough);
  queueMessage(tx, op, conversation, { messageId, content, quotedWamid: quotedWamid ?? null, targetWamid: targetWamid ?? null, hold: holdReason ? 'held' : null });
  if (holdReason) return { outcome: 'held', conversationId, detail: { messageId, reason: holdReason } };
  return { outcome: 'applied', conversationId, detail: { messageId } };
}

type Queued = { messageId: string; content: OutboundContent; quotedWamid: string | null; targetWamid: string | null; hold: 'held' | null };

/** Writes a message of ours that is to be sent, unless it is held. */
export function queueMessage(tx: StateTx, op: Omit<ReducerOp, 'type' | 'args'> & WithSender, conversation: ConversationRow, { messageId, content, quotedWamid, targetWamid, hold }: Queued): void {
  const message: MessageRow = {
    ...NO_MESSAGE_EXTRAS,
    id: messageId,
    conversation_id: conversation.id,
    contact_id: conversation.contact_id,
    direction: 'out',
    seq: op.seq,
    sort_at: placeOf(op),
    sent_at: op.occurredAt,
    received_at: op.receivedAt,
    wamid: null,
    content: JSON.stringify(content),
    quoted_wamid: quotedWamid,
    target_wamid: targetWamid,
    inbound_no: null,
    status: 'queued',
    error: null,
    hold,
    actor_id: op.actorId,
    device_id: op.deviceId,
  };
  tx.put('message', message);
  // Its author is at it, though nothing leaves yet.
  if (hold !== null) return noteTakenOver(tx, conversation.id);
  noteTold(tx, message, op.actorId);
  // A reaction answers nothing.
  if (content.kind !== 'reaction') recordOutbound(tx, conversation, message, op);
}

const isInConversation = (tx: StateTx, wamid: string | undefined, conversationId: string): boolean =>
  wamid !== undefined && tx.list('message_by_wamid', [wamid]).some((message) => message.conversation_id === conversationId && message.target_wamid === null);

export function reduceConfirm(tx: StateTx, op: ReducerOp<'message.confirm'>): OpResult {
  const held = tx.get('message', [op.args.messageId]);
  const conversation = held && tx.get('conversation', [held.conversation_id]);
  if (!held || !conversation) return { outcome: 'target_missing', conversationId: null };
  const conversationId = conversation.id;
  if (held.actor_id !== op.actorId) return { outcome: 'forbidden', conversationId };
  if (held.hold !== 'held') return { outcome: held.hold === null ? 'merged' : 'superseded', conversationId };
  const holdReason = mustHold(conversation, op.actorId, op.args.seenThrough);
  if (holdReason) return { outcome: 'held', conversationId, detail: { messageId: held.id, reason: holdReason } };
  const message: MessageRow = { ...held, hold: null, device_id: op.deviceId, seq: op.seq, sort_at: placeOf(op) };
  tx.put('message', message);
  noteTold(tx, message, op.actorId);
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
  // Another desktop of its author cannot know that it is not on its way: then nobody may tell the same once more.
  if (message.status === 'failed' || message.device_id === op.deviceId) reopenEvents(tx, message.id);
  return { outcome: 'applied', conversationId, detail: { messageId: message.id } };
}

export function reduceResult(tx: StateTx, op: ReducerOp<'message.result'>): OpResult {
  const message = tx.get('message', [op.args.messageId]);
  if (!message) return { outcome: 'target_missing', conversationId: null };
  const conversationId = message.conversation_id;
  if (message.actor_id !== op.actorId) return { outcome: 'forbidden', conversationId };
  if ('wamid' in op.args) {
    // Whom Meta sent it to, as it writes them: so their answer finds the same contact.
    addIdentifier(tx, message.contact_id, 'wa_id', op.args.waId ?? null, op.seq);
    addIdentifier(tx, message.contact_id, 'user_id', op.args.userId ?? null, op.seq);
  }
  const isNews =
    'wamid' in op.args
      ? advanceDelivery(tx, message, { ...NOTHING_ELSE, status: 'sent', at: op.receivedAt, wamid: op.args.wamid })
      : advanceDelivery(tx, message, { ...NOTHING_ELSE, status: 'failed', at: op.receivedAt, error: op.args.error });
  return { outcome: isNews ? 'applied' : 'merged', conversationId, detail: { messageId: message.id } };
}

/** The file of a message: what its bytes are, by the first desktop that read them. No activity of the conversation: nobody did anything in it. */
export function reduceMedia(tx: StateTx, op: ReducerOp<'message.media'>): OpResult {
  const { messageId, sha256, bytes } = op.args;
  const message = tx.get('message', [messageId]);
  const media = message && mediaOf(message.content);
  if (!message || !media) return { outcome: 'target_missing', conversationId: null };
  if (media.sha256 !== null) return { outcome: media.sha256 === sha256 ? 'merged' : 'superseded', conversationId: null };
  const name = (json: string): string => JSON.stringify(withFile(JSON.parse(json) as MessageContent, media.id, { sha256, bytes }));
  tx.put('message', { ...message, content: name(message.content), original_content: message.original_content === null ? null : name(message.original_content) });
  const target = findTarget(tx, message);
  if (target) settleTarget(tx, target);
  return { outcome: 'applied', conversationId: null };
}

const mediaOf = (json: string): Media | null => {
  const content = JSON.parse(json) as MessageContent;
  return fileOf(content.kind === 'edit' ? content.content : content);
};

function withFile<C extends MessageContent>(content: C, id: string | null, file: Pick<Media, 'sha256' | 'bytes'>): C {
  if (content.kind === 'edit') return { ...content, content: withFile(content.content, id, file) };
  const media = fileOf(content);
  return media?.id === id ? { ...content, media: { ...media, ...file } } : content;
}

export type DeliveryNews = { status: DeliveryStatus; at: number; error: MessageError | null; wamid: string | null; pricing: Pricing | null };
const NOTHING_ELSE = { error: null, wamid: null, pricing: null } as const;

/**
 * Moves a message along the delivery line and keeps the timeline. Learning the wamid also settles what came before it: its
 * statuses (`parked_status`), and edits of it. A price that was told stays. Returns whether anything changed.
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
    pricing: message.pricing ?? (news.pricing && JSON.stringify(news.pricing)),
  };
  const isChanged = isNewStep || next.wamid !== message.wamid || next.status !== message.status || next.error !== message.error || next.pricing !== message.pricing;
  if (isChanged) tx.put('message', next);
  if (next.status === 'failed' && message.status !== 'failed') noteAnswerFailed(tx, next, news.at);
  // It reached them after all.
  if (isChanged && message.hold === 'discarded' && next.status !== 'queued' && next.status !== 'failed') noteTold(tx, next, message.actor_id);
  if (next.wamid === null || message.wamid !== null) return isChanged;
  for (const parked of tx.list('parked_status_by_wamid', [next.wamid])) {
    tx.delete('parked_status', [parked.wamid, parked.status]);
    const { status, at } = parked;
    const error = parked.error === null ? null : (JSON.parse(parked.error) as MessageError);
    const pricing = parked.pricing === null ? null : (JSON.parse(parked.pricing) as Pricing);
    advanceDelivery(tx, tx.get('message', [message.id]) ?? next, { status, at, error, wamid: null, pricing });
  }
  settleTarget(tx, tx.get('message', [message.id]) ?? next);
  return isChanged;
}
