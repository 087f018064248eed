/**
 * Takes people, and conversations that are too old, out of the team's rows. Invariants: after `contact.erase` no synced row holds a word that the
 * person wrote, that was written to them, or by which they are named in their requests; nothing brings them back, because ops of before that name
 * what is gone find it in `erased` and keep no words either, and because the op stands in the log as any other; whoever writes from the same
 * number later is somebody new. What stays (docs/privacy.md): ids, times, and figures of the AI parts.
 */
import { parseJson } from '../json.ts';
import { isEnded } from '../requests/request-rules.ts';
import { mayLead } from '../rules/rights.ts';
import { workspaceSettingsSchema } from '../rules/workspace-settings.ts';
import type { ActivityRow, ConversationRow, MessageRow, RequestEventRow, ServiceRequestRow, StateTx } from '../state.ts';
import type { MessageContent } from '../whatsapp/message-content.ts';
import { eraseAiWords, eraseAiWordsIn, listIdentities } from './ai-ops.ts';
import { readActor } from './actor.ts';
import { rootOf } from './contact-ops.ts';
import type { OpBody, ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>): OpResult => ({ outcome, conversationId: null, detail });

export function reduceContactErase(tx: StateTx, op: ReducerOp<'contact.erase'>): OpResult {
  const { contactId } = op.args;
  if (!tx.get('contact', [contactId])) return result('target_missing', { contactId });
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', { contactId });
  const ids = listIdentities(tx, rootOf(tx, contactId));
  const bury = (id: string): void => tx.put('erased', { id, seq: op.seq });
  const counts = { conversations: 0, messages: 0, notes: 0, requests: 0 };
  eraseAiWords(tx, ids, op);
  for (const request of listRequests(tx, ids)) {
    if (eraseFromRequest(tx, request, ids)) bury(request.id);
    counts.requests += 1;
  }
  for (const id of ids) {
    // Also of requests that have another vendor by now.
    for (const event of tx.list('request_event_by_contact', [id])) closeEvent(tx, event);
    for (const draft of tx.list('draft_by_contact', [id])) bury(draft.id);
    for (const note of tx.list('note_by_contact', [id])) {
      tx.delete('note', [note.id]);
      bury(note.id);
      counts.notes += 1;
    }
    for (const conversation of tx.list('conversation_of_contact', [id])) {
      removeConversation(tx, conversation);
      bury(conversation.id);
      counts.conversations += 1;
    }
    for (const message of tx.list('message_by_contact', [id])) {
      removeMessage(tx, message);
      // WhatsApp will still tell what becomes of it.
      if (message.direction === 'out') bury(message.id);
      counts.messages += 1;
    }
    for (const { kind, value } of tx.list('identifier_by_contact', [id])) tx.delete('contact_identifier', [kind, value]);
    for (const { key } of tx.list('attribute_by_contact', [id])) tx.delete('contact_attribute', [id, key]);
    for (const activity of tx.list('activity_by_contact', [id])) takeWords(tx, activity);
    tx.delete('contact', [id]);
    bury(id);
  }
  return result('applied', { contactId, people: ids.length, ...counts });
}

/** Those of which one of these is the customer or the vendor, and those that have nobody yet and a number of theirs. */
function listRequests(tx: StateTx, contactIds: readonly string[]): ServiceRequestRow[] {
  const found = new Map<string, ServiceRequestRow>();
  const add = (rows: readonly ServiceRequestRow[]): void => {
    for (const row of rows) found.set(row.id, row);
  };
  for (const id of contactIds) {
    add(tx.list('request_by_customer', [id]));
    add(tx.list('request_by_vendor', [id]));
    for (const { kind, value } of tx.list('identifier_by_contact', [id]))
      if (kind === 'wa_id' || kind === 'phone') add(tx.list('request_by_phone', [`+${value}`]).filter((row) => row.customer_id === null));
  }
  return [...found.values()];
}

/**
 * Number, id of the other system, kind of service, dates and status stay: they are the company's work. Of a vendor a request holds no word: what it
 * says of its customer stays then. @returns whether they are its customer.
 */
