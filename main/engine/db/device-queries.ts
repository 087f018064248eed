/**
 * Statements over the team's devices. Invariant: `shut_out_device` only grows. That somebody was let in again stands in the log (`key.admit`) and is read
 * there, so a replayed log, an undone op and a snapshot say the same; it counts if it was said after the device was shut out, and by one that never was.
 */
import type Database from 'better-sqlite3';
import { KEY_OPS_INDEXED } from './key-queries.ts';

/** `hasGrant`: the number and its token were handed to it. */
export type DeviceView = { id: string; publicKey: string | null; hasGrant: boolean };

export function createDeviceQueries(db: Database.Database) {
  const active = db.prepare(
    `SELECT d.id, d.public_key AS publicKey, g.device_id IS NOT NULL AS hasGrant
     FROM device d JOIN agent a ON a.id = d.agent_id LEFT JOIN device_grant g ON g.device_id = d.id
     WHERE d.revoked = 0 AND a.is_removed = 0 ORDER BY d.id`,
  );
  const noteShutOut = db.prepare(
    `INSERT INTO shut_out_device (device_id, at, known_at) VALUES (@deviceId, @at, @at)
     ON CONFLICT (device_id) DO UPDATE SET at = max(coalesce(at, 0), excluded.at), known_at = max(known_at, excluded.known_at)`,
  );
  const noteAllShutOut = db.prepare('INSERT INTO shut_out_device (device_id, at, known_at) SELECT id, NULL, ? FROM device WHERE revoked = 1 ON CONFLICT DO NOTHING');
  const RETURNED = `shut_out_device s JOIN device d ON d.id = s.device_id WHERE d.revoked = 0 AND NOT EXISTS (
    SELECT 1 FROM activity a WHERE a.type = 'key.admit' AND ${KEY_OPS_INDEXED} AND a.outcome = 'applied' AND json_extract(a.detail, '$.deviceId') = s.device_id
      AND a.occurred_at > s.known_at AND a.device_id NOT IN (SELECT device_id FROM shut_out_device))`;
  const returned = db.prepare(`SELECT d.id, s.at FROM ${RETURNED} ORDER BY d.id`);
  const noteJoined = db.prepare(
    `INSERT INTO shut_out_device (device_id, at, known_at) SELECT @deviceId, NULL, @at
     WHERE EXISTS (SELECT 1 FROM ${RETURNED} AND d.agent_id = @agentId AND d.id <> @deviceId AND s.known_at < @at) ON CONFLICT DO NOTHING`,
  );
  return {
    /** @param at relay time, ms. */
    noteShutOut: (deviceId: string, at: number) => void noteShutOut.run({ deviceId, at }),
    /** Before rows go that say it: a log that was restored from a backup may not. @param now relay time, ms. */
    keepShutOut: (now: number) => void noteAllShutOut.run(now),
    /** A device that joins for an agent one of whose devices has returned is taken for that one: it may have registered itself anew. @param at relay time, ms. */
    noteJoined: (device: { deviceId: string; agentId: string; at: number }) => void noteJoined.run(device),
    /** Shut out once, and not any more by the log of now, which was restored from before, nor let in again by an admin. `at`: when, ms; null: not known. */
    listReturned: () => returned.all() as { id: string; at: number | null }[],
    /** Of members, not revoked. */
    listActive: () => (active.all() as (Omit<DeviceView, 'hasGrant'> & { hasGrant: 0 | 1 })[]).map((device) => ({ ...device, hasGrant: device.hasGrant === 1 })),
  };
}
export type DeviceQueries = ReturnType<typeof createDeviceQueries>;
