/**
 * This desktop's copy of the log's fold, with its own pending ops on top (sync.md section 4). Invariants:
 * - local and remote changes take one path, the reducer, and commit with the bookkeeping that goes with them;
 * - before entries are applied the pending ops' writes are taken back, afterwards they are replayed, so rows are always
 *   fold(log up to the cursor) + pending;
 * - nothing acts on the outside world from here: `onConfirmed` runs inside the transaction and may only write rows (jobs).
 */
import type Database from 'better-sqlite3';
import { DIGEST_EVERY, OP_BODY_MAX } from '../../../contract/limits.ts';
import { applyLogEntry, applyOp, UpdateNeededError, type ApplyResult } from '../../../contract/reduce.ts';
import { opLevel, opVersion, type OpBody } from '../../../contract/ops/op.ts';
import { countDigest } from '../../../contract/sqlite/state-digest.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ, type Outcome, type StateTx } from '../../../contract/state.ts';
import type { LogEntry, OpEntry, PushedOp } from '../../../contract/wire.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Clock, Ids } from '../ports.ts';
import type { SearchFollower } from '../search/search-follower.ts';
import type { ChangeCollector } from './change-collector.ts';

/** Own ops are kept this long, for a relay that is restored from a backup. */
const KEEP_CONFIRMED_MS = 30 * 24 * 60 * 60 * 1000;

export type Confirmed = { entry: OpEntry; op: OpBody; outcome: Outcome };
/** The digest of the confirmed rows as of a seq. */
export type DigestPoint = { seq: number; digest: string };
/** Why applying stopped at an entry, for good, until the program is updated. */
export type Stopped = { seq: number; isUpdateNeeded: boolean; detail: string };

type ReplicaDeps = {
  db: Database.Database;
  queries: SyncQueries;
  clock: Clock;
  ids: Ids;
  changes: ChangeCollector;
  /** Follows the rows for searching. */
  search?: SearchFollower;
  /** Inside the transaction that confirms an op of this device. */
  onConfirmed: (confirmed: Confirmed, tx: StateTx) => void;
  /** Inside the transaction, for every entry of the log. */
  onEntry?: (entry: LogEntry, result: ApplyResult) => void;
  /** Inside the transaction of every received batch, after the entries and before the replay. */
  onReceived: () => void;
  /** After every `rebase`: rows may be other ones now that no entry brought. */
  onRebased?: () => void;
  /** After the commit of a batch, for every multiple of DIGEST_EVERY that it passed. */
  onDigest?: (point: DigestPoint) => void;
};

export type Replica = {
  /**
   * Records an intent and applies it at once. Commits before it returns. The single place that refuses to record what would
   * not leave or could not be read. @throws AppError NOT_ENROLLED, SYNC_ENDED, UPDATE_NEEDED, INVALID_INPUT (too long)
   */
  applyLocal(op: OpBody): { opId: string; outcome: Outcome };
  /** Runs several local changes in one transaction: all or none. */
  transact<T>(change: () => T): T;
  /** Applies a page of the log. `gap`: it does not continue at the cursor, pull again. */
  receive(entries: LogEntry[]): 'applied' | 'gap' | 'stopped';
  /**
   * Takes what is pending back, lets `change` replace rows or bookkeeping, and replays what is pending then; one transaction.
   */
  rebase(change: (tx: StateTx) => void): void;
  /** Calls `take` once, right after a commit that ends at a multiple of DIGEST_EVERY from `from` on: now, or when the log gets there. */
  atPoint(from: number, take: (point: DigestPoint) => void): void;
  /** An own op came back: with a snapshot, outside `receive`. Runs inside `rebase`. */
  confirm(confirmed: Confirmed): void;
  /** Reads rows, with the pending ops' writes on top. */
  readonly state: Pick<StateTx, 'get' | 'list'>;
  /** Lets applying go on after `stopped`, for example when the machine woke up: what failed may have been passing. */
  tryAgain(): void;
  readonly stopped: Stopped | null;
};

