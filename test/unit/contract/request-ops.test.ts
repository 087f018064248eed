import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpArgs, OpBody, RequestFields } from '../../../contract/ops/op.ts';
import { applyOp } from '../../../contract/reduce.ts';
import { BUILTIN_TEMPLATES, type BuiltinTemplateName } from '../../../contract/requests/builtin-templates.ts';
import { DEFAULT_WORKSPACE_SETTINGS, type WorkspaceSettings } from '../../../contract/rules/workspace-settings.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ, type RequestEventRow } from '../../../contract/state.ts';
import { createTeamLog, ROSA } from './log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
const [CARLOS, MARTA] = ['50255550001', '50255550002'];
const FIELDS: RequestFields = {
  externalId: null,
  status: 'new',
  serviceType: 'Limpieza',
  customerId: null,
  customerName: 'Rosa',
  contactPhone: `+${ROSA}`,
  contactEmail: '',
  address: '',
  requestedDate: '2026-12-04',
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
};

beforeEach(() => {
  log = createTeamLog();
  log.op('bo', { type: 'contact.add', args: { contactId: 'carlos', phone: CARLOS, fields: { name: 'Carlos', isVendor: 1 } } });
  log.op('bo', { type: 'contact.add', args: { contactId: 'marta', phone: MARTA, fields: { name: 'Marta', isVendor: 1 } } });
});
afterEach(() => log.close());

const add = (requestId: string, fields: Partial<RequestFields> = {}, rest: Partial<OpArgs<'request.add'>> = {}) =>
  log.op('bo', { type: 'request.add', args: { requestId, fields: { ...FIELDS, ...fields }, customer: null, source: 'manual', ...rest } });
const change = (requestId: string, changes: OpArgs<'request.change'>['changes'], actor = 'bo') => log.op(actor, { type: 'request.change', args: { requestId, changes } });
const request = (id: string) => log.tx.get('service_request', [id]);
const events = (requestId: string): Pick<RequestEventRow, 'kind' | 'contact_id' | 'state' | 'mode'>[] =>
  log.tx
    .list('request_event_by_request', [requestId])
    .toSorted((a, b) => a.seq - b.seq || (a.kind < b.kind ? 1 : -1))
    .map(({ kind, contact_id, state, mode }) => ({ kind, contact_id, state, mode }));
const open = (requestId: string): string[] =>
  events(requestId)
    .filter(({ state }) => state === 'open')
    .map(({ kind, contact_id }) => `${kind} ${contact_id}`);
const eventId = (requestId: string, kind: string): string => log.tx.list('request_event_by_request', [requestId]).findLast((event) => event.kind === kind && event.state === 'open')?.id ?? '';
const template = (name: BuiltinTemplateName, requestId = 'r', role: 'customer' | 'vendor' = 'vendor') => ({
  kind: 'template' as const,
  name,
  language: 'es',
  category: 'UTILITY',
  header: null,
  body: BUILTIN_TEMPLATES[name].body,
  footer: null,
  buttons: [],
  parameters: [],
  request: { id: requestId, role, isOverride: false },
});
let messages = 0;
const notify = (id: string, contactId: string, rest: Partial<OpArgs<'request.notify'>> = {}, actor = 'bo') =>
  log.op(actor, {
    type: 'request.notify',
    args: {
      eventId: id,
      messageId: `told-${(messages += 1)}`,
      conversationId: `conv-${messages}`,
      contactId,
      phoneNumberId: '2',
      content: template('nueva_solicitud_de_servicio'),
      isOverride: false,
      isAutomatic: false,
      ...rest,
    },
  });
const setModes = (modes: Partial<WorkspaceSettings['requestEvents']>): void => {
  const value = DEFAULT_WORKSPACE_SETTINGS.requestEvents;
  log.op('ana', { type: 'setting.set', args: { from: { key: 'requestEvents', value }, to: { key: 'requestEvents', value: { ...value, ...modes } } } });
};
const toVendor = (from: string | null, to: string | null) => ({ vendorId: { from, to } });
const toStatus = (from: RequestFields['status'], to: RequestFields['status']) => ({ status: { from, to } });

