/**
 * The log in a PostgreSQL database (version 13 or newer, or an engine that speaks its language), for several relays at once. Invariants: see
 * `interface.ts`; how writes take turns stands in `postgres-session.ts`. Nothing is remembered between two calls that another relay could change,
 * but for `logId`. NOTIFY only wakes: whoever asks `hasChangedElsewhere` from time to time misses nothing without it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { errorText, type Log } from '../../contract/log.ts';
import type { LogEntry, RelayEvent } from '../../contract/wire.ts';
import { LogMovedError } from './log-moved.ts';
import type { LogPage, LogStatus, LogStore } from './interface.ts';
import { appendGroup } from './postgres-append.ts';
import { createPostgresCompaction } from './postgres-compaction.ts';
import { createPostgresKeys } from './postgres-keys.ts';
import { createPostgresMembers } from './postgres-members.ts';
import { migratePostgres } from './postgres-migrations.ts';
import { createPostgresSession, PostgresError, SELECT_HEAD, type HeadRow, type Queries, type WriteTx } from './postgres-session.ts';
import { createPostgresSnapshots } from './postgres-snapshots.ts';

/** About the bytes of an entry's JSON besides its body. */
const ENTRY_OVERHEAD_BYTES = 250;
const LISTEN_AGAIN_MS = 1_000;
/** The listening connection is asked whether it is still there: a broken line says nothing. */
const LISTEN_CHECK_MS = 20_000;

type EntryRow = { seq: number; kind: LogEntry['kind']; received_at: number; device_id: string; actor_id: string; device_seq: number; op_id: string; v: number; occurred_at: number; body: string };
type Deps = { url: string; now: () => number; newId: () => string; log: Log };

/**
 * @param url `postgres://…`. @param now ms since the epoch.
 * @throws DatabaseFromFutureError, LogMovedError; PostgresError if it cannot be reached, or would acknowledge what is not on disk
 */
export async function openPostgresStore({ url, now, newId, log }: Deps): Promise<LogStore> {
  /** By it a relay knows its own notifications. */
  const instance = newId().replaceAll(/[^\w-]/g, '');
  let channel: string | null = null;
  const session = createPostgresSession({
    url,
    notify: () => (channel === null ? null : `SELECT pg_notify('${channel}', '${instance}')`),
    onConnect: requireDurability,
    onLost: (error) => log('warn', 'postgres.connection_lost', { error: errorText(error) }),
  });
  try {
    const client = await session.connect({ isPatient: true });
    try {
      await migratePostgres(client, newId);
    } finally {
      await client.end();
    }
    await warnWithoutStandby(session, log);
    const [head] = await session.rows<HeadRow>(SELECT_HEAD);
    if (!head) throw new PostgresError('', 'The database holds no log.');
    if (head.moved_to !== null) throw new LogMovedError(head.moved_to);
    channel = await readChannel(session);
    return createStore(session, { now, newId, log, instance, channel, logId: head.log_id, changes: head.changes });
  } catch (error) {
    await session.close();
    throw error;
  }
}

type Session = ReturnType<typeof createPostgresSession>;
type StoreDeps = Omit<Deps, 'url'> & { instance: string; channel: string | null; logId: string; changes: number };

function createStore(session: Session, { now, newId, log, instance, channel, logId: firstLogId, changes }: StoreDeps): LogStore {
  let logId = firstLogId;
  /** Changes that were not ours, as of the last look. */
  let elsewhere = changes;
  const wakes = new Set<() => void>();
  const stopListening = channel === null ? async (): Promise<void> => undefined : listen(session, channel, (from) => from !== instance && wakes.forEach((wake) => wake()), log);

  const appendEvents = async (tx: WriteTx, events: RelayEvent[]): Promise<number> => {
    tx.head.received_at = Math.max(now(), tx.head.received_at);
    await tx.run("INSERT INTO entry (seq, kind, received_at, body) SELECT $1 + n, 'relay', $2, body FROM unnest($3::text[]) WITH ORDINALITY AS e (body, n)", [
      tx.head.seq,
      tx.head.received_at,
      events.map((event) => JSON.stringify(event)),
    ]);
    tx.head.seq += events.length;
    return tx.head.received_at;
  };

  const readAfter = async (after: number, limit: { entries: number; bytes: number }): Promise<LogPage> => {
    const rows = await session.rows<EntryRow & { head: number }>(
      `SELECT h.seq AS head, e.* FROM log_head h LEFT JOIN (
         SELECT *, sum(octet_length(body) + ${ENTRY_OVERHEAD_BYTES}) OVER (ORDER BY seq) AS bytes_so_far, row_number() OVER (ORDER BY seq) AS place
         FROM (SELECT seq, kind, received_at, device_id, actor_id, device_seq, op_id, v, occurred_at, body FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2) page
       ) e ON e.bytes_so_far <= $3 OR e.place = 1 ORDER BY e.seq`,
      [after, limit.entries, Math.trunc(limit.bytes)],
    );
    // Without an entry the head comes alone.
    return { head: rows[0]?.head ?? 0, entries: rows.filter((row) => row.seq !== null).map(readEntry) };
  };

  return {
    ...createPostgresMembers({ session, now, appendEvents }),
    ...createPostgresKeys({ session, now }),
    ...createPostgresSnapshots({ session, now }),
    ...createPostgresCompaction({ session, now, newId, onNewLog: (newLogId) => (logId = newLogId) }),
    get logId() {
      return logId;
    },
    append: (group) =>
      session.write(
        (tx) => appendGroup(tx, group, now()),
        (results) => results.some((result) => (result.kind === 'webhook' ? result.stored > 0 : result.status !== 'revoked')),
      ),
    readAfter,
    readStatus: async () => {
      const [row] = await session.rows<HeadRow & Pick<LogStatus, 'devices' | 'publicKey' | 'keyHolders'>>(
        `SELECT h.*, (SELECT count(*) FROM device WHERE revoked_at IS NULL) AS devices, (SELECT public_key FROM key_epoch k WHERE k.epoch = h.epoch) AS "publicKey",
           (SELECT count(*) FROM key_copy c JOIN device d ON d.id = c.device_id WHERE c.epoch = h.epoch AND c.voucher <> '' AND d.revoked_at IS NULL) AS "keyHolders"
         FROM (${SELECT_HEAD}) h`,
      );
      if (!row) throw new PostgresError('', 'The database holds no log.');
      logId = row.log_id;
      const { seq: head, webhooks, ops, duplicates, unrecognised, devices, horizon, epoch, publicKey, keyHolders } = row;
      return { logId, head, webhooks, ops, duplicates, unrecognised, devices, horizon, epoch, publicKey, keyHolders } satisfies LogStatus;
    },
    hasChangedElsewhere: async () => {
      const own = session.ownChanges();
      const [row] = await session.rows<{ log_id: string; changes: number }>('SELECT log_id, changes FROM log_head');
      if (!row) return false;
      logId = row.log_id;
      // A write of ours that ended in between counts as another's, which is one look too many.
      const before = elsewhere;
      elsewhere = row.changes - own;
      return elsewhere !== before;
    },
    onWake: (wake) => void wakes.add(wake),
    close: async () => {
      wakes.clear();
      await stopListening();
      await session.close();
    },
  };
}

