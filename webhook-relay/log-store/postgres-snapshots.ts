/** Snapshots and digests on PostgreSQL; the invariants are those of `sqlite-snapshots.ts`. Everything that writes holds the head row's lock. */
import { DIGEST_EVERY } from '../../contract/limits.ts';
import type { LogStore, Snapshot } from './interface.ts';
import type { PostgresSession, Queries, WriteTx } from './postgres-session.ts';
import { compareReports, CONFIRMS_WITHIN_MS, findSuperfluous, judgeAnnouncement, readSnapshot, REPORTED_SEQS_KEPT, UNFINISHED_FOR_MS, type Report, type SnapshotRow } from './snapshot-rules.ts';

type Deps = { session: PostgresSession; now: () => number };

export type PostgresSnapshots = Pick<
  LogStore,
  'announceSnapshot' | 'findSnapshot' | 'findTrustedSnapshot' | 'listTrustedSnapshots' | 'readSnapshotSeqs' | 'completeSnapshot' | 'dropSnapshot' | 'sweepSnapshots' | 'noteDigest'
>;

const selectAll = (queries: Queries): Promise<SnapshotRow[]> => queries.rows<SnapshotRow>('SELECT * FROM snapshot ORDER BY seq DESC, announced_at DESC');
const readOptional = ([row]: SnapshotRow[]): Snapshot | undefined => row && readSnapshot(row);
const deleteSnapshots = async (tx: Queries, ids: string[]): Promise<void> => {
  if (ids.length > 0) await tx.run('DELETE FROM snapshot WHERE id = ANY($1::text[])', [ids]);
};

const IS_HERE = 'd.revoked_at IS NULL AND greatest(d.enrolled_at, d.last_seen_at, d.last_occurred_at) > $2';
// Anybody can make a second device of their own, so that one counts only where there are no colleagues.
const UPDATE_TRUSTED = `
  UPDATE snapshot SET trusted_at = $1 WHERE completed_at IS NOT NULL AND trusted_at IS NULL AND EXISTS (
    SELECT 1 FROM device author WHERE author.id = snapshot.device_id AND author.revoked_at IS NULL AND (
      NOT EXISTS (SELECT 1 FROM device d WHERE d.id <> author.id AND ${IS_HERE})
      OR EXISTS (SELECT 1 FROM digest_report r JOIN device c ON c.id = r.device_id AND c.revoked_at IS NULL AND c.id <> author.id
        WHERE r.seq = snapshot.seq AND r.state_version = snapshot.state_version AND r.digest = snapshot.digest
          AND (c.agent_id <> author.agent_id OR NOT EXISTS (SELECT 1 FROM device d WHERE d.agent_id <> author.agent_id AND ${IS_HERE})))))`;