function eraseFromRequest(tx: StateTx, request: ServiceRequestRow, contactIds: readonly string[]): boolean {
  const isVendor = request.vendor_id !== null && contactIds.includes(request.vendor_id);
  const isCustomer = request.customer_id === null ? !isVendor : contactIds.includes(request.customer_id);
  const nobody = { customer_id: null, customer_name: '', contact_phone: '', contact_email: '', address: '', form_url: '', description: '' };
  tx.put('service_request', { ...request, ...(isCustomer ? nobody : {}), ...(isVendor ? { vendor_id: null } : {}) });
  for (const event of tx.list('request_event_by_request', [request.id])) {
    const told = isCustomer && event.message_id !== null ? tx.get('message', [event.message_id]) : undefined;
    // What the vendor was told of the customer stands in the vendor's conversation.
    if (told && !contactIds.includes(told.contact_id)) tx.put('message', { ...told, content: withoutValues(told.content) });
    if (event.contact_id === null && event.role === 'customer' && isCustomer) closeEvent(tx, event);
  }
  if (isCustomer) for (const activity of tx.list('activity_by_request', [request.id])) takeWords(tx, activity);
  return isCustomer;
}

/** There is nobody to be told. */
function closeEvent(tx: StateTx, event: RequestEventRow): void {
  tx.put('request_event', { ...event, contact_id: null, state: event.state === 'open' ? 'obsolete' : event.state });
}

/** A template without what was filled into it. */
function withoutValues(json: string): string {
  const content = JSON.parse(json) as MessageContent;
  return content.kind === 'template' ? JSON.stringify({ ...content, header: null, body: '', buttons: [], parameters: [] }) : json;
}

function removeConversation(tx: StateTx, conversation: ConversationRow): void {
  const { id } = conversation;
  for (const { label_id: labelId } of tx.list('conversation_label_by_conversation', [id])) tx.delete('conversation_label', [id, labelId]);
  for (const { agent_id: agentId } of tx.list('read_position_by_conversation', [id])) tx.delete('read_position', [agentId, id]);
  for (const { request_id: requestId, role } of tx.list('request_link_by_conversation', [id])) tx.delete('request_link', [requestId, role]);
  for (const { request_id: requestId, message_id: messageId } of tx.list('request_message_by_conversation', [id])) tx.delete('request_message', [requestId, messageId]);
  for (const activity of tx.list('activity_by_conversation', [id])) takeWords(tx, activity);
  tx.delete('conversation_ai', [id]);
  tx.delete('conversation', [id]);
}

function removeMessage(tx: StateTx, message: MessageRow): void {
  for (const { status } of tx.list('message_status_by_message', [message.id])) tx.delete('message_status', [message.id, status]);
  if (message.wamid !== null) for (const parked of tx.list('parked_status_by_wamid', [message.wamid])) tx.delete('parked_status', [parked.wamid, parked.status]);
  tx.delete('message', [message.id]);
}

/** What of an op's detail or arguments is no word: ids and the words of the rules themselves. */
const NO_WORDS: ReadonlySet<string> = new Set([
  'messageId',
  'draftId',
  'runId',
  'noteId',
  'contactId',
  'conversationId',
  'requestId',
  'eventId',
  'labelId',
  'kind',
  'role',
  'reason',
  'throughMessageId',
  'aboutMessageId',
]);

export const withoutWords = (detail: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(detail).filter(([key, value]) => typeof value === 'boolean' || typeof value === 'number' || (NO_WORDS.has(key) && (typeof value === 'string' || value === null))));

function takeWords(tx: StateTx, activity: ActivityRow): void {
  const detail = JSON.stringify(withoutWords(JSON.parse(activity.detail) as object));
  if (detail !== activity.detail) tx.put('activity', { ...activity, detail });
}

/** Whether an op is about somebody who was erased, or about something that went with them. */
export function isAboutErased(tx: Pick<StateTx, 'get'>, op: OpBody): boolean {
  return namesOf(op).some((id) => tx.get('erased', [id]) !== undefined);
}

/** A request stays when a person goes: what is still said of it is judged, and what was refused leaves no words. */
export function namesErasedRequest(tx: Pick<StateTx, 'get'>, op: OpBody): boolean {
  const { requestId } = op.args as { requestId?: unknown };
  return typeof requestId === 'string' && tx.get('erased', [requestId]) !== undefined;
}

