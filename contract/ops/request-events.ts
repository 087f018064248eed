/**
 * The events of a service request: who is to be told what because of a change. Invariants: nobody is told that they lost what they were
 * never told of; an open event is true of the request as it stands, else it is `obsolete`; what the team's rules say of a kind of event
 * counts at the moment it arises.
 */
import { z } from 'zod';
import { EVENT_TEMPLATES, eventOfStatus, eventOfTemplate, isEnded, type EventKind } from '../requests/request-rules.ts';
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
  const events = tx.list('request_event_by_request', [after.id]);
  const open = events.filter(({ state }) => state === 'open');
  const drop = (event: RequestEventRow): void => tx.put('request_event', { ...event, state: 'obsolete' });
  if (isEnded(after.status)) {
    if (!isEnded(before.status)) open.forEach(drop);
    return;
  }
  // Taken up again, often because somebody pressed the wrong button: a person decides what is told once more.
  const isProposalOnly = isEnded(before.status);
  const vendor = after.vendor_id;
  if (before.vendor_id !== vendor) {
    if (before.vendor_id !== null && !isEnded(before.status)) takeFrom(before.vendor_id);
    if (vendor !== null) {
      // Theirs once more before they heard that it was not: nothing is to be told.
      const unheard = open.filter(({ kind, contact_id }) => kind === 'vendor_removed' && contact_id === vendor);
      unheard.forEach(drop);
      if (unheard.length === 0) addEvent(after, 'vendor_assigned', vendor, { isProposalOnly });
    }
  } else if (isProposalOnly && vendor !== null && wasToldOfTask(events, vendor) === 'no') addEvent(after, 'vendor_assigned', vendor, { isProposalOnly });
  if (before.status !== after.status) {
    const kind = eventOfStatus(after.status);
    open.filter((event) => event.kind === kind).forEach(drop);
    addStatusEvent(addEvent, after, isProposalOnly);
  }

  function takeFrom(former: string): void {
    open.filter(({ role, contact_id }) => role === 'vendor' && contact_id === former).forEach(drop);
    const told = wasToldOfTask(events, former);
    if (told !== 'no') addEvent(after, 'vendor_removed', former, { isProposalOnly: told === 'unknown' });
  }
}

/** Whether a vendor knows that a request is theirs. `unknown`: not by a message of ours, but perhaps otherwise: somebody decided that none goes, or there never was an event. */
function wasToldOfTask(events: readonly RequestEventRow[], vendorId: string): 'yes' | 'no' | 'unknown' {
  const states = new Set(events.filter(({ kind, contact_id }) => kind === 'vendor_assigned' && contact_id === vendorId).map(({ state }) => state));
  if (states.has('sent')) return 'yes';
  return states.size > 0 && !states.has('dismissed') ? 'no' : 'unknown';
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

/** What a message was to tell has not been told: a person decides anew, where it is still true. */
export function reopenEvents(tx: StateTx, messageId: string): void {
  for (const event of tx.list('request_event_by_message', [messageId])) {
    const request = tx.get('service_request', [event.request_id]);
    const isTrue = request !== undefined && !isEnded(request.status) && (event.role === 'customer' || (event.kind === 'vendor_removed') === (request.vendor_id !== event.contact_id));
    tx.put('request_event', { ...event, state: isTrue ? 'open' : 'obsolete', mode: 'propose', message_id: null, decided_by: null });
  }
}
