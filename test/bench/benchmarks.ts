/** Every benchmark by its name on the command line, in the order in which they run. Each is loaded when it is to run. */
import type { BenchFindings } from './figure.ts';
import type { Effort } from './rounds.ts';

/** `rounds`: unless the command line says otherwise. */
export type Benchmark = { summary: string; rounds: number; measure(effort: Effort): Promise<BenchFindings> };

export const BENCHMARKS: Record<string, Benchmark> = {
  'webhook-acks': { summary: 'durable acknowledgements per second', rounds: 7, measure: async (effort) => (await import('./webhook-acks/measure-webhook-acks.ts')).measureWebhookAcks(effort) },
  'slow-disk': {
    summary: 'durable acknowledgements per second where an fsync takes 1 and 5 ms longer',
    rounds: 3,
    measure: async (effort) => (await import('./webhook-acks/measure-webhook-acks.ts')).measureSlowDisk(effort),
  },
  'log-stores': {
    summary: 'SQLite and PostgreSQL as the log, with and without group commit, on slower disks too',
    rounds: 3,
    measure: async (effort) => (await import('./log-stores/measure-log-stores.ts')).measureLogStores(effort),
  },
  sealing: { summary: 'what sealing the log costs, at the relay and at a desktop', rounds: 5, measure: async (effort) => (await import('./sealing/measure-sealing.ts')).measureSealing(effort) },
  'fan-out': {
    summary: 'entries to 50, 500 and 2,000 desktops, and the memory of a connection',
    rounds: 3,
    measure: async (effort) => (await import('./fan-out/measure-fan-out.ts')).measureFanOut(effort),
  },
  'webhook-to-screen': {
    summary: 'from the POST of a webhook until a window shows it',
    rounds: 5,
    measure: async (effort) => (await import('./webhook-to-screen/measure-webhook-to-screen.ts')).measureWebhookToScreen(effort),
  },
  window: {
    summary: 'switching, typing, scrolling and starting in a browser, over a large store',
    rounds: 3,
    measure: async (effort) => (await import('./window/measure-window.ts')).measureWindow(effort),
  },
  'conversation-list': {
    summary: 'a page of the inbox, by every filter',
    rounds: 7,
    measure: async (effort) => (await import('./conversation-reads/measure-conversation-list.ts')).measureConversationList(effort),
  },
  'conversation-open': {
    summary: 'a conversation with its newest messages',
    rounds: 7,
    measure: async (effort) => (await import('./conversation-reads/measure-conversation-open.ts')).measureConversationOpen(effort),
  },
  counts: { summary: 'the numbers on rail and badge', rounds: 7, measure: async (effort) => (await import('./conversation-reads/measure-counts.ts')).measureCounts(effort) },
  search: { summary: 'what is typed to search, while it is typed', rounds: 7, measure: async (effort) => (await import('./search/measure-search.ts')).measureSearch(effort) },
  million: { summary: 'lists, the biggest conversation and search in a large store', rounds: 3, measure: async (effort) => (await import('./search/measure-search.ts')).measureMillion(effort) },
  growth: {
    summary: 'how times grow with the store: opening it, questions, messages received',
    rounds: 3,
    measure: async (effort) => (await import('./growth/measure-growth.ts')).measureGrowth(effort),
  },
  reports: { summary: 'reports over a large store', rounds: 5, measure: async (effort) => (await import('./reports/measure-reports.ts')).measureReports(effort) },
  'ai-context': {
    summary: 'what a model would be asked for a reply, put together',
    rounds: 5,
    measure: async (effort) => (await import('./ai-context/measure-ai-context.ts')).measureAiContext(effort),
  },
  'engine-start': {
    summary: 'the engine’s start on a large store, and its memory',
    rounds: 5,
    measure: async (effort) => (await import('./engine-start/measure-engine-start.ts')).measureEngineStart(effort),
  },
  rpc: { summary: 'an inbox page from window to engine and back', rounds: 7, measure: async (effort) => (await import('./rpc/measure-rpc.ts')).measureRpc(effort) },
  'catch-up': { summary: 'the log of an absence applied by a desktop', rounds: 5, measure: async (effort) => (await import('./catch-up/measure-catch-up.ts')).measureCatchUp(effort) },
  'relay-catch-up': {
    summary: 'the log of an absence read and framed by the relay',
    rounds: 5,
    measure: async (effort) => (await import('./relay-catch-up/measure-relay-catch-up.ts')).measureRelayCatchUp(effort),
  },
  'replay-under-pending': {
    summary: "colleagues' work coming in under a day's own",
    rounds: 5,
    measure: async (effort) => (await import('./replay-under-pending/measure-replay.ts')).measureReplay(effort),
  },
  'media-throughput': {
    summary: 'files that customers send, from Meta to disk',
    rounds: 5,
    measure: async (effort) => (await import('./media-throughput/measure-media-throughput.ts')).measureMediaThroughput(effort),
  },
  'first-sync': {
    summary: 'a new desktop on a long log, from the log and from a snapshot',
    rounds: 3,
    measure: async (effort) => (await import('./first-sync/measure-first-sync.ts')).measureFirstSync(effort),
  },
  snapshots: { summary: 'a snapshot made and installed', rounds: 3, measure: async (effort) => (await import('./snapshots/measure-snapshots.ts')).measureSnapshots(effort) },
  convergence: {
    summary: 'assignments made apart on three replicas, beside Yjs and Automerge',
    rounds: 5,
    measure: async (effort) => (await import('./convergence/measure-convergence.ts')).measureConvergence(effort),
  },
  peers: { summary: 'the local store beside node:sqlite, PGlite and TinyBase', rounds: 3, measure: async (effort) => (await import('./peers/measure-peers.ts')).measurePeers(effort) },
};
