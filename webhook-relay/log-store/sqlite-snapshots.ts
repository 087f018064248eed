/**
 * What desktops say about their rows: snapshots and digests. Invariants: a snapshot is offered only after a colleague's
 * device has reported the same digest at its seq, or when nobody else was here lately; trust is never taken back by a
 * device that joins later; an agent counts once however many devices they have; no device can push out another's trusted
 * snapshot; what one device can store is bounded.
 */
import type { Database } from 'better-sqlite3';
import { DIGEST_EVERY } from '../../contract/limits.ts';
import type { DigestReport, DigestVerdict, LogStore, Snapshot } from './interface.ts';
import { compareReports, CONFIRMS_WITHIN_MS, findSuperfluous, judgeAnnouncement, readSnapshot, REPORTED_SEQS_KEPT, UNFINISHED_FOR_MS, type Report, type SnapshotRow } from './snapshot-rules.ts';

type Deps = { db: Database; now: () => number; readHead: () => number };

export type SnapshotRows = Pick<
  LogStore,
  'announceSnapshot' | 'findSnapshot' | 'findTrustedSnapshot' | 'listTrustedSnapshots' | 'readSnapshotSeqs' | 'completeSnapshot' | 'dropSnapshot' | 'sweepSnapshots' | 'noteDigest'
>;

