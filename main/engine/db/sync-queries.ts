/** Statements over `pending_op`, `confirmed_op`, `device_position`, `sync_meta` and `log_entry`. */
import type Database from 'better-sqlite3';
import { OP_LEVEL } from '../../../contract/ops/op.ts';
import { STATE_VERSION } from '../../../contract/sqlite/state-digest.ts';
import type { WriteEnd } from '../../../contract/rules/sync-end.ts';
import { eraseKnowledgeIndex } from './knowledge-index-queries.ts';
import { eraseSearch } from './search-queries.ts';
import type { PushedOp } from '../../../contract/wire.ts';

export type SyncMeta = {
  relayUrl: string | null;
  logId: string | null;
  deviceId: string | null;
  agentId: string | null;
  cursor: number;
  nextDeviceSeq: number;
  clockOffset: number;
  /** Nobody in the team writes ops above this level. */
  writeLevel: number;
  /** Last op that this database has handed to the relay. */
  pushedThrough: number;
  /** Rows are made anew until the cursor gets here: what they lack until then says nothing. */
  madeAnewUntil: number;
  /** STATE_VERSION of the program that made the rows. */
  stateVersion: number | null;
  /** Why nothing that is recorded here would leave; null: it will. */
  syncEnd: WriteEnd | null;
};

