/** What the list, the head of a conversation and REST clients are told of the request that a conversation is linked to. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Change } from '../../../contract/entities.ts';
import type { RequestFields } from '../../../contract/ops/op.ts';
import type { RequestStatus } from '../../../contract/requests/request-rules.ts';
import { createOffice, type Desk } from './desk.ts';

const FIELDS: RequestFields = {
  externalId: null,
  serviceType: 'Limpieza de fosa séptica',
  customerId: null,
  customerName: 'Rosa',
  contactPhone: '+50255551234',
  contactEmail: '',
  address: '',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
  status: 'new',
};
const LISTED = { status: 'active', unread: false, search: '', assignee: 'anybody', snoozed: 'no', hasDraft: false, limit: 50 } as const;

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

const requestIdOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const addRequest = (n: number, patch: Partial<RequestFields> = {}): string => {
  office.log.op('ana', { type: 'request.add', args: { requestId: requestIdOf(n), fields: { ...FIELDS, ...patch }, customer: null, source: 'manual' } });
  return requestIdOf(n);
};
const link = (requestId: string, to: string | null, from: string | null = null, role: 'customer' | 'vendor' = 'customer') =>
  office.log.op('ana', { type: 'request.link', args: { requestId, role, from, to } });
const setStatus = (requestId: string, from: RequestStatus, to: RequestStatus) => office.log.op('ana', { type: 'request.change', args: { requestId, changes: { status: { from, to } } } });
const shownOn = (desk: Desk, id: string) => desk.conversations.byIds([id])[0]?.request;
const foundBy = (desk: Desk, request: 'linked' | 'unlinked' | RequestStatus) => desk.conversations.list({ ...LISTED, request }).items.map(({ id }) => id);

it('shows the one linked last, and how many others are not ended', () => {
  const { conversationId } = office.log;
  link(addRequest(1), conversationId);
  link(addRequest(2, { externalId: 'OUT-7' }), conversationId, null, 'vendor');
  const desk = office.openDesk('bo');
  expect(shownOn(desk, conversationId)).toEqual({ id: requestIdOf(2), reference: 'OUT-7', status: 'new', role: 'vendor', others: 1 });
  expect(desk.conversations.list({ ...LISTED }).items[0]?.request).toEqual(desk.conversations.get(conversationId).request);
});

it('shows one that is not ended before a newer one that is, and an ended one when there is no other', () => {
  const { conversationId } = office.log;
  const first = addRequest(1);
  const second = addRequest(2);
  link(first, conversationId);
  link(second, conversationId);
  setStatus(second, 'new', 'cancelled');
  const desk = office.openDesk('bo');
  expect(shownOn(desk, conversationId)).toMatchObject({ id: first, reference: '1001', others: 0 });
  setStatus(first, 'new', 'cancelled');
  desk.pull();
  expect(shownOn(desk, conversationId)).toMatchObject({ id: second, status: 'cancelled', others: 0 });
});

it('a request of one’s own that the relay has not numbered yet has no reference', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  desk.replica.applyLocal({ type: 'request.add', args: { requestId: requestIdOf(1), fields: FIELDS, customer: null, source: 'manual' } });
  desk.replica.applyLocal({ type: 'request.link', args: { requestId: requestIdOf(1), role: 'customer', from: null, to: conversationId } });
  expect(shownOn(desk, conversationId)).toMatchObject({ id: requestIdOf(1), reference: '', others: 0 });
});

it('finds conversations by the request that their row shows', () => {
  const { log } = office;
  const [linked, plain, vendor] = [log.conversationId, `c_${log.customerWrites({ from: '50255550001' })}`, `c_${log.customerWrites({ from: '50255550002' })}`] as const;
  link(addRequest(1), linked);
  link(addRequest(2), vendor, null, 'vendor');
  setStatus(requestIdOf(2), 'new', 'received');
  const desk = office.openDesk('bo');
  expect(foundBy(desk, 'linked').toSorted()).toEqual([linked, vendor].toSorted());
  expect(foundBy(desk, 'unlinked')).toEqual([plain]);
  expect(foundBy(desk, 'received')).toEqual([vendor]);
  expect(foundBy(desk, 'done')).toEqual([]);
});

it('every conversation that shows a change hears of it, also the one that lost its request', () => {
  const { log } = office;
  const [before, after] = [log.conversationId, `c_${log.customerWrites({ from: '50255550001' })}`];
  const request = addRequest(1);
  link(request, before);
  const desk = office.openDesk('bo');
  const heard: Change['conversations'][] = [];
  desk.changes.listen(({ conversations }) => heard.push(conversations));

  setStatus(request, 'new', 'received');
  desk.pull();
  expect(heard).toEqual([[before]]);

  // The activity of the op names the new one only.
  link(request, after, before);
  desk.pull();
  expect(new Set(heard[1])).toEqual(new Set([before, after]));

  link(request, null, after);
  desk.pull();
  expect(heard[2]).toEqual([after]);
  expect(shownOn(desk, after)).toBeNull();
});
