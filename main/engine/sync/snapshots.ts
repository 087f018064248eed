/**
 * Snapshots of the team's rows: made when the relay asks, installed where the log is too long or gone, or where this
 * desktop's rows differ from the others' (sync.md section 7). Invariants: what leaves is sealed to the newest key, where the team has one; what is
 * installed is sealed to a key of its time, unless it is from before the team had one and this desktop has nothing newer, has the announced hash, exactly our tables and the announced digest; it replaces the shared rows in one transaction or not at all; what is pending here
 * and in the snapshot leaves the pending list with the effects that its confirmation has (decision 0005), the rest is
 * replayed; files of an interrupted run are deleted by the next one.
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { parseJson } from '../../../contract/json.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { opBodySchema } from '../../../contract/ops/op.ts';
import { checkSnapshot, copySnapshot, deleteRows, replaceRows } from '../../../contract/sqlite/snapshot-file.ts';
import { formatDigest, STATE_VERSION } from '../../../contract/sqlite/state-digest.ts';
import type { KeyRing } from '../../../contract/sealing/key-ring.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { PushedOp, Refusal } from '../../../contract/wire.ts';
import { DEVICES_PATH, type SnapshotMeta } from '../../../contract/wire-http.ts';
import type { DraftQueries } from '../db/draft-queries.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import { carryOver } from './carry-over.ts';
import type { ChangeCollector } from './change-collector.ts';
import type { LogSealing } from './log-sealing.ts';
import type { RelayConnection, Welcome } from './relay-connection.ts';
import type { DigestPoint, Replica } from './replica.ts';
import type { ScratchDisk } from './scratch-disk.ts';
import { openSnapshot, readSnapshotEpoch, sealSnapshot, type SnapshotName } from './snapshot-seal.ts';
import { compressFile, decompressFile, deleteFile, downloadSnapshot, readSnapshotMeta, uploadSnapshot, type SnapshotHttp } from './snapshot-transfer.ts';

const FILE_PREFIX = 'snapshot.';
/** A snapshot that saves fewer entries than this is not worth replacing all rows. */
const WORTH_ENTRIES = 5_000;
/** Rows that differ again this soon after they were made anew differ for a reason that making them anew does not cure. */
const REBUILD_AGAIN_AFTER_MS = 60 * 60 * 1000;

type Deps = {
  /** Inside the transaction, before rows go that a log restored from a backup may not bring again. */
  noteLosing: () => void;
  /** Inside the transaction, before the rows of a snapshot as of a seq (attached as `snapshot`) take the place of those here. */
  noteReplacing: (seq: number) => void;
  db: Database.Database;
  dataDir: string;
  disk: ScratchDisk;
  replica: Replica;
  queries: SyncQueries;
  jobs: Pick<JobQueries, 'forgetUnsentAfter'>;
  drafts: Pick<DraftQueries, 'disownAfter'>;
  relay: RelayConnection;
  http: SnapshotHttp;
  ring: KeyRing;
  sealing: Pick<LogSealing, 'mayInstall' | 'noteInstalled' | 'continueAs'>;
  changes: ChangeCollector;
  now: () => number;
  log: Log;
};

export type Snapshots = {
  /** Tells the relay this desktop's digest. */
  report(point: DigestPoint): void;
  /** Drops the shared rows and makes them anew, from a snapshot or the log. Pending ops, drafts and settings stay. @throws AppError OFFLINE, NOT_ALLOWED_NOW … */
  rebuild(): Promise<void>;
  /** Cursor to show while one is installed; null: none is. */
  progress(): number | null;
  /** Gives up one that is being made; resolves when nothing of it is under way. */
  abandon(): Promise<void>;
  stop(): Promise<void>;
};

