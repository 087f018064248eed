/**
 * The relay put together. Lifecycle: `start` opens the database and listens; `stop` takes nothing new, commits and
 * answers what is under way, ends the sockets and closes the database, in this order.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText, type Log } from '../contract/log.ts';
import { WEBHOOK_PATH } from '../contract/wire.ts';
import { createApp } from './app.ts';
import { createBlobClaims } from './blob-claims.ts';
import { createBlobFiles } from './blob-files.ts';
import { createAppSubscription } from './app-subscription.ts';
import type { RelayConfig } from './config.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLiveFeed } from './live-feed.ts';
import type { AppendJob, AppendResult, LogStore } from './log-store/interface.ts';
import { openSqliteStore } from './log-store/sqlite.ts';
import { createSnapshotFiles } from './snapshot-files.ts';
import type { SyncLimits } from './sync-connection.ts';
import { createSyncSocket } from './sync-socket.ts';
import type { RelayPorts } from './system-ports.ts';
import { createUpkeep } from './upkeep.ts';

export type RelayLimits = SyncLimits & {
  /** Bytes of webhooks' bodies that may be under way at once. */
  bodyBytesMax: number;
  /** Bytes of one snapshot; a handful of them are kept. */
  snapshotBytesMax: number;
  /** Connections of all kinds; a team's desktops need one each. Meta comes again when it finds none free. */
  connectionsMax: number;
};
const DEFAULT_LIMITS: Omit<RelayLimits, 'snapshotEvery'> = {
  helloWithinMs: 10_000,
  pingEveryMs: 20_000,
  slowClientBytes: 8 * 1024 * 1024,
  presenceEveryMs: 1_000,
  bodyBytesMax: 64 * 1024 * 1024,
  snapshotBytesMax: 2 * 1024 * 1024 * 1024,
  connectionsMax: 1_000,
};
const GROUP_JOBS_MAX = 512;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;
/** How often we look whether the command line, in its own process, has changed something. */
const LOOK_ELSEWHERE_EVERY_MS = 250;
const GB = 1e9;
const DAY_MS = 24 * 60 * 60 * 1000;
const UPKEEP_EVERY_MS = 60 * 60 * 1000;
/** A part of a snapshot comes over a slow line; desktops give up after two minutes. */
const REQUEST_WITHIN_MS = 150_000;
/** How long requests under way have to end when the relay stops. */
const STOP_GRACE_MS = 2_000;

export type Relay = {
  start: () => Promise<void>;
  /** May be called twice. */
  stop: () => Promise<void>;
  /** Known after `start`; without a trailing slash. */
  readonly url: string;
  readonly webhookUrl: string;
};

export type RelayDeps = {
  config: RelayConfig;
  ports: RelayPorts;
  log: Log;
  /** Another store than SQLite in `config.dataDir`. */
  openStore?: () => LogStore;
  limits?: Partial<RelayLimits>;
};

