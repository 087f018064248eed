/** Unsent text is the agent's work: it must survive a switch, a reload and a broken entry. */
import { expect, test } from 'vitest';
import { createDraftsStore, NO_DRAFT } from '../../../renderer/store/drafts-store.ts';

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

const open = (storage: Storage) => {
  let count = 0;
  return createDraftsStore({ storage, newId: () => `id${++count}` });
};
const QUOTED = { id: 'm1', direction: 'in', text: '¿Tienen pan?' } as const;

test('a draft is there again after a reload, with its quote', () => {
  const storage = createStorage({ other: 'x' });
  const first = open(storage).getState();
  first.setText('c1', 'Buenos días');
  first.setQuoted('c1', QUOTED);
  first.setText('c2', 'otro');
  expect(open(storage).getState().drafts).toEqual({ c1: { ...NO_DRAFT, text: 'Buenos días', quoted: QUOTED }, c2: { ...NO_DRAFT, text: 'otro' } });
});

test('an emptied draft leaves nothing behind', () => {
  const storage = createStorage();
  const store = open(storage);
  store.getState().setText('c1', 'x');
  store.getState().setText('c1', '');
  expect(store.getState().drafts).toEqual({});
  expect(storage.length).toBe(0);
});

test('an entry that is no draft is passed over', () => {
  expect(open(createStorage({ 'bandeja.draft.c1': '{broken', 'bandeja.draft.c2': '{"text":5}', 'bandeja.draft.c3': '{"text":"ok"}' })).getState().drafts).toEqual({
    c3: { ...NO_DRAFT, text: 'ok' },
  });
});

test('a text goes out under one id until it is taken, also after a reload in between', () => {
  const storage = createStorage();
  const drafts = open(storage).getState();
  drafts.setText('c1', 'una vez');
  drafts.setQuoted('c1', QUOTED);
  const first = drafts.beginSend('c1', 5);
  expect(first).toEqual({ messageId: 'id1', text: 'una vez', quoted: QUOTED, seenThrough: 5 });
  drafts.endSend('c1', false);
  expect(drafts.beginSend('c1', 5)).toEqual(first);

  // Cut off before the answer.
  const reloaded = createDraftsStore({ storage, newId: () => 'other' });
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'una vez', quoted: QUOTED, isSending: false });
  expect(reloaded.getState().beginSend('c1', 7)).toEqual({ ...first, seenThrough: 7 });
  reloaded.getState().endSend('c1', true);
  expect(reloaded.getState().drafts).toEqual({});
  reloaded.getState().setText('c1', 'una vez');
  expect(reloaded.getState().beginSend('c1', 7)?.messageId).toBe('other');
});

test('a changed text is another message', () => {
  const drafts = open(createStorage()).getState();
  drafts.setText('c1', 'a las 9');
  drafts.beginSend('c1', 1);
  drafts.endSend('c1', false);
  drafts.setText('c1', 'a las 10');
  expect(drafts.beginSend('c1', 1)?.messageId).toBe('id2');
});

test('what is typed while a text is on its way stays, behind the text if that comes back', () => {
  const store = open(createStorage());
  const { setText, beginSend, endSend } = store.getState();
  setText('c1', 'uno');
  beginSend('c1', 1);
  expect(store.getState().drafts['c1']!.text).toBe('');
  setText('c1', 'dos');
  endSend('c1', true);
  expect(store.getState().drafts['c1']!.text).toBe('dos');
  beginSend('c1', 1);
  setText('c1', 'tres');
  endSend('c1', false);
  expect(store.getState().drafts['c1']!.text).toBe('dos\ntres');
});

test('a text sent while another is on its way goes after it, as a message of its own', () => {
  const store = open(createStorage());
  const { setText, beginSend, endSend } = store.getState();
  setText('c1', 'uno');
  expect(beginSend('c1', 1)).toMatchObject({ messageId: 'id1', text: 'uno' });
  setText('c1', 'dos');
  expect(beginSend('c1', 2)).toBeNull();
  setText('c1', 'tres');
  expect(endSend('c1', true)).toMatchObject({ messageId: 'id2', text: 'dos', seenThrough: 2 });
  expect(store.getState().drafts['c1']).toMatchObject({ text: 'tres', isSending: true });
  expect(endSend('c1', true)).toBeNull();
  expect(store.getState().drafts['c1']).toMatchObject({ text: 'tres', isSending: false });
});

test('texts that come back together keep their order and their ids, also over a reload', () => {
  const storage = createStorage();
  const { setText, beginSend, endSend } = open(storage).getState();
  setText('c1', 'uno');
  beginSend('c1', 1);
  setText('c1', 'dos');
  beginSend('c1', 1);
  // Cut off before the first answer.
  const reloaded = open(storage);
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'uno\ndos', isSending: false });
  expect(reloaded.getState().beginSend('c1', 1)).toMatchObject({ messageId: 'id1', text: 'uno' });
  expect(reloaded.getState().endSend('c1', true)).toMatchObject({ messageId: 'id2', text: 'dos' });
  expect(reloaded.getState().endSend('c1', true)).toBeNull();

  expect(endSend('c1', false)).toBeNull();
  expect(JSON.parse(storage.getItem('bandeja.draft.c1')!)).toMatchObject({ text: 'uno\ndos', isSending: false });
});

test('storage that is full or blocked does not stop anybody from typing', () => {
  const refuse = (): never => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const storage = { length: 1, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse };
  const store = createDraftsStore({ storage, newId: () => 'id' });
  store.getState().setText('c1', 'abc');
  expect(store.getState().drafts['c1']!.text).toBe('abc');
  store.getState().setText('c1', '');
  expect(store.getState().drafts).toEqual({});
});
