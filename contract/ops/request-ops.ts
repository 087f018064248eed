/**
 * Service requests, their conversations, and the events that have a template. Invariants: a number is given once, in log order, and never to
 * a pending request; a status moves only as `request-rules.ts` allows; an event is decided once in the whole team, and its message is
 * written by the same op that decides it, so it can neither go twice nor go to another role unless its author said so on record.
 */
import { findContactByPhone, findOpenConversation, addIdentifier, newConversation } from './contact-rows.ts';
import { rootOf } from './contact-ops.ts';
import { judgeFields, toColumn, type FieldChange } from './field-changes.ts';
import { queueMessage } from './message-ops.ts';
import { readActor } from './actor.ts';
import { addEventsOfChange, addFirstEvents, createEventWriter, personOf } from './request-events.ts';
import { EVENT_TEMPLATES, mayBecome, REQUEST_ROLES, type RequestRole } from '../requests/request-rules.ts';
import { judgeGuard } from '../rules/guard.ts';
import { NEW_CONTACT, PENDING_SEQ, type ServiceRequestRow, type StateTx } from '../state.ts';
import type { OpArgs, ReducerOp, RequestFields } from './op.ts';
import type { OpResult } from './op-result.ts';

type Op = Pick<ReducerOp, 'seq' | 'opId' | 'actorId' | 'deviceId' | 'occurredAt' | 'receivedAt'>;
const FIRST_NUMBER = 1001;
const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>, conversationId: string | null = null): OpResult => ({ outcome, conversationId, detail });

export function reduceRequestAdd(tx: StateTx, op: ReducerOp<'request.add'>): OpResult {
  const { requestId, fields, customer, source } = op.args;
  if (!readActor(tx, op.actorId)) return result('forbidden', { requestId });
  if (tx.get('service_request', [requestId])) return result('duplicate', { requestId });
  const same = findByExternalId(tx, fields.externalId);
  // Nothing else keeps what an agent wrote: it goes back to them.
  if (same) return result('duplicate', { requestId: same.id, externalId: fields.externalId, source, ...(source === 'manual' ? { fields, customer } : {}) });
  const takeNumber = createNumbers(tx, op.seq);
  const row = addRow(tx, op, { requestId, fields, customer, source, number: takeNumber() });
  takeNumber.keep();
  addFirstEvents(createEventWriter(tx, op), row);
  return result('applied', { requestId });
}

/** What the row of a file leaves out. */
const NO_FIELDS: RequestFields = {
  externalId: null,
  status: 'new',
  serviceType: '',
  customerId: null,
  customerName: '',
  contactPhone: '',
  contactEmail: '',
  address: '',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
};

/** Id of the request that a row of `request.import` makes. */
export const importedRequestId = (opId: string, index: number): string => `${opId}:${String(index).padStart(3, '0')}`;

/**
 * Many requests at once. What happened to them before has been told before: only new ones have an event, and only as a proposal, because
 * nobody means to send a thousand messages by importing a file.
 */
export function reduceRequestImport(tx: StateTx, op: ReducerOp<'request.import'>): OpResult {
  const { importId, rows } = op.args;
  if (!readActor(tx, op.actorId)) return result('forbidden', { importId, rows: rows.length });
  const takeNumber = createNumbers(tx, op.seq);
  const addEvent = createEventWriter(tx, op);
  const duplicates: string[] = [];
  for (const [index, { fields, customerPhone }] of rows.entries()) {
    const requestId = importedRequestId(op.opId, index);
    const externalId = fields.externalId ?? null;
    if (tx.get('service_request', [requestId]) ?? findByExternalId(tx, externalId)) {
      duplicates.push(externalId ?? requestId);
      continue;
    }
    const customer = customerPhone === undefined ? null : { contactId: `${requestId}:c`, phone: customerPhone };
    const row = addRow(tx, op, { requestId, fields: { ...NO_FIELDS, ...withoutUndefined(fields) }, customer, source: 'csv', number: takeNumber() });
    if (row.status === 'new' && row.vendor_id !== null) addEvent(row, 'vendor_assigned', row.vendor_id, { key: `${index}:`, isProposalOnly: true });
  }
  takeNumber.keep();
  const added = rows.length - duplicates.length;
  return result(added === 0 ? 'duplicate' : 'applied', { importId, added, duplicates });
}

const withoutUndefined = (fields: OpArgs<'request.import'>['rows'][number]['fields']): Partial<RequestFields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<RequestFields>;

const findByExternalId = (tx: StateTx, externalId: string | null): ServiceRequestRow | undefined => (externalId === null ? undefined : tx.list('request_by_external_id', [externalId])[0]);