export function createSnapshots({ noteReplacing, noteLosing, db, dataDir, disk, replica, queries, jobs, drafts, relay, http, ring, sealing, changes, now, log }: Deps): Snapshots {
  let abort = new AbortController();
  const fileOf = (what: string): string => path.join(dataDir, `${FILE_PREFIX}${what}`);
  const pause = (): Promise<void> => {
    if (abort.signal.aborted) throw new Error('the engine is stopping');
    return new Promise((resolve) => setImmediate(resolve));
  };
  let making: Promise<void> | null = null;
  /** Null: not known before the relay has greeted this desktop. */
  let offered: Welcome['snapshots'] | null = null;
  /** Snapshots that could not be used: not tried again before the next start. */
  const refused = new Set<number>();
  let rebuiltAt = -Infinity;
  let shownCursor: number | null = null;

  removeLeftovers(dataDir);

  /** Called right after a commit: rows, positions and digest are of one moment. */
  const make = async ({ seq, digest }: DigestPoint): Promise<void> => {
    const [file, compressed, sealed] = [fileOf('made'), fileOf('made.zst'), fileOf('made.sealed')];
    const { logId } = queries.readMeta();
    if (logId === null) return;
    const deviceSeqs = Object.fromEntries(queries.listDevicePositions().map(({ deviceId, deviceSeq }) => [deviceId, deviceSeq]));
    try {
      const copied = await copySnapshot(db.name, file, pause, disk.openFile);
      if (copied.digest !== digest) throw new Error('the copy has another digest than the rows');
      const plain = await compressFile(disk, file, compressed);
      await deleteFile(file);
      const name: SnapshotName = { logId, seq, stateVersion: STATE_VERSION };
      const keys = ring.find(ring.newest());
      const { bytes, sha256 } = keys ? await sealSnapshot(disk, compressed, sealed, keys, name) : plain;
      if (keys) await deleteFile(compressed);
      await uploadSnapshot(http, disk, keys ? sealed : compressed, { ...name, deviceSeqs, bytes, sha256, digest }, abort.signal, log);
      log('info', 'snapshot.made', { seq, bytes, epoch: keys?.epoch ?? 0 });
    } finally {
      for (const left of [file, compressed, sealed]) await deleteFile(left);
    }
  };
  /** From the log's end on: a snapshot of earlier rows would be an old one, and the others have passed that point. */
  const makeAtNextPoint = (): void => {
    if (making) return;
    replica.atPoint(relay.state().head, (point) => {
      if (abort.signal.aborted) return;
      making ??= make(point)
        .catch((error: unknown) => log('warn', 'snapshot.not_made', { seq: point.seq, error: errorText(error) }))
        .finally(() => {
          making = null;
        });
    });
  };

  /** @throws if it cannot be had or is not what it should be; nothing is changed then. */
  const install = async (seq: number, signal: AbortSignal): Promise<void> => {
    const logId = queries.readMeta().logId ?? '';
    const [fetched, compressed, file] = [fileOf('got.sealed'), fileOf('got.zst'), fileOf('got')];
    const showProgress = (fraction: number): void => {
      shownCursor = Math.floor(seq * fraction);
      changes.noteSync();
      changes.publish();
    };
    try {
      showProgress(0);
      const name: SnapshotName = { logId, seq, stateVersion: STATE_VERSION };
      const meta = await readSnapshotMeta(http, name, signal, log);
      await downloadSnapshot(http, disk, fetched, meta, showProgress, signal, log);
      const epoch = await openFetched(fetched, compressed, name);
      await decompressFile(disk, compressed, (bytes) => disk.takeSnapshot(file, bytes, (rows) => checkSnapshot(rows, meta.digest, pause)));
      await deleteFile(compressed);
      replaceAll(file, meta);
      if (epoch !== null) sealing.noteInstalled(seq);
      log('info', 'snapshot.installed', { seq, bytes: meta.bytes });
    } finally {
      shownCursor = null;
      for (const left of [fetched, compressed, file]) await deleteFile(left);
    }
  };

  /** @returns the epoch that it was sealed to. @throws if it cannot be the team's, is sealed to a key that this desktop does not have, or does not open with it. */
  const openFetched = async (from: string, to: string, name: SnapshotName): Promise<number | null> => {
    const epoch = await readSnapshotEpoch(disk, from);
    if (!sealing.mayInstall({ seq: name.seq, epoch })) throw new Error(epoch === null ? 'it is not sealed' : `it is sealed to epoch ${epoch}, which was replaced before`);
    if (epoch === null) {
      await disk.rename(from, to);
      return null;
    }
    const keys = ring.find(epoch); // whoever waits for a key is not connected
    if (!keys) throw new Error(`the key of epoch ${epoch} is missing`);
    await openSnapshot(disk, from, to, keys, name);
    await deleteFile(from);
    return epoch;
  };

  const replaceAll = (file: string, meta: SnapshotMeta): void => {
    db.prepare('ATTACH ? AS snapshot').run(file);
    try {
      replica.rebase((tx) => {
        noteReplacing(meta.seq);
        replaceRows(db, 'snapshot');
        queries.setDevicePositions(meta.deviceSeqs);
        queries.setMadeAnew(wholeFrom());
        queries.setPoint(meta.seq, meta.digest);
        for (const op of queries.listPending(0, Number.MAX_SAFE_INTEGER)) settleOwn(op, tx);
      });
    } finally {
      db.exec('DETACH snapshot');
    }
  };

  /**
   * An op that was pending here and is in the snapshot was confirmed: its effects are this desktop's to cause, unless it
   * came by another device (the copy that this database was made from).
   */
  const settleOwn = (op: PushedOp, tx: StateTx): void => {
    const activity = tx.get('activity', [op.opId]);
    // It stays pending, also where its number was used for another op: then the relay will say that this is a copy.
    if (!activity) return;
    const body = opBodySchema.safeParse(parseJson(op.body));
    if (!body.success || activity.device_id !== queries.readMeta().deviceId) return queries.removePending(op.opId);
    const entry = { kind: 'op' as const, ...op, seq: activity.seq, receivedAt: activity.occurred_at, deviceId: activity.device_id, actorId: activity.actor_id };
    replica.confirm({ entry, op: body.data, outcome: activity.outcome });
  };

  /** True if it was installed. What is wrong with a snapshot stays wrong; a line that broke may be whole again. */
  const tryInstall = async (seq: number, signal: AbortSignal): Promise<boolean> => {
    try {
      await install(seq, signal);
      return true;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'OFFLINE') && !signal.aborted) refused.add(seq);
      log('error', 'snapshot.not_installed', { seq, error: errorText(error) });
      return false;
    }
  };

  const best = (): number | null => {
    const usable = (offered ?? []).filter(({ seq, stateVersion }) => stateVersion === STATE_VERSION && !refused.has(seq));
    return usable.length === 0 ? null : Math.max(...usable.map(({ seq }) => seq));
  };

  /** The log is not cut before there is a snapshot, of whichever version. */
  const isLogWhole = (): boolean => offered?.length === 0;

  /** Rows that go back to an earlier point are whole again where they were before. */
  const wholeFrom = (): number => {
    const { cursor, madeAnewUntil } = queries.readMeta();
    return Math.max(cursor, madeAnewUntil);
  };

  /** Every row comes again from entry 1. */
  const startFromNothing = (until = wholeFrom()): void => {
    queries.setMadeAnew(until);
    deleteRows(db);
    queries.setDevicePositions({});
    queries.setPoint(0, formatDigest(0n));
  };

  const rebuildNow = (): Promise<void> =>
    relay.interrupt(async (signal) => {
      rebuiltAt = now();
      const seq = best();
      // A line that broke brings no log either: the rows stay until there is something to replace them.
      if (seq !== null && ((await tryInstall(seq, signal)) || !refused.has(seq))) return;
      if (!signal.aborted && isLogWhole()) replica.rebase(() => startFromNothing());
    });

  /** The relay was restored from a backup and continues another log from there. */
  const followLineage = (refusal: Extract<Refusal, { code: 'wrong_log' }>): boolean => {
    const { logId, cursor, deviceId } = queries.readMeta();
    const shared = refusal.lineage.find((parent) => parent.logId === logId);
    if (!shared || deviceId === null) return false;
    log('warn', 'sync.log_restored', { cursor, shared: shared.seq });
    if (cursor <= shared.seq) {
      sealing.continueAs(refusal.logId, shared.seq);
      queries.setLogId(refusal.logId);
      return true;
    }
    // What this desktop had confirmed and the relay has lost goes there again; jobs that are done stay done.
    void relay.interrupt(async () => {
      replica.rebase(() => {
        queries.pendAgainAfter(shared.seq, deviceId);
        queries.rewritePending((body) => carryOver(body, shared.seq));
        jobs.forgetUnsentAfter(shared.seq);
        drafts.disownAfter(shared.seq);
        queries.forgetEntriesAfter(shared.seq);
        noteLosing();
        startFromNothing(shared.seq);
        sealing.continueAs(refusal.logId, shared.seq);
        queries.setLogId(refusal.logId);
      });
    });
    return true;
  };

  const stopListening = relay.listen({
    onWelcome: ({ snapshots }) => {
      offered = snapshots;
      const { cursor, stateVersion } = queries.readMeta();
      // Another program made these rows of the log.
      if (cursor > 0 && stateVersion !== STATE_VERSION && (best() !== null || isLogWhole())) {
        log('info', 'sync.rows_of_other_version', { stateVersion });
        return void rebuildNow();
      }
      const seq = best();
      if (seq !== null && seq - cursor >= WORTH_ENTRIES) void relay.interrupt(async (signal) => void (await tryInstall(seq, signal)));
    },
    onFrame: (frame) => {
      if (frame.t === 'snapshot_wanted') makeAtNextPoint();
      if (frame.t !== 'digest_differs') return;
      log('error', 'sync.digest_differs', { seq: frame.seq });
      if (now() - rebuiltAt > REBUILD_AGAIN_AFTER_MS) void rebuildNow();
    },
    onRefused: (refusal) => {
      if (refusal.code === 'wrong_log') return followLineage(refusal);
      if (refusal.code !== 'cursor_too_old' || refused.has(refusal.snapshotSeq)) return false;
      void relay.interrupt(async (signal) => void (await tryInstall(refusal.snapshotSeq, signal)));
      return true;
    },
  });

  return {
    report: ({ seq, digest }) => void relay.send({ t: 'digest', seq, stateVersion: STATE_VERSION, digest }),
    rebuild: async () => {
      await requireRelay(http);
      if (best() === null && !isLogWhole()) throw new AppError('NOT_ALLOWED_NOW', 'the relay has neither the whole log nor a snapshot that this version can use');
      await rebuildNow();
    },
    progress: () => shownCursor,
    abandon: async () => {
      abort.abort();
      await making;
      abort = new AbortController();
    },
    stop: async () => {
      stopListening();
      abort.abort();
      await making;
    },
  };
}

/** Rows are not dropped where no others can be had. @throws AppError OFFLINE, NOT_ENROLLED, SYNC_ENDED */
async function requireRelay(http: SnapshotHttp): Promise<void> {
  try {
    await http.call({ method: 'GET', path: DEVICES_PATH }, z.unknown());
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'FORBIDDEN') throw error;
  }
}

function removeLeftovers(dataDir: string): void {
  for (const name of readdirSync(dataDir)) if (name.startsWith(FILE_PREFIX)) rmSync(path.join(dataDir, name), { force: true });
}
