/**
 * What the relay knows of the workspace's keys: public halves by epoch, and copies of the secrets that only their device can open. Invariants: an epoch
 * follows the newest one and is never changed; whoever has the newest epoch gets the next one, and no device that is shut out gets any.
 */
import type { Database } from 'better-sqlite3';
import type { KeyCopy, KeyEpoch, LogStore } from './interface.ts';

type EpochRow = { epoch: number; public_key: string; previous: string | null; device_id: string; agent_id: string; announced_at: number; revoked: number };

export type KeyRows = Pick<LogStore, 'listKeyEpochs' | 'announceKey' | 'findKeyCopy' | 'putKeyCopy' | 'readKeyHolders'> & { /** 0: none. */ readNewestEpoch: () => number };

export function createKeyRows({ db, now }: { db: Database; now: () => number }): KeyRows {
  const selectEpochs = db.prepare<[], EpochRow>('SELECT * FROM key_epoch ORDER BY epoch');
  const selectNewest = db.prepare<[], number | null>('SELECT max(epoch) FROM key_epoch').pluck();
  const selectRevokedThen = db.prepare<[], number | null>('SELECT revoked FROM key_epoch ORDER BY epoch DESC LIMIT 1').pluck();
  const countRevoked = db.prepare<[], number>('SELECT count(*) FROM device WHERE revoked_at IS NOT NULL').pluck();
  const insertEpoch = db.prepare('INSERT INTO key_epoch (epoch, public_key, previous, device_id, agent_id, announced_at, revoked) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const selectCopy = db.prepare<[string], { epoch: number; sealed: string }>('SELECT epoch, sealed FROM key_copy WHERE device_id = ?');
  const upsertCopy = db.prepare(
    'INSERT INTO key_copy (device_id, epoch, sealed, voucher) VALUES (?, ?, ?, ?) ON CONFLICT (device_id) DO UPDATE SET epoch = excluded.epoch, sealed = excluded.sealed, voucher = excluded.voucher',
  );
  const deleteRevokedCopies = db.prepare('DELETE FROM key_copy WHERE device_id IN (SELECT id FROM device WHERE revoked_at IS NOT NULL)');
  const selectHolders = db.prepare<[number], { deviceId: string; voucher: string }>(
    'SELECT c.device_id AS deviceId, c.voucher FROM key_copy c JOIN device d ON d.id = c.device_id WHERE c.epoch = ? AND d.revoked_at IS NULL ORDER BY c.device_id',
  );
  const selectIsActive = db.prepare<[string], number>('SELECT 1 FROM device WHERE id = ? AND revoked_at IS NULL').pluck();

  const readNewestEpoch = (): number => selectNewest.get() ?? 0;
  const isActive = (deviceId: string): boolean => selectIsActive.get(deviceId) !== undefined;

  const announceKey = db.transaction(({ epoch, publicKey, previous, deviceId, agentId }: Omit<KeyEpoch, 'announcedAt'>, copies: KeyCopy[]): 'announced' | 'changed_meanwhile' => {
    const newest = readNewestEpoch();
    const given = new Set(copies.map((copy) => copy.deviceId));
    if (epoch !== newest + 1 || given.size !== copies.length || !copies.every((copy) => isActive(copy.deviceId)) || !selectHolders.all(newest).every((holder) => given.has(holder.deviceId)))
      return 'changed_meanwhile';
    insertEpoch.run(epoch, publicKey, previous, deviceId, agentId, now(), countRevoked.get() ?? 0);
    deleteRevokedCopies.run();
    for (const copy of copies) upsertCopy.run(copy.deviceId, epoch, copy.sealed, copy.voucher);
    return 'announced';
  });

  const putKeyCopy = db.transaction((epoch: number, { deviceId, sealed, voucher }: KeyCopy): 'done' | 'not_found' | 'changed_meanwhile' => {
    if (epoch !== readNewestEpoch()) return 'changed_meanwhile';
    if (!isActive(deviceId)) return 'not_found';
    upsertCopy.run(deviceId, epoch, sealed, voucher);
    return 'done';
  });

  const readKeyHolders = db.transaction(() => ({ holders: selectHolders.all(readNewestEpoch()), isOutdated: (countRevoked.get() ?? 0) > (selectRevokedThen.get() ?? Infinity) }));

  return {
    readNewestEpoch,
    listKeyEpochs: async () =>
      selectEpochs
        .all()
        .map(({ epoch, public_key: publicKey, previous, device_id: deviceId, agent_id: agentId, announced_at: announcedAt }) => ({ epoch, publicKey, previous, deviceId, agentId, announcedAt })),
    announceKey: async (key, copies) => announceKey.immediate(key, copies),
    findKeyCopy: async (deviceId) => selectCopy.get(deviceId),
    putKeyCopy: async (epoch, copy) => putKeyCopy.immediate(epoch, copy),
    readKeyHolders: async () => readKeyHolders(),
  };
}
