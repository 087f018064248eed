/** As `store-under-test.ts`, on a PostgreSQL that all tests of a file share. */
import { hash } from 'node:crypto';
import pg from 'pg';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { openPostgresStore } from '../../../webhook-relay/log-store/postgres.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { startPostgres, type Postgres } from '../../support/postgres.ts';

let starting: Promise<Postgres> | undefined;
export const stopPostgres = async (): Promise<void> => (await starting)?.[Symbol.asyncDispose]();

const placeOf = async (dataDir: string): Promise<string> => (await (starting ??= startPostgres())).place(hash('sha256', dataDir, 'hex').slice(0, 24));

export const openStore = async (dataDir: string, now: () => number = systemPorts.now): Promise<LogStore> =>
  openPostgresStore({ url: await placeOf(dataDir), now, newId: systemPorts.newId, log: () => {} });

export async function readRows(dataDir: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: await placeOf(dataDir), types: { getTypeParser: (oid: number) => (oid === 20 ? Number : pg.types.getTypeParser(oid)) } as never });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

export async function readBytes(dataDir: string): Promise<Buffer> {
  const tables = (await readRows(dataDir, 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()')) as { name: string }[];
  const rows = await Promise.all(tables.map(({ name }) => readRows(dataDir, `SELECT t::text FROM ${name} t`)));
  return Buffer.from(JSON.stringify(rows));
}
