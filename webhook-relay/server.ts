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
import { createAttemptLimit } from './attempt-limit.ts';
import { createBlobClaims } from './blob-claims.ts';
import { createBlobFiles, readFreeBytes } from './blob-files.ts';
import { createAppSubscription } from './app-subscription.ts';
import { createAddressOf } from './client-address.ts';
import type { RelayConfig } from './config.ts';
import { createDedupeKey } from './dedupe-key.ts';
import { createFindDevice } from './find-device.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLiveFeed } from './live-feed.ts';
import { createLogLimit } from './log-limit.ts';
import type { AppendJob, AppendResult, LogStore } from './log-store/interface.ts';
import { openLogStore } from './log-store/open-log-store.ts';
import { createMetrics, NO_METRICS } from './metrics.ts';
import { METRICS_PATH, startMetricsServer, type MetricsServer } from './metrics-server.ts';
import { nameRoute } from './routes.ts';
import { createSealedAppend } from './seal-webhooks.ts';
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
  /** Requests a minute of an address without token and signature. */
  strangerRequestsMax: number;
  /** Requests in ten seconds of a device: first sync of a desktop asks for thousands of files. */
  deviceRequestsMax: number;
  /** Connections a minute of a device. */
  deviceConnectsMax: number;
  /** How long headers, and the body of a request that is no part of a file, may take to come. */
  headersWithinMs: number;
  bodyWithinMs: number;
  /** A connection on which nothing moves for so long is ended: nobody reads what it is sent, or it was forgotten. */
  idleWithinMs: number;
};
const DEFAULT_LIMITS: Omit<RelayLimits, 'snapshotEvery'> = {
  helloWithinMs: 10_000,
  pingEveryMs: 20_000,
  slowClientBytes: 8 * 1024 * 1024,
  presenceEveryMs: 1_000,
  bodyBytesMax: 64 * 1024 * 1024,
  snapshotBytesMax: 2 * 1024 * 1024 * 1024,
  connectionsMax: 5_000,
  strangerRequestsMax: 600,
  deviceRequestsMax: 3_000,
  deviceConnectsMax: 120,
  headersWithinMs: 10_000,
  bodyWithinMs: 20_000,
  idleWithinMs: 150_000,
};
const MINUTE_MS = 60_000;
const DEVICE_WINDOW_MS = 10_000;
/** Node's default is twice as much; what Meta and desktops send is far below. */
const HEADER_BYTES_MAX = 8 * 1024;
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
  /** Null: the relay counts nothing. */
  readonly metricsUrl: string | null;
};

type Running = { url: string; metricsUrl: string | null; stop: () => Promise<void> };

export type RelayDeps = {
  config: RelayConfig;
  ports: RelayPorts;
  log: Log;
  /** Another store than the one that `config` names. */
  openStore?: () => LogStore | Promise<LogStore>;
  limits?: Partial<RelayLimits>;
};

