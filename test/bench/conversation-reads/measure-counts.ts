/** The numbers on rail, badge and window title, read after every change. */
import type { BenchResult } from '../figure.ts';
import type { Effort } from '../rounds.ts';
import { measureReads } from './read-figures.ts';

export const measureCounts = (effort: Effort): Promise<BenchResult> =>
  measureReads(effort, async ({ client, bare }) => {
    const { needsMe, active, archived } = await client.conversations.counts();
    const rows = bare.counts()[0] as { status: string; 'count(*)': number }[];
    if (rows.find(({ status }) => status === 'active')?.['count(*)'] !== active) throw new Error('engine and bare statement do not count the same');
    return { checks: { needsMe, active, archived }, cases: [{ name: 'counts', engine: () => client.conversations.counts(), bare: () => bare.counts(), ratio: null, p99Ms: null }] };
  });
