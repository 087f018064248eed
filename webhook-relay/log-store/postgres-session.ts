/**
 * Connections to PostgreSQL, and the one kind of write transaction. Invariants: every write locks the workspace's head row first, so writes of all
 * relays are one after the other, `seq` has no gaps and nothing becomes visible late; a write counts as done only when COMMIT was answered without a
 * warning, because a wait for a standby that somebody cancels ends in a COMMIT with a warning; no error that leaves here quotes a value or the address.
 */
import pg from 'pg';
import type { PoolConfig, QueryResult, QueryResultRow } from 'pg';
import { LogMovedError, type StoreKind } from './log-moved.ts';

const CONNECT_WITHIN_MS = 5_000;
/** A COMMIT waits for the standbys; a relay that waits longer says no, and Meta and the desktops come again. */
const ANSWER_WITHIN_MS = 15_000;
const LOCK_WITHIN_MS = 10_000;
/** A relay that vanished in the middle of a write holds up the others no longer than this. */
const IDLE_IN_WRITE_MS = 10_000;
const CONNECTIONS_MAX = 8;
/** A distributed engine asks for the whole transaction again. https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html */
const TRIES_MAX = 5;
const TRY_AGAIN_CODES = new Set(['40001', '40P01']);
const INT8_OID = 20;

/** The database cannot be used; the text is for the person who runs the relay, and holds neither address nor password. */
export class PostgresError extends Error {
  /** SQLSTATE, or a code of the network; empty: neither. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'PostgresError';
    this.code = code;
  }
}

export type Row = Record<string, unknown>;
export type Param = string | number | boolean | null | Buffer | readonly (string | number | null | Buffer)[];
export type Queries = {
  /** @throws PostgresError */
  rows: <R>(sql: string, params?: readonly Param[]) => Promise<R[]>;
  /** @returns how many rows were touched. @throws PostgresError */
  run: (sql: string, params?: readonly Param[]) => Promise<number>;
};
/** The locked head row. `changes`: writes so far that others have a reason to look at. */
export type HeadRow = {
  log_id: string;
  seq: number;
  received_at: number;
  changes: number;
  horizon: number;
  erased_through: number;
  webhooks: number;
  ops: number;
  duplicates: number;
  unrecognised: number;
  /** The newest key; 0: none. */
  epoch: number;
  moved_to: StoreKind | null;
};
/** `head` may be changed: it is written back at the end. */
export type WriteTx = Queries & { head: HeadRow };

export type PostgresSession = Queries & {
  /** All or nothing; may be done again from its beginning. `isNews` false: nobody else has a reason to look. @throws PostgresError */
  write: <T>(work: (tx: WriteTx) => Promise<T>, isNews?: (result: T) => boolean) => Promise<T>;
  /** Writes of this session that were news. */
  ownChanges: () => number;
  /** A connection of its own, to be ended by who asks; for LISTEN, and for what takes long. */
  connect: (options?: { isPatient: boolean }) => Promise<pg.Client>;
  close: () => Promise<void>;
};

const COUNTED = ['seq', 'received_at', 'horizon', 'erased_through', 'webhooks', 'ops', 'duplicates', 'unrecognised', 'epoch'] as const;
export const SELECT_HEAD = 'SELECT log_id, seq, received_at, changes, horizon, erased_through, webhooks, ops, duplicates, unrecognised, epoch, moved_to FROM log_head';

/** All our numbers are exact in a double: seq, ms, counts. */
const types: NonNullable<PoolConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8_OID && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)),
} as NonNullable<PoolConfig['types']>;

/**
 * @param notify SQL that wakes the other relays, as part of a write; null: the engine has none.
 * @param onConnect checks a new connection; throws if it cannot be used.
 */
