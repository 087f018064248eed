/**
 * The ceilings of reading: one prepared statement for everything that a screen shows, its rows taken as they are. Written
 * apart from the engine's own SQL, because a ceiling must not inherit what it is to judge. `+?`: SQLite built with
 * ENABLE_STAT4, as ours is, compiles a join anew at every run if a bare parameter stands in its conditions.
 */
import path from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { ME } from '../data/support-log.ts';

const PAGE = 50;
const MESSAGE = 'm.id, m.direction, m.seq, m.sort_at, m.sent_at, m.received_at, m.content, m.status, m.error, m.hold, m.actor_id, g.name, j.state, m.quoted_wamid';
const MESSAGE_JOINS = "LEFT JOIN agent g ON g.id = m.actor_id LEFT JOIN job j ON j.kind = 'message.send' AND j.subject = m.id";
const LIST = `
  SELECT c.id, c.contact_id, c.phone_number_id, c.status, c.inbound_count, c.last_inbound_at, c.last_message_at, r.inbound_no, p.profile_name, p.username,
    (SELECT value FROM contact_identifier i WHERE i.contact_id = c.contact_id AND i.kind = 'wa_id' LIMIT 1), ${MESSAGE.replace('m.id', 'm.id AS message_id')}
  FROM conversation c JOIN contact p ON p.id = c.contact_id
  LEFT JOIN read_position r ON r.agent_id = '${ME.agentId}' AND r.conversation_id = c.id
  LEFT JOIN message m ON m.id = c.last_message_id ${MESSAGE_JOINS}`;
const ORDER = `ORDER BY c.last_message_at DESC, c.id DESC LIMIT ${PAGE + 1}`;
const UNREAD = 'c.inbound_count > coalesce(r.inbound_no, 0)';

/** Newer than every conversation: the first page. */
export const FIRST = { at: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };
/** After every message. */
export const NEWEST = { sortAt: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };

export type Position = { at: number; id: string };
export type BareStatements = ReturnType<typeof openBareStatements>;

/** @param dataDir a desktop's folder; opened a second time, beside the engine, with the same cache. */
export function openBareStatements(dataDir: string) {
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true });
  db.pragma('cache_size = -32000');
  const list = db.prepare(`${LIST} WHERE c.status = +? AND (c.last_message_at, c.id) < (+?, +?) ${ORDER}`);
  const unread = db.prepare(`${LIST} WHERE c.status = 'active' AND ${UNREAD} ${ORDER}`);
  const search = db.prepare(`${LIST} WHERE c.status = 'active' AND p.profile_name LIKE +? ${ORDER}`);
  const head = db.prepare(`${LIST} WHERE c.id = +?`);
  const thread = db.prepare(
    `SELECT ${MESSAGE} FROM message m ${MESSAGE_JOINS} WHERE m.contact_id = +? AND (m.sort_at, m.seq, m.id) < (+?, +?, +?) ORDER BY m.sort_at DESC, m.seq DESC, m.id DESC LIMIT ${PAGE + 1}`,
  );
  const statuses = db.prepare(
    `SELECT s.message_id, s.status, s.at FROM (SELECT id FROM message WHERE contact_id = +? ORDER BY sort_at DESC, seq DESC, id DESC LIMIT ${PAGE}) m CROSS JOIN message_status s ON s.message_id = m.id`,
  );
  const identifiers = db.prepare('SELECT kind, value FROM contact_identifier WHERE contact_id = ?');
  const others = db.prepare('SELECT id, status, last_message_at FROM conversation WHERE contact_id = ?');
  const activity = db.prepare(
    "SELECT a.op_id, a.outcome, a.actor_id, g.name, a.occurred_at, a.seq, a.detail FROM activity a LEFT JOIN agent g ON g.id = a.actor_id WHERE a.conversation_id = +? AND a.type = 'conversation.status' ORDER BY a.seq DESC LIMIT 50",
  );
  const countByStatus = db.prepare('SELECT status, count(*) FROM conversation GROUP BY status');
  const countUnread = db.prepare(`SELECT count(*) FROM conversation c LEFT JOIN read_position r ON r.agent_id = '${ME.agentId}' AND r.conversation_id = c.id WHERE c.status = 'active' AND ${UNREAD}`);
  const positions = db.prepare<[string], Position>('SELECT last_message_at AS at, id FROM conversation WHERE status = ? ORDER BY last_message_at DESC, id DESC');
  const conversations = db.prepare<[], { id: string; contactId: string }>(
    'SELECT c.id, c.contact_id AS contactId FROM conversation c ORDER BY (SELECT count(*) FROM message m WHERE m.contact_id = c.contact_id) DESC, c.id',
  );
  const threadPositions = db.prepare<[string], { sortAt: number; seq: number; id: string }>(
    'SELECT sort_at AS sortAt, seq, id FROM message WHERE contact_id = ? ORDER BY sort_at DESC, seq DESC, id DESC',
  );

  return {
    list: (status: string, after: Position) => list.all(status, after.at, after.id),
    unread: () => unread.all(),
    search: (text: string) => search.all(`%${text}%`),
    /** Head, newest messages with their ticks, who it is, and what was done with it. */
    open: db.transaction((id: string, contactId: string) => [
      head.all(id),
      thread.all(contactId, NEWEST.sortAt, NEWEST.seq, NEWEST.id),
      statuses.all(contactId),
      identifiers.all(contactId),
      others.all(contactId),
      activity.all(id),
    ]),
    thread: (contactId: string, before: { sortAt: number; seq: number; id: string }) => thread.all(contactId, before.sortAt, before.seq, before.id),
    counts: () => [countByStatus.all(), countUnread.all()],
    /** Where pages of a list may begin, in its order. */
    positions: (status: string) => positions.all(status),
    /** The one with most messages first. */
    conversations: () => conversations.all(),
    threadPositions: (contactId: string) => threadPositions.all(contactId),
    close: () => db.close(),
  };
}