type NewRequest = Pick<OpArgs<'request.add'>, 'requestId' | 'fields' | 'customer'> & { source: ServiceRequestRow['source']; number: number | null };
function addRow(tx: StateTx, op: Op, { requestId, fields, customer, source, number }: NewRequest): ServiceRequestRow {
  const row: ServiceRequestRow = {
    id: requestId,
    number,
    external_id: fields.externalId,
    status: fields.status,
    service_type: fields.serviceType,
    customer_id: unlessErased(tx, fields.customerId) ?? (customer && findOrAddCustomer(tx, op, customer, fields.customerName)),
    customer_name: fields.customerName,
    contact_phone: fields.contactPhone,
    contact_email: fields.contactEmail,
    address: fields.address,
    requested_date: fields.requestedDate,
    approved_date: fields.approvedDate,
    vendor_id: unlessErased(tx, fields.vendorId),
    form_url: fields.formUrl,
    description: fields.description,
    source,
    created_by: op.actorId,
    created_seq: op.seq,
    created_at: op.occurredAt,
    updated_seq: op.seq,
    updated_at: op.occurredAt,
  };
  tx.put('service_request', row);
  return row;
}

/** A file may still name somebody who was erased meanwhile. */
const unlessErased = (tx: StateTx, contactId: string | null): string | null => (contactId !== null && tx.get('erased', [contactId]) ? null : contactId);

/** Gives out numbers one after another; `keep` notes the last one. A pending op gets none. */
function createNumbers(tx: StateTx, seq: number): { (): number | null; keep: () => void } {
  const first = tx.get('counter', ['request'])?.value ?? FIRST_NUMBER - 1;
  let last = first;
  const take = (): number | null => (seq === PENDING_SEQ ? null : (last += 1));
  return Object.assign(take, { keep: () => last !== first && tx.put('counter', { name: 'request', value: last }) });
}

function findOrAddCustomer(tx: StateTx, op: Op, { contactId, phone }: { contactId: string; phone: string }, name: string): string | null {
  const known = findContactByPhone(tx, phone);
  if (known) return known.id;
  if (tx.get('contact', [contactId])) return null;
  tx.put('contact', { ...NEW_CONTACT, id: contactId, profile_name: null, username: null, created_seq: op.seq, name: name === '' ? null : name });
  addIdentifier(tx, contactId, 'phone', phone, op.seq);
  return contactId;
}

export function reduceRequestChange(tx: StateTx, op: ReducerOp<'request.change'>): OpResult {
  const { requestId } = op.args;
  const changes: Record<string, FieldChange | undefined> = { ...op.args.changes };
  const request = tx.get('service_request', [requestId]);
  if (!request) return result('target_missing', { requestId, changes });
  if (!readActor(tx, op.actorId)) return result('forbidden', { requestId, changes });
  const refused: Record<string, unknown> = {};
  const { status, externalId } = op.args.changes;
  if (status && status.from === request.status && status.to !== status.from && !mayBecome(status.from, status.to)) {
    refused['status'] = { to: status.to, was: request.status, reason: 'transition' };
    delete changes['status'];
  }
  const same = findByExternalId(tx, externalId?.to ?? null);
  if (same && same.id !== requestId) {
    refused['externalId'] = { to: same.external_id, was: request.external_id, reason: 'taken', requestId: same.id };
    delete changes['externalId'];
  }
  const isAnyLeft = Object.values(changes).some((change) => change !== undefined);
  const judged = judgeFields(request, changes, toColumn);
  const lost = { ...judged.lost, ...refused };
  if (judged.next !== request) {
    const next = { ...judged.next, updated_seq: op.seq, updated_at: op.occurredAt };
    tx.put('service_request', next);
    addEventsOfChange(tx, op, request, next);
    for (const role of REQUEST_ROLES) dropFormerLink(tx, role, request, next);
  }
  const isRefused = Object.keys(refused).length > 0;
  // What was refused has to be told, also where the rest stood already.
  const outcome = !isRefused ? judged.outcome : !isAnyLeft ? 'forbidden' : judged.outcome === 'superseded' ? 'superseded' : 'partial';
  return result(outcome, { requestId, changes: op.args.changes, lost });
}

const personIn = ({ customer_id, vendor_id }: ServiceRequestRow, role: RequestRole): string | null => (role === 'customer' ? customer_id : vendor_id);

/** The conversation with somebody who has no part in a request any more is not the request's: it would stand beside it under another name. */
function dropFormerLink(tx: StateTx, role: RequestRole, before: ServiceRequestRow, after: ServiceRequestRow): void {
  const [former, now] = [personIn(before, role), personIn(after, role)];
  if (former === null || (now !== null && rootOf(tx, now) === rootOf(tx, former))) return;
  const link = tx.get('request_link', [after.id, role]);
  const contactId = link && tx.get('conversation', [link.conversation_id])?.contact_id;
  if (contactId !== undefined && rootOf(tx, contactId) === rootOf(tx, former)) tx.delete('request_link', [after.id, role]);
}

