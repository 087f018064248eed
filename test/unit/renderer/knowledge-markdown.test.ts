/** Articles as they are shown: what is marked up becomes elements, everything else stays text, and each piece knows where it stands. */
import { expect, test } from 'vitest';
import { parseMarkdown, type MarkdownBlock, type Run } from '../../../renderer/knowledge/markdown.ts';

const runsOf = (block: MarkdownBlock): Run[] => {
  switch (block.type) {
    case 'list':
      return block.items.flatMap(({ runs }) => runs);
    case 'table':
      return [...(block.head ?? []), ...block.rows.flat()].flat();
    case 'rule':
      return [];
    default:
      return block.runs;
  }
};
const show = (text: string): string[] =>
  parseMarkdown(text).map(
    (block) =>
      `${block.type}: ${runsOf(block)
        .map(({ text: words, look, href }) => (href !== null ? `<${words}|${href}>` : look === 'text' ? words : `${look}(${words})`))
        .join('')}`,
  );

test('headings, lists, tables, quotes, code, questions with answers, and emphasis', () => {
  const text = [
    '# Precios',
    'Cuesta **Q350** o *menos*,',
    'en `efectivo`.',
    '## Pasos',
    '1. Uno',
    '2. Dos',
    '- a',
    '  - b',
    '> Citado',
    '| A | B |',
    '| --- | --- |',
    '| 1 | **2** |',
    '',
    '```',
    '**no**',
    '```',
    'P: ¿Hay garantía?',
    'R: Sí.',
    '---',
    'No soy_una_marca ni 2 * 3 * 4',
  ].join('\n');
  expect(show(text)).toEqual([
    'heading: Precios',
    'paragraph: Cuesta bold(Q350) o italic(menos),\nen code(efectivo).',
    'heading: Pasos',
    'list: UnoDosab',
    'quote: Citado',
    'table: AB1bold(2)',
    'code: **no**',
    'question: ¿Hay garantía?',
    'answer: Sí.',
    'rule: ',
    'paragraph: No soy_una_marca ni 2 * 3 * 4',
  ]);
});

test('HTML, pictures and odd addresses are text; only http, https and mailto lead somewhere', () => {
  expect(show('<img src=x onerror=alert(1)> ![foto](https://x.test/a.png) [a](javascript:alert) [b](https://b.test/x) https://c.test/y. [c](mailto:a@b.test) [d](//e.test)')).toEqual([
    'paragraph: <img src=x onerror=alert(1)> foto a <b|https://b.test/x> <https://c.test/y|https://c.test/y>. <c|mailto:a@b.test> d',
  ]);
});

test('every piece stands where it says', () => {
  const text = '  - uno **dos**\n\n| a |  b c |\n|---|---|\n| d |\n\n> x\n> y\n\nP: q\nmás\n\n1) z [w](https://w.test)';
  for (const { text: words, start } of parseMarkdown(text).flatMap(runsOf)) expect(text.slice(start, start + words.length)).toBe(words);
});

test('marks that are never closed cost no more than letters', () => {
  const hostile = ['*', '_', '`', '# #', '[', '![', '**', '| ', '\\', 'https://'].map((mark) => mark.repeat(20_000)).join('\n');
  expect(
    parseMarkdown(hostile)
      .flatMap(runsOf)
      .reduce((sum, { text }) => sum + text.length, 0),
  ).toBeGreaterThan(100_000);
});
