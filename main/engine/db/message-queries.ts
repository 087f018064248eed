/** Statements for threads. A thread is everything said with a person, across their conversations, in reading order. */
import type Database from 'better-sqlite3';
import type { DeliveryStatus } from '../../../contract/rules/delivery-status.ts';
import type { MessageRow, ServiceRequestRow } from '../../../contract/state.ts';
import type { ActivityView } from './conversation-queries.ts';
import type { JobState } from './job-queries.ts';

export type MessageView = {
  id: string;
  conversationId: string;
  contactId: string;
  direction: 'in' | 'out';
  seq: number;
  sortAt: number;
  sentAt: number;
  receivedAt: number;
  inboundNo: number | null;
  /** Of a revoked message: nothing but that it was revoked. */
  content: string;
  status: DeliveryStatus | null;
  error: string | null;
  hold: 'held' | 'discarded' | null;
  actorId: string | null;
  actorName: string | null;
  jobState: JobState | null;
  quotedWamid: string | null;
  wamid: string | null;
  origin: MessageRow['origin'];
  context: string | null;
  editedAt: number | null;
  revokedAt: number | null;
  pricing: string | null;
  /** Of the draft by AI that it came from. */
  draftId: string | null;
  runId: string | null;
  isAutomatic: 0 | 1 | null;
  /** There are reactions, edits or revokes that name it. */
  hasAbout: 0 | 1;
  /** It is attached to a service request. */
  hasRequests: 0 | 1;
};
/** What a message was before somebody changed it. */
export type VersionsView = Pick<MessageRow, 'id' | 'wamid' | 'contact_id' | 'direction' | 'sent_at' | 'content' | 'original_content' | 'revoked_at'>;
export type ThreadPosition = { sortAt: number; seq: number; id: string };

const THREAD_END: ThreadPosition = { sortAt: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };

/** Of `message m`. */
export const CONTENT = `CASE WHEN m.revoked_at IS NULL THEN m.content ELSE '{"kind":"revoke"}' END`;
export const MESSAGE_COLUMNS = `m.id, m.conversation_id AS conversationId, m.direction, m.seq, m.sort_at AS sortAt, m.sent_at AS sentAt, m.received_at AS receivedAt,
  m.inbound_no AS inboundNo, ${CONTENT} AS content, m.status, m.error, m.hold, m.actor_id AS actorId, g.name AS actorName,
  j.state AS jobState, m.quoted_wamid AS quotedWamid, m.contact_id AS contactId, m.wamid, m.origin, m.context, m.edited_at AS editedAt, m.revoked_at AS revokedAt, m.pricing,
  w.id AS draftId, w.run_id AS runId, w.auto_state IS 'sent' AS isAutomatic,
  EXISTS (SELECT 1 FROM message a WHERE a.target_wamid = m.wamid) AS hasAbout,
  EXISTS (SELECT 1 FROM request_message q WHERE q.message_id = m.id) AS hasRequests`;
/** A draft is approved with one message, and no two with the same. */
export const MESSAGE_JOINS =
  "LEFT JOIN agent g ON g.id = m.actor_id LEFT JOIN job j ON j.kind = 'message.send' AND j.subject = m.id LEFT JOIN ai_draft w ON w.message_id = m.id AND m.direction = 'out'";

/** Whether a row of a thread stands for itself: reactions, edits and revokes are seen on their target as soon as it is known (`contract/whatsapp/about-message.ts`, `mayBeAbout`). */
export const STANDS_ALONE = `(m.target_wamid IS NULL OR NOT EXISTS (SELECT 1 FROM message t WHERE t.wamid = m.target_wamid AND +t.contact_id = m.contact_id AND t.target_wamid IS NULL
  AND (t.direction = m.direction OR json_extract(m.content, '$.kind') = 'reaction')))`;

/** What stands between the messages, word for word as the index `activity_thread` has it. A note, and a message that was held, stand there as themselves. */
const STANDS_BETWEEN = `a.outcome = 'applied' AND a.type IN ('conversation.assign', 'conversation.team', 'conversation.snooze', 'conversation.status', 'conversation.label', 'conversation.route',
      'conversation.start', 'conversation.ai', 'ai.handoff', 'draft.stop_auto', 'request.link', 'request.attach', 'request.notify')`;
