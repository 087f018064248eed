/**
 * The tables of a log as every store has them, so that one can be copied into another and compared with it. Invariants: a table names all its columns,
 * and its order is total and the same in every store; a value is a text, an exact number, bytes or null (yes is 1 and no is 0).
 */
import { createHash, type Hash } from 'node:crypto';
import type { StoreKind } from './log-moved.ts';

export type Value = string | number | Buffer | null;
/** t: text, i: integer, b: bytes, f: 0 or 1. */
export type Table = { name: string; columns: readonly (readonly [string, 't' | 'i' | 'b' | 'f'])[]; order: readonly string[] };
/** Of the one row that a log has of them. */
export type HeadValues = { logId: string; dedupeCheck: string | null; horizon: number; erasedThrough: number; webhooks: number; ops: number; duplicates: number; unrecognised: number };

const t = (...names: string[]) => names.map((name) => [name, 't'] as const);
const i = (...names: string[]) => names.map((name) => [name, 'i'] as const);
const b = (...names: string[]) => names.map((name) => [name, 'b'] as const);
const f = (...names: string[]) => names.map((name) => [name, 'f'] as const);

export const TABLES: readonly Table[] = [
  { name: 'agent', columns: [...t('id', 'name', 'role'), ...f('is_removed')], order: ['id'] },
  // n: the order of enrolment.
  {
    name: 'device',
    columns: [
      ...i('n'),
      ...t('id', 'name', 'agent_id'),
      ...b('token_hash'),
      ...t('public_key'),
      ...i('enrolled_at', 'revoked_at'),
      ...f('wipe'),
      ...i('last_device_seq', 'last_occurred_at', 'op_level', 'last_seen_at'),
    ],
    order: ['n'],
  },
  {
    name: 'invite',
    columns: [...b('code_hash'), ...t('role', 'agent_name', 'agent_id'), ...i('created_at', 'expires_at', 'used_at', 'withdrawn_at'), ...t('created_by', 'sealed_ring')],
    order: ['code_hash'],
  },
  {
    name: 'snapshot',
    columns: [...t('id', 'device_id'), ...i('seq', 'state_version'), ...t('digest', 'sha256'), ...i('bytes'), ...t('device_seqs'), ...i('announced_at', 'completed_at', 'trusted_at')],
    order: ['id'],
  },
  { name: 'digest_report', columns: [...i('seq'), ...t('device_id'), ...i('state_version'), ...t('digest')], order: ['seq', 'device_id'] },
  { name: 'lineage', columns: [...i('n'), ...t('log_id'), ...i('seq', 'ended_at')], order: ['n'] },
  { name: 'key_epoch', columns: [...i('epoch'), ...t('public_key', 'previous', 'device_id', 'agent_id'), ...i('announced_at', 'revoked')], order: ['epoch'] },
  { name: 'key_copy', columns: [...t('device_id'), ...i('epoch'), ...t('sealed', 'voucher')], order: ['device_id'] },
  { name: 'consumed_number', columns: [...t('device_id'), ...i('device_seq'), ...t('op_id')], order: ['device_id', 'device_seq'] },
  { name: 'past_dedupe', columns: [...b('dedupe'), ...i('received_at')], order: ['dedupe'] },
  {
    name: 'entry',
    columns: [...i('seq'), ...t('kind'), ...i('received_at'), ...b('dedupe'), ...t('device_id', 'actor_id'), ...i('device_seq'), ...t('op_id'), ...i('v', 'occurred_at', 'occurred_raw'), ...t('body')],
    order: ['seq'],
  },
];

/** One store while its log is moved. It is locked: nobody else writes to it before `commit` or `close`. */
export type OpenLog = {
  kind: StoreKind;
  /** Nothing was ever kept in it. */
  isEmpty: () => Promise<boolean>;
  /** Its log went on in another store. */
  isMoved: () => Promise<boolean>;
  readHead: () => Promise<HeadValues>;
  /** Some thousand rows at a time, in the table's order. */
  readRows: (table: Table) => AsyncIterable<Value[][]>;
  /** Removes everything, the note that it was moved too. */
  clear: () => Promise<void>;
  writeHead: (head: HeadValues) => Promise<void>;
  insertRows: (table: Table, rows: Value[][]) => Promise<void>;
  /** From now on every relay, also one that runs, refuses to write here. */
  markMoved: (to: StoreKind) => Promise<void>;
  /** After `commit`: takes the mark away again, at once. */
  goOn: () => Promise<void>;
  commit: () => Promise<void>;
  /** Undoes what was not committed. */
  close: () => Promise<void>;
};

/** SHA-256 over all rows of a log, the same wherever it is kept. */
export type LogDigest = { addHead: (head: HeadValues) => void; addTable: (table: Table) => void; addRows: (rows: Value[][]) => void; read: () => string };

export function createLogDigest(hash: Hash = createHash('sha256')): LogDigest {
  return {
    addHead: ({ logId, dedupeCheck, horizon, erasedThrough, webhooks, ops, duplicates, unrecognised }) =>
      void hash.update(`${JSON.stringify([logId, dedupeCheck, horizon, erasedThrough, webhooks, ops, duplicates, unrecognised])}\n`),
    addTable: ({ name }) => void hash.update(`${name}\n`),
    addRows: (rows) => {
      for (const row of rows) hash.update(`${JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value)))}\n`);
    },
    read: () => hash.digest('hex'),
  };
}

export async function digestOf(log: OpenLog): Promise<string> {
  const digest = createLogDigest();
  digest.addHead(await log.readHead());
  for (const table of TABLES) {
    digest.addTable(table);
    for await (const rows of log.readRows(table)) digest.addRows(rows);
  }
  return digest.read();
}
