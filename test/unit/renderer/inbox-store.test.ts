/** The list's store: pages, filters, and the stillness of a list under the pointer. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationSummary } from '../../../contract/entities.ts';
import { PENDING_SORT_AT } from '../../../contract/state.ts';
import type { ClockState } from '../../../renderer/store/clock-store.ts';
import { NO_FILTER } from '../../../renderer/store/inbox-filter.ts';
import { createInboxStore, type InboxState } from '../../../renderer/store/inbox-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeSummary } from './fixtures.ts';

let engine: FakeEngine;
let inbox: StoreApi<InboxState>;
let openId: string | null;
const clock = createStore<ClockState>(() => ({ now: 0 }));
let storage: Map<string, string>;
const reported: unknown[] = [];
const refused: unknown[] = [];
const ids = (): string => (inbox.getState().rows ?? []).map((row) => row.id).join(' ');

beforeEach(() => {
  engine = createFakeEngine();
  openId = null;
  reported.length = 0;
  refused.length = 0;
  storage = new Map();
  inbox = makeInbox();
});
const makeInbox = (): StoreApi<InboxState> =>
  createInboxStore({
    client: engine.client,
    changes: engine.changes,
    storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value), removeItem: (key) => void storage.delete(key) },
    clock,
    clockOffset: () => 0,
    openId: () => openId,
    myTeamIds: () => new Set(engine.myTeamIds),
    report: (error) => reported.push(error),
    reportAction: (error) => refused.push(error),
  });

const fill = (count: number): void => {
  engine.rows = Array.from({ length: count }, (_, index) => makeSummary(`c${index}`));
};

describe('pages', () => {
  test('rows are null until the first answer, so that "empty" is never shown too early', async () => {
    expect(inbox.getState().rows).toBeNull();
    await engine.changes.tell();
    expect(inbox.getState().rows).toEqual([]);
  });

  test('scrolling brings the next page, and a change later refetches all that is loaded', async () => {
    fill(130);
    await engine.changes.tell();
    expect(inbox.getState()).toMatchObject({ hasMore: true });
    inbox.getState().loadMore();
    await settle();
    expect(inbox.getState().rows).toHaveLength(100);
    engine.rows[99] = makeSummary('c99', { unread: 4 });
    await engine.changes.tell();
    expect(inbox.getState().rows).toHaveLength(100);
    expect(inbox.getState().rows![99]!.unread).toBe(4);
  });

  test('many changes during one fetch lead to one more fetch, not to many', async () => {
    fill(3);
    const { release } = engine.pause();
    for (let change = 0; change < 20; change++) await engine.changes.tell();
    release();
    await settle();
    expect(engine.calls).toEqual(['list', 'list']);
  });

  test('what did not change keeps its identity, so that its row is not painted again', async () => {
    fill(3);
    await engine.changes.tell();
    const before = inbox.getState().rows!;
    engine.rows[1] = makeSummary('c1', { unread: 1 });
    await engine.changes.tell();
    const after = inbox.getState().rows!;
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    await engine.changes.tell();
    expect(inbox.getState().rows).toBe(after);
  });
});

describe('changes', () => {
  const at = (minute: number, patch: Partial<ConversationSummary> & { id: string }): ConversationSummary =>
    makeSummary(patch.id, {
      lastMessage: { id: `m${patch.id}${minute}`, direction: 'in', content: { kind: 'text', text: '' }, delivery: null, author: null, isAutomatic: false, at: minute },
      ...patch,
    });

  beforeEach(async () => {
    engine.rows = Array.from({ length: 120 }, (_, index) => at(1_000 - index, { id: `c${String(index).padStart(3, '0')}` }));
    await engine.changes.tell();
    inbox.getState().loadMore();
    await settle();
    engine.calls.length = 0;
  });

  test('one changed conversation is read alone, and goes where the engine would put it', async () => {
    engine.rows[70] = at(2_000, { id: 'c070' });
    await engine.changes.tell(['c070']);
    expect(engine.calls).toEqual(['byIds']);
    expect(inbox.getState().rows).toHaveLength(100);
    expect(
      inbox
        .getState()
        .rows!.slice(0, 2)
        .map((row) => row.id),
    ).toEqual(['c070', 'c000']);
  });

  test('what was archived leaves, and what is new but older than the loaded part waits for its page', async () => {
    engine.rows[3] = at(997, { id: 'c003', status: 'archived' });
    engine.rows.push(at(1, { id: 'old' }));
    await engine.changes.tell(['c003', 'old', 'gone']);
    expect(inbox.getState().rows).toHaveLength(99);
    inbox.getState().loadMore();
    await settle();
    expect(inbox.getState().rows!.at(-1)!.id).toBe('old');
  });

  test('when the last loaded row moves up, a row between its old place and the new end is not lost', async () => {
    engine.rows[99] = at(3_000, { id: 'c099' });
    await engine.changes.tell(['c099']);
    engine.rows[40] = { ...at(902, { id: 'c040' }), unread: 1 };
    await engine.changes.tell(['c040']);
    expect(inbox.getState().rows!.map((row) => row.id)).toContain('c040');
    expect(inbox.getState().rows).toHaveLength(100);
  });

  test('a reply that the relay has not confirmed stands above a newer message', async () => {
    const waiting = at(900, { id: 'c050' });
    engine.rows[50] = { ...waiting, sortAt: PENDING_SORT_AT + 1, lastMessage: { ...waiting.lastMessage!, direction: 'out', delivery: 'waiting' } };
    await engine.changes.tell(['c050']);
    expect(inbox.getState().rows![0]!.id).toBe('c050');
  });

  test('a change during a search asks the engine what matches', async () => {
    inbox.getState().setFilter({ search: 'c00' });
    await settle();
    engine.calls.length = 0;
    await engine.changes.tell(['c000']);
    expect(engine.calls).toEqual(['list']);
  });

  test('after a failed read the next change reads the list again', async () => {
    engine.failNext('byIds', new Error('broken'));
    engine.rows[5] = at(2_000, { id: 'c005' });
    await engine.changes.tell(['c005']);
    await engine.changes.tell(['c006']);
    expect(engine.calls).toEqual(['byIds', 'list']);
    expect(inbox.getState().rows![0]!.id).toBe('c000');
  });

  test('a scroll that asks many times gets one page', async () => {
    for (let event = 0; event < 30; event++) inbox.getState().loadMore();
    await settle();
    expect(engine.calls).toEqual(['list']);
  });
});

describe('filters', () => {
  test('an answer for a filter that was left in the meantime is dropped', async () => {
    engine.rows = [makeSummary('a'), makeSummary('z', { status: 'archived' })];
    const { release } = engine.pause();
    await engine.changes.tell();
    inbox.getState().setFilter({ status: 'archived' });
    release();
    await settle();
    expect(ids()).toBe('z');
    expect(inbox.getState().rowsFilter.status).toBe('archived');
  });

  test('a failed fetch is reported and leaves the rows as they are', async () => {
    fill(2);
    await engine.changes.tell();
    engine.failNext('list', new Error('broken'));
    await engine.changes.tell();
    expect(ids()).toBe('c0 c1');
    expect(reported).toHaveLength(1);
  });

  test('the open conversation stays among the unread ones after it was read, until another is opened', async () => {
    engine.rows = [makeSummary('a', { unread: 1 }), makeSummary('b', { unread: 1 })];
    inbox.getState().setFilter({ unread: true });
    await settle();
    openId = 'a';
    engine.rows[0] = makeSummary('a');
    await engine.changes.tell();
    expect(ids()).toBe('a b');
    expect(inbox.getState().rows![0]!.unread).toBe(0);
    openId = 'b';
    await engine.changes.tell();
    expect(ids()).toBe('b');
  });

  test('the open conversation stays with what it is now, and only where it belongs', async () => {
    engine.rows = [makeSummary('a', { unread: 1 }), makeSummary('b', { unread: 1 })];
    inbox.getState().setFilter({ unread: true });
    await settle();
    openId = 'a';
    engine.rows[0] = makeSummary('a');
    await engine.changes.tell(['a']);
    expect(inbox.getState().rows![0]).toMatchObject({ id: 'a', unread: 0 });
    inbox.getState().setFilter({ status: 'archived' });
    await settle();
    expect(ids()).toBe('');
    inbox.getState().setFilter({ status: 'active' });
    await settle();
    inbox.getState().setFilter({ search: 'zzz' });
    await settle();
    expect(ids()).toBe('');
  });

  test('the open conversation leaves the unread ones when a colleague archives it', async () => {
    engine.rows = [makeSummary('a', { unread: 1 }), makeSummary('b', { unread: 1 })];
    inbox.getState().setFilter({ unread: true });
    await settle();
    openId = 'a';
    engine.rows[0] = makeSummary('a', { status: 'archived' });
    await engine.changes.tell(['a']);
    expect(ids()).toBe('b');
  });

  test('a pointer that leaves between two filters does not pass off the old rows as the new ones', async () => {
    fill(2);
    await engine.changes.tell();
    inbox.getState().hold(true);
    const { release } = engine.pause();
    inbox.getState().setFilter({ status: 'archived' });
    inbox.getState().hold(false);
    expect(inbox.getState().rowsFilter.status).toBe('active');
    release();
    await settle();
    expect(ids()).toBe('');
  });

  test('another view asked for while the engine is away says so', async () => {
    engine.failNext('list', new Error('away'));
    inbox.getState().setFilter({ status: 'closed' });
    await settle();
    expect(refused).toHaveLength(1);
    expect(reported).toHaveLength(0);
  });
});

describe('a long list', () => {
  const LENGTH = 6_000;
  const isUnbroken = (): boolean => inbox.getState().rows!.every((row, index, rows) => index === 0 || Number(rows[index - 1]!.id.slice(1)) + 1 === Number(row.id.slice(1)));
  const loadMany = async (towards: 'loadMore' | 'loadPrevious', pages: number, inView: () => number): Promise<void> => {
    for (let page = 0; page < pages; page++) {
      inbox.getState()[towards]();
      await settle();
      inbox.getState().trim(inView());
    }
  };
  beforeEach(async () => {
    engine.rows = Array.from({ length: LENGTH }, (_, index) => makeSummary(`c${index}`, { sortAt: LENGTH - index }));
    await engine.changes.tell();
  });

  test('keeps a stretch of it loaded that moves with whoever reads, down and back, without a gap', async () => {
    await loadMany('loadMore', 100, () => inbox.getState().rows!.length - 1);
    expect(inbox.getState().rows!.length).toBeLessThanOrEqual(2_400);
    expect(inbox.getState()).toMatchObject({ hasMore: true, hasPrevious: true });
    expect(inbox.getState().rows!.at(-1)!.id).toBe('c5049');
    expect(isUnbroken()).toBe(true);
    await loadMany('loadPrevious', 120, () => 0);
    expect(inbox.getState().rows!.length).toBeLessThanOrEqual(2_400);
    expect(inbox.getState()).toMatchObject({ hasMore: true, hasPrevious: false });
    expect(inbox.getState().rows![0]!.id).toBe('c0');
    expect(isUnbroken()).toBe(true);
  });

  test('goes to either end of all of it at once', async () => {
    expect(await inbox.getState().loadEnd('end')).toBe(true);
    expect(inbox.getState().rows!.at(-1)!.id).toBe(`c${LENGTH - 1}`);
    expect(inbox.getState()).toMatchObject({ hasMore: false, hasPrevious: true });
    expect(await inbox.getState().loadEnd('start')).toBe(true);
    expect(ids().startsWith('c0 c1 ')).toBe(true);
    expect(inbox.getState().hasPrevious).toBe(false);
  });

  test('far down, what comes in at the top is told and not shown until it is asked for', async () => {
    await inbox.getState().loadEnd('end');
    const before = inbox.getState().rows;
    engine.rows = [makeSummary('new', { sortAt: LENGTH + 1 }), ...engine.rows];
    await engine.changes.tell(['new']);
    expect(inbox.getState()).toMatchObject({ rows: before, waiting: 1 });
    await engine.changes.tell(['new']);
    expect(inbox.getState().waiting).toBe(1);
    inbox.getState().showWaiting();
    await settle();
    expect(ids().startsWith('new c0 ')).toBe(true);
    expect(inbox.getState().waiting).toBe(0);
  });
});

test('a window that closes while it is looked at goes behind those that are open', async () => {
  const closesAt = 10_000_000;
  engine.rows = [makeSummary('first', { window: { state: 'closing', closesAt } })];
  inbox.getState().setFilter({ sort: 'window' });
  await settle();
  engine.calls.length = 0;
  clock.setState({ now: closesAt - 3_600_000 });
  await settle();
  expect(engine.calls).toEqual([]);
  clock.setState({ now: closesAt });
  await settle();
  expect(engine.calls).toEqual(['list']);
});

const VIP = { id: 'vip', name: 'VIP', color: 'red' } as const;
const ANA = { id: 'ana', name: 'Ana', isMe: true };
const REQUEST = { id: 'r1', reference: 'SOL-1', status: 'new', role: 'customer', others: 0 } as const;
const BO = { id: 'bo', name: 'Bo', isMe: false };

describe('whose, labels and folders', () => {
  beforeEach(async () => {
    engine.myTeamIds = ['ptar'];
    engine.rows = [
      makeSummary('mine', { waitingSince: 5, assignee: ANA, labels: [VIP], request: { ...REQUEST, status: 'received' } }),
      makeSummary('bos', { hasFailed: true, request: REQUEST, assignee: BO, team: { id: 'ptar', name: 'PTAR' } }),
      makeSummary('free', { role: 'vendor', draft: 'Buenas', team: { id: 'sales', name: 'Ventas' } }),
      makeSummary('later', { snoozedUntil: 99, labels: [VIP] }),
      makeSummary('old', { hasHeld: true, status: 'archived', draft: 'Quedó a medias' }),
    ];
    await engine.changes.tell();
  });

  test.each([
    [{ whose: 'me' }, 'mine'],
    [{ whose: 'my_teams' }, 'bos'],
    [{ whose: 'nobody' }, 'free'],
    [{ whose: 'anybody' }, 'mine bos free'],
    [{ labelId: 'vip' }, 'mine'],
    [{ request: 'linked' }, 'mine bos'],
    [{ request: 'unlinked' }, 'free'],
    [{ request: 'received' }, 'mine'],
    [{ folder: 'snoozed' }, 'later'],
    [{ folder: 'drafts' }, 'free old'],
    [{ folder: 'trouble' }, 'bos old'],
    [{ waiting: true }, 'mine'],
    [{ role: 'vendor' }, 'free'],
    [{ whose: { agentId: 'bo' } }, 'bos'],
    [{ whose: { teamId: 'sales' } }, 'free'],
  ] as const)('%j shows %s, also after a change that is judged here', async (patch, expected) => {
    inbox.getState().setFilter(patch);
    await settle();
    expect(ids()).toBe(expected);
    engine.calls.length = 0;
    await engine.changes.tell(engine.rows.map((row) => row.id));
    expect(ids().split(' ').toSorted()).toEqual(expected.split(' ').toSorted());
  });

  test('a status leaves a folder, and a folder is one of the active ones', () => {
    inbox.getState().setFilter({ status: 'closed' });
    inbox.getState().setFilter({ folder: 'snoozed' });
    expect(inbox.getState().filter).toMatchObject({ folder: 'snoozed', status: 'active' });
    inbox.getState().setFilter({ status: 'archived' });
    expect(inbox.getState().filter).toMatchObject({ folder: null, status: 'archived' });
  });

  test('another team of mine is a reason to read my teams’ again', async () => {
    inbox.getState().setFilter({ whose: 'my_teams' });
    await settle();
    engine.myTeamIds = ['sales'];
    await engine.changes.tell([]);
    expect(ids()).toBe('free');
  });

  test('the filter comes back with the window, the search does not', async () => {
    inbox.getState().setFilter({ whose: 'me', unread: true, labelId: 'vip', request: 'received', search: 'ana' });
    await settle();
    expect(makeInbox().getState().filter).toEqual({ ...NO_FILTER, whose: 'me', unread: true, labelId: 'vip', request: 'received' });
  });

  test.each(['{', '[]', '{"whose":"everyone","status":7,"folder":"x","labelId":3,"request":"lost"}'])('%s in the storage is no filter', (text) => {
    storage.set('bandeja.filter', text);
    expect(makeInbox().getState().filter).toEqual(NO_FILTER);
  });
});

describe('held', () => {
  beforeEach(async () => {
    fill(3);
    await engine.changes.tell();
    inbox.getState().hold(true);
  });

  test('a new conversation waits, and appears when the pointer leaves', async () => {
    engine.rows = [makeSummary('new'), ...engine.rows];
    await engine.changes.tell();
    expect(ids()).toBe('c0 c1 c2');
    expect(inbox.getState().waiting).toBe(1);
    inbox.getState().hold(false);
    expect(ids()).toBe('new c0 c1 c2');
    expect(inbox.getState().waiting).toBe(0);
  });

  test('the pill shows the news without letting go', async () => {
    engine.rows = engine.rows.toReversed();
    await engine.changes.tell();
    inbox.getState().showWaiting();
    expect(ids()).toBe('c2 c1 c0');
    expect(inbox.getState().isHeld).toBe(true);
  });

  test('what the agent has just archived leaves at once, what they have only labelled stays', async () => {
    engine.rows = [makeSummary('c0', { labels: [VIP] }), makeSummary('c1', { status: 'archived' }), makeSummary('c2')];
    await inbox.getState().dropMoved(['c0', 'c1']);
    expect(ids()).toBe('c0 c2');
  });

  test('what comes below the last row joins, since nothing moves', async () => {
    engine.rows = [...engine.rows, makeSummary('older')];
    await engine.changes.tell();
    expect(ids()).toBe('c0 c1 c2 older');
    expect(inbox.getState()).toMatchObject({ isHeld: true, waiting: 0 });
  });

  test('what the agent has taken back returns at once', async () => {
    engine.rows = [{ ...makeSummary('back'), sortAt: 1 }, ...engine.rows];
    await engine.changes.tell(['back']);
    expect(ids()).toBe('c0 c1 c2');
    await inbox.getState().showReturned();
    expect(ids()).toBe('back c0 c1 c2');
    expect(inbox.getState()).toMatchObject({ isHeld: true, waiting: 0 });
  });

  test.each([['the engine says which'], ['everything changed']])('an erased conversation leaves at once: %s', async (what) => {
    engine.rows = engine.rows.filter(({ id }) => id !== 'c1');
    engine.erased.add('c1');
    await engine.changes.tell(what === 'everything changed' ? 'all' : ['c1']);
    expect(ids()).toBe('c0 c2');
    expect(inbox.getState().isHeld).toBe(true);
  });

  test('an empty list has nothing to hold', async () => {
    engine.rows = [];
    await inbox.getState().showReturned();
    engine.rows = [makeSummary('first')];
    await engine.changes.tell(['first']);
    expect(ids()).toBe('first');
  });

  test('another view is not held back', async () => {
    engine.rows.push(makeSummary('z', { status: 'closed' }));
    inbox.getState().setFilter({ status: 'closed' });
    await settle();
    expect(ids()).toBe('z');
  });
});
