/**
 * Beginning conversations, read positions and statuses. Invariants: a read position goes back only when its own reader says so, and of
 * two words about it the later one in the log stands; nobody archives or closes a
 * message of the customer that they had not seen (sync.md I9); a contact has at most one conversation per number that is not closed.
 */
import { judgeGuard } from '../rules/guard.ts';
import { readActor } from './actor.ts';
import { noteEnded } from './draft-events.ts';
import { addIdentifier, findContactByPhone, findOpenConversation, newConversation } from './contact-rows.ts';
import { NEW_CONTACT, type StateTx } from '../state.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

export function reduceConversationStart(tx: StateTx, op: ReducerOp<'conversation.start'>): OpResult {
  const { conversationId, contactId, phoneNumberId, phone, name } = op.args;
  if (tx.get('conversation', [conversationId])) return { outcome: 'duplicate', conversationId };
  const known = findContactByPhone(tx, phone);
  if (!known && tx.get('contact', [contactId])) return { outcome: 'duplicate', conversationId: null };
  const open = known && findOpenConversation(tx, known.id, phoneNumberId);
  if (open) return { outcome: 'merged', conversationId: open.id, detail: { conversationId: open.id } };
  const contact = known ?? { id: contactId, profile_name: null, username: null, created_seq: op.seq, ...NEW_CONTACT };
  // What people call themselves stands above what we call them.
  if (!known || (known.profile_name === null && name !== null)) tx.put('contact', { ...contact, profile_name: contact.profile_name ?? name });
  if (!tx.get('contact_identifier', ['wa_id', phone])) addIdentifier(tx, contact.id, 'phone', phone, op.seq);
  tx.put('conversation', { ...newConversation(conversationId, contact.id, phoneNumberId, op.seq, 'active'), last_message_at: op.receivedAt });
  return { outcome: 'applied', conversationId, detail: { conversationId } };
}

export function reduceReadAdvance(tx: StateTx, op: ReducerOp<'read.advance'>): OpResult {
  const { conversationId, throughMessageId, isUnread } = op.args;
  const message = tx.get('message', [throughMessageId]);
  if (!message || message.conversation_id !== conversationId || message.inbound_no === null) return { outcome: 'target_missing', conversationId };
  const position = tx.get('read_position', [op.actorId, conversationId]);
  const isRead = position !== undefined && position.seq >= message.seq;
  if (isRead === (isUnread !== true)) return { outcome: 'merged', conversationId };
  // Just before it: that message and what came after it count as unread again.
  const back = isUnread ? 1 : 0;
  tx.put('read_position', { agent_id: op.actorId, conversation_id: conversationId, seq: message.seq - back, inbound_no: message.inbound_no - back });
  return { outcome: 'applied', conversationId };
}

export function reduceConversationStatus(tx: StateTx, op: ReducerOp<'conversation.status'>): OpResult {
  const { conversationId, from, to, seenThrough } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return { outcome: 'target_missing', conversationId: null };
  // `at`: when it reached the log, which no desktop's clock decides.
  const detail = { from, to, was: conversation.status, at: op.receivedAt };
  if (to !== 'active' && conversation.last_inbound_seq > seenThrough) return { outcome: 'superseded', conversationId, detail: { ...detail, reason: 'customer_wrote' } };
  const verdict = judgeGuard(conversation.status, from, to);
  if (verdict !== 'applied') return { outcome: verdict, conversationId, detail };
  if (conversation.status === 'closed' && to !== 'closed') {
    const siblings = tx.list('conversation_by_contact', [conversation.contact_id, conversation.phone_number_id]);
    if (siblings.some((other) => other.id !== conversationId && other.status !== 'closed')) return { outcome: 'superseded', conversationId, detail: { ...detail, reason: 'newer_conversation' } };
  }
  // A closed conversation keeps the name of somebody who leaves; an open one is never with nobody who could answer.
  const assigneeId = conversation.assignee_id !== null && readActor(tx, conversation.assignee_id) ? conversation.assignee_id : null;
  const next = { ...conversation, status: to, assignee_id: assigneeId };
  tx.put('conversation', to === 'active' ? next : { ...next, snoozed_until: null });
  if (to !== 'active') noteEnded(tx, conversationId, { actorId: op.actorId, at: op.receivedAt });
  return { outcome: 'applied', conversationId, detail };
}
