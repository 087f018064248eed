/**
 * The relay's HTTP routes. Invariants: a body parser stands only on the route that needs it (the webhook's bytes must
 * arrive untouched); errors leave as a short JSON word, never with a stack or a text from inside.
 */
import express, { type ErrorRequestHandler, type Express } from 'express';
import { errorText, type Log } from '../contract/log.ts';
import { ENROLL_PATH } from '../contract/wire-http.ts';
import { WEBHOOK_PATH } from '../contract/wire.ts';
import { createBlobApi } from './blob-api.ts';
import type { BlobClaims } from './blob-claims.ts';
import type { BlobFiles } from './blob-files.ts';
import type { AppSubscription } from './app-subscription.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { createBodyGate } from './body-gate.ts';
import type { AddressOf } from './client-address.ts';
import { createDeviceAuth } from './device-auth.ts';
import { createDiagnosticsApi } from './diagnostics-api.ts';
import { createEnrollHandler } from './enroll.ts';
import { createErasureApi } from './erasure-api.ts';
import type { FindDevice } from './find-device.ts';
import { JOIN_PATH, showJoinPage } from './join-page.ts';
import { createKeysApi } from './keys-api.ts';
import type { AppendJob, AppendResult, LogStore } from './log-store/interface.ts';
import { createMetaWebhook } from './meta-webhook.ts';
import type { RelayMetrics } from './metrics.ts';
import { limitBodyTime, limitStrangers } from './request-limits.ts';
import { HEALTH_PATH, refuseUnknownRoutes } from './routes.ts';
import { createSnapshotApi } from './snapshot-api.ts';
import type { SnapshotFiles } from './snapshot-files.ts';
import type { RelayPorts } from './system-ports.ts';
import { createTeamApi } from './team-api.ts';
import { createWebhookSettingsApi } from './webhook-settings-api.ts';
import { createWebhookWitness } from './webhook-witness.ts';

/** Meta's batches reach 3 MB (Cloud API, Webhooks). */
const WEBHOOK_BYTES_MAX = 4 * 1024 * 1024;
const ENROLL_BYTES_MAX = 16 * 1024;

/** Nothing of ours is meant for a page; the page of an invite has its own policy. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** By HTTP status, for errors of the body parsers. */
const BODY_ERRORS: Record<number, string> = { 400: 'bad_request', 413: 'payload_too_large', 415: 'unsupported_media_type' };

type Deps = {
  appSecret: string;
  verifyToken: string;
  /** Where desktops and Meta reach this relay, as far as it was told. */ publicUrl: string | null;
  store: LogStore;
  findDevice: FindDevice;
  ports: RelayPorts;
  log: Log;
  /** For what anybody can cause without a secret, and for what we refuse to desktops. */ strangersLog: Log;
  metrics: RelayMetrics;
  append: (job: AppendJob) => Promise<AppendResult>;
  connectedDevices: () => Set<string>;
  /** Devices, members, keys or the log have changed. */ onTeamChanged: () => void;
  addressOf: AddressOf;
  /** Requests without a proof, by address. */ strangers: AttemptLimit;
  /** Requests of desktops, by device. */ deviceRequests: AttemptLimit;
  /** How long a body may take, ms. */ bodyWithinMs: number;
  /** Bytes of webhooks' bodies that may be under way at once. */ bodyBytesMax: number;
  /** Bytes of one snapshot. */ snapshotBytesMax: number;
  files: SnapshotFiles;
  onSnapshot: () => void;
  blobs: BlobFiles;
  blobClaims: BlobClaims;
  /** A sealed file is gone that desktops may have. */ onWanted: (name: string) => void;
  /** A desktop has said that somebody was erased. */ onErasure: () => void;
  subscription: AppSubscription;
  /** Bytes that wait to be written. */ waitingBytes: () => number;
};

