/** The numbers on rail, badge and window title, read after every change. */
import type { BenchFindings } from '../figure.ts';
import type { Effort } from '../rounds.ts';
import { measureReads, type Cases, type Sources } from './read-figures.ts';

export const measureCounts = (effort: Effort): Promise<BenchFindings> => measureReads(effort, countCases);

export async function countCases({ client, bare }: Sources): Promise<Cases> {
  const { needsMe, active, archived } = await client.conversations.counts();
  const rows = bare.counts()[0] as { status: string; 'count(*)': number }[];
  if (rows.find(({ status }) => status === 'active')?.['count(*)'] !== active) throw new Error('engine and bare statement do not count the same');
  return { checks: { needsMe, active, archived }, cases: [{ name: 'counts', engine: () => client.conversations.counts(), bare: () => bare.counts(), ratio: null, p99Ms: null }] };
}
