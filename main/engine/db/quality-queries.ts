/**
 * Statements over what became of drafts and what runs cost. Invariants: figures come from indexes and `draft_figure` alone, so 20,000 drafts and 100,000
 * runs are counted in milliseconds; `COUNTED` is the only place that says which drafts are in the shares: those that a person decided about, by
 * sending or by answering otherwise. What left by itself, fell with its conversation, or was overtaken says nothing of the draft.
 */
import type Database from 'better-sqlite3';
import { HEAVY_FROM } from '../../../contract/ai/edit-class.ts';
import { CHOSEN_DISCARD_REASONS, type EditClass, type RunPurpose } from '../../../contract/ai/ai-words.ts';
import type { AiDraftRow, AiReviewRow, AiRunRow } from '../../../contract/state.ts';

/** Ms, `from` included. */
export type Period = { from: number; to: number };
/** `agentId` null: everybody's. */
export type DraftFilter = Period & { agentId: string | null };
export type DraftPosition = { at: number; id: string };
export type ShareView = { agentId: string; topic: string; editClass: EditClass; count: number };
export type DecisionView = { conversationId: string; teamId: string | null; editClass: EditClass; count: number };
export type RunSums = { runs: number; costMicros: number; unpriced: number; input: number; output: number };
export type FigureTodo = Pick<AiDraftRow, 'id' | 'state' | 'body' | 'template' | 'message_id' | 'auto_state'> & {
  content: string | null;
  record: string | null;
  knownMessageId: string | null;
  knownShare: number | null;
};
export type FigureView = { share: number | null; topic: string | null };
export type ReviewCandidate = { id: string; decidedAt: number; isAutomatic: 0 | 1; hasWords: 0 | 1; verdict: 'good' | 'bad' | null; reviewedAt: number | null };
export type RunFilter = { from: number | null; to: number | null; conversationId: string | null; purpose: RunPurpose | null };

const REASONS = [...CHOSEN_DISCARD_REASONS, 'own_reply'].map((reason) => `'${reason}'`).join(', ');
const DECIDED = "d.state IN ('approved', 'discarded')";
const COUNTED = `${DECIDED} AND d.auto_state IS NOT 'sent' AND (d.state = 'approved' AND f.share IS NOT NULL OR d.state = 'discarded' AND d.reason IN (${REASONS}) AND d.decided_by IS NOT NULL)`;
const CLASS = `CASE WHEN d.state = 'discarded' THEN 'discarded' WHEN f.share = 0 THEN 'as_is' WHEN f.share < ${HEAVY_FROM} THEN 'light' ELSE 'heavy' END`;
const TOPIC = "coalesce((SELECT a.title FROM kb_article a WHERE a.id = f.article_id), '')";
const WITHIN = 'd.decided_at >= +@from AND d.decided_at < +@to AND (@agentId IS NULL OR d.decided_by = @agentId)';
const CORRECTED_WITHIN_MS = 24 * 60 * 60 * 1000;
/** A person answered after the automatic answer `d`: neither it nor what a request sent by itself. */
const CORRECTED = `EXISTS (
  SELECT 1 FROM message s JOIN message m ON m.contact_id = s.contact_id AND m.sort_at > s.sort_at AND m.sort_at <= s.sort_at + ${CORRECTED_WITHIN_MS}
  WHERE s.id = d.message_id AND m.conversation_id = d.conversation_id AND m.direction = 'out' AND m.hold IS NULL AND m.target_wamid IS NULL
    AND NOT EXISTS (SELECT 1 FROM ai_draft o WHERE o.message_id = m.id AND o.auto_state = 'sent') AND NOT EXISTS (SELECT 1 FROM request_event e WHERE e.message_id = m.id AND e.mode = 'auto'))`;
const USAGE = (part: 'input' | 'output'): string => `json_extract(record, '$.usage.${part}')`;
const SUMS = `count(*) AS runs, coalesce(sum(cost_micros), 0) AS costMicros, coalesce(sum(cost_micros IS NULL AND ${USAGE('input')} IS NOT NULL), 0) AS unpriced,
  coalesce(sum(${USAGE('input')}), 0) AS input, coalesce(sum(${USAGE('output')}), 0) AS output`;
const RUNS_WITHIN = 'FROM ai_run INDEXED BY ai_run_figures WHERE at >= +@from AND at < +@to';