it('numbers come from the order of the log, and a pending request has none', () => {
  const store = createStateStore(log.db, () => undefined);
  const body: OpBody = { type: 'request.add', args: { requestId: 'pending', fields: FIELDS, customer: null, source: 'manual' } };
  applyOp(store.pending, { seq: PENDING_SEQ, receivedAt: 1, opId: 'p', actorId: 'bo', deviceId: 'desk-bo', deviceSeq: 9, occurredAt: 1, v: 1 }, JSON.stringify(body));
  expect(request('pending')?.number).toBeNull();
  store.undoPending();
  add('b');
  add('a');
  add('b');
  expect([request('b')?.number, request('a')?.number]).toEqual([1001, 1002]);
  add('c');
  expect(request('c')?.number).toBe(1003);
});

it('a second request with the same external id changes nothing and gives its author their words back', () => {
  add('a', { externalId: 'ERP-7' });
  expect(add('b', { externalId: 'ERP-7', address: 'Zona 10' })).toMatchObject({ outcome: 'duplicate', changed: [], detail: { requestId: 'a', fields: { address: 'Zona 10' } } });
  add('c', { externalId: 'ERP-8' });
  expect(change('c', { externalId: { from: 'ERP-8', to: 'ERP-7' } })).toMatchObject({ outcome: 'forbidden', detail: { lost: { externalId: { reason: 'taken', requestId: 'a' } } } });
});

it('a customer who is known by phone is that contact, another one is made', () => {
  add('a', {}, { customer: { contactId: 'new', phone: ROSA } });
  expect(request('a')?.customer_id).toBe(log.tx.get('conversation', [log.conversationId])?.contact_id);
  add('b', { customerName: 'Luis' }, { customer: { contactId: 'luis', phone: '50277770000' } });
  expect(request('b')?.customer_id).toBe('luis');
  expect(log.tx.get('contact', ['luis'])).toMatchObject({ name: 'Luis' });
});

it('each field is guarded on its own', () => {
  add('a', { address: 'uno', description: 'uno' });
  expect(change('a', { address: { from: 'uno', to: 'dos' } }, 'cy')).toMatchObject({ outcome: 'applied' });
  expect(change('a', { address: { from: 'uno', to: 'tres' }, description: { from: 'uno', to: 'tres' } })).toMatchObject({
    outcome: 'partial',
    detail: { lost: { address: { to: 'tres', was: 'dos' } } },
  });
  expect(request('a')).toMatchObject({ address: 'dos', description: 'tres' });
  expect(change('a', { address: { from: 'cero', to: 'dos' } }).outcome).toBe('merged');
  expect(change('a', { address: { from: 'cero', to: 'x' } }).outcome).toBe('superseded');
  expect(change('none', { address: { from: '', to: 'x' } }).outcome).toBe('target_missing');
  expect(log.op('gil', { type: 'request.change', args: { requestId: 'a', changes: { address: { from: 'dos', to: 'x' } } } }).outcome).toBe('forbidden');
});

it('a status moves only where it may, and its author hears of it also when the rest stood already', () => {
  add('a', { address: 'uno' });
  expect(change('a', toStatus('new', 'done'))).toMatchObject({ outcome: 'forbidden', changed: [], detail: { lost: { status: { to: 'done', was: 'new', reason: 'transition' } } } });
  expect(change('a', { ...toStatus('new', 'done'), address: { from: 'cero', to: 'uno' } })).toMatchObject({ outcome: 'partial', detail: { lost: { status: { reason: 'transition' } } } });
  for (const [from, to] of [
    ['new', 'received'],
    ['received', 'ptar_form_sent'],
    ['ptar_form_sent', 'approved'],
    ['approved', 'done'],
    ['done', 'approved'],
    ['approved', 'cancelled'],
    ['cancelled', 'new'],
  ] as const)
    expect(change('a', toStatus(from, to)).outcome, `${from} → ${to}`).toBe('applied');
});

