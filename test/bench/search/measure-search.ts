/** Search as it is typed, beside the bare statements over the same index; at the usual size, and with lists and threads at a million messages. */
import type { BenchFindings } from '../figure.ts';
import { listCases } from '../conversation-reads/measure-conversation-list.ts';
import { openCases } from '../conversation-reads/measure-conversation-open.ts';
import { measureReads, takeSpread, type Cases, type ReadCase, type Sources } from '../conversation-reads/read-figures.ts';
import { chooseSize, MILLION_SIZE } from '../data/sizes.ts';
import type { Effort } from '../rounds.ts';
import { openBareSearch, type BareSearch } from './bare-search.ts';

const NEWEST_P99_MS = 2;
const RANKED_P99_MS = 5;
/** In every twentieth message or so, in one, begun, and together. */
const COMMON = ['bomba', 'instalacion', 'factura', 'jueves'];
const PREFIXES = ['in', 'bo', 'tra', 'inst', 'mant'];
const PAIRS = [
  ['bomba', 'zona'],
  ['tecnico', 'jueves'],
  ['factura', 'guia'],
] as const;
/** As somebody types them; the second half with a typing error. */
const NAMES = ['Ixcot', 'Carlos', 'Velasq', 'Rami'];
const MISTYPED = ['Rodolof', 'Velasqes', 'Castaneda', 'Ramires'];

const quoted = (word: string): string => `"${word}"`;

export const measureSearch = (effort: Effort): Promise<BenchFindings> => withSearch(effort, (sources, bareSearch) => searchCases(sources, bareSearch));

/** Everything that a screen reads, in one go: preparing the data takes minutes the first time. */
export const measureMillion = (effort: Effort): Promise<BenchFindings> =>
  withSearch(
    effort,
    async (sources, bareSearch) => {
      const [list, open, search] = [await listCases(sources), await openCases(sources), await searchCases(sources, bareSearch)];
      return { cases: [...list.cases, ...open.cases, ...search.cases], checks: { ...list.checks, ...open.checks, ...search.checks } };
    },
    chooseSize(effort.messages, MILLION_SIZE),
  );

async function withSearch(effort: Effort, toCases: (sources: Sources, bareSearch: BareSearch) => Promise<Cases>, size?: Parameters<typeof measureReads>[2]): Promise<BenchFindings> {
  let bareSearch: BareSearch | null = null;
  try {
    return await measureReads(
      effort,
      (sources) => {
        bareSearch = openBareSearch(sources.dataDir);
        return toCases(sources, bareSearch);
      },
      size,
    );
  } finally {
    (bareSearch as BareSearch | null)?.close();
  }
}

export async function searchCases({ client }: Sources, bare: BareSearch): Promise<Cases> {
  const rare = bare.rareWord();
  const ask = (text: string, sort: 'date' | 'rank') => client.search.query({ text, sort });
  const found = await ask(`${rare} `, 'date');
  const common = await ask('bomba ', 'date');
  const people = await ask(NAMES[0] ?? '', 'date');
  requireSameIds(common.hits, bare.newest(quoted('bomba')));
  if (found.isIndexing || found.hits.length !== 1) throw new Error('the index is not whole');

  /** A word with a space behind it is a whole one. */
  const words = (name: string, list: readonly string[], sort: 'date' | 'rank', typed: (word: string) => string, match: (word: string) => string): ReadCase => ({
    name: `${name}, ${sort === 'date' ? 'newest 30' : 'best 30'}`,
    engine: (n) => ask(typed(takeSpread(list, n)), sort),
    bare: (n) => (sort === 'date' ? bare.newest : bare.best)(match(takeSpread(list, n))),
    ratio: null,
    p99Ms: sort === 'date' ? NEWEST_P99_MS : RANKED_P99_MS,
  });
  const whole = (word: string): string => `${word} `;
  const begun = (word: string): string => `${quoted(word)} *`;
  const pairs = PAIRS.map((pair) => pair.join(' '));
  const both = (pair: string): string => pair.split(' ').map(quoted).join(' AND ');
  return {
    checks: { common: bare.count(quoted('bomba')), rare: found.hits.length, people: people.people.length, indexMb: bare.sizes().index ?? 1, fileMb: bare.sizes().file },
    cases: [
      ...(['date', 'rank'] as const).flatMap((sort) => [
        words('a common word', COMMON, sort, whole, quoted),
        words('a rare word', [rare], sort, whole, quoted),
        words('a word that is begun', PREFIXES, sort, (word) => word, begun),
        words('two words', pairs, sort, whole, both),
      ]),
      { name: 'a person by name', engine: (n) => ask(takeSpread(NAMES, n), 'date'), bare: (n) => bare.people(takeSpread(NAMES, n)), ratio: null, p99Ms: null },
      { name: 'a person with a typing error', engine: (n) => ask(takeSpread(MISTYPED, n), 'date'), bare: (n) => bare.people(takeSpread(MISTYPED, n)), ratio: null, p99Ms: null },
    ],
  };
}

function requireSameIds(hits: readonly { id: string }[], rows: unknown[]): void {
  if (hits.map(({ id }) => id).join() !== (rows as { id: string }[]).map(({ id }) => id).join()) throw new Error('engine and bare statement do not find the same');
}
