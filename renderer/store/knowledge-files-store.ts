/**
 * Files on their way into the knowledge base. Invariants: each goes its own way, so that one which fails stops no other; one that failed
 * stays with its reason and its bytes until a person tries again or puts it away.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { KB_EXTENSIONS, type KbFileProblem } from '../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../contract/limits.ts';
import { sendPieces } from '../attach/send-pieces.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';

/** `path`: with the folders it was dropped with. */
export type PickedFile = { path: string; blob: Blob };
export type KnowledgeFile = {
  id: string;
  path: string;
  bytes: number;
  sent: number;
  state: 'waiting' | 'sending' | 'reading' | 'done' | 'failed';
  problem: KbFileProblem | FailureCode | null;
  articleId: string | null;
  isKnown: boolean;
};
export type KnowledgeFilesState = {
  /** In the order in which they came. */
  files: readonly KnowledgeFile[];
  add(picked: readonly PickedFile[]): void;
  retry(id: string): void;
  /** Takes one from the list; one that has not come in yet is stopped. */
  remove(id: string): void;
  /** Those that are in. */
  clearDone(): void;
};

/** More would only wait for the one process that reads them. */
const AT_ONCE = 2;
/** With the other names that these kinds go by. */
const EXTENSIONS: ReadonlySet<string> = new Set([...KB_EXTENSIONS, 'htm', 'xhtml', 'markdown', 'text', 'tsv']);
const hasKnownType = (path: string): boolean => EXTENSIONS.has(/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
const isEnded = ({ state }: KnowledgeFile): boolean => state === 'done' || state === 'failed';

export function createKnowledgeFilesStore({ client, newId }: { client: Pick<EngineClient, 'knowledge'>; newId(): string }): StoreApi<KnowledgeFilesState> {
  const blobs = new Map<string, { blob: Blob; stop: AbortController }>();
  let running = 0;
  const put = (id: string, change: Partial<KnowledgeFile>): void => store.setState(({ files }) => ({ files: files.map((file) => (file.id === id ? { ...file, ...change } : file)) }));

  async function send({ id, path }: KnowledgeFile, blob: Blob, signal: AbortSignal): Promise<Partial<KnowledgeFile>> {
    const { uploadId } = await client.knowledge.beginFile({ path, bytes: blob.size });
    try {
      await sendPieces({ blob, signal, onProgress: (sent) => put(id, { sent }), send: (offset, data) => client.knowledge.addFileChunk({ uploadId, offset, data }) });
      put(id, { state: 'reading' });
      const { state, problem, articleId, isKnown } = await client.knowledge.finishFile({ uploadId });
      return { state: state === 'failed' ? 'failed' : 'done', problem, articleId, isKnown };
    } catch (error) {
      // Of what is not finished the engine keeps nothing for long; a lost line needs no goodbye.
      if (signal.aborted) await client.knowledge.cancelFile({ uploadId }).catch(() => undefined);
      throw error;
    }
  }

  function startNext(): void {
    while (running < AT_ONCE) {
      const next = store.getState().files.find(({ state }) => state === 'waiting');
      const held = next && blobs.get(next.id);
      if (!next || !held) return;
      running += 1;
      put(next.id, { state: 'sending', sent: 0, problem: null });
      send(next, held.blob, held.stop.signal)
        .catch((error: unknown): Partial<KnowledgeFile> => ({ state: 'failed', problem: failureCodeOf(error) }))
        .then((end) => {
          if (end.state === 'done') blobs.delete(next.id);
          put(next.id, end);
        })
        .finally(() => {
          running -= 1;
          startNext();
        })
        .catch(() => undefined);
    }
  }

  /** What needs nobody to read it to be known. */
  const problemOf = ({ path, blob }: PickedFile): KbFileProblem | null => (!hasKnownType(path) ? 'unknown_type' : blob.size === 0 ? 'empty' : blob.size > KB_MAX.fileBytes ? 'too_large' : null);

  const store = createStore<KnowledgeFilesState>((set, get) => ({
    files: [],
    add: (picked) => {
      const added = picked.map((one): KnowledgeFile => {
        const id = newId();
        const problem = problemOf(one);
        if (problem === null) blobs.set(id, { blob: one.blob, stop: new AbortController() });
        return { id, path: one.path, bytes: one.blob.size, sent: 0, state: problem === null ? 'waiting' : 'failed', problem, articleId: null, isKnown: false };
      });
      set(({ files }) => ({ files: [...files, ...added] }));
      startNext();
    },
    retry: (id) => {
      if (!blobs.has(id)) return;
      put(id, { state: 'waiting', problem: null });
      startNext();
    },
    remove: (id) => {
      blobs.get(id)?.stop.abort();
      blobs.delete(id);
      set(({ files }) => ({ files: files.filter((file) => file.id !== id) }));
    },
    clearDone: () => set({ files: get().files.filter((file) => !isEnded(file) || file.state === 'failed') }),
  }));
  return store;
}
