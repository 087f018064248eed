/**
 * Finds the passages that answer a question. Words decide (BM25 over stems, with typing errors mended); embeddings, where there are
 * some, are fused in by their ranks (RRF). Invariants: nothing is found that is not approved as of now, whatever the index still
 * holds; what shares too little with the question is not found at all, so an empty answer means "the knowledge base does not say".
 */
import { KB_LANGUAGES, type KbLanguage } from '../../../../contract/ai/ai-words.ts';
import { findWords } from '../../../../contract/rules/fold-text.ts';
import type { KnowledgeIndexQueries, PassageRow } from '../../db/knowledge-index-queries.ts';
import type { KnowledgeIndex, KnowledgeSource, SearchedArticle } from './knowledge-index.ts';
import { isOneErrorApart, listVariants, NEAR_LETTERS } from './near-words.ts';
import type { Stems } from './stems.ts';
import type { KnownOfCustomer, VectorSearch } from './vector-search.ts';

/** Of a question; what is longer says the rest twice. */
const WORDS_MAX = 40;
const CHARS_MAX = 2_000;
const NEAR_MAX = 3;
/** Of an unfinished word: letters it needs, and words it may become. */
const PREFIX_MIN = 3;
const BEGUN_MAX = 20;
const CANDIDATES = 60;
/** A passage in the language of the question before the same in another one. */
const SAME_LANGUAGE = 1.25;
/** Beside the words of a passage: title and questions of its article. */
const ASKED_WEIGHT = 1;
/** A passage with a smaller share of the best one's score is not an answer. */
const SHARE_OF_TOP = 0.35;
/**
 * When the knowledge base answers a question: one of the best passages has at least two of its words (where it has two), and this share
 * of them by how much each tells, by how many they are. What is found nowhere counts too: it may be what the question is about.
 * Measured by `npm run eval`: fewer false answers cost true ones.
 */
const isEnough = ({ coverage, count }: Judged, termCount: number): boolean => count >= Math.min(2, termCount) && coverage >= (count <= 2 ? 0.42 : count === 3 ? 0.25 : 0.15);
const JUDGED = 5;
/** A word that is nowhere in the knowledge base, and one that was mended, count by so much of what they would. */
const UNKNOWN_WEIGHT = 0.75;
const MENDED_WEIGHT = 0.8;
/** Reciprocal rank fusion: Cormack, Clarke, Büttcher, SIGIR 2009. */
const RRF_K = 60;

const GREETING = /\bbuen[oa]s?\s+(?:d[ií]as?|tardes?|noches?)\b|\bgood\s+(?:morning|afternoon|evening|day)\b|\b(?:bom\s+dia|boa\s+(?:tarde|noite))\b/giu;

export type FoundPassage = {
  passageId: string;
  articleId: string;
  revisionId: string;
  title: string;
  /** Outermost first, without the title. */
  headings: string[];
  text: string;
  language: KbLanguage;
  /** To order by; figures of different questions cannot be compared. */
  score: number;
  /** 0 to 1: how much of the question its words cover. */
  coverage: number;
  /** From 1. */
  rank: number;
  mayAutoAnswer: boolean;
  /** Where it stands in the text of that revision, UTF-16 offsets. */
  start: number;
  end: number;
};
/** `terms`: stems that were looked for, to mark them. */
export type Retrieved = { passages: FoundPassage[]; isAnswerable: boolean; terms: ReadonlySet<string> };

/** `stems` empty: it is nowhere in the knowledge base. */
type Term = { stems: string[]; weight: number };
type Judged = { coverage: number; count: number };
type Candidate = { row: PassageRow; article: SearchedArticle; score: number };

type Deps = {
  queries: KnowledgeIndexQueries;
  source: KnowledgeSource;
  index: Pick<KnowledgeIndex, 'finishLittle'>;
  stems: Stems;
  /** Null: no embeddings. */
  vectors: VectorSearch | null;
};

export type Retrieval = ReturnType<typeof createRetrieval>;

