/** What is opened or read on from a search belongs to what is typed, however fast that changes. */
import { expect, test } from 'vitest';
import type { EngineClient, EngineInputs } from '../../../renderer/rpc/engine-client.ts';
import { createSearchStore, type SearchAnswer } from '../../../renderer/store/search-store.ts';
import { settle } from './fake-engine.ts';

test('until the new question is answered, the former answer is stale, and is not continued under another text', async () => {
  const asked: EngineInputs['search']['query'][] = [];
  const answers: ((nextCursor: string | null) => void)[] = [];
  const query = (input: EngineInputs['search']['query']): Promise<SearchAnswer> => {
    asked.push(input);
    return new Promise((resolve) => answers.push((nextCursor) => resolve({ people: [], hits: [], nextCursor, total: 0, unknown: [], isIndexing: false })));
  };
  const store = createSearchStore({ client: { search: { query } } as unknown as EngineClient });
  const { setText, loadMore, refresh } = store.getState();

  setText('juan');
  answers[0]!('page 2 of juan');
  await settle();
  expect(store.getState()).toMatchObject({ isStale: false, answer: { nextCursor: 'page 2 of juan' } });

  setText('pedro');
  expect(store.getState().isStale).toBe(true);
  loadMore();
  expect(asked).toEqual([
    { text: 'juan', sort: 'rank' },
    { text: 'pedro', sort: 'rank' },
  ]);
  answers[1]!('page 2 of pedro');
  await settle();
  expect(store.getState().isStale).toBe(false);
  // The same question again says nothing against what is shown.
  refresh();
  expect(store.getState().isStale).toBe(false);
});
