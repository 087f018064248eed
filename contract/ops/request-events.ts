/**
 * The events of a service request: who is to be told what because of a change. Invariants: nobody is told that they lost what they were
 * never told of; an open event is true of the request as it stands, else it is `obsolete`; what the team's rules say of a kind of event
 * counts at the moment it arises.
 */
import { z } from 'zod';
import { EVENT_TEMPLATES, eventOfStatus, eventOfTemplate, isEnded, isSoIn, type EventKind } from '../requests/request-rules.ts';
import { DEFAULT_WORKSPACE_SETTINGS, workspaceSettingsSchema } from '../rules/workspace-settings.ts';
import { parseJson } from '../json.ts';
import { rootOf } from './contact-ops.ts';
import type { MessageRow, RequestEventRow, ServiceRequestRow, StateTx } from '../state.ts';
import type { ReducerOp } from './op.ts';

type Op = Pick<ReducerOp, 'seq' | 'opId' | 'actorId' | 'deviceId' | 'occurredAt'>;
/** `key`: tells the events of one op apart. `isProposalOnly`: a person decides, whatever the team's rules say. */
type AddEvent = (request: ServiceRequestRow, kind: EventKind, contactId: string | null, options?: { key?: string; isProposalOnly?: boolean }) => void;

/** Adds events of one op; nothing where the team wants none of this kind. */
export function createEventWriter(tx: StateTx, op: Op): AddEvent {
  const setting = workspaceSettingsSchema.shape.requestEvents.safeParse(parseJson(tx.get('workspace_setting', ['requestEvents'])?.value ?? 'null'));
  const modes = setting.success ? setting.data : DEFAULT_WORKSPACE_SETTINGS.requestEvents;
  return (request, kind, contactId, { key = '', isProposalOnly = false } = {}) => {
    const mode = modes[kind];
    if (mode === 'off') return;
    tx.put('request_event', {
      id: `${op.opId}:${key}${kind}`,
      request_id: request.id,
      kind,
      role: EVENT_TEMPLATES[kind].role,
      contact_id: contactId,
      mode: isProposalOnly ? 'propose' : mode,
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

/** What a new request means for its people. */
export function addFirstEvents(addEvent: AddEvent, request: ServiceRequestRow): void {
  if (request.vendor_id !== null && !isEnded(request.status)) addEvent(request, 'vendor_assigned', request.vendor_id);
  addStatusEvent(addEvent, request, false);
}

function addStatusEvent(addEvent: AddEvent, request: ServiceRequestRow, isProposalOnly: boolean): void {
  const kind = eventOfStatus(request.status);
  if (kind !== null) addEvent(request, kind, EVENT_TEMPLATES[kind].role === 'vendor' ? request.vendor_id : request.customer_id, { isProposalOnly });
}

/** What a change means for the people of a request. */
export function addEventsOfChange(tx: StateTx, op: Op, before: ServiceRequestRow, after: ServiceRequestRow): void {
  const addEvent = createEventWriter(tx, op);
  const events = listEvents(tx, after.id);
  const [open, dropped] = judgeOpen(tx, events, after);
  if (isEnded(after.status)) return;
  // Taken up again, often because somebody pressed the wrong button: a person decides what is told once more.
  const isProposalOnly = isEnded(before.status);
  const vendor = after.vendor_id;
  const isOther = !isSamePerson(tx, before.vendor_id, vendor);
  if (isProposalOnly) {
    for (const [index, former] of listTold(tx, events).entries()) if (!isSamePerson(tx, former, vendor)) addEvent(after, 'vendor_removed', former, { key: `${index}:`, isProposalOnly });
    const told = vendor === null ? 'told' : wasToldOfTask(tx, events, vendor);
    if (told === 'untold' || told === 'unasked' || (isOther && told === 'dismissed')) addEvent(after, 'vendor_assigned', vendor, { isProposalOnly });
  } else if (isOther) {
    const told = before.vendor_id === null ? 'untold' : wasToldOfTask(tx, events, before.vendor_id);
    if (told !== 'untold') addEvent(after, 'vendor_removed', before.vendor_id, { isProposalOnly: told !== 'told' });
    // Theirs once more before they heard that it was not: nothing is to be told.
    const isUnheard = dropped.some(({ kind, contact_id }) => kind === 'vendor_removed' && isSamePerson(tx, contact_id, vendor));
    if (vendor !== null && !isUnheard) addEvent(after, 'vendor_assigned', vendor);
  }
  if (before.status !== after.status) {
    const kind = eventOfStatus(after.status);
    for (const event of open) if (event.kind === kind) drop(tx, event);
    addStatusEvent(addEvent, after, isProposalOnly);
  }
}

/** In the order in which they arose; of one change the loss first. */
const listEvents = (tx: StateTx, requestId: string): RequestEventRow[] =>
  tx.list('request_event_by_request', [requestId]).toSorted((a, b) => a.seq - b.seq || a.at - b.at || Number(b.kind === 'vendor_removed') - Number(a.kind === 'vendor_removed'));

const drop = (tx: StateTx, event: RequestEventRow): void => tx.put('request_event', { ...event, state: 'obsolete' });

/** Drops the open events that are not true of the request as it is now. @returns those that stay, and those that do not. */
function judgeOpen(tx: StateTx, events: readonly RequestEventRow[], request: ServiceRequestRow): [RequestEventRow[], RequestEventRow[]] {
  const stay: RequestEventRow[] = [];
  const dropped: RequestEventRow[] = [];
  for (const known of events) {
    if (known.state !== 'open') continue;
    const event = address(tx, known, request);
    if (!isTrueOf(tx, event, request)) {
      drop(tx, known);
      dropped.push(known);
      continue;
    }
    stay.push(event);
    if (event.contact_id !== known.contact_id) tx.put('request_event', event);
  }
  return [stay, dropped];
}

/** What has not been told goes to whoever is the customer now, and to the vendor under the identity that the request names now. */
function address(tx: StateTx, event: RequestEventRow, { customer_id, vendor_id }: ServiceRequestRow): RequestEventRow {
  if (event.contact_id === null || event.kind === 'vendor_removed') return event;
  if (event.role === 'customer') return { ...event, contact_id: customer_id };
  return isSamePerson(tx, event.contact_id, vendor_id) ? { ...event, contact_id: vendor_id } : event;
}

function isTrueOf(tx: StateTx, { kind, role, contact_id }: RequestEventRow, request: ServiceRequestRow): boolean {
  if (isEnded(request.status) || !isSoIn(kind, request.status)) return false;
  if (kind === 'vendor_removed') return !isSamePerson(tx, contact_id, request.vendor_id);
  return contact_id === null || isSamePerson(tx, contact_id, role === 'customer' ? request.customer_id : request.vendor_id);
}

const isSamePerson = (tx: StateTx, a: string | null, b: string | null): boolean => a === b || (a !== null && b !== null && rootOf(tx, a) === rootOf(tx, b));

/**
 * Whether a vendor knows that a request is theirs, since they last heard that it was not. `dismissed`: not by a message of ours that arrived,
 * but perhaps otherwise: somebody decided that none goes. `unasked`: there never was an event. @param events in their order.
 */
function wasToldOfTask(tx: StateTx, events: readonly RequestEventRow[], vendorId: string): 'told' | 'untold' | 'dismissed' | 'unasked' {
  const theirs = events.filter(({ contact_id }) => isSamePerson(tx, contact_id, vendorId));
  const since = theirs.findLastIndex(({ kind, state }) => kind === 'vendor_removed' && (state === 'sent' || state === 'dismissed')) + 1;
  const assigned = theirs.slice(since).filter(({ kind }) => kind === 'vendor_assigned');
  const hasFailed = ({ message_id }: RequestEventRow): boolean => message_id !== null && tx.get('message', [message_id])?.status === 'failed';
  if (assigned.some((event) => event.state === 'sent' && !hasFailed(event))) return 'told';
  if (assigned.some(({ state }) => state === 'sent' || state === 'dismissed')) return 'dismissed';
  return assigned.length === 0 ? 'unasked' : 'untold';
}

/** Vendors who believe, by a message of ours, that the request is theirs. */
function listTold(tx: StateTx, events: readonly RequestEventRow[]): string[] {
  const told = new Map<string, string>();
  for (const { kind, contact_id } of events) if (kind === 'vendor_assigned' && contact_id !== null && wasToldOfTask(tx, events, contact_id) === 'told') told.set(rootOf(tx, contact_id), contact_id);
  return [...told.values()];
}

/** A template that says what an open event is about, to the person of that event, decides it, whoever chose it from where. */
export function noteTold(tx: StateTx, message: Pick<MessageRow, 'id' | 'contact_id' | 'content'>, actorId: string | null): void {
  const content = toldSchema.safeParse(parseJson(message.content));
  if (!content.success) return;
  const kind = eventOfTemplate(content.data.name);
  const request = tx.get('service_request', [content.data.request.id]);
  for (const event of request ? tx.list('request_event_by_request', [request.id]) : []) {
    const due = request && personOf(event, request);
    if (event.kind !== kind || event.state !== 'open' || !due || rootOf(tx, due) !== rootOf(tx, message.contact_id)) continue;
    tx.put('request_event', { ...event, state: 'sent', message_id: message.id, decided_by: actorId });
  }
}
const toldSchema = z.object({ kind: z.literal('template'), name: z.string(), request: z.object({ id: z.string() }) });

/** Whom an event is to be told; null: not known yet. */
export const personOf = ({ contact_id, role }: RequestEventRow, { customer_id, vendor_id }: ServiceRequestRow): string | null => contact_id ?? (role === 'customer' ? customer_id : vendor_id);

/** What a message was to tell has not been told: a person decides anew, where it is still true and was not to be told once more since. */
export function reopenEvents(tx: StateTx, messageId: string): void {
  for (const event of tx.list('request_event_by_message', [messageId])) {
    const request = tx.get('service_request', [event.request_id]);
    const untold = { ...(request ? address(tx, event, request) : event), mode: 'propose' as const, message_id: null, decided_by: null };
    const events = request ? listEvents(tx, request.id) : [];
    const later = events.slice(events.findIndex(({ id }) => id === event.id) + 1);
    const isTold = later.some(({ kind, contact_id, state }) => kind === untold.kind && (state === 'open' || state === 'sent') && isSamePerson(tx, contact_id, untold.contact_id));
    tx.put('request_event', { ...untold, state: request && isTrueOf(tx, untold, request) && !isTold ? 'open' : 'obsolete' });
  }
}
