/** Every benchmark by its name on the command line, in the order in which they run. */
import { measureCatchUp } from './catch-up/measure-catch-up.ts';
import { measureConversationList } from './conversation-reads/measure-conversation-list.ts';
import { measureConversationOpen } from './conversation-reads/measure-conversation-open.ts';
import { measureCounts } from './conversation-reads/measure-counts.ts';
import type { BenchResult } from './figure.ts';
import { measureReplay } from './replay-under-pending/measure-replay.ts';
import { measureMediaThroughput } from './media-throughput/measure-media-throughput.ts';
import { measureFirstSync } from './first-sync/measure-first-sync.ts';
import type { Effort } from './rounds.ts';
import { measureReports } from './reports/measure-reports.ts';
import { measureRpc } from './rpc/measure-rpc.ts';
import { measureMillion, measureSearch } from './search/measure-search.ts';
import { measureWebhookAcks } from './webhook-acks/measure-webhook-acks.ts';
import { measureWebhookToScreen } from './webhook-to-screen/measure-webhook-to-screen.ts';
import { measureWindow } from './window/measure-window.ts';

/** `rounds`: unless the command line says otherwise. */
export type Benchmark = { summary: string; rounds: number; measure(effort: Effort): Promise<BenchResult> };

export const BENCHMARKS: Record<string, Benchmark> = {
  'webhook-acks': { summary: 'durable acknowledgements per second', rounds: 7, measure: measureWebhookAcks },
  'webhook-to-screen': { summary: 'from the POST of a webhook until a window shows it', rounds: 5, measure: measureWebhookToScreen },
  window: { summary: 'switching, typing, scrolling and starting in a browser, at 1,000,000 messages', rounds: 3, measure: measureWindow },
  'conversation-list': { summary: 'a page of the inbox, by every filter', rounds: 7, measure: measureConversationList },
  'conversation-open': { summary: 'a conversation with its newest messages', rounds: 7, measure: measureConversationOpen },
  counts: { summary: 'the numbers on rail and badge', rounds: 7, measure: measureCounts },
  search: { summary: 'what is typed to search, while it is typed', rounds: 7, measure: measureSearch },
  million: { summary: 'lists, the biggest conversation and search at 1,000,000 messages', rounds: 3, measure: measureMillion },
  reports: { summary: 'reports over 1,000,000 messages', rounds: 5, measure: measureReports },
  rpc: { summary: 'an inbox page from window to engine and back', rounds: 7, measure: measureRpc },
  'catch-up': { summary: 'the log of an absence applied by a desktop', rounds: 5, measure: measureCatchUp },
  'replay-under-pending': { summary: "colleagues' work coming in under a day's own", rounds: 5, measure: measureReplay },
  'media-throughput': { summary: 'files that customers send, from Meta to disk', rounds: 5, measure: measureMediaThroughput },
  'first-sync': { summary: 'a new desktop on a long log, from the log and from a snapshot', rounds: 3, measure: measureFirstSync },
};
