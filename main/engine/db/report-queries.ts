/**
 * Statements for reports: the rows they are counted from, and the records made of them (`reports/facts.ts`), which belong to this desktop. Invariant:
 * a conversation whose rows may have changed since its records were made stands in `report_todo`.
 */
import type Database from 'better-sqlite3';
import { PENDING_SEQ } from '../../../contract/state.ts';
import type { MessageSource, StatusSource } from '../reports/facts.ts';

type MessageView = {
  conversationId: string;
  seq: number;
  direction: 'in' | 'out';
  at: number;
  status: string | null;
  hold: string | null;
  actorId: string | null;
  errorCode: number | null;
  draftState: 'sent' | 'other' | null;
  isNotice: 0 | 1;
  template: string | null;
};
/** A conversation's records with whose it is at present. */
export type FactsView = { conversationId: string; facts: Buffer; assigneeId: string | null; teamId: string | null };

export function createReportQueries(db: Database.Database) {
  const addTodo = db.prepare('INSERT INTO report_todo (conversation_id) VALUES (?) ON CONFLICT DO NOTHING');
  const listTodo = db.prepare('SELECT DISTINCT c.contact_id FROM (SELECT conversation_id FROM report_todo LIMIT +?) t JOIN conversation c ON c.id = t.conversation_id').pluck();
  const countTodo = db.prepare('SELECT count(*) FROM report_todo').pluck();
  const countAll = db.prepare('SELECT count(*) FROM conversation').pluck();
  const dropGone = db.prepare('DELETE FROM report_facts WHERE conversation_id IN (SELECT conversation_id FROM report_todo WHERE conversation_id NOT IN (SELECT id FROM conversation))');
  const dropGoneTodo = db.prepare('DELETE FROM report_todo WHERE conversation_id NOT IN (SELECT id FROM conversation)');
  const dropTodo = db.prepare('DELETE FROM report_todo WHERE conversation_id = ?');
  const conversations = db.prepare('SELECT id FROM conversation WHERE contact_id = ?').pluck();
  // What is about another message (a reaction) has a target or does not count as said; what is imported is no work of the team.
  const messages = db.prepare(
    `SELECT m.conversation_id AS conversationId, m.seq, m.direction, CASE m.direction WHEN 'in' THEN m.sent_at ELSE m.sort_at END AS at, m.status, m.hold, m.actor_id AS actorId,
       CASE WHEN m.error IS NOT NULL THEN m.error ->> '$.code' END AS errorCode, CASE WHEN d.id IS NOT NULL THEN CASE WHEN d.auto_state = 'sent' THEN 'sent' ELSE 'other' END END AS draftState,
       m.direction = 'out' AND EXISTS (SELECT 1 FROM request_event e WHERE e.message_id = m.id AND e.mode = 'auto') AS isNotice,
       CASE WHEN m.direction = 'out' AND m.content ->> '$.kind' = 'template' THEN m.content ->> '$.name' END AS template
     FROM message m LEFT JOIN ai_draft d ON d.message_id = m.id AND m.direction = 'out' AND d.state = 'approved'
     WHERE m.contact_id = ? AND m.seq < ${PENDING_SEQ} AND m.target_wamid IS NULL AND m.origin IS NOT 'history'
       AND CASE m.direction WHEN 'in' THEN m.inbound_no IS NOT NULL AND (m.content ->> '$.kind' <> 'system' OR m.content ->> '$.event' = 'welcome_requested')
         ELSE m.content ->> '$.kind' NOT IN ('reaction', 'edit', 'revoke') END
     ORDER BY m.seq`,
  );
  const statuses = db.prepare(
    `SELECT conversation_id AS conversationId, seq, coalesce(detail ->> '$.at', occurred_at) AS at, detail ->> '$.to' = 'active' AS isActive, actor_id AS actorId
     FROM activity WHERE conversation_id = ? AND type NOT IN ('message.queue', 'message.result', 'read.advance') AND type = 'conversation.status' AND outcome = 'applied' AND seq < ${PENDING_SEQ} ORDER BY seq`,
  );
  const putFacts = db.prepare(
    'INSERT INTO report_facts (conversation_id, first_at, last_at, facts) VALUES (?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, facts = excluded.facts',
  );
  const dropFacts = db.prepare('DELETE FROM report_facts WHERE conversation_id = ?');
  const findName = db.prepare('SELECT no FROM report_name WHERE kind = ? AND name = ?').pluck();
  const addName = db.prepare('INSERT INTO report_name (kind, name) VALUES (?, ?)');
  const names = db.prepare('SELECT no, kind, name FROM report_name');
  const facts = db
    .prepare('SELECT f.conversation_id, f.facts, c.assignee_id, c.team_id FROM report_facts f JOIN conversation c ON c.id = f.conversation_id WHERE f.last_at >= ? AND f.first_at < ?')
    .raw();
  const serviceTypes = db.prepare('SELECT l.conversation_id, r.service_type FROM request_link l JOIN service_request r ON r.id = l.request_id ORDER BY l.seq, l.request_id, l.role').raw();
  const active = db.prepare("SELECT id, assignee_id AS assigneeId, team_id AS teamId FROM conversation WHERE status = 'active' AND assignee_id IS NOT NULL");

  return {
    addTodo: (conversationId: string) => void addTodo.run(conversationId),
    /** All records are made anew. */
    startAnew: (): void => {
      db.exec('DELETE FROM report_facts; DELETE FROM report_name; DELETE FROM report_todo; INSERT INTO report_todo (conversation_id) SELECT id FROM conversation');
    },
    countTodo: () => countTodo.get() as number,
    countConversations: () => countAll.get() as number,
    /** People with conversations whose records are to be made. */
    listTodo: (limit: number) => listTodo.all(limit) as string[],
    /** Conversations that are not there any more. */
    dropGone: (): void => {
      dropGone.run();
      dropGoneTodo.run();
    },
    listConversations: (contactId: string) => conversations.all(contactId) as string[],
    /** Of all conversations of a person, in the order of the log. */
    listMessages: (contactId: string) => (messages.all(contactId) as MessageView[]).map(toSource),
    listStatuses: (conversationId: string) => (statuses.all(conversationId) as (Omit<StatusSource, 'isActive'> & { isActive: 0 | 1 })[]).map((row) => ({ ...row, isActive: row.isActive === 1 })),
    putFacts: (conversationId: string, packed: { facts: Buffer; firstAt: number; lastAt: number } | null): void => {
      if (packed) putFacts.run(conversationId, packed.firstAt, packed.lastAt, packed.facts);
      else dropFacts.run(conversationId);
      dropTodo.run(conversationId);
    },
    numberOf: (kind: 'agent' | 'template', name: string): number => (findName.get(kind, name) as number | undefined) ?? Number(addName.run(kind, name).lastInsertRowid),
    listNames: () => names.all() as { no: number; kind: 'agent' | 'template'; name: string }[],
    /** Of conversations with records in [from, to) (ms), and perhaps others. */
    *eachFacts(from: number, to: number): Generator<FactsView> {
      for (const row of facts.iterate(from, to)) {
        const [conversationId, packed, assigneeId, teamId] = row as [string, Buffer, string | null, string | null];
        yield { conversationId, facts: packed, assigneeId, teamId };
      }
    },
    /** By conversation, of the request that it was linked to last. */
    readServiceTypes: () => new Map(serviceTypes.all() as [string, string][]),
    listActive: () => active.all() as { id: string; assigneeId: string; teamId: string | null }[],
  };
}
export type ReportQueries = ReturnType<typeof createReportQueries>;

function toSource({ direction, status, hold, draftState, isNotice, actorId, ...row }: MessageView): MessageSource {
  const isIn = direction === 'in';
  const isAutomatic = draftState === 'sent';
  const state = status === 'failed' ? 'failed' : status === 'queued' && hold !== null ? 'unsent' : 'left';
  const by = isAutomatic ? 'automatic' : actorId === null ? 'phone' : 'person';
  return {
    ...row,
    isIn,
    state: isIn ? 'left' : state,
    by,
    actorId: by === 'person' ? actorId : null,
    isFromDraft: draftState === 'other',
    isNotice: isNotice === 1,
    reach: status === 'read' || status === 'played' ? 'read' : status === 'delivered' ? 'delivered' : 'sent',
  };
}
