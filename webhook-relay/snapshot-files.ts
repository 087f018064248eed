/**
 * The bytes of snapshots, one file each in a folder beside the database. Invariants: a name is made only from an id that
 * the relay has given out; no snapshot is ever whole in memory; a file has its final name only when size and SHA-256 were
 * right and it is safe on disk, and nobody writes to it after that.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const UNFINISHED = '.incoming';
/** What a snapshot leaves free: webhooks that find no room for the log are lost when Meta gives up. */
const LEFT_FOR_THE_LOG_BYTES = 256 * 1024 * 1024;

export type SnapshotFiles = {
  /** Whether the disk takes so many bytes, as it is now, and still leaves room for the log. */
  hasRoomFor: (bytes: number) => Promise<boolean>;
  /** Stores exactly `bytes` bytes at `start`. `busy`: it is just being finished. */
  write: (id: string, place: { start: number; bytes: number }, source: Readable) => Promise<'written' | 'wrong_size' | 'busy'>;
  /** `wrong`: the bytes are not what was announced; they are gone. `busy`: parts are still being written. */
  finish: (id: string, announced: { bytes: number; sha256: string }) => Promise<'finished' | 'wrong' | 'busy'>;
  read: (id: string, place: { start: number; bytes: number }) => Readable;
  /** @returns ids of all files that are there, and of the finished ones. */
  list: () => Promise<{ all: Set<string>; finished: Set<string> }>;
  remove: (id: string) => Promise<void>;
};

export function createSnapshotFiles(dataDir: string): SnapshotFiles {
  const folder = path.join(dataDir, 'snapshots');
  const fileOf = (id: string): string => path.join(folder, id);
  const writers = new Map<string, number>();
  const finishing = new Set<string>();

  const remove = async (id: string): Promise<void> => {
    await Promise.all([rm(fileOf(id), { force: true }), rm(fileOf(id) + UNFINISHED, { force: true })]);
  };

  async function isAsAnnounced(file: string, { bytes, sha256 }: { bytes: number; sha256: string }): Promise<boolean> {
    const handle = await open(file, 'r+').catch(ignoreMissing);
    if (!handle) return false;
    try {
      if ((await handle.stat()).size !== bytes) return false;
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
      await handle.sync();
      return hash.digest('hex') === sha256;
    } finally {
      await handle.close();
    }
  }

  return {
    hasRoomFor: async (bytes) => {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize - bytes >= LEFT_FOR_THE_LOG_BYTES;
    },

    write: async (id, { start, bytes }, source) => {
      if (finishing.has(id)) return 'busy';
      writers.set(id, (writers.get(id) ?? 0) + 1);
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        await open(fileOf(id) + UNFINISHED, 'a', 0o600).then((handle) => handle.close());
        await pipeline(source, (chunks) => passExactly(chunks as AsyncIterable<Buffer>, bytes), createWriteStream(fileOf(id) + UNFINISHED, { flags: 'r+', start }));
        return 'written';
      } catch (error) {
        if (error instanceof WrongSizeError) return 'wrong_size';
        throw error;
      } finally {
        const others = (writers.get(id) ?? 1) - 1;
        if (others > 0) writers.set(id, others);
        else writers.delete(id);
      }
    },

    finish: async (id, announced) => {
      if (writers.has(id) || finishing.has(id)) return 'busy';
      finishing.add(id);
      try {
        if (!(await isAsAnnounced(fileOf(id) + UNFINISHED, announced))) {
          if (await isAsAnnounced(fileOf(id), announced)) return 'finished'; // we were ended between the file's name and its row
          await remove(id);
          return 'wrong';
        }
        await rename(fileOf(id) + UNFINISHED, fileOf(id));
        const handle = await open(folder, 'r');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
        return 'finished';
      } finally {
        finishing.delete(id);
      }
    },

    read: (id, { start, bytes }) => createReadStream(fileOf(id), { start, end: start + bytes - 1 }),

    list: async () => {
      const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
      return { all: new Set(names.map((name) => path.basename(name, UNFINISHED))), finished: new Set(names.filter((name) => !name.endsWith(UNFINISHED))) };
    },

    remove,
  };
}

class WrongSizeError extends Error {}

/** Not a byte beyond the place reaches the file, so a part cannot spoil its neighbour. */
async function* passExactly(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of chunks) {
    passed += chunk.length;
    if (passed > bytes) throw new WrongSizeError();
    yield chunk;
  }
  if (passed < bytes) throw new WrongSizeError();
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
