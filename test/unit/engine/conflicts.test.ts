/** "While you were offline": what its author is told, who stands instead, and doing it again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { CONFLICTS_MAX } from '../../../contract/limits.ts';
import { proposeOp } from '../contract/ai-samples.ts';
import { AT, createOffice, HOUR, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

const id = (): string => office.log.conversationId;
const assigneeOf = (desk: Desk) => desk.replica.state.get('conversation', [id()])?.assignee_id;
/** The first one in the list. */
const top = (desk: Desk) => {
  const [first] = desk.conflicts.list();
  if (!first) throw new Error('nothing in the list');
  return first;
};
/** Somebody else was in the log before what the desk has pending. */
const before = (desk: Desk, who: string, body: OpBody): void => {
  office.log.op(who, body);
  desk.deliver();
};

describe('the list', () => {
  it('tells only of what people meant to do: the number handed to a desktop that was revoked meanwhile is no news', () => {
    const desk = office.openDesk('ana');
    desk.replica.applyLocal({ type: 'device.grant', args: { deviceId: 'desk-bo', sealed: 'AAAA' } });
    office.log.relay({ type: 'device.revoked', deviceId: 'desk-bo', agentId: 'bo' });
    desk.deliver();
    expect(desk.replica.state.get('device_grant', ['desk-bo'])).toBeUndefined();
    expect(desk.conflicts.list()).toEqual([]);
    expect(desk.conflicts.count()).toBe(0);
  });

  it('tells nothing of what desktops do by themselves with drafts, and a draft that a person sent too late, until they send it all the same', () => {
    const about = `m_${id().slice(2)}`;
    const desk = office.openDesk('leo');
    office.log.op('bo', proposeOp('d', id(), about, { seen: office.log.head() }));
    desk.pull();
    const approve = (messageId: string, fence: number | null): void =>
      void desk.replica.applyLocal({ type: 'draft.approve', args: { draftId: 'd', messageId, content: { kind: 'text', text: 'mis palabras' }, seenThrough: office.log.head(), fence } });
    desk.replica.applyLocal({ type: 'draft.claim', args: { conversationId: id(), aboutMessageId: about } });
    desk.replica.applyLocal(proposeOp('e', id(), about, { seen: 1 }));
    desk.replica.applyLocal({ type: 'draft.edit', args: { draftId: 'd' } });
    desk.replica.applyLocal({ type: 'ai.budget', args: { month: '2026-11', amount: 1 } });
    approve('by itself', 1);
    approve('mine', null);
    desk.replica.applyLocal({ type: 'ai.handoff', args: { conversationId: id(), aboutMessageId: about, reason: 'failed', detail: '', runId: null } });
    before(desk, 'cy', { type: 'draft.approve', args: { draftId: 'd', messageId: 'theirs', content: { kind: 'text', text: 'yo' }, seenThrough: office.log.head(), fence: null } });
    expect(desk.conflicts.list()).toMatchObject([{ type: 'draft.approve', outcome: 'held', conversation: { id: id() }, winner: { actor: { id: 'cy' } }, canReapply: true }]);
    expect(desk.conversations.get(id()).activity.map(({ type }) => type)).toEqual(['draft.approve']);
    desk.conflicts.reapply({ opId: top(desk).opId });
    desk.deliver();
    expect(desk.replica.state.get('message', ['mine'])?.hold).toBeNull();
    expect(desk.conflicts.list()).toEqual([]);
  });

  it('names what I wanted, what stands instead and who did that, and is empty again when I give it to mine', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    expect(assigneeOf(desk)).toBe('bo');
    expect(desk.conflicts.list()).toMatchObject([
      {
        type: 'conversation.assign',
        outcome: 'superseded',
        actor: { id: 'leo', isMe: true },
        detail: { from: null, to: 'cy', was: 'bo' },
        conversation: { id: id() },
        winner: { actor: { id: 'ana', name: 'ana' }, detail: { from: null, to: 'bo' } },
        canReapply: true,
      },
    ]);
    expect(desk.conflicts.reapply({ opId: top(desk).opId })).toMatchObject({ outcome: 'applied', reason: null });
    expect(desk.conflicts.count()).toBe(0);
    desk.deliver();
    expect(assigneeOf(desk)).toBe('cy');
    expect(desk.conflicts.list()).toEqual([]);
  });

  it('stays until I dismiss an entry, also over a restart, and is mine alone', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    expect(office.openDesk('ana').conflicts.list()).toEqual([]);
    desk.close();
    const again = office.openDesk('leo');
    expect(again.conflicts.count()).toBe(1);
    expect(again.conflicts.dismiss({ opIds: [top(again).opId], andOlder: false })).toEqual({ left: 0 });
    again.close();
    expect(office.openDesk('leo').conflicts.list()).toEqual([]);
  });

  it('is let be as a whole also where it is longer than what is shown, but not what has come since', () => {
    const desk = office.openDesk('leo');
    const lose = (count: number): void => {
      for (let n = 0; n < count; n += 1) desk.replica.applyLocal({ type: 'label.change', args: { labelId: `gone-${n}`, changes: { name: { from: 'a', to: 'b' } } } });
      desk.deliver();
    };
    lose(CONFLICTS_MAX + 3);
    const shown = desk.conflicts.list();
    expect([shown.length, desk.conflicts.count()]).toEqual([CONFLICTS_MAX, CONFLICTS_MAX + 3]);
    lose(1);
    expect(desk.conflicts.dismiss({ opIds: shown.map(({ opId }) => opId), andOlder: true })).toEqual({ left: 1 });
  });

  it('knows a winner also when the lost words of a transfer look like a reason', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy', note: 'reason' });
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    expect(top(desk)).toMatchObject({ winner: { actor: { id: 'ana' } }, detail: { note: 'reason' } });
  });

  it('names no winner where nobody won: the customer wrote', () => {
    const desk = office.openDesk('bo');
    desk.triage.setStatus({ conversationId: id(), from: 'active', to: 'archived', seenThrough: desk.sync.readMeta().cursor });
    office.log.op('leo', { type: 'conversation.status', args: { conversationId: id(), from: 'active', to: 'archived', seenThrough: office.log.head() } });
    office.log.customerWrites();
    desk.deliver();
    expect(top(desk)).toMatchObject({ outcome: 'superseded', detail: { reason: 'customer_wrote' }, winner: null, canReapply: false });
    desk.conversations.markRead({ conversationId: id(), throughMessageId: `m_${desk.replica.state.get('conversation', [id()])!.last_inbound_seq}` });
    expect(top(desk).canReapply, 'once it is read').toBe(true);
  });

  it('names no winner where nobody won: the one who had it has left', () => {
    const desk = office.openDesk('leo');
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    desk.triage.assign({ conversationId: id(), from: 'bo', to: 'cy' });
    office.log.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', isRemoved: true });
    desk.deliver();
    expect(top(desk)).toMatchObject({ outcome: 'superseded', detail: { was: null }, winner: null, canReapply: true });
  });
});

