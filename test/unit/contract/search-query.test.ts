/** What is typed to search: what it means, in both languages, and that nothing that is typed breaks it. */
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findWords, foldText } from '../../../contract/rules/fold-text.ts';
import { isEmptyQuery, OPERATORS, parseSearchQuery, type OperatorName, type SearchQuery } from '../../../contract/rules/search-query.ts';

const NOW = new Date(2026, 10, 22, 15, 30).getTime();
const midnight = (year: number, month: number, day: number): number => new Date(year, month - 1, day).getTime();
const EMPTY: SearchQuery = { terms: [], not: [], from: [], to: [], statuses: [], labels: [], has: [], before: null, after: null, isUnread: false, requests: [], unknown: [] };
const parse = (text: string): SearchQuery => parseSearchQuery(text, NOW);
const word = (text: string) => ({ text, isPrefix: false });
const begun = (text: string) => ({ text, isPrefix: true });

describe('words', () => {
  it.each([
    { typed: 'instala', terms: [begun('instala')] },
    { typed: 'Instalación de bomba', terms: [word('instalacion'), word('de'), begun('bomba')] },
    { typed: 'bomba ', terms: [word('bomba')] },
    { typed: '"bomba de agua"', terms: [word('bomba de agua')] },
    { typed: '“bomba de agua”', terms: [word('bomba de agua')] },
    { typed: '"bomba de ag', terms: [begun('bomba de ag')] },
    { typed: 'zona-10', terms: [begun('zona 10')] },
    { typed: 'a las 10:30', terms: [word('a'), word('las'), begun('10 30')] },
    { typed: 'instala tiene:foto', terms: [begun('instala')] },
    { typed: 'mira https://bandeja.test/x', terms: [word('mira'), begun('https bandeja test x')] },
    { typed: '🙏 ?', terms: [] },
    { typed: '', terms: [] },
  ])('of «$typed»', ({ typed, terms }) => {
    expect(parse(typed)).toMatchObject({ terms, unknown: [] });
  });

  it('that must not be there are never taken as begun', () => {
    expect(parse('bomba -factura -"zona 10"')).toEqual({ ...EMPTY, terms: [word('bomba')], not: [word('factura'), word('zona 10')] });
  });
});

describe('operators', () => {
  it.each([
    ['from:rosa de:"Rosa Pérez" from:yo', { from: ['rosa', 'Rosa Pérez', 'me'] }],
    ['to:me para:rosa a:bo', { to: ['me', 'rosa', 'bo'] }],
    ['in:archived en:cerradas in:Activa', { statuses: ['archived', 'closed', 'active'] }],
    ['label:urgente etiqueta:"por cobrar"', { labels: ['urgente', 'por cobrar'] }],
    ['has:photo tiene:imágenes con:archivo has:link tiene:voz', { has: ['photo', 'photo', 'file', 'link', 'audio'] }],
    ['is:unread', { isUnread: true }],
    ['es:no-leído', { isUnread: true }],
    ['request:SR-12 solicitud:SR-13', { requests: ['SR-12', 'SR-13'] }],
    ['before:2026-11-01 after:01/10/2026', { before: midnight(2026, 11, 1), after: midnight(2026, 10, 1) }],
    ['antes:hoy desde:ayer', { before: midnight(2026, 11, 22), after: midnight(2026, 11, 21) }],
    ['después:7d', { after: NOW - 7 * 86_400_000 }],
    ['after:2s', { after: NOW - 14 * 86_400_000 }],
  ] as [string, Partial<SearchQuery>][])('%s', (typed, meaning) => {
    expect(parse(typed)).toEqual({ ...EMPTY, ...meaning });
  });

  it('whose value is still to be typed say nothing yet', () => {
    expect(parse('from:')).toEqual(EMPTY);
    expect(isEmptyQuery(parse('from:'))).toBe(true);
    expect(isEmptyQuery(parse('from:r'))).toBe(false);
  });

  it.each(['in:nowhere', 'has:banana', 'before:31/02/2026', 'before:2026-13-01', 'after:someday', 'is:read'])('with a value that means nothing are told and searched for nowhere: %s', (typed) => {
    expect(parse(`bomba ${typed}`)).toEqual({ ...EMPTY, terms: [begun('bomba')], unknown: [typed] });
  });

  it('that do not exist are told, and searched as words', () => {
    expect(parse('color:rojo bomba')).toMatchObject({ terms: [word('color rojo'), begun('bomba')], unknown: ['color:rojo'] });
    expect(parse('-from:rosa')).toMatchObject({ from: [], not: [word('from rosa')], unknown: ['-from:rosa'] });
  });
});

const typedText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom('"', ':', '-', ' ', 'from', 'has', 'before', 'rosa', 'á', '7d', '“', '//', '\n', '🙏', '2026-11-01'), { maxLength: 20 }).map((parts) => parts.join('')),
);
const RUNS = { numRuns: 2_000, seed: 20_261_122 };

describe('whatever is typed (seed 20261122)', () => {
  test('has a meaning, and only folded words to look for', () => {
    fc.assert(
      fc.property(typedText, (typed) => {
        const { terms, not, unknown } = parse(typed);
        for (const { text } of [...terms, ...not])
          expect(
            findWords(text)
              .map(({ word: found }) => found)
              .join(' '),
          ).toBe(text);
        for (const told of unknown) expect(typed.normalize('NFC').replace(/[“”„«»]/g, '"')).toContain(told);
        expect([...terms].filter(({ isPrefix }) => isPrefix).length).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('means the same in other case, with other accents and with more space', () => {
    fc.assert(
      fc.property(typedText, (typed) => {
        const plain = (query: SearchQuery) => ({
          ...query,
          from: query.from.map(foldText),
          to: query.to.map(foldText),
          labels: query.labels.map(foldText),
          requests: query.requests.map(foldText),
          unknown: query.unknown.map(foldText),
        });
        expect(plain(parse(`  ${typed.normalize('NFD')}`))).toEqual(plain(parse(typed)));
      }),
      RUNS,
    );
  });

  test('every word of a sentence is looked for, once', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zñ]{2,8}$/), { minLength: 1, maxLength: 6 }), (words) => {
        expect(parse(words.join(' ')).terms.map(({ text }) => text)).toEqual(words.map(foldText));
      }),
      RUNS,
    );
  });

  test('every name of an operator means the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(OPERATORS) as OperatorName[])), fc.constantFrom('rosa', 'closed', 'photo', '2026-11-01', 'unread'), (name, value) => {
        const [first, ...others] = OPERATORS[name].map((alias) => ({ ...parse(`${alias}:${value}`), unknown: parse(`${alias}:${value}`).unknown.length }));
        for (const other of others) expect(other).toEqual(first);
      }),
      RUNS,
    );
  });
});
