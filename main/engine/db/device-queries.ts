/** Statements over the team's devices. */
import type Database from 'better-sqlite3';

/** `hasGrant`: the number and its token were handed to it. */
export type DeviceView = { id: string; publicKey: string | null; hasGrant: boolean };

export function createDeviceQueries(db: Database.Database) {
  const active = db.prepare(
    `SELECT d.id, d.public_key AS publicKey, g.device_id IS NOT NULL AS hasGrant
     FROM device d JOIN agent a ON a.id = d.agent_id LEFT JOIN device_grant g ON g.device_id = d.id
     WHERE d.revoked = 0 AND a.is_removed = 0 ORDER BY d.id`,
  );
  const noteShutOut = db.prepare('INSERT INTO shut_out_device (device_id, at) VALUES (?, ?) ON CONFLICT (device_id) DO UPDATE SET at = coalesce(excluded.at, at)');
  const noteAllShutOut = db.prepare('INSERT INTO shut_out_device (device_id, at) SELECT id, NULL FROM device WHERE revoked = 1 ON CONFLICT DO NOTHING');
  const forgetShutOut = db.prepare('DELETE FROM shut_out_device WHERE device_id = ?');
  const returned = db.prepare('SELECT d.id, s.at FROM shut_out_device s JOIN device d ON d.id = s.device_id WHERE d.revoked = 0 ORDER BY d.id');
  return {
    /** @param at relay time, ms. */
    noteShutOut: (deviceId: string, at: number) => void noteShutOut.run(deviceId, at),
    /** Before rows go that say it: a log that was restored from a backup may not. */
    keepShutOut: () => void noteAllShutOut.run(),
    /** Somebody has said that it may be here. */
    forgetShutOut: (deviceId: string) => void forgetShutOut.run(deviceId),
    /** Shut out once, and not any more by the log of now: the relay was restored from before. `at`: when, ms; null: not known. */
    listReturned: () => returned.all() as { id: string; at: number | null }[],
    /** Of members, not revoked. */
    listActive: () => (active.all() as (Omit<DeviceView, 'hasGrant'> & { hasGrant: 0 | 1 })[]).map((device) => ({ ...device, hasGrant: device.hasGrant === 1 })),
  };
}
export type DeviceQueries = ReturnType<typeof createDeviceQueries>;
