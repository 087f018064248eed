/** Statements for the head of a conversation, the counts, and what was done with it. Pages of the list: `conversation-list-queries.ts`. */
import type Database from 'better-sqlite3';
import { CONFLICTS_MAX } from '../../../contract/limits.ts';
import { isEnded, REQUEST_STATUSES, type RequestRole, type RequestStatus } from '../../../contract/requests/request-rules.ts';
import { PENDING_SEQ, PENDING_SORT_AT, type ConversationStatus, type Outcome } from '../../../contract/state.ts';
import { PERSON_COLUMNS, PERSON_JOIN, type PersonView } from './contact-queries.ts';
import { CONTENT, MESSAGE_JOINS, type MessageView } from './message-queries.ts';

export type SummaryView = PersonView &
  LastMessageView & {
    id: string;
    phoneNumberId: string;
    status: ConversationStatus;
    inboundCount: number;
    lastInboundAt: number | null;
    /** Their last message on this number, in whichever conversation: the service window counts from it (`conversations/window-of.ts`). */
    windowOpenedAt: number | null;
    lastInboundSeq: number;
    createdSeq: number;
    lastMessageAt: number;
    isVendor: 0 | 1;
    readCount: number;
    readSeq: number;
    assigneeId: string | null;
    assigneeName: string | null;
    teamId: string | null;
    teamName: string | null;
    /** JSON array of `Label`; null: none. */
    labels: string | null;
    snoozedUntil: number | null;
    waitingSince: number | null;
    draft: string | null;
    draftFiles: number | null;
    isPending: 0 | 1;
    hasHeld: 0 | 1;
    hasFailed: 0 | 1;
    ai: 'ready' | 'counting' | 'handoff' | null;
    /** JSON of `LinkedRequestView`; null: linked to none. */
    request: string | null;
  };
/** The newest message; all null: there is none. */
export type LastMessageView = {
  [K in 'id' | 'direction' | 'seq' | 'sentAt' | 'content' | 'status' | 'hold' | 'actorId' | 'actorName' | 'jobState' | 'draftId' | 'isAutomatic' as `last${Capitalize<K>}`]: MessageView[K] | null;
};
/** `open`: how many of those linked are not ended, itself counted. */
export type LinkedRequestView = { id: string; number: number | null; external_id: string | null; status: RequestStatus; role: RequestRole; open: number };
export type Counts = { needsMe: number; active: number; archived: number; closed: number; mine: number; myTeams: number; unassigned: number; snoozed: number; drafts: number; trouble: number };
export type BoardView = { assigneeId: string | null; open: number; waiting: number; oldestWaitingSince: number | null; windowOpenedAt: number | null };
export type ActivityView = { opId: string; type: string; outcome: Outcome; actorId: string; actorName: string | null; occurredAt: number; seq: number; detail: string };
export type AnswerView = Pick<ActivityView, 'actorName' | 'occurredAt' | 'detail'> & { actorId: string | null };
export type ConflictView = ActivityView & { conversationId: string | null } & (PersonView | { [K in keyof PersonView]: null });

/** Same condition as the index `activity_told`: everything but plain message traffic. */
const TOLD = "a.type NOT IN ('message.queue', 'message.result', 'read.advance')";
export const WINDOW_OPENED_AT = '(SELECT max(o.last_inbound_at) FROM conversation o WHERE o.contact_id = c.contact_id AND o.phone_number_id = c.phone_number_id)';
/** Of what `viewDelivery` calls held or needs_confirmation, by indexes (`message_held`, `job_waiting`) of the few rows that somebody has to decide on. */
export const HELD_IDS = `SELECT m.conversation_id AS id FROM message m WHERE m.hold = 'held' AND m.actor_id = +@agentId
  UNION SELECT m.conversation_id FROM job j CROSS JOIN message m ON m.id = j.subject
    WHERE +j.kind = 'message.send' AND j.state = 'waiting' AND m.status = 'queued' AND m.hold IS NULL AND m.actor_id = +@agentId`;
