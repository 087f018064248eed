/**
 * Keeps the index of the knowledge base behind its articles by a moment, in small transactions when nothing else is going on. What
 * waits is in the database (`kb_todo`). Invariant: an article is dropped from the todo list in the transaction that completes it, so
 * whatever happens in between is done again, and passages that are there already are kept by the hash of what they say.
 */
import { errorText, type Log } from '../../../../contract/log.ts';
import { findWords } from '../../../../contract/rules/fold-text.ts';
import type { KbLanguage } from '../../../../contract/ai/ai-words.ts';
import type { KnowledgeIndexQueries, PassageRow } from '../../db/knowledge-index-queries.ts';
import type { LanguageDetector } from '../language.ts';
import { chunkArticle, contentHash, passageIdOf, type Chunk } from './chunk-article.ts';
import { listVariants, NEAR_LETTERS } from './near-words.ts';
import type { Stems } from './stems.ts';

/** Passages in one go: some tens of milliseconds. */
const PIECE = 40;
/** Passages that are told their language in one go: as long. */
const PREPARED = 400;
/** The rest after a change, in which more may come. */
const QUIET_MS = 40;
/** Between two goes, for whoever waits. */
const PAUSE_MS = 5;
/** While the desktop catches up with the log, that comes first. */
const BUSY_MS = 500;
/** What a question may have to wait for: articles, each at most a piece. */
const AT_ONCE = 10;

/** An article as it is searched. Only approved ones, with approved questions. */
export type SearchedArticle = {
  articleId: string;
  revisionId: string;
  title: string;
  language: KbLanguage;
  /** Other ways to ask for it. */
  questions: string[];
  mayAutoAnswer: boolean;
  readText: () => string;
};
export type KnowledgeSource = {
  /** Null: there is none, or it is not to be found. */
  findArticle: (articleId: string) => SearchedArticle | null;
};

type Deps = {
  queries: KnowledgeIndexQueries;
  source: KnowledgeSource;
  stems: Stems;
  languages: LanguageDetector;
  /** One immediate transaction. */
  transact: (work: () => void) => void;
  /** The log is being read: everything else waits. */
  isBusy: () => boolean;
  /** An article more is in the index as it is now. */
  onProgress: () => void;
  log: Log;
};

type Passage = Chunk & { hash: string; language: KbLanguage };

export type KnowledgeIndex = ReturnType<typeof createKnowledgeIndex>;

export function createKnowledgeIndex({ queries, source, stems, languages, transact, isBusy, onProgress, log }: Deps) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let version = 0;
  /** Of the article that is being put in: it is cut once, not with every piece. */
  let cut: { key: string; chunks: Chunk[]; passages: Passage[] } | null = null;

  const hasMore = (): boolean => queries.countTodo(1) > 0;
  const schedule = (ms: number): void => {
    if (!isStopped) timer ??= setTimeout(work, ms);
  };
  const work = (): void => {
    timer = undefined;
    if (isStopped || !hasMore()) return;
    if (isBusy()) return schedule(BUSY_MS);
    // The next change tries again.
    if (!attempt()) return;
    if (hasMore()) schedule(PAUSE_MS);
  };
  /** False, and nothing is done: the disk may be full. */
  const attempt = (): boolean => {
    try {
      transact(doSome);
      onProgress();
      return true;
    } catch (error) {
      log('error', 'knowledge.not_indexed', { error: errorText(error) });
      return false;
    }
  };

  /** Null: not all of them are ready, go on with the next piece. */
  const passagesOf = (article: SearchedArticle): Passage[] | null => {
    const key = JSON.stringify([article.articleId, article.revisionId, article.title, article.language]);
    if (cut?.key !== key) cut = { key, chunks: chunkArticle({ title: article.title, text: article.readText() }), passages: [] };
    const { chunks, passages } = cut;
    for (const chunk of chunks.slice(passages.length, passages.length + PREPARED)) {
      const language = languages.detectText(chunk.text, article.language);
      passages.push({ ...chunk, language, hash: contentHash(chunk, article.title, language) });
    }
    return passages.length === chunks.length ? passages : null;
  };

  const learnWords = (text: string): void => {
    for (const { word } of findWords(text)) {
      if (word.length < NEAR_LETTERS.min || word.length > NEAR_LETTERS.max || /\d/.test(word) || !queries.addWord(word)) continue;
      for (const variant of listVariants(word)) queries.addNearWord(variant, word);
    }
  };
  const stemsOf = (text: string, language: KbLanguage): string => stems.listStems(text, language).join(' ');

  const addPassage = (article: SearchedArticle, passage: Passage): void => {
    const { no, start, end, headings, text, language, hash } = passage;
    queries.addPassage({
      passageId: passageIdOf(article.articleId, article.revisionId, no),
      articleId: article.articleId,
      revisionId: article.revisionId,
      no,
      start,
      end,
      headings: JSON.stringify(headings),
      text,
      language,
      hash,
      words: { headings: stemsOf([article.title, ...headings].join('\n'), language), body: stemsOf(text, language) },
    });
    learnWords(`${headings.join('\n')}\n${text}`);
  };

  const putAsked = (article: SearchedArticle): void => {
    const { language } = article;
    const asked = [{ text: article.title, language }, ...article.questions.map((text) => ({ text, language: languages.detectText(text, language) }))];
    queries.putArticle(article.articleId, {
      asked: asked.map((one) => stemsOf(one.text, one.language)).join(' '),
      small: asked.flatMap((one) => stems.listSmallWords(one.text, one.language)).join(' '),
    });
    learnWords(asked.map(({ text }) => text).join('\n'));
  };

  const doSome = (): void => {
    const articleId = queries.findTodo();
    if (articleId === undefined) return;
    version += 1;
    const article = source.findArticle(articleId);
    const before = new Map<string, PassageRow[]>();
    for (const row of queries.listPassages(articleId)) before.set(row.hash, [...(before.get(row.hash) ?? []), row]);
    if (!article) {
      for (const row of [...before.values()].flat()) queries.dropPassage(row.n);
      queries.dropArticle(articleId);
      queries.dropTodo(articleId);
      return;
    }
    const passages = passagesOf(article);
    if (passages === null) return;
    const missing: Passage[] = [];
    const kept: { n: number; passage: Passage }[] = [];
    for (const passage of passages) {
      const row = before.get(passage.hash)?.shift();
      if (row) kept.push({ n: row.n, passage });
      else missing.push(passage);
    }
    for (const passage of missing.slice(0, PIECE)) addPassage(article, passage);
    if (missing.length > PIECE) return;
    for (const { n, passage } of kept) {
      queries.movePassage({ n, passageId: passageIdOf(articleId, article.revisionId, passage.no), revisionId: article.revisionId, no: passage.no, start: passage.start, end: passage.end });
    }
    for (const row of [...before.values()].flat()) queries.dropPassage(row.n);
    putAsked(article);
    queries.dropTodo(articleId);
    cut = null;
  };

  return {
    /** Something was written. */
    nudge: () => schedule(QUIET_MS),
    /** Does what little is left to do now. @returns whether everything is in the index. */
    finishLittle: (): boolean => {
      for (let n = 0; n < AT_ONCE && hasMore(); n++) if (!attempt()) return false;
      if (hasMore()) schedule(PAUSE_MS);
      return !hasMore();
    },
    /** Another number after every change of the index. */
    version: () => version,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
