/** What `conversation_tally` (main/engine/db/local-tables.ts) has to hold: counted from the rows. */
import type Database from 'better-sqlite3';

export const countTally = (db: Database.Database): unknown[] =>
  db
    .prepare(
      `SELECT c.status, coalesce(c.assignee_id, '') AS assignee_id, coalesce(c.team_id, '') AS team_id, count(*) AS n, sum(c.inbound_count > coalesce(r.inbound_no, 0)) AS unread
       FROM conversation c LEFT JOIN read_position r ON r.conversation_id = c.id AND r.agent_id = (SELECT agent_id FROM sync_meta) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    )
    .all();
export const readTally = (db: Database.Database): unknown[] => db.prepare('SELECT * FROM conversation_tally WHERE n <> 0 OR unread <> 0 ORDER BY 1, 2, 3').all();
