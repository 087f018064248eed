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
import { EVENT_TEMPLATES, eventOfStatus, isEnded, mayBecome, type EventKind } from '../requests/request-rules.ts';
import { DEFAULT_WORKSPACE_SETTINGS, workspaceSettingsSchema } from '../rules/workspace-settings.ts';
import { judgeGuard } from '../rules/guard.ts';
import { parseJson } from '../json.ts';
import { NEW_CONTACT, PENDING_SEQ, type RequestEventRow, type ServiceRequestRow, type StateTx } from '../state.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

type Op = Pick<ReducerOp, 'seq' | 'opId' | 'actorId' | 'deviceId' | 'occurredAt' | 'receivedAt'>;
const FIRST_NUMBER = 1001;
const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>, conversationId: string | null = null): OpResult => ({ outcome, conversationId, detail });

export function reduceRequestAdd(tx: StateTx, op: ReducerOp<'request.add'>): OpResult {
  const { requestId, fields, customer, source } = op.args;
  if (!readActor(tx, op.actorId)) return result('forbidden', { requestId });
  if (tx.get('service_request', [requestId])) return result('duplicate', { requestId });
  const [same] = fields.externalId === null ? [] : tx.list('request_by_external_id', [fields.externalId]);
  if (same) return result('duplicate', { requestId: same.id, externalId: fields.externalId });
  const row: ServiceRequestRow = {
    id: requestId,
    number: takeNumber(tx, op.seq),
    external_id: fields.externalId,
    status: fields.status,
    service_type: fields.serviceType,
    customer_id: fields.customerId ?? (customer && findOrAddCustomer(tx, op, customer, fields.customerName)),
    customer_name: fields.customerName,
    contact_phone: fields.contactPhone,
    contact_email: fields.contactEmail,
    address: fields.address,
    requested_date: fields.requestedDate,
    approved_date: fields.approvedDate,
    vendor_id: fields.vendorId,
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
  const addEvent = eventWriter(tx, op, row);
  if (row.vendor_id !== null && !isEnded(row.status)) addEvent('vendor_assigned', row.vendor_id);
  const kind = eventOfStatus(row.status);
  if (kind !== null) addEvent(kind, EVENT_TEMPLATES[kind].role === 'vendor' ? row.vendor_id : row.customer_id);
  return result('applied', { requestId });
}

function takeNumber(tx: StateTx, seq: number): number | null {
  if (seq === PENDING_SEQ) return null;
  const value = (tx.get('counter', ['request'])?.value ?? FIRST_NUMBER - 1) + 1;
  tx.put('counter', { name: 'request', value });
  return value;
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
  const [same] = externalId?.to ? tx.list('request_by_external_id', [externalId.to]) : [];
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
    writeEvents(tx, op, request, next);
  }
  const isRefused = Object.keys(refused).length > 0;
  const outcome = !isRefused ? judged.outcome : !isAnyLeft ? 'forbidden' : judged.outcome === 'applied' ? 'partial' : judged.outcome;
  return result(outcome, { requestId, changes: op.args.changes, lost });
}

/** What a change means for the people of a request. */
function writeEvents(tx: StateTx, op: Op, before: ServiceRequestRow, after: ServiceRequestRow): void {
  const addEvent = eventWriter(tx, op, after);
  const open = tx.list('request_event_by_request', [after.id]).filter(({ state }) => state === 'open');
  const drop = (event: RequestEventRow): void => tx.put('request_event', { ...event, state: 'obsolete' });
  if (isEnded(after.status)) {
    if (!isEnded(before.status)) open.forEach(drop);
    return;
  }
  if (before.vendor_id !== after.vendor_id) {
    const former = before.vendor_id;
    const untold = open.filter(({ role, contact_id }) => role === 'vendor' && contact_id === former);
    untold.forEach(drop);
    // Nobody is told that they lost what they were never told of.
    if (former !== null && !untold.some(({ kind }) => kind === 'vendor_assigned')) addEvent('vendor_removed', former);
    if (after.vendor_id !== null) addEvent('vendor_assigned', after.vendor_id);
  }
  if (before.status !== after.status) {
    const kind = eventOfStatus(after.status);
    if (kind !== null) {
      open.filter((event) => event.kind === kind).forEach(drop);
      addEvent(kind, EVENT_TEMPLATES[kind].role === 'vendor' ? after.vendor_id : after.customer_id);
    }
  }
}

