/**
 * The relay's HTTP routes. Invariants: a body parser stands only on the route that needs it (the webhook's bytes must
 * arrive untouched); errors leave as a short JSON word, never with a stack or a text from inside.
 */
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import { errorText, type Log } from '../contract/log.ts';
import { ENROLL_PATH } from '../contract/wire-http.ts';
import { WEBHOOK_PATH } from '../contract/wire.ts';
import { createBlobApi } from './blob-api.ts';
import type { BlobClaims } from './blob-claims.ts';
import type { BlobFiles } from './blob-files.ts';
import type { AppSubscription } from './app-subscription.ts';
import { createBodyGate } from './body-gate.ts';
import { createDeviceAuth } from './device-auth.ts';
import { createDiagnosticsApi } from './diagnostics-api.ts';
import { createEnrollHandler } from './enroll.ts';
import { JOIN_PATH, showJoinPage } from './join-page.ts';
import { createLogLimit } from './log-limit.ts';
import type { AppendJob, AppendResult, LogStore } from './log-store/interface.ts';
import { createMetaWebhook } from './meta-webhook.ts';
import { createSnapshotApi } from './snapshot-api.ts';
import type { SnapshotFiles } from './snapshot-files.ts';
import type { RelayPorts } from './system-ports.ts';
import { createTeamApi } from './team-api.ts';
import { createWebhookWitness } from './webhook-witness.ts';

/** Meta's batches reach 3 MB (Cloud API, Webhooks). */
const WEBHOOK_BYTES_MAX = 4 * 1024 * 1024;
const ENROLL_BYTES_MAX = 16 * 1024;

/** By HTTP status, for errors of the body parsers. */
const BODY_ERRORS: Record<number, string> = { 400: 'bad_request', 413: 'payload_too_large', 415: 'unsupported_media_type' };

type Deps = {
  appSecret: string;
  verifyToken: string;
  store: LogStore;
  ports: RelayPorts;
  log: Log;
  append: (job: AppendJob) => Promise<AppendResult>;
  connectedDevices: () => Set<string>;
  /** Devices, members or the log have changed. */ onTeamChanged: () => void;
  /** Bytes of webhooks' bodies that may be under way at once. */ bodyBytesMax: number;
  /** Bytes of one snapshot. */ snapshotBytesMax: number;
  files: SnapshotFiles;
  onSnapshot: () => void;
  blobs: BlobFiles;
  blobClaims: BlobClaims;
  subscription: AppSubscription;
  /** Bytes that wait to be written. */ waitingBytes: () => number;
};

export function createApp({
  appSecret,
  verifyToken,
  store,
  ports,
  log,
  append,
  connectedDevices,
  onTeamChanged,
  bodyBytesMax,
  snapshotBytesMax,
  files,
  onSnapshot,
  blobs,
  blobClaims,
  subscription,
  waitingBytes,
}: Deps): Express {
  /** For what anybody can cause without a secret, and for what we refuse to desktops. */
  const strangersLog = createLogLimit(log, ports.now);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', 'loopback'); // the proxy that does TLS usually runs on this machine
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff').set('Cache-Control', 'no-store');
    next();
  });

  const witness = createWebhookWitness(ports.now);
  const webhook = createMetaWebhook({ appSecret, verifyToken, append, log, strangersLog, witness, isOwnQuestion: subscription.isOwnQuestion, now: ports.now });
  app.get(WEBHOOK_PATH, webhook.verify);
  // Meta does not compress; refusing what is compressed keeps a small body from becoming a large one.
  app.post(
    WEBHOOK_PATH,
    createBodyGate({ bodyMax: WEBHOOK_BYTES_MAX, totalMax: bodyBytesMax, log: strangersLog }),
    express.raw({ type: () => true, limit: WEBHOOK_BYTES_MAX, inflate: false }),
    webhook.receive,
  );

  app.post(ENROLL_PATH, express.json({ limit: ENROLL_BYTES_MAX }), createEnrollHandler({ store, ports, log, strangersLog, onEnrolled: onTeamChanged }));
  const authenticate = createDeviceAuth({ store, now: ports.now, strangersLog });
  app.use(createTeamApi({ store, ports, log, refusalsLog: strangersLog, authenticate, connectedDevices, onChanged: onTeamChanged }));
  app.use(createSnapshotApi({ store, files, ports, log, refusalsLog: strangersLog, authenticate, bytesMax: snapshotBytesMax, onCompleted: onSnapshot }));
  app.use(createBlobApi({ files: blobs, claims: blobClaims, log, refusalsLog: strangersLog, authenticate }));

  app.use(createDiagnosticsApi({ store, now: ports.now, authenticate, witness, subscription, waitingBytes }));

  app.get(JOIN_PATH, showJoinPage);

  app.get('/healthz', async (request, response) => {
    try {
      const { logId, head } = await store.readStatus();
      response.json(isFromThisMachine(request) ? { ok: true, logId, head } : { ok: true });
    } catch (error) {
      log('error', 'health.failed', { error: errorText(error) });
      response.status(503).json({ ok: false });
    }
  });

  app.use((_request, response) => {
    response.status(404).json({ error: 'not_found' });
  });

  const answerError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
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

/** Not through a proxy, which also comes from this machine. */
function isFromThisMachine({ socket, headers }: Request): boolean {
  const address = socket.remoteAddress ?? '';
  return (address === '::1' || /^(::ffff:)?127\./.test(address)) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
}
