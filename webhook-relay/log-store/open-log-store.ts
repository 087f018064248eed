/** Which store keeps the log: PostgreSQL where an address of one is set, else SQLite in the data folder. */
import { mkdirSync } from 'node:fs';
import type { Log } from '../../contract/log.ts';
import type { LogStore } from './interface.ts';
import { openSqliteStore } from './sqlite.ts';

type Place = { dataDir: string; /** `postgres://…`; undefined: SQLite. */ databaseUrl?: string | undefined };

/** @throws what the store throws that cannot be opened */
export async function openLogStore({ dataDir, databaseUrl }: Place, { now, newId, log }: { now: () => number; newId: () => string; log: Log }): Promise<LogStore> {
  if (databaseUrl === undefined) return openSqliteStore({ dataDir, now, newId });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 }); // files are kept there all the same
  // Most relays have SQLite: they do not load the client.
  const { openPostgresStore } = await import('./postgres.ts');
  return openPostgresStore({ url: databaseUrl, now, newId, log });
}
