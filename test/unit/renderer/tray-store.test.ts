/** Files on their way into a draft: in pieces, in order, and without leftovers. */
import { ORPCError } from '@orpc/client';
import { beforeEach, expect, test } from 'vitest';
import { DRAFT_FILES_MAX, STAGE_CHUNK_BYTES } from '../../../contract/limits.ts';
import type { Preparation } from '../../../renderer/attach/prepare-file.ts';
import { uploadFile } from '../../../renderer/attach/upload-file.ts';
import { keepThumbnail } from '../../../renderer/media/thumbnails.ts';
import { EngineAway } from '../../../renderer/rpc/engine-link.ts';
import { createDraftsStore } from '../../../renderer/store/drafts-store.ts';
import { areAllReady, createTrayStore, type TrayTools } from '../../../renderer/store/tray-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';

const NOTHING = { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

let engine: FakeEngine;
/** Addresses that were given out and not taken back. */
let shown: Set<string>;
let prepared: (file: File, wanted: string | null) => Promise<Preparation>;
let drafts: ReturnType<typeof createDraftsStore>;
let tray: ReturnType<typeof createTrayStore>;

const asPhoto = (file: File, patch: Partial<Extract<Preparation, { status: 'ready' }>> = {}): Preparation => ({
  status: 'ready',
  blob: file,
  kind: 'image',
  mimeType: 'image/jpeg',
  filename: file.name,
  width: 4,
  height: 3,
  durationMs: null,
  thumbnail: new Blob(['small']),
  converted: null,
  isStilled: false,
  otherKinds: ['sticker'],
  ...patch,
});

beforeEach(() => {
  engine = createFakeEngine();
  const addresses = new Set<string>();
  shown = addresses;
  prepared = (file) => Promise.resolve(asPhoto(file));
  let count = 0;
  const newId = (): string => `id${(count += 1)}`;
  drafts = createDraftsStore({ client: engine.client, changes: engine.changes, storage: NOTHING, newId, now: () => 1 });
  const tools: TrayTools = {
    prepareFile: (file, wanted) => prepared(file, wanted),
    uploadFile,
    refusalOf: () => ({ reason: 'type' }),
    keepThumbnail,
    show: () => {
      const address = `blob:${newId()}`;
      addresses.add(address);
      return address;
    },
    forget: (address) => void addresses.delete(address),
  };
  tray = createTrayStore({ client: engine.client, drafts, changes: engine.changes, newId, loadTools: () => Promise.resolve(tools) });
});

const photo = (name: string, bytes = 10): File => new File([new Uint8Array(bytes).fill(7)], name, { type: 'image/jpeg' });
const files = () => drafts.getState().drafts['c1']?.files ?? [];
const statusOf = (name: string) => tray.getState().entries[files().find(({ filename }) => filename === name)?.id ?? '']?.status;
/** Blobs are read by the machine, not by turns of promises alone. */
const until = async (isTrue: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 400 && !isTrue(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isTrue()).toBe(true);
};

test('a file goes to the engine in pieces and stands in the draft, in the order in which it was chosen', async () => {
  tray.getState().add('c1', [photo('grande.jpg', STAGE_CHUNK_BYTES * 2 + 5), photo('otra.jpg')], null);
  expect(files().map(({ filename }) => filename)).toEqual(['grande.jpg', 'otra.jpg']);
  expect(areAllReady(files(), tray.getState().entries)).toBe(false);
  await until(() => areAllReady(files(), tray.getState().entries));
  expect([...engine.staged.values()]).toMatchObject([
    { filename: 'grande.jpg', received: STAGE_CHUNK_BYTES * 2 + 5 },
    { filename: 'otra.jpg', received: 10 },
  ]);
  expect(engine.calls.filter((call) => call === 'chunk')).toHaveLength(4);
  expect(engine.asked.filter(({ name }) => name === 'setThumbnail')).toHaveLength(2);
  drafts.getState().flush();
  await settle();
  expect(engine.drafts.get('c1')?.files.map(({ filename }) => filename)).toEqual(['grande.jpg', 'otra.jpg']);
});

test('a file that is taken away while it is loaded is forgotten by the engine too, and leaves no picture behind', async () => {
  const gate = engine.pause();
  tray.getState().add('c1', [photo('foto.jpg')], null);
  await until(() => statusOf('foto.jpg')?.state === 'uploading');
  tray.getState().remove(files()[0]!.id);
  gate.release();
  await until(() => engine.staged.get('u1')?.isCancelled === true && shown.size === 0);
  expect(files()).toEqual([]);
  expect(tray.getState().entries).toEqual({});
  expect(engine.calls).not.toContain('finish');
});

test('what could not be handed over goes on by itself when the engine is there again', async () => {
  engine.failNext('chunk', new EngineAway());
  tray.getState().add('c1', [photo('foto.jpg')], null);
  await until(() => statusOf('foto.jpg')?.state === 'waiting');
  await engine.changes.tell();
  await until(() => statusOf('foto.jpg')?.state === 'ready');
});

test('another failure is told, and tried again when its agent says so', async () => {
  engine.failNext('begin', new ORPCError('DISK_FULL', { defined: true }));
  tray.getState().add('c1', [photo('foto.jpg')], null);
  await until(() => statusOf('foto.jpg')?.state === 'failed');
  expect(statusOf('foto.jpg')).toEqual({ state: 'failed', code: 'DISK_FULL' });
  await engine.changes.tell();
  expect(statusOf('foto.jpg')?.state).toBe('failed');
  tray.getState().retry(files()[0]!.id);
  await until(() => statusOf('foto.jpg')?.state === 'ready');
});

test('what WhatsApp does not take never reaches the engine', async () => {
  prepared = () => Promise.resolve({ status: 'refused', refusal: { reason: 'type' } });
  tray.getState().add('c1', [photo('raro.exe')], null);
  await until(() => statusOf('raro.exe')?.state === 'refused');
  expect(engine.staged.size).toBe(0);
  drafts.getState().flush();
  await settle();
  expect(engine.drafts.has('c1')).toBe(false);
});

test('as another kind it is made ready anew, and cannot go meanwhile', async () => {
  prepared = (file, wanted) => Promise.resolve(asPhoto(file, wanted === 'sticker' ? { kind: 'sticker', filename: 'foto.webp' } : {}));
  tray.getState().add('c1', [photo('foto.jpg')], null);
  await until(() => statusOf('foto.jpg')?.state === 'ready');
  tray.getState().changeKind(files()[0]!.id, 'sticker');
  expect(areAllReady(files(), tray.getState().entries)).toBe(false);
  await until(() => areAllReady(files(), tray.getState().entries) && files()[0]?.kind === 'sticker');
  expect([...engine.staged.values()].map(({ filename }) => filename)).toEqual(['foto.jpg', 'foto.webp']);
  expect(shown.size).toBe(1);
});

test('more than a draft holds are not taken, and said', () => {
  const many = Array.from({ length: DRAFT_FILES_MAX + 2 }, (_, index) => photo(`${index}.jpg`));
  expect(tray.getState().add('c1', many, null)).toBe(2);
  expect(tray.getState().add('c1', [photo('una.jpg')], null)).toBe(1);
  expect(files()).toHaveLength(DRAFT_FILES_MAX);
});

test('a file that was sent keeps its picture until the engine has taken it, and has it again when it comes back', async () => {
  tray.getState().add('c1', [photo('foto.jpg')], null);
  await until(() => statusOf('foto.jpg')?.state === 'ready');
  expect(drafts.getState().beginSend('c1', 1, true)).toMatchObject({ text: '', file: { filename: 'foto.jpg' } });
  expect(files()).toEqual([]);
  expect(shown.size).toBe(1);
  drafts.getState().endSend('c1', false);
  expect(statusOf('foto.jpg')?.state).toBe('ready');
  drafts.getState().beginSend('c1', 1, true);
  drafts.getState().endSend('c1', true);
  await until(() => shown.size === 0);
});

test('a card keeps its message id over a closed dialog, until it was taken or says something else', () => {
  const { cardIdOf, keepForm } = tray.getState();
  const place = (latitude: number) => ({ kind: 'location', latitude, longitude: 2, name: null, address: null }) as const;
  const first = cardIdOf('c1', 'location', place(1));
  expect(cardIdOf('c1', 'location', place(1))).toBe(first);
  expect(cardIdOf('c1', 'location', place(3))).not.toBe(first);
  expect(cardIdOf('c2', 'location', place(1))).not.toBe(first);
  // Another card of the same conversation was taken meanwhile.
  keepForm('c1', 'askLocation', undefined);
  expect(cardIdOf('c1', 'location', place(1))).toBe(first);
  keepForm('c1', 'location', undefined);
  expect(cardIdOf('c1', 'location', place(1))).not.toBe(first);
});
