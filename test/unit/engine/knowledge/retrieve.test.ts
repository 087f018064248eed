/** What the knowledge base finds: the figures that `npm run eval` measures in full, and what must never be found. */
import { afterEach, expect, test } from 'vitest';
import { DEMO_ARTICLES } from '../../../../main/demo/knowledge/demo-articles.ts';
import { readOwnQuestions } from '../../../eval/retrieval/retrieval.ts';
import { createKnowledgeBase, type GivenArticle, type KnowledgeBase } from '../../../support/knowledge-base.ts';

const open: KnowledgeBase[] = [];
const createBase = (...given: Parameters<typeof createKnowledgeBase>): KnowledgeBase => {
  const base = createKnowledgeBase(...given);
  open.push(base);
  return base;
};
afterEach(() => open.splice(0).forEach((base) => base.close()));

const titles = async (base: KnowledgeBase, text: string, language: 'es' | 'en' | null = 'es'): Promise<string[]> =>
  (await base.retrieve({ text, language, limit: 6 })).passages.map(({ title }) => title);

test('questions as customers write them find their article, and those that nothing answers find nothing', async () => {
  const base = createBase(DEMO_ARTICLES);
  const { answerable, unanswerable } = readOwnQuestions();
  const missed: string[] = [];
  for (const [text, title] of answerable) {
    const { passages } = await base.retrieve({ text, language: base.languages.detectLanguage([text], 'es').code, limit: 5 });
    if (!passages.some((passage) => passage.title === title)) missed.push(text);
  }
  expect(missed.length / answerable.length).toBeLessThanOrEqual(0.1);
  const wrong: string[] = [];
  for (const text of unanswerable) if ((await base.retrieve({ text, language: base.languages.detectLanguage([text], 'es').code, limit: 5 })).isAnswerable) wrong.push(text);
  expect(wrong.length / unanswerable.length, wrong.join(', ')).toBeLessThanOrEqual(0.05);
});

test('typing errors, missing accents and other forms of a word do not matter', async () => {
  const base = createBase(DEMO_ARTICLES);
  for (const text of ['cuanto cuesta la linpieza de la foza septica', 'garantias de las bonbas', 'lavdo de cisetrnas precio', 'CERTIFICADOS DE DESINFECCION'])
    expect(await titles(base, text), text).not.toEqual([]);
  expect((await titles(base, 'garantias de las bonbas'))[0]).toBe('Garantía de los trabajos');
});

test('an article is found by other ways to ask for it, also in another language', async () => {
  const article: GivenArticle = { title: 'Póliza', language: 'es', text: 'El deducible aplica una vez por siniestro.' };
  const base = createBase([article, ...DEMO_ARTICLES]);
  expect(await titles(base, 'me chocaron el pickup y quiero reclamar')).not.toContain('Póliza');
  base.put({ ...article, questions: ['Me chocaron, ¿cómo reclamo?', 'I had a crash, how do I claim?'] });
  expect((await titles(base, 'me chocaron el pickup y quiero reclamar'))[0]).toBe('Póliza');
  expect((await titles(base, 'i want to claim for a crash', 'en'))[0]).toBe('Póliza');
});

test('of the same in two languages, that of the question comes first', async () => {
  const base = createBase(DEMO_ARTICLES);
  expect((await titles(base, 'septic tank 2000 gallons price', 'en'))[0]).toBe('Septic tank cleaning');
  expect((await titles(base, 'precio fosa séptica 2,000 galones', 'es'))[0]).toBe('Limpieza de fosa séptica');
});

test('what is not approved any more is not found, even before the index knows; nor is what an earlier revision said', async () => {
  const base = createBase(DEMO_ARTICLES);
  const question = 'cuánto dura la garantía de las bombas';
  expect(await titles(base, question)).toContain('Garantía de los trabajos');
  base.hide('Garantía de los trabajos');
  expect(await titles(base, question)).not.toContain('Garantía de los trabajos');
  base.remove('Garantía de los trabajos');
  base.finish();
  expect(base.queries.listPassages('Garantía de los trabajos')).toEqual([]);

  base.put({ title: 'Horario de atención y emergencias', revisionId: '2', language: 'es', text: 'Abren a las nueve.' });
  const { passages } = await base.retrieve({ text: 'a qué hora abren', language: 'es', limit: 5, isLenient: true });
  expect(passages.filter(({ articleId }) => articleId === 'Horario de atención y emergencias').map(({ text, revisionId }) => `${revisionId} ${text}`)).toEqual(['2 Abren a las nueve.']);
});

