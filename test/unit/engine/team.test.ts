/** The directory and the leads' board. */
import { DEFAULT_WORKSPACE_SETTINGS } from '../../../contract/rules/workspace-settings.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import { AT, createOffice, HOUR, MINUTE, ROSA } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

describe('the directory', () => {
  it('lists members with role, teams and load, and those who left apart', () => {
    const { log } = office;
    log.op('leo', { type: 'team.add', args: { teamId: 'sales', name: 'Ventas' } });
    log.op('leo', { type: 'team.member', args: { teamId: 'sales', agentId: 'bo', isMember: true } });
    log.op('leo', { type: 'conversation.assign', args: { conversationId: log.conversationId, from: null, to: 'bo' } });
    const { members, formerMembers, teams } = office.openDesk('bo').team.directory();
    expect(members.map(({ id, role, isMe, teamIds, open }) => ({ id, role, isMe, teamIds, open }))).toEqual([
      { id: 'ana', role: 'admin', isMe: false, teamIds: [], open: 0 },
      { id: 'bo', role: 'agent', isMe: true, teamIds: ['sales'], open: 1 },
      { id: 'cy', role: 'agent', isMe: false, teamIds: [], open: 0 },
      { id: 'leo', role: 'lead', isMe: false, teamIds: [], open: 0 },
    ]);
    expect(formerMembers).toEqual([{ id: 'gil', name: 'gil', isMe: false }]);
    expect(teams).toEqual([{ id: 'sales', name: 'Ventas', memberIds: ['bo'] }]);
  });

  it('offers the team’s canned replies and my own', () => {
    const { log } = office;
    for (const [who, isPersonal] of [
      ['leo', false],
      ['bo', true],
      ['cy', true],
    ] as const)
      log.op(who, { type: 'canned.add', args: { cannedId: `k-${who}`, isPersonal, shortcut: who, body: 'x' } });
    expect(office.openDesk('bo').team.directory().canned).toEqual([
      { id: 'k-bo', shortcut: 'bo', body: 'x', isPersonal: true },
      { id: 'k-leo', shortcut: 'leo', body: 'x', isPersonal: false },
    ]);
  });

  it('makes, changes and deletes what the team keeps', () => {
    const desk = office.openDesk('leo');
    const label = desk.team.addLabel({ name: 'VIP', color: 'red' });
    const team = desk.team.addTeam({ name: 'Ventas' });
    const canned = desk.team.addCanned({ isPersonal: false, shortcut: 'hola', body: 'Buenos días' });
    expect([label.outcome, team.outcome, canned.outcome]).toEqual(['applied', 'applied', 'applied']);
    desk.team.changeLabel({ labelId: label.id, color: { from: 'red', to: 'blue' } });
    desk.team.renameTeam({ teamId: team.id, from: 'Ventas', to: 'Taller' });
    desk.team.setTeamMember({ teamId: team.id, agentId: 'cy', isMember: true });
    desk.team.changeCanned({ cannedId: canned.id, shortcut: { from: 'hola', to: 'buenas' } });
    expect(desk.team.directory()).toMatchObject({ labels: [{ name: 'VIP', color: 'blue' }], teams: [{ name: 'Taller', memberIds: ['cy'] }], canned: [{ shortcut: 'buenas', body: 'Buenos días' }] });
    desk.team.removeLabel({ labelId: label.id });
    desk.team.removeTeam({ teamId: team.id });
    desk.team.removeCanned({ cannedId: canned.id });
    expect(desk.team.directory()).toMatchObject({ labels: [], teams: [], canned: [] });
    desk.deliver();
    expect(desk.team.directory()).toMatchObject({ labels: [], teams: [], canned: [] });
    expect(office.openDesk('bo').team.addLabel({ name: 'X', color: 'red' }).outcome).toBe('forbidden');
  });
});

