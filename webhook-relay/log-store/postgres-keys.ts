/** What the relay knows of the workspace's keys, on PostgreSQL; the invariants are those of `sqlite-keys.ts`. The newest epoch also stands in the head row, which every append reads. */
import type { KeyCopy, KeyEpoch, LogStore } from './interface.ts';
import type { PostgresSession, Queries, WriteTx } from './postgres-session.ts';

type EpochRow = { epoch: number; public_key: string; previous: string | null; device_id: string; agent_id: string; announced_at: number };

const selectHolders = ({ rows }: Queries, epoch: number): Promise<{ deviceId: string; voucher: string }[]> =>
  rows('SELECT c.device_id AS "deviceId", c.voucher FROM key_copy c JOIN device d ON d.id = c.device_id WHERE c.epoch = $1 AND d.revoked_at IS NULL ORDER BY c.device_id COLLATE "C"', [epoch]);
const areActive = async ({ rows }: Queries, deviceIds: string[]): Promise<boolean> => {
  const wanted = [...new Set(deviceIds)];
  return (await rows('SELECT 1 FROM device WHERE id = ANY($1::text[]) AND revoked_at IS NULL', [wanted])).length === wanted.length;
};
const putCopies = (tx: WriteTx, epoch: number, copies: KeyCopy[]): Promise<number> =>
  tx.run(
    `INSERT INTO key_copy (device_id, epoch, sealed, voucher) SELECT device_id, $1, sealed, voucher FROM unnest($2::text[], $3::text[], $4::text[]) AS c (device_id, sealed, voucher)
     ON CONFLICT (device_id) DO UPDATE SET epoch = excluded.epoch, sealed = excluded.sealed, voucher = excluded.voucher`,
    [epoch, copies.map(({ deviceId }) => deviceId), copies.map(({ sealed }) => sealed), copies.map(({ voucher }) => voucher)],
  );

export function createPostgresKeys({
  session,
  now,
}: {
  session: PostgresSession;
  now: () => number;
}): Pick<LogStore, 'listKeyEpochs' | 'announceKey' | 'findKeyCopy' | 'putKeyCopy' | 'readKeyHolders'> {
  return {
    listKeyEpochs: async () =>
      (await session.rows<EpochRow>('SELECT epoch, public_key, previous, device_id, agent_id, announced_at FROM key_epoch ORDER BY epoch')).map(
        ({ epoch, public_key: publicKey, previous, device_id: deviceId, agent_id: agentId, announced_at: announcedAt }): KeyEpoch => ({ epoch, publicKey, previous, deviceId, agentId, announcedAt }),
      ),

    announceKey: ({ epoch, publicKey, previous, deviceId, agentId }, copies) =>
      session.write(
        async (tx) => {
          const given = new Set(copies.map((copy) => copy.deviceId));
          if (epoch !== tx.head.epoch + 1 || given.size !== copies.length || !(await areActive(tx, [...given]))) return 'changed_meanwhile';
          if (!(await selectHolders(tx, tx.head.epoch)).every((holder) => given.has(holder.deviceId))) return 'changed_meanwhile';
          await tx.run(
            'INSERT INTO key_epoch (epoch, public_key, previous, device_id, agent_id, announced_at, revoked) VALUES ($1, $2, $3, $4, $5, $6, (SELECT count(*) FROM device WHERE revoked_at IS NOT NULL))',
            [epoch, publicKey, previous, deviceId, agentId, now()],
          );
          await tx.run('DELETE FROM key_copy WHERE device_id IN (SELECT id FROM device WHERE revoked_at IS NOT NULL)');
          await putCopies(tx, epoch, copies);
          if (epoch === 1 && (await tx.rows("SELECT 1 FROM entry WHERE kind <> 'relay' LIMIT 1")).length > 0) tx.head.erased_through = tx.head.seq + 1;
          tx.head.epoch = epoch;
          return 'announced';
        },
        (outcome) => outcome === 'announced',
      ),

    findKeyCopy: async (deviceId) => (await session.rows<{ epoch: number; sealed: string }>('SELECT epoch, sealed FROM key_copy WHERE device_id = $1', [deviceId]))[0],

    putKeyCopy: (epoch, copy) =>
      session.write(
        async (tx) => {
          if (epoch !== tx.head.epoch) return 'changed_meanwhile';
          if (!(await areActive(tx, [copy.deviceId]))) return 'not_found';
          await putCopies(tx, epoch, [copy]);
          return 'done';
        },
        // Desktops of other relays see who has the key now.
        (outcome) => outcome === 'done',
      ),

    readKeyHolders: async () => {
      const [row] = await session.rows<{ epoch: number; isOutdated: boolean | null }>(
        `SELECT h.epoch, (SELECT count(*) FROM device WHERE revoked_at IS NOT NULL) > (SELECT revoked FROM key_epoch WHERE epoch = h.epoch) AS "isOutdated" FROM log_head h`,
      );
      return { holders: await selectHolders(session, row?.epoch ?? 0), isOutdated: row?.isOutdated ?? false };
    },
  };
}
