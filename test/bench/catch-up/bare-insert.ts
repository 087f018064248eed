/** The ceiling of catching up: the rows that a log becomes, inserted as they will be, into the same tables with the same indexes. */
import type Database from 'better-sqlite3';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

export type TableRows = { table: string; rows: unknown[][] };

/** Tables with rows at birth, and one that triggers fill. */
export const NOT_OURS: ReadonlySet<string> = new Set(['schema_version', 'sync_meta', 'search_scan', 'conversation_tally']);

/** Every row of a desktop's database, table by table, in the order in which they lie there. */
export function readAllRows(db: Database.Database): TableRows[] {
  const tables = db.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'").pluck().all() as string[];
  const all = tables.filter((table) => !NOT_OURS.has(table)).map((table) => ({ table, rows: db.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][] }));
  return all.filter(({ rows }) => rows.length > 0);
}

/** @param transactions how many to spread the rows over. @returns the milliseconds of the inserts alone. */
export function timeBareInsert(file: string, tables: readonly TableRows[], transactions: number): number {
  const db = openDatabase(file);
  try {
    const parts = tables.map(({ table, rows }) => ({ rows, insert: db.prepare(`INSERT INTO ${table} VALUES (${(rows[0] ?? []).map(() => '?').join(', ')})`) }));
    const insertPart = db.transaction((n: number) => {
      for (const { rows, insert } of parts) for (const row of rows.slice(Math.floor((rows.length * n) / transactions), Math.floor((rows.length * (n + 1)) / transactions))) insert.run(row);
    });
    const from = performance.now();
    for (let n = 0; n < transactions; n += 1) insertPart.immediate(n);
    return performance.now() - from;
  } finally {
    db.close();
  }
}