export function createQualityQueries(db: Database.Database) {
  const todo = db.prepare(
    `SELECT d.id, d.state, d.body, d.template, d.message_id, d.auto_state, m.content, r.record, f.message_id AS knownMessageId, f.share AS knownShare
     FROM draft_figure_todo t JOIN ai_draft d ON d.id = t.draft_id LEFT JOIN message m ON m.id = d.message_id LEFT JOIN ai_run r ON r.id = d.run_id LEFT JOIN draft_figure f ON f.draft_id = d.id LIMIT +?`,
  );
  const putFigure = db.prepare(
    'INSERT INTO draft_figure (draft_id, message_id, share, article_id) VALUES (?, ?, ?, ?) ON CONFLICT (draft_id) DO UPDATE SET message_id = excluded.message_id, share = excluded.share, article_id = excluded.article_id',
  );
  const done = db.prepare('DELETE FROM draft_figure_todo WHERE draft_id = ?');
  const dropGone = db.prepare('DELETE FROM draft_figure_todo WHERE draft_id NOT IN (SELECT id FROM ai_draft)');
  const figure = db.prepare(`SELECT f.share, ${TOPIC} AS topic FROM draft_figure f WHERE f.draft_id = ?`);

  const shares = db.prepare(
    `SELECT d.decided_by AS agentId, ${TOPIC} AS topic, ${CLASS} AS editClass, count(*) AS count
     FROM ai_draft d INDEXED BY ai_draft_decided_at LEFT JOIN draft_figure f ON f.draft_id = d.id WHERE ${WITHIN} AND ${COUNTED} GROUP BY d.decided_by, f.article_id, editClass`,
  );
  const decisions = db.prepare(
    `SELECT d.conversation_id AS conversationId, c.team_id AS teamId, ${CLASS} AS editClass, count(*) AS count
     FROM ai_draft d INDEXED BY ai_draft_decided_at LEFT JOIN draft_figure f ON f.draft_id = d.id LEFT JOIN conversation c ON c.id = d.conversation_id
     WHERE ${WITHIN} AND ${COUNTED} GROUP BY d.conversation_id, editClass`,
  );
  const drafts = db.prepare(
    `SELECT d.id, d.decided_at AS at FROM ai_draft d INDEXED BY ai_draft_decided_at LEFT JOIN draft_figure f ON f.draft_id = d.id
     WHERE ${WITHIN} AND ${COUNTED} AND (@editClass IS NULL OR ${CLASS} = @editClass) AND (d.decided_at, d.id) < (+@afterAt, +@afterId) ORDER BY d.decided_at DESC, d.id DESC LIMIT +@limit`,
  );
  const decided = db.prepare(
    `SELECT d.id, d.decided_at AS at FROM ai_draft d INDEXED BY ai_draft_decided_at LEFT JOIN draft_figure f ON f.draft_id = d.id
     WHERE ${WITHIN} AND (${COUNTED} OR ${DECIDED} AND d.auto_state = 'sent') AND (d.decided_at, d.id) > (+@afterAt, +@afterId) ORDER BY d.decided_at, d.id LIMIT +@limit`,
  );
  const earliest = db
    .prepare(`SELECT min(at) FROM (SELECT min(decided_at) AS at FROM ai_draft d WHERE ${DECIDED} UNION ALL SELECT min(at) FROM ai_run UNION ALL SELECT min(at) FROM ai_review)`)
    .pluck();

  const automatic = db.prepare(
    `SELECT count(*) AS sent, coalesce(sum(${CORRECTED}), 0) AS corrected FROM ai_draft d INDEXED BY ai_draft_decided_at
     WHERE d.decided_at >= +@from AND d.decided_at < +@to AND ${DECIDED} AND d.state = 'approved' AND d.auto_state = 'sent'`,
  );
  const corrected = db.prepare(`SELECT ${CORRECTED} FROM ai_draft d WHERE d.id = ? AND d.auto_state = 'sent'`).pluck();
  const stopped = db.prepare("SELECT count(*) FROM ai_draft WHERE auto_state = 'stopped' AND at >= +@from AND at < +@to").pluck();
  const handedOff = db.prepare("SELECT count(*) FROM activity WHERE type = 'ai.handoff' AND outcome = 'applied' AND occurred_at >= +@from AND occurred_at < +@to").pluck();
  const shadow = db.prepare(
    `SELECT count(*) AS would, coalesce(sum(${CLASS} IN ('as_is', 'light')), 0) AS agreed FROM ai_run r INDEXED BY ai_run_shadow JOIN ai_draft d ON d.run_id = r.id LEFT JOIN draft_figure f ON f.draft_id = d.id
     WHERE r.at >= +@from AND r.at < +@to AND json_extract(r.record, '$.policy.isShadow') = 1 AND json_extract(r.record, '$.policy.maySend') = 1 AND ${COUNTED}`,
  );

  const candidates = db.prepare(
    `SELECT d.id, d.decided_at AS decidedAt, d.auto_state IS 'sent' AS isAutomatic, d.body <> '' AS hasWords, v.verdict, v.at AS reviewedAt
     FROM ai_draft d INDEXED BY ai_draft_decided_at LEFT JOIN ai_review v ON v.draft_id = d.id WHERE ${DECIDED} AND d.state = 'approved' AND (d.auto_state IS 'sent' OR d.decided_at >= +@since)`,
  );
  const reviews = db.prepare('SELECT verdict, reason, count(*) AS count FROM ai_review WHERE at >= +@from AND at < +@to GROUP BY verdict, reason');
  const reviewed = db.prepare('SELECT draft_id AS id, at FROM ai_review WHERE (at, draft_id) < (+@afterAt, +@afterId) ORDER BY at DESC, draft_id DESC LIMIT +@limit');
  const review = db.prepare('SELECT * FROM ai_review WHERE draft_id = ?');

  const sums = db.prepare(`SELECT ${SUMS} ${RUNS_WITHIN}`);
  const failures = db.prepare(`SELECT outcome AS class, count(*) AS count ${RUNS_WITHIN} AND outcome NOT IN ('ok', 'cancelled', 'superseded') GROUP BY outcome ORDER BY count(*) DESC, outcome`);
  const dearest = db.prepare(
    `SELECT conversation_id AS conversationId, ${SUMS} ${RUNS_WITHIN} GROUP BY conversation_id HAVING sum(cost_micros) > 0 ORDER BY sum(cost_micros) DESC, conversation_id LIMIT +@limit`,
  );

  // The index of the conversation is asked for by its column alone; the plus keeps the planner from it where none is given.
  const runPage = (isOfConversation: boolean): Database.Statement =>
    db.prepare(
      `SELECT * FROM ai_run WHERE ${isOfConversation ? 'conversation_id = +@conversationId' : '@conversationId IS NULL'} AND at >= +@from AND at < +@to AND (@purpose IS NULL OR +purpose = @purpose)
         AND (at, id) < (+@afterAt, +@afterId) ORDER BY at DESC, id DESC LIMIT +@limit`,
    );
  const [pageOfAll, pageOfConversation] = [runPage(false), runPage(true)];

  return {
    /** Decided drafts whose figures are to be counted. */
    listTodo: (limit: number) => todo.all(limit) as FigureTodo[],
    putFigure: (draftId: string, messageId: string | null, share: number | null, articleId: string | null) => {
      putFigure.run(draftId, messageId, share, articleId);
      done.run(draftId);
    },
    /** Notes of drafts that are not there any more: pending ones that were taken back. */
    forgetGone: () => void dropGone.run(),
    findFigure: (draftId: string) => figure.get(draftId) as FigureView | undefined,

    listShares: (filter: DraftFilter) => shares.all(filter) as ShareView[],
    /** The same by conversation, with the team that has it. */
    listDecisions: (filter: DraftFilter) => decisions.all(filter) as DecisionView[],
    /** Those that `listShares` counts, newest first. */
    listDrafts: (filter: DraftFilter, editClass: EditClass | null, after: DraftPosition, limit: number) =>
      drafts.all({ ...filter, editClass, afterAt: after.at, afterId: after.id, limit }) as DraftPosition[],
    /** Those and the automatic ones, oldest first. */
    listDecided: (filter: DraftFilter, after: DraftPosition, limit: number) => decided.all({ ...filter, afterAt: after.at, afterId: after.id, limit }) as DraftPosition[],
    /** When there first was something to count; null: nothing yet. */
    findEarliest: () => earliest.get() as number | null,

    countAutomatic: (period: Period) => automatic.get(period) as { sent: number; corrected: number },
    isCorrected: (draftId: string) => corrected.get(draftId) === 1,
    countStopped: (period: Period) => stopped.get(period) as number,
    countHandedOff: (period: Period) => handedOff.get(period) as number,
    /** Of those that a person decided about. */
    countShadow: (period: Period) => shadow.get(period) as { would: number; agreed: number },

    /** All automatic answers, and what people sent from `since` (ms) on. */
    listCandidates: (since: number) => candidates.all({ since }) as ReviewCandidate[],
    listReviewCounts: (period: Period) => reviews.all(period) as { verdict: 'good' | 'bad'; reason: string | null; count: number }[],
    listReviewed: (after: DraftPosition, limit: number) => reviewed.all({ afterAt: after.at, afterId: after.id, limit }) as DraftPosition[],
    findReview: (draftId: string) => review.get(draftId) as AiReviewRow | undefined,

    sumRuns: (period: Period) => sums.get(period) as RunSums,
    listFailures: (period: Period) => failures.all(period) as { class: string; count: number }[],
    /** Those that cost something, dearest first. */
    listDearest: (period: Period, limit: number) => dearest.all({ ...period, limit }) as (RunSums & { conversationId: string })[],

    /** Newest first. */
    listRuns: ({ from, to, conversationId, purpose }: RunFilter, after: DraftPosition, limit: number) =>
      (conversationId === null ? pageOfAll : pageOfConversation).all({
        from: from ?? Number.MIN_SAFE_INTEGER,
        to: to ?? Number.MAX_SAFE_INTEGER,
        conversationId,
        purpose,
        afterAt: after.at,
        afterId: after.id,
        limit,
      }) as AiRunRow[],
  };
}
export type QualityQueries = ReturnType<typeof createQualityQueries>;
