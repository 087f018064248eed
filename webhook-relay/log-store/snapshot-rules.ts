/**
 * What every store decides alike about snapshots and digests, without a database. Invariants: see `sqlite-snapshots.ts`.
 */
import type { DigestVerdict, Snapshot } from './interface.ts';

/** Finished ones that are kept for each state version, trusted and waiting for trust; and in all, of those that wait. */
const KEPT_PER_VERSION = 2;
/** Trusted state versions: while desktops are updated two of them are in use. */
const VERSIONS_KEPT = 2;
const UNTRUSTED_KEPT = 4;
const UNFINISHED_KEPT = 4;
export const UNFINISHED_FOR_MS = 24 * 60 * 60 * 1000;
/** Whoever was silent for longer is not waited for. */
export const CONFIRMS_WITHIN_MS = 30 * 24 * 60 * 60 * 1000;
/** Recent seqs of which reports are kept. */
export const REPORTED_SEQS_KEPT = 20;

export type SnapshotRow = {
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
export type Report = { deviceId: string; agentId: string; digest: string };

/** What an announcement does: continues an upload, is refused, or takes the place of others. @param rows all snapshots, newest first. */
export function judgeAnnouncement(rows: SnapshotRow[], deviceId: string, meta: Snapshot['meta']): { status: 'known' } | { status: 'continued'; id: string } | { status: 'new'; superfluous: string[] } {
  if (rows.some((row) => row.completed_at !== null && row.seq === meta.seq && row.state_version === meta.stateVersion && row.digest === meta.digest)) return { status: 'known' };
  const unfinished = rows.filter((row) => row.completed_at === null).toSorted((a, b) => b.announced_at - a.announced_at);
  const own = unfinished.find((row) => row.device_id === deviceId);
  if (own && isSameMeta(own, meta)) return { status: 'continued', id: own.id };
  const superfluous = unfinished.filter((other) => other !== own).slice(UNFINISHED_KEPT - 1);
  return { status: 'new', superfluous: [...(own ? [own] : []), ...superfluous].map(({ id }) => id) };
}

/** Ids of finished snapshots that nobody needs any more. @param rows all snapshots, newest first. */
export function findSuperfluous(rows: SnapshotRow[]): string[] {
  const finished = rows.filter((row) => row.completed_at !== null);
  const trusted = finished.filter((row) => row.trusted_at !== null);
  const versions = [...new Set(trusted.map((row) => row.state_version))].toSorted((a, b) => b - a).slice(0, VERSIONS_KEPT);
  const keptTrusted = versions.flatMap((version) => trusted.filter((row) => row.state_version === version).slice(0, KEPT_PER_VERSION));
  // What waits for trust is of use only while there is nothing trusted that is newer.
  const waiting = finished.filter((row) => row.trusted_at === null && !trusted.some((other) => other.state_version === row.state_version && other.seq >= row.seq));
  const keptWaiting = waiting.filter((row) => waiting.filter((other) => other.state_version === row.state_version).indexOf(row) < KEPT_PER_VERSION).slice(0, UNTRUSTED_KEPT);
  const kept = new Set([...keptTrusted, ...keptWaiting]);
  return finished.filter((row) => !kept.has(row)).map(({ id }) => id);
}

/** Among the reports of one seq and state version: of colleagues each has one voice, of one person's devices each of them. */
export function compareReports(reports: Report[]): Pick<DigestVerdict, 'odd' | 'isSplit'> {
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

export function readSnapshot(row: SnapshotRow): Snapshot {
  const deviceSeqs = JSON.parse(row.device_seqs) as Record<string, number>;
  return {
    id: row.id,
    deviceId: row.device_id,
    meta: { seq: row.seq, stateVersion: row.state_version, deviceSeqs, bytes: row.bytes, sha256: row.sha256, digest: row.digest },
    completedAt: row.completed_at,
    trustedAt: row.trusted_at,
  };
}