export function createSnapshotRows({ db, now, readHead }: Deps): SnapshotRows {
  const selectAll = db.prepare<[], SnapshotRow>('SELECT * FROM snapshot ORDER BY seq DESC, announced_at DESC');
  const selectOne = db.prepare<[string], SnapshotRow>('SELECT * FROM snapshot WHERE id = ?');
  const selectTrusted = db.prepare<[number, number], SnapshotRow>('SELECT * FROM snapshot WHERE seq = ? AND state_version = ? AND trusted_at IS NOT NULL ORDER BY trusted_at LIMIT 1');
  const selectNewestTrusted = db.prepare<[], { seq: number; stateVersion: number }>(
    'SELECT max(seq) AS seq, state_version AS stateVersion FROM snapshot WHERE trusted_at IS NOT NULL GROUP BY state_version ORDER BY 1 DESC, 2 DESC',
  );
  const selectSeqs = db.prepare<[], { newest: number; trusted: number; erased: number }>(
    'SELECT coalesce(max(seq), 0) AS newest, coalesce(max(seq) FILTER (WHERE trusted_at IS NOT NULL), 0) AS trusted, (SELECT erased_through FROM identity) AS erased FROM snapshot',
  );
  const deleteOfBeforeErasure = db.prepare(
    'DELETE FROM snapshot WHERE seq < (SELECT erased_through FROM identity) AND EXISTS (SELECT 1 FROM snapshot s WHERE s.trusted_at IS NOT NULL AND s.seq >= (SELECT erased_through FROM identity))',
  );
  const insertSnapshot = db.prepare('INSERT INTO snapshot (id, device_id, seq, state_version, digest, sha256, bytes, device_seqs, announced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const updateCompleted = db.prepare('UPDATE snapshot SET completed_at = ? WHERE id = ?');
  const deleteSnapshot = db.prepare('DELETE FROM snapshot WHERE id = ?');
  // Devices of a database from before `last_seen_at` are known by their last op.
  const IS_HERE = 'd.revoked_at IS NULL AND max(d.enrolled_at, coalesce(d.last_seen_at, 0), coalesce(d.last_occurred_at, 0)) > @since';
  // Anybody can make a second device of their own, so that one counts only where there are no colleagues.
  const updateTrusted = db.prepare(`
    UPDATE snapshot SET trusted_at = @now WHERE completed_at IS NOT NULL AND trusted_at IS NULL AND EXISTS (
      SELECT 1 FROM device author WHERE author.id = snapshot.device_id AND author.revoked_at IS NULL AND (
        NOT EXISTS (SELECT 1 FROM device d WHERE d.id <> author.id AND ${IS_HERE})
        OR EXISTS (SELECT 1 FROM digest_report r JOIN device c ON c.id = r.device_id AND c.revoked_at IS NULL AND c.id <> author.id
          WHERE r.seq = snapshot.seq AND r.state_version = snapshot.state_version AND r.digest = snapshot.digest
            AND (c.agent_id <> author.agent_id OR NOT EXISTS (SELECT 1 FROM device d WHERE d.agent_id <> author.agent_id AND ${IS_HERE})))))`);
  const isSnapshotSeq = db.prepare<[number], number>('SELECT 1 FROM snapshot WHERE seq = ?').pluck();
  const selectReport = db.prepare<[number, string], { state_version: number; digest: string }>('SELECT state_version, digest FROM digest_report WHERE seq = ? AND device_id = ?');
  const upsertReport = db.prepare(
    'INSERT INTO digest_report (seq, device_id, state_version, digest) VALUES (?, ?, ?, ?) ON CONFLICT (seq, device_id) DO UPDATE SET state_version = excluded.state_version, digest = excluded.digest',
  );
  const selectOldestKept = db.prepare<[number], number>('SELECT DISTINCT seq FROM digest_report ORDER BY seq DESC LIMIT 1 OFFSET +?').pluck();
  const deleteReportsBefore = db.prepare('DELETE FROM digest_report WHERE seq < ?');
  const selectReportsAt = db.prepare<[number, number], Report>(
    'SELECT r.device_id AS deviceId, d.agent_id AS agentId, r.digest FROM digest_report r JOIN device d ON d.id = r.device_id AND d.revoked_at IS NULL WHERE r.seq = ? AND r.state_version = ?',
  );

  const selectDevices = db.prepare<[], { id: string; last: number }>('SELECT id, last_device_seq AS last FROM device WHERE last_device_seq > 0');
  const selectLastOp = db.prepare<[string, number], number>('SELECT device_seq FROM entry WHERE device_id = ? AND seq <= ? ORDER BY device_seq DESC LIMIT 1').pluck();
  const selectFirstOp = db.prepare<[string], number | null>('SELECT min(device_seq) FROM entry WHERE device_id = ?').pluck();
  const isConsumed = db.prepare<[string, number], number>('SELECT 1 FROM consumed_number WHERE device_id = ? AND device_seq = ?').pluck();

  /** Number of the last op that the device has in the log up to seq, also when its entry is compacted away; 0: none. */
  function readPosition({ id, last }: { id: string; last: number }, seq: number): number {
    const known = selectLastOp.get(id, seq);
    if (known !== undefined) return known;
    let position = (selectFirstOp.get(id) ?? last + 1) - 1;
    while (isConsumed.get(id, position) !== undefined) position -= 1;
    return position;
  }

  /** The digest does not cover them, and whoever installs them believes them about what of its own is in the log. */
  function arePositionsRight({ seq, deviceSeqs }: Snapshot['meta']): boolean {
    const positions = selectDevices
      .all()
      .map((device) => [device.id, readPosition(device, seq)] as const)
      .filter(([, position]) => position > 0);
    const claimed = new Map(Object.entries(deviceSeqs).filter(([, position]) => position > 0));
    return positions.length === claimed.size && positions.every(([id, position]) => claimed.get(id) === position);
  }

  const announce = db.transaction(({ id, deviceId, meta }: Pick<Snapshot, 'id' | 'deviceId' | 'meta'>): { status: 'announced'; id: string } | { status: 'known' | 'wrong' } => {
    if (meta.seq > readHead() || !arePositionsRight(meta)) return { status: 'wrong' };
    const judged = judgeAnnouncement(selectAll.all(), deviceId, meta);
    if (judged.status === 'known') return { status: 'known' };
    if (judged.status === 'continued') return { status: 'announced', id: judged.id };
    for (const other of judged.superfluous) deleteSnapshot.run(other);
    insertSnapshot.run(id, deviceId, meta.seq, meta.stateVersion, meta.digest, meta.sha256, meta.bytes, JSON.stringify(meta.deviceSeqs), now());
    return { status: 'announced', id };
  });

  /** Trusts what can be trusted by now. @returns whether anything new. */
  const judgeTrust = (): boolean => updateTrusted.run({ now: now(), since: now() - CONFIRMS_WITHIN_MS }).changes > 0;

  function removeSuperfluous(): void {
    for (const id of findSuperfluous(selectAll.all())) deleteSnapshot.run(id);
  }

  const complete = db.transaction((id: string): void => {
    updateCompleted.run(now(), id);
    judgeTrust();
    removeSuperfluous();
  });

  const sweep = db.transaction((): Snapshot[] => {
    for (const row of selectAll.all()) if (row.completed_at === null && row.announced_at <= now() - UNFINISHED_FOR_MS) deleteSnapshot.run(row.id);
    if (judgeTrust()) removeSuperfluous();
    deleteOfBeforeErasure.run();
    return selectAll.all().map(readSnapshot);
  });

  const noteDigest = db.transaction(({ deviceId, seq, stateVersion, digest }: DigestReport): DigestVerdict | undefined => {
    if (seq === 0 || seq > readHead() || (seq % DIGEST_EVERY !== 0 && isSnapshotSeq.get(seq) === undefined)) return undefined;
    if (seq < (selectOldestKept.get(REPORTED_SEQS_KEPT - 1) ?? 0)) return undefined;
    const before = selectReport.get(seq, deviceId);
    let isNewlyTrusted = false;
    if (before?.digest !== digest || before.state_version !== stateVersion) {
      upsertReport.run(seq, deviceId, stateVersion, digest);
      deleteReportsBefore.run(selectOldestKept.get(REPORTED_SEQS_KEPT - 1) ?? 0);
      isNewlyTrusted = judgeTrust();
      if (isNewlyTrusted) removeSuperfluous();
    }
    return { ...compareReports(selectReportsAt.all(seq, stateVersion)), isNewlyTrusted };
  });

  return {
    announceSnapshot: async (snapshot) => announce.immediate(snapshot),
    findSnapshot: async (id) => readOptional(selectOne.get(id)),
    findTrustedSnapshot: async (seq, stateVersion) => readOptional(selectTrusted.get(seq, stateVersion)),
    listTrustedSnapshots: async () => selectNewestTrusted.all(),
    readSnapshotSeqs: async () => selectSeqs.get() ?? { newest: 0, trusted: 0, erased: 0 },
    completeSnapshot: async (id) => complete.immediate(id),
    dropSnapshot: async (id) => {
      deleteSnapshot.run(id);
    },
    sweepSnapshots: async () => sweep.immediate(),
    noteDigest: async (report) => noteDigest.immediate(report),
  };
}

const readOptional = (row: SnapshotRow | undefined): Snapshot | undefined => row && readSnapshot(row);
