/**
 * The knowledge base: articles and files that the team shares, ways to ask for them, and what is found in them. Invariants: what is
 * recorded here is an op like any other, so rights and conflicts are judged in the log; whatever is read from a file was read by a
 * process of its own; a passage opens in the revision that it was cited from.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KbArticle, KbArticleDetails, KbPendingQuestion } from '../../../../contract/ai/ai-views.ts';
import { kbGapSchema, kbHitSchema, kbStatusSchema, kbUploadSchema } from '../../../../contract/ai/ai-views.ts';
import type { KbLanguage, KbState } from '../../../../contract/ai/ai-words.ts';
import { AppError } from '../../../../contract/app-error.ts';
import { parseJson } from '../../../../contract/json.ts';
import { KB_MAX } from '../../../../contract/limits.ts';
import type { Log } from '../../../../contract/log.ts';
import { findWords, foldText } from '../../../../contract/rules/fold-text.ts';
import { safeFilename } from '../../../../contract/rules/safe-filename.ts';
import type { OpArgs } from '../../../../contract/ops/op.ts';
import { judgeLocal, type OpVerdict } from '../../conversations/triage.ts';
import { viewAgent } from '../../conversations/views.ts';
import type { KnowledgeIndexQueries } from '../../db/knowledge-index-queries.ts';
import type { ArticleView, KnowledgeQueries } from '../../db/knowledge-queries.ts';
import type { SettingQueries } from '../../db/setting-queries.ts';
import type { EnginePorts, Ids } from '../../ports.ts';
import { makeSnippet } from '../../search/snippets.ts';
import type { Replica } from '../../sync/replica.ts';
import { createLanguageDetector } from '../language.ts';
import { pickQuestion } from './asked-question.ts';
import { groupAlike } from './alike-questions.ts';
import { chunkArticle, passageIdOf } from './chunk-article.ts';
import { createFileReader } from './file-reading.ts';
import { createFileStaging } from './file-staging.ts';
import { createKnowledgeIndex, type SearchedArticle } from './knowledge-index.ts';
import type { FileKind } from './reading/file-kinds.ts';
import { createRetrieval, type FoundPassage } from './retrieve.ts';
import { createStems } from './stems.ts';
import { tidyText } from './tidy-text.ts';
import { createVectorSearch, type Embed } from './vector-search.ts';

/** Another number makes every desktop build its index anew: when passages, stems or what is kept of them change. */
const INDEX_VERSION = 1;
const CITED_MS = 30 * 24 * 60 * 60 * 1000;
const GAPS_MAX = 500;
const DEFAULT_LANGUAGE: KbLanguage = 'es';

const MIME_TYPES: Record<FileKind, string> = {
  md: 'text/markdown',
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};
const sourceSchema = z.object({ filename: z.string(), mimeType: z.string(), bytes: z.number(), sha256: z.string() });

type Upload = z.infer<typeof kbUploadSchema>;
type Revision = Pick<OpArgs<'kb.save'>, 'kind' | 'title' | 'language' | 'folder' | 'source' | 'draftId'> & { articleId: string | null; from: string | null; text: string };

type ArticleChange = {
  articleId: string;
  revisionId?: string | undefined;
  changes: Omit<OpArgs<'kb.change'>['changes'], 'mayAutoAnswer'> & { mayAutoAnswer?: { from: boolean; to: boolean } | undefined };
};

type Deps = {
  queries: KnowledgeQueries;
  index: KnowledgeIndexQueries;
  settings: SettingQueries;
  replica: Replica;
  ids: Ids;
  readFile: EnginePorts['readFile'];
  /** Null: no embeddings at the moment. */
  readEmbed: () => Embed | null;
  /** One immediate transaction of local tables. */
  transact: (work: () => void) => void;
  isBusy: () => boolean;
  /** The index went on. */
  onProgress: () => void;
  now: () => number;
  myId: () => string;
  log: Log;
};
export type Knowledge = ReturnType<typeof createKnowledge>;

