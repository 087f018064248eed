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

const THREAD_END: ThreadPosition = { sortAt: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };

export const MESSAGE_COLUMNS = `m.id, m.conversation_id AS conversationId, m.direction, m.seq, m.sort_at AS sortAt, m.sent_at AS sentAt, m.received_at AS receivedAt,
  m.inbound_no AS inboundNo, m.content, m.status, m.error, m.hold, m.actor_id AS actorId, g.name AS actorName, j.state AS jobState, m.quoted_wamid AS quotedWamid`;
export const MESSAGE_JOINS = "LEFT JOIN agent g ON g.id = m.actor_id LEFT JOIN job j ON j.kind = 'message.send' AND j.subject = m.id";

export function createMessageQueries(db: Database.Database) {
  const readThread = (from: '<' | '>' | '>=', order: 'ASC' | 'DESC'): Database.Statement =>
    db.prepare(
      `SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS}
       WHERE m.contact_id = +@contactId AND (m.sort_at, m.seq, m.id) ${from} (+@sortAt, +@seq, +@id) ORDER BY m.sort_at ${order}, m.seq ${order}, m.id ${order} LIMIT @limit`,
    );
  const older = readThread('<', 'DESC');
  const newer = readThread('>', 'ASC');
  const newerFrom = readThread('>=', 'ASC');
  // A note stands below everything that was written before it.
  const position = db.prepare(
    `SELECT sort_at AS sortAt, seq, id FROM message WHERE id = +@id AND contact_id = +@contactId
     UNION ALL SELECT created_at, ${Number.MAX_SAFE_INTEGER}, id FROM note WHERE id = +@id AND contact_id = +@contactId`,
  );
  const one = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.id = +?`);
  const timeline = db.prepare('SELECT status, at FROM message_status WHERE message_id = +?');
  const byWamid = db.prepare('SELECT id, direction, content FROM message WHERE wamid = +? ORDER BY id LIMIT 1');
  const wamidOf = db.prepare('SELECT wamid FROM message WHERE id = ?').pluck();

  return {
    /** Newest first, before a position; without one, from the end. */
    listOlder: (contactId: string, before: ThreadPosition | null, limit: number) => older.all({ contactId, limit, ...(before ?? THREAD_END) }) as MessageView[],
    /** Oldest first, after a position. */
    listNewer: (contactId: string, after: ThreadPosition, limit: number) => newer.all({ contactId, limit, ...after }) as MessageView[],
    /** Oldest first, from a position on. */
    listFrom: (contactId: string, from: ThreadPosition, limit: number) => newerFrom.all({ contactId, limit, ...from }) as MessageView[],
    /** Where a message or a note of this person stands. */
    findPosition: (contactId: string, id: string) => position.get({ contactId, id }) as ThreadPosition | undefined,
    find: (id: string) => one.get(id) as MessageView | undefined,
    timeline: (id: string) => timeline.all(id) as { status: DeliveryStatus; at: number }[],
    findByWamid: (wamid: string) => byWamid.get(wamid) as { id: string; direction: 'in' | 'out'; content: string } | undefined,
    wamidOf: (id: string) => (wamidOf.get(id) as string | null | undefined) ?? null,
  };
}
export type MessageQueries = ReturnType<typeof createMessageQueries>;