export function createRelay({ config, ports, log, openStore, limits: givenLimits }: RelayDeps): Relay {
  const limits: RelayLimits = { ...DEFAULT_LIMITS, snapshotEvery: config.snapshotEvery, ...givenLimits };
  let running: { url: string; stop: () => Promise<void> } | undefined;

  async function start(): Promise<{ url: string; stop: () => Promise<void> }> {
    const store = openStore ? openStore() : openSqliteStore({ dataDir: config.dataDir, now: ports.now, newId: ports.newId });
    const files = createSnapshotFiles(config.dataDir);
    const blobs = createBlobFiles({ dataDir: config.dataDir, totalMax: config.mediaStoreGb * GB, now: ports.now });
    const mediaRetentionMs = config.mediaRetentionDays === 0 ? null : config.mediaRetentionDays * DAY_MS;
    const upkeep = createUpkeep({ store, files, blobs: { files: blobs, retentionMs: mediaRetentionMs }, log, now: ports.now, retentionMs: config.logRetentionDays * DAY_MS, everyMs: UPKEEP_EVERY_MS });
    const feed = createLiveFeed({ store, log, onDelivered: () => void sync.considerSnapshot() });
    const {
      submit: append,
      flush,
      waitingBytes,
    } = createGroupCommit<AppendJob, AppendResult>({
      commit: async (jobs) => {
        const results = await store.append(jobs);
        feed.wake();
        return results;
      },
      bytesOf: (job) => (job.kind === 'webhook' ? job.items : job.ops).reduce((bytes, { body }) => bytes + body.length, 0),
      maxJobs: GROUP_JOBS_MAX,
      maxBytes: GROUP_BYTES_MAX,
    });
    const sync = createSyncSocket({ store, append, feed, log, now: ports.now, limits, onTrusted: upkeep.run });
    const onTeamChanged = (): void => {
      feed.wake();
      sync.lookAtDevices().catch((error: unknown) => log('error', 'relay.look_failed', { error: errorText(error) }));
    };
    const app = createApp({
      appSecret: config.appSecret,
      verifyToken: config.verifyToken,
      store,
      ports,
      log,
      append,
      connectedDevices: sync.connectedDevices,
      onTeamChanged,
      bodyBytesMax: limits.bodyBytesMax,
      snapshotBytesMax: limits.snapshotBytesMax,
      files,
      onSnapshot: upkeep.run,
      blobs,
      blobClaims: createBlobClaims(ports.now),
      subscription: createAppSubscription({
        appId: config.appId,
        appSecret: config.appSecret,
        graphBaseUrl: config.graphBaseUrl,
        fetch: ports.fetch,
        newSecret: () => ports.randomBytes(18).toString('base64url'),
      }),
      waitingBytes,
    });
    const server = createServer({ headersTimeout: 10_000, requestTimeout: REQUEST_WITHIN_MS, keepAliveTimeout: 65_000 }, app);
    server.maxConnections = limits.connectionsMax;
    server.on('upgrade', (request, socket, head) => void sync.upgrade(request, socket, head));

    try {
      server.listen(config.port, config.host);
      await once(server, 'listening');
    } catch (error) {
      await upkeep.stop();
      await sync.stop();
      await store.close();
      throw error;
    }

    let { logId } = store;
    let isNewsElsewhere = false;
    const lookElsewhere = async (): Promise<void> => {
      try {
        isNewsElsewhere = (await store.hasChangedElsewhere()) || isNewsElsewhere;
        if (!isNewsElsewhere) return;
        feed.wake();
        await sync.lookAtDevices();
        if (logId !== store.logId) sync.sendAllAway('the log is another one');
        logId = store.logId;
        isNewsElsewhere = false;
      } catch (error) {
        log('error', 'relay.look_failed', { error: errorText(error) });
      }
    };
    upkeep.run();
    const looking = setInterval(() => void lookElsewhere(), LOOK_ELSEWHERE_EVERY_MS);

    const stop = async (): Promise<void> => {
      clearInterval(looking);
      await upkeep.stop();
      const closed = once(server, 'close');
      server.close();
      await flush();
      feed.stop();
      await sync.stop();
      // A connection falls idle when its last answer is out.
      const closingIdle = setInterval(() => server.closeIdleConnections(), 25);
      await Promise.race([closed, delay(STOP_GRACE_MS, undefined, { ref: false })]);
      clearInterval(closingIdle);
      server.closeAllConnections();
      await closed;
      await flush();
      await store.close();
    };

    const { port } = server.address() as AddressInfo;
    return { url: `http://${nameForUrl(config.host)}:${port}`, stop };
  }

  const getRunning = (): { url: string } => {
    if (!running) throw new Error('the relay has not been started');
    return running;
  };

  return {
    start: async () => {
      running = await start();
    },
    stop: async () => {
      const { stop } = running ?? {};
      running = undefined;
      await stop?.();
    },
    get url() {
      return getRunning().url;
    },
    get webhookUrl() {
      return `${getRunning().url}${WEBHOOK_PATH}`;
    },
  };
}

/** A host to reach this machine by, when it listens on all of its addresses. */
function nameForUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