export function createPostgresSession({
  url,
  notify,
  onConnect,
  onLost,
}: {
  url: string;
  notify: () => string | null;
  onConnect: (queries: Queries) => Promise<void>;
  onLost: (error: unknown) => void;
}): PostgresSession {
  const config = { connectionString: url, application_name: 'bandeja-relay', keepAlive: true, connectionTimeoutMillis: CONNECT_WITHIN_MS, types };
  const limits = { query_timeout: ANSWER_WITHIN_MS, lock_timeout: LOCK_WITHIN_MS, idle_in_transaction_session_timeout: IDLE_IN_WRITE_MS };
  // The pool waits for it, which its types do not say, and gives out no connection that it has thrown for.
  const check = (async (client: pg.ClientBase): Promise<void> => {
    client.on('error', () => {}); // between two queries of a write nobody else listens, and an error that nobody hears ends the process
    await onConnect(queriesOf(client));
  }) as (client: pg.ClientBase) => void;
  const pool = new pg.Pool({ ...config, ...limits, max: CONNECTIONS_MAX, onConnect: check });
  let own = 0;
  pool.on('error', onLost); // of a connection that nobody uses; the pool makes another one

  async function tryWrite<T>(work: (tx: WriteTx) => Promise<T>, isNews: (result: T) => boolean): Promise<T> {
    const client = await pool.connect();
    let warning = '';
    const onNotice = (notice: { severity?: string | undefined; code?: string | undefined }): void => {
      if (notice.severity === 'WARNING') warning = notice.code ?? '01000';
    };
    client.on('notice', onNotice);
    let failure: unknown;
    try {
      const begun = (await client.query(`BEGIN; ${SELECT_HEAD} FOR UPDATE`)) as unknown as QueryResult<HeadRow>[];
      const head = begun[1]?.rows[0];
      if (!head) throw new PostgresError('', 'The database holds no log.');
      if (head.moved_to !== null) throw new LogMovedError(head.moved_to);
      const result = await work({ ...queriesOf(client), head });
      const isWorthALook = isNews(result);
      const wake = isWorthALook ? notify() : null;
      warning = '';
      // Numbers only, so they may stand in the text: one round trip while everybody waits for the head row.
      const sets = [...COUNTED.map((name) => `${name} = ${Math.trunc(head[name])}`), `changes = changes + ${isWorthALook ? 1 : 0}`].join(', ');
      const ended = (await client.query(`UPDATE log_head SET ${sets}; ${wake === null ? '' : `${wake}; `}COMMIT`)) as unknown as QueryResult[];
      if (ended.at(-1)?.command !== 'COMMIT') throw new PostgresError('', 'PostgreSQL rolled the write back.');
      if (warning !== '') throw new PostgresError(warning, 'PostgreSQL committed, but did not wait for a standby.');
      if (isWorthALook) own += 1;
      return result;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.off('notice', onNotice);
      // What state a connection is in after an error is not worth finding out, and ending it rolls back.
      client.release(failure !== undefined);
    }
  }

  return {
    ...queriesOf(pool),
    write: async (work, isNews = () => true) => {
      for (let tried = 1; ; tried += 1) {
        try {
          return await tryWrite(work, isNews);
        } catch (error) {
          const known = describe(error);
          if (tried >= TRIES_MAX || !(known instanceof PostgresError) || !TRY_AGAIN_CODES.has(known.code)) throw known;
        }
      }
    },
    ownChanges: () => own,
    connect: async ({ isPatient } = { isPatient: false }) => {
      const client = new pg.Client({ ...config, ...(isPatient ? {} : { query_timeout: ANSWER_WITHIN_MS }) });
      client.on('error', () => {}); // its queries fail, and `end` is told
      try {
        await client.connect();
      } catch (error) {
        throw describe(error);
      }
      return client;
    },
    close: () => pool.end(),
  };
}

export function queriesOf(client: { query: (sql: string, params?: unknown[]) => Promise<QueryResult<QueryResultRow>> }): Queries {
  const query = async (sql: string, params: readonly Param[]): Promise<QueryResult<QueryResultRow>> => {
    try {
      return await client.query(sql, params.map(withoutNul));
    } catch (error) {
      throw describe(error);
    }
  };
  return {
    rows: async <R>(sql: string, params: readonly Param[] = []) => (await query(sql, params)).rows as R[],
    run: async (sql, params = []) => (await query(sql, params)).rowCount ?? 0,
  };
}

/** PostgreSQL has no character 0 in a text. One that a desktop has sent becomes what becomes of half a surrogate pair, too. */
function withoutNul(param: Param): unknown {
  if (typeof param === 'string') return param.includes('\0') ? param.replaceAll('\0', '\u{FFFD}') : param;
  return Array.isArray(param) ? param.map((item: Param) => (typeof item === 'string' ? withoutNul(item) : item)) : param;
}

/** SQLSTATE classes whose texts quote no value: connection, access, resources, intervention, state. */
const OPEN_CLASSES = new Set(['08', '0A', '25', '28', '3D', '40', '42', '53', '55', '57', '58']);

/** What may be logged and shown of an error of the driver or the server. */
export function describe(error: unknown): unknown {
  if (error instanceof PostgresError || error instanceof LogMovedError) return error;
  if (!(error instanceof Error)) return new PostgresError('', 'PostgreSQL failed.');
  const { code = '', syscall, constraint } = error as Error & { code?: string; syscall?: string; constraint?: string };
  if (error instanceof pg.DatabaseError) {
    const detail = OPEN_CLASSES.has(code.slice(0, 2)) ? error.message : constraint === undefined ? 'it refused a value' : `constraint ${constraint}`;
    return new PostgresError(code, `PostgreSQL (${code}): ${detail}`);
  }
  if (syscall !== undefined) return new PostgresError(code, `PostgreSQL cannot be reached (${code}). Is it running, and is RELAY_DATABASE_URL right?`);
  // The driver's own: a timeout, a connection that ended. Those of an AggregateError and of a certificate have a code.
  if (error instanceof AggregateError || code !== '') return new PostgresError(code, `PostgreSQL cannot be reached (${code || 'no answer'}). Is it running, and is RELAY_DATABASE_URL right?`);
  if (/timeout|terminated|Connection|connection|closed|SSL|password|SASL|pool/.test(error.message)) return new PostgresError('', `PostgreSQL: ${error.message}`);
  return error;
}
