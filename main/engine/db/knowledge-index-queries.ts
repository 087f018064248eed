/**
 * The tables that the knowledge base is searched in. They belong to this desktop and can be made anew from the rows at any time.
 * Invariant: a passage and its words come and go together (`addPassage`, `dropPassage`), under the same number.
 * Source: https://sqlite.org/fts5.html, "Contentless-Delete Tables", "The bm25() function", "The fts5vocab Virtual Table Module".
 */
import type Database from 'better-sqlite3';

export type PassageRow = {
  n: number;
  passageId: string;
  articleId: string;
  revisionId: string;
  no: number;
  /** UTF-16 offsets in the revision's text. */
  start: number;
  end: number;
  /** JSON array, outermost first. */
  headings: string;
  text: string;
  language: string;
  hash: string;
};
export type NewPassage = Omit<PassageRow, 'n'> & { words: { headings: string; body: string } };
/** `score`: BM25, the higher the better. */
export type ScoredPassage = PassageRow & { score: number };

/** A heading says more about a passage than a word of it. */
const HEADING_WEIGHT = 2;
/** Words that every question has decide between articles that are alike otherwise. */
const SMALL_WORD_WEIGHT = 0.4;

/** Empties the index. The caller holds the transaction. */
export function eraseKnowledgeIndex(db: Database.Database): void {
  for (const table of ['kb_passage_words', 'kb_article_words']) db.exec(`INSERT INTO ${table} (${table}) VALUES ('delete-all')`);
  for (const table of ['kb_passage', 'kb_indexed', 'kb_word', 'kb_near_word', 'kb_todo']) db.exec(`DELETE FROM ${table}`);
}