/** They are looked for once in a statement, and not with every row. */
export const HAS_HELD = `c.id IN (${HELD_IDS})`;
const UNDELIVERED = "m.status = 'failed' AND m.hold IS NULL AND m.target_wamid IS NULL";
/** By the index `message_undelivered`. What was written after a failure is the answer to it; so is putting the conversation away. */
export const HAS_FAILED = `(c.status = 'active' AND EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND ${UNDELIVERED} AND m.seq >= c.last_outbound_seq))`;
/** `HAS_FAILED` the other way round: the few conversations that have it. */
export const FAILED_IDS = `SELECT m.conversation_id AS id FROM message m INDEXED BY message_undelivered CROSS JOIN conversation f ON f.id = m.conversation_id
  WHERE ${UNDELIVERED} AND f.status = 'active' AND m.seq >= f.last_outbound_seq`;
/** With the first of a vendor's links it is known. */
export const IS_VENDOR = "(s.is_vendor = 1 OR p.is_vendor = 1 OR EXISTS (SELECT 1 FROM request_link l WHERE l.conversation_id = c.id AND l.role = 'vendor'))";
/** By the index of live drafts (`live_draft_by_conversation`). Of a conversation that is over neither counts. */
const AI = `CASE c.status WHEN 'active' THEN coalesce(
  (SELECT 'handoff' FROM conversation_ai a WHERE a.conversation_id = c.id AND a.handoff_reason IS NOT NULL),
  (SELECT CASE d.auto_state WHEN 'counting' THEN 'counting' ELSE 'ready' END FROM ai_draft d WHERE d.conversation_id = c.id AND d.state IN ('ready', 'edited'))) END`;
const IS_OPEN = `q.status NOT IN (${REQUEST_STATUSES.filter(isEnded)
  .map((status) => `'${status}'`)
  .join(', ')})`;
/**
 * The one that `linkedRequestSchema` means, by the index `request_link_conversation`. With one `max` the other columns are of its row (sqlite.org,
 * "Bare columns in an aggregate query"); what is ended comes behind what is not. A vendor's conversation gathers links for years: the last ones count.
 */
const LINKS_COUNTED = 50;
const LINKED_REQUEST = `(SELECT json_object('id', q.id, 'number', q.number, 'external_id', q.external_id, 'status', q.status, 'role', l.role,
    'open', count(*) FILTER (WHERE ${IS_OPEN}), 'rank', max(l.seq - iif(${IS_OPEN}, 0, ${PENDING_SEQ})))
  FROM (SELECT request_id, role, seq FROM request_link WHERE conversation_id = c.id ORDER BY seq DESC LIMIT ${LINKS_COUNTED}) l JOIN service_request q ON q.id = l.request_id)`;
/** Most are linked to none: that is soon seen. */
export const REQUEST = `CASE WHEN EXISTS (SELECT 1 FROM request_link l WHERE l.conversation_id = c.id) THEN ${LINKED_REQUEST} END`;
const LABELS = `CASE WHEN EXISTS (SELECT 1 FROM conversation_label cl WHERE cl.conversation_id = c.id)
  THEN (SELECT json_group_array(json_object('id', l.id, 'name', l.name, 'color', l.color) ORDER BY l.name, l.id) FROM conversation_label cl JOIN label l ON l.id = cl.label_id WHERE cl.conversation_id = c.id) END`;
/** Without a pending op nothing is pending, which is asked once in a statement. */
const IS_PENDING = `(EXISTS (SELECT 1 FROM pending_op) AND EXISTS (SELECT 1 FROM activity a WHERE a.conversation_id = c.id AND a.seq = ${PENDING_SEQ} AND ${TOLD}))`;
const LAST_MESSAGE_COLUMNS = `m.id AS lastId, m.direction AS lastDirection, m.seq AS lastSeq, m.sent_at AS lastSentAt, ${CONTENT} AS lastContent, m.status AS lastStatus, m.hold AS lastHold,
    m.actor_id AS lastActorId, g.name AS lastActorName, j.state AS lastJobState, w.id AS lastDraftId, w.auto_state IS 'sent' AS lastIsAutomatic`;
