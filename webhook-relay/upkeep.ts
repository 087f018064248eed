/**
 * What the relay does by itself from time to time: removes snapshots, files of messages and keys in invites that nobody needs, and shortens the log.
 * Invariant: one run at a time; a failure is logged and the next run tries again.
 */
import { errorText, type Log } from '../contract/log.ts';
import type { BlobFiles } from './blob-files.ts';
import type { LogStore } from './log-store/interface.ts';
import type { SnapshotFiles } from './snapshot-files.ts';

export type Upkeep = {
  /** There may be something to do: runs now, or once more after the present run. */
  run: () => void;
  /** Resolves when the present run has ended; nothing runs after it. */
  stop: () => Promise<void>;
};

type Parts = { store: LogStore; files: SnapshotFiles; now: () => number; /** Entries stay in the log at least this long. */ retentionMs: number };
/** Only the process that serves knows which uploads are being written. `retentionMs` null: files are kept for ever. */
type Blobs = { files: BlobFiles; retentionMs: number | null };

export function createUpkeep({ log, everyMs, blobs, ...parts }: Parts & { log: Log; everyMs: number; blobs: Blobs }): Upkeep {
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isStopped = false;
  const noteFailure = (error: unknown): void => log('error', 'upkeep.failed', { error: errorText(error) });

  async function work(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false;
      try {
        // Files first: on a full disk the log cannot be shortened until something has gone.
        const old = await blobs.files.sweep(blobs.retentionMs === null ? null : parts.now() - blobs.retentionMs).catch(noteFailure);
        if (old) log('info', 'blob.swept', { removed: old });
        const removed = await keepUp(parts, () => isStopped);
        if (removed > 0) log('info', 'log.compacted', { removed });
      } catch (error) {
        noteFailure(error);
      }
    }
    running = undefined;
  }

  const run = (): void => {
    isWanted = true;
    if (!isStopped) running ??= work();
  };
  const timer = setInterval(run, everyMs);

  return {
    run,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Snapshots first: the log may go only up to one that is there. @returns how many entries were removed. */
export async function keepUp({ store, files, now, retentionMs }: Parts, isStopped = (): boolean => false): Promise<number> {
  await sweepSnapshots(store, files);
  let removed = 0;
  for (let some = -1; some !== 0 && !isStopped(); removed += some) {
    some = await store.compactSome(now() - retentionMs);
    await new Promise((resolve) => setImmediate(resolve)); // requests come between
  }
  // It writes, and gives back no room: on a full disk the others come first.
  await store.sweepInvites();
  return removed;
}

/** Files are listed before rows, so that one that is just being made is never taken for one that nobody needs. */
async function sweepSnapshots(store: LogStore, files: SnapshotFiles): Promise<void> {
  const { all, finished } = await files.list();
  const rows = await store.sweepSnapshots();
  const needed = new Set(rows.map(({ id }) => id));
  for (const id of all) if (!needed.has(id)) await files.remove(id);
  // A restored backup knows snapshots whose files are gone.
  for (const { id, completedAt } of rows) if (completedAt !== null && !finished.has(id) && !(await files.list()).finished.has(id)) await store.dropSnapshot(id);
}