describe('doing it again', () => {
  /** Each case: what I did, what came before it, and what stands after doing it again. */
  const cases: { what: string; who: string; mine: (desk: Desk) => void; theirs: OpBody; after: (desk: Desk) => unknown; expected: unknown }[] = [
    {
      what: 'archiving, after the customer wrote',
      who: 'bo',
      mine: (desk) => {
        desk.conversations.markRead({ conversationId: id(), throughMessageId: 'm_7' });
        desk.triage.setStatus({ conversationId: id(), from: 'active', to: 'archived', seenThrough: 0 });
      },
      theirs: { type: 'conversation.label', args: { conversationId: 'c_7', labelId: 'vip', isOn: true } },
      after: (desk) => desk.replica.state.get('conversation', [id()])?.status,
      expected: 'archived',
    },
    {
      what: 'a snooze',
      who: 'bo',
      mine: (desk) => desk.triage.snooze({ conversationId: id(), from: null, until: AT + 5 * HOUR, seenThrough: desk.sync.readMeta().cursor }),
      theirs: { type: 'conversation.snooze', args: { conversationId: 'c_7', from: null, to: AT + HOUR, seenThrough: 99 } },
      after: (desk) => desk.replica.state.get('conversation', [id()])?.snoozed_until,
      expected: AT + 5 * HOUR,
    },
    {
      what: 'a team',
      who: 'leo',
      mine: (desk) => desk.triage.setTeam({ conversationId: id(), from: null, to: 'sales' }),
      theirs: { type: 'conversation.team', args: { conversationId: 'c_7', from: null, to: 'repairs' } },
      after: (desk) => desk.replica.state.get('conversation', [id()])?.team_id,
      expected: 'sales',
    },
    {
      what: 'a note',
      who: 'leo',
      mine: (desk) => desk.notes.edit({ noteId: 'n1', from: 'uno', to: 'tres', mentions: [] }),
      theirs: { type: 'note.edit', args: { noteId: 'n1', from: 'uno', to: 'dos', mentions: [] } },
      after: (desk) => desk.replica.state.get('note', ['n1'])?.body,
      expected: 'tres',
    },
    {
      what: 'a label of which one field lost',
      who: 'leo',
      mine: (desk) => desk.team.changeLabel({ labelId: 'vip', name: { from: 'VIP', to: 'Importante' }, color: { from: 'red', to: 'blue' } }),
      theirs: { type: 'label.change', args: { labelId: 'vip', changes: { name: { from: 'VIP', to: 'Oro' } } } },
      after: (desk) => desk.team.directory().labels,
      expected: [{ id: 'vip', name: 'Importante', color: 'blue' }],
    },
    {
      what: 'a canned reply',
      who: 'leo',
      mine: (desk) => desk.team.changeCanned({ cannedId: 'k1', body: { from: 'uno', to: 'tres' } }),
      theirs: { type: 'canned.change', args: { cannedId: 'k1', changes: { body: { from: 'uno', to: 'dos' } } } },
      after: (desk) => desk.team.directory().canned[0]?.body,
      expected: 'tres',
    },
    {
      what: 'the name of a team',
      who: 'leo',
      mine: (desk) => desk.team.renameTeam({ teamId: 'sales', from: 'Ventas', to: 'Mostrador' }),
      theirs: { type: 'team.rename', args: { teamId: 'sales', from: 'Ventas', to: 'Tienda' } },
      after: (desk) => desk.team.directory().teams.find((team) => team.id === 'sales')?.name,
      expected: 'Mostrador',
    },
    {
      what: 'a setting',
      who: 'ana',
      mine: (desk) => desk.team.setSetting({ from: { key: 'name', value: '' }, to: { key: 'name', value: 'Sol' } }),
      theirs: { type: 'setting.set', args: { from: { key: 'name', value: '' }, to: { key: 'name', value: 'Luna' } } },
      after: (desk) => desk.team.readSettings().name,
      expected: 'Sol',
    },
  ];

  it.each(cases)('$what: from what stands now, and then it is off the list', ({ who, mine, theirs, after, expected }) => {
    for (const teamId of ['sales', 'repairs']) office.log.op('leo', { type: 'team.add', args: { teamId, name: 'Ventas' } });
    office.log.op('leo', { type: 'label.add', args: { labelId: 'vip', name: 'VIP', color: 'red' } });
    office.log.op('leo', { type: 'canned.add', args: { cannedId: 'k1', isPersonal: false, shortcut: 'hola', body: 'uno' } });
    office.log.op('leo', { type: 'note.add', args: { noteId: 'n1', conversationId: id(), body: 'uno', mentions: [] } });
    const desk = office.openDesk(who);
    mine(desk);
    before(desk, 'ana', theirs);
    expect(desk.conflicts.list()).toMatchObject([{ canReapply: true }]);
    expect(after(desk)).not.toEqual(expected);
    expect(desk.conflicts.reapply({ opId: top(desk).opId }).outcome).toBe('applied');
    desk.deliver();
    expect(after(desk)).toEqual(expected);
    expect(desk.conflicts.list()).toEqual([]);
  });

  it('of a held message sends it, and another refusal leaves one entry', () => {
    const desk = office.openDesk('bo');
    const queue = (messageId: string, seenThrough: number) =>
      ({ type: 'message.queue', args: { messageId, conversationId: id(), seenThrough, content: { kind: 'text', text: 'va' } } }) satisfies OpBody;
    desk.replica.applyLocal(queue('mine', desk.sync.readMeta().cursor));
    before(desk, 'cy', queue('theirs', office.log.head()));
    expect(desk.conflicts.list()).toMatchObject([{ type: 'message.queue', outcome: 'held', canReapply: true, winner: { actor: { id: 'cy', name: 'cy' } } }]);
    desk.conflicts.reapply({ opId: top(desk).opId });
    before(desk, 'cy', queue('theirs-2', office.log.head()));
    expect(desk.replica.state.get('message', ['mine'])?.hold).toBe('held');
    expect(desk.conflicts.list(), 'held again, its author has to hear of it again').toHaveLength(1);
    desk.conflicts.reapply({ opId: top(desk).opId });
    desk.deliver();
    expect(desk.replica.state.get('message', ['mine'])?.hold).toBeNull();
    expect(desk.conflicts.list()).toEqual([]);
  });

  it('is not asked about a held message that was given up elsewhere', () => {
    const desk = office.openDesk('bo');
    desk.replica.applyLocal({ type: 'message.queue', args: { messageId: 'mine', conversationId: id(), seenThrough: 0, content: { kind: 'text', text: 'va' } } });
    before(desk, 'cy', { type: 'message.queue', args: { messageId: 'theirs', conversationId: id(), seenThrough: 99, content: { kind: 'text', text: 'va' } } });
    expect(desk.conflicts.count()).toBe(1);
    let isTold = false;
    desk.changes.listen((change) => {
      isTold ||= change.conflicts;
    });
    desk.replica.applyLocal({ type: 'message.discard', args: { messageId: 'mine' } });
    expect(desk.conflicts.count()).toBe(0);
    expect(isTold, 'screens that show the list hear of it').toBe(true);
  });
});