/** Of `conversation c` with `SUMMARY_JOINS`. */
export const SUMMARY_COLUMNS = `c.id, ${PERSON_COLUMNS}, c.phone_number_id AS phoneNumberId, c.status, c.inbound_count AS inboundCount,
    c.last_inbound_at AS lastInboundAt, ${WINDOW_OPENED_AT} AS windowOpenedAt, c.last_inbound_seq AS lastInboundSeq, c.created_seq AS createdSeq, c.last_message_at AS lastMessageAt,
    coalesce(r.inbound_no, 0) AS readCount, coalesce(r.seq, 0) AS readSeq,
    c.assignee_id AS assigneeId, e.name AS assigneeName, c.team_id AS teamId, t.name AS teamName, c.snoozed_until AS snoozedUntil, CASE c.status WHEN 'active' THEN c.waiting_since END AS waitingSince,
    ${LABELS} AS labels,
    substr(d.text, 1, 200) AS draft, json_array_length(d.files) AS draftFiles,
    ${IS_PENDING} AS isPending, ${HAS_HELD} AS hasHeld, ${HAS_FAILED} AS hasFailed, ${IS_VENDOR} AS isVendor, ${AI} AS ai,
    ${REQUEST} AS request, ${LAST_MESSAGE_COLUMNS}`;
export const SUMMARY_JOINS = `JOIN contact p ON p.id = c.contact_id
  ${PERSON_JOIN}
  LEFT JOIN agent e ON e.id = c.assignee_id
  LEFT JOIN team t ON t.id = c.team_id
  LEFT JOIN read_position r ON r.agent_id = +@agentId AND r.conversation_id = c.id
  LEFT JOIN draft d ON d.conversation_id = c.id
  LEFT JOIN message m ON m.id = c.last_message_id ${MESSAGE_JOINS}`;

export const UNREAD = 'c.inbound_count > coalesce(r.inbound_no, 0)';
export const AWAKE = '(c.snoozed_until IS NULL OR c.snoozed_until <= @now)';
export const MY_TEAMS = 'c.team_id IN (SELECT team_id FROM team_member WHERE agent_id = +@agentId)';
/** Mine, or nobody's and of no team that is not mine. */
const MINE_TO_ANSWER = `(c.assignee_id = +@agentId OR (c.assignee_id IS NULL AND (c.team_id IS NULL OR ${MY_TEAMS})))`;
/** `conversation_tally` without the few that sleep at this moment: theirs are taken off. */
const TALLY = `WITH tally (status, assignee_id, team_id, n, unread, isAsleep) AS (
  SELECT status, nullif(assignee_id, ''), nullif(team_id, ''), n, unread, 0 FROM conversation_tally
  UNION ALL SELECT c.status, c.assignee_id, c.team_id, -1, -(${UNREAD}), 1 FROM conversation c INDEXED BY conversation_snoozed
    LEFT JOIN read_position r ON r.agent_id = +@agentId AND r.conversation_id = c.id WHERE c.snoozed_until > +@now AND c.status = 'active')`;
