/**
 * The digest of the synced rows: the sum, modulo 2^64, of a hash of each row. Invariant: it depends on the rows alone, not
 * on the order in which they were written, so it can be kept up to date row by row and counted anew at any time, and two
 * desktops at the same seq must agree (sync.md section 7).
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { PRIMARY_KEYS, type TableName } from '../state.ts';
import { SYNCED_MIGRATIONS } from './tables.ts';

/** Raised whenever the reducer makes other rows of the same log than the release before. */
const REDUCER_VERSION = 5;
/** Desktops of one state version make the same rows of the same log; only those compare digests and share snapshots. */
export const STATE_VERSION = SYNCED_MIGRATIONS.length * 1_000 + REDUCER_VERSION;

export type Value = string | number | null;

/** @param values of the row, in the order of `digestColumns`. SHA-256 cut to 64 bits: rows hold what customers wrote, so collisions must not be easy to make. */
export const hashRow = (table: TableName, values: readonly Value[]): bigint => BigInt(`0x${hash('sha256', table + JSON.stringify(values), 'hex').slice(0, 16)}`);

/** Columns by name: the order in which a table got them does not count. */
export const digestColumns = (columns: readonly string[]): string[] => columns.toSorted();

export const formatDigest = (sum: bigint): string => BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
export const parseDigest = (digest: string): bigint => BigInt(`0x${digest}`);

/** The digest of all rows of a database, counted anew. @param schema of an attached database. */
export function countDigest(db: Database.Database, schema = 'main'): string {
  let sum = 0n;
  for (const part of countDigestInSteps(db, schema)) sum = part;
  return formatDigest(sum);
}

/** The same in steps of some thousand rows, so that others get a turn in between; the last one is the sum. */
export function* countDigestInSteps(db: Database.Database, schema = 'main'): Generator<bigint> {
  const STEP = 5_000;
  let sum = 0n;
  for (const table of Object.keys(PRIMARY_KEYS) as TableName[]) {
    const columns = digestColumns((db.pragma(`${schema}.table_info(${table})`) as { name: string }[]).map((column) => column.name));
    const key = PRIMARY_KEYS[table].join(', ');
    const first = db.prepare(`SELECT ${columns.join(', ')} FROM ${schema}.${table} ORDER BY ${key} LIMIT ${STEP}`).raw();
    const next = db.prepare(`SELECT ${columns.join(', ')} FROM ${schema}.${table} WHERE (${key}) > (${PRIMARY_KEYS[table].map(() => '?').join(', ')}) ORDER BY ${key} LIMIT ${STEP}`).raw();
    let rows = first.all() as Value[][];
    for (;;) {
      for (const row of rows) sum += hashRow(table, row);
      yield sum;
      const last = rows.at(-1);
      if (!last || rows.length < STEP) break;
      rows = next.all(PRIMARY_KEYS[table].map((column) => last[columns.indexOf(column)])) as Value[][];
    }
  }
  yield sum;
}
