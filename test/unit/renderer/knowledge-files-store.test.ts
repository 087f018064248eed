/** Files on their way into the knowledge base, against an engine that a test lets answer. */
import { expect, test } from 'vitest';
import type { KbUpload } from '../../../contract/ai/ai-views.ts';
import { createKnowledgeFilesStore } from '../../../renderer/store/knowledge-files-store.ts';

type Client = Parameters<typeof createKnowledgeFilesStore>[0]['client'];

/** `finish`: how a file ends, by its path. */
function setUp(finish: (path: string) => Promise<Partial<KbUpload>>) {
  const began: string[] = [];
  const cancelled: string[] = [];
  let received = '';
  const knowledge = {
    beginFile: async ({ path }: { path: string }) => {
      began.push(path);
      return { uploadId: path };
    },
    addFileChunk: async ({ offset, data }: { offset: number; data: string }) => {
      received += Buffer.from(data, 'base64').toString();
      return { received: offset + Buffer.from(data, 'base64').length };
    },
    finishFile: async ({ uploadId }: { uploadId: string }) => ({
      uploadId,
      filename: uploadId,
      state: 'done',
      problem: null,
      articleId: `of-${uploadId}`,
      isKnown: false,
      ...(await finish(uploadId)),
    }),
    cancelFile: async ({ uploadId }: { uploadId: string }) => void cancelled.push(uploadId),
  };
  let count = 0;
  const store = createKnowledgeFilesStore({ client: { knowledge } as unknown as Client, newId: () => `file-${(count += 1)}` });
  const states = (): string[] => store.getState().files.map(({ path, state, problem }) => `${path}: ${problem ?? state}`);
  return { store, states, began, cancelled, received: () => received };
}
const file = (path: string, text = 'x'): { path: string; blob: Blob } => ({ path, blob: new Blob([text]) });

test('one that fails stops no other, and what needs no reader to be refused never leaves', async () => {
  const { store, states, began, received } = setUp(async (path) => (path === 'b.docx' ? { state: 'failed', problem: 'damaged', articleId: null } : {}));
  store.getState().add([file('a.md', 'á'), file('b.docx'), file('c.jpg'), file('d.txt', ''), file('Carpeta/e.HTM')]);
  await expect.poll(states).toEqual(['a.md: done', 'b.docx: damaged', 'c.jpg: unknown_type', 'd.txt: empty', 'Carpeta/e.HTM: done']);
  expect(began).toEqual(['a.md', 'b.docx', 'Carpeta/e.HTM']);
  expect(received()).toBe('áxx');
  store.getState().clearDone();
  expect(states()).toEqual(['b.docx: damaged', 'c.jpg: unknown_type', 'd.txt: empty']);
});

test('two at a time; one that is taken away on its way is told to the engine, the next begins', async () => {
  const open = new Map<string, () => void>();
  const { store, states, began } = setUp((path) => new Promise((resolve) => open.set(path, () => resolve({}))));
  store.getState().add(['a.md', 'b.md', 'c.md'].map((path) => file(path)));
  await expect.poll(states).toEqual(['a.md: reading', 'b.md: reading', 'c.md: waiting']);
  expect(began).toEqual(['a.md', 'b.md']);
  open.get('a.md')?.();
  await expect.poll(states).toEqual(['a.md: done', 'b.md: reading', 'c.md: reading']);
});

test('one that failed with its line goes again, from the bytes that were kept', async () => {
  let isAway = true;
  const { store, states, received } = setUp(async () => {
    if (isAway) throw new DOMException('away');
    return {};
  });
  store.getState().add([file('a.md', 'hola')]);
  await expect.poll(states).toEqual(['a.md: ENGINE_AWAY']);
  isAway = false;
  store.getState().retry('file-1');
  await expect.poll(states).toEqual(['a.md: done']);
  expect(received()).toBe('holahola');
});
