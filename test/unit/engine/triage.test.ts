/** Lists and their counts, bulk actions and taking back, on one desktop over a real database file. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import type { Conversations } from '../../../main/engine/conversations/conversations.ts';
import { AT, createOffice, HOUR, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

type Filter = Parameters<Conversations['list']>[0];
const FILTER: Filter = { status: 'active', unread: false, search: '', assignee: 'anybody', snoozed: 'no', hasDraft: false, limit: 50 };
const list = (desk: Desk, filter: Partial<Filter> = {}): string[] => desk.conversations.list({ ...FILTER, ...filter }).items.map(({ id }) => id);
const rowOf = (desk: Desk, id: string) => desk.replica.state.get('conversation', [id]);

/** Seven conversations: `names` says of each in which state the log leaves it for `bo`, who is in the team `sales`. */
function fillInbox() {
  const { log } = office;
  const ids = Object.fromEntries(
    ['mine', 'colleagues', 'nobodys', 'ofMyTeam', 'ofOtherTeam', 'asleep', 'archived', 'closed'].map((name, n) => [
      name,
      n === 0 ? log.conversationId : `c_${log.customerWrites({ from: `5025550000${n}` })}`,
    ]),
  ) as Record<'mine' | 'colleagues' | 'nobodys' | 'ofMyTeam' | 'ofOtherTeam' | 'asleep' | 'archived' | 'closed', string>;
  const assign = (conversationId: string, to: string) => log.op('leo', { type: 'conversation.assign', args: { conversationId, from: null, to } });
  for (const teamId of ['sales', 'repairs']) log.op('leo', { type: 'team.add', args: { teamId, name: teamId } });
  log.op('leo', { type: 'team.member', args: { teamId: 'sales', agentId: 'bo', isMember: true } });
  log.op('leo', { type: 'label.add', args: { labelId: 'vip', name: 'VIP', color: 'red' } });
  assign(ids.mine, 'bo');
  assign(ids.colleagues, 'cy');
  log.op('leo', { type: 'conversation.team', args: { conversationId: ids.ofMyTeam, from: null, to: 'sales' } });
  log.op('leo', { type: 'conversation.team', args: { conversationId: ids.ofOtherTeam, from: null, to: 'repairs' } });
  log.op('leo', { type: 'conversation.label', args: { conversationId: ids.mine, labelId: 'vip', isOn: true } });
  assign(ids.asleep, 'bo');
  log.op('bo', { type: 'conversation.snooze', args: { conversationId: ids.asleep, from: null, to: AT + HOUR, seenThrough: log.head() } });
  for (const to of ['archived', 'closed'] as const) log.op('leo', { type: 'conversation.status', args: { conversationId: ids[to], from: 'active', to, seenThrough: log.head() } });
  return ids;
}