it('creating and each status propose their template to the right role, and a later one takes the place of an earlier one', () => {
  add('a', { vendorId: 'carlos', customerId: 'p' });
  expect(open('a')).toEqual(['vendor_assigned carlos']);
  change('a', toStatus('new', 'received'));
  change('a', toStatus('received', 'ptar_form_sent'));
  change('a', toStatus('ptar_form_sent', 'received'));
  change('a', toStatus('received', 'approved'));
  expect(open('a')).toEqual(['vendor_assigned carlos', 'received p', 'approved carlos']);
  expect(events('a').filter(({ state }) => state === 'obsolete')).toMatchObject([{ kind: 'received' }, { kind: 'form_due' }]);
});

it('what is taken back is not told any more', () => {
  setModes({ form_due: 'auto', approved: 'auto' });
  add('a', { vendorId: 'carlos' });
  change('a', toStatus('new', 'ptar_form_sent'));
  change('a', toStatus('ptar_form_sent', 'received'));
  expect(open('a')).toEqual(['vendor_assigned carlos', 'received null']);
  change('a', toStatus('received', 'approved'));
  change('a', toStatus('approved', 'ptar_form_sent'));
  expect(open('a')).toEqual(['vendor_assigned carlos', 'received null', 'form_due null']);
});

it('what the former customer has not been told yet is told to the one who is the customer now', () => {
  add('r', { customerId: 'carlos' });
  change('r', toStatus('new', 'received'));
  const id = eventId('r', 'received');
  change('r', { customerId: { from: 'carlos', to: 'marta' } });
  const content = template('solicitud_recibida_cliente', 'r', 'customer');
  expect(notify(id, 'carlos', { content }), 'chosen before the correction was known').toMatchObject({ outcome: 'forbidden', detail: { reason: 'wrong_role' } });
  expect(notify(id, 'marta', { content }).outcome).toBe('applied');
  change('r', { customerId: { from: 'marta', to: 'carlos' } });
  log.op('bo', { type: 'message.discard', args: { messageId: `told-${messages}` } });
  expect(open('r'), 'given up: it is the same again').toEqual(['received carlos']);
});

it('only a vendor who was told is told that the request is not theirs any more', () => {
  add('r', { vendorId: 'carlos' });
  change('r', toVendor('carlos', 'marta'));
  expect(open('r')).toEqual(['vendor_assigned marta']);
  expect(notify(eventId('r', 'vendor_assigned'), 'marta').outcome).toBe('applied');
  change('r', toVendor('marta', 'carlos'));
  expect(open('r').toSorted()).toEqual(['vendor_assigned carlos', 'vendor_removed marta']);
  // Back before anybody heard of it.
  change('r', toVendor('carlos', 'marta'));
  expect(open('r')).toEqual([]);
});

it('a vendor who lost a request twice hears of the second time only if they were told that they had it again', () => {
  add('r', { vendorId: 'carlos' });
  notify(eventId('r', 'vendor_assigned'), 'carlos');
  change('r', toVendor('carlos', 'marta'));
  notify(eventId('r', 'vendor_removed'), 'carlos', { content: template('reasignacion_removida') });
  change('r', toVendor('marta', 'carlos'));
  expect(open('r')).toEqual(['vendor_assigned carlos']);
  change('r', toVendor('carlos', 'marta'));
  expect(open('r')).toEqual(['vendor_assigned marta']);
  change('r', toVendor('marta', 'carlos'));
  notify(eventId('r', 'vendor_assigned'), 'carlos');
  change('r', toVendor('carlos', 'marta'));
  expect(open('r').toSorted()).toEqual(['vendor_assigned marta', 'vendor_removed carlos']);
});

