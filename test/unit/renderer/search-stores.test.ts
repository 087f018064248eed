/** Search over everything and within a thread: only the answer to what is typed now counts, and every match can be reached. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createConversationStore } from '../../../renderer/store/conversation-store.ts';
import { createFindStore } from '../../../renderer/store/find-store.ts';
import { createSearchStore } from '../../../renderer/store/search-store.ts';
import { createFakeEngine, settle } from './fake-engine.ts';
import { makeMessage } from './fixtures.ts';

type Asked = { text: string; conversationId?: string; sort?: string; cursor?: string; limit?: number };

/** Answers with the matches `text 0`, `text 1` …, `pageSize` at a time; `hold` keeps answers back until they are let go. */
function createSearchEngine(matches: number, pageSize: number) {
  const asked: Asked[] = [];
  const held: (() => void)[] = [];
  const engine = { asked, isHolding: false, letGo: (index: number): void => held[index]?.(), fails: false, matches, isIndexing: false };
  const query = async (input: Asked) => {
    asked.push(input);
    if (engine.isHolding) await new Promise<void>((resolve) => void held.push(resolve));
    if (engine.fails) throw new Error('broken');
    const from = Number(input.cursor ?? 0);
    const hits = Array.from({ length: Math.max(0, Math.min(pageSize, engine.matches - from)) }, (_, index) => ({ id: `m${from + index}`, text: input.text }));
    const nextCursor = from + pageSize < engine.matches ? String(from + pageSize) : null;
    return { people: [], hits, nextCursor, total: input.conversationId === undefined ? null : engine.matches, unknown: [], isIndexing: engine.isIndexing };
  };
  return { engine, client: { search: { query } } as unknown as Pick<EngineClient, 'search'> };
}

describe('search over everything', () => {
  test('shows only the answer to what was typed last, whichever comes first', async () => {
    const { engine, client } = createSearchEngine(3, 30);
    const store = createSearchStore({ client: client as EngineClient });
    engine.isHolding = true;
    store.getState().open();
    store.getState().setText('bom');
    store.getState().setText('bomba');
    engine.letGo(1);
    await settle();
    engine.letGo(0);
    await settle();
    expect(store.getState().answer!.hits[0]).toMatchObject({ text: 'bomba' });
    store.getState().setText(' ');
    expect(store.getState().answer).toBeNull();
    expect(engine.asked).toHaveLength(2);
  });

  test('further pages go on where the last one ended, and belong to their question', async () => {
    const { engine, client } = createSearchEngine(5, 2);
    const store = createSearchStore({ client: client as EngineClient });
    store.getState().setText('bomba');
    await settle();
    store.getState().loadMore();
    store.getState().loadMore();
    await settle();
    expect(store.getState().answer!.hits.map(({ id }) => id)).toEqual(['m0', 'm1', 'm2', 'm3']);
    engine.isHolding = true;
    store.getState().loadMore();
    store.getState().setSort('date');
    engine.letGo(0);
    engine.letGo(1);
    await settle();
    expect(store.getState().answer!.hits).toHaveLength(2);
    expect(engine.asked.at(-1)).toMatchObject({ sort: 'date' });
  });

  test('a failure is told, and forgotten with the next answer', async () => {
    const { engine, client } = createSearchEngine(1, 2);
    const store = createSearchStore({ client: client as EngineClient });
    engine.fails = true;
    store.getState().setText('bomba');
    await settle();
    expect(store.getState()).toMatchObject({ answer: null, failure: 'INTERNAL' });
    engine.fails = false;
    store.getState().refresh();
    await settle();
    expect(store.getState().failure).toBeNull();
  });
});

describe('finding within a thread', () => {
  let fake: ReturnType<typeof createFakeEngine>;
  beforeEach(() => {
    fake = createFakeEngine();
    fake.messages = Array.from({ length: 10 }, (_, index) => makeMessage({ id: `m${index}` }));
  });
  const openFind = async (matches: number, pageSize: number) => {
    const { engine, client } = createSearchEngine(matches, pageSize);
    const all = { ...fake.client, ...client } as EngineClient;
    const conversation = createConversationStore({ client: all, changes: fake.changes, report: () => undefined });
    conversation.getState().open('c1');
    await settle();
    const find = createFindStore({ client: all, conversation, report: () => undefined });
    find.getState().open();
    return { engine, conversation, find, seen: () => conversation.getState().thread?.target };
  };

  test('begins at the newest match, walks to the older ones over all pages, and round', async () => {
    const { engine, find, seen } = await openFind(5, 2);
    find.getState().setText('bomba');
    expect(find.getState().isAnswered).toBe(false);
    await settle();
    expect(engine.asked).toEqual([expect.objectContaining({ text: 'bomba', conversationId: 'c1', sort: 'date' })]);
    expect(find.getState()).toMatchObject({ at: 0, total: 5 });
    expect(seen()).toEqual({ id: 'm0', takesFocus: false });
    const places: (number | null)[] = [];
    for (let press = 0; press < 5; press++) {
      find.getState().step(1);
      await settle();
      places.push(find.getState().at);
    }
    expect(places).toEqual([1, 2, 3, 4, 0]);
    find.getState().step(-1);
    await settle();
    expect(find.getState().at).toBe(4);
    expect(seen()).toEqual({ id: 'm4', takesFocus: false });
  });

  test('does not go round past matches that were not read yet', async () => {
    const { find } = await openFind(5, 2);
    find.getState().setText('bomba');
    await settle();
    find.getState().step(-1);
    await settle();
    expect(find.getState().at).toBe(0);
  });

  test('what is found while the history is still being prepared grows, and the match in view stays', async () => {
    const { engine, find, seen } = await openFind(0, 20);
    engine.isIndexing = true;
    find.getState().setText('bomba');
    await settle();
    expect(find.getState()).toMatchObject({ at: null, total: 0, isIndexing: true });
    engine.matches = 3;
    find.getState().refresh();
    await settle();
    expect(find.getState()).toMatchObject({ at: 0, total: 3 });
    find.getState().step(1);
    await settle();
    engine.matches = 5;
    engine.isIndexing = false;
    find.getState().refresh();
    await settle();
    expect(find.getState()).toMatchObject({ at: 1, total: 5, isIndexing: false });
    expect(find.getState().hitIds).toHaveLength(5);
    expect(seen()).toEqual({ id: 'm1', takesFocus: false });
  });

  test('what is found meanwhile does not take away what was read further down', async () => {
    const { engine, find } = await openFind(5, 2);
    engine.isIndexing = true;
    find.getState().setText('bomba');
    await settle();
    for (let press = 0; press < 3; press++) {
      find.getState().step(1);
      await settle();
    }
    engine.matches = 6;
    engine.isIndexing = false;
    find.getState().refresh();
    await settle();
    expect(find.getState()).toMatchObject({ at: 3, total: 6, isIndexing: false, hitIds: ['m0', 'm1', 'm2', 'm3'] });
  });

  test('nothing found is nothing to walk through, and another conversation ends it', async () => {
    const { find, conversation, seen } = await openFind(0, 2);
    find.getState().setText('bomba');
    await settle();
    find.getState().step(1);
    await settle();
    expect(find.getState()).toMatchObject({ at: null, total: 0, isAnswered: true });
    expect(seen()).toBeNull();
    conversation.getState().open('c2');
    expect(find.getState()).toMatchObject({ isOpen: false, text: '' });
  });
});