describe('settings', () => {
  it('have their defaults until somebody sets them', () => {
    const desk = office.openDesk('ana');
    expect(desk.team.readSettings()).toEqual(DEFAULT_WORKSPACE_SETTINGS);
    desk.team.setSetting({ from: { key: 'assignOnReply', value: true }, to: { key: 'assignOnReply', value: false } });
    expect(desk.team.readSettings()).toEqual({ ...DEFAULT_WORKSPACE_SETTINGS, assignOnReply: false });
  });

  it('survive a value and a key of the future', () => {
    const desk = office.openDesk('ana');
    desk.db.exec(`INSERT INTO workspace_setting VALUES ('assignOnReply', '"sometimes"'), ('theme', '"dark"')`);
    expect(desk.team.readSettings()).toEqual(DEFAULT_WORKSPACE_SETTINGS);
  });
});

describe('the board', () => {
  it('says of everybody, and of nobody, how much is open, who waits longest and which window closes first', () => {
    const { log } = office;
    const writes = (n: number, hoursAgo: number): string => `c_${log.customerWrites({ from: `${ROSA.slice(0, -1)}${n}`, sentAt: AT - hoursAgo * HOUR })}`;
    const assign = (conversationId: string, to: string) => log.op('leo', { type: 'conversation.assign', args: { conversationId, from: null, to } });
    // Nobody has Rosa (a few seconds old) and somebody who has waited for 30 hours, whose window is closed.
    writes(5, 30);
    // bo has one who waits since 5 hours, one that is answered since 20, and one that is asleep since 23.
    assign(writes(6, 5), 'bo');
    const answered = writes(7, 20);
    assign(answered, 'bo');
    log.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: answered, seenThrough: log.head(), content: { kind: 'text', text: 'va' } } });
    const asleep = writes(8, 23);
    assign(asleep, 'bo');
    log.op('bo', { type: 'conversation.snooze', args: { conversationId: asleep, from: null, to: AT + HOUR, seenThrough: log.head() } });
    // cy had one that is archived.
    const archived = writes(9, 2);
    assign(archived, 'cy');
    log.op('cy', { type: 'conversation.status', args: { conversationId: archived, from: 'active', to: 'archived', seenThrough: log.head() } });

    const desk = office.openDesk('leo');
    const board = () => desk.team.board().map(({ agent, ...row }) => ({ who: agent?.id ?? null, ...row }));
    const rosa = AT + 6_000;
    const nothing = { open: 0, waiting: 0, oldestWaitingSince: null, windowClosesAt: null };
    expect(board()).toEqual([
      { who: null, open: 2, waiting: 2, oldestWaitingSince: AT - 30 * HOUR, windowClosesAt: rosa + SERVICE_WINDOW_MS },
      { who: 'ana', ...nothing },
      { who: 'bo', open: 2, waiting: 1, oldestWaitingSince: AT - 5 * HOUR, windowClosesAt: AT - 20 * HOUR + SERVICE_WINDOW_MS },
      { who: 'cy', ...nothing },
      { who: 'leo', ...nothing },
    ]);

    desk.advanceClock(HOUR);
    expect(board()[2], 'what was asleep wakes up; its window has closed meanwhile').toEqual({
      who: 'bo',
      open: 3,
      waiting: 2,
      oldestWaitingSince: AT - 23 * HOUR,
      windowClosesAt: AT - 20 * HOUR + SERVICE_WINDOW_MS,
    });
  });

  it('follows a move of the lead at once, without a connection', () => {
    const desk = office.openDesk('leo');
    const { conversationId } = office.log;
    desk.triage.assign({ conversationId, from: null, to: 'cy' });
    expect(desk.team.board().map(({ agent, open }) => [agent?.id ?? null, open])).toEqual([
      [null, 0],
      ['ana', 0],
      ['bo', 0],
      ['cy', 1],
      ['leo', 0],
    ]);
    expect(desk.team.board()[0]?.oldestWaitingSince).toBeNull();
    expect(desk.team.board()[3]?.oldestWaitingSince).toBe(AT + 6 * (MINUTE / 60));
  });
});