export function reduceRequestLink(tx: StateTx, op: ReducerOp<'request.link'>): OpResult {
  const { requestId, role, from, to } = op.args;
  if (!tx.get('service_request', [requestId]) || (to !== null && !tx.get('conversation', [to]))) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  const current = tx.get('request_link', [requestId, role])?.conversation_id ?? null;
  const verdict = judgeGuard(current, from, to);
  if (verdict === 'applied') {
    if (to === null) tx.delete('request_link', [requestId, role]);
    else tx.put('request_link', { request_id: requestId, role, conversation_id: to, seq: op.seq });
  }
  return result(verdict, verdict === 'superseded' ? { ...op.args, was: current } : op.args, to ?? from);
}

/** What is there is attached or taken off, whatever else was named: in the detail only what this op has changed. */
export function reduceRequestAttach(tx: StateTx, op: ReducerOp<'request.attach'>): OpResult {
  const { requestId, isOn } = op.args;
  const messages = [...new Set(op.args.messageIds)].flatMap((id) => tx.get('message', [id]) ?? []);
  const [first] = messages;
  if (!tx.get('service_request', [requestId]) || !first) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args, first.conversation_id);
  const changed = messages.filter(({ id }) => (tx.get('request_message', [requestId, id]) !== undefined) !== isOn);
  for (const { id, conversation_id } of changed) {
    if (isOn) tx.put('request_message', { request_id: requestId, message_id: id, conversation_id, seq: op.seq, at: op.occurredAt, by: op.actorId });
    else tx.delete('request_message', [requestId, id]);
  }
  return result(changed.length === 0 ? 'merged' : 'applied', { requestId, messageIds: changed.map(({ id }) => id), isOn }, first.conversation_id);
}

export function reduceRequestNotify(tx: StateTx, op: ReducerOp<'request.notify'>): OpResult {
  const { eventId, messageId, contactId, phoneNumberId, content, isOverride, isAutomatic } = op.args;
  const event = tx.get('request_event', [eventId]);
  const request = event && tx.get('service_request', [event.request_id]);
  if (!event || !request || !tx.get('contact', [contactId])) return result('target_missing', { eventId, isAutomatic });
  const detail = { eventId, kind: event.kind, requestId: request.id, contactId, messageId, isOverride, isAutomatic };
  if (!readActor(tx, op.actorId) || content.kind !== 'template' || content.name !== EVENT_TEMPLATES[event.kind].template) return result('forbidden', detail);
  if (event.state !== 'open') return result('superseded', { ...detail, was: event.state, by: event.decided_by });
  const due = personOf(event, request);
  if ((due === null || rootOf(tx, due) !== rootOf(tx, contactId)) && !isOverride) return result('forbidden', { ...detail, reason: 'wrong_role' });
  if (tx.get('message', [messageId])) return result('duplicate', detail);
  const known = findOpenConversation(tx, contactId, phoneNumberId);
  if (!known && tx.get('conversation', [op.args.conversationId])) return result('duplicate', detail);
  const conversation = known ?? { ...newConversation(op.args.conversationId, contactId, phoneNumberId, op.seq, 'active'), last_message_at: op.receivedAt };
  if (!known) tx.put('conversation', conversation);
  // It answers nothing: what a colleague wrote meanwhile does not hold it.
  queueMessage(tx, { ...op, by: isAutomatic ? 'notice' : 'person' }, conversation, { messageId, content, quotedWamid: null, targetWamid: null, hold: null });
  tx.put('request_event', { ...event, state: 'sent', message_id: messageId, decided_by: op.actorId });
  // A former vendor who is told so gets no part in it by that.
  const isTheirs = event.kind !== 'vendor_removed' && !isOverride;
  if (isTheirs && !tx.get('request_link', [request.id, event.role])) tx.put('request_link', { request_id: request.id, role: event.role, conversation_id: conversation.id, seq: op.seq });
  return result('applied', detail, conversation.id);
}

export function reduceRequestDismiss(tx: StateTx, op: ReducerOp<'request.dismiss'>): OpResult {
  const event = tx.get('request_event', [op.args.eventId]);
  if (!event) return result('target_missing', op.args);
  const detail = { eventId: event.id, kind: event.kind, requestId: event.request_id };
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  if (event.state === 'dismissed') return result('merged', detail);
  if (event.state !== 'open') return result('superseded', { ...detail, was: event.state, by: event.decided_by });
  tx.put('request_event', { ...event, state: 'dismissed', decided_by: op.actorId });
  return result('applied', detail);
}