describe('lists and counts', () => {
  it('tell the same: each filter shows as many as its number says', () => {
    const ids = fillInbox();
    const desk = office.openDesk('bo');
    desk.drafts.set({ conversationId: ids.mine, text: 'hola', mode: 'reply' });
    desk.drafts.set({ conversationId: ids.asleep, text: 'hola', mode: 'reply' });
    desk.drafts.set({ conversationId: ids.archived, text: 'hola', mode: 'reply' });
    const sorted = (filter: Partial<Filter>): string[] => list(desk, filter).toSorted();
    const lists = {
      active: sorted({}),
      archived: sorted({ status: 'archived' }),
      closed: sorted({ status: 'closed' }),
      mine: sorted({ assignee: 'me' }),
      myTeams: sorted({ assignee: 'my_teams' }),
      unassigned: sorted({ assignee: 'nobody' }),
      snoozed: sorted({ snoozed: 'only' }),
      drafts: sorted({ hasDraft: true }),
      trouble: sorted({ trouble: 'any' }),
    };
    expect(lists).toEqual({
      active: [ids.mine, ids.colleagues, ids.nobodys, ids.ofMyTeam, ids.ofOtherTeam].toSorted(),
      archived: [ids.archived],
      closed: [ids.closed],
      mine: [ids.mine],
      myTeams: [ids.ofMyTeam],
      unassigned: [ids.nobodys, ids.ofMyTeam, ids.ofOtherTeam].toSorted(),
      snoozed: [ids.asleep],
      drafts: [ids.mine, ids.asleep, ids.archived].toSorted(),
      trouble: [],
    });
    const { needsMe, ...counts } = desk.conversations.counts();
    expect(counts).toEqual(Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, items.length])));
    expect(needsMe, 'mine, nobody’s, and of my team: not those of colleagues and of other teams').toBe(3);
    expect(sorted({ assignee: { agentId: 'cy' } })).toEqual([ids.colleagues]);
    expect(sorted({ assignee: { teamId: 'repairs' } })).toEqual([ids.ofOtherTeam]);
    expect(sorted({ labelId: 'vip' })).toEqual([ids.mine]);
    expect(sorted({ labelId: 'vip', assignee: 'nobody' })).toEqual([]);
  });

  it('bring a snoozed conversation back when its time has come', () => {
    const ids = fillInbox();
    const desk = office.openDesk('bo');
    expect(list(desk, { assignee: 'me' })).toEqual([ids.mine]);
    desk.advanceClock(HOUR);
    expect(list(desk, { assignee: 'me' }).toSorted()).toEqual([ids.mine, ids.asleep].toSorted());
    expect(desk.conversations.counts()).toMatchObject({ mine: 2, snoozed: 0, needsMe: 4 });
    expect(desk.conversations.get(ids.asleep).snoozedUntil).toBeNull();
  });

  it('need me no more once I have read them', () => {
    const ids = fillInbox();
    const desk = office.openDesk('bo');
    desk.triage.bulk({ conversationIds: [ids.mine, ids.nobodys], action: { kind: 'read' } });
    expect(desk.conversations.counts().needsMe).toBe(1);
    expect(list(desk, { unread: true }).toSorted()).toEqual([ids.colleagues, ids.ofMyTeam, ids.ofOtherTeam].toSorted());
  });

  it('go on page by page without a gap', () => {
    fillInbox();
    const desk = office.openDesk('bo');
    const whole = list(desk);
    const pages: string[] = [];
    let cursor: string | undefined;
    for (let n = 0; n < 10; n += 1) {
      const page = desk.conversations.list({ ...FILTER, limit: 2, cursor });
      pages.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(whole);
  });

  it('show what is mine to be confirmed as pending', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    desk.triage.assign({ conversationId, from: null, to: 'bo' });
    expect(desk.conversations.get(conversationId)).toMatchObject({
      isPending: true,
      assignee: { id: 'bo', isMe: true },
      activity: [{ type: 'conversation.assign', outcome: 'applied', isPending: true }],
    });
    desk.deliver();
    expect(desk.conversations.get(conversationId)).toMatchObject({ isPending: false, activity: [{ outcome: 'applied', isPending: false, detail: { from: null, to: 'bo', was: null } }] });
  });
});

describe('one conversation', () => {
  it('says what became of it: mine, somebody else’s, or not for me', () => {
    const desk = office.openDesk('bo');
    const { log } = office;
    const { conversationId } = log;
    expect(desk.triage.assign({ conversationId, from: null, to: 'cy' })).toMatchObject({ outcome: 'forbidden', assignee: null });
    expect(desk.triage.assign({ conversationId, from: null, to: 'bo' })).toMatchObject({ outcome: 'applied', assignee: { id: 'bo', name: 'bo', isMe: true } });
    expect(desk.triage.assign({ conversationId, from: 'bo', to: 'cy', note: 'paga hoy' })).toMatchObject({ outcome: 'applied', assignee: { id: 'cy', isMe: false } });
    expect(desk.notes.list({ conversationId })).toMatchObject([{ body: 'paga hoy', mentions: [{ id: 'cy' }], isPending: true }]);
    const seenThrough = desk.sync.readMeta().cursor;
    log.customerWrites();
    desk.pull();
    expect(desk.triage.setStatus({ conversationId, from: 'active', to: 'closed', seenThrough })).toMatchObject({ outcome: 'superseded', reason: 'customer_wrote', status: 'active' });
    expect(desk.triage.snooze({ conversationId, from: null, until: AT + HOUR, seenThrough })).toMatchObject({ outcome: 'superseded', reason: 'customer_wrote' });
    expect(() => desk.triage.assign({ conversationId: 'c_99', from: null, to: 'bo' })).toThrow(AppError);
  });

  it('snoozes anew what was snoozed until a time that is over', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    const snooze = (until: number) => desk.triage.snooze({ conversationId, from: null, until, seenThrough: desk.sync.readMeta().cursor });
    expect(snooze(AT + HOUR).outcome).toBe('applied');
    desk.advanceClock(2 * HOUR);
    expect(desk.conversations.get(conversationId).snoozedUntil, 'screens show none, so `from` is null').toBeNull();
    expect(snooze(AT + 9 * HOUR).outcome).toBe('applied');
  });
});

