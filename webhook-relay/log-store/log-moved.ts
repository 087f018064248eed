/** The log was moved to another store (`move-log.ts`), and goes on there: what is written here would be lost. */
import type { Database } from 'better-sqlite3';

export type StoreKind = 'sqlite' | 'postgres';

export class LogMovedError extends Error {
  constructor(to: StoreKind) {
    super(
      (to === 'postgres'
        ? 'This log was moved to PostgreSQL and goes on there. Set RELAY_DATABASE_URL (or databaseUrl in relay.json) to its address.'
        : 'This log was moved to SQLite and goes on there. Remove RELAY_DATABASE_URL (and databaseUrl from relay.json), and serve the folder it was moved to.') +
        ' If migrate was interrupted, call it again first: it finishes.',
    );
    this.name = 'LogMovedError';
  }
}

/** SQLite's note: triggers of this name, after which the store stands that the log went to. */
export const MOVED_TRIGGER = 'log_moved_to_';

/** Where the log went; undefined: it is here. */
export function readMovedTo(db: Database): StoreKind | undefined {
  const name = db.prepare<[string], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ?").pluck().get(`${MOVED_TRIGGER}%`);
  return name === undefined ? undefined : name.includes('sqlite') ? 'sqlite' : 'postgres';
}
