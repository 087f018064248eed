/** Several at once, taking it back, and doing again what the team judged otherwise. */
import { DEFAULT_WORKSPACE_SETTINGS } from '../../../contract/rules/workspace-settings.ts';
import { ORPCError } from '@orpc/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Activity, Conflict, Directory } from '../../../contract/entities.ts';
import { BULK_MAX } from '../../../contract/limits.ts';
import type { LinkState } from '../../../renderer/rpc/engine-link.ts';
import { createStores } from '../../../renderer/store/app.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeConversation, makeMessage, makeSummary } from './fixtures.ts';

let engine: FakeEngine;
let app: ReturnType<typeof createStores>;
const toasts = () => app.stores.toasts.getState().toasts.map(({ text, values }) => ({ text, values }));
const picked = (): string => [...app.stores.selection.getState().ids].join(' ');
const rows = (): string => (app.stores.inbox.getState().rows ?? []).map((row) => row.id).join(' ');
const NOTHING = { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

const ANA = { id: 'ana', name: 'Ana', isMe: true };
const DIRECTORY = {
  members: [
    { id: 'ana', name: 'Ana', isMe: true, role: 'lead', teamIds: [], open: 0 },
    { id: 'bo', name: 'Bo', isMe: false, role: 'agent', teamIds: [], open: 0 },
  ],
  formerMembers: [],
  teams: [],
  labels: [],
  canned: [],
  settings: { ...DEFAULT_WORKSPACE_SETTINGS, name: '' },
} satisfies Directory;

beforeEach(async () => {
  engine = createFakeEngine();
  app = createStores({
    client: engine.client,
    changes: engine.changes,
    link: createStore<LinkState>(() => ({ status: 'up' })),
    clock: createStore(() => ({ now: 0 })),
    storage: NOTHING,
    tabStorage: NOTHING,
  });
  engine.directory = DIRECTORY;
  engine.rows = ['a', 'b', 'c', 'd'].map((id) => makeSummary(id));
  await engine.changes.tell();
});

describe('picking', () => {
  test('a range goes from the row that was picked last, and adds', () => {
    const { toggle, extendTo } = app.stores.selection.getState();
    toggle('a');
    toggle('c');
    extendTo('d', null);
    expect(picked()).toBe('a c d');
    extendTo('b', null);
    expect(picked()).toBe('a c d b');
  });

  test('without any, a range begins at the open conversation', () => {
    app.stores.selection.getState().extendTo('c', 'b');
    expect(picked()).toBe('b c');
  });

  test('rows that leave the list are no longer picked, and another view begins with none', async () => {
    app.stores.selection.getState().selectAll();
    engine.rows[1] = makeSummary('b', { status: 'closed' });
    await engine.changes.tell();
    expect(picked()).toBe('a c d');
    app.stores.inbox.getState().setFilter({ whose: 'nobody' });
    expect(picked()).toBe('');
  });

  test('no more are picked than one action takes', async () => {
    engine.rows = Array.from({ length: BULK_MAX + 20 }, (_, index) => makeSummary(`c${index}`));
    await engine.changes.tell();
    for (let page = 0; page < 12; page++) {
      app.stores.inbox.getState().loadMore();
      await settle();
    }
    expect(app.stores.inbox.getState().rows).toHaveLength(BULK_MAX + 20);
    app.stores.selection.getState().selectAll();
    expect(app.stores.selection.getState().ids.size).toBe(BULK_MAX);
  });
});

test('whoever puts a conversation off as soon as it is painted has seen what the engine then says of it', async () => {
  const { readAhead, watchBottom, open } = app.stores.conversation.getState();
  engine.messages = [makeMessage({ id: 'm1', conversationId: 'a' })];
  engine.conversations.set('a', { unread: 1, readThrough: 5, seenThrough: 25 });
  await readAhead(['a']);
  watchBottom(() => true);
  const { release } = engine.pause();
  open('a');
  const puttingOff = app.commands.snooze(makeConversation('a'), 1_000, 'mañana');
  release();
  await puttingOff;
  expect(engine.asked.filter(({ name }) => name === 'snooze')).toMatchObject([{ input: { conversationId: 'a', until: 1_000, seenThrough: 25 } }]);
  expect(toasts()).toMatchObject([{ text: 'triage.snoozed' }]);
});

describe('many at once', () => {
  test('says how many were changed and how many not; those that moved leave, the refused one stays', async () => {
    app.stores.selection.getState().selectAll();
    engine.bulk = { opIds: ['1', '2', '3'], changed: 3, refused: 1 };
    engine.rows = ['a', 'b', 'c', 'd'].map((id) => makeSummary(id, id === 'b' ? {} : { status: 'archived' }));
    await app.commands.bulk({ kind: 'status', to: 'archived' });
    expect(engine.asked).toEqual([{ name: 'bulk', input: { conversationIds: ['a', 'b', 'c', 'd'], action: { kind: 'status', to: 'archived' } } }]);
    expect(toasts()).toMatchObject([{ text: 'bulk.done.archived', values: { count: 3, refused: 1 } }]);
    expect(rows()).toBe('b');
    expect(picked()).toBe('');
  });

  test('is taken back as one', async () => {
    app.stores.selection.getState().selectAll();
    engine.bulk = { opIds: ['1', '2'], changed: 2, refused: 0 };
    engine.undo = { undone: 1, refused: 1 };
    await app.commands.bulk({ kind: 'assign', to: 'bo' });
    expect(toasts()).toMatchObject([{ text: 'bulk.done.assigned', values: { what: 'Bo' } }]);
    await app.commands.undoLast();
    expect(engine.asked.at(-1)).toEqual({ name: 'undo', input: { opIds: ['1', '2'] } });
    expect(toasts()).toMatchObject([{ text: 'undo.doneMany', values: { count: 1, refused: 1 } }]);
  });

  test('reading has no way back', async () => {
    app.stores.selection.getState().selectAll();
    engine.bulk = { opIds: ['1'], changed: 1, refused: 0 };
    await app.commands.bulk({ kind: 'read' });
    expect(app.stores.toasts.getState().toasts[0]!.action).toBeNull();
  });

  test('nothing to do is not a failure', async () => {
    app.stores.selection.getState().toggle('a');
    await app.commands.bulk({ kind: 'status', to: 'active' });
    expect(toasts()).toMatchObject([{ text: 'bulk.nothing' }]);
  });
});

describe('giving to somebody', () => {
  const BO = { id: 'bo', name: 'Bo', isMe: false };

  test('moves what they do not hold yet, picked or not, and one undo takes it back', async () => {
    engine.bulk = { opIds: ['1', '2'], changed: 2, refused: 0 };
    engine.undo = { undone: 2, refused: 0 };
    app.stores.selection.getState().toggle('d');
    await app.commands.giveTo([makeSummary('a'), makeSummary('b', { assignee: BO }), makeSummary('c', { assignee: ANA })], 'bo');
    expect(engine.asked).toEqual([{ name: 'bulk', input: { conversationIds: ['a', 'c'], action: { kind: 'assign', to: 'bo' } } }]);
    expect(toasts()).toMatchObject([{ text: 'bulk.done.assigned', values: { what: 'Bo', count: 2, refused: 0 } }]);
    expect(picked(), 'the picks of the list are not what was moved').toBe('d');
    await app.commands.undoLast();
    expect(engine.asked.slice(1)).toEqual([{ name: 'undo', input: { opIds: ['1', '2'] } }]);
    expect(toasts()).toMatchObject([{ text: 'undo.doneMany', values: { count: 2, refused: 0 } }]);
  });

  test('asks for nothing when they hold all of it already', async () => {
    await app.commands.giveTo([makeSummary('a', { assignee: BO })], 'bo');
    await app.commands.giveTo([makeSummary('b')], null);
    expect(engine.asked).toEqual([]);
    expect(toasts()).toEqual([]);
  });

  test('tells how many were refused, also when it was all of them', async () => {
    const rows = [makeSummary('a', { assignee: BO }), makeSummary('b', { assignee: BO })];
    engine.bulk = { opIds: ['1'], changed: 1, refused: 1 };
    await app.commands.giveTo(rows, null);
    engine.bulk = { opIds: [], changed: 0, refused: 2 };
    await app.commands.giveTo(rows, null);
    expect(toasts()).toMatchObject([
      { text: 'bulk.done.released', values: { count: 1, refused: 1 } },
      { text: 'bulk.noneDone', values: { count: 2 } },
    ]);
  });
});

describe('undo', () => {
  test('goes back newest first, each change once', async () => {
    await app.commands.setStatus(makeConversation('a'), 'archived');
    await app.commands.assign(makeSummary('b'), ANA);
    await app.commands.undoLast();
    await app.commands.undoLast();
    await app.commands.undoLast();
    expect(engine.asked.filter(({ name }) => name === 'undo').map(({ input }) => input)).toEqual([{ opIds: ['op-assign'] }, { opIds: ['op-status'] }]);
    expect(toasts().at(-1)).toMatchObject({ text: 'undo.nothing' });
  });

  test('what was taken back from its notice is not taken back again by the key', async () => {
    await app.commands.assign(makeSummary('b'), ANA);
    const { run } = app.stores.toasts.getState().toasts[0]!.action!;
    run();
    run();
    await settle();
    await app.commands.undoLast();
    expect(engine.asked.filter(({ name }) => name === 'undo')).toHaveLength(1);
  });

  const entry = (patch: Partial<Activity>): Activity => ({
    opId: 'x',
    type: 'conversation.assign',
    outcome: 'applied',
    actor: { id: 'ana', name: 'Ana', isMe: true },
    occurredAt: 0,
    isPending: false,
    detail: {},
    ...patch,
  });

  test.each([
    ['the colleague who was faster', [entry({ outcome: 'superseded' }), entry({ actor: { id: 'bo', name: 'Bo', isMe: false } }), entry({})], { text: 'undo.overruled', values: { who: 'Bo' } }],
    ['the customer who wrote', [entry({ outcome: 'superseded', detail: { reason: 'customer_wrote' } })], { text: 'undo.customerWrote' }],
    ['no more than it knows', [], { text: 'undo.refused' }],
  ])('a refused one names %s', async (_who, activity, expected) => {
    await app.commands.assign(makeSummary('b'), ANA);
    engine.undo = { undone: 0, refused: 1 };
    engine.conversations.set('b', { activity });
    await app.commands.undoLast();
    expect(toasts()).toMatchObject([expected]);
  });
});

describe('what was not applied', () => {
  const conflict: Conflict = {
    opId: 'op-lost',
    type: 'conversation.assign',
    outcome: 'superseded',
    actor: ANA,
    occurredAt: 0,
    isPending: false,
    detail: { from: null, to: 'cy', was: 'bo' },
    conversation: { id: 'a', name: 'María' },
    about: null,
    winner: null,
    canReapply: true,
  };

  test('done again, it can be taken back', async () => {
    await app.commands.reapply(conflict);
    expect(toasts()).toMatchObject([{ text: 'conflict.reapplied', values: { name: 'María' } }]);
    await app.commands.undoLast();
    expect(engine.asked.map(({ input }) => input)).toEqual([{ opId: 'op-lost' }, { opIds: ['op-again'] }]);
  });

  test('what can no longer be done says so in its own words', async () => {
    engine.failNext('reapply', new ORPCError('NOT_ALLOWED_NOW', { defined: true }));
    await app.commands.reapply(conflict);
    expect(toasts()).toMatchObject([{ text: 'conflict.cannotReapply' }]);
  });

  test('a colleague who was faster again is told', async () => {
    engine.reapplied = { opId: 'x', outcome: 'superseded', reason: null };
    await app.commands.reapply(conflict);
    expect(toasts()).toMatchObject([{ text: 'bulk.overruled' }]);
  });

  test('letting all of them be asks no more at once than the contract takes', async () => {
    await app.commands.dismiss(
      Array.from({ length: BULK_MAX + 1 }, (_, index) => ({ ...conflict, opId: `op-${index}` })),
      true,
    );
    const asked = engine.asked.map(({ input }) => input as { opIds: string[]; andOlder: boolean });
    expect(asked.map(({ opIds, andOlder }) => [opIds.length, andOlder])).toEqual([
      [BULK_MAX, false],
      [1, true],
    ]);
  });
});
