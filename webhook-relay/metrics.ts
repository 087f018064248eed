/**
 * What the relay counts for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Invariants: labels
 * come from closed lists, so that no stranger can make a new series, and name nobody; without METRICS_PORT nothing is counted.
 */
import { errorText, type Log } from '../contract/log.ts';

export type RelayMetrics = {
  /** @param route as `nameRoute` says. */
  noteResponse: (route: string, status: number) => void;
  /** A webhook was committed. @param ackMs from the body's arrival to the commit. @param lagsMs of each item, from Meta's timestamp to the commit; those delivered again are left out. */
  noteWebhook: (webhook: { stored: number; duplicates: number; ackMs: number; lagsMs: number[] }) => void;
  noteNotStored: () => void;
  noteCommit: (ms: number) => void;
};

/** What is looked up when somebody reads the metrics. */
export type MetricSources = {
  readStatus: () => Promise<{ head: number; horizon: number; devices: number; duplicates: number; unrecognised: number }>;
  waitingBytes: () => number;
  connectedDevices: () => number;
  /** Last seq that the desktop furthest behind was sent; null: none is connected. */
  lowestCursor: () => number | null;
  /** Bytes that the disk of the data folder still takes. */
  readFreeBytes: () => Promise<number>;
  now: () => number;
  log: Log;
};

export const NO_METRICS: RelayMetrics = { noteResponse: () => {}, noteWebhook: () => {}, noteNotStored: () => {}, noteCommit: () => {} };

const ACK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_SECONDS = [0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];
const PREFIX = 'bandeja_relay_';

/** `render` gives the text of all metrics and its content type. */
export async function createMetrics(sources: MetricSources): Promise<RelayMetrics & { render: () => Promise<{ contentType: string; text: string }> }> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const responses = new Counter({ name: `${PREFIX}responses_total`, help: 'Answers by route and HTTP status; 101: a desktop has connected.', labelNames: ['route', 'status'] as const, registers });
  const items = new Counter({ name: `${PREFIX}webhook_items_total`, help: 'Items of signed webhooks since the start, by what became of them.', labelNames: ['outcome'] as const, registers });
  for (const outcome of ['stored', 'duplicate'] as const) items.inc({ outcome }, 0);
  const notStored = new Counter({ name: `${PREFIX}webhooks_not_stored_total`, help: 'Signed webhooks answered 500, because they could not be committed; Meta brings them again.', registers });
  const ack = new Histogram({ name: `${PREFIX}webhook_ack_seconds`, help: 'From the arrival of a webhook’s body to its commit.', buckets: ACK_SECONDS, registers });
  const lag = new Histogram({ name: `${PREFIX}webhook_lag_seconds`, help: 'From Meta’s timestamp of a message or a delivery state to its commit.', buckets: LAG_SECONDS, registers });
  const commit = new Histogram({ name: `${PREFIX}commit_seconds`, help: 'One commit of a group of appends.', buckets: ACK_SECONDS, registers });
  const lastWebhook = new Gauge({ name: `${PREFIX}last_webhook_timestamp_seconds`, help: 'When the last signed webhook was committed; 0: none since the start.', registers });

  const gauge = (name: string, help: string): InstanceType<typeof Gauge> => new Gauge({ name: `${PREFIX}${name}`, help, registers });
  const head = gauge('log_head', 'Number of the newest entry of the log.');
  const horizon = gauge('log_horizon', 'Number of the newest entry that was compacted away.');
  const enrolled = gauge('devices_enrolled', 'Devices that may connect.');
  const duplicates = gauge('log_duplicates', 'Webhook items that came again, since the log began.');
  const unrecognised = gauge('log_unrecognised', 'Signed webhooks that could not be taken apart and were kept whole, since the log began.');
  const connected = gauge('devices_connected', 'Devices that are connected to this relay.');
  const backlogBytes = gauge('backlog_bytes', 'Bytes that wait to be committed.');
  const behind = gauge('slowest_desktop_entries', 'Entries that the connected desktop furthest behind has still to be sent.');
  const free = gauge('disk_free_bytes', 'Bytes that the disk of the data folder still takes.');
  const isReadable = gauge('store_up', '1: the log can be read; 0: it cannot.');

  async function look(): Promise<void> {
    connected.set(sources.connectedDevices());
    backlogBytes.set(sources.waitingBytes());
    try {
      const [status, freeBytes] = await Promise.all([sources.readStatus(), sources.readFreeBytes()]);
      head.set(status.head);
      horizon.set(status.horizon);
      enrolled.set(status.devices);
      duplicates.set(status.duplicates);
      unrecognised.set(status.unrecognised);
      behind.set(Math.max(0, status.head - (sources.lowestCursor() ?? status.head)));
      free.set(freeBytes);
      isReadable.set(1);
    } catch (error) {
      sources.log('error', 'metrics.failed', { error: errorText(error) });
      isReadable.set(0);
    }
  }

  return {
    noteResponse: (route, status) => responses.inc({ route, status }),
    noteWebhook: ({ stored, duplicates: again, ackMs, lagsMs }) => {
      items.inc({ outcome: 'stored' }, stored);
      items.inc({ outcome: 'duplicate' }, again);
      ack.observe(ackMs / 1000);
      for (const ms of lagsMs) lag.observe(Math.max(0, ms) / 1000);
      lastWebhook.set(sources.now() / 1000);
    },
    noteNotStored: () => notStored.inc(),
    noteCommit: (ms) => commit.observe(ms / 1000),
    render: async () => {
      await look();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