it('what never reached a vendor is not taken back by itself', () => {
  setModes({ vendor_removed: 'auto' });
  add('r', { vendorId: 'carlos' });
  notify(eventId('r', 'vendor_assigned'), 'carlos');
  log.op('bo', { type: 'message.result', args: { messageId: `told-${messages}`, error: { code: 131026, title: 'undeliverable', detail: null } } });
  change('r', toVendor('carlos', null));
  expect(events('r').filter(({ state }) => state === 'open')).toMatchObject([{ kind: 'vendor_removed', mode: 'propose' }]);
});

it('the same vendor under another number neither gets nor loses anything', () => {
  add('r', { vendorId: 'carlos' });
  log.op('leo', { type: 'contact.merge', args: { contactId: 'carlos', from: null, to: 'marta' } });
  change('r', toVendor('carlos', 'marta'));
  expect(open('r')).toEqual(['vendor_assigned marta']);
  notify(eventId('r', 'vendor_assigned'), 'marta');
  change('r', toVendor('marta', 'carlos'));
  expect(open('r')).toEqual([]);
});

it('who got or lost a request while it was ended is asked about when it is taken up again', () => {
  add('r', { vendorId: 'carlos' });
  notify(eventId('r', 'vendor_assigned'), 'carlos');
  change('r', toStatus('new', 'cancelled'));
  change('r', toVendor('carlos', 'marta'));
  change('r', toStatus('cancelled', 'new'));
  expect(open('r').toSorted()).toEqual(['vendor_assigned marta', 'vendor_removed carlos']);
});

it('the talk of a request is with the vendor who was told of it, not with the one who lost it', () => {
  add('r', { vendorId: 'carlos' });
  const carlos = notify(eventId('r', 'vendor_assigned'), 'carlos').conversationId;
  change('r', toVendor('carlos', 'marta'));
  const marta = notify(eventId('r', 'vendor_assigned'), 'marta').conversationId;
  expect(log.tx.get('request_link', ['r', 'vendor'])?.conversation_id).toBe(marta);
  log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'vendor', from: marta, to: null } });
  notify(eventId('r', 'vendor_removed'), 'carlos', { content: template('reasignacion_removida') });
  expect(log.tx.get('request_link', ['r', 'vendor'])).toBeUndefined();
  expect(carlos).not.toBe(marta);
  // Whoever an agent linked by hand has never had a part in it: that stays.
  log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'vendor', from: null, to: log.conversationId } });
  change('r', toStatus('new', 'approved'));
  notify(eventId('r', 'approved'), 'marta', { content: template('solicitud_aprobada_operaciones') });
  expect(log.tx.get('request_link', ['r', 'vendor'])?.conversation_id).toBe(log.conversationId);
});

it('whoever may have been told otherwise is asked about, never told by itself', () => {
  setModes({ vendor_assigned: 'auto', vendor_removed: 'auto' });
  add('a', { vendorId: 'carlos' });
  log.op('bo', { type: 'request.dismiss', args: { eventId: eventId('a', 'vendor_assigned') } });
  change('a', toVendor('carlos', null));
  expect(events('a').filter(({ state }) => state === 'open')).toMatchObject([{ kind: 'vendor_removed', mode: 'propose' }]);
});

it('the team decides per event: nothing, by itself, or a proposal', () => {
  setModes({ received: 'off', approved: 'auto' });
  add('a', { vendorId: 'carlos' });
  change('a', toStatus('new', 'received'));
  change('a', toStatus('received', 'approved'));
  expect(events('a')).toMatchObject([
    { kind: 'vendor_assigned', mode: 'propose' },
    { kind: 'approved', mode: 'auto' },
  ]);
});

