/**
 * One engine a data folder. Invariant: while one process holds the lock no other gets it, and a process that dies, however,
 * gives it back: two outboxes over one database would send messages twice. The lock is SQLite's own on an empty file
 * beside the database, which may still be read meanwhile.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';

const LOCK_FILE = 'engine.lock';

export type FolderLock = { release(): void };

/** @throws Error with a text for people when another Bandeja has the folder open. */
export function acquireFolderLock(dataDir: string): FolderLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new Database(path.join(dataDir, LOCK_FILE), { ...nativeBindingOption(), timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new Error(`${dataDir} is open in another Bandeja on this computer. Use its window, or end it first.`, { cause: error });
    }
    throw error;
  }
  return {
    release: () => {
      db.close();
    },
  };
}
