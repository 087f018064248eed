/** How articles are cut: what belongs together stays together, and nothing is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEMO_ARTICLES } from '../../../../main/demo/knowledge/demo-articles.ts';
import { chunkArticle, passageIdOf } from '../../../../main/engine/ai/knowledge/chunk-article.ts';

const SEED = 20_261_122;
const words = (text: string): string[] => text.match(/\S+/g) ?? [];
const sentence = (n: number, length = 12): string => `Esta es la frase ${n} ${'palabra '.repeat(length - 6)}final.`;

test('long sections become passages of 120 to 220 words that share a sentence; headings always begin one', () => {
  const text = `# Manual\n\nIntroducción breve.\n\n## Uno\n\n${Array.from({ length: 50 }, (_, n) => sentence(n)).join(' ')}\n\n### Dentro\n\nCorto.\n\n## Dos\n\nFin.`;
  const chunks = chunkArticle({ title: 'Manual', text });
  expect(chunks.map(({ headings }) => headings.join(' › '))).toEqual(['', 'Uno', 'Uno', 'Uno', 'Uno › Dentro', 'Dos']);
  for (const chunk of chunks.slice(1, 4)) {
    expect(words(chunk.text).length).toBeGreaterThanOrEqual(120);
    expect(words(chunk.text).length).toBeLessThanOrEqual(220 + 12);
  }
  const [, first, second] = chunks;
  const shared = first!.text.slice(first!.text.lastIndexOf('Esta es'));
  expect(second!.text.startsWith(shared)).toBe(true);
  expect(text.slice(second!.start, second!.end)).not.toContain(shared);
});

test('a question stays with its answer and a row with the names of its columns, however long the rest is', () => {
  const pair = (n: number): string => `P: ¿Pregunta ${n}?\nR: ${Array.from({ length: 15 }, (_, m) => `Respuesta ${n} parte ${m}.`).join(' ')}`;
  const rows = Array.from({ length: 120 }, (_, n) => `| Servicio ${n} | Q${n}.00 | nota de la fila ${n} |`);
  const chunks = chunkArticle({
    title: 'x',
    text: `${[1, 2, 3].map(pair).join('\n\n')}\n\n| Servicio | Precio | Nota |\n| --- | --- | --- |\n${rows.join('\n')}\n\n¿Una pregunta suelta?\n\nSu respuesta.`,
  });
  for (const n of [1, 2, 3]) expect(chunks.filter(({ text }) => text.includes(`¿Pregunta ${n}?`) && text.includes(`Respuesta ${n} parte 14.`))).toHaveLength(1);
  for (const row of rows)
    expect(chunks.filter(({ text }) => text.includes(row)).map(({ text }) => text.startsWith('| Servicio | Precio | Nota |') || text.includes('\n| Servicio | Precio'))).toEqual([expect.anything()]);
  const tables = chunks.filter(({ text }) => text.includes('| Servicio '));
  expect(tables.length).toBeGreaterThan(3);
  for (const { text } of tables.slice(1)) expect(text.startsWith('| Servicio | Precio | Nota |\n')).toBe(true);
  expect(chunks.at(-1)!.text).toBe('¿Una pregunta suelta?\n\nSu respuesta.');
});

test('an answer that is longer than a passage may be keeps its question in every part', () => {
  const chunks = chunkArticle({ title: 'x', text: `P: ¿Cómo se hace?\nR: ${Array.from({ length: 60 }, (_, n) => sentence(n)).join(' ')}` });
  expect(chunks.length).toBeGreaterThan(1);
  for (const { text } of chunks) expect(text.startsWith('P: ¿Cómo se hace?')).toBe(true);
});

test('figures and abbreviations end no sentence', () => {
  const text = 'Cuesta Q1,250.00 con el Sr. Paz en la av. Reforma núm. 5. '.repeat(40);
  for (const { text: part } of chunkArticle({ title: 'x', text })) expect(part).toMatch(/^Cuesta/);
});

test(`every word of any text is in a passage of bearable size, and offsets hold (seed ${SEED})`, () => {
  const line = fc.oneof(
    fc.lorem({ maxCount: 40, mode: 'words' }),
    fc.lorem({ maxCount: 8, mode: 'sentences' }),
    fc.constantFrom('# Título', '## Otro ##', '', '', '| a | b |', '| --- | --- |', '- punto', '1. paso', 'P: ¿Qué?', 'R: Eso.', '¿Cuándo llegan?', '```', '***', '|', '#', '#hashtag'),
    fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll('\n', ' ')),
    fc.string({ minLength: 3_500, maxLength: 5_000 }).map((text) => text.replace(/\s/g, 'x')),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const text = lines.join('\n');
      const chunks = chunkArticle({ title: 'Título', text });
      expect(chunkArticle({ title: 'Título', text })).toEqual(chunks);
      let at = 0;
      for (const chunk of chunks) {
        expect(chunk.start).toBeGreaterThanOrEqual(at);
        at = chunk.end;
        expect(chunk.text.length).toBeLessThanOrEqual(3_000);
      }
      // A heading without a text says nothing by itself.
      const said = new Set(chunks.flatMap((chunk) => [...words(chunk.text), ...chunk.headings.flatMap(words)]));
      const lost = words(lines.filter((one) => !/^ {0,3}#{1,6}\s/.test(one)).join('\n')).filter(
        (word) => word.length < 500 && /\p{L}/u.test(word) && ![...said].some((one) => one.includes(word.replace(/[*_`]+/g, '')) || word.includes(one)),
      );
      expect(lost).toEqual([]);
      expect(chunks.length > 0).toBe(text.trim() !== '');
    }),
    { seed: SEED, numRuns: 150 },
  );
});

test('the passages of the demo are whole thoughts that a draft can rest on', () => {
  for (const article of DEMO_ARTICLES) {
    const chunks = chunkArticle(article);
    expect(chunks.length, article.title).toBeGreaterThan(0);
    expect(passageIdOf(article.title, '1', 0)).not.toBe(passageIdOf(article.title, '2', 0));
  }
});