export function createReplica({ db, queries, clock, ids, changes, search, onConfirmed, onEntry, onReceived, onRebased, onDigest }: ReplicaDeps): Replica {
  const store = createStateStore(db, (table, change) => {
    changes.noteWrite(table, change.after ?? change.before);
    // The conversation that a request was talked about in until now shows it no longer.
    if (table === 'request_link' && change.before && change.after) changes.noteWrite(table, change.before);
    search?.note(table, change);
  });
  let stopped: Stopped | null = null;
  /** Who waits for a point, and from which seq on it will do. */
  const wanted: { take: ((point: DigestPoint) => void) | null; from: number } = { take: null, from: 0 };

  /** Every write of synced rows and jobs goes through here, so that screens hear of it after the commit and only then. */
  const transact = <T>(change: () => T): T => {
    if (db.inTransaction) return change();
    try {
      const result = db
        .transaction(() => {
          const made = change();
          search?.keep();
          return made;
        })
        .immediate();
      changes.publish();
      return result;
    } catch (error) {
      changes.forget();
      search?.forget();
      throw error;
    }
  };

  const headerOf = (op: PushedOp, deviceId: string, actorId: string) => ({
    seq: PENDING_SEQ,
    receivedAt: op.occurredAt,
    opId: op.opId,
    actorId,
    deviceId,
    deviceSeq: op.deviceSeq,
    occurredAt: op.occurredAt,
    v: op.v,
  });

  const applyLocal: Replica['applyLocal'] = (body) =>
    transact(() => {
      const { deviceId, agentId, clockOffset, writeLevel, syncEnd } = queries.readMeta();
      if (deviceId === null || agentId === null) throw new AppError('NOT_ENROLLED');
      // What became of a call to Meta is a fact and not an intent: it is kept all the same.
      if (syncEnd !== null && body.type !== 'message.result') throw new AppError('SYNC_ENDED', `sync has ended: ${syncEnd}`);
      if (opLevel(body) > writeLevel) throw new AppError('UPDATE_NEEDED', `${body.type} needs level ${opLevel(body)}, the team is at ${writeLevel}`);
      const op: PushedOp = { opId: ids.next(), deviceSeq: queries.takeDeviceSeq(), v: opVersion(body), occurredAt: clock.now() + clockOffset, body: JSON.stringify(body) };
      if (op.body.length > OP_BODY_MAX) throw new AppError('INVALID_INPUT', 'too long to be shared with the team');
      queries.addPending(op);
      const { outcome } = applyOp(store.pending, headerOf(op, deviceId, agentId), op.body);
      changes.noteSync();
      return { opId: op.opId, outcome };
    });

  /**
   * Applies entries that continue at the cursor. Returns the digests at the multiples of DIGEST_EVERY that they pass.
   * @throws EntryError for one that could not be applied; nothing is committed then.
   */
  const applyBatch = (entries: LogEntry[]): DigestPoint[] => {
    const { deviceId } = queries.readMeta();
    const hasPending = queries.countPending() > 0;
    if (hasPending) store.undoPending();
    let digest = queries.readDigest() ?? countDigest(db);
    const points: DigestPoint[] = [];
    for (const entry of entries) {
      try {
        applyEntry(entry, deviceId);
      } catch (error) {
        throw isDiskError(error) ? error : new EntryError(entry.seq, error);
      }
      if (entry.seq % DIGEST_EVERY !== 0) continue;
      digest = store.settle(digest);
      points.push({ seq: entry.seq, digest });
    }
    const last = entries.at(-1);
    if (last) queries.setPoint(last.seq, store.settle(digest));
    onReceived();
    try {
      replayPending();
    } catch (error) {
      throw isDiskError(error) ? error : new EntryError(entries[0]?.seq ?? 0, error);
    }
    return points;
  };
  const replayPending = (): void => {
    const { deviceId, agentId } = queries.readMeta();
    if (deviceId === null || agentId === null) return;
    for (const op of queries.listPending(0, Number.MAX_SAFE_INTEGER)) applyOp(store.pending, headerOf(op, deviceId, agentId), op.body);
  };
  const commitBatch = (entries: LogEntry[]): void => {
    let points: DigestPoint[];
    try {
      points = transact(() => applyBatch(entries));
    } catch (error) {
      store.forget();
      throw error;
    }
    for (const point of points) onDigest?.(point);
    const last = points.at(-1);
    if (last && last.seq === entries.at(-1)?.seq && last.seq >= wanted.from) handOverPoint(last);
  };
  const handOverPoint = (point: DigestPoint): void => {
    const { take } = wanted;
    wanted.take = null;
    take?.(point);
  };
  /** Where the batch has to end, so that whoever waits finds the rows of a point. */
  const splitAtPoint = (entries: LogEntry[]): LogEntry[][] => {
    const at = wanted.take ? entries.findIndex(({ seq }) => seq >= wanted.from && seq % DIGEST_EVERY === 0) + 1 : 0;
    return at > 0 && at < entries.length ? [entries.slice(0, at), entries.slice(at)] : [entries];
  };

  const applyEntry = (entry: LogEntry, deviceId: string | null): void => {
    const result = applyLogEntry(store.confirmed, entry);
    onEntry?.(entry, result);
    if (entry.kind === 'webhook' && result.kind === 'webhook') queries.addLogEntry(entry, result.outcome, result.messageId);
    if (entry.kind === 'op') queries.setDevicePosition(entry.deviceId, entry.deviceSeq);
    if (entry.kind !== 'op' || result.kind !== 'op') return;
    const pendingSeq = queries.findPending(entry.opId);
    if (entry.deviceId !== deviceId) {
      // Written by this database before it became a device of its own, and pushed by the copy that stayed: its effects too.
      if (pendingSeq !== undefined) queries.removePending(entry.opId);
      return;
    }
    // Not pending here: written before this database was restored, or by a copy of it. Then its effects are not ours to cause.
    if (pendingSeq === undefined) return;
    if (pendingSeq !== queries.firstPendingSeq()) throw new Error('own ops must be confirmed in authoring order');
    leavePending(entry.opId);
    if (result.op) onConfirmed({ entry, op: result.op, outcome: result.outcome }, store.confirmed);
  };
  const leavePending = (opId: string): void => {
    queries.keepConfirmed(opId, clock.now(), clock.now() - KEEP_CONFIRMED_MS);
    queries.removePending(opId);
  };

  const receive: Replica['receive'] = (received) => {
    if (stopped) return 'stopped';
    const { cursor } = queries.readMeta();
    const entries: LogEntry[] = [];
    // Each once and in order, also within what came together: two frames may say the same.
    for (const entry of received) {
      const last = entries.at(-1)?.seq ?? cursor;
      if (entry.seq <= last) continue;
      if (entry.seq !== last + 1) return 'gap';
      entries.push(entry);
    }
    if (entries.length === 0) return 'applied';
    changes.noteSync();
    try {
      for (const batch of splitAtPoint(entries)) commitBatch(batch);
      return 'applied';
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      const isUpdateNeeded = error.cause instanceof UpdateNeededError;
      const before = entries.filter((entry) => entry.seq < error.seq && entry.seq > queries.readMeta().cursor);
      if (before.length > 0) commitBatch(before);
      stopped = { seq: error.seq, isUpdateNeeded, detail: String(error.cause) };
      changes.noteSync();
      changes.publish();
      return 'stopped';
    }
  };

  return {
    applyLocal,
    transact,
    receive,
    rebase: (change) => {
      try {
        transact(() => {
          store.undoPending();
          change(store.confirmed);
          onReceived();
          replayPending();
          changes.noteSync();
          // Every row may be another one now.
          search?.startAnew();
          changes.noteWrite('agent', { id: '' });
          changes.noteWrite('account_event', { id: '' });
          changes.noteConflicts();
        });
      } finally {
        store.forget();
      }
      stopped = null;
      onRebased?.();
    },
    confirm: (confirmed) => {
      leavePending(confirmed.entry.opId);
      onConfirmed(confirmed, store.confirmed);
    },
    atPoint: (from, take) => {
      const { cursor } = queries.readMeta();
      const digest = queries.readDigest();
      Object.assign(wanted, { take, from });
      if (cursor > 0 && cursor >= from && cursor % DIGEST_EVERY === 0 && digest !== null) handOverPoint({ seq: cursor, digest });
    },
    state: store.state,
    tryAgain: () => {
      stopped = null;
    },
    get stopped() {
      return stopped;
    },
  };
}

/** The disk is full, read-only or failing: nothing is wrong with the entry. (SQLite result codes; a broken constraint is a bug.) */
const isDiskError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_') && !error.code.startsWith('SQLITE_CONSTRAINT');

class EntryError extends Error {
  readonly seq: number;
  constructor(seq: number, cause: unknown) {
    super(`entry ${seq} could not be applied`, { cause });
    this.seq = seq;
  }
}