/** In one stretch of a thread; of more than this the newest. */
const EVENTS_MAX = 300;

export function createMessageQueries(db: Database.Database) {
  const readThread = (from: '<' | '>' | '>=', order: 'ASC' | 'DESC'): Database.Statement =>
    db.prepare(
      `SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS}
       WHERE m.contact_id = +@contactId AND (m.sort_at, m.seq, m.id) ${from} (+@sortAt, +@seq, +@id) AND ${STANDS_ALONE} ORDER BY m.sort_at ${order}, m.seq ${order}, m.id ${order} LIMIT +@limit`,
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
  // By wamid and not by person (the plus): a thread can be long, and few messages have the same one.
  const byWamid = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.wamid = +@wamid AND +m.contact_id = +@contactId ORDER BY m.id LIMIT 1`);
  const about = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.target_wamid = +@wamid AND +m.contact_id = +@contactId ORDER BY m.sort_at, m.seq, m.id`);
  const versions = db.prepare('SELECT id, wamid, contact_id, direction, sent_at, content, original_content, revoked_at FROM message WHERE id = +?');
  const requestsOf = db.prepare('SELECT r.id, r.number, r.external_id FROM request_message q JOIN service_request r ON r.id = q.request_id WHERE q.message_id = +? ORDER BY q.request_id');
  const firstFrom = db.prepare(`SELECT id FROM message m WHERE m.contact_id = +@contactId AND m.sort_at >= +@from AND ${STANDS_ALONE} ORDER BY m.sort_at, m.seq, m.id LIMIT 1`);
  const firstUnread = db.prepare(
    `SELECT id FROM message m WHERE m.contact_id = +@contactId AND m.conversation_id = @conversationId AND m.inbound_no > @readCount AND ${STANDS_ALONE} ORDER BY m.sort_at, m.seq, m.id LIMIT 1`,
  );
  const events = db.prepare(
    `SELECT * FROM (
       SELECT a.op_id AS opId, a.type, a.outcome, a.actor_id AS actorId, g.name AS actorName, a.occurred_at AS occurredAt, a.seq, a.detail, a.conversation_id AS conversationId
       FROM conversation c CROSS JOIN activity a INDEXED BY activity_thread ON a.conversation_id = c.id LEFT JOIN agent g ON g.id = a.actor_id
       WHERE c.contact_id = +@contactId AND a.occurred_at BETWEEN @from AND @to AND ${STANDS_BETWEEN} ORDER BY a.occurred_at DESC, a.seq DESC, a.op_id DESC LIMIT ${EVENTS_MAX}
     ) ORDER BY occurredAt, seq, opId`,
  );
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
    /** In the thread of this person. */
    findByWamid: (wamid: string, contactId: string) => byWamid.get({ wamid, contactId }) as MessageView | undefined,
    /** Reactions, edits and revokes of a message of this person, in reading order. */
    listAbout: (wamid: string, contactId: string) => about.all({ wamid, contactId }) as MessageView[],
    /** The service requests that a message is attached to. */
    listRequests: (id: string) => requestsOf.all(id) as Pick<ServiceRequestRow, 'id' | 'number' | 'external_id'>[],
    /** The first one that stands in the thread at or after a time (ms). */
    findFrom: (contactId: string, from: number) => (firstFrom.pluck().get({ contactId, from }) as string | undefined) ?? null,
    /** The first one of the customer in a conversation of which `readCount` were read. */
    findFirstUnread: (contactId: string, conversationId: string, readCount: number) => (firstUnread.pluck().get({ contactId, conversationId, readCount }) as string | undefined) ?? null,
    /** What was done to the person's conversations from one time to another (ms, both included), oldest first. */
    listEvents: (contactId: string, from: number, to: number) => events.all({ contactId, from, to }) as (ActivityView & { conversationId: string })[],
    findVersions: (id: string) => versions.get(id) as VersionsView | undefined,
    wamidOf: (id: string) => (wamidOf.get(id) as string | null | undefined) ?? null,
  };
}
export type MessageQueries = ReturnType<typeof createMessageQueries>;
