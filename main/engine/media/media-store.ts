/** Files of messages on this computer, by the sha256 of their bytes. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';

/** `mimeType`: by its bytes. Width, height (px) and length: null where nobody could tell. */
export type StoredFile = { path: string; bytes: number; mimeType: string; width: number | null; height: number | null; durationMs: number | null };
export type MediaStore = {
  /** Null: it is not on this computer. */
  find(sha256: string): StoredFile | null;
  openRead(sha256: string): AsyncIterable<Uint8Array>;
};

export function createMediaStore(db: Database.Database, dataDir: string): MediaStore {
  const find = db.prepare('SELECT mime_type AS mimeType, bytes FROM media_file WHERE sha256 = ?');
  const pathOf = (sha256: string): string => path.join(dataDir, 'media', sha256.slice(0, 2), sha256);
  return {
    find: (sha256) => {
      const row = find.get(sha256) as Pick<StoredFile, 'mimeType' | 'bytes'> | undefined;
      return row ? { ...row, path: pathOf(sha256), width: null, height: null, durationMs: null } : null;
    },
    openRead: (sha256) => createReadStream(pathOf(sha256)),
  };
}