export function createPostgresSnapshots({ session, now }: Deps): PostgresSnapshots {
  /** Trusts what can be trusted by now. @returns whether anything new. */
  const judgeTrust = async (tx: Queries): Promise<boolean> => (await tx.run(UPDATE_TRUSTED, [now(), now() - CONFIRMS_WITHIN_MS])) > 0;
  const removeSuperfluous = async (tx: Queries): Promise<void> => deleteSnapshots(tx, findSuperfluous(await selectAll(tx)));

  return {
    announceSnapshot: ({ id, deviceId, meta }) =>
      session.write(async (tx) => {
        if (meta.seq > tx.head.seq || !(await arePositionsRight(tx, meta))) return { status: 'wrong' };
        const judged = judgeAnnouncement(await selectAll(tx), deviceId, meta);
        if (judged.status === 'known') return { status: 'known' };
        if (judged.status === 'continued') return { status: 'announced', id: judged.id };
        await deleteSnapshots(tx, judged.superfluous);
        await tx.run('INSERT INTO snapshot (id, device_id, seq, state_version, digest, sha256, bytes, device_seqs, announced_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
          id,
          deviceId,
          meta.seq,
          meta.stateVersion,
          meta.digest,
          meta.sha256,
          meta.bytes,
          JSON.stringify(meta.deviceSeqs),
          now(),
        ]);
        return { status: 'announced', id };
      }),
    findSnapshot: async (id) => readOptional(await session.rows<SnapshotRow>('SELECT * FROM snapshot WHERE id = $1', [id])),
    findTrustedSnapshot: async (seq, stateVersion) =>
      readOptional(await session.rows<SnapshotRow>('SELECT * FROM snapshot WHERE seq = $1 AND state_version = $2 AND trusted_at IS NOT NULL ORDER BY trusted_at LIMIT 1', [seq, stateVersion])),
    listTrustedSnapshots: () => session.rows('SELECT max(seq) AS seq, state_version AS "stateVersion" FROM snapshot WHERE trusted_at IS NOT NULL GROUP BY state_version ORDER BY 1 DESC, 2 DESC'),
    readSnapshotSeqs: async () => {
      const [seqs] = await session.rows<{ newest: number; trusted: number; erased: number }>(
        'SELECT coalesce(max(seq), 0) AS newest, coalesce(max(CASE WHEN trusted_at IS NOT NULL THEN seq END), 0) AS trusted, (SELECT erased_through FROM log_head) AS erased FROM snapshot',
      );
      return seqs ?? { newest: 0, trusted: 0, erased: 0 };
    },
    completeSnapshot: (id) =>
      session.write(async (tx) => {
        await tx.run('UPDATE snapshot SET completed_at = $1 WHERE id = $2', [now(), id]);
        await judgeTrust(tx);
        await removeSuperfluous(tx);
      }),
    dropSnapshot: async (id) => {
      await session.write((tx) => deleteSnapshots(tx, [id]));
    },
    sweepSnapshots: () =>
      session.write(
        async (tx) => {
          await tx.run('DELETE FROM snapshot WHERE completed_at IS NULL AND announced_at <= $1', [now() - UNFINISHED_FOR_MS]);
          if (await judgeTrust(tx)) await removeSuperfluous(tx);
          await tx.run('DELETE FROM snapshot WHERE seq < $1 AND EXISTS (SELECT 1 FROM snapshot s WHERE s.trusted_at IS NOT NULL AND s.seq >= $1)', [tx.head.erased_through]);
          return (await selectAll(tx)).map(readSnapshot);
        },
        () => false,
      ),
    noteDigest: ({ deviceId, seq, stateVersion, digest }) =>
      session.write(
        async (tx) => {
          if (seq === 0 || seq > tx.head.seq) return undefined;
          if (seq % DIGEST_EVERY !== 0 && (await tx.rows('SELECT 1 FROM snapshot WHERE seq = $1 LIMIT 1', [seq])).length === 0) return undefined;
          if (seq < (await readOldestKept(tx))) return undefined;
          const [before] = await tx.rows<{ state_version: number; digest: string }>('SELECT state_version, digest FROM digest_report WHERE seq = $1 AND device_id = $2', [seq, deviceId]);
          let isNewlyTrusted = false;
          if (before?.digest !== digest || before.state_version !== stateVersion) {
            await tx.run(
              'INSERT INTO digest_report (seq, device_id, state_version, digest) VALUES ($1, $2, $3, $4) ON CONFLICT (seq, device_id) DO UPDATE SET state_version = excluded.state_version, digest = excluded.digest',
              [seq, deviceId, stateVersion, digest],
            );
            await tx.run('DELETE FROM digest_report WHERE seq < $1', [await readOldestKept(tx)]);
            isNewlyTrusted = await judgeTrust(tx);
            if (isNewlyTrusted) await removeSuperfluous(tx);
          }
          const reports = await tx.rows<Report>(
            'SELECT r.device_id AS "deviceId", d.agent_id AS "agentId", r.digest FROM digest_report r JOIN device d ON d.id = r.device_id AND d.revoked_at IS NULL WHERE r.seq = $1 AND r.state_version = $2',
            [seq, stateVersion],
          );
          return { ...compareReports(reports), isNewlyTrusted };
        },
        (verdict) => verdict?.isNewlyTrusted === true,
      ),
  };
}

/** The oldest of the seqs that are kept; 0: there is room. */
async function readOldestKept(tx: Queries): Promise<number> {
  const [oldest] = await tx.rows<{ seq: number }>('SELECT DISTINCT seq FROM digest_report ORDER BY seq DESC LIMIT 1 OFFSET $1', [REPORTED_SEQS_KEPT - 1]);
  return oldest?.seq ?? 0;
}

/** As in `sqlite-snapshots.ts`: the digest does not cover them, and whoever installs them believes them. */
async function arePositionsRight(tx: WriteTx, { seq, deviceSeqs }: Snapshot['meta']): Promise<boolean> {
  const devices = await tx.rows<{ id: string; last: number; known: number | null; first: number | null }>(
    `SELECT d.id, d.last_device_seq AS last,
       (SELECT e.device_seq FROM entry e WHERE e.device_id = d.id AND e.seq <= $1 ORDER BY e.device_seq DESC LIMIT 1) AS known,
       (SELECT min(e.device_seq) FROM entry e WHERE e.device_id = d.id) AS first
     FROM device d WHERE d.last_device_seq > 0`,
    [seq],
  );
  const lost = devices.filter(({ known }) => known === null).map(({ id }) => id);
  const numbers = lost.length === 0 ? [] : await tx.rows<{ device_id: string; device_seq: number }>('SELECT device_id, device_seq FROM consumed_number WHERE device_id = ANY($1::text[])', [lost]);
  const consumed = new Set(numbers.map((row) => `${row.device_seq} ${row.device_id}`));
  const positions = devices
    .map(({ id, last, known, first }): [string, number] => {
      let position = known ?? (first ?? last + 1) - 1;
      while (known === null && consumed.has(`${position} ${id}`)) position -= 1;
      return [id, position];
    })
    .filter(([, position]) => position > 0);
  const claimed = new Map(Object.entries(deviceSeqs).filter(([, position]) => position > 0));
  return positions.length === claimed.size && positions.every(([id, position]) => claimed.get(id) === position);
}