const IS_ACTIVE = "c.status = 'active'";
/** @param now relay time, ms. */
export function createConversationQueries(db: Database.Database, now: () => number) {
  const one = db.prepare(`SELECT ${SUMMARY_COLUMNS} FROM conversation c ${SUMMARY_JOINS} WHERE c.id = +@id`);
  const counts = db.prepare(
    `${TALLY} SELECT coalesce(sum(c.n) FILTER (WHERE ${IS_ACTIVE}), 0) AS active, coalesce(sum(c.unread) FILTER (WHERE ${IS_ACTIVE} AND ${MINE_TO_ANSWER}), 0) AS needsMe,
       coalesce(sum(c.n) FILTER (WHERE ${IS_ACTIVE} AND c.assignee_id = @agentId), 0) AS mine, coalesce(sum(c.n) FILTER (WHERE ${IS_ACTIVE} AND ${MY_TEAMS}), 0) AS myTeams,
       coalesce(sum(c.n) FILTER (WHERE ${IS_ACTIVE} AND c.assignee_id IS NULL), 0) AS unassigned, coalesce(sum(-c.n) FILTER (WHERE c.isAsleep), 0) AS snoozed,
       coalesce(sum(c.n) FILTER (WHERE c.status = 'archived'), 0) AS archived, coalesce(sum(c.n) FILTER (WHERE c.status = 'closed'), 0) AS closed
     FROM tally c`,
  );
  const countDrafts = db.prepare('SELECT count(*) FROM draft d CROSS JOIN conversation c ON c.id = d.conversation_id').pluck();
  const countTrouble = db.prepare(`SELECT count(*) FROM (${HELD_IDS} UNION ${FAILED_IDS})`).pluck();
  const countNeedsMe = db.prepare(`${TALLY} SELECT coalesce(sum(c.unread), 0) FROM tally c WHERE ${IS_ACTIVE} AND ${MINE_TO_ANSWER}`).pluck();
  const board = db.prepare(
    `SELECT c.assignee_id AS assigneeId, count(*) AS open, count(c.waiting_since) AS waiting, min(c.waiting_since) AS oldestWaitingSince, min(c.last_inbound_at) FILTER (WHERE c.last_inbound_at > @openSince) AS windowOpenedAt
     FROM conversation c WHERE c.status = 'active' AND ${AWAKE} GROUP BY c.assignee_id`,
  );
  const woken = db.prepare("SELECT id FROM conversation WHERE snoozed_until > ? AND snoozed_until <= ? AND status = 'active' ORDER BY snoozed_until").pluck();
  const others = db.prepare(
    `SELECT id, status, CASE WHEN last_message_at >= ${PENDING_SORT_AT} THEN (SELECT sent_at FROM message WHERE message.id = last_message_id) ELSE last_message_at END AS lastMessageAt FROM conversation WHERE contact_id = +? AND phone_number_id = +? AND id <> +? ORDER BY created_seq DESC`,
  );
  const activityColumns = 'a.op_id AS opId, a.type, a.outcome, a.actor_id AS actorId, g.name AS actorName, a.occurred_at AS occurredAt, a.seq, a.detail';
  const activity = db.prepare(
    `SELECT ${activityColumns} FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE a.conversation_id = +? AND ${TOLD} AND (a.type <> 'conversation.route' OR a.outcome = 'applied') ORDER BY a.seq DESC, a.op_id DESC LIMIT 100`,
  );
  // What the program does by itself is nobody's intent. A message is held until its author confirms or discards it, wherever they do; a confirmation that is held again says nothing new.
  // A request that somebody else had made already, under the id of another system, is told although nothing was refused.
  const conflictSource = `FROM activity a WHERE a.op_id IN (
      SELECT op_id FROM activity WHERE actor_id = +@agentId AND outcome IN ('superseded', 'held', 'forbidden', 'target_missing', 'partial')
      UNION ALL SELECT op_id FROM activity WHERE actor_id = +@agentId AND type = 'request.add' AND outcome = 'duplicate' AND json_extract(detail, '$.fields') IS NOT NULL
    ) AND a.device_id = +@deviceId
    AND a.type NOT IN ('read.advance', 'message.result', 'message.media', 'device.grant', 'key.admit', 'conversation.route', 'draft.claim', 'draft.propose', 'draft.edit', 'ai.run', 'ai.summary', 'ai.handoff', 'ai.budget', 'kb.part') AND json_extract(a.detail, '$.isByReply') IS NULL AND json_extract(a.detail, '$.isAutomatic') IS NOT 1
    AND (a.outcome <> 'held' OR (a.type IN ('message.queue', 'draft.approve') AND EXISTS (SELECT 1 FROM message m WHERE m.id = json_extract(a.detail, '$.messageId') AND m.hold = 'held')))
    AND NOT EXISTS (SELECT 1 FROM settled_conflict s WHERE s.op_id = a.op_id)`;
  const conflicts = db.prepare(
    `SELECT ${activityColumns}, a.conversation_id AS conversationId, ${PERSON_COLUMNS}
     FROM (SELECT * ${conflictSource} ORDER BY a.seq DESC, a.op_id DESC LIMIT ${CONFLICTS_MAX}) a
     LEFT JOIN agent g ON g.id = a.actor_id LEFT JOIN conversation c ON c.id = a.conversation_id LEFT JOIN contact p ON p.id = c.contact_id LEFT ${PERSON_JOIN} ORDER BY a.seq DESC, a.op_id DESC`,
  );
  const olderConflicts = db.prepare(`SELECT a.op_id ${conflictSource} AND (a.seq, a.op_id) < (SELECT seq, op_id FROM activity WHERE op_id = +@opId)`).pluck();
  const countConflicts = db.prepare(`SELECT count(*) ${conflictSource}`).pluck();
  const winner = db.prepare(
    `SELECT ${activityColumns} FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE a.conversation_id = +@conversationId AND ${TOLD} AND a.type = +@type AND a.outcome = 'applied' AND (a.seq, a.op_id) < (+@seq, +@opId) ORDER BY a.seq DESC, a.op_id DESC LIMIT 1`,
  );
  const requestOps = db.prepare(
    `SELECT ${activityColumns} FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE json_extract(a.detail, '$.requestId') = +@requestId AND a.type IN ('request.add', 'request.change', 'request.link', 'request.notify', 'request.dismiss')
       AND a.outcome IN ('applied', 'partial') AND (a.seq, a.op_id) < (+@seq, +@opId) ORDER BY a.seq DESC, a.op_id DESC LIMIT 50`,
  );
  const answerOfOthers = db.prepare(
    `SELECT m.actor_id AS actorId, g.name AS actorName, m.sent_at AS occurredAt, '{}' AS detail FROM message m LEFT JOIN agent g ON g.id = m.actor_id
     WHERE m.contact_id = (SELECT contact_id FROM conversation WHERE id = @conversationId) AND m.conversation_id = @conversationId AND m.direction = 'out' AND m.target_wamid IS NULL AND m.hold IS NULL AND m.actor_id IS NOT +@agentId AND m.seq < @seq
     ORDER BY m.sort_at DESC, m.seq DESC LIMIT 1`,
  );

  return {
    find: (id: string, agentId: string) => one.get({ id, agentId }) as SummaryView | undefined,
    /** @param agentId of this desktop: what others have read is not tallied. */
    counts: (agentId: string): Counts => ({
      ...(counts.get({ agentId, now: now() }) as Omit<Counts, 'drafts' | 'trouble'>),
      drafts: countDrafts.get() as number,
      trouble: countTrouble.get({ agentId }) as number,
    }),
    /** Active conversations with unread messages that the agent has to answer. */
    countNeedsMe: (agentId: string) => countNeedsMe.get({ agentId, now: now() }) as number,
    /** By assignee; `windowOpenedAt`: the oldest last message whose service window is still open (after `openSince`, ms). */
    board: (openSince: number) => board.all({ now: now(), openSince }) as BoardView[],
    /** Conversations whose snooze ended within (after, until]. */
    listWoken: (after: number, until: number) => woken.all(after, until) as string[],
    listOthers: (row: Pick<SummaryView, 'contactId' | 'phoneNumberId' | 'id'>) =>
      others.all(row.contactId, row.phoneNumberId, row.id) as { id: string; status: ConversationStatus; lastMessageAt: number }[],
    listActivity: (id: string) => activity.all(id) as ActivityView[],
    /** Own ops of this desktop that did not come about as meant and are not settled, newest first. */
    listConflicts: (agentId: string, deviceId: string) => conflicts.all({ agentId, deviceId }) as ConflictView[],
    /** Ids of those that stand below `opId` in the list, however long it is. */
    listOlderConflicts: (agentId: string, deviceId: string, opId: string) => olderConflicts.all({ agentId, deviceId, opId }) as string[],
    countConflicts: (agentId: string, deviceId: string) => countConflicts.get({ agentId, deviceId }) as number,
    /** The last op of a type that applied to a conversation before another one. */
    findWinner: (conversationId: string, type: string, before: { seq: number; opId: string }) => winner.get({ conversationId, type, ...before }) as ActivityView | undefined,
    /** What was done to a service request before another op, newest first. */
    listRequestOps: (requestId: string, before: { seq: number; opId: string }) => requestOps.all({ requestId, ...before }) as ActivityView[],
    /** The last message to the customer before `seq` that is not this agent's. Its author is null if another tool sent it. */
    findAnswerOfOthers: (conversationId: string, agentId: string, seq: number) => answerOfOthers.get({ conversationId, agentId, seq }) as AnswerView | undefined,
  };
}
export type ConversationQueries = ReturnType<typeof createConversationQueries>;
