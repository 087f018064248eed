/** A page of the inbox, by every filter. */
import { ratioAtMost, type BenchFindings } from '../figure.ts';
import type { Effort } from '../rounds.ts';
import { FIRST } from './bare-statements.ts';
import { measureReads, takeSpread, type Cases, type Sources } from './read-figures.ts';

const RATIO = ratioAtMost(1.5);
const P99_MS = 0.25;
/** As somebody types them; without accents, so that the bare statement finds the same. */
const SEARCHES = ['mor', 'Ixcot', 'carlos', 'Smith', 'Casa', 'Wilson Sa', 'daniel br'];

export const measureConversationList = (effort: Effort): Promise<BenchFindings> => measureReads(effort, listCases);

export async function listCases({ client, bare }: Sources): Promise<Cases> {
  const { list } = client.conversations;
  const positions = { active: bare.positions('active'), archived: bare.positions('archived') };
  const anyPage = (status: 'active' | 'archived') => ({
    engine: (n: number) => {
      const { at, id } = takeSpread(positions[status], n);
      return list({ status, cursor: JSON.stringify([at, id]) });
    },
    bare: (n: number) => bare.list(status, takeSpread(positions[status], n)),
  });
  const search = { engine: (n: number) => list({ search: takeSpread(SEARCHES, n) }), bare: (n: number) => bare.search(takeSpread(SEARCHES, n)) };

  const checks = { active: positions.active.length, archived: positions.archived.length, unread: bare.unread().length, found: 0 };
  requireSameIds((await list({})).items, bare.list('active', FIRST));
  requireSameIds((await list({ unread: true })).items, bare.unread());
  for (const text of SEARCHES) {
    const { items } = await list({ search: text });
    requireSameIds(items, bare.search(text));
    checks.found += items.length;
  }
  return {
    checks,
    cases: [
      { name: 'active, first page', engine: () => list({}), bare: () => bare.list('active', FIRST), ratio: RATIO, p99Ms: P99_MS },
      { name: 'active, any page', ...anyPage('active'), ratio: RATIO, p99Ms: P99_MS },
      { name: 'archived, any page', ...anyPage('archived'), ratio: RATIO, p99Ms: P99_MS },
      { name: 'unread, first page', engine: () => list({ unread: true }), bare: () => bare.unread(), ratio: RATIO, p99Ms: P99_MS },
      { name: 'search by name, first page', ...search, ratio: RATIO, p99Ms: P99_MS },
    ],
  };
}

/** The bare statement reads one row more, to see whether there is another page. */
function requireSameIds(items: readonly { id: string }[], rows: unknown[]): void {
  const ids = (rows as { id: string }[]).slice(0, 50).map(({ id }) => id);
  if (items.map(({ id }) => id).join() !== ids.join()) throw new Error('engine and bare statement do not read the same conversations');
}