test('of a next revision only what it says otherwise is indexed anew, and a long article in small pieces', () => {
  const text = Array.from({ length: 130 }, (_, n) => `## Parte ${n}\n\nContenido de la parte ${n}.`).join('\n\n');
  const base = createBase([{ title: 'Largo', language: 'es', text }]);
  const before = base.queries.listPassages('Largo');
  expect(before).toHaveLength(130);
  base.put({ title: 'Largo', revisionId: '2', language: 'es', text: text.replace('Contenido de la parte 7.', 'Otro contenido.') });
  base.finish();
  const after = base.queries.listPassages('Largo');
  expect(after.map(({ no }) => no)).toEqual(before.map(({ no }) => no));
  const known = new Set(before.map(({ n }) => n));
  expect(after.filter(({ n }) => !known.has(n)).map(({ text: said }) => said)).toEqual(['Otro contenido.']);
  expect(after.every(({ revisionId }) => revisionId === '2')).toBe(true);
  expect(after[129]!.start).not.toBe(before[129]!.start);
});

test('whatever is asked, an answer comes', async () => {
  const base = createBase(DEMO_ARTICLES);
  for (const text of ['', '   ', '???', '"', "'; DROP TABLE kb_passage; --", 'NEAR(a b)', 'asked : x OR *', '👍👍', 'a', 'x'.repeat(5_000), 'hola', '\u0000', 'no AND NOT OR']) {
    expect((await base.retrieve({ text, language: 'es', limit: 5 })).isAnswerable, text.slice(0, 20)).toBe(false);
  }
});

/** Vectors as a server would make them: by subjects, whatever the words are. */
const SUBJECTS = [/garant|roto|descompuso/i, /horario|abr|atend/i, /pag|tarjeta|plata|billete/i];
const embedSubjects = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => new Float32Array([...SUBJECTS.map((subject) => (subject.test(text) ? 3 : 0)), 0.1]));
const SOME: GivenArticle[] = [
  { title: 'Garantía', language: 'es', text: 'Seis meses de garantía en repuestos.' },
  { title: 'Horario', language: 'es', text: 'Atendemos de lunes a viernes.' },
  { title: 'Tarjetas', language: 'es', text: 'Se puede pagar con tarjeta.' },
];

test('with embeddings an article is found that shares no word with the question', async () => {
  const base = createBase(SOME, { model: 'm', embed: embedSubjects });
  expect(await titles(base, 'el aparato se descompuso ayer')).toEqual([]);
  await base.vectors!.makeMissing();
  expect((await titles(base, 'el aparato se descompuso ayer'))[0]).toBe('Garantía');
  expect((await titles(base, 'puedo pagar con tarjeta'))[0]).toBe('Tarjetas');
});

test('embeddings that fail, hang or have another size change nothing of what words find', async () => {
  let answer: (texts: string[], signal: AbortSignal) => Promise<Float32Array[]> = embedSubjects;
  const base = createBase(SOME, { model: 'm', embed: (texts, signal) => answer(texts, signal) });
  await base.vectors!.makeMissing();
  const stopped = new AbortController();
  const broken: (typeof answer)[] = [
    () => Promise.reject(new Error('offline')),
    async () => [],
    async () => [new Float32Array(7)],
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        stopped.abort();
      }),
  ];
  for (const one of broken) {
    answer = embedSubjects;
    await base.vectors!.makeMissing();
    answer = one;
    const { passages } = await base.retrieve({ text: 'puedo pagar con tarjeta', language: 'es', limit: 5, signal: one === broken[3] ? stopped.signal : new AbortController().signal });
    expect(passages.map(({ title }) => title)).toEqual(['Tarjetas']);
  }
});

test('after a failure no question waits for vectors, until the model may work again', async () => {
  let questions = 0;
  let isBroken = false;
  const embed = (texts: string[]): Promise<Float32Array[]> => {
    questions += 1;
    return isBroken ? Promise.reject(new Error('offline')) : embedSubjects(texts);
  };
  const base = createBase(SOME, { model: 'm', embed });
  await base.vectors!.makeMissing();
  isBroken = true;
  questions = 0;
  for (let n = 0; n < 3; n += 1) expect(await titles(base, 'puedo pagar con tarjeta')).toEqual(['Tarjetas']);
  expect(questions).toBe(1);
  isBroken = false;
  await base.vectors!.makeMissing();
  expect((await titles(base, 'el aparato se descompuso ayer'))[0]).toBe('Garantía');
});

test('what is wanted while vectors are made is made too', async () => {
  const asked: string[] = [];
  const gate = Promise.withResolvers<void>();
  const base = createBase(SOME, {
    model: 'm',
    embed: async (texts) => {
      asked.push(...texts);
      await gate.promise;
      if (asked.length === SOME.length) throw new Error('the model is another one');
      return embedSubjects(texts);
    },
  });
  const first = base.vectors!.makeMissing();
  const second = base.vectors!.makeMissing();
  gate.resolve();
  await Promise.all([first, second]);
  expect(asked).toHaveLength(2 * SOME.length);
  expect(base.queries.countVectors('m')).toBe(SOME.length);
});

test('whoever searches need not finish the last word', async () => {
  const base = createBase(DEMO_ARTICLES);
  const search = async (text: string): Promise<string[]> => (await base.retrieve({ text, language: 'es', limit: 5, isLenient: true })).passages.map(({ title }) => title);
  expect((await search('garan'))[0]).toBe('Garantía de los trabajos');
  expect((await search('trampas de gra'))[0]).toBe('Trampas de grasa');
});
