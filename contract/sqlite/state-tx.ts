/**
 * `StateTx` over SQLite. Invariants: this is the only code that writes single synced rows
 * (`snapshot-file.ts` replaces all of them); with journaling on, every write first
 * records how to take it back, so undoing the journal gives exactly the state before it (sync.md I4); the digest is that
 * of the confirmed rows, so it moves with `confirmed` alone: pending writes come and go between two of its points.
 * Callers hold the transaction.
 */
import type Database from 'better-sqlite3';
import { LOOKUPS, PRIMARY_KEYS, type Key, type LookupName, type StateTx, type SyncedTables, type TableName } from '../state.ts';
import { digestColumns, formatDigest, hashRow, parseDigest, type Value } from './state-digest.ts';

type Row = Record<string, Value>;
type Statements = { get: Database.Statement; put: Database.Statement; add: Database.Statement; remove: Database.Statement; columns: string[]; digestColumns: string[] };
/** What became of a row. `before` null: there was none, or it was written back without looking. */
export type RowChange = { before: Row | null; after: Row } | { before: Row; after: null };
/** A row of a batch: as it was before the batch, and as it is now. */
type Known = { before: Row | undefined; now: Row | undefined };

export type StateStore = {
  /** Reads rows as they are, with the pending ops' writes on top. */
  state: Pick<StateTx, 'get' | 'list'>;
  /** Writes without journaling, for entries of the log: from `undoPending` until `settle` or `forget`. */
  confirmed: StateTx;
  /** Writes with journaling: for pending ops. */
  pending: StateTx;
  /** Takes back every journaled write, newest first, and empties the journal. */
  undoPending(): void;
  /** The digest after what `confirmed` wrote since the last call. @param digest of the rows before. */
  settle(digest: string): string;
  /** What `confirmed` wrote since `settle` was rolled back. */
  forget(): void;
};

