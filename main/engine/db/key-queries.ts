/** Statements over what the log says of the workspace's key (`contract/ops/key-ops.ts`). */
import type Database from 'better-sqlite3';

export type KeySheetRow = { epoch: number; publicKey: string; at: number; byName: string | null };
/** Of a desktop: what it last said. `seq`: its place in the log. */
export type KeyRecoverRow = { seq: number; deviceId: string; deviceName: string; agentName: string | null; at: number; /** It is shut out now. */ isOut: 0 | 1 };

/** Word for word what the index `activity_key` says of itself: without it every row would be read, with every look at the state. */
export const KEY_OPS_INDEXED = "a.type IN ('key.sheet', 'key.recover', 'key.admit')";

export function createKeyQueries(db: Database.Database) {
  const sheets = db.prepare(
    `SELECT json_extract(a.detail, '$.epoch') AS epoch, json_extract(a.detail, '$.publicKey') AS publicKey, a.occurred_at AS at, g.name AS byName
     FROM activity a LEFT JOIN agent g ON g.id = a.actor_id WHERE a.type = 'key.sheet' AND ${KEY_OPS_INDEXED} AND a.outcome = 'applied' ORDER BY a.seq DESC, a.op_id DESC`,
  );
  const recoveries = db.prepare(
    // The other columns are those of the row with the greatest seq: SQLite says so of max().
    `SELECT a.seq, a.deviceId, coalesce(d.name, '') AS deviceName, g.name AS agentName, a.at, coalesce(d.revoked, 0) AS isOut
     FROM (SELECT max(seq) AS seq, device_id AS deviceId, actor_id, occurred_at AS at FROM activity WHERE type = 'key.recover' AND outcome = 'applied' GROUP BY device_id) a
       LEFT JOIN device d ON d.id = a.deviceId LEFT JOIN agent g ON g.id = a.actor_id
     ORDER BY a.seq DESC, a.deviceId`,
  );
  return {
    /** Times that an admin's window printed the code, or its admin said that it is on paper, the newest first. */
    listSheets: () => sheets.all() as KeySheetRow[],
    /** Desktops that got the key from paper, each once, the newest first. */
    listRecoveries: () => recoveries.all() as KeyRecoverRow[],
  };
}
export type KeyQueries = ReturnType<typeof createKeyQueries>;