/** A commit that does not wait for the disk would be an acknowledgement that a power cut takes back. */
async function requireDurability({ rows }: Queries): Promise<void> {
  const [found] = await rows<{ commits: string | null; fsync: string | null; encoding: string | null }>(
    "SELECT current_setting('synchronous_commit', true) AS commits, current_setting('fsync', true) AS fsync, current_setting('server_encoding', true) AS encoding",
  );
  if (found?.commits === 'off')
    throw new PostgresError('', 'PostgreSQL has synchronous_commit=off: it would acknowledge what a power cut takes back. Set it to on, for the relay’s role and database at least.');
  if (found?.fsync === 'off') throw new PostgresError('', 'PostgreSQL has fsync=off: nothing would be safe on its disk. Set it to on.');
  if (found?.encoding && !/^utf-?8$/i.test(found.encoding)) throw new PostgresError('', `The database has the encoding ${found.encoding}. Make one with ENCODING 'UTF8'.`);
}

/** Without one the acknowledged lies on one disk only. */
async function warnWithoutStandby({ rows }: Queries, log: Log): Promise<void> {
  const [found] = await rows<{ standbys: string | null; commits: string | null }>(
    "SELECT current_setting('synchronous_standby_names', true) AS standbys, current_setting('synchronous_commit', true) AS commits",
  );
  if (!found?.standbys) log('warn', 'postgres.no_standby', { advice: 'set synchronous_standby_names: what is acknowledged lies on one disk only' });
  else if (found.commits === 'local') log('warn', 'postgres.no_standby', { advice: 'synchronous_commit=local does not wait for the standbys; set it to on' });
}

/** Of this schema alone, since NOTIFY reaches a whole database. Null: the engine has no LISTEN, and relays look by themselves. */
async function readChannel({ rows }: Queries): Promise<string | null> {
  try {
    const [found] = await rows<{ name: string }>("SELECT 'bandeja_' || md5(current_schema()) AS name");
    await rows("SELECT pg_notify('bandeja_none', '')");
    return found?.name ?? null;
  } catch {
    return null;
  }
}

/** Listens until it is stopped, on a connection of its own. After a broken line the listener is called once, because it may have missed something. */
function listen(session: Session, channel: string, onNotified: (from: string) => void, log: Log): () => Promise<void> {
  const stopped = new AbortController();
  let client: pg.Client | undefined;

  const listenOnce = async (): Promise<void> => {
    const own = await session.connect();
    client = own;
    const ended = new Promise<void>((resolve) => own.once('end', () => resolve()));
    const checking = setInterval(() => void own.query('SELECT 1').catch(() => own.end()), LISTEN_CHECK_MS);
    try {
      if (stopped.signal.aborted) return;
      own.on('notification', ({ payload }) => onNotified(payload ?? ''));
      await own.query(`LISTEN ${channel}`);
      onNotified('');
      await ended;
    } finally {
      clearInterval(checking);
      client = undefined;
      await own.end().catch(() => {});
    }
  };

  const running = (async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await listenOnce();
      } catch (error) {
        if (!stopped.signal.aborted) log('warn', 'postgres.listen_failed', { error: errorText(error) });
      }
      await delay(LISTEN_AGAIN_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();

  return async () => {
    stopped.abort();
    await client?.end().catch(() => {});
    await running;
  };
}

function readEntry(row: EntryRow): LogEntry {
  const { seq, kind, received_at: receivedAt, body } = row;
  if (kind !== 'op') return { kind, seq, receivedAt, body };
  return { kind, seq, receivedAt, opId: row.op_id, deviceId: row.device_id, actorId: row.actor_id, deviceSeq: row.device_seq, v: row.v, occurredAt: row.occurred_at, body };
}
