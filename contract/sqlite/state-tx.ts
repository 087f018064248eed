/**
 * `StateTx` over SQLite. Invariants: this is the only code that writes synced rows; with journaling on, every write first
 * records how to take it back, so undoing the journal gives exactly the state before it (sync.md I4).
 * Callers hold the transaction.
 */
import type Database from 'better-sqlite3';
import { LOOKUPS, PRIMARY_KEYS, type Key, type LookupName, type StateTx, type SyncedTables, type TableName } from '../state.ts';

type Row = Record<string, string | number | null>;
type Statements = { get: Database.Statement; put: Database.Statement; remove: Database.Statement; columns: string[] };

export type StateStore = {
  /** Writes without journaling: for entries of the log. */
  confirmed: StateTx;
  /** Writes with journaling: for pending ops. */
  pending: StateTx;
  /** Takes back every journaled write, newest first, and empties the journal. */
  undoPending(): void;
};

/** @param onWrite is told of every row written or taken back, so that screens can be refreshed. */
export function createStateStore(db: Database.Database, onWrite: (table: TableName, row: Row) => void): StateStore {
  const tables = Object.keys(PRIMARY_KEYS) as TableName[];
  const statements = Object.fromEntries(tables.map((table) => [table, prepareTable(db, table)])) as Record<TableName, Statements>;
  const lookups = Object.fromEntries(
    (Object.keys(LOOKUPS) as LookupName[]).map((name) => {
      const { table, columns } = LOOKUPS[name];
      return [name, db.prepare(`SELECT * FROM ${table} WHERE ${columns.map((column) => `${column} = +?`).join(' AND ')} ORDER BY ${PRIMARY_KEYS[table].join(', ')}`)];
    }),
  ) as Record<LookupName, Database.Statement>;
  const addUndo = db.prepare('INSERT INTO undo (table_name, key, prior) VALUES (?, ?, ?)');
  const listUndo = db.prepare('SELECT table_name, key, prior FROM undo ORDER BY n DESC');
  const clearUndo = db.prepare('DELETE FROM undo');

  const writeRow = (table: TableName, row: Row): void => {
    const { put, columns } = statements[table];
    put.run(columns.map((column) => row[column] as string | number | null));
    onWrite(table, row);
  };
  const keyOf = (table: TableName, row: Row): Key => PRIMARY_KEYS[table].map((column) => row[column] as string | number);

  const createTx = (hasJournal: boolean): StateTx => {
    const journal = (table: TableName, key: Key): void => {
      if (hasJournal) addUndo.run(table, JSON.stringify(key), JSON.stringify(statements[table].get.get(...key) ?? null));
    };
    return {
      get: <T extends TableName>(table: T, key: Key) => statements[table].get.get(...key) as SyncedTables[T] | undefined,
      put: (table, row) => {
        journal(table, keyOf(table, row as Row));
        writeRow(table, row as Row);
      },
      delete: (table, key) => {
        const row = statements[table].get.get(...key) as Row | undefined;
        if (!row) return;
        journal(table, key);
        statements[table].remove.run(...key);
        onWrite(table, row);
      },
      list: <L extends LookupName>(lookup: L, key: Key) => lookups[lookup].all(...key) as SyncedTables[(typeof LOOKUPS)[L]['table']][],
    };
  };

  return {
    confirmed: createTx(false),
    pending: createTx(true),
    undoPending: () => {
      for (const { table_name: table, key, prior } of listUndo.all() as { table_name: TableName; key: string; prior: string }[]) {
        const keyParts = JSON.parse(key) as Key;
        const row = JSON.parse(prior) as Row | null;
        if (row) {
          writeRow(table, row);
          continue;
        }
        const added = statements[table].get.get(...keyParts) as Row | undefined;
        statements[table].remove.run(...keyParts);
        if (added) onWrite(table, added);
      }
      clearUndo.run();
    },
  };
}

function prepareTable(db: Database.Database, table: TableName): Statements {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map((column) => column.name);
  const key: readonly string[] = PRIMARY_KEYS[table];
  const where = key.map((column) => `${column} = +?`).join(' AND ');
  const rest = columns.filter((column) => !key.includes(column));
  const update = rest.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return {
    columns,
    get: db.prepare(`SELECT * FROM ${table} WHERE ${where}`),
    put: db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key.join(', ')}) ${update}`),
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
