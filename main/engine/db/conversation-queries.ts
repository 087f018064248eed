/** Statements for the list and the head of a conversation. Pages are keyset pages: their cost does not grow with their depth. */
import type Database from 'better-sqlite3';
import { PENDING_SORT_AT, type ConversationStatus, type Outcome } from '../../../contract/state.ts';
import { MESSAGE_COLUMNS, MESSAGE_JOINS, type MessageView } from './message-queries.ts';

export type SummaryView = {
  id: string;
  contactId: string;
  phoneNumberId: string;
  status: ConversationStatus;
  inboundCount: number;
  lastInboundAt: number | null;
  lastInboundSeq: number;
  createdSeq: number;
  lastMessageAt: number;
  lastMessageId: string | null;
  readCount: number;
  readSeq: number;
  profileName: string | null;
  username: string | null;
  waId: string | null;
};
export type ListFilter = { status: ConversationStatus; unread: boolean; search: string; after: { at: number; id: string } | null; limit: number; agentId: string };
export type ActivityView = { opId: string; type: string; outcome: Outcome; actorId: string; actorName: string | null; occurredAt: number; seq: number; detail: string };

const SUMMARY = `
  SELECT c.id, c.contact_id AS contactId, c.phone_number_id AS phoneNumberId, c.status, c.inbound_count AS inboundCount,
    c.last_inbound_at AS lastInboundAt, c.last_inbound_seq AS lastInboundSeq, c.created_seq AS createdSeq, c.last_message_at AS lastMessageAt, c.last_message_id AS lastMessageId,
    coalesce(r.inbound_no, 0) AS readCount, coalesce(r.seq, 0) AS readSeq, p.profile_name AS profileName, p.username,
    (SELECT value FROM contact_identifier i WHERE i.contact_id = c.contact_id AND i.kind = 'wa_id' ORDER BY i.first_seq DESC LIMIT 1) AS waId
  FROM conversation c
  JOIN contact p ON p.id = c.contact_id
  LEFT JOIN read_position r ON r.agent_id = +@agentId AND r.conversation_id = c.id`;

const UNREAD = 'c.inbound_count > coalesce(r.inbound_no, 0)';
const MATCHES = `(fold(coalesce(p.profile_name, '') || ' ' || coalesce(p.username, '')) LIKE +@like ESCAPE '\\' OR (@digits <> '' AND EXISTS (
  SELECT 1 FROM contact_identifier i WHERE i.contact_id = c.contact_id AND i.kind = 'wa_id' AND i.value LIKE '%' || @digits || '%')))`;

export function createConversationQueries(db: Database.Database) {
  db.function('fold', { deterministic: true }, (text: unknown) => fold(String(text)));
  const list = new Map<string, Database.Statement>();
  for (const unread of [false, true])
    for (const search of [false, true])
      list.set(
        `${unread}/${search}`,
        db.prepare(
          `${SUMMARY} WHERE c.status = +@status AND (c.last_message_at, c.id) < (+@afterAt, +@afterId)${unread ? ` AND ${UNREAD}` : ''}${search ? ` AND ${MATCHES}` : ''} ORDER BY c.last_message_at DESC, c.id DESC LIMIT @limit`,
        ),
      );
  const one = db.prepare(`${SUMMARY} WHERE c.id = +@id`);
  const countByStatus = db.prepare('SELECT status, count(*) AS n FROM conversation GROUP BY status');
  const countUnread = db
    .prepare(`SELECT count(*) FROM conversation c LEFT JOIN read_position r ON r.agent_id = +@agentId AND r.conversation_id = c.id WHERE c.status = 'active' AND ${UNREAD}`)
    .pluck();
  const lastMessage = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.id = +?`);
  const others = db.prepare(
    `SELECT id, status, CASE WHEN last_message_at = ${PENDING_SORT_AT} THEN (SELECT sent_at FROM message WHERE message.id = last_message_id) ELSE last_message_at END AS lastMessageAt FROM conversation WHERE contact_id = +? AND phone_number_id = +? AND id <> +? ORDER BY created_seq DESC`,
  );
  const activity = db.prepare(
    `SELECT a.op_id AS opId, a.type, a.outcome, a.actor_id AS actorId, g.name AS actorName, a.occurred_at AS occurredAt, a.seq, a.detail
     FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE a.conversation_id = +? AND a.type = 'conversation.status' ORDER BY a.seq DESC, a.op_id DESC LIMIT 50`,
  );

  return {
    list: ({ status, unread, search, after, limit, agentId }: ListFilter) =>
      (list.get(`${unread}/${search !== ''}`) as Database.Statement).all({
        status,
        agentId,
        limit,
        afterAt: after?.at ?? Number.MAX_SAFE_INTEGER,
        afterId: after?.id ?? '\u{10FFFF}',
        ...(search === '' ? {} : { like: `%${fold(search.replace(/^@/, '')).replace(/[\\%_]/g, '\\$&')}%`, digits: /^[\d\s+()-]{3,}$/.test(search) ? search.replace(/\D/g, '') : '' }),
      }) as SummaryView[],
    find: (id: string, agentId: string) => one.get({ id, agentId }) as SummaryView | undefined,
    countByStatus: () => Object.fromEntries((countByStatus.all() as { status: ConversationStatus; n: number }[]).map(({ status, n }) => [status, n])) as Partial<Record<ConversationStatus, number>>,
    /** Active conversations with inbound messages that the agent has not read. */
    countUnread: (agentId: string) => countUnread.get({ agentId }) as number,
    lastMessage: (id: string) => lastMessage.get(id) as MessageView | undefined,
    listOthers: (row: Pick<SummaryView, 'contactId' | 'phoneNumberId' | 'id'>) =>
      others.all(row.contactId, row.phoneNumberId, row.id) as { id: string; status: ConversationStatus; lastMessageAt: number }[],
    listActivity: (id: string) => activity.all(id) as ActivityView[],
  };
}
export type ConversationQueries = ReturnType<typeof createConversationQueries>;

/** Lower case, without accents: what people type is matched against what people are called. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