export function createKnowledge({ queries, index: indexQueries, settings, replica, ids, readFile, readEmbed, transact, isBusy, onProgress, now, myId, log }: Deps) {
  const stems = createStems();
  const languages = createLanguageDetector();
  const staging = createFileStaging({ ids, now });
  const reader = createFileReader({ readFile });
  const source = {
    findArticle: (articleId: string): SearchedArticle | null => {
      const row = replica.state.get('kb_article', [articleId]);
      if (row?.state !== 'approved') return null;
      return {
        articleId,
        revisionId: row.revision_id,
        title: row.title,
        language: row.language,
        questions: queries.listAsked(articleId),
        mayAutoAnswer: row.may_auto_answer === 1,
        readText: () => queries.readText(articleId, row.revision_id),
      };
    },
  };
  const index = createKnowledgeIndex({
    queries: indexQueries,
    source,
    stems,
    languages,
    transact,
    isBusy,
    onProgress: () => {
      onProgress();
      if (indexQueries.countTodo(1) === 0) void vectors.makeMissing();
    },
    log,
  });
  const vectors = createVectorSearch({ queries: indexQueries, transact, readEmbed, indexVersion: index.version, now, log });
  const { retrieve } = createRetrieval({ queries: indexQueries, source, index, stems, vectors });

  const viewArticle = (row: ArticleView, citations: ReadonlyMap<string, number>): KbArticle => {
    const file = sourceSchema.safeParse(parseJson(row.source ?? 'null'));
    return {
      articleId: row.id,
      kind: row.kind,
      state: row.state,
      title: row.title,
      language: row.language,
      folder: row.folder,
      source: file.success ? { filename: file.data.filename, mimeType: file.data.mimeType, bytes: file.data.bytes } : null,
      revisionId: row.revision_id,
      revisionNo: row.revision_no,
      mayAutoAnswer: row.may_auto_answer === 1,
      updatedBy: viewAgent(row.updated_by, row.updatedByName, myId()),
      updatedAt: row.updated_at,
      questions: row.questions,
      pendingQuestions: row.pendingQuestions,
      draftId: row.draft_id,
      conversationId: row.conversationId,
      citations: citations.get(row.id) ?? 0,
    };
  };
  const findArticle = (articleId: string): ArticleView => {
    const row = queries.find(articleId);
    if (!row) throw new AppError('NOT_FOUND', `no article ${articleId}`);
    return row;
  };
  const readCitations = (): ReadonlyMap<string, number> => queries.countCitations(now() - CITED_MS);

  /** Parts and the op that makes them count, all or none. */
  const saveRevision = ({ articleId: given, text, ...revision }: Revision): OpVerdict & { articleId: string } => {
    const articleId = given ?? ids.next();
    const revisionId = ids.next();
    const parts = splitParts(text);
    if (parts.length > KB_MAX.parts) throw new AppError('INVALID_INPUT', 'text: too long');
    return replica.transact(() => {
      parts.forEach((part, no) => replica.applyLocal({ type: 'kb.part', args: { articleId, revisionId, no, text: part } }));
      const verdict = judgeLocal(replica, { type: 'kb.save', args: { articleId, revisionId, parts: parts.length, ...revision } });
      // Parts that nothing will count are not worth their way through the log.
      if (verdict.outcome === 'superseded') throw new AppError('CHANGED_MEANWHILE');
      if (verdict.outcome !== 'applied') throw new AppError('FORBIDDEN', verdict.outcome);
      return { ...verdict, articleId };
    });
  };

  const listAlikeGaps = () =>
    groupAlike(
      queries.listOpenGaps(GAPS_MAX).map((gap) => ({ ...gap, question: pickQuestion(gap.question) })),
      stems,
      DEFAULT_LANGUAGE,
    );

  const readUpload = async (uploadId: string): Promise<Upload> => {
    const { path, bytes } = staging.take(uploadId);
    const filename = safeFilename(path) ?? 'documento';
    const folder = folderOf(path);
    const answer = (rest: Pick<Upload, 'state'> & Partial<Upload>): Upload => ({ uploadId, filename, problem: null, articleId: null, isKnown: false, ...rest });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const known = queries.findWithBytes(sha256);
    if (known !== undefined) return answer({ state: 'done', articleId: known, isKnown: true });
    const size = bytes.length;
    const reading = await reader.read(filename, bytes);
    if (reading.status === 'failed') return answer({ state: 'failed', problem: reading.problem });
    const before = queries.findOfFile(folder, filename);
    const { articleId } = saveRevision({
      articleId: before?.id ?? null,
      from: before?.revision_id ?? null,
      kind: 'file',
      title: before?.title ?? reading.title,
      language: before?.language ?? languages.detectText(reading.text, DEFAULT_LANGUAGE),
      folder,
      source: { filename, mimeType: MIME_TYPES[reading.kind], sha256, bytes: size },
      draftId: null,
      text: reading.text,
    });
    return answer({ state: 'done', articleId });
  };

  return {
    /** The passages that answer a question; none: the knowledge base does not say. `language`: of the question, null where nobody knows. */
    retrieve,
    detectLanguage: languages.detectLanguage,
    /** Log position of the newest change: what a draft rests on. */
    readRev: queries.readRev,

    status: (): z.infer<typeof kbStatusSchema> => {
      const model = readEmbed()?.model ?? null;
      const passages = indexQueries.countPassages();
      return {
        ...queries.count(),
        gaps: listAlikeGaps().length,
        passages,
        isIndexing: indexQueries.countTodo(1) > 0,
        embeddings: { isOn: model !== null, done: model === null ? 0 : indexQueries.countVectors(model), of: model === null ? 0 : passages },
      };
    },
    /** By folder and title. `search`: part of title, folder or file name. */
    list: ({ state, search }: { state?: KbState | undefined; search: string }): KbArticle[] => {
      const citations = readCitations();
      const wanted = foldText(search.trim());
      return queries
        .list(state ?? null)
        .map((row) => viewArticle(row, citations))
        .filter(({ title, folder, source: file }) => foldText(`${title} ${folder} ${file?.filename ?? ''}`).includes(wanted));
    },
    get: ({ articleId, revisionId, passageId }: { articleId: string; revisionId?: string | undefined; passageId?: string | undefined }): KbArticleDetails => {
      const row = findArticle(articleId);
      const shown = revisionId ?? row.revision_id;
      const text = queries.readText(articleId, shown);
      if (text === '') throw new AppError('NOT_FOUND', 'this revision is not kept any more');
      const cited = passageId === undefined ? undefined : chunkArticle({ title: row.title, text }).find(({ no }) => passageIdOf(articleId, shown, no) === passageId);
      return {
        ...viewArticle(row, readCitations()),
        text,
        shownRevisionId: shown,
        revisions: queries.listRevisions(articleId).map((revision) => ({ ...revision, at: revision.revisionId === row.revision_id ? row.updated_at : null })),
        questionList: queries.listQuestions(articleId).map(({ by, byName, ...question }) => ({ ...question, by: viewAgent(by, byName, myId()) })),
        passage: cited ? { start: cited.start, end: cited.end } : null,
      };
    },
    search: async ({ text, limit }: { text: string; limit: number }): Promise<{ hits: z.infer<typeof kbHitSchema>[]; isAnswerable: boolean }> => {
      const language = languages.detectLanguage([text], DEFAULT_LANGUAGE);
      const { passages, isAnswerable, terms } = await retrieve({ text, language: language.isSure ? language.code : null, limit, isLenient: true });
      const snippetOf = (passage: FoundPassage) => {
        const words = new Set(findWords(passage.text).map(({ word }) => word));
        return makeSnippet(
          passage.text,
          [...words].filter((word) => terms.has(stems.stemOf(word, passage.language))).map((word) => ({ text: word, isPrefix: false })),
        );
      };
      return {
        hits: passages.map((passage) => ({
          passageId: passage.passageId,
          articleId: passage.articleId,
          revisionId: passage.revisionId,
          title: passage.title,
          heading: passage.headings.join(' › '),
          snippet: snippetOf(passage),
          score: passage.score,
          language: passage.language,
          mayAutoAnswer: passage.mayAutoAnswer,
        })),
        isAnswerable,
      };
    },

    save: ({ articleId, from, text, ...input }: { articleId: string | null; from: string | null; title: string; language: KbLanguage; folder: string; text: string; draftId: string | null }) => {
      const body = tidyText(text);
      if (body === '') throw new AppError('INVALID_INPUT', 'text: is empty');
      const known = articleId === null ? null : findArticle(articleId);
      // What a person rewrites stays the article of its file, so that a newer file becomes its next revision.
      const file = sourceSchema.safeParse(parseJson(known?.source ?? 'null'));
      return saveRevision({ ...input, articleId, from, text: body, kind: known?.kind ?? 'article', source: file.success ? file.data : null });
    },
    change: ({ articleId, revisionId, changes: { mayAutoAnswer, ...changes } }: ArticleChange): OpVerdict =>
      judgeLocal(replica, {
        type: 'kb.change',
        args: {
          articleId,
          revisionId: revisionId ?? findArticle(articleId).revision_id,
          changes: { ...changes, ...(mayAutoAnswer ? { mayAutoAnswer: { from: toFlag(mayAutoAnswer.from), to: toFlag(mayAutoAnswer.to) } } : {}) },
        },
      }),
    addQuestion: (input: Omit<OpArgs<'kb.question'>, 'questionId'>): OpVerdict => judgeLocal(replica, { type: 'kb.question', args: { questionId: ids.next(), ...input } }),
    pendingQuestions: (): KbPendingQuestion[] => queries.listPendingQuestions().map(({ by, byName, ...question }) => ({ ...question, by: viewAgent(by, byName, myId()) })),
    decideQuestion: (args: OpArgs<'kb.decide'>): OpVerdict => judgeLocal(replica, { type: 'kb.decide', args }),

    beginFile: staging.begin,
    addFileChunk: staging.add,
    finishFile: ({ uploadId }: { uploadId: string }): Promise<Upload> => readUpload(uploadId),
    cancelFile: ({ uploadId }: { uploadId: string }): void => staging.cancel(uploadId),

    gaps: (): z.infer<typeof kbGapSchema>[] =>
      listAlikeGaps().flatMap(([newest, ...others]) =>
        newest ? [{ runId: newest.run_id, question: newest.question, count: others.length + 1, conversationId: newest.conversation_id, at: newest.at }] : [],
      ),
    /** With all that ask for the same. */
    closeGap: ({ runId, articleId }: { runId: string; articleId: string | null }): OpVerdict => {
      const alike = listAlikeGaps().find((group) => group.some((gap) => gap.run_id === runId)) ?? [];
      return replica.transact(() => {
        const verdict = judgeLocal(replica, { type: 'gap.close', args: { runId, articleId } });
        for (const gap of alike) if (gap.run_id !== runId) replica.applyLocal({ type: 'gap.close', args: { runId: gap.run_id, articleId } });
        return verdict;
      });
    },

    start: (): void => {
      if (settings.read('knowledge-index', z.number()) !== INDEX_VERSION) {
        transact(() => {
          indexQueries.startAnew(queries.listApproved());
          settings.write('knowledge-index', INDEX_VERSION);
        });
      }
      index.nudge();
    },
    /** There may be a provider of embeddings now, or another one. */
    makeVectors: vectors.makeMissing,
    /** Rows may have changed. */
    look: (): void => index.nudge(),
    stop: async (): Promise<void> => {
      index.stop();
      reader.stop();
      await vectors.stop();
    },
  };
}

const toFlag = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** Folders of a path as it was dropped, without what leads elsewhere. */
function folderOf(path: string): string {
  const folders = path.split(/[/\\]/).slice(0, -1);
  return folders
    .flatMap((folder) => safeFilename(folder) ?? [])
    .join('/')
    .slice(0, KB_MAX.folder)
    .trim();
}

/** Pieces that travel in one op each, cut at a line where there is one. */
function splitParts(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + KB_MAX.partText);
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end - 1) + 1;
      if (line > at + KB_MAX.partText / 2) end = line;
      // Half a character is none.
      else if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
    }
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}