it('an ended request drops what is open; taken up again, a person decides what is told', () => {
  setModes({ vendor_assigned: 'auto', approved: 'auto' });
  add('a', { vendorId: 'carlos' });
  change('a', toStatus('new', 'cancelled'));
  expect(open('a')).toEqual([]);
  change('a', toVendor('carlos', 'marta'));
  expect(open('a')).toEqual([]);
  change('a', toVendor('marta', 'carlos'));
  change('a', toStatus('cancelled', 'new'));
  expect(events('a').filter(({ state }) => state === 'open')).toMatchObject([{ kind: 'vendor_assigned', contact_id: 'carlos', mode: 'propose' }]);
  change('a', toStatus('new', 'approved'));
  change('a', toStatus('approved', 'done'));
  change('a', toStatus('done', 'approved'));
  expect(events('a').filter(({ state }) => state === 'open')).toMatchObject([
    { kind: 'vendor_assigned', mode: 'propose' },
    { kind: 'approved', mode: 'propose' },
  ]);
});

it('an event is decided once, its message goes into the open conversation, and the request is linked to it', () => {
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  const first = notify(id, 'carlos', {}, 'cy');
  expect(first).toMatchObject({ outcome: 'applied', conversationId: `conv-${messages}` });
  const told = log.tx.get('request_event', [id]);
  expect(told).toMatchObject({ state: 'sent', decided_by: 'cy', message_id: `told-${messages}` });
  expect(log.tx.get('message', [told?.message_id ?? ''])).toMatchObject({ status: 'queued', hold: null, device_id: 'desk-cy' });
  expect(log.tx.get('request_link', ['r', 'vendor'])).toMatchObject({ conversation_id: first.conversationId });
  expect(notify(id, 'carlos')).toMatchObject({ outcome: 'superseded', changed: [], detail: { was: 'sent', by: 'cy' } });
  expect(log.op('bo', { type: 'request.dismiss', args: { eventId: id } }).outcome).toBe('superseded');
  change('r', toStatus('new', 'approved'));
  expect(notify(eventId('r', 'approved'), 'carlos', { content: template('solicitud_aprobada_operaciones') }).conversationId, 'the conversation that is open').toBe(first.conversationId);
});

it('to anybody else it is refused, unless its author says so on record', () => {
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  expect(notify(id, 'marta')).toMatchObject({ outcome: 'forbidden', changed: [], detail: { reason: 'wrong_role' } });
  expect(notify(id, 'carlos', { content: template('reasignacion_removida') })).toMatchObject({ outcome: 'forbidden', changed: [] });
  expect(notify(id, 'marta', { isOverride: true })).toMatchObject({ outcome: 'applied', detail: { isOverride: true, contactId: 'marta' } });
  expect(log.tx.get('request_link', ['r', 'vendor']), 'the conversation with somebody else is not the request’s').toBeUndefined();
});

it('a person under another number is the same person', () => {
  add('r', { vendorId: 'carlos' });
  log.op('leo', { type: 'contact.merge', args: { contactId: 'carlos', from: null, to: 'marta' } });
  expect(notify(eventId('r', 'vendor_assigned'), 'marta').outcome).toBe('applied');
});

it('a template chosen by hand decides the event, too', () => {
  add('r', { customerId: log.tx.get('conversation', [log.conversationId])?.contact_id ?? '' });
  change('r', toStatus('new', 'received'));
  const id = eventId('r', 'received');
  const content = template('solicitud_recibida_cliente', 'r', 'customer');
  log.op('bo', { type: 'message.queue', args: { messageId: 'by-hand', conversationId: log.conversationId, seenThrough: log.head(), content } });
  expect(log.tx.get('request_event', [id])).toMatchObject({ state: 'sent', message_id: 'by-hand' });
});

it('what is given up before it left is proposed again, unless it is no longer true', () => {
  setModes({ vendor_assigned: 'auto' });
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  notify(id, 'carlos');
  log.op('bo', { type: 'message.discard', args: { messageId: `told-${messages}` } });
  expect(log.tx.get('request_event', [id])).toMatchObject({ state: 'open', mode: 'propose', message_id: null, decided_by: null });
  notify(id, 'carlos');
  change('r', toStatus('new', 'cancelled'));
  log.op('bo', { type: 'message.discard', args: { messageId: `told-${messages}` } });
  expect(log.tx.get('request_event', [id])?.state).toBe('obsolete');
});