export function createRetrieval({ queries, source, index, stems, vectors }: Deps) {
  const inIndex = (stem: string): number => {
    const { passages, articles } = queries.countTerm(stem);
    return passages + articles;
  };
  const stemsIn = (word: string, languages: readonly KbLanguage[]): string[] => [...new Set(languages.flatMap((language) => (stems.isStopWord(word, language) ? [] : [stems.stemOf(word, language)])))];
  const mend = (word: string, languages: readonly KbLanguage[]): string[] => {
    if (word.length < NEAR_LETTERS.min || word.length > NEAR_LETTERS.max || /\d/.test(word)) return [];
    const found = queries
      .listWordsNear(listVariants(word))
      .filter((near) => isOneErrorApart(near, word))
      .flatMap((near) => stemsIn(near, languages));
    return [...new Set(found)]
      .map((stem) => ({ stem, count: inIndex(stem) }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count || (a.stem < b.stem ? -1 : 1))
      .slice(0, NEAR_MAX)
      .map(({ stem }) => stem);
  };

  /** What an unfinished word may become. */
  const finish = (word: string, languages: readonly KbLanguage[]): string[] =>
    word.length < PREFIX_MIN ? [] : queries.listWordsFrom(word, BEGUN_MAX).flatMap((one) => stemsIn(one, languages).filter((stem) => inIndex(stem) > 0));

  /** What a question is looked for by. `languages`: of the index, that of the question first. */
  const readTerms = (words: readonly string[], language: KbLanguage | null, languages: readonly KbLanguage[], isUnfinished: boolean): Term[] => {
    const documents = queries.countPassages();
    const rarity = (count: number): number => Math.log(1 + (documents + 0.5) / (count + 0.5));
    const isSmall = (word: string): boolean => (language === null ? KB_LANGUAGES : [language]).some((one) => stems.isStopWord(word, one));
    const terms = new Map<string, Term>();
    for (const word of words) {
      if (isSmall(word)) continue;
      const own = stemsIn(word, languages);
      const known = own.filter((stem) => inIndex(stem) > 0);
      const begun = isUnfinished && word === words.at(-1) ? finish(word, languages) : [];
      const found = known.length + begun.length > 0 ? [...new Set([...known, ...begun])] : mend(word, languages);
      const count = Math.max(0, ...found.map(inIndex));
      const term: Term = {
        stems: found,
        weight: rarity(count) * (known.length + begun.length > 0 ? 1 : found.length > 0 ? MENDED_WEIGHT : UNKNOWN_WEIGHT),
      };
      terms.set(found.join(' ') || `? ${own[0] ?? word}`, term);
    }
    return [...terms.values()];
  };

  const findArticles = () => {
    const known = new Map<string, SearchedArticle | null>();
    return (articleId: string): SearchedArticle | null => {
      const article = known.get(articleId) ?? (known.has(articleId) ? null : source.findArticle(articleId));
      known.set(articleId, article);
      return article;
    };
  };

  const searchWords = (
    terms: readonly Term[],
    words: readonly string[],
    language: KbLanguage | null,
    languages: readonly KbLanguage[],
    findArticle: (id: string) => SearchedArticle | null,
  ): Candidate[] => {
    const wanted = [...new Set(terms.flatMap((term) => term.stems))];
    if (wanted.length === 0) return [];
    const match = anyOf(wanted);
    // Whatever has a word in `asked` has it in `small` too: that only adds how the question is put.
    const small = anyOf([...new Set([...wanted, ...words.flatMap((word) => languages.map((one) => stems.stemOf(word, one)))])]);
    const asked = new Map(queries.listArticlesByWords(`{asked} : (${match}) AND {small} : (${small})`, CANDIDATES).map(({ articleId, score }) => [articleId, score]));
    const found = new Map<number, { row: PassageRow; score: number }>(queries.listByWords(match, CANDIDATES).map((row) => [row.n, { row, score: row.score }]));
    for (const articleId of asked.keys()) {
      // Found by how it is asked for, not by what it says: its beginning stands for it.
      if ([...found.values()].some(({ row }) => row.articleId === articleId)) continue;
      const first = queries.listPassages(articleId)[0];
      if (first) found.set(first.n, { row: first, score: 0 });
    }
    return [...found.values()].flatMap(({ row, score }) => {
      const article = findArticle(row.articleId);
      if (!article || article.revisionId !== row.revisionId) return [];
      const byAsking = asked.get(row.articleId) ?? 0;
      return [{ row, article, score: (score + ASKED_WEIGHT * byAsking) * (language === null || row.language === language ? SAME_LANGUAGE : 1) }];
    });
  };

  /** The share of the question that a passage, with the ways to ask for its article, has words for; and of how many words. */
  const judge = (terms: readonly Term[], { row, article }: Candidate): Judged => {
    const language = row.language as KbLanguage;
    const said = new Set(stems.listStems([article.title, ...readHeadings(row), row.text, ...article.questions].join('\n'), language));
    for (const question of article.questions) for (const other of KB_LANGUAGES) if (other !== language) for (const stem of stems.listStems(question, other)) said.add(stem);
    const has = terms.filter((term) => term.stems.some((stem) => said.has(stem)));
    const sum = (some: readonly Term[]): number => some.reduce((total, { weight }) => total + weight, 0);
    return { coverage: sum(has) / (sum(terms) || 1), count: has.length };
  };

  const retrieve = async ({
    text,
    language,
    limit,
    isLenient = false,
    signal,
    known,
  }: {
    text: string;
    language: KbLanguage | null;
    limit: number;
    isLenient?: boolean;
    signal?: AbortSignal;
    /** Of the customer who asks; none: nobody's question. */
    known?: KnownOfCustomer;
  }): Promise<Retrieved> => {
    index.finishLittle();
    const languages = queries
      .listLanguages()
      .filter((code): code is KbLanguage => (KB_LANGUAGES as readonly string[]).includes(code))
      .toSorted((a, b) => Number(b === language) - Number(a === language));
    const words = [...new Set(findWords(text.slice(0, CHARS_MAX).replace(GREETING, ' ')).map(({ word }) => word))].slice(0, WORDS_MAX);
    const terms = readTerms(words, language, languages, isLenient && /[\p{L}\p{N}]$/u.test(text));
    const marks = new Set(terms.flatMap((term) => term.stems));
    const findArticle = findArticles();
    const byWords = searchWords(terms, words, language, languages, findArticle).toSorted((a, b) => b.score - a.score || a.row.n - b.row.n);
    const near = vectors ? await vectors.search(text.slice(0, CHARS_MAX), { limit: CANDIDATES, signal, known }) : [];
    const fused = fuse(byWords, near, (n) => {
      const row = queries.findByNumber(n);
      const article = row && findArticle(row.articleId);
      return row && article && article.revisionId === row.revisionId ? { row, article, score: 0 } : null;
    });
    const top = fused[0]?.score ?? 0;
    const judged = fused
      .slice(0, Math.max(limit, JUDGED))
      .filter(({ score }) => isLenient || score >= top * SHARE_OF_TOP)
      .map((candidate) => ({ ...candidate, ...judge(terms, candidate) }));
    const isAnswerable = judged.slice(0, JUDGED).some((candidate) => candidate.isClose || isEnough(candidate, terms.length));
    const passages = (isAnswerable || isLenient ? judged : []).slice(0, limit).map(({ row, article, score, coverage }, index) => ({
      passageId: row.passageId,
      articleId: row.articleId,
      revisionId: row.revisionId,
      title: article.title,
      headings: readHeadings(row),
      text: row.text,
      language: row.language as KbLanguage,
      score,
      coverage,
      rank: index + 1,
      mayAutoAnswer: article.mayAutoAnswer,
      start: row.start,
      end: row.end,
    }));
    return { passages, isAnswerable, terms: marks };
  };

  return { retrieve };
}

/** By rank where there are vectors, so that figures of two kinds need not be compared. */
function fuse(byWords: readonly Candidate[], near: readonly { n: number; isClose: boolean }[], read: (n: number) => Candidate | null): (Candidate & { isClose: boolean })[] {
  if (near.length === 0) return byWords.map((candidate) => ({ ...candidate, isClose: false }));
  const fused = new Map<number, Candidate & { isClose: boolean }>();
  byWords.forEach((candidate, rank) => fused.set(candidate.row.n, { ...candidate, score: 1 / (RRF_K + rank + 1), isClose: false }));
  near.forEach(({ n, isClose }, rank) => {
    const known = fused.get(n) ?? read(n);
    if (known) fused.set(n, { ...known, score: (fused.get(n)?.score ?? 0) + 1 / (RRF_K + rank + 1), isClose });
  });
  return [...fused.values()].toSorted((a, b) => b.score - a.score || a.row.n - b.row.n);
}

const readHeadings = (row: PassageRow): string[] => JSON.parse(row.headings) as string[];
/** Stems as an FTS5 expression. They hold letters and digits only. */
const anyOf = (some: readonly string[]): string => some.map((stem) => `"${stem}"`).join(' OR ');
