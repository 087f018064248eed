/**
 * Opens the desktop's database file. Invariants: a file that is not ours or that a newer version has written is refused
 * and left as it is; a migration and its version number commit together. `synchronous = FULL` because "sending" must be
 * on disk before Meta is called, or a power cut could send a message twice.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { openPlainFile, type OpenFile } from '../../../contract/sqlite/open-file.ts';
import { SYNCED_MIGRATIONS } from '../../../contract/sqlite/tables.ts';
import { LOCAL_MIGRATIONS } from './local-tables.ts';

export const DATABASE_FILE = 'bandeja.db';
/** The same where the lock is on. */
export const SEALED_DATABASE_FILE = 'bandeja.sealed.db';
/** "BAND" in ASCII; SQLite's `PRAGMA application_id`. */
const APPLICATION_ID = 0x42_41_4e_44;

const PARTS = { synced: SYNCED_MIGRATIONS, local: LOCAL_MIGRATIONS } as const;

/**
 * @param file path of the file, made with its folder if missing; `:memory:` for none.
 * @param isDurable false: a commit does not wait for the disk, for what can be made anew (the demo's past).
 * @param open of an encrypted one.
 * @throws Error with a text for people when the file cannot be used.
 */
export function openDatabase(file: string, isDurable = true, open: OpenFile = openPlainFile): Database.Database {
  if (file !== ':memory:') mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const db = open(file);
  try {
    db.pragma('busy_timeout = 5000');
    const applicationId = db.pragma('application_id', { simple: true });
    const isEmpty = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").pluck().get() === 0;
    if (!isEmpty && applicationId !== APPLICATION_ID) throw new Error(`${file} is not a Bandeja database. Choose another data folder.`);
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${isDurable ? 'FULL' : 'OFF'}`);
    // What is deleted is overwritten (SQLite, "PRAGMA secure_delete"): people are erased from it.
    db.pragma('secure_delete = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -32000');
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: Database.Database, file: string): void {
  db.transaction(() => {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec('CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID');
    const readVersion = db.prepare('SELECT version FROM schema_version WHERE part = ?').pluck();
    let hasNewRows = false;
    const writeVersion = db.prepare('INSERT INTO schema_version (part, version) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET version = excluded.version');
    for (const [part, migrations] of Object.entries(PARTS)) {
      const version = (readVersion.get(part) as number | undefined) ?? 0;
      if (version > migrations.length)
        throw new Error(`${file} was written by a newer version of Bandeja (${part} ${version}, this one knows ${migrations.length}). Update Bandeja; nothing was changed.`);
      for (const sql of migrations.slice(version)) db.exec(sql);
      if (part === 'synced' && version < migrations.length) hasNewRows = version > 0;
      writeVersion.run(part, migrations.length);
    }
    // Other columns, other digest.
    if (hasNewRows) db.exec('UPDATE sync_meta SET digest = NULL');
  }).immediate();
}
