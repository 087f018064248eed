/** Unsent text is the agent's work: it must survive a switch, a reload and a broken entry. */
import { expect, test } from 'vitest';
import { EngineAway } from '../../../renderer/rpc/engine-link.ts';
import { createDraftsStore, NO_DRAFT, type DraftStorage } from '../../../renderer/store/drafts-store.ts';
import type { DraftItem } from '../../../renderer/store/draft-messages.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { createStorage } from './storage.ts';

const open = (storage: DraftStorage, engine: FakeEngine = createFakeEngine(), newId?: () => string) => {
  let count = 0;
  return createDraftsStore({ client: engine.client, changes: engine.changes, storage, newId: newId ?? (() => `id${++count}`), now: () => 1_000 });
};
/** As it stands after it was typed, before the engine has it. */
const TYPED = { ...NO_DRAFT, isSaved: false, updatedAt: 1_000 };
const QUOTED = { id: 'm1', direction: 'in', text: '¿Tienen pan?' } as const;

test('a draft is there again after a reload, with its quote', () => {
  const storage = createStorage({ other: 'x' });
  const first = open(storage).getState();
  first.setText('c1', 'Buenos días');
  first.setQuoted('c1', QUOTED);
  first.setText('c2', 'otro');
  expect(open(storage).getState().drafts).toEqual({ c1: { ...TYPED, text: 'Buenos días', quoted: QUOTED }, c2: { ...TYPED, text: 'otro' } });
});

test('an emptied draft leaves nothing behind', async () => {
  const storage = createStorage();
  const store = open(storage);
  store.getState().setText('c1', 'x');
  store.getState().setText('c1', '');
  store.getState().flush();
  await settle();
  expect(store.getState().drafts).toEqual({});
  expect(storage.length).toBe(0);
});

test('an entry that is no draft is passed over', () => {
  expect(open(createStorage({ 'bandeja.draft.c1': '{broken', 'bandeja.draft.c2': '{"text":5}', 'bandeja.draft.c3': '{"text":"ok"}' })).getState().drafts).toEqual({
    c3: { ...NO_DRAFT, text: 'ok', isSaved: false },
  });
});

test('a text goes out under one id until it is taken, also after a reload in between', () => {
  const storage = createStorage();
  const drafts = open(storage).getState();
  drafts.setText('c1', 'una vez');
  drafts.setQuoted('c1', QUOTED);
  const first = drafts.beginSend('c1', 5, true);
  expect(first).toEqual({ messageId: 'id1', text: 'una vez', file: null, hasPreview: false, quoted: QUOTED, seenThrough: 5, aiDraftId: null });
  drafts.endSend('c1', false);
  expect(drafts.beginSend('c1', 5, true)).toEqual(first);

  // Cut off before the answer.
  const reloaded = open(storage, createFakeEngine(), () => 'other');
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'una vez', quoted: QUOTED, isSending: false });
  expect(reloaded.getState().beginSend('c1', 7, true)).toEqual({ ...first, seenThrough: 7 });
  reloaded.getState().endSend('c1', true);
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: '', attempts: [] });
  reloaded.getState().setText('c1', 'una vez');
  expect(reloaded.getState().beginSend('c1', 7, true)?.messageId).toBe('other');
});

test('a changed text is another message', () => {
  const drafts = open(createStorage()).getState();
  drafts.setText('c1', 'a las 9');
  drafts.beginSend('c1', 1, true);
  drafts.endSend('c1', false);
  drafts.setText('c1', 'a las 10');
  expect(drafts.beginSend('c1', 1, true)?.messageId).toBe('id2');
});

test('what is typed while a text is on its way stays, behind the text if that comes back', () => {
  const store = open(createStorage());
  const { setText, beginSend, endSend } = store.getState();
  setText('c1', 'uno');
  beginSend('c1', 1, true);
  expect(store.getState().drafts['c1']!.text).toBe('');
  setText('c1', 'dos');
  endSend('c1', true);
  expect(store.getState().drafts['c1']!.text).toBe('dos');
  beginSend('c1', 1, true);
  setText('c1', 'tres');
  endSend('c1', false);
  expect(store.getState().drafts['c1']!.text).toBe('dos\ntres');
});