export function createRelay({ config, ports, log, openStore, limits: givenLimits }: RelayDeps): Relay {
  const limits: RelayLimits = { ...DEFAULT_LIMITS, snapshotEvery: config.snapshotEvery, ...givenLimits };
  let running: Running | undefined;

  async function start(): Promise<Running> {
    /** For what repeats while a database is away. */
    const limitedLog = createLogLimit(log, ports.now);
    const store = await (openStore ? openStore() : openLogStore(config, { now: ports.now, newId: ports.newId, log: limitedLog }));
    const dedupeKey = createDedupeKey(config.appSecret);
    try {
      if ((await store.keyDedupes(dedupeKey)) === 'changed') log('warn', 'relay.other_app_secret', { note: 'what Meta brings again from before it may be stored twice' });
    } catch (error) {
      await store.close();
      throw error;
    }
    const files = createSnapshotFiles(config.dataDir);
    const blobs = createBlobFiles({ dataDir: config.dataDir, totalMax: config.mediaStoreGb * GB, now: ports.now });
    const mediaRetentionMs = config.mediaRetentionDays === 0 ? null : config.mediaRetentionDays * DAY_MS;
    const upkeep = createUpkeep({ store, files, blobs: { files: blobs, retentionMs: mediaRetentionMs }, log, now: ports.now, retentionMs: config.logRetentionDays * DAY_MS, everyMs: UPKEEP_EVERY_MS });
    const appendSealed = createSealedAppend({ store, dedupeKey, now: ports.now });
    const feed = createLiveFeed({ store, log, clock: () => performance.now(), onDelivered: (seq) => void sync.considerSnapshot(seq) });
    const {
      submit: append,
      flush,
      waitingBytes,
    } = createGroupCommit<AppendJob, AppendResult>({
      commit: async (jobs) => {
        const begunAt = performance.now();
        const results = await appendSealed(jobs);
        metrics.noteCommit(performance.now() - begunAt);
        feed.wake();
        return results;
      },
      bytesOf: (job) => (job.kind === 'webhook' ? job.items : job.ops).reduce((bytes, { body }) => bytes + body.length, 0),
      maxJobs: GROUP_JOBS_MAX,
      maxBytes: GROUP_BYTES_MAX,
    });
    const counted =
      config.metricsPort === undefined
        ? undefined
        : await createMetrics({
            readStatus: store.readStatus,
            waitingBytes: () => waitingBytes(),
            connectedDevices: () => sync.connectedDevices().size,
            lowestCursor: () => sync.lowestCursor(),
            readFreeBytes: () => readFreeBytes(config.dataDir),
            now: ports.now,
            log,
          });
    const metrics = counted ?? NO_METRICS;
    const addressOf = createAddressOf(config.trustedProxyHops);
    const strangers = createAttemptLimit({ max: limits.strangerRequestsMax, windowMs: MINUTE_MS, now: ports.now });
    const deviceConnects = createAttemptLimit({ max: limits.deviceConnectsMax, windowMs: MINUTE_MS, now: ports.now });
    const findDevice = createFindDevice(store);
    const sync = createSyncSocket({ store, findDevice, append, feed, listWanted: blobs.listWanted, log, now: ports.now, limits, onTrusted: upkeep.run, addressOf, strangers, deviceConnects, metrics });
    const onTeamChanged = (): void => {
      feed.wake();
      sync.lookAtDevices().catch((error: unknown) => log('error', 'relay.look_failed', { error: errorText(error) }));
    };
    const app = createApp({
      appSecret: config.appSecret,
      verifyToken: config.verifyToken,
      publicUrl: config.publicUrl ?? null,
      store,
      findDevice,
      ports,
      log,
      strangersLog: createLogLimit(log, ports.now),
      metrics,
      append,
      connectedDevices: sync.connectedDevices,
      onTeamChanged,
      addressOf,
      strangers,
      deviceRequests: createAttemptLimit({ max: limits.deviceRequestsMax, windowMs: DEVICE_WINDOW_MS, now: ports.now }),
      bodyWithinMs: limits.bodyWithinMs,
      bodyBytesMax: limits.bodyBytesMax,
      snapshotBytesMax: limits.snapshotBytesMax,
      files,
      onSnapshot: upkeep.run,
      blobs,
      blobClaims: createBlobClaims(ports.now),
      onWanted: sync.noteWanted,
      onErasure: () => {
        sync.noteErasure();
        upkeep.run();
      },
      subscription: createAppSubscription({
        appId: config.appId,
        appSecret: config.appSecret,
        graphBaseUrl: config.graphBaseUrl,
        fetch: ports.fetch,
        newSecret: () => ports.randomBytes(18).toString('base64url'),
      }),
      waitingBytes,
    });
    let isStopping = false;
    const server = createServer(
      {
        headersTimeout: limits.headersWithinMs,
        requestTimeout: REQUEST_WITHIN_MS,
        keepAliveTimeout: 65_000, // longer than proxies keep theirs
        connectionsCheckingInterval: limits.headersWithinMs / 4, // Node looks every 30 s by itself
        maxHeaderSize: HEADER_BYTES_MAX,
      },
      (request, response) => {
        if (isStopping) response.setHeader('Connection', 'close'); // so that a proxy takes its next request elsewhere
        if (counted) response.once('finish', () => counted.noteResponse(nameRoute(URL.parse(request.url ?? '', 'http://relay')?.pathname ?? ''), response.statusCode));
        app(request, response);
      },
    );
    server.maxHeadersCount = 0; // beyond a count Node drops headers unseen, what the proxy appended first of all; the bytes are limited
    server.maxConnections = limits.connectionsMax;
    server.timeout = limits.idleWithinMs; // WebSockets have their pings
    server.on('upgrade', (request, socket, head) => void sync.upgrade(request, socket, head));

    let metricsServer: MetricsServer | undefined;
    try {
      if (counted) metricsServer = await startMetricsServer({ host: config.metricsHost, port: config.metricsPort ?? 0, token: config.metricsToken, render: counted.render });
      server.listen(config.port, config.host);
      await once(server, 'listening');
    } catch (error) {
      await metricsServer?.stop();
      await upkeep.stop();
      await sync.stop();
      await store.close();
      throw error;
    }

    let { logId } = store;
    let isNewsElsewhere = false;
    let isLooking = false;
    const lookElsewhere = async (): Promise<void> => {
      if (isLooking) return; // a store that does not answer is asked once at a time, and what is missed now is found at the next look
      isLooking = true;
      try {
        isNewsElsewhere = (await store.hasChangedElsewhere()) || isNewsElsewhere;
        if (!isNewsElsewhere) return;
        feed.wake();
        sync.noteErasure(); // which another relay may have been told of
        await sync.lookAtDevices();
        if (logId !== store.logId) sync.sendAllAway('the log is another one');
        logId = store.logId;
        isNewsElsewhere = false;
      } catch (error) {
        limitedLog('error', 'relay.look_failed', { error: errorText(error) });
      } finally {
        isLooking = false;
      }
    };
    upkeep.run();
    store.onWake(feed.wake);
    const looking = setInterval(() => void lookElsewhere(), LOOK_ELSEWHERE_EVERY_MS);

    const stop = async (): Promise<void> => {
      isStopping = true;
      clearInterval(looking);
      const closed = once(server, 'close');
      server.close();
      await upkeep.stop();
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
      await metricsServer?.stop();
      await store.close();
    };

    const { port } = server.address() as AddressInfo;
    const metricsUrl = metricsServer ? `http://${nameForUrl(config.metricsHost)}:${metricsServer.port}${METRICS_PATH}` : null;
    return { url: `http://${nameForUrl(config.host)}:${port}`, metricsUrl, stop };
  }

  const getRunning = (): Running => {
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
    get metricsUrl() {
      return getRunning().metricsUrl;
    },
  };
}

/** A host to reach this machine by, when it listens on all of its addresses. */
function nameForUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
