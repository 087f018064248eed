/** WhatsApp's markup: what a customer typed must read the same here as on a phone, and can never become markup of the page. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEmojiOnly, parseMarkup, plainText, type MarkupNode } from '../../../renderer/conversation/markup.ts';

/** `[b:…]` for bold and so on, so that cases read on one line. */
const show = (nodes: readonly MarkupNode[]): string => nodes.map((node) => (node.type === 'text' ? node.text : `[${node.type}:${'children' in node ? show(node.children) : node.text}]`)).join('');
const read = (text: string): string => show(parseMarkup(text));

describe('marks', () => {
  test.each([
    ['*hola*', '[bold:hola]'],
    ['_hola_', '[italic:hola]'],
    ['~hola~', '[strike:hola]'],
    ['`hola`', '[code:hola]'],
    ['di *hola* ya', 'di [bold:hola] ya'],
    ['*a* y *b*', '[bold:a] y [bold:b]'],
    ['*_los dos_*', '[bold:[italic:los dos]]'],
    ['*uno _dos ~tres~_*', '[bold:uno [italic:dos [strike:tres]]]'],
    ['(*hola*)', '([bold:hola])'],
    ['¡*hola*!', '¡[bold:hola]!'],
    ['*niño*', '[bold:niño]'],
    ['*a*b*', '[bold:a*b]'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  test.each(['2*3*4', 'a_b_c', '* hola*', '*hola *', '**', '*', '*hola', '*hola\nadiós*', 'mi_archivo_final.pdf', '5 * 4 * 3', '~~', '``'])('stays text: %j', (text) => expect(read(text)).toBe(text));

  test('nothing is marked inside code', () => expect(read('`*a* https://x.gt`')).toBe('[code:*a* https://x.gt]'));
  test('a block keeps its lines and its stars', () => expect(read('mira ```\n*a*\n b\n``` fin')).toBe('mira [block:*a*\n b] fin'));
});

describe('links', () => {
  test.each([
    ['ve a https://example.com/a_b_c?x=1*2 hoy', 've a [link:https://example.com/a_b_c?x=1*2] hoy'],
    ['(https://example.com).', '([link:https://example.com]).'],
    ['https://es.wikipedia.org/wiki/Agua_(bebida)', '[link:https://es.wikipedia.org/wiki/Agua_(bebida)]'],
    ['*https://example.com/x_y_z*', '[bold:[link:https://example.com/x_y_z]]'],
    ['HTTPS://EXAMPLE.COM', '[link:HTTPS://EXAMPLE.COM]'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  test.each(['javascript:alert(1)', 'ftp://example.com', 'data:text/html,x', 'file:///etc/passwd', 'xhttps://example.com', 'https://', 'correo@example.com'])('no link: %s', (text) =>
    expect(read(text)).toBe(text),
  );

  test('every link is http or https, whatever surrounds it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('https://', 'http://', 'javascript:', 'a', '.', '/', ':', '*', '_', ' ', '\n', '"', '(', ')'), maxLength: 40 }), (text) => {
        const visit = (nodes: readonly MarkupNode[]): void => {
          for (const node of nodes) {
            if (node.type === 'link') expect(node.href).toMatch(/^https?:\/\//i);
            if ('children' in node) visit(node.children);
          }
        };
        visit(parseMarkup(text));
      }),
      { seed: 7 },
    );
  });
});

test('no word is lost: only marks disappear (seed 7)', () => {
  const letters = (text: string): string => text.replaceAll(/[*_~`\n]/g, '');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('*', '_', '~', '`', '```', ' ', '\n', 'a', 'ñ', '.', 'https://x.gt/'), maxLength: 60 }), (text) => {
      expect(letters(plainText(parseMarkup(text)))).toBe(letters(text));
    }),
    { seed: 7 },
  );
});

test('a long text full of openings is read in time', () => {
  const startedAt = performance.now();
  parseMarkup('*a _b ~c `d '.repeat(6_000));
  parseMarkup('https://x.gt/ *'.repeat(4_000));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test.each([
  ['👍', true],
  ['👍🏽 🙏', true],
  ['👨‍👩‍👧', true],
  ['🇬🇹', true],
  ['ok 👍', false],
  ['👍👍👍👍', false],
  ['1', false],
  ['', false],
])('only emoji: %s', (text, expected) => expect(isEmojiOnly(text)).toBe(expected));