describe('one conversation that a colleague has snoozed', () => {
  it('is not brought out of that by somebody whose screen did not show it yet', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    office.log.op('cy', { type: 'conversation.snooze', args: { conversationId, from: null, to: AT + 9 * HOUR, seenThrough: office.log.head() } });
    desk.pull();
    expect(desk.triage.snooze({ conversationId, from: null, until: AT + HOUR, seenThrough: office.log.head() }).outcome).toBe('superseded');
    expect(rowOf(desk, conversationId)?.snoozed_until).toBe(AT + 9 * HOUR);
  });
});

describe('many at once', () => {
  it.each([
    { name: 'assign', action: { kind: 'assign', to: 'leo' }, field: 'assignee_id', to: 'leo' },
    { name: 'team', action: { kind: 'team', to: 'sales' }, field: 'team_id', to: 'sales' },
    { name: 'archive', action: { kind: 'status', to: 'archived' }, field: 'status', to: 'archived' },
    { name: 'snooze', action: { kind: 'snooze', until: AT + HOUR }, field: 'snoozed_until', to: AT + HOUR },
  ] as const)('$name: each becomes an op, and undo gives each back what it had', ({ action, field, to }) => {
    const ids = fillInbox();
    const desk = office.openDesk('leo');
    const conversationIds = [ids.mine, ids.nobodys, ids.mine, 'c_99'];
    const before = [ids.mine, ids.nobodys].map((id) => rowOf(desk, id)?.[field]);
    const { opIds, ...numbers } = desk.triage.bulk({ conversationIds, action });
    expect(numbers, 'twice the same is once, and what does not exist is nothing').toEqual({ changed: 2, refused: 0 });
    expect([ids.mine, ids.nobodys].map((id) => rowOf(desk, id)?.[field])).toEqual([to, to]);
    expect(desk.triage.bulk({ conversationIds, action }), 'what stands already needs no op').toEqual({ opIds: [], changed: 0, refused: 0 });
    desk.deliver();
    expect(desk.triage.undo({ opIds })).toEqual({ undone: 2, refused: 0 });
    expect([ids.mine, ids.nobodys].map((id) => rowOf(desk, id)?.[field])).toEqual(before);
    desk.deliver();
    expect([ids.mine, ids.nobodys].map((id) => rowOf(desk, id)?.[field])).toEqual(before);
  });

  it('label: only where it is not on yet, and undo takes it only from there', () => {
    const ids = fillInbox();
    const desk = office.openDesk('leo');
    const { opIds, changed } = desk.triage.bulk({ conversationIds: [ids.mine, ids.nobodys], action: { kind: 'label', labelId: 'vip', isOn: true } });
    expect(changed).toBe(1);
    expect(list(desk, { labelId: 'vip' }).toSorted()).toEqual([ids.mine, ids.nobodys].toSorted());
    desk.triage.undo({ opIds });
    expect(list(desk, { labelId: 'vip' })).toEqual([ids.mine]);
  });

  it('refuses what the role forbids and does the rest', () => {
    const ids = fillInbox();
    const desk = office.openDesk('bo');
    expect(desk.triage.bulk({ conversationIds: [ids.mine, ids.colleagues], action: { kind: 'assign', to: null } })).toMatchObject({ changed: 1, refused: 1 });
    expect(rowOf(desk, ids.colleagues)?.assignee_id).toBe('cy');
  });
});

