/** The list's store: pages, filters, and the stillness of a list under the pointer. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { createInboxStore, type InboxState } from '../../../renderer/store/inbox-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeSummary } from './fixtures.ts';

let engine: FakeEngine;
let inbox: StoreApi<InboxState>;
let openId: string | null;
const reported: unknown[] = [];
const ids = (): string => (inbox.getState().rows ?? []).map((row) => row.id).join(' ');

beforeEach(() => {
  engine = createFakeEngine();
  openId = null;
  reported.length = 0;
  inbox = createInboxStore({ client: engine.client, changes: engine.changes, openId: () => openId, report: (error) => reported.push(error) });
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
    openId = 'b';
    await engine.changes.tell();
    expect(ids()).toBe('b');
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

  test('what the agent has just archived leaves at once', () => {
    inbox.getState().dropRow('c1');
    expect(ids()).toBe('c0 c2');
  });

  test('another view is not held back', async () => {
    engine.rows.push(makeSummary('z', { status: 'closed' }));
    inbox.getState().setFilter({ status: 'closed' });
    await settle();
    expect(ids()).toBe('z');
  });
});
