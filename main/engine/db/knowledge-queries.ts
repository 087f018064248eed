/** Reads the knowledge base's synced rows: articles with their parts, questions, and what nobody could answer. */
import type Database from 'better-sqlite3';
import type { KbLanguage, KbState } from '../../../contract/ai/ai-words.ts';
import type { KbArticleRow, KbGapRow } from '../../../contract/state.ts';

export type ArticleView = KbArticleRow & { updatedByName: string | null; questions: number; pendingQuestions: number; conversationId: string | null };
export type QuestionView = {
  questionId: string;
  text: string;
  language: KbLanguage;
  state: 'pending' | 'approved';
  by: string;
  byName: string | null;
  draftId: string | null;
  conversationId: string | null;
};
export type PendingQuestionView = QuestionView & { articleId: string; title: string };
export type KnowledgeCounts = { approved: number; pending: number; pendingQuestions: number };

export function createKnowledgeQueries(db: Database.Database) {
  const columns = `a.*, g.name AS updatedByName,
    (SELECT count(*) FROM kb_question q WHERE q.article_id = a.id AND q.state = 'approved') AS questions,
    (SELECT count(*) FROM kb_question q WHERE q.article_id = a.id AND q.state = 'pending') AS pendingQuestions,
    (SELECT d.conversation_id FROM ai_draft d WHERE d.id = a.draft_id) AS conversationId`;
  const list = db.prepare(`SELECT ${columns} FROM kb_article a LEFT JOIN agent g ON g.id = a.updated_by WHERE @state IS NULL OR a.state = @state ORDER BY a.folder, a.title, a.id`);
  const find = db.prepare(`SELECT ${columns} FROM kb_article a LEFT JOIN agent g ON g.id = a.updated_by WHERE a.id = ?`);
  const approved = db.prepare("SELECT id FROM kb_article WHERE state = 'approved'").pluck();
  const parts = db.prepare('SELECT text FROM kb_part WHERE article_id = ? AND revision_id = ? ORDER BY no').pluck();
  const revisions = db.prepare('SELECT revision_id AS revisionId, max(revision_no) AS revisionNo FROM kb_part WHERE article_id = ? AND revision_no > 0 GROUP BY revision_id ORDER BY revisionNo DESC');
  const questionColumns = `q.id AS questionId, q.text, q.language, q.state, q.by, g.name AS byName, q.draft_id AS draftId,
    (SELECT d.conversation_id FROM ai_draft d WHERE d.id = q.draft_id) AS conversationId`;
  const questions = db.prepare(`SELECT ${questionColumns} FROM kb_question q LEFT JOIN agent g ON g.id = q.by WHERE q.article_id = ? ORDER BY q.at, q.id`);
  const pendingQuestions = db.prepare(
    `SELECT ${questionColumns}, q.article_id AS articleId, a.title FROM kb_question q JOIN kb_article a ON a.id = q.article_id LEFT JOIN agent g ON g.id = q.by
     WHERE q.state = 'pending' ORDER BY q.at, q.id`,
  );
  const asked = db.prepare("SELECT text FROM kb_question WHERE article_id = ? AND state = 'approved' ORDER BY at, id").pluck();
  const ofFile = db.prepare("SELECT * FROM kb_article WHERE kind = 'file' AND folder = ? AND json_extract(source, '$.filename') = ? ORDER BY created_at, id LIMIT 1");
  const withBytes = db.prepare("SELECT id FROM kb_article WHERE state <> 'retired' AND json_extract(source, '$.sha256') = ? ORDER BY created_at, id LIMIT 1").pluck();
  const counts = db.prepare(
    `SELECT (SELECT count(*) FROM kb_article WHERE state = 'approved') AS approved, (SELECT count(*) FROM kb_article WHERE state = 'pending') AS pending,
       (SELECT count(*) FROM kb_question WHERE state = 'pending') AS pendingQuestions`,
  );
  const openGaps = db.prepare("SELECT * FROM kb_gap WHERE state = 'open' AND question <> '' ORDER BY at DESC, run_id DESC LIMIT +?");
  // What leaves with a draft rests on the passages that its sentences name.
  const citations = db.prepare(
    `SELECT json_extract(f.value, '$.ref.articleId') AS articleId, count(DISTINCT d.id) AS count FROM ai_draft d, json_each(d.body, '$.facts') f
     WHERE d.at >= ? AND d.state = 'approved' AND json_extract(f.value, '$.ref.kind') = 'knowledge' GROUP BY 1`,
  );
  const rev = db.prepare('SELECT coalesce(max(updated_seq), 0) FROM kb_article').pluck();

  return {
    list: (state: KbState | null) => list.all({ state }) as ArticleView[],
    find: (articleId: string) => find.get(articleId) as ArticleView | undefined,
    listApproved: () => approved.all() as string[],
    /** Empty: this revision is not kept any more. */
    readText: (articleId: string, revisionId: string) => (parts.all(articleId, revisionId) as string[]).join(''),
    /** Newest first. */
    listRevisions: (articleId: string) => revisions.all(articleId) as { revisionId: string; revisionNo: number }[],
    listQuestions: (articleId: string) => questions.all(articleId) as QuestionView[],
    /** Oldest first. */
    listPendingQuestions: () => pendingQuestions.all() as PendingQuestionView[],
    listAsked: (articleId: string) => asked.all(articleId) as string[],
    /** The article that a file of this name in this folder became. */
    findOfFile: (folder: string, filename: string) => ofFile.get(folder, filename) as KbArticleRow | undefined,
    findWithBytes: (sha256: string) => withBytes.get(sha256) as string | undefined,
    count: () => counts.get() as KnowledgeCounts,
    /** Newest first. */
    listOpenGaps: (limit: number) => openGaps.all(limit) as KbGapRow[],
    /** In how many answers that left since then each article was cited. */
    countCitations: (since: number) => new Map((citations.all(since) as { articleId: string; count: number }[]).map(({ articleId, count }) => [articleId, count])),
    /** Log position of the newest change of an article. */
    readRev: () => rev.get() as number,
  };
}
export type KnowledgeQueries = ReturnType<typeof createKnowledgeQueries>;
