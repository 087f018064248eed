/**
 * How well the knowledge base finds what answers a question, and that it finds nothing where nothing does. Public data (`--data`): XQuAD
 * (paragraphs as articles, clean and with typing errors) and banking77 (intents as articles with five questions each). Own: the demo's
 * knowledge base with questions as customers write them. "R@5": the right article is among the first five that are found.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { KbLanguage } from '../../../contract/ai/ai-words.ts';
import { DEMO_ARTICLES } from '../../../main/demo/knowledge/demo-articles.ts';
import { createKnowledgeBase, type GivenArticle, type KnowledgeBase } from '../../support/knowledge-base.ts';
import { percent, type EvalFigure, type EvalPart } from '../part.ts';
import { createTypingErrors } from './typing-errors.ts';

type Question = { text: string; language: KbLanguage; articleId: string };

const QUESTIONS_PER_INTENT = 5;
const MANY_PASSAGES = 20_000;
const ASKED_OF_MANY = 400;

const fixtureSchema = z.object({ answerable: z.array(z.tuple([z.string(), z.string()])), unanswerable: z.array(z.string()) });
/** Questions as customers write them, to the demo's articles (by title), and some that they do not answer. */
export const readOwnQuestions = (): z.infer<typeof fixtureSchema> =>
  fixtureSchema.parse(JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../fixtures/ai/knowledge-questions.json'), 'utf8')));

const xquadSchema = z.object({ data: z.array(z.object({ title: z.string(), paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })) })) });
function readXquad(dataDir: string, language: KbLanguage): { articles: GivenArticle[]; questions: Question[] } {
  const articles: GivenArticle[] = [];
  const questions: Question[] = [];
  for (const { title, paragraphs } of xquadSchema.parse(JSON.parse(readFileSync(path.join(dataDir, `xquad.${language}.json`), 'utf8'))).data) {
    for (const { context, qas } of paragraphs) {
      const articleId = `${language}${articles.length}`;
      articles.push({ articleId, title: `${title} ${articles.length}`, language, text: context });
      questions.push(...qas.map(({ question }) => ({ text: question, language, articleId })));
    }
  }
  return { articles, questions };
}

function readBanking(dataDir: string): { articles: GivenArticle[]; questions: Question[] } {
  const rows = z.array(z.object({ text: z.string(), category: z.string() })).parse(parse(readFileSync(path.join(dataDir, 'banking77_test.csv')), { columns: true }));
  const intents = Map.groupBy(rows, ({ category }) => category);
  const articles: GivenArticle[] = [];
  const questions: Question[] = [];
  for (const [intent, asked] of intents) {
    const title = intent.replaceAll('_', ' ');
    const step = Math.floor(asked.length / QUESTIONS_PER_INTENT);
    const isExample = (at: number): boolean => at % step === 0 && at / step < QUESTIONS_PER_INTENT;
    articles.push({ articleId: intent, title, language: 'en', text: title, questions: asked.filter((_, at) => isExample(at)).map(({ text }) => text) });
    questions.push(...asked.filter((_, at) => !isExample(at)).map(({ text }) => ({ text, language: 'en' as const, articleId: intent })));
  }
  return { articles, questions };
}

/** `ranked`: among all that share a word, as the search page shows them; `answered`: among what a draft would get. */
async function findRight(base: KnowledgeBase, questions: readonly Question[]): Promise<{ first: number; five: number; answered: number }> {
  const found = { first: 0, five: 0, answered: 0 };
  for (const { text, language, articleId } of questions) {
    const { passages, isAnswerable } = await base.retrieve({ text, language, limit: 12, isLenient: true });
    const rank = [...new Set(passages.map((passage) => passage.articleId))].indexOf(articleId);
    if (rank === 0) found.first += 1;
    if (rank !== -1 && rank < 5) found.five += 1;
    if (rank !== -1 && rank < 5 && isAnswerable) found.answered += 1;
  }
  return found;
}

async function countFalse(base: KnowledgeBase, questions: readonly { text: string; language: KbLanguage }[]): Promise<number> {
  let count = 0;
  for (const { text, language } of questions) if ((await base.retrieve({ text, language, limit: 6 })).isAnswerable) count += 1;
  return count;
}

async function rank(name: string, base: KnowledgeBase, questions: readonly Question[], atLeast: number | null): Promise<EvalFigure[]> {
  const { first, five, answered } = await findRight(base, questions);
  const cases = questions.length;
  return [
    { name: `${name}: R@5`, value: percent(five, cases), unit: '%', bar: atLeast === null ? null : { atLeast }, cases },
    { name: `${name}: R@1`, value: percent(first, cases), unit: '%', bar: null, cases },
    { name: `${name}: R@5 and taken for an answer`, value: percent(answered, cases), unit: '%', bar: null, cases },
  ];
}

