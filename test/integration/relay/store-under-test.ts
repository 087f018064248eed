/** Where the relays of these tests keep their log: SQLite. `on-postgres.long.test.ts` puts `postgres-under-test.ts` in its place. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { DATABASE_NAME, openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';

/** The log that belongs to the folder. */
export const openStore = async (dataDir: string, now: () => number = systemPorts.now): Promise<LogStore> => openSqliteStore({ dataDir, now, newId: systemPorts.newId });

/** What its database says, past the store. */
export async function readRows(dataDir: string, sql: string): Promise<unknown[]> {
  const db = new Database(path.join(dataDir, DATABASE_NAME), { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Everything that it has stored. */
export const readBytes = async (dataDir: string): Promise<Buffer> => Buffer.concat(await Promise.all([DATABASE_NAME, `${DATABASE_NAME}-wal`].map((name) => readFile(path.join(dataDir, name)))));