export function createKnowledgeIndexQueries(db: Database.Database) {
  const columns = 'p.n, p.passage_id AS passageId, p.article_id AS articleId, p.revision_id AS revisionId, p.no, p.start, p."end", p.headings, p.text, p.language, p.hash';
  const addTodo = db.prepare('INSERT OR IGNORE INTO kb_todo (article_id) VALUES (?)');
  const nextTodo = db.prepare('SELECT article_id FROM kb_todo LIMIT 1').pluck();
  const countTodo = db.prepare('SELECT count(*) FROM (SELECT 1 FROM kb_todo LIMIT +?)').pluck();
  const dropTodo = db.prepare('DELETE FROM kb_todo WHERE article_id = ?');

  const numberOf = db.prepare('SELECT n FROM kb_indexed WHERE article_id = ?').pluck();
  const addIndexed = db.prepare('INSERT INTO kb_indexed (article_id) VALUES (?) RETURNING n').pluck();
  const dropIndexed = db.prepare('DELETE FROM kb_indexed WHERE n = ?');
  const putAsked = db.prepare('INSERT OR REPLACE INTO kb_article_words (rowid, asked, small) VALUES (?, ?, ?)');
  const dropAsked = db.prepare('DELETE FROM kb_article_words WHERE rowid = ?');

  const ofArticle = db.prepare(`SELECT ${columns} FROM kb_passage p WHERE p.article_id = ? ORDER BY p.no`);
  const byId = db.prepare(`SELECT ${columns} FROM kb_passage p WHERE p.passage_id = ?`);
  const add = db
    .prepare(
      `INSERT INTO kb_passage (passage_id, article_id, revision_id, no, start, "end", headings, text, language, hash)
       VALUES (@passageId, @articleId, @revisionId, @no, @start, @end, @headings, @text, @language, @hash) RETURNING n`,
    )
    .pluck();
  const addPassageWords = db.prepare('INSERT INTO kb_passage_words (rowid, headings, body) VALUES (?, ?, ?)');
  const move = db.prepare('UPDATE kb_passage SET passage_id = @passageId, revision_id = @revisionId, no = @no, start = @start, "end" = @end WHERE n = @n');
  const drop = db.prepare('DELETE FROM kb_passage WHERE n = ?');
  const dropPassageWords = db.prepare('DELETE FROM kb_passage_words WHERE rowid = ?');
  const languages = db.prepare('SELECT DISTINCT language FROM kb_passage').pluck();
  const countPassages = db.prepare('SELECT count(*) FROM kb_passage').pluck();

  const addWord = db.prepare('INSERT OR IGNORE INTO kb_word (word) VALUES (?)');
  const addNear = db.prepare('INSERT OR IGNORE INTO kb_near_word (variant, word) VALUES (?, ?)');
  const begun = db.prepare('SELECT word FROM kb_word WHERE word >= @from AND word < @to ORDER BY word LIMIT +@limit').pluck();
  const near = db.prepare('SELECT DISTINCT word FROM kb_near_word WHERE variant IN (SELECT value FROM json_each(?))').pluck();
  const passagesWith = db.prepare('SELECT doc FROM kb_passage_terms WHERE term = ?').pluck();
  const articlesWith = db.prepare("SELECT doc FROM kb_article_terms WHERE term = ? AND col = 'asked'").pluck();

  // The index is asked first and alone: joined to it, SQLite might begin with another table.
  const passages = db.prepare(
    `SELECT ${columns}, f.score FROM (SELECT rowid AS n, -bm25(kb_passage_words, ${HEADING_WEIGHT}, 1) AS score FROM kb_passage_words WHERE kb_passage_words MATCH ? ORDER BY score DESC LIMIT +?) f
     CROSS JOIN kb_passage p ON p.n = f.n ORDER BY f.score DESC, p.n`,
  );
  const articles = db.prepare(
    `SELECT i.article_id AS articleId, f.score FROM (SELECT rowid AS n, -bm25(kb_article_words, 1, ${SMALL_WORD_WEIGHT}) AS score FROM kb_article_words WHERE kb_article_words MATCH ? ORDER BY score DESC LIMIT +?) f
     CROSS JOIN kb_indexed i ON i.n = f.n ORDER BY f.score DESC, i.n`,
  );

  const withVector = db.prepare('SELECT p.n, p.hash FROM kb_passage p WHERE EXISTS (SELECT 1 FROM kb_vector v WHERE v.hash = p.hash AND v.model = ?) ORDER BY p.n');
  const vector = db.prepare('SELECT vector FROM kb_vector WHERE hash = ? AND model = ?').pluck();
  const withoutVector = db.prepare(
    `SELECT p.n, p.hash, p.headings, p.text FROM kb_passage p WHERE p.n > ? AND NOT EXISTS (SELECT 1 FROM kb_vector v WHERE v.hash = p.hash AND v.model = ?) ORDER BY p.n LIMIT +?`,
  );
  const putVector = db.prepare('INSERT OR REPLACE INTO kb_vector (hash, model, vector) VALUES (?, ?, ?)');
  const byNumber = db.prepare(`SELECT ${columns} FROM kb_passage p WHERE p.n = ?`);
  const countVectors = db.prepare('SELECT count(*) FROM kb_passage p JOIN kb_vector v ON v.hash = p.hash AND v.model = ?').pluck();
  const dropOldVectors = db.prepare('DELETE FROM kb_vector WHERE model <> ? OR NOT EXISTS (SELECT 1 FROM kb_passage p WHERE p.hash = kb_vector.hash)');

  return {
    addTodo: (articleId: string) => void addTodo.run(articleId),
    findTodo: () => nextTodo.get() as string | undefined,
    /** At most `limit`. */
    countTodo: (limit: number) => countTodo.get(limit) as number,
    dropTodo: (articleId: string) => void dropTodo.run(articleId),
    /** Empties the index. The caller holds the transaction and tells which articles there are. */
    startAnew: (articleIds: readonly string[]): void => {
      eraseKnowledgeIndex(db);
      for (const id of articleIds) addTodo.run(id);
    },

    /** In the order of the article. */
    listPassages: (articleId: string) => ofArticle.all(articleId) as PassageRow[],
    findPassage: (passageId: string) => byId.get(passageId) as PassageRow | undefined,
    addPassage: ({ words, ...passage }: NewPassage): void => {
      addPassageWords.run(add.get(passage), words.headings, words.body);
    },
    /** The same words at another place. */
    movePassage: (passage: Pick<PassageRow, 'n' | 'passageId' | 'revisionId' | 'no' | 'start' | 'end'>) => void move.run(passage),
    dropPassage: (n: number): void => {
      drop.run(n);
      dropPassageWords.run(n);
    },
    putArticle: (articleId: string, words: { asked: string; small: string }): void => {
      const n = (numberOf.get(articleId) as number | undefined) ?? (addIndexed.get(articleId) as number);
      putAsked.run(n, words.asked, words.small);
    },
    dropArticle: (articleId: string): void => {
      const n = numberOf.get(articleId) as number | undefined;
      if (n === undefined) return;
      dropAsked.run(n);
      dropIndexed.run(n);
    },
    listLanguages: () => languages.all() as string[],
    countPassages: () => countPassages.get() as number,

    /** @returns whether it is new. */
    addWord: (word: string): boolean => addWord.run(word).changes > 0,
    addNearWord: (variant: string, word: string) => void addNear.run(variant, word),
    /** Words that begin so. */
    listWordsFrom: (begin: string, limit: number) => begun.all({ from: begin, to: `${begin}\u{10ffff}`, limit }) as string[],
    listWordsNear: (variants: readonly string[]) => near.all(JSON.stringify(variants)) as string[],
    /** In how many passages and articles a stem is. */
    countTerm: (term: string) => ({ passages: (passagesWith.get(term) as number | undefined) ?? 0, articles: (articlesWith.get(term) as number | undefined) ?? 0 }),
    /** Best first. `match`: an FTS5 expression. */
    listByWords: (match: string, limit: number) => passages.all(match, limit) as ScoredPassage[],
    listArticlesByWords: (match: string, limit: number) => articles.all(match, limit) as { articleId: string; score: number }[],

    /** Passages that have a vector. */
    listWithVector: (model: string) => withVector.all(model) as { n: number; hash: string }[],
    findVector: (hash: string, model: string) => vector.get(hash, model) as Buffer | undefined,
    listWithoutVector: (model: string, after: number, limit: number) => withoutVector.all(after, model, limit) as { n: number; hash: string; headings: string; text: string }[],
    putVector: (hash: string, model: string, vector: Float32Array) => void putVector.run(hash, model, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)),
    /** Of how many passages there are vectors. */
    countVectors: (model: string) => countVectors.get(model) as number,
    findByNumber: (n: number) => byNumber.get(n) as PassageRow | undefined,
    dropOldVectors: (model: string) => void dropOldVectors.run(model),
  };
}
export type KnowledgeIndexQueries = ReturnType<typeof createKnowledgeIndexQueries>;
