/**
 * The log in one SQLite file. Invariants: see `interface.ts`. Every write is one IMMEDIATE transaction that reads the
 * head inside, because the command line writes from another process while the relay serves. synchronous=FULL: what is
 * committed survives a power cut (SQLite, "PRAGMA synchronous": in WAL mode FULL syncs the WAL at each commit).
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { assertNever } from '../../contract/app-error.ts';
import type { LogEntry, RelayEvent } from '../../contract/wire.ts';
import type { AppendJob, AppendResult, LogPage, LogStatus, LogStore, PushResult, WebhookAppend } from './interface.ts';
import { isOpenKey, requireNewestKey } from './key-rules.ts';
import { LogMovedError, readMovedTo } from './log-moved.ts';
import { migrate } from './migrations.ts';
import { createCompactionRows } from './sqlite-compaction.ts';
import { createKeyRows } from './sqlite-keys.ts';
import { createMemberRows } from './sqlite-members.ts';
import { createSnapshotRows } from './sqlite-snapshots.ts';

export const DATABASE_NAME = 'relay.db';
/** How long to wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;
/** About the bytes of an entry's JSON besides its body. */
const ENTRY_OVERHEAD_BYTES = 250;

type EntryRow = { seq: number; kind: LogEntry['kind']; received_at: number; device_id: string; actor_id: string; device_seq: number; op_id: string; v: number; occurred_at: number; body: string };
type PushingDevice = { agent_id: string; revoked_at: number | null; wipe: 0 | 1; last_device_seq: number; last_occurred_at: number | null };
type Counter = 'webhooks' | 'ops' | 'duplicates' | 'unrecognised';
/** Where the log stands inside a transaction, and what the transaction has counted so far. */
type Tail = { seq: number; receivedAt: number; counts: Record<Counter, number> };

type Deps = { dataDir: string; now: () => number; newId: () => string; /** False: a commit does not wait for the disk, for a log that can be made anew. */ isDurable?: boolean };