async function measureOwn(base: KnowledgeBase): Promise<EvalFigure[]> {
  const { answerable, unanswerable } = readOwnQuestions();
  const languageOf = (text: string): KbLanguage => base.languages.detectLanguage([text], 'es').code;
  const questions = answerable.map(([text, articleId]) => ({ text, articleId, language: languageOf(text) }));
  const [, , taken] = await rank('own', base, questions, null);
  const figures = await rank('own questions', base, questions, 90);
  return [
    ...figures.slice(0, 2),
    { ...taken!, name: 'own questions: answered', bar: { atLeast: 90 } },
    {
      name: 'own: false hits',
      value: percent(
        await countFalse(
          base,
          unanswerable.map((text) => ({ text, language: languageOf(text) })),
        ),
        unanswerable.length,
      ),
      unit: '%',
      bar: { atMost: 5 },
      cases: unanswerable.length,
    },
  ];
}

async function measurePublic(dataDir: string, own: KnowledgeBase): Promise<EvalFigure[]> {
  const figures: EvalFigure[] = [];
  const bars = { es: { clean: 98.5, typos: 97 }, en: { clean: 98.5, typos: 97 } } as const;
  const both: GivenArticle[] = [];
  for (const language of ['es', 'en'] as const) {
    const { articles, questions } = readXquad(dataDir, language);
    both.push(...articles);
    const base = createKnowledgeBase(articles);
    const damage = createTypingErrors(1);
    figures.push(...(await rank(`XQuAD ${language}`, base, questions, bars[language].clean)));
    figures.push(
      ...(await rank(
        `XQuAD ${language} with typing errors`,
        base,
        questions.map((question) => ({ ...question, text: damage(question.text) })),
        bars[language].typos,
      )),
    );
    figures.push({
      name: `XQuAD ${language} asked of another base: false hits`,
      value: percent(await countFalse(own, questions), questions.length),
      unit: '%',
      bar: { atMost: 5 },
      cases: questions.length,
    });
    base.close();
  }
  const bilingual = createKnowledgeBase(both);
  figures.push(...(await rank('XQuAD es in a base of es and en', bilingual, readXquad(dataDir, 'es').questions, null)).slice(0, 2));
  bilingual.close();
  const banking = readBanking(dataDir);
  const base = createKnowledgeBase(banking.articles);
  figures.push(...(await rank('banking77, 5 questions per intent', base, banking.questions, 87)));
  base.close();
  return figures;
}

/** A base of 20 000 passages: given texts again and again, each with words of its own. */
async function measureSpeed(texts: readonly string[], questions: readonly { text: string; language: KbLanguage }[]): Promise<EvalFigure[]> {
  const base = createKnowledgeBase(
    Array.from({ length: MANY_PASSAGES }, (_, n) => ({
      articleId: `many ${n}`,
      title: `Artículo ${n}`,
      language: 'es' as const,
      text: `${texts[n % texts.length]!.slice(0, 1_000)} serie${n} lote${n % 977}`,
    })),
  );
  const passages = base.queries.countPassages();
  const times: number[] = [];
  for (let n = 0; n < ASKED_OF_MANY; n++) {
    const { text, language } = questions[n % questions.length]!;
    const startedAt = performance.now();
    await base.retrieve({ text, language, limit: 6 });
    times.push(performance.now() - startedAt);
  }
  base.close();
  times.sort((a, b) => a - b);
  return [{ name: `a question to ${passages} passages: p95`, value: times[Math.floor(times.length * 0.95)]!, unit: 'ms', bar: { atMost: 20 }, cases: times.length }];
}

export const RETRIEVAL: EvalPart = {
  summary: 'what the knowledge base finds, and what it rightly does not find',
  measure: async ({ dataDir }) => {
    const own = createKnowledgeBase(DEMO_ARTICLES);
    const figures = await measureOwn(own);
    const hasPublic = dataDir !== null && existsSync(path.join(dataDir, 'xquad.es.json'));
    if (hasPublic) figures.push(...(await measurePublic(dataDir, own)));
    own.close();
    const { articles, questions } = hasPublic ? readXquad(dataDir, 'es') : { articles: DEMO_ARTICLES, questions: readOwnQuestions().answerable.map(([text]) => ({ text, language: 'es' as const })) };
    figures.push(
      ...(await measureSpeed(
        articles.map(({ text }) => text),
        questions,
      )),
    );
    return figures;
  },
};
