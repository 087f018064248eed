/**
 * One import of a CSV: handed to the engine in pieces, judged row by row, written all or none. It goes on while its dialog is shut.
 * Invariant: answers for an import that was left are dropped.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImportState } from '../../contract/work-entities.ts';
import { decodeCsv, splitText } from '../requests/decode-csv.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';

/** A file as the browser gives it. */
export type CsvFile = { name: string; size: number; arrayBuffer(): Promise<ArrayBuffer> };

export type RequestImportState = {
  file: { name: string; /** Share of it that the engine has, 0 to 1. */ handedOver: number } | null;
  progress: ImportState | null;
  failure: FailureCode | 'FILE_TOO_BIG' | null;
  begin(file: CsvFile): Promise<void>;
  commit(): Promise<void>;
  /** Nothing of it stays. What has been decided to be written goes on. */
  cancel(): Promise<void>;
  /** Another file can be chosen. */
  forget(): void;
};

/** What `requests.addImportText` takes at once. */
const PIECE = 200_000;
export const CSV_BYTES_MAX = 50_000_000;
const ENDED: ReadonlySet<ImportState['state']> = new Set(['done', 'cancelled', 'failed']);

export function createRequestImportStore({ client }: { client: EngineClient }): StoreApi<RequestImportState> {
  /** A new object for each import: whoever holds an older one is no longer listened to. */
  let current = {};
  const store = createStore<RequestImportState>((set, get) => ({
    file: null,
    progress: null,
    failure: null,
    begin: async (file) => {
      await get().cancel();
      if (get().progress?.state === 'importing') return;
      const mine = {};
      current = mine;
      const isMine = (): boolean => current === mine;
      const { name } = file;
      if (file.size > CSV_BYTES_MAX) return set({ file: null, progress: null, failure: 'FILE_TOO_BIG' });
      set({ file: { name, handedOver: 0 }, progress: null, failure: null });
      try {
        const pieces = splitText(decodeCsv(await file.arrayBuffer()), PIECE);
        if (!isMine()) return;
        const { importId } = await client.requests.beginImport({ name: name.slice(-255) });
        if (!isMine()) return void (await client.requests.cancelImport({ importId }));
        void follow(importId, isMine);
        for (const [at, text] of pieces.entries()) {
          const progress = await client.requests.addImportText({ importId, text, isLast: at === pieces.length - 1 });
          if (!isMine()) return void (await client.requests.cancelImport({ importId }));
          set({ file: { name, handedOver: (at + 1) / pieces.length }, progress });
        }
      } catch (error) {
        if (isMine()) set({ failure: failureCodeOf(error) });
      }
    },
    commit: async () => {
      const { progress } = get();
      if (progress?.state !== 'ready') return;
      const mine = current;
      set({ progress: { ...progress, state: 'importing' }, failure: null });
      try {
        const after = await client.requests.commitImport({ importId: progress.importId });
        if (current === mine) set({ progress: after });
      } catch (error) {
        if (current === mine) set({ progress, failure: failureCodeOf(error) });
      }
    },
    cancel: async () => {
      const { progress } = get();
      if (progress?.state === 'importing') return;
      current = {};
      set({ file: null, progress: null, failure: null });
      if (progress && !ENDED.has(progress.state)) await client.requests.cancelImport({ importId: progress.importId }).catch(() => undefined);
    },
    forget: () => {
      current = {};
      set({ file: null, progress: null, failure: null });
    },
  }));

  async function follow(importId: string, isMine: () => boolean): Promise<void> {
    try {
      for await (const progress of await client.requests.watchImport({ importId })) {
        if (!isMine()) return;
        store.setState({ progress });
        if (ENDED.has(progress.state)) return;
      }
    } catch {
      // The line broke. `commit` still answers with how it ended.
    }
  }
  return store;
}
