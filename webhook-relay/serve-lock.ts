/**
 * One relay a data folder. Invariant: while one process serves it no other does, and a process that dies, however, gives it back: each of two would
 * tell its own desktops who is here, ask for snapshots and clean up without knowing of the other. The lock is SQLite's own on an empty file beside the
 * log, which the command line may still use meanwhile.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../contract/sqlite/native-binding.ts';

const LOCK_FILE = 'serve.lock';

export type ServeLock = { release: () => void };

/** @returns null where another relay serves this folder. */
export function acquireServeLock(dataDir: string): ServeLock | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new Database(path.join(dataDir, LOCK_FILE), { ...nativeBindingOption(), timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return { release: () => void db.close() };
}
