/** A knowledge base of given articles: the real index in a real database of its own, without an engine around it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KbLanguage } from '../../contract/ai/ai-words.ts';
import { createKnowledgeIndex, type SearchedArticle } from '../../main/engine/ai/knowledge/knowledge-index.ts';
import { createRetrieval } from '../../main/engine/ai/knowledge/retrieve.ts';
import { createStems } from '../../main/engine/ai/knowledge/stems.ts';
import { createVectorSearch, type Embed } from '../../main/engine/ai/knowledge/vector-search.ts';
import { createLanguageDetector } from '../../main/engine/ai/language.ts';
import { createKnowledgeIndexQueries } from '../../main/engine/db/knowledge-index-queries.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';

/** `articleId`: its title, unless told. */
export type GivenArticle = { articleId?: string; revisionId?: string; title: string; language: KbLanguage; questions?: readonly string[]; mayAutoAnswer?: boolean; text: string };

export function createKnowledgeBase(articles: readonly GivenArticle[], embed: Embed | null = null) {
  const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-knowledge-'));
  const db = openDatabase(path.join(dir, 'bandeja.db'));
  const queries = createKnowledgeIndexQueries(db);
  const known = new Map<string, SearchedArticle>();
  const source = { findArticle: (articleId: string) => known.get(articleId) ?? null };
  const transact = (work: () => void): void => db.transaction(work).immediate();
  const stems = createStems();
  const languages = createLanguageDetector();
  const log = (level: string, event: string, fields?: Record<string, unknown>): void => {
    if (level === 'error') throw new Error(`${event} ${JSON.stringify(fields)}`);
  };
  const index = createKnowledgeIndex({ queries, source, stems, languages, transact, isBusy: () => false, onProgress: () => undefined, log });
  const vectors = embed && createVectorSearch({ queries, transact, readEmbed: () => embed, indexVersion: index.version, now: Date.now, log });
  /** Puts an article in, or another revision of it. */
  const put = ({ articleId, revisionId = '1', title, language, questions = [], mayAutoAnswer = false, text }: GivenArticle): void => {
    known.set(articleId ?? title, { articleId: articleId ?? title, revisionId, title, language, questions: [...questions], mayAutoAnswer, readText: () => text });
    queries.addTodo(articleId ?? title);
  };
  const finish = (): void => {
    while (!index.finishLittle());
  };
  db.transaction(() => articles.forEach(put))();
  finish();
  return {
    queries,
    languages,
    vectors,
    put,
    remove: (articleId: string): void => {
      known.delete(articleId);
      queries.addTodo(articleId);
    },
    /** Hides an article without telling the index. */
    hide: (articleId: string): void => void known.delete(articleId),
    finish,
    ...createRetrieval({ queries, source, index, stems, vectors }),
    close: (): void => {
      index.stop();
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type KnowledgeBase = ReturnType<typeof createKnowledgeBase>;