describe('is not offered', () => {
  it('when it would be refused: my conversation was given to somebody else, who is not mine to move', () => {
    const desk = office.openDesk('bo');
    before(desk, 'leo', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    desk.triage.assign({ conversationId: id(), from: 'bo', to: 'cy' });
    before(desk, 'leo', { type: 'conversation.assign', args: { conversationId: id(), from: 'bo', to: 'leo' } });
    expect(top(desk)).toMatchObject({ outcome: 'superseded', winner: { actor: { id: 'leo' } }, canReapply: false });
    expect(() => desk.conflicts.reapply({ opId: top(desk).opId })).toThrow('can no longer be done');
  });

  it('when the one it was meant for has left', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    office.log.relay({ type: 'member.changed', agentId: 'cy', by: 'ana', isRemoved: true });
    desk.deliver();
    expect(top(desk)).toMatchObject({ outcome: 'target_missing', canReapply: false });
  });

  it('when the role forbids it, until the role changes', () => {
    const desk = office.openDesk('bo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    desk.deliver();
    expect(top(desk)).toMatchObject({ outcome: 'forbidden', winner: null, canReapply: false });
    office.log.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', role: 'lead', isRemoved: false });
    desk.pull();
    expect(top(desk).canReapply).toBe(true);
    expect(desk.conflicts.reapply({ opId: top(desk).opId }).outcome).toBe('applied');
  });

  it('when it has come about meanwhile', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    before(desk, 'bo', { type: 'conversation.assign', args: { conversationId: id(), from: 'bo', to: 'cy' } });
    expect(top(desk).canReapply).toBe(false);
  });

  it('when a newer conversation of the customer is open', () => {
    const desk = office.openDesk('bo');
    desk.triage.setStatus({ conversationId: id(), from: 'active', to: 'closed', seenThrough: desk.sync.readMeta().cursor });
    desk.deliver();
    desk.triage.setStatus({ conversationId: id(), from: 'closed', to: 'active', seenThrough: desk.sync.readMeta().cursor });
    office.log.customerWrites();
    desk.deliver();
    expect(top(desk)).toMatchObject({ outcome: 'superseded', detail: { reason: 'newer_conversation' }, canReapply: false });
  });

  it('to anybody but its author', () => {
    const desk = office.openDesk('leo');
    desk.triage.assign({ conversationId: id(), from: null, to: 'cy' });
    before(desk, 'ana', { type: 'conversation.assign', args: { conversationId: id(), from: null, to: 'bo' } });
    const { opId } = top(desk);
    const other = office.openDesk('ana');
    expect(() => other.conflicts.reapply({ opId })).toThrow('only its author');
    expect(() => other.conflicts.reapply({ opId: 'none' })).toThrow('no op');
  });
});
