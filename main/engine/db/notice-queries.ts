/** Statements for what becomes worth a word by the passing of time alone. */
import type Database from 'better-sqlite3';

export function createNoticeQueries(db: Database.Database) {
  const owed = db.prepare(
    `SELECT id FROM conversation WHERE assignee_id = +@agentId AND status = 'active' AND waiting_since IS NOT NULL AND last_inbound_at > @after AND last_inbound_at <= @through
     ORDER BY last_inbound_at`,
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
    /** Who put a conversation aside last. */
    findSnoozer: (conversationId: string) => (snoozer.get(conversationId) as string | undefined) ?? null,
  };
}
export type NoticeQueries = ReturnType<typeof createNoticeQueries>;
