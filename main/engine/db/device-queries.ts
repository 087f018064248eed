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
  return {
    /** Of members, not revoked. */
    listActive: () => (active.all() as (Omit<DeviceView, 'hasGrant'> & { hasGrant: 0 | 1 })[]).map((device) => ({ ...device, hasGrant: device.hasGrant === 1 })),
  };
}
export type DeviceQueries = ReturnType<typeof createDeviceQueries>;