function namesOf({ type, args }: OpBody): string[] {
  const named: unknown[] = [];
  // Links may lead away from what is gone, and an erasure may meet another one.
  if (type === 'contact.erase' || type === 'retention.apply' || type === 'request.link') return [];
  const { contactId, conversationId, messageId, noteId, draftId, run, fields, changes } = args as Record<string, unknown> & {
    run?: { contactId?: unknown; conversationId?: unknown };
    fields?: { customerId?: unknown; vendorId?: unknown };
    changes?: { customerId?: { to?: unknown }; vendorId?: { to?: unknown } };
  };
  named.push(contactId, conversationId, messageId, noteId, draftId, run?.contactId, run?.conversationId, fields?.customerId, fields?.vendorId, changes?.customerId?.to, changes?.vendorId?.to);
  return named.filter((id) => typeof id === 'string');
}

/** Rows that ops make under ids of their authors. */
const MADE: { [T in OpBody['type']]?: readonly [key: string, table: 'message' | 'note' | 'ai_draft' | 'service_request'] } = {
  'message.queue': ['messageId', 'message'],
  'note.add': ['noteId', 'note'],
  'draft.propose': ['draftId', 'ai_draft'],
  'draft.approve': ['messageId', 'message'],
  'request.add': ['requestId', 'service_request'],
};

/** What an op about somebody who was erased would have made is gone with them: its author, who has not heard of it, may have gone on with it. */
export function buryMade(tx: StateTx, seq: number, { type, args }: OpBody): void {
  const made = MADE[type];
  if (!made) return;
  const [key, table] = made;
  const id = (args as Record<string, unknown>)[key];
  if (typeof id === 'string' && !tx.get(table, [id]) && !tx.get('erased', [id])) tx.put('erased', { id, seq });
}

/** The zone of the workspace may be this far from the relay's day. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** The moment some months before another one, in UTC; the last day of a shorter month. */
export function monthsBefore(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  date.setUTCDate(Math.min(day, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()));
  return date.getTime();
}

export const readRetention = (tx: Pick<StateTx, 'get'>): number | null =>
  workspaceSettingsSchema.shape.retention.safeParse(parseJson(tx.get('workspace_setting', ['retention'])?.value ?? 'null')).data?.months ?? null;

export function reduceRetention(tx: StateTx, op: ReducerOp<'retention.apply'>): OpResult {
  const { before, conversationIds } = op.args;
  const months = readRetention(tx);
  if (!readActor(tx, op.actorId) || months === null || before > monthsBefore(op.receivedAt, months) + DAY_MS) return result('forbidden', { before });
  const counts = { conversations: 0, messages: 0 };
  for (const id of conversationIds) {
    const conversation = tx.get('conversation', [id]);
    if (!conversation || !isPast(tx, conversation, before)) continue;
    counts.messages += forgetConversation(tx, conversation, op);
    counts.conversations += 1;
  }
  return result(counts.conversations > 0 ? 'applied' : 'merged', { before, ...counts });
}

/** Also what belongs to a request that is not at its end is kept: the conversation, or messages of it. */
function isPast(tx: StateTx, conversation: ConversationRow, before: number): boolean {
  if (conversation.status === 'active' || conversation.last_message_at >= before) return false;
  const belonging = [...tx.list('request_link_by_conversation', [conversation.id]), ...tx.list('request_message_by_conversation', [conversation.id])];
  return belonging.every(({ request_id: requestId }) => isEnded(tx.get('service_request', [requestId])?.status ?? 'done'));
}

/** @returns how many messages went. */
function forgetConversation(tx: StateTx, conversation: ConversationRow, op: ReducerOp<'retention.apply'>): number {
  eraseAiWordsIn(tx, conversation, op);
  for (const note of tx.list('note_by_contact', [conversation.contact_id])) if (note.conversation_id === conversation.id) tx.delete('note', [note.id]);
  const messages = tx.list('message_of_conversation', [conversation.contact_id, conversation.id]);
  for (const message of messages) removeMessage(tx, message);
  removeConversation(tx, conversation);
  return messages.length;
}