/** @param onWrite is told of every row written or taken back, so that screens and the search index can follow. */
export function createStateStore(db: Database.Database, onWrite: (table: TableName, change: RowChange) => void): StateStore {
  const tables = Object.keys(PRIMARY_KEYS) as TableName[];
  // Many databases are opened for a look: a statement is compiled when it is first needed.
  const statements = lazily((table: TableName) => prepareTable(db, table));
  const lookups = lazily((name: LookupName) => {
    const lookup: { table: TableName; columns: readonly string[]; where?: string } = LOOKUPS[name];
    const { table, columns, where } = lookup;
    const terms = [...columns.map((column) => `${column} = +?`), ...(where === undefined ? [] : [where])];
    return db.prepare(`SELECT * FROM ${table} WHERE ${terms.join(' AND ')} ORDER BY ${PRIMARY_KEYS[table].join(', ')}`);
  });
  const addUndo = db.prepare('INSERT INTO undo (table_name, key, prior) VALUES (?, ?, ?)');
  const listUndo = db.prepare('SELECT table_name, key, prior FROM undo ORDER BY n DESC');
  const clearUndo = db.prepare('DELETE FROM undo');

  const valuesOf = (columns: readonly string[], row: Row): Value[] => columns.map((column) => row[column] as Value);
  const writeRow = (table: TableName, row: Row, before: Row | null): void => {
    const { put, columns } = statements(table);
    put.run(valuesOf(columns, row));
    onWrite(table, { before, after: row });
  };
  const removeRow = (table: TableName, key: Key, row: Row): void => {
    statements(table).remove.run(...key);
    onWrite(table, { before: row, after: null });
  };
  const keyOf = (table: TableName, row: Row): Key => PRIMARY_KEYS[table].map((column) => row[column] as string | number);

  const state: StateStore['state'] = {
    get: <T extends TableName>(table: T, key: Key) => statements(table).get.get(...key) as SyncedTables[T] | undefined,
    list: <L extends LookupName>(lookup: L, key: Key) => lookups(lookup).all(...key) as SyncedTables[(typeof LOOKUPS)[L]['table']][],
  };

  const journal = (table: TableName, key: Key): Row | null => {
    const prior = (statements(table).get.get(...key) as Row | undefined) ?? null;
    addUndo.run(table, JSON.stringify(key), JSON.stringify(prior));
    return prior;
  };
  const pending: StateTx = {
    ...state,
    put: (table, written) => {
      const row = toStorable(written as Row);
      writeRow(table, row, journal(table, keyOf(table, row)));
    },
    delete: (table, key) => {
      const row = statements(table).get.get(...key) as Row | undefined;
      if (!row) return;
      journal(table, key);
      removeRow(table, key, row);
    },
  };

  // Rows read or written by `confirmed` since `settle`: a row that is written again and again is hashed twice in all.
  const known = Object.fromEntries(tables.map((table) => [table, new Map<string, Known>()])) as Record<TableName, Map<string, Known>>;
  const nameOf = (key: Key): string => (key.length === 1 ? String(key[0]) : JSON.stringify(key));
  const forget = (): void => {
    for (const rows of Object.values(known)) rows.clear();
  };
  const look = (table: TableName, key: Key, name: string): Known => {
    const found = known[table].get(name);
    if (found) return found;
    const row = statements(table).get.get(...key) as Row | undefined;
    const looked = { before: row, now: row };
    known[table].set(name, looked);
    return looked;
  };
  const confirmed: StateTx = {
    list: state.list,
    get: <T extends TableName>(table: T, key: Key) => look(table, key, nameOf(key)).now as SyncedTables[T] | undefined,
    put: (table, written) => {
      const row = toStorable(written as Row);
      const key = keyOf(table, row);
      const name = nameOf(key);
      const found = known[table].get(name);
      if (!found) {
        const { add, columns } = statements(table);
        // Most rows are new: then nobody has to look what was there before.
        if (add.run(valuesOf(columns, row)).changes === 1) {
          known[table].set(name, { before: undefined, now: row });
          return onWrite(table, { before: null, after: row });
        }
      }
      const entry = found ?? look(table, key, name);
      writeRow(table, row, entry.now ?? null);
      entry.now = row;
    },
    delete: (table, key) => {
      const entry = look(table, key, nameOf(key));
      if (!entry.now) return;
      removeRow(table, key, entry.now);
      entry.now = undefined;
    },
  };

  return {
    state,
    confirmed,
    pending,
    undoPending: () => {
      forget();
      for (const { table_name: table, key, prior } of listUndo.all() as { table_name: TableName; key: string; prior: string }[]) {
        const keyParts = JSON.parse(key) as Key;
        const row = JSON.parse(prior) as Row | null;
        if (row) {
          writeRow(table, row, null);
          continue;
        }
        const added = statements(table).get.get(...keyParts) as Row | undefined;
        if (added) removeRow(table, keyParts, added);
      }
      clearUndo.run();
    },
    settle: (digest) => {
      let sum = parseDigest(digest);
      for (const table of tables) {
        if (known[table].size === 0) continue;
        const columns = statements(table).digestColumns;
        for (const { before, now } of known[table].values()) {
          if (before === now) continue;
          if (before) sum -= hashRow(table, valuesOf(columns, before));
          if (now) sum += hashRow(table, valuesOf(columns, now));
        }
      }
      forget();
      return formatDigest(sum);
    },
    forget,
  };
}

/** Makes each value when it is first asked for. */
function lazily<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** As it comes back from the database: SQLite's text has no halves of characters (lone surrogates), and a customer can send some. */
function toStorable(row: Row): Row {
  for (const value of Object.values(row)) {
    if (typeof value === 'string' && !value.isWellFormed()) return Object.fromEntries(Object.entries(row).map(([column, text]) => [column, typeof text === 'string' ? text.toWellFormed() : text]));
  }
  return row;
}

function prepareTable(db: Database.Database, table: TableName): Statements {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map((column) => column.name);
  const key: readonly string[] = PRIMARY_KEYS[table];
  const where = key.map((column) => `${column} = +?`).join(' AND ');
  const rest = columns.filter((column) => !key.includes(column));
  const update = rest.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key.join(', ')})`;
  return {
    columns,
    digestColumns: digestColumns(columns),
    get: db.prepare(`SELECT * FROM ${table} WHERE ${where}`),
    put: db.prepare(`${insert} ${update}`),
    add: db.prepare(`${insert} DO NOTHING`),
    remove: db.prepare(`DELETE FROM ${table} WHERE ${where}`),
  };
}

/** Every synced row in canonical order (tables by name, rows by primary key): two desktops at the same seq give equal text. */
export function* dumpState(db: Database.Database): Generator<string> {
  for (const table of (Object.keys(PRIMARY_KEYS) as TableName[]).toSorted()) {
    for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY ${PRIMARY_KEYS[table].join(', ')}`).iterate() as IterableIterator<Row>) {
      const sorted = Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      yield `${table} ${JSON.stringify(sorted)}`;
    }
  }
}
