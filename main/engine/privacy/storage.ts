/** How much room the team's data takes on this computer, and what can be done about it. */
import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { AppError } from '../../../contract/app-error.ts';
import type { StorageUse } from '../../../contract/privacy-api.ts';
import type { ErasureQueries } from '../db/erasure-queries.ts';
import type { StorageQueries } from '../db/storage-queries.ts';
import type { MediaFeature } from '../media/media.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const FILES_AT_ONCE = 200;
/** A second copy of the database stands beside it while it is written anew. */
const COMPACT_NEEDS = 1.2;

type Deps = {
  db: Database.Database;
  dataDir: string;
  queries: StorageQueries;
  erasure: Pick<ErasureQueries, 'mayCompact' | 'compact' | 'bytes'>;
  media: Pick<MediaFeature, 'files'>;
  startIndexAnew: () => void;
  onChanged: () => void;
  now: () => number;
};
export type Storage = ReturnType<typeof createStorage>;

export function createStorage({ db, dataDir, queries, erasure, media, startIndexAnew, onChanged, now }: Deps) {
  const sizeOf = async (name: string): Promise<number> => (await stat(path.join(dataDir, name)).catch(() => null))?.size ?? 0;
  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(dataDir);
    return bavail * bsize;
  };
  const before = (olderThanDays: number): number => now() - olderThanDays * DAY_MS;

  return {
    get: async ({ olderThanDays }: { olderThanDays: number }): Promise<StorageUse> => {
      const base = path.basename(db.name);
      const [main, wal, shm] = await Promise.all([sizeOf(base), sizeOf(`${base}-wal`), sizeOf(`${base}-shm`)]);
      const names = await readdir(dataDir).catch(() => []);
      const logFiles = await Promise.all(names.filter((name) => name.endsWith('.log')).map(sizeOf));
      return {
        databaseBytes: main + wal + shm,
        indexBytes: queries.indexBytes(),
        eventBytes: queries.eventBytes(),
        logBytes: logFiles.reduce((sum, bytes) => sum + bytes, 0),
        media: queries.media(),
        previews: await media.files.sizeOfThumbnails(),
        freeBytes: await freeBytes(),
        counts: queries.counts(),
        oldMedia: { again: queries.countOldMedia(before(olderThanDays), true), gone: queries.countOldMedia(before(olderThanDays), false) },
      };
    },

    /** The pictures in the thread stay small ones; a file comes again when somebody looks at its message. */
    dropMedia: async ({ olderThanDays, withOnlyHere }: { olderThanDays: number; withOnlyHere: boolean }): Promise<{ files: number }> => {
      let files = 0;
      for (;;) {
        const some = queries.listOldMedia(before(olderThanDays), !withOnlyHere, FILES_AT_ONCE);
        for (const sha256 of some) {
          await media.files.remove(sha256);
          queries.forgetMedia(sha256);
          files += 1;
        }
        if (some.length < FILES_AT_ONCE) break;
      }
      onChanged();
      return { files };
    },

    rebuildSearch: (): Record<string, never> => {
      startIndexAnew();
      return {};
    },

    /** @throws AppError NOT_ALLOWED_NOW while the index is being made, DISK_FULL. */
    compact: async (): Promise<{ bytes: number }> => {
      const size = erasure.bytes();
      if (!erasure.mayCompact()) throw new AppError('NOT_ALLOWED_NOW', 'the search index is being made');
      if ((await freeBytes()) < size * COMPACT_NEEDS) throw new AppError('DISK_FULL');
      erasure.compact();
      return { bytes: Math.max(0, size - erasure.bytes()) };
    },
  };
}