test('a text sent while another is on its way goes after it, as a message of its own', () => {
  const store = open(createStorage());
  const { setText, beginSend, endSend } = store.getState();
  setText('c1', 'uno');
  expect(beginSend('c1', 1, true)).toMatchObject({ messageId: 'id1', text: 'uno' });
  setText('c1', 'dos');
  expect(beginSend('c1', 2, true)).toBeNull();
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
  beginSend('c1', 1, true);
  setText('c1', 'dos');
  beginSend('c1', 1, true);
  // Cut off before the first answer.
  const reloaded = open(storage);
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'uno\ndos', isSending: false });
  expect(reloaded.getState().beginSend('c1', 1, true)).toMatchObject({ messageId: 'id1', text: 'uno' });
  expect(reloaded.getState().endSend('c1', true)).toMatchObject({ messageId: 'id2', text: 'dos' });
  expect(reloaded.getState().endSend('c1', true)).toBeNull();

  expect(endSend('c1', false)).toBeNull();
  expect(JSON.parse(storage.getItem('bandeja.draft.c1')!)).toMatchObject({ text: 'uno\ndos', isSending: false });
});

test('storage that is full or blocked does not stop anybody from typing', async () => {
  const refuse = (): never => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const storage = { length: 1, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse };
  const store = open(storage);
  store.getState().setText('c1', 'abc');
  expect(store.getState().drafts['c1']!.text).toBe('abc');
  store.getState().setText('c1', '');
  store.getState().flush();
  await settle();
  expect(store.getState().drafts).toEqual({});
});

test('a pause gives the text to the engine, and the window keeps no copy of what the engine holds', async () => {
  const storage = createStorage();
  const engine = createFakeEngine();
  const store = open(storage, engine);
  store.getState().setText('c1', 'le aviso');
  store.getState().setMode('c1', 'note');
  expect(storage.length).toBe(1);
  store.getState().flush();
  await settle();
  expect(engine.drafts.get('c1')).toMatchObject({ text: 'le aviso', mode: 'note' });
  expect(storage.length).toBe(0);

  const reloaded = open(storage, engine);
  reloaded.getState().load('c1');
  await settle();
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'le aviso', mode: 'note', isSaved: true });
});

test('what an earlier version left in the window goes to the engine once', async () => {
  const storage = createStorage({ 'bandeja.draft.c1': '{"text":"de antes","quoted":null,"attempts":[],"isSending":false}' });
  const engine = createFakeEngine();
  open(storage, engine);
  await engine.changes.tell();
  expect(engine.drafts.get('c1')).toMatchObject({ text: 'de antes' });
  expect(storage.length).toBe(0);
  await engine.changes.tell();
  expect(engine.calls.filter((call) => call === 'setDraft')).toHaveLength(1);
});

test('what the engine could not take is kept and given to it when it is back, not overwritten by what it held', async () => {
  const storage = createStorage();
  const engine = createFakeEngine();
  engine.drafts.set('c1', { text: 'viejo', mode: 'reply', files: [], updatedAt: 1 });
  engine.failNext('setDraft', new EngineAway());
  const store = open(storage, engine);
  store.getState().setText('c1', 'nuevo');
  store.getState().flush();
  await settle();
  expect(storage.length).toBe(1);
  const reloaded = open(storage, engine);
  reloaded.getState().load('c1');
  await settle();
  expect(reloaded.getState().drafts['c1']!.text).toBe('nuevo');
  await engine.changes.tell();
  expect(engine.drafts.get('c1')!.text).toBe('nuevo');
});

test('letters typed before the held text arrived go on behind it', async () => {
  const engine = createFakeEngine();
  engine.drafts.set('c1', { text: 'Le aviso', mode: 'reply', files: [], updatedAt: 1 });
  const gate = engine.pause();
  const store = open(createStorage(), engine);
  store.getState().load('c1');
  await settle();
  store.getState().setText('c1', ' mañana');
  gate.release();
  await settle();
  expect(store.getState().drafts['c1']!.text).toBe('Le aviso mañana');
});

test('what the engine holds is shown when it is back, before and behind nothing that was typed meanwhile is lost', async () => {
  const engine = createFakeEngine();
  for (const id of ['c1', 'c2']) engine.drafts.set(id, { text: 'Le aviso', mode: 'reply', files: [FILE], updatedAt: 1 });
  const store = open(createStorage(), engine);
  engine.failNext('getDraft', new EngineAway());
  store.getState().load('c1');
  await settle();
  engine.failNext('getDraft', new EngineAway());
  store.getState().load('c2');
  await settle();
  store.getState().setText('c2', ' mañana');
  expect(store.getState().drafts['c1']).toBeUndefined();

  // A pause in typing ends before the window hears that the engine is back.
  store.getState().flush();
  await settle();
  expect(engine.drafts.get('c2')).toMatchObject({ text: 'Le aviso mañana', files: [FILE] });
  await engine.changes.tell();
  await settle();
  expect(store.getState().drafts['c1']).toMatchObject({ text: 'Le aviso', files: [FILE] });
  expect(store.getState().drafts['c2']).toMatchObject({ text: 'Le aviso mañana', files: [FILE], isSaved: true });
  expect(engine.calls.filter((call) => call === 'getDraft')).toHaveLength(4);
});

