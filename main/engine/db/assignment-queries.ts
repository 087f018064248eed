/** Statements that say who could take a conversation: by what they did before, and by whose turn it is. */
import type Database from 'better-sqlite3';
import { AUTOMATIC_ACTOR } from '../../../contract/state.ts';

export type AnswersView = { agentId: string; count: number; lastAt: number };
export type HandledView = { agentId: string; serviceType: string; count: number };
export type RoutableView = { id: string; teamId: string | null };

/** Of each kind of service the newest requests say enough, however many there are. */
const REQUESTS_LOOKED_AT = 500;
/** As in the index `message_answer`: what somebody wrote to a person; templates may have been sent by no person. */
const ANSWER = "m.direction = 'out' AND m.actor_id IS NOT NULL AND m.hold IS NULL AND m.target_wamid IS NULL AND json_extract(m.content, '$.kind') <> 'template'";
const IDS = '(SELECT value FROM json_each(@ids))';

export function createAssignmentQueries(db: Database.Database) {
  const answers = db.prepare(
    `SELECT m.actor_id AS agentId, count(*) AS count, max(m.sent_at) AS lastAt FROM json_each(@ids) p CROSS JOIN message m INDEXED BY message_answer ON m.contact_id = p.value WHERE ${ANSWER} AND NOT EXISTS (SELECT 1 FROM ai_draft d WHERE d.message_id = m.id AND d.auto_state = 'sent') GROUP BY m.actor_id`,
  );
  const linkedTypes = db
    .prepare("SELECT DISTINCT r.service_type FROM request_link l JOIN service_request r ON r.id = l.request_id WHERE l.conversation_id = +? AND r.service_type <> '' ORDER BY 1")
    .pluck();
  const openTypes = db
    .prepare(
      `SELECT r.service_type FROM service_request r WHERE r.customer_id IN ${IDS} AND r.status NOT IN ('done', 'cancelled') AND r.service_type <> ''
       UNION SELECT r.service_type FROM service_request r WHERE r.vendor_id IN ${IDS} AND r.status NOT IN ('done', 'cancelled') AND r.service_type <> '' ORDER BY 1`,
    )
    .pluck();
  const handled = db.prepare(
    `SELECT coalesce(c.assignee_id, nullif(c.last_outbound_actor_id, '${AUTOMATIC_ACTOR}')) AS agentId, @serviceType AS serviceType, count(DISTINCT r.id) AS count
     FROM (SELECT id FROM service_request WHERE service_type = +@serviceType ORDER BY created_seq DESC LIMIT ${REQUESTS_LOOKED_AT}) r
     JOIN request_link l ON l.request_id = r.id JOIN conversation c ON c.id = l.conversation_id
     WHERE l.conversation_id <> @conversationId AND coalesce(c.assignee_id, nullif(c.last_outbound_actor_id, '${AUTOMATIC_ACTOR}')) IS NOT NULL GROUP BY 1`,
  );
  // Whose it was last tells why it is nobody's. Given to somebody: they left, so it is to be given again. Let go by a person: that stands until the customer writes.
  const routable = db.prepare(
    `SELECT c.id, c.team_id AS teamId FROM conversation c
     LEFT JOIN activity d ON d.op_id = (SELECT a.op_id FROM activity a WHERE a.conversation_id = c.id AND a.type NOT IN ('message.queue', 'message.result', 'read.advance')
       AND a.type IN ('conversation.assign', 'conversation.route') AND a.outcome = 'applied' ORDER BY a.seq DESC, a.op_id DESC LIMIT 1)
     WHERE c.assignee_id IS NULL AND c.status = 'active' AND c.inbound_count > 0 AND (c.snoozed_until IS NULL OR c.snoozed_until <= @now)
       AND CASE WHEN d.op_id IS NOT NULL AND json_extract(d.detail, '$.to') IS NOT NULL THEN 1 ELSE c.waiting_since IS NOT NULL AND c.last_inbound_seq > coalesce(d.seq, 0) END
     ORDER BY c.waiting_since IS NULL, c.waiting_since, c.id LIMIT +@limit`,
  );
  const lastRouted = db.prepare("SELECT max(seq) FROM activity WHERE type = 'conversation.route' AND outcome = 'applied' AND json_extract(detail, '$.to') = +?").pluck();
  const isClaiming = db.prepare("SELECT 1 FROM pending_op WHERE json_extract(body, '$.type') = 'conversation.route' LIMIT 1");

  return {
    /** Who wrote to these contacts how often, and when last (ms). */
    listAnswers: (contactIds: readonly string[]) => answers.all({ ids: JSON.stringify(contactIds) }) as AnswersView[],
    /** Kinds of service that a conversation is about: of its requests, else of the open ones of its person. */
    listServiceTypes: (conversationId: string, contactIds: readonly string[]) => {
      const linked = linkedTypes.all(conversationId) as string[];
      return linked.length > 0 ? linked : (openTypes.all({ ids: JSON.stringify(contactIds) }) as string[]);
    },
    /** Who has, or answered last, the conversations about requests of a kind, this conversation aside. */
    listHandled: (serviceType: string, conversationId: string) => handled.all({ serviceType, conversationId }) as HandledView[],
    /** Active conversations that nobody has and nobody has let go on purpose, the longest waiting first. @param now relay time, ms. */
    listRoutable: (now: number, limit: number) => routable.all({ now, limit }) as RoutableView[],
    /** Place in the log at which an agent was last given a conversation by turn; 0: never. */
    findLastRouted: (agentId: string) => (lastRouted.get(agentId) as number | null) ?? 0,
    /** A claim of this desktop is not confirmed yet. */
    isClaiming: () => isClaiming.get() !== undefined,
  };
}
export type AssignmentQueries = ReturnType<typeof createAssignmentQueries>;