export function createApp({
  appSecret,
  verifyToken,
  publicUrl,
  store,
  findDevice,
  ports,
  log,
  strangersLog,
  metrics,
  append,
  connectedDevices,
  onTeamChanged,
  addressOf,
  strangers,
  deviceRequests,
  bodyWithinMs,
  bodyBytesMax,
  snapshotBytesMax,
  files,
  onSnapshot,
  blobs,
  blobClaims,
  onErasure,
  onWanted,
  subscription,
  waitingBytes,
}: Deps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const headers = new Map(Object.entries({ ...HEADERS, ...(publicUrl?.startsWith('https:') && { 'Strict-Transport-Security': 'max-age=31536000' }) }));
  app.use((_request, response, next) => {
    response.setHeaders(headers);
    next();
  });
  app.use(limitStrangers({ addressOf, limit: strangers, log: strangersLog }));
  app.use(refuseUnknownRoutes);
  app.use(limitBodyTime({ withinMs: bodyWithinMs, log: strangersLog }));

  const witness = createWebhookWitness(ports.now);
  const webhook = createMetaWebhook({ appSecret, verifyToken, append, log, strangersLog, witness, metrics, isOwnQuestion: subscription.isOwnQuestion, now: ports.now });
  app.get(WEBHOOK_PATH, webhook.verify);
  // Meta does not compress; refusing what is compressed keeps a small body from becoming a large one.
  app.post(
    WEBHOOK_PATH,
    createBodyGate({ bodyMax: WEBHOOK_BYTES_MAX, totalMax: bodyBytesMax, log: strangersLog }),
    express.raw({ type: () => true, limit: WEBHOOK_BYTES_MAX, inflate: false }),
    webhook.receive,
  );

  app.post(ENROLL_PATH, express.json({ limit: ENROLL_BYTES_MAX }), createEnrollHandler({ store, ports, log, strangersLog, addressOf, onEnrolled: onTeamChanged }));
  const authenticate = createDeviceAuth({ findDevice, now: ports.now, strangersLog, addressOf, requests: deviceRequests });
  app.use(createTeamApi({ store, ports, log, refusalsLog: strangersLog, authenticate, connectedDevices, onChanged: onTeamChanged }));
  app.use(createKeysApi({ store, log, refusalsLog: strangersLog, authenticate, onChanged: onTeamChanged, onOverdue: onErasure }));
  app.use(createSnapshotApi({ store, files, ports, log, refusalsLog: strangersLog, authenticate, bytesMax: snapshotBytesMax, onCompleted: onSnapshot }));
  app.use(createBlobApi({ files: blobs, claims: blobClaims, hasKey: async () => (await store.readStatus()).epoch > 0, now: ports.now, log, refusalsLog: strangersLog, authenticate, onWanted }));

  app.use(createErasureApi({ store, blobs, log, authenticate, onErasure }));
  app.use(createDiagnosticsApi({ store, now: ports.now, authenticate, witness, subscription, waitingBytes }));
  app.use(createWebhookSettingsApi({ publicUrl, verifyToken, log, refusalsLog: strangersLog, authenticate }));

  app.get(JOIN_PATH, showJoinPage);

  app.get(HEALTH_PATH, async (request, response) => {
    try {
      const { logId, head } = await store.readStatus();
      response.json(addressOf(request) === null ? { ok: true, logId, head } : { ok: true });
    } catch (error) {
      log('error', 'health.failed', { error: errorText(error) });
      response.status(503).json({ ok: false });
    }
  });

  const answerError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    // The line broke, or we ended it. Express would write the stack to stderr.
    if (response.headersSent) return void request.socket.destroy();
    const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    const isRefusal = status >= 400 && status < 500;
    // The text of a parser's error quotes the body.
    if (isRefusal) strangersLog('warn', 'http.refused', { method: request.method, status });
    else log('error', 'http.failed', { method: request.method, error: errorText(error) });
    response.status(isRefusal ? status : 500).json({ error: isRefusal ? (BODY_ERRORS[status] ?? 'bad_request') : 'internal' });
  };
  app.use(answerError);
  return app;
}
