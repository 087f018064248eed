/** Statements for what would go before it goes, and for who was erased. About `+?` see docs/decisions/0007-bound-values-with-plus.md. */
import type Database from 'better-sqlite3';

/** What the reducer of `retention.apply` lets go (`contract/ops/erase-ops.ts`). */
const PAST = `c.status <> 'active' AND c.last_message_at < @before
  AND NOT EXISTS (SELECT 1 FROM request_link k JOIN service_request r ON r.id = k.request_id WHERE k.conversation_id = c.id AND r.status NOT IN ('done', 'cancelled'))
  AND c.id NOT IN (SELECT q.conversation_id FROM request_message q JOIN service_request r ON r.id = q.request_id WHERE r.status NOT IN ('done', 'cancelled'))`;
const IDS = 'SELECT value FROM json_each(@ids)';

export type PersonCounts = { conversations: number; messages: number; files: number; notes: number; drafts: number; requests: number };
export type ErasedRecord = { opId: string; agentName: string | null; at: number; detail: string; seq: number };

export function createPrivacyQueries(db: Database.Database) {
  const count = (table: string, where: string): string => `(SELECT count(*) FROM ${table} WHERE ${where})`;
  const ofPerson = db.prepare(
    `SELECT ${count('conversation', `contact_id IN (${IDS})`)} AS conversations, ${count('message', `contact_id IN (${IDS})`)} AS messages,
      ${count('message', `contact_id IN (${IDS}) AND json_extract(content, '$.media') IS NOT NULL`)} AS files, ${count('note', `contact_id IN (${IDS}) AND deleted_by IS NULL`)} AS notes,
      ${count('ai_run', `contact_id IN (${IDS}) AND text IS NOT NULL`)} AS drafts, ${count('service_request', `customer_id IN (${IDS}) OR vendor_id IN (${IDS})`)} AS requests`,
  );
  const ofPast = db.prepare(
    `SELECT count(*) AS conversations, coalesce(sum((SELECT count(*) FROM message m WHERE m.contact_id = c.contact_id AND m.conversation_id = c.id)), 0) AS messages, min(c.last_message_at) AS oldestAt
     FROM conversation c WHERE ${PAST}`,
  );
  const listPast = db.prepare(
    `SELECT c.id, (SELECT count(*) FROM message m WHERE m.contact_id = c.contact_id AND m.conversation_id = c.id) AS messages FROM conversation c WHERE ${PAST} ORDER BY c.last_message_at LIMIT +@limit`,
  );
  const erased = db.prepare(
    `SELECT a.op_id AS opId, g.name AS agentName, a.occurred_at AS at, a.detail, a.seq FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE a.type = 'contact.erase' AND a.type IN ('contact.erase', 'retention.apply') AND a.outcome = 'applied' ORDER BY a.seq DESC LIMIT +?`,
  );
  return {
    countPerson: (ids: readonly string[]) => ofPerson.get({ ids: JSON.stringify(ids) }) as PersonCounts,
    countPast: (before: number) => ofPast.get({ before }) as { conversations: number; messages: number; oldestAt: number | null },
    /** Oldest first, with how many messages each has. */
    listPast: (before: number, limit: number) => listPast.all({ before, limit }) as { id: string; messages: number }[],
    listErased: (limit: number) => erased.all(limit) as ErasedRecord[],
  };
}
export type PrivacyQueries = ReturnType<typeof createPrivacyQueries>;
