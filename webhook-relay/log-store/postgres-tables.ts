/** A log on PostgreSQL, open to be moved: its head row stays locked, so every relay waits, and finds out that it was moved. */
import type pg from 'pg';
import type { HeadValues, OpenLog, Table, Value } from './log-tables.ts';
import { TABLES } from './log-tables.ts';
import { migratePostgres } from './postgres-migrations.ts';
import { createPostgresSession, PostgresError, queriesOf, SELECT_HEAD, type HeadRow, type Param } from './postgres-session.ts';

const ROWS_AT_ONCE = 2_000;
const ARRAYS = { t: 'text[]', i: 'bigint[]', b: 'bytea[]', f: 'bigint[]' } as const;

/** @throws DatabaseFromFutureError, PostgresError */
export async function openPostgresLog({ url, newId }: { url: string; newId: () => string }): Promise<OpenLog> {
  const session = createPostgresSession({ url, notify: () => null, onConnect: async () => {}, onLost: () => {} });
  const client: pg.Client = await session.connect({ isPatient: true });
  const { rows, run } = queriesOf(client);
  const close = async (): Promise<void> => {
    await client.end(); // undoes what was not committed
    await session.close();
  };
  const lockHead = async (): Promise<HeadRow> => {
    const [head] = await rows<HeadRow>(`${SELECT_HEAD} FOR UPDATE`);
    if (!head) throw new PostgresError('', 'The database holds no log.');
    return head;
  };
  const orderOf = ({ columns, order }: Table): string => order.map((name) => (columns.some(([column, kind]) => column === name && kind === 't') ? `${name} COLLATE "C"` : name)).join(', ');

  try {
    await migratePostgres(client, newId);
    await run('BEGIN');
    await lockHead();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    kind: 'postgres',
    isEmpty: async () => (await rows('SELECT 1 FROM entry UNION ALL SELECT 1 FROM agent UNION ALL SELECT 1 FROM invite LIMIT 1')).length === 0,
    isMoved: async () => (await lockHead()).moved_to !== null,
    readHead: async () => {
      const { log_id: logId, horizon, erased_through: erasedThrough, webhooks, ops, duplicates, unrecognised } = await lockHead();
      const [found] = await rows<{ dedupeCheck: string | null }>('SELECT dedupe_check AS "dedupeCheck" FROM log_head');
      return { logId, dedupeCheck: found?.dedupeCheck ?? null, horizon, erasedThrough, webhooks, ops, duplicates, unrecognised } satisfies HeadValues;
    },
    readRows: async function* (table) {
      const columns = table.columns.map(([name, kind]) => (kind === 'f' ? `CASE WHEN ${name} THEN 1 ELSE 0 END AS ${name}` : name)).join(', ');
      await run(`DECLARE reading NO SCROLL CURSOR FOR SELECT ${columns} FROM ${table.name} ORDER BY ${orderOf(table)}`);
      for (;;) {
        const some = await rows<Record<string, Value>>(`FETCH ${ROWS_AT_ONCE} FROM reading`);
        if (some.length === 0) break;
        yield some.map((row) => table.columns.map(([name]) => row[name] ?? null));
      }
      await run('CLOSE reading');
    },
    clear: async () => {
      for (const { name } of TABLES) await run(`DELETE FROM ${name}`);
      await run('UPDATE log_head SET moved_to = NULL, seq = 0, received_at = 0');
    },
    writeHead: async ({ logId, dedupeCheck, horizon, erasedThrough, webhooks, ops, duplicates, unrecognised }) => {
      // The newest entry always stays in a log, and says where it goes on.
      await run(
        `UPDATE log_head SET log_id = $1, horizon = $2, erased_through = $3, webhooks = $4, ops = $5, duplicates = $6, unrecognised = $7, dedupe_check = $8, changes = changes + 1,
           epoch = coalesce((SELECT max(epoch) FROM key_epoch), 0), seq = coalesce((SELECT max(seq) FROM entry), 0), received_at = coalesce((SELECT received_at FROM entry ORDER BY seq DESC LIMIT 1), 0)`,
        [logId, horizon, erasedThrough, webhooks, ops, duplicates, unrecognised, dedupeCheck],
      );
    },
    insertRows: async (table, some) => {
      const names = table.columns.map(([name]) => name).join(', ');
      const values = table.columns.map(([name, kind]) => (kind === 'f' ? `${name} = 1` : name)).join(', ');
      const arrays = table.columns.map(([, kind], index) => `$${index + 1}::${ARRAYS[kind]}`).join(', ');
      await run(
        `INSERT INTO ${table.name} (${names}) SELECT ${values} FROM unnest(${arrays}) AS source (${names})`,
        table.columns.map((_, index): Param => some.map((row) => row[index] ?? null)),
      );
    },
    markMoved: async (to) => {
      await run('UPDATE log_head SET moved_to = $1, changes = changes + 1', [to]);
    },
    goOn: async () => {
      await run('UPDATE log_head SET moved_to = NULL, changes = changes + 1');
    },
    commit: async () => {
      await run('COMMIT');
    },
    close,
  };
}
