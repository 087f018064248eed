/** Statements for what becomes worth a word by the passing of time alone. */
import type Database from 'better-sqlite3';

export function createNoticeQueries(db: Database.Database) {
  const owed = db.prepare(
    `SELECT id FROM conversation WHERE assignee_id = +@agentId AND status = 'active' AND waiting_since IS NOT NULL AND last_inbound_at > @after AND last_inbound_at <= @through
     ORDER BY last_inbound_at`,
  );
  const waiting = db.prepare(
    `SELECT id, assignee_id AS assigneeId, waiting_since AS waitingSince FROM conversation
     WHERE (assignee_id = +@agentId OR assignee_id IS NULL) AND status = 'active' AND waiting_since IS NOT NULL AND coalesce(snoozed_until, 0) <= @now ORDER BY waiting_since`,
  );
  const snoozer = db
    .prepare(
      `SELECT actor_id FROM activity WHERE conversation_id = +? AND type NOT IN ('message.queue', 'message.result', 'read.advance') AND type = 'conversation.snooze' AND outcome IN ('applied', 'merged')
     ORDER BY seq DESC LIMIT 1`,
    )
    .pluck();
  return {
    /** Conversations that an agent has to answer, whose customer wrote last within (after, through] (ms). */
    listOwed: (agentId: string, span: { after: number; through: number }) => owed.all({ agentId, ...span }).map((row) => (row as { id: string }).id),
    /** Who waits for this agent, or for anybody, and is not put aside. @param now relay time, ms. */
    listWaiting: (agentId: string, now: number) => waiting.all({ agentId, now }) as { id: string; assigneeId: string | null; waitingSince: number }[],
    /** Who put a conversation aside last. */
    findSnoozer: (conversationId: string) => (snoozer.get(conversationId) as string | undefined) ?? null,
  };
}
export type NoticeQueries = ReturnType<typeof createNoticeQueries>;