it('what is given up is not proposed beside what has taken its place since', () => {
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  notify(id, 'carlos');
  const messageId = `told-${messages}`;
  log.op('bo', { type: 'message.result', args: { messageId, error: { code: 131026, title: 'undeliverable', detail: null } } });
  change('r', toVendor('carlos', 'marta'));
  log.op('bo', { type: 'request.dismiss', args: { eventId: eventId('r', 'vendor_removed') } });
  change('r', toVendor('marta', 'carlos'));
  expect(open('r')).toEqual(['vendor_assigned carlos']);
  log.op('bo', { type: 'message.discard', args: { messageId } });
  expect(open('r')).toEqual(['vendor_assigned carlos']);
  expect(log.tx.get('request_event', [id])?.state).toBe('obsolete');
});

it('an approval that named no vendor yet is proposed again when its message is given up', () => {
  add('r');
  change('r', toStatus('new', 'approved'));
  const id = eventId('r', 'approved');
  change('r', toVendor(null, 'carlos'));
  notify(id, 'carlos', { content: template('solicitud_aprobada_operaciones') });
  log.op('bo', { type: 'message.discard', args: { messageId: `told-${messages}` } });
  expect(log.tx.get('request_event', [id])?.state).toBe('open');
});

it('what another desktop of its author gives up may be on its way: it is not proposed again', () => {
  log.relay({ type: 'device.enrolled', deviceId: 'desk-bo-2', agentId: 'bo', agentName: 'bo', role: 'agent' });
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  notify(id, 'carlos');
  const messageId = `told-${messages}`;
  const body = JSON.stringify({ type: 'message.discard', args: { messageId } } satisfies OpBody);
  log.tx.put('message', { ...log.tx.get('message', [messageId])!, device_id: 'desk-bo-2' });
  log.push('bo', [{ opId: 'given-up', deviceSeq: 99, v: 1, occurredAt: 1, body }]);
  expect(log.tx.get('message', [messageId])?.hold).toBe('discarded');
  expect(log.tx.get('request_event', [id])?.state).toBe('sent');
});

it('what left although it had been given up counts as told', () => {
  add('r', { vendorId: 'carlos' });
  const id = eventId('r', 'vendor_assigned');
  notify(id, 'carlos');
  const messageId = `told-${messages}`;
  log.op('bo', { type: 'message.discard', args: { messageId } });
  log.op('bo', { type: 'message.result', args: { messageId, wamid: 'wamid.1' } });
  expect(log.tx.get('request_event', [id])).toMatchObject({ state: 'sent', message_id: messageId });
});

it('a link is guarded, and nothing else hangs on it', () => {
  add('r');
  const link = (from: string | null, to: string | null, actor = 'bo') => log.op(actor, { type: 'request.link', args: { requestId: 'r', role: 'customer', from, to } });
  expect(link(null, log.conversationId).outcome).toBe('applied');
  expect(link(null, log.conversationId, 'cy').outcome).toBe('merged');
  expect(link(null, 'c_999').outcome).toBe('target_missing');
  expect(link(log.conversationId, null).outcome).toBe('applied');
});

it('the rows of a file become requests with numbers in order; what is known is left out, and nothing is sent by itself', () => {
  setModes({ vendor_assigned: 'auto', approved: 'auto' });
  add('a', { externalId: 'X-1' });
  const rows = [
    { fields: { externalId: 'X-1' } },
    { fields: { externalId: 'X-2', vendorId: 'carlos' }, customerPhone: '50277770000' },
    { fields: { externalId: 'X-2' } },
    { fields: { externalId: 'X-3', vendorId: 'carlos', status: 'approved' as const } },
  ];
  expect(log.op('bo', { type: 'request.import', args: { importId: 'i', rows } })).toMatchObject({ outcome: 'applied', detail: { added: 2, duplicates: ['X-1', 'X-2'] } });
  const added = log.db.prepare("SELECT id, external_id, number, customer_id FROM service_request WHERE source = 'csv' ORDER BY number").all() as { id: string; external_id: string; number: number }[];
  expect(added).toMatchObject([
    { external_id: 'X-2', number: 1002 },
    { external_id: 'X-3', number: 1003 },
  ]);
  expect(events(added[0]?.id ?? '')).toMatchObject([{ kind: 'vendor_assigned', mode: 'propose', state: 'open' }]);
  expect(events(added[1]?.id ?? ''), 'what happened before has been told before').toEqual([]);
  add('b');
  expect(request('b')?.number).toBe(1004);
});