export function createSyncQueries(db: Database.Database) {
  const readMeta = db.prepare(
    'SELECT relay_url AS relayUrl, log_id AS logId, device_id AS deviceId, agent_id AS agentId, cursor, next_device_seq AS nextDeviceSeq, clock_offset AS clockOffset, write_level AS writeLevel, pushed_through AS pushedThrough, made_anew_until AS madeAnewUntil, state_version AS stateVersion, sync_end AS syncEnd FROM sync_meta',
  );
  const hasWholeRows = db.prepare('SELECT cursor >= made_anew_until FROM sync_meta').pluck();
  const enroll = db.prepare('UPDATE sync_meta SET relay_url = ?, log_id = ?, device_id = ?, agent_id = ?, write_level = ?, state_version = ?, sync_end = NULL');
  const setWriteLevel = db.prepare('UPDATE sync_meta SET write_level = ?');
  const setSyncEnd = db.prepare('UPDATE sync_meta SET sync_end = ?');
  const setRelayUrl = db.prepare('UPDATE sync_meta SET relay_url = ?');
  const setPoint = db.prepare('UPDATE sync_meta SET cursor = ?, digest = ?');
  const readDigest = db.prepare('SELECT digest FROM sync_meta').pluck();
  const setDevicePosition = db.prepare('INSERT INTO device_position (device_id, device_seq) VALUES (?, ?) ON CONFLICT (device_id) DO UPDATE SET device_seq = excluded.device_seq');
  const listDevicePositions = db.prepare('SELECT device_id AS deviceId, device_seq AS deviceSeq FROM device_position ORDER BY device_id');
  const setClockOffset = db.prepare('UPDATE sync_meta SET clock_offset = ?');
  const takeDeviceSeq = db.prepare('UPDATE sync_meta SET next_device_seq = next_device_seq + 1 RETURNING next_device_seq - 1').pluck();
  const addPending = db.prepare('INSERT INTO pending_op (device_seq, op_id, v, occurred_at, body) VALUES (?, ?, ?, ?, ?)');
  const listPending = db.prepare('SELECT op_id AS opId, device_seq AS deviceSeq, v, occurred_at AS occurredAt, body FROM pending_op WHERE device_seq > ? ORDER BY device_seq LIMIT +?');
  const removePending = db.prepare('DELETE FROM pending_op WHERE op_id = ?');
  const countPending = db.prepare('SELECT count(*) FROM pending_op').pluck();
  const countPendingBefore = db.prepare('SELECT count(*) FROM pending_op WHERE occurred_at < ?').pluck();
  const findPending = db.prepare('SELECT device_seq FROM pending_op WHERE op_id = ?').pluck();
  const firstPending = db.prepare('SELECT min(device_seq) FROM pending_op').pluck();
  const setMadeAnew = db.prepare('UPDATE sync_meta SET made_anew_until = ?, state_version = ?');
  const setPushedThrough = db.prepare('UPDATE sync_meta SET pushed_through = ? WHERE pushed_through < ?');
  const resetDevicePositions = db.prepare('DELETE FROM device_position');
  const wipeMeta = db.prepare(
    "UPDATE sync_meta SET relay_url = NULL, log_id = NULL, device_id = NULL, agent_id = NULL, cursor = 0, next_device_seq = 1, pushed_through = 0, made_anew_until = 0, digest = NULL, sync_end = 'revoked'",
  );
  const setLogId = db.prepare('UPDATE sync_meta SET log_id = ?');
  const setDevice = db.prepare('UPDATE sync_meta SET device_id = ?, next_device_seq = ?, pushed_through = 0, sync_end = NULL');
  const renumberPending = db.prepare('UPDATE pending_op SET device_seq = device_seq - ?');
  const keepConfirmed = db.prepare(
    'INSERT OR REPLACE INTO confirmed_op (device_seq, op_id, v, occurred_at, body, confirmed_at) SELECT device_seq, op_id, v, occurred_at, body, ? FROM pending_op WHERE op_id = ?',
  );
  // They stand in the order in which they were confirmed: it looks at those that go and at one more, not at a month of them for each new one. One that was confirmed while the clock stood in the future holds up no other.
  const pruneConfirmed = db.prepare(
    'DELETE FROM confirmed_op WHERE confirmed_at < @oldest AND device_seq < (SELECT device_seq FROM confirmed_op WHERE confirmed_at BETWEEN @oldest AND @now ORDER BY device_seq LIMIT 1)',
  );
  const clearConfirmed = db.prepare('DELETE FROM confirmed_op');
  const LOST = 'op_id IN (SELECT op_id FROM activity WHERE seq > +? AND device_id = +?)';
  const pendAgain = db.prepare(`INSERT INTO pending_op (device_seq, op_id, v, occurred_at, body) SELECT device_seq, op_id, v, occurred_at, body FROM confirmed_op WHERE ${LOST}`);
  const setPendingBody = db.prepare('UPDATE pending_op SET body = ? WHERE op_id = ?');
  const forgetLost = db.prepare('DELETE FROM confirmed_op WHERE op_id IN (SELECT op_id FROM pending_op)');
  const forgetEntries = db.prepare('DELETE FROM log_entry WHERE seq > ?');
  const addLogEntry = db.prepare('INSERT OR REPLACE INTO log_entry (seq, kind, received_at, body, outcome, message_id) VALUES (?, ?, ?, ?, ?, ?)');

  return {
    readMeta: () => readMeta.get() as SyncMeta,
    /** False while rows are made anew: what is not there may only not be there yet. */
    hasWholeRows: () => hasWholeRows.get() === 1,
    /** There is nothing yet that could be written about: the relay tells the team's write level before there is. */
    enroll: (relayUrl: string, logId: string, deviceId: string, agentId: string) => void enroll.run(relayUrl, logId, deviceId, agentId, OP_LEVEL, STATE_VERSION),
    setWriteLevel: (level: number) => void setWriteLevel.run(level),
    setSyncEnd: (end: WriteEnd | null) => void setSyncEnd.run(end),
    setRelayUrl: (relayUrl: string) => void setRelayUrl.run(relayUrl),
    /** @param digest of the confirmed rows at the cursor. */
    setPoint: (cursor: number, digest: string) => void setPoint.run(cursor, digest),
    /** Of the confirmed rows at the cursor; null: not known. */
    readDigest: () => readDigest.get() as string | null,
    setDevicePosition: (deviceId: string, deviceSeq: number) => void setDevicePosition.run(deviceId, deviceSeq),
    /** Replaces all of them. */
    setDevicePositions: (positions: Record<string, number>): void => {
      resetDevicePositions.run();
      for (const [deviceId, deviceSeq] of Object.entries(positions)) setDevicePosition.run(deviceId, deviceSeq);
    },
    /** Empties every table, overwriting what was there; what stays is that this desktop was revoked. */
    wipe: (): void => {
      db.pragma('secure_delete = ON');
      db.transaction(() => {
        eraseSearch(db);
        eraseKnowledgeIndex(db);
        const tables = db
          .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('schema_version', 'sync_meta')")
          .pluck()
          .all() as string[];
        for (const table of tables) db.exec(`DELETE FROM "${table}"`);
        wipeMeta.run();
      }).immediate();
    },
    /** The rows are dropped or replaced by those of an earlier point, by this program. @param until seq from which on they are whole again. */
    setMadeAnew: (until: number) => void setMadeAnew.run(until, STATE_VERSION),
    setPushedThrough: (deviceSeq: number) => void setPushedThrough.run(deviceSeq, deviceSeq),
    setLogId: (logId: string) => void setLogId.run(logId),
    /** Another device from now on: what is pending gets the numbers 1, 2, 3… in the same order, and keeps its ids. */
    becomeDevice: (deviceId: string): void => {
      const pending = countPending.get() as number;
      renumberPending.run(((firstPending.get() as number | null) ?? 1) - 1);
      clearConfirmed.run();
      setDevice.run(deviceId, pending + 1);
    },
    /** Keeps an own op that is about to leave `pending_op`, and drops those confirmed before `oldest` (ms). */
    keepConfirmed: (opId: string, now: number, oldest: number): void => {
      keepConfirmed.run(now, opId);
      pruneConfirmed.run({ oldest, now });
    },
    /** Own confirmed ops that came after `seq` in the log become pending again. */
    pendAgainAfter: (seq: number, deviceId: string): void => {
      pendAgain.run(seq, deviceId);
      forgetLost.run();
    },
    /** Puts what is pending in other words; ids and numbers stay. */
    rewritePending: (rewrite: (body: string) => string): void => {
      for (const { opId, body } of listPending.all(0, Number.MAX_SAFE_INTEGER) as PushedOp[]) {
        const next = rewrite(body);
        if (next !== body) setPendingBody.run(next, opId);
      }
    },
    /** Raw entries after `seq` were those of a log that is no more. */
    forgetEntriesAfter: (seq: number) => void forgetEntries.run(seq),
    /** Last op of each device up to the cursor. */
    listDevicePositions: () => listDevicePositions.all() as { deviceId: string; deviceSeq: number }[],
    setClockOffset: (offset: number) => void setClockOffset.run(offset),
    takeDeviceSeq: () => takeDeviceSeq.get() as number,
    addPending: (op: PushedOp) => void addPending.run(op.deviceSeq, op.opId, op.v, op.occurredAt, op.body),
    /** Pending ops in authoring order, after a device seq. */
    listPending: (after: number, limit: number) => listPending.all(after, limit) as PushedOp[],
    removePending: (opId: string) => void removePending.run(opId),
    countPending: () => countPending.get() as number,
    /** Those written before a moment of the relay's time, ms. */
    countPendingBefore: (at: number) => countPendingBefore.get(at) as number,
    findPending: (opId: string) => findPending.get(opId) as number | undefined,
    firstPendingSeq: () => firstPending.get() as number | null,
    addLogEntry: (entry: { seq: number; kind: string; receivedAt: number; body: string }, outcome: string, messageId: string | null) =>
      void addLogEntry.run(entry.seq, entry.kind, entry.receivedAt, entry.body, outcome, messageId),
  };
}
export type SyncQueries = ReturnType<typeof createSyncQueries>;
