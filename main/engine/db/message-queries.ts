/** Statements for threads. A thread is everything said with a person, across their conversations, in reading order. */
import type Database from 'better-sqlite3';
import type { DeliveryStatus } from '../../../contract/rules/delivery-status.ts';
import type { JobState } from './job-queries.ts';

export type MessageView = {
  id: string;
  conversationId: string;
  direction: 'in' | 'out';
  seq: number;
  sortAt: number;
  sentAt: number;
  receivedAt: number;
  inboundNo: number | null;
  content: string;
  status: DeliveryStatus | null;
  error: string | null;
  hold: 'held' | 'discarded' | null;
  actorId: string | null;
  actorName: string | null;
  jobState: JobState | null;
  quotedWamid: string | null;
};
export type ThreadPosition = { sortAt: number; seq: number; id: string };

export const MESSAGE_COLUMNS = `m.id, m.conversation_id AS conversationId, m.direction, m.seq, m.sort_at AS sortAt, m.sent_at AS sentAt, m.received_at AS receivedAt,
  m.inbound_no AS inboundNo, m.content, m.status, m.error, m.hold, m.actor_id AS actorId, g.name AS actorName, j.state AS jobState, m.quoted_wamid AS quotedWamid`;
export const MESSAGE_JOINS = "LEFT JOIN agent g ON g.id = m.actor_id LEFT JOIN job j ON j.kind = 'message.send' AND j.subject = m.id";

export function createMessageQueries(db: Database.Database) {
  const page = db.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS}
     WHERE m.contact_id = +@contactId AND (m.sort_at, m.seq, m.id) < (+@sortAt, +@seq, +@id) ORDER BY m.sort_at DESC, m.seq DESC, m.id DESC LIMIT @limit`,
  );
  const one = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.id = +?`);
  const timeline = db.prepare('SELECT status, at FROM message_status WHERE message_id = +?');
  const byWamid = db.prepare('SELECT id, direction, content FROM message WHERE wamid = +? ORDER BY id LIMIT 1');
  const wamidOf = db.prepare('SELECT wamid FROM message WHERE id = ?').pluck();

  return {
    /** Newest first, before a position. */
    page: (contactId: string, before: ThreadPosition | null, limit: number) =>
      page.all({ contactId, limit, sortAt: before?.sortAt ?? Number.MAX_SAFE_INTEGER, seq: before?.seq ?? Number.MAX_SAFE_INTEGER, id: before?.id ?? '\u{10FFFF}' }) as MessageView[],
    find: (id: string) => one.get(id) as MessageView | undefined,
    timeline: (id: string) => timeline.all(id) as { status: DeliveryStatus; at: number }[],
    findByWamid: (wamid: string) => byWamid.get(wamid) as { id: string; direction: 'in' | 'out'; content: string } | undefined,
    wamidOf: (id: string) => (wamidOf.get(id) as string | null | undefined) ?? null,
  };
}
export type MessageQueries = ReturnType<typeof createMessageQueries>;