it('a reassigned request lets go of the conversation with its former vendor, and telling them does not bring it back', () => {
  add('r', { vendorId: 'carlos' });
  const told = notify(eventId('r', 'vendor_assigned'), 'carlos');
  expect(log.tx.get('request_link', ['r', 'vendor'])).toMatchObject({ conversation_id: told.conversationId });
  change('r', { vendorId: { from: 'carlos', to: 'marta' } });
  expect(log.tx.get('request_link', ['r', 'vendor'])).toBeUndefined();
  notify(eventId('r', 'vendor_removed'), 'carlos', { content: template('reasignacion_removida') });
  expect(log.tx.get('request_link', ['r', 'vendor'])).toBeUndefined();
  const next = notify(eventId('r', 'vendor_assigned'), 'marta');
  expect(log.tx.get('request_link', ['r', 'vendor'])).toMatchObject({ conversation_id: next.conversationId });
});

it('a link that an agent made to somebody else’s conversation stays when the vendor changes', () => {
  add('r', { vendorId: 'carlos' });
  log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'vendor', from: null, to: log.conversationId } });
  change('r', { vendorId: { from: 'carlos', to: 'marta' } });
  expect(log.tx.get('request_link', ['r', 'vendor'])).toMatchObject({ conversation_id: log.conversationId });
});

it('messages are attached and taken off as a set: twice is once, what is not there is left out, and nobody who left does it', () => {
  add('r');
  const attach = (messageIds: string[], isOn = true, actor = 'bo', requestId = 'r') => log.op(actor, { type: 'request.attach', args: { requestId, messageIds, isOn } });
  const attached = () => [`m_${first}`, `m_${second}`].flatMap((id) => log.tx.get('request_message', ['r', id])?.message_id ?? []);
  const [first, second] = [log.customerWrites(), log.customerWrites()];
  expect(attach([`m_${first}`, 'nowhere', `m_${first}`])).toEqual({
    outcome: 'applied',
    detail: { requestId: 'r', messageIds: [`m_${first}`], isOn: true },
    conversationId: log.conversationId,
    changed: ['request_message'],
  });
  expect(log.tx.get('request_message', ['r', `m_${first}`])).toMatchObject({ by: 'bo', conversation_id: log.conversationId });
  expect(attach([`m_${first}`], true, 'cy')).toMatchObject({ outcome: 'merged', changed: [], detail: { messageIds: [] } });
  expect(attach([`m_${first}`, `m_${second}`], true, 'cy')).toMatchObject({ outcome: 'applied', detail: { messageIds: [`m_${second}`] } });
  expect(attached()).toHaveLength(2);
  expect(attach([`m_${first}`], false, 'cy')).toMatchObject({ outcome: 'applied', changed: ['request_message'] });
  expect(attach([`m_${first}`], false)).toMatchObject({ outcome: 'merged', changed: [] });
  expect(attached()).toEqual([`m_${second}`]);
  expect(attach(['nowhere'])).toMatchObject({ outcome: 'target_missing', changed: [] });
  expect(attach([`m_${first}`], true, 'bo', 'other')).toMatchObject({ outcome: 'target_missing', changed: [] });
  expect(attach([`m_${first}`], true, 'gil')).toMatchObject({ outcome: 'forbidden', changed: [] });
});