/** Adds events of one op; nothing where the team wants none of this kind. */
function eventWriter(tx: StateTx, op: Op, request: ServiceRequestRow): (kind: EventKind, contactId: string | null) => void {
  const setting = workspaceSettingsSchema.shape.requestEvents.safeParse(parseJson(tx.get('workspace_setting', ['requestEvents'])?.value ?? 'null'));
  const modes = setting.success ? setting.data : DEFAULT_WORKSPACE_SETTINGS.requestEvents;
  return (kind, contactId) => {
    const mode = modes[kind];
    if (mode === 'off') return;
    tx.put('request_event', {
      id: `${op.opId}:${kind}`,
      request_id: request.id,
      kind,
      role: EVENT_TEMPLATES[kind].role,
      contact_id: contactId,
      mode,
      state: 'open',
      seq: op.seq,
      at: op.occurredAt,
      actor_id: op.actorId,
      device_id: op.deviceId,
      message_id: null,
      decided_by: null,
    });
  };
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

export function reduceRequestNotify(tx: StateTx, op: ReducerOp<'request.notify'>): OpResult {
  const { eventId, messageId, contactId, phoneNumberId, content, isOverride, isAutomatic } = op.args;
  const event = tx.get('request_event', [eventId]);
  const request = event && tx.get('service_request', [event.request_id]);
  if (!event || !request || !tx.get('contact', [contactId])) return result('target_missing', { eventId });
  const detail = { eventId, requestId: request.id, messageId, isOverride, isAutomatic };
  if (!readActor(tx, op.actorId) || content.kind !== 'template') return result('forbidden', detail);
  if (event.state !== 'open') return result('superseded', { ...detail, was: event.state, by: event.decided_by });
  const due = event.contact_id ?? (event.role === 'customer' ? request.customer_id : request.vendor_id);
  if ((due === null || rootOf(tx, due) !== rootOf(tx, contactId)) && !isOverride) return result('forbidden', { ...detail, reason: 'wrong_role' });
  if (tx.get('message', [messageId])) return result('duplicate', detail);
  const known = findOpenConversation(tx, contactId, phoneNumberId);
  if (!known && tx.get('conversation', [op.args.conversationId])) return result('duplicate', detail);
  const conversation = known ?? { ...newConversation(op.args.conversationId, contactId, phoneNumberId, op.seq, 'active'), last_message_at: op.receivedAt };
  if (!known) tx.put('conversation', conversation);
  // It answers nothing: what a colleague wrote meanwhile does not hold it.
  queueMessage(tx, op, conversation, { messageId, content, quotedWamid: null, targetWamid: null, hold: null });
  tx.put('request_event', { ...event, state: 'sent', message_id: messageId, decided_by: op.actorId });
  if (!isOverride && !tx.get('request_link', [request.id, event.role])) tx.put('request_link', { request_id: request.id, role: event.role, conversation_id: conversation.id, seq: op.seq });
  return result('applied', detail, conversation.id);
}

export function reduceRequestDismiss(tx: StateTx, op: ReducerOp<'request.dismiss'>): OpResult {
  const event = tx.get('request_event', [op.args.eventId]);
  if (!event) return result('target_missing', op.args);
  const detail = { eventId: event.id, requestId: event.request_id };
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  if (event.state === 'dismissed') return result('merged', detail);
  if (event.state !== 'open') return result('superseded', { ...detail, was: event.state, by: event.decided_by });
  tx.put('request_event', { ...event, state: 'dismissed', decided_by: op.actorId });
  return result('applied', detail);
}