describe('taking back', () => {
  it('loses to a colleague like any other op, and says so', () => {
    const ids = fillInbox();
    const desk = office.openDesk('leo');
    const { opIds } = desk.triage.bulk({ conversationIds: [ids.mine, ids.nobodys], action: { kind: 'assign', to: 'leo' } });
    desk.deliver();
    office.log.op('cy', { type: 'conversation.assign', args: { conversationId: ids.mine, from: 'leo', to: 'cy' } });
    desk.pull();
    expect(desk.triage.undo({ opIds })).toEqual({ undone: 1, refused: 1 });
    expect(rowOf(desk, ids.mine)?.assignee_id).toBe('cy');
    expect(rowOf(desk, ids.nobodys)?.assignee_id).toBeNull();
  });

  it('of two changes to one conversation gives back what was before the first', () => {
    const desk = office.openDesk('leo');
    const { conversationId } = office.log;
    const first = desk.triage.assign({ conversationId, from: null, to: 'bo' }).opId;
    const second = desk.triage.assign({ conversationId, from: 'bo', to: 'cy' }).opId;
    expect(desk.triage.undo({ opIds: [first, second] })).toEqual({ undone: 2, refused: 0 });
    expect(rowOf(desk, conversationId)?.assignee_id).toBeNull();
  });

  it('twice is once', () => {
    const desk = office.openDesk('leo');
    const { conversationId } = office.log;
    const { opId } = desk.triage.assign({ conversationId, from: null, to: 'bo' });
    desk.triage.undo({ opIds: [opId] });
    expect(desk.triage.undo({ opIds: [opId] })).toEqual({ undone: 1, refused: 0 });
    expect(rowOf(desk, conversationId)?.assignee_id).toBeNull();
  });

  it('does not reopen a closed conversation beside a newer one', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    const { opId } = desk.triage.setStatus({ conversationId, from: 'active', to: 'closed', seenThrough: desk.sync.readMeta().cursor });
    desk.deliver();
    office.log.customerWrites();
    desk.pull();
    expect(desk.triage.undo({ opIds: [opId] })).toEqual({ undone: 0, refused: 1 });
    expect(rowOf(desk, conversationId)?.status).toBe('closed');
  });

  it('does not put out of sight what the customer wrote since', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    const to = (from: 'active' | 'archived', next: 'active' | 'archived') => desk.triage.setStatus({ conversationId, from, to: next, seenThrough: desk.sync.readMeta().cursor }).opId;
    to('active', 'archived');
    const opId = to('archived', 'active');
    desk.deliver();
    office.log.customerWrites();
    desk.pull();
    expect(desk.triage.undo({ opIds: [opId] })).toEqual({ undone: 0, refused: 1 });
    expect(rowOf(desk, conversationId)?.status).toBe('active');
  });

  it('is for one’s own applied ops: nothing is taken back when one of them is not', () => {
    const desk = office.openDesk('bo');
    const { conversationId } = office.log;
    office.log.op('leo', { type: 'conversation.assign', args: { conversationId, from: null, to: 'bo' } });
    const theirs = `op-${office.log.head()}`;
    desk.pull();
    const mine = desk.triage.assign({ conversationId, from: 'bo', to: null }).opId;
    expect(() => desk.triage.undo({ opIds: [mine, theirs] })).toThrow('only its author');
    expect(() => desk.triage.undo({ opIds: [mine, 'none'] })).toThrow('no op');
    expect(rowOf(desk, conversationId)?.assignee_id, 'still released').toBeNull();
    const refused = desk.triage.assign({ conversationId, from: null, to: 'cy' });
    expect(refused.outcome).toBe('forbidden');
    expect(desk.triage.undo({ opIds: [refused.opId] }), 'what was refused cannot be taken back').toEqual({ undone: 0, refused: 1 });
  });
});

it('an archived conversation waits for nobody on the screen, and does again when that is taken back', () => {
  const desk = office.openDesk('bo');
  const { conversationId } = office.log;
  const waiting = () => desk.conversations.get(conversationId).waitingSince;
  const since = waiting();
  expect(since).not.toBeNull();
  const { opId } = desk.triage.setStatus({ conversationId, from: 'active', to: 'archived', seenThrough: desk.sync.readMeta().cursor });
  expect(waiting()).toBeNull();
  desk.triage.undo({ opIds: [opId] });
  expect(waiting()).toBe(since);
});

describe('marking as unread', () => {
  it('brings the last message of the customer back, for its reader alone, and reading takes it away again', () => {
    const { log } = office;
    const id = log.conversationId;
    const last = `m_${log.customerWrites()}`;
    const desk = office.openDesk('bo');
    const unread = (): number => desk.conversations.byIds([id])[0]!.unread;
    const before = unread();
    expect(desk.conversations.markUnread(id)).toEqual({ unread: before });
    desk.conversations.markRead({ conversationId: id, throughMessageId: last });
    expect(unread()).toBe(0);
    expect(desk.conversations.markUnread(id)).toEqual({ unread: 1 });
    expect(desk.conversations.markUnread(id)).toEqual({ unread: 1 });
    expect(list(desk, { unread: true })).toContain(id);
    expect(desk.conversations.markRead({ conversationId: id, throughMessageId: last })).toEqual({ unread: 0 });
    expect(() => desk.conversations.markUnread('c_none')).toThrow(AppError);
  });
});
