/**
 * What desktops say about their rows: snapshots and digests. Invariants: a snapshot is offered only after a colleague's
 * device has reported the same digest at its seq, or when nobody else was here lately; trust is never taken back by a
 * device that joins later; an agent counts once however many devices they have; no device can push out another's trusted
 * snapshot; what one device can store is bounded.
 */
import type { Database } from 'better-sqlite3';
import { DIGEST_EVERY } from '../../contract/limits.ts';
import type { DigestReport, DigestVerdict, LogStore, Snapshot } from './interface.ts';

/** Finished ones that are kept for each state version, trusted and waiting for trust; and in all, of those that wait. */
const KEPT_PER_VERSION = 2;
/** Trusted state versions: while desktops are updated two of them are in use. */
const VERSIONS_KEPT = 2;
const UNTRUSTED_KEPT = 4;
const UNFINISHED_KEPT = 4;
const UNFINISHED_FOR_MS = 24 * 60 * 60 * 1000;
/** Whoever was silent for longer is not waited for. */
const CONFIRMS_WITHIN_MS = 30 * 24 * 60 * 60 * 1000;
/** Recent seqs of which reports are kept. */
const REPORTED_SEQS_KEPT = 20;

type SnapshotRow = {
  id: string;
  device_id: string;
  seq: number;
  state_version: number;
  digest: string;
  sha256: string;
  bytes: number;
  device_seqs: string;
  announced_at: number;
  completed_at: number | null;
  trusted_at: number | null;
};
type Report = { deviceId: string; agentId: string; digest: string };
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
  const selectSeqs = db.prepare<[], { newest: number; trusted: number }>(
    'SELECT coalesce(max(seq), 0) AS newest, coalesce(max(seq) FILTER (WHERE trusted_at IS NOT NULL), 0) AS trusted FROM snapshot',
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
  const selectOldestKept = db.prepare<[number], number>('SELECT DISTINCT seq FROM digest_report ORDER BY seq DESC LIMIT 1 OFFSET ?').pluck();
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
    const rows = selectAll.all();
    if (rows.some((row) => row.completed_at !== null && row.seq === meta.seq && row.state_version === meta.stateVersion && row.digest === meta.digest)) return { status: 'known' };
    const unfinished = rows.filter((row) => row.completed_at === null).toSorted((a, b) => b.announced_at - a.announced_at);
    const own = unfinished.find((row) => row.device_id === deviceId);
    if (own && isSameMeta(own, meta)) return { status: 'announced', id: own.id };
    if (own) deleteSnapshot.run(own.id);
    for (const row of unfinished.filter((other) => other !== own).slice(UNFINISHED_KEPT - 1)) deleteSnapshot.run(row.id);
    insertSnapshot.run(id, deviceId, meta.seq, meta.stateVersion, meta.digest, meta.sha256, meta.bytes, JSON.stringify(meta.deviceSeqs), now());
    return { status: 'announced', id };
  });

  /** Trusts what can be trusted by now. @returns whether anything new. */
  const judgeTrust = (): boolean => updateTrusted.run({ now: now(), since: now() - CONFIRMS_WITHIN_MS }).changes > 0;

  function removeSuperfluous(): void {
    const finished = selectAll.all().filter((row) => row.completed_at !== null);
    const trusted = finished.filter((row) => row.trusted_at !== null);
    const versions = [...new Set(trusted.map((row) => row.state_version))].toSorted((a, b) => b - a).slice(0, VERSIONS_KEPT);
    const keptTrusted = versions.flatMap((version) => trusted.filter((row) => row.state_version === version).slice(0, KEPT_PER_VERSION));
    // What waits for trust is of use only while there is nothing trusted that is newer.
    const waiting = finished.filter((row) => row.trusted_at === null && !trusted.some((other) => other.state_version === row.state_version && other.seq >= row.seq));
    const keptWaiting = waiting.filter((row) => waiting.filter((other) => other.state_version === row.state_version).indexOf(row) < KEPT_PER_VERSION).slice(0, UNTRUSTED_KEPT);
    const kept = new Set([...keptTrusted, ...keptWaiting]);
    for (const row of finished) if (!kept.has(row)) deleteSnapshot.run(row.id);
  }

  const complete = db.transaction((id: string): void => {
    updateCompleted.run(now(), id);
    judgeTrust();
    removeSuperfluous();
  });

  const sweep = db.transaction((): Snapshot[] => {
    for (const row of selectAll.all()) if (row.completed_at === null && row.announced_at <= now() - UNFINISHED_FOR_MS) deleteSnapshot.run(row.id);
    if (judgeTrust()) removeSuperfluous();
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
    return { ...compare(selectReportsAt.all(seq, stateVersion)), isNewlyTrusted };
  });

  return {
    announceSnapshot: async (snapshot) => announce.immediate(snapshot),
    findSnapshot: async (id) => readOptional(selectOne.get(id)),
    findTrustedSnapshot: async (seq, stateVersion) => readOptional(selectTrusted.get(seq, stateVersion)),
    listTrustedSnapshots: async () => selectNewestTrusted.all(),
    readSnapshotSeqs: async () => selectSeqs.get() ?? { newest: 0, trusted: 0 },
    completeSnapshot: async (id) => complete.immediate(id),
    dropSnapshot: async (id) => {
      deleteSnapshot.run(id);
    },
    sweepSnapshots: async () => sweep.immediate(),
    noteDigest: async (report) => noteDigest.immediate(report),
  };
}

/** Among the reports of one seq and state version: of colleagues each has one voice, of one person's devices each of them. */
function compare(reports: Report[]): Pick<DigestVerdict, 'odd' | 'isSplit'> {
  const isTeam = new Set(reports.map(({ agentId }) => agentId)).size > 1;
  const voices = new Map<string, Set<string>>();
  for (const { digest, agentId, deviceId } of reports) voices.set(digest, (voices.get(digest) ?? new Set()).add(isTeam ? agentId : deviceId));
  if (voices.size < 2) return { odd: [], isSplit: false };
  const counts = [...voices].map(([digest, { size }]): [string, number] => [digest, size]);
  const [first, second] = counts.toSorted(([, a], [, b]) => b - a);
  const [digest, count] = first ?? ['', 0];
  if (count < 2 || count === second?.[1]) return { odd: [], isSplit: true };
  return { odd: reports.filter((report) => report.digest !== digest), isSplit: false };
}

const isSameMeta = (row: SnapshotRow, meta: Snapshot['meta']): boolean =>
  row.seq === meta.seq && row.state_version === meta.stateVersion && row.digest === meta.digest && row.sha256 === meta.sha256 && row.bytes === meta.bytes;

const readOptional = (row: SnapshotRow | undefined): Snapshot | undefined => row && readSnapshot(row);

function readSnapshot(row: SnapshotRow): Snapshot {
  const deviceSeqs = JSON.parse(row.device_seqs) as Record<string, number>;
  return {
    id: row.id,
    deviceId: row.device_id,
    meta: { seq: row.seq, stateVersion: row.state_version, deviceSeqs, bytes: row.bytes, sha256: row.sha256, digest: row.digest },
    completedAt: row.completed_at,
    trustedAt: row.trusted_at,
  };
}
