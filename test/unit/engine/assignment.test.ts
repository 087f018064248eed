/** Who is proposed for a conversation and why, and which conversations wait for somebody, over a real database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scoreOf } from '../../../main/engine/assignment/suggest.ts';
import { createOffice, HOUR, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => office.close());

let sent = 0;
const answer = (who: string, conversationId = office.log.conversationId): void => {
  const messageId = `out-${(sent += 1)}`;
  office.log.op(who, { type: 'message.queue', args: { messageId, conversationId, seenThrough: office.log.head(), content: { kind: 'text', text: 'con gusto' } } });
};
const assign = (who: string, from: string | null, to: string | null, conversationId = office.log.conversationId): void =>
  void office.log.op(who, { type: 'conversation.assign', args: { conversationId, from, to } });
const request = (requestId: string, serviceType: string, conversationId: string): void => {
  const fields = {
    externalId: null,
    serviceType,
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
    status: 'new' as const,
  };
  office.log.op('leo', { type: 'request.add', args: { requestId, fields, customer: null, source: 'manual' } });
  office.log.op('leo', { type: 'request.link', args: { requestId, role: 'customer', from: null, to: conversationId } });
};
const suggest = (desk: Desk, conversationId = office.log.conversationId) => desk.suggestions.suggest({ conversationId });
const routable = (desk: Desk): string[] => desk.assignment.listRoutable(desk.now(), 50).map(({ id }) => id);

describe('a suggestion', () => {
  it('says who answered the person, also on their other number, who does this kind of service, and what they have open', () => {
    const other = `c_${office.log.customerWrites({ from: '50244443333' })}`;
    for (let n = 0; n < 3; n += 1) answer('cy', other);
    answer('bo');
    const third = `c_${office.log.customerWrites({ from: '50244440000' })}`;
    assign('leo', null, 'leo', third);
    request('r-1', 'PTAR', office.log.conversationId);
    request('r-2', 'PTAR', third);
    const desk = office.openDesk('leo');
    const idOf = (conversationId: string): string => desk.conversations.find(conversationId).contactId;
    desk.contacts.merge({ contactId: idOf(other), from: null, to: idOf(office.log.conversationId) });
    desk.present.agents = new Set(['leo', 'bo', 'cy']);
    const [first, second, ...rest] = suggest(desk);
    expect(first).toMatchObject({
      agent: { id: 'cy' },
      isPresent: true,
      reasons: [
        { kind: 'answered_contact', count: 3 },
        { kind: 'load', open: 0 },
      ],
    });
    expect(second).toMatchObject({ agent: { id: 'bo' }, reasons: [{ kind: 'answered_contact', count: 1 }, { kind: 'load' }] });
    expect(rest.find(({ agent }) => agent.id === 'leo')?.reasons).toEqual([
      { kind: 'handled_service', serviceType: 'PTAR', count: 1 },
      { kind: 'load', open: 1 },
    ]);
    expect(rest.find(({ agent }) => agent.id === 'ana')).toMatchObject({ isPresent: false });
    expect(rest.some(({ agent }) => agent.id === 'gil')).toBe(false);
  });

  it('prefers whoever is there, and does not guess while that is not known', () => {
    answer('cy');
    const desk = office.openDesk('bo');
    desk.present.agents = new Set(['bo']);
    expect(suggest(desk)[0]).toMatchObject({ agent: { id: 'bo' } });
    desk.present.agents = null;
    expect(suggest(desk)[0]).toMatchObject({ agent: { id: 'cy' }, isPresent: null });
  });

  it('weighs as it says', () => {
    const known = { answers: 0, age: 0, requests: 0, open: 0, isPresent: true };
    expect(scoreOf({ ...known, answers: 6 })).toBeGreaterThan(scoreOf({ ...known, answers: 6, age: 2_000 * HOUR }));
    expect(scoreOf({ ...known, answers: 6 })).toBeGreaterThan(scoreOf({ ...known, requests: 6 }));
    expect(scoreOf({ ...known, open: 3 })).toBeGreaterThan(scoreOf({ ...known, open: 4 }));
    expect(scoreOf({ ...known, open: 20 })).toBeGreaterThan(scoreOf({ ...known, answers: 6, isPresent: false, open: 0 }) - 5);
    expect(scoreOf({ ...known, isPresent: null })).toBe(scoreOf(known));
  });
});

describe('what waits for somebody', () => {
  it('is what a customer wrote and nobody has, the longest waiting first', () => {
    const later = `c_${office.log.customerWrites({ from: '50244443333' })}`;
    const desk = office.openDesk('bo');
    expect(routable(desk)).toEqual([office.log.conversationId, later]);
    assign('bo', null, 'bo');
    answer('cy', later);
    desk.pull();
    expect(routable(desk)).toEqual([]);
  });

  it('is not what we begin ourselves, what is snoozed, or imported history', () => {
    assign('bo', null, 'bo');
    office.log.op('bo', { type: 'conversation.start', args: { conversationId: 'begun', contactId: 'p-new', phoneNumberId: '2', phone: '50255550000', name: null } });
    office.log.webhook({ field: 'history', payload: { id: 'wamid.old', from: '50255557777', timestamp: '1700000000', type: 'text', text: { body: 'hola' } }, thread: { id: '50255557777' } });
    const asleep = `c_${office.log.customerWrites({ from: '50244443333' })}`;
    const desk = office.openDesk('bo');
    office.log.op('leo', { type: 'conversation.snooze', args: { conversationId: asleep, from: null, to: desk.now() + HOUR, seenThrough: office.log.head() } });
    desk.pull();
    expect(routable(desk)).toEqual([]);
    desk.advanceClock(2 * HOUR);
    expect(routable(desk)).toEqual([asleep]);
  });

  it('is not what a person let go, until the customer writes again', () => {
    assign('bo', null, 'bo');
    assign('bo', 'bo', null);
    const desk = office.openDesk('bo');
    expect(routable(desk)).toEqual([]);
    office.log.customerWrites();
    desk.pull();
    expect(routable(desk)).toEqual([office.log.conversationId]);
  });

  it('is what somebody who left had, answered or not, and what comes back from the archive', () => {
    assign('cy', null, 'cy');
    answer('cy');
    office.log.relay({ type: 'member.changed', agentId: 'cy', by: 'ana', isRemoved: true });
    const reopened = `c_${office.log.customerWrites({ from: '50244443333' })}`;
    office.log.op('bo', { type: 'conversation.status', args: { conversationId: reopened, from: 'active', to: 'archived', seenThrough: office.log.head() } });
    const desk = office.openDesk('bo');
    expect(routable(desk)).toEqual([office.log.conversationId]);
    office.log.customerWrites({ from: '50244443333' });
    desk.pull();
    expect(new Set(routable(desk))).toEqual(new Set([office.log.conversationId, reopened]));
  });

  it('counts turns by the log, and only those that applied', () => {
    office.log.op('ana', { type: 'setting.set', args: { from: { key: 'routing', value: { isOn: false, capacity: 20 } }, to: { key: 'routing', value: { isOn: true, capacity: 20 } } } });
    const route = (to: string): void => void office.log.op('bo', { type: 'conversation.route', args: { conversationId: office.log.conversationId, to } });
    route('bo');
    route('cy');
    const desk = office.openDesk('bo');
    expect([desk.assignment.findLastRouted('bo') > 0, desk.assignment.findLastRouted('cy')]).toEqual([true, 0]);
    // Losing one says nothing to anybody.
    expect(desk.conflicts.count()).toBe(0);
    expect(desk.conversations.get(office.log.conversationId).activity.filter(({ type }) => type === 'conversation.route')).toHaveLength(1);
  });
});
