/**
 * A snapshot's SQLite file: the synced tables and nothing else, with the confirmed rows as of one seq. Invariants: making
 * one holds a read transaction on a connection of its own, so the desktop goes on writing meanwhile and the rows are still
 * those of one moment; a file from outside is read only if it holds exactly the tables that this program would make
 * (no view, no trigger, nothing more), so nothing in it can run.
 */
import type Database from 'better-sqlite3';
import { PRIMARY_KEYS, type TableName } from '../state.ts';
import { openPlainFile, type OpenFile } from './open-file.ts';
import { countDigestInSteps, formatDigest } from './state-digest.ts';
import { createStateStore } from './state-tx.ts';
import { SYNCED_MIGRATIONS } from './tables.ts';

const STEP = 5_000;
const TABLES = Object.keys(PRIMARY_KEYS) as TableName[];
const UNDO_TABLE = 'CREATE TABLE undo (n INTEGER PRIMARY KEY, table_name TEXT NOT NULL, key TEXT NOT NULL, prior TEXT NOT NULL) STRICT';

/**
 * Copies the confirmed rows of a desktop's database into a new file. The moment that counts is the call itself; the rest
 * is done in steps, with `pause` between them. @param open of both files. @throws if the file cannot be written; `target` is the caller's to delete.
 */
export async function copySnapshot(source: string, target: string, pause: () => Promise<void>, open: OpenFile = openPlainFile): Promise<{ digest: string }> {
  const db = open(target);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    createTables(db);
    db.exec(UNDO_TABLE);
    db.prepare('ATTACH ? AS live').run(source);
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM live.undo').get();
    for (const table of TABLES) {
      for (const _ of copyInSteps(db, table, PRIMARY_KEYS[table])) await pause();
    }
    db.exec('INSERT INTO main.undo SELECT * FROM live.undo');
    db.exec('COMMIT');
    db.exec('DETACH live');
    createStateStore(db, () => undefined).undoPending();
    db.exec('DROP TABLE undo');
    return { digest: await countWithPauses(db, 'main', pause) };
  } finally {
    db.close();
  }
}

/** Looks at one from outside, which was opened for reading and not read yet. @throws Error if it is not a snapshot, or its rows have another digest. */
export async function checkSnapshot(db: Database.Database, digest: string, pause: () => Promise<void>): Promise<void> {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  if (describeSchema(db) !== expectedSchema()) throw new Error('the file holds other tables than a snapshot of this version');
  const counted = await countWithPauses(db, 'main', pause);
  if (counted !== digest) throw new Error('the rows have another digest than was announced');
}

/** Copies the rows of a snapshot that was checked into an empty file that cannot be attached to it. */
export function copyRows(source: Database.Database, target: Database.Database): void {
  target.pragma('journal_mode = OFF');
  target.pragma('synchronous = OFF');
  createTables(target);
  target.transaction(() => {
    for (const table of TABLES) {
      const columns = columnsOf(target, 'main', table);
      const insert = target.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
      for (const row of source
        .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
        .raw()
        .safeIntegers()
        .iterate())
        insert.run(...(row as unknown[]));
    }
  })();
}

/** Replaces all synced rows by those of an attached snapshot that was checked. The caller holds the transaction. */
export function replaceRows(db: Database.Database, schema: string): void {
  const listIndexes = db.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL");
  for (const table of TABLES) {
    const columns = columnsOf(db, 'main', table).join(', ');
    // Built when all rows are there, an index is sorted once.
    const indexes = listIndexes.all(table) as { name: string; sql: string }[];
    for (const { name } of indexes) db.exec(`DROP INDEX main.${name}`);
    db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM ${schema}.${table} ORDER BY ${PRIMARY_KEYS[table].join(', ')}`);
    for (const { sql } of indexes) db.exec(sql);
  }
}

export function deleteRows(db: Database.Database): void {
  for (const table of TABLES) db.exec(`DELETE FROM ${table}`);
}

function createTables(db: Database.Database): void {
  for (const sql of SYNCED_MIGRATIONS) db.exec(sql);
  // Whoever installs it has indexes of their own.
  const indexes = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").pluck().all() as string[];
  for (const index of indexes) db.exec(`DROP INDEX ${index}`);
}

function* copyInSteps(db: Database.Database, table: TableName, key: readonly string[]): Generator<void> {
  const columns = columnsOf(db, 'main', table).join(', ');
  const keys = key.join(', ');
  const select = (where: string): string => `INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM live.${table} ${where} ORDER BY ${keys} LIMIT ${STEP}`;
  const last = db.prepare(`SELECT ${keys} FROM main.${table} ORDER BY ${key.map((column) => `${column} DESC`).join(', ')} LIMIT 1`).raw();
  const next = db.prepare(select(`WHERE (${keys}) > (${key.map(() => '?').join(', ')})`));
  let { changes } = db.prepare(select('')).run();
  while (changes === STEP) {
    yield;
    changes = next.run(...(last.get() as unknown[])).changes;
  }
}

async function countWithPauses(db: Database.Database, schema: string, pause: () => Promise<void>): Promise<string> {
  let sum = 0n;
  for (const part of countDigestInSteps(db, schema)) {
    sum = part;
    await pause();
  }
  return formatDigest(sum);
}

const columnsOf = (db: Database.Database, schema: string, table: string): string[] => (db.pragma(`${schema}.table_info(${table})`) as { name: string }[]).map((column) => column.name);

const describeSchema = (db: Database.Database): string => JSON.stringify(db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').raw().all());

function expectedSchema(): string {
  const db = openPlainFile(':memory:');
  try {
    createTables(db);
    return describeSchema(db);
  } finally {
    db.close();
  }
}
