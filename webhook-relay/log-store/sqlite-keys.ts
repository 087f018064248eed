/**
 * What the relay knows of the workspace's keys: public halves by epoch, and copies of the secrets that only their device can open. Invariants: an epoch
 * follows the newest one and is never changed; whoever has the newest epoch gets the next one, and no device that is shut out gets any.
 */
import type { Database } from 'better-sqlite3';
import type { KeyCopy, KeyEpoch, LogStatus, LogStore } from './interface.ts';

type EpochRow = { epoch: number; public_key: string; previous: string | null; device_id: string; agent_id: string; announced_at: number; revoked: number };

export type KeyRows = Pick<LogStore, 'listKeyEpochs' | 'announceKey' | 'findKeyCopy' | 'putKeyCopy' | 'readKeyHolders'> & {
  /** 0: none. */ readNewestEpoch: () => number;
  readNewestKey: () => Pick<LogStatus, 'epoch' | 'publicKey' | 'keyHolders'>;
};

export function createKeyRows({ db, now, readHead }: { db: Database; now: () => number; readHead: () => number }): KeyRows {
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
  const selectNewestKey = db.prepare<[], { epoch: number; publicKey: string }>('SELECT epoch, public_key AS publicKey FROM key_epoch ORDER BY epoch DESC LIMIT 1');
  const countHolders = db.prepare<[number], number>("SELECT count(*) FROM key_copy c JOIN device d ON d.id = c.device_id WHERE c.epoch = ? AND c.voucher <> '' AND d.revoked_at IS NULL").pluck();
  const selectIsActive = db.prepare<[string], number>('SELECT 1 FROM device WHERE id = ? AND revoked_at IS NULL').pluck();

  const selectHasPlain = db.prepare<[], number>("SELECT EXISTS (SELECT 1 FROM entry WHERE kind <> 'relay')").pluck();
  const updateOverdue = db.prepare('UPDATE identity SET erased_through = ?');
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
    // What is there in plain words goes as soon as a snapshot of after it, a sealed one, is trusted.
    if (newest === 0 && selectHasPlain.get() === 1) updateOverdue.run(readHead() + 1);
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
    readNewestKey: () => {
      const { epoch, publicKey } = selectNewestKey.get() ?? { epoch: 0, publicKey: null };
      return { epoch, publicKey, keyHolders: countHolders.get(epoch) ?? 0 };
    },
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