test('a text on its way stays with the engine until it is taken', async () => {
  const engine = createFakeEngine();
  const store = open(createStorage(), engine);
  store.getState().setText('c1', 'uno');
  store.getState().beginSend('c1', 1, true);
  store.getState().flush();
  await settle();
  expect(engine.drafts.get('c1')?.text).toBe('uno');
  store.getState().endSend('c1', true);
  await settle();
  expect(engine.drafts.has('c1')).toBe(false);
});

const FILE = { sha256: 'a'.repeat(64), kind: 'image', filename: 'foto.jpg', mimeType: 'image/jpeg', bytes: 9, caption: '', isVoice: false } as const;
const item = (id: string, patch: Partial<DraftItem> = {}): DraftItem => ({ ...FILE, id, ...patch });

test('files are kept with the engine, and are there again after a reload', async () => {
  const storage = createStorage();
  const engine = createFakeEngine();
  const store = open(storage, engine);
  store.getState().changeFiles('c1', () => [item('x', { caption: 'La bomba' }), item('y', { sha256: null })]);
  expect(JSON.parse(storage.getItem('bandeja.draft.c1')!)).toMatchObject({ files: [{ caption: 'La bomba' }] });
  store.getState().flush();
  await settle();
  expect(engine.drafts.get('c1')?.files).toEqual([{ ...FILE, caption: 'La bomba' }]);

  const reloaded = open(createStorage(), engine);
  reloaded.getState().load('c1');
  await settle();
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: '', files: [{ ...FILE, caption: 'La bomba' }] });
});

test('opening the conversation again keeps what the engine does not have yet, and the places in the tray', async () => {
  const engine = createFakeEngine();
  const store = open(createStorage(), engine);
  store.getState().changeFiles('c1', () => [item('x'), item('y', { sha256: null })]);
  store.getState().flush();
  await settle();
  store.getState().load('c1');
  await settle();
  expect(store.getState().drafts['c1']!.files.map(({ id }) => id)).toEqual(['x', 'y']);
});

test('files and text become messages in order, each under its own id, and come back together when one is refused', () => {
  const store = open(createStorage());
  const s = store.getState();
  s.changeFiles('c1', () => [item('x'), item('y', { kind: 'document', filename: 'Factura.pdf', caption: 'Julio' })]);
  s.setText('c1', 'Mire');
  s.setQuoted('c1', QUOTED);
  expect(s.beginSend('c1', 3, true)).toMatchObject({ messageId: 'id1', text: 'Mire', file: { id: 'x' }, quoted: QUOTED });
  const second = s.endSend('c1', true);
  expect(second).toMatchObject({ messageId: 'id2', text: '', file: { id: 'y', caption: 'Julio' }, quoted: null });
  expect(s.endSend('c1', false)).toBeNull();
  expect(store.getState().drafts['c1']).toMatchObject({ text: '', files: [{ id: 'y' }], isSending: false });
  // The same file under the same words is the same message; under others it is another.
  s.changeFiles('c1', (files) => [...files, item('z')]);
  expect(s.beginSend('c1', 4, true)).toMatchObject({ messageId: 'id2', seenThrough: 4 });
  s.endSend('c1', false);
  s.changeFiles('c1', (files) => files.map((file) => ({ ...file, caption: 'Agosto' })));
  expect(s.beginSend('c1', 4, true)?.messageId).not.toBe('id2');
});

test('a text under a file comes back to the box, and the file to the tray, also over a reload', () => {
  const storage = createStorage();
  const { changeFiles, setText, beginSend } = open(storage).getState();
  changeFiles('c1', () => [item('x')]);
  setText('c1', 'Mire');
  beginSend('c1', 1, true);
  const reloaded = open(storage);
  expect(reloaded.getState().drafts['c1']).toMatchObject({ text: 'Mire', files: [{ id: 'x', caption: '' }], isSending: false });
  expect(reloaded.getState().beginSend('c1', 1, true)).toMatchObject({ messageId: 'id1', text: 'Mire', file: { id: 'x' } });
});

test('the card of a link goes with a text that has one, unless its agent or an older desktop of the team is against it', () => {
  const previewOf = (text: string, { isOff = false, canPreview = true } = {}): boolean | undefined => {
    const { setText, setPreviewOff, beginSend } = open(createStorage()).getState();
    setText('c1', text);
    setPreviewOff('c1', isOff);
    return beginSend('c1', 1, canPreview)?.hasPreview;
  };
  expect(previewOf('https://a.gt')).toBe(true);
  expect(previewOf('hola')).toBe(false);
  expect(previewOf('https://a.gt', { isOff: true })).toBe(false);
  expect(previewOf('https://a.gt', { canPreview: false })).toBe(false);
});
