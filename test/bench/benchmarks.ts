/** Every benchmark by its name on the command line, in the order in which they run. */
import { measureAiContext } from './ai-context/measure-ai-context.ts';
import { measureCatchUp } from './catch-up/measure-catch-up.ts';
import { measureConversationList } from './conversation-reads/measure-conversation-list.ts';
import { measureConversationOpen } from './conversation-reads/measure-conversation-open.ts';
import { measureCounts } from './conversation-reads/measure-counts.ts';
import { measureConvergence } from './convergence/measure-convergence.ts';
import { measureEngineStart } from './engine-start/measure-engine-start.ts';
import { measureFanOut } from './fan-out/measure-fan-out.ts';
import type { BenchFindings } from './figure.ts';
import { measureGrowth } from './growth/measure-growth.ts';
import { measureLogStores } from './log-stores/measure-log-stores.ts';
import { measurePeers } from './peers/measure-peers.ts';
import { measureRelayCatchUp } from './relay-catch-up/measure-relay-catch-up.ts';
import { measureSealing } from './sealing/measure-sealing.ts';
import { measureSnapshots } from './snapshots/measure-snapshots.ts';
import { measureReplay } from './replay-under-pending/measure-replay.ts';
import { measureMediaThroughput } from './media-throughput/measure-media-throughput.ts';
import { measureFirstSync } from './first-sync/measure-first-sync.ts';
import type { Effort } from './rounds.ts';
import { measureReports } from './reports/measure-reports.ts';
import { measureRpc } from './rpc/measure-rpc.ts';
import { measureMillion, measureSearch } from './search/measure-search.ts';
import { measureSlowDisk, measureWebhookAcks } from './webhook-acks/measure-webhook-acks.ts';
import { measureWebhookToScreen } from './webhook-to-screen/measure-webhook-to-screen.ts';
import { measureWindow } from './window/measure-window.ts';

/** `rounds`: unless the command line says otherwise. */
export type Benchmark = { summary: string; rounds: number; measure(effort: Effort): Promise<BenchFindings> };

export const BENCHMARKS: Record<string, Benchmark> = {
  'webhook-acks': { summary: 'durable acknowledgements per second', rounds: 7, measure: measureWebhookAcks },
  'slow-disk': { summary: 'durable acknowledgements per second where an fsync takes 1 and 5 ms longer', rounds: 3, measure: measureSlowDisk },
  'log-stores': { summary: 'SQLite and PostgreSQL as the log, with and without group commit, on slower disks too', rounds: 3, measure: measureLogStores },
  sealing: { summary: 'what sealing the log costs, at the relay and at a desktop', rounds: 5, measure: measureSealing },
  'fan-out': { summary: 'entries to 50, 500 and 2,000 desktops, and the memory of a connection', rounds: 3, measure: measureFanOut },
  'webhook-to-screen': { summary: 'from the POST of a webhook until a window shows it', rounds: 5, measure: measureWebhookToScreen },
  window: { summary: 'switching, typing, scrolling and starting in a browser, at 1,000,000 messages', rounds: 3, measure: measureWindow },
  'conversation-list': { summary: 'a page of the inbox, by every filter', rounds: 7, measure: measureConversationList },
  'conversation-open': { summary: 'a conversation with its newest messages', rounds: 7, measure: measureConversationOpen },
  counts: { summary: 'the numbers on rail and badge', rounds: 7, measure: measureCounts },
  search: { summary: 'what is typed to search, while it is typed', rounds: 7, measure: measureSearch },
  million: { summary: 'lists, the biggest conversation and search at 1,000,000 messages', rounds: 3, measure: measureMillion },
  growth: { summary: 'how the time of a question grows with the store', rounds: 3, measure: measureGrowth },
  reports: { summary: 'reports over 1,000,000 messages', rounds: 5, measure: measureReports },
  'ai-context': { summary: 'what a model would be asked for a reply, put together', rounds: 5, measure: measureAiContext },
  'engine-start': { summary: 'the engine’s start on 1,000,000 messages, and its memory', rounds: 5, measure: measureEngineStart },
  rpc: { summary: 'an inbox page from window to engine and back', rounds: 7, measure: measureRpc },
  'catch-up': { summary: 'the log of an absence applied by a desktop', rounds: 5, measure: measureCatchUp },
  'relay-catch-up': { summary: 'the log of an absence read and framed by the relay', rounds: 5, measure: measureRelayCatchUp },
  'replay-under-pending': { summary: "colleagues' work coming in under a day's own", rounds: 5, measure: measureReplay },
  'media-throughput': { summary: 'files that customers send, from Meta to disk', rounds: 5, measure: measureMediaThroughput },
  'first-sync': { summary: 'a new desktop on a long log, from the log and from a snapshot', rounds: 3, measure: measureFirstSync },
  snapshots: { summary: 'a snapshot made and installed', rounds: 3, measure: measureSnapshots },
  convergence: { summary: 'assignments made apart on three replicas, beside Yjs and Automerge', rounds: 5, measure: measureConvergence },
  peers: { summary: 'the local store beside node:sqlite, PGlite and TinyBase', rounds: 3, measure: measurePeers },
};
