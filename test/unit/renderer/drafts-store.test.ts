/** Unsent text is the agent's work: it must survive a switch, a reload and a broken entry. */
import { expect, test } from 'vitest';
import { createDraftsStore } from '../../../renderer/store/drafts-store.ts';

function createStorage(entries: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(entries));
  return {
    get length() {
      return map.size;
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  };
}

test('a draft is there again after a reload, with its quote', () => {
  const storage = createStorage({ other: 'x' });
  const first = createDraftsStore(storage).getState();
  first.setText('c1', 'Buenos días');
  first.setQuoted('c1', 'm1');
  first.setText('c2', 'otro');
  expect(createDraftsStore(storage).getState().drafts).toEqual({ c1: { text: 'Buenos días', quotedId: 'm1' }, c2: { text: 'otro', quotedId: null } });
});

test('an emptied draft leaves nothing behind', () => {
  const storage = createStorage();
  const store = createDraftsStore(storage);
  store.getState().setText('c1', 'x');
  store.getState().setText('c1', '');
  expect(store.getState().drafts).toEqual({});
  expect(storage.length).toBe(0);
});

test('an entry that is no draft is passed over', () => {
  expect(createDraftsStore(createStorage({ 'bandeja.draft.c1': '{broken', 'bandeja.draft.c2': '{"text":5}', 'bandeja.draft.c3': '{"text":"ok"}' })).getState().drafts).toEqual({
    c3: { text: 'ok', quotedId: null },
  });
});
