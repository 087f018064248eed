/** What is typed into an article stays until it is saved or thrown away. */
import { expect, test } from 'vitest';
import { createKnowledgeEditsStore, isEdited } from '../../../renderer/store/knowledge-edits-store.ts';

const BASE = { title: 'Horario', language: 'es' as const, folder: '', text: 'A las 8.' };

function setUp(kept = new Map<string, string>()) {
  let count = 0;
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) };
  return { store: createKnowledgeEditsStore({ storage, newId: () => `edit-${(count += 1)}` }), kept };
}

test('goes on after the window was closed, with the revision that it began with', () => {
  const { store, kept } = setUp();
  const id = store.getState().begin({ articleId: 'a', from: 'r1', base: BASE, gapRunId: null });
  expect(kept.size, 'what was only opened is not kept').toBe(0);
  store.getState().type(id, { text: 'A las 9.' });
  const { store: later } = setUp(kept);
  // Somebody else has saved meanwhile: what was typed, and what it rests on, stays.
  expect(later.getState().begin({ articleId: 'a', from: 'r2', base: { ...BASE, text: 'A las 7.' }, gapRunId: null })).toBe(id);
  expect(later.getState().edits).toEqual([{ id, articleId: 'a', from: 'r1', base: BASE, typed: { ...BASE, text: 'A las 9.' }, gapRunId: null }]);
  later.getState().rebase(id, 'r2', { ...BASE, text: 'A las 7.' });
  expect(later.getState().edits[0]).toMatchObject({ from: 'r2', typed: { text: 'A las 9.' } });
  later.getState().drop(id);
  expect(kept.size).toBe(0);
});

test('one that was only opened begins anew with what is there now', () => {
  const { store } = setUp();
  store.getState().begin({ articleId: 'a', from: 'r1', base: BASE, gapRunId: null });
  const id = store.getState().begin({ articleId: 'a', from: 'r2', base: { ...BASE, text: 'A las 7.' }, gapRunId: null });
  expect(store.getState().edits.map(({ from }) => from)).toEqual(['r2']);
  expect(store.getState().edits.filter(isEdited)).toEqual([]);
  expect(id).toBe('edit-2');
});

test('what the storage cannot hold, or gives back broken, breaks nothing', () => {
  const { store, kept } = setUp(new Map([['bandeja.knowledge', '[{"id":1}]']]));
  expect(store.getState().edits).toEqual([]);
  const id = store.getState().begin({ articleId: null, from: null, base: { ...BASE, text: '' }, gapRunId: null });
  store.getState().type(id, { text: 'x'.repeat(1_100_000) });
  expect(kept.size).toBe(0);
  expect(store.getState().edits[0]?.typed.text).toHaveLength(1_100_000);
});