/** The database, made if missing, brought to the newest schema. @throws DatabaseFromFutureError */
export function openDatabase({ dataDir, newId, isDurable = true }: Pick<Deps, 'dataDir' | 'newId' | 'isDurable'>): Database.Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new Database(path.join(dataDir, DATABASE_NAME), { timeout: BUSY_TIMEOUT_MS, ...nativeBindingOption() });
  try {
    db.pragma('page_size = 16384'); // 1.5 kB rows fit without waste
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${isDurable ? 'FULL' : 'OFF'}`);
    // What is removed is overwritten (SQLite, "PRAGMA secure_delete"): people were erased from it.
    db.pragma('secure_delete = ON');
    migrate(db, newId);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @param dataDir made if missing. @param now ms since the epoch. @throws DatabaseFromFutureError, LogMovedError */
export function openSqliteStore({ dataDir, now, newId, isDurable = true }: Deps): LogStore {
  const db = openDatabase({ dataDir, newId, isDurable });
  const movedTo = readMovedTo(db);
  if (movedTo !== undefined) {
    db.close();
    throw new LogMovedError(movedTo);
  }
  const selectLogId = db.prepare<[], string>('SELECT log_id FROM identity').pluck();
  const readLogId = (): string => selectLogId.get() ?? '';
  const selectTail = db.prepare<[], { seq: number; received_at: number }>('SELECT seq, received_at FROM entry ORDER BY seq DESC LIMIT 1');
  const selectPage = db.prepare<[number, number], EntryRow>(
    'SELECT seq, kind, received_at, device_id, actor_id, device_seq, op_id, v, occurred_at, body FROM entry WHERE seq > ? ORDER BY seq LIMIT +?',
  );
  const insertWebhook = db.prepare("INSERT INTO entry (seq, kind, received_at, dedupe, body) VALUES (?, 'webhook', ?, ?, ?) ON CONFLICT (dedupe) WHERE dedupe IS NOT NULL DO NOTHING");
  const insertOp = db.prepare(
    "INSERT INTO entry (seq, kind, received_at, device_id, actor_id, device_seq, op_id, v, occurred_at, occurred_raw, body) VALUES (?, 'op', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (op_id) WHERE op_id IS NOT NULL DO NOTHING",
  );
  const insertRelayEvent = db.prepare("INSERT INTO entry (seq, kind, received_at, body) VALUES (?, 'relay', ?, ?)");
  const insertConsumed = db.prepare('INSERT INTO consumed_number (device_id, device_seq, op_id) VALUES (?, ?, ?)');
  const selectOpIdAt = db
    .prepare<[string, number, string, number], string>(
      'SELECT op_id FROM entry WHERE device_id = ? AND device_seq = ? UNION ALL SELECT op_id FROM consumed_number WHERE device_id = ? AND device_seq = ?',
    )
    .pluck();
  const addToCounter = db.prepare('UPDATE counter SET value = value + ? WHERE name = ?');
  const selectCounter = db.prepare<[string], number>('SELECT value FROM counter WHERE name = ?').pluck();
  const selectPushingDevice = db.prepare<[string], PushingDevice>('SELECT agent_id, revoked_at, wipe, last_device_seq, last_occurred_at FROM device WHERE id = ?');
  const countDevices = db.prepare<[], number>('SELECT count(*) FROM device WHERE revoked_at IS NULL').pluck();
  const updateDeviceLast = db.prepare('UPDATE device SET last_device_seq = ?, last_occurred_at = ? WHERE id = ?');

  const readHead = (): number => selectTail.get()?.seq ?? 0;

  const readTail = (): Tail => {
    const last = selectTail.get();
    return { seq: last?.seq ?? 0, receivedAt: Math.max(now(), last?.received_at ?? 0), counts: { webhooks: 0, ops: 0, duplicates: 0, unrecognised: 0 } };
  };

  function appendWebhook(tail: Tail, items: WebhookAppend[]): AppendResult {
    let stored = 0;
    requireNewestKey(items, readNewestEpoch());
    for (const { dedupe, body, isUnrecognised } of items) {
      if (isPastDuplicate(dedupe)) continue;
      if (insertWebhook.run(tail.seq + 1, tail.receivedAt, dedupe, body).changes === 0) continue;
      tail.seq += 1;
      stored += 1;
      if (isUnrecognised) tail.counts.unrecognised += 1;
    }
    tail.counts.webhooks += stored;
    tail.counts.duplicates += items.length - stored;
    return { kind: 'webhook', stored, duplicates: items.length - stored };
  }

  function appendPush(tail: Tail, { deviceId, ops }: Extract<AppendJob, { kind: 'push' }>): PushResult {
    const device = selectPushingDevice.get(deviceId);
    if (!device || device.revoked_at !== null) return { kind: 'push', status: 'revoked', wipe: device?.wipe === 1 };
    const epoch = readNewestEpoch();
    let status: 'done' | 'gap' | 'forked' | 'wrong_epoch' = 'done';
    let last = device.last_device_seq;
    let occurredAt = device.last_occurred_at;
    for (const op of ops) {
      if (op.deviceSeq <= last) {
        const known = selectOpIdAt.get(deviceId, op.deviceSeq, deviceId, op.deviceSeq);
        // Of a compacted entry only the number is left. A desktop that may read on has seen what became of its op, so whoever
        // still has something to say under that number is a copy; to acknowledge it would be to lose it.
        if (known === op.opId) continue;
        status = 'forked';
        break;
      }
      if (op.deviceSeq > last + 1) {
        status = 'gap';
        break;
      }
      if (!isOpenKey(op.body, epoch)) {
        status = 'wrong_epoch';
        break;
      }
      const clamped = Math.max(occurredAt ?? -Infinity, Math.min(op.occurredAt, tail.receivedAt));
      const inserted = insertOp.run(tail.seq + 1, tail.receivedAt, deviceId, device.agent_id, op.deviceSeq, op.opId, op.v, clamped, op.occurredAt, op.body);
      if (inserted.changes === 1) {
        tail.seq += 1;
        tail.counts.ops += 1;
        occurredAt = clamped;
      } else insertConsumed.run(deviceId, op.deviceSeq, op.opId);
      last = op.deviceSeq;
    }
    if (last > device.last_device_seq) updateDeviceLast.run(last, occurredAt, deviceId);
    return status === 'wrong_epoch' ? { kind: 'push', status, last, epoch } : { kind: 'push', status, last, head: tail.seq };
  }

  function appendJob(tail: Tail, job: AppendJob): AppendResult {
    switch (job.kind) {
      case 'webhook':
        return appendWebhook(tail, job.items);
      case 'push':
        return appendPush(tail, job);
      default:
        return assertNever(job);
    }
  }

  const append = db.transaction((group: AppendJob[]): AppendResult[] => {
    const tail = readTail();
    const results = group.map((job) => appendJob(tail, job));
    for (const [counter, by] of Object.entries(tail.counts)) if (by > 0) addToCounter.run(by, counter);
    return results;
  });

  const appendEvents = (events: RelayEvent[]): number => {
    const tail = readTail();
    for (const event of events) {
      tail.seq += 1;
      insertRelayEvent.run(tail.seq, tail.receivedAt, JSON.stringify(event));
    }
    return tail.receivedAt;
  };
  const members = createMemberRows({ db, now, appendEvents });
  const { readNewestEpoch, readNewestKey, ...keys } = createKeyRows({ db, now, readHead });
  const { readHorizon, isPastDuplicate, ...compaction } = createCompactionRows({ db, now, newId, readHead });
  const snapshots = createSnapshotRows({ db, now, readHead });

  const readAfter = db.transaction((after: number, limit: { entries: number; bytes: number }): LogPage => {
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const row of selectPage.iterate(after, limit.entries)) {
      bytes += row.body.length + ENTRY_OVERHEAD_BYTES;
      if (entries.length > 0 && bytes > limit.bytes) break;
      entries.push(readEntry(row));
    }
    return { entries, head: readHead() };
  });

  const readStatus = db.transaction((): LogStatus => {
    const counter = (name: Counter): number => selectCounter.get(name) ?? 0;
    return {
      logId: readLogId(),
      head: readHead(),
      webhooks: counter('webhooks'),
      ops: counter('ops'),
      duplicates: counter('duplicates'),
      unrecognised: counter('unrecognised'),
      devices: countDevices.get() ?? 0,
      horizon: readHorizon(),
      ...readNewestKey(),
    };
  });

  // SQLite: data_version changes only when another connection has committed.
  const readDataVersion = (): unknown => db.pragma('data_version', { simple: true });
  let dataVersion = readDataVersion();

  return {
    ...members,
    ...keys,
    ...snapshots,
    ...compaction,
    get logId() {
      return readLogId();
    },
    append: async (group) => append.immediate(group),
    readAfter: async (after, limit) => readAfter(after, limit),
    readStatus: async () => readStatus(),
    hasChangedElsewhere: async () => {
      const before = dataVersion;
      dataVersion = readDataVersion();
      return dataVersion !== before;
    },
    onWake: () => {}, // SQLite tells nobody
    close: async () => {
      db.close();
    },
  };
}

function readEntry(row: EntryRow): LogEntry {
  const { seq, kind, received_at: receivedAt, body } = row;
  if (kind !== 'op') return { kind, seq, receivedAt, body };
  return { kind, seq, receivedAt, opId: row.op_id, deviceId: row.device_id, actorId: row.actor_id, deviceSeq: row.device_seq, v: row.v, occurredAt: row.occurred_at, body };
}
