/** A log in SQLite, open to be moved. The note that it was moved is a pair of triggers: they stop a relay, too, that has had it open all the time. */
import { openDatabase } from './sqlite.ts';
import { MOVED_TRIGGER, readMovedTo } from './log-moved.ts';
import { TABLES, type HeadValues, type OpenLog, type Table, type Value } from './log-tables.ts';

const ROWS_AT_ONCE = 2_000;
const GUARDED = ['entry', 'invite'];

export function openSqliteLog({ dataDir, newId }: { dataDir: string; newId: () => string }): OpenLog {
  const db = openDatabase({ dataDir, newId });
  db.exec('BEGIN IMMEDIATE');
  const columnsOf = ({ name, columns }: Table): string[] => columns.map(([column]) => (name === 'device' && column === 'n' ? 'rowid' : column));
  const orderOf = ({ name, order }: Table): string[] => order.map((column) => (name === 'device' && column === 'n' ? 'rowid' : column));
  const counter = (name: string): number => db.prepare<[string], number>('SELECT value FROM counter WHERE name = ?').pluck().get(name) ?? 0;
  const dropTriggers = (): void => {
    for (const name of db.prepare<[string], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ?").pluck().all(`${MOVED_TRIGGER}%`)) db.exec(`DROP TRIGGER ${name}`);
  };

  return {
    kind: 'sqlite',
    isEmpty: async () => ['entry', 'agent', 'invite'].every((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined),
    isMoved: async () => readMovedTo(db) !== undefined,
    readHead: async () => {
      const row = db
        .prepare<[], Pick<HeadValues, 'logId' | 'dedupeCheck' | 'horizon' | 'erasedThrough'>>(
          'SELECT log_id AS logId, dedupe_check AS dedupeCheck, horizon, erased_through AS erasedThrough FROM identity',
        )
        .get();
      if (!row) throw new Error('The database holds no log.');
      return { ...row, webhooks: counter('webhooks'), ops: counter('ops'), duplicates: counter('duplicates'), unrecognised: counter('unrecognised') } satisfies HeadValues;
    },
    readRows: async function* (table) {
      const select = db.prepare<[], Value[]>(`SELECT ${columnsOf(table).join(', ')} FROM ${table.name} ORDER BY ${orderOf(table).join(', ')}`).raw();
      let rows: Value[][] = [];
      for (const row of select.iterate()) {
        rows.push(row);
        if (rows.length < ROWS_AT_ONCE) continue;
        yield rows;
        rows = [];
      }
      if (rows.length > 0) yield rows;
    },
    clear: async () => {
      dropTriggers();
      for (const { name } of TABLES) db.exec(`DELETE FROM ${name}`);
    },
    writeHead: async ({ logId, dedupeCheck, horizon, erasedThrough, ...counts }) => {
      db.prepare('UPDATE identity SET log_id = ?, dedupe_check = ?, horizon = ?, erased_through = ?').run(logId, dedupeCheck, horizon, erasedThrough);
      for (const [name, value] of Object.entries(counts)) db.prepare('UPDATE counter SET value = ? WHERE name = ?').run(value, name);
    },
    insertRows: async (table, rows) => {
      const insert = db.prepare(`INSERT INTO ${table.name} (${columnsOf(table).join(', ')}) VALUES (${table.columns.map(() => '?').join(', ')})`);
      for (const row of rows) insert.run(...row);
    },
    markMoved: async (to) => {
      for (const table of GUARDED) db.exec(`CREATE TRIGGER ${MOVED_TRIGGER}${to}_${table} BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'This log was moved and goes on elsewhere.'); END`);
    },
    goOn: async () => db.transaction(dropTriggers).immediate(),
    commit: async () => {
      db.exec('COMMIT');
    },
    close: async () => {
      db.close(); // undoes what was not committed
    },
  };
}
