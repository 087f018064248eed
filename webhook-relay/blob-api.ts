/**
 * Files of messages over HTTP (`contract/wire-http.ts`): a desktop announces one, appends to it, others read it.
 * Invariants: only an enrolled desktop reads or writes; once the log has a key no file is begun that is not
 * sealed; an address is checked to have the form of a SHA-256 before it names a file; what one agent's desktops can have others bring again is limited.
 */
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { errorText, shortId, type Log } from '../contract/log.ts';
import { SEALED_MEDIA_BYTES_MAX } from '../contract/limits.ts';
import { BLOB_CLAIMS_PATH, BLOB_PART_BYTES, blobAnnounceSchema, BLOBS_PATH, type AdminError } from '../contract/wire-http.ts';
import { createAttemptLimit } from './attempt-limit.ts';
import type { BlobClaims } from './blob-claims.ts';
import type { BlobFiles, BlobProgress } from './blob-files.ts';
import { deviceOf } from './device-auth.ts';
import { ADMIN_ERROR_STATUS } from './team-api.ts';

const BODY_BYTES_MAX = 1024;
/** Of one agent, whose devices can be renewed: the relay takes their word that a file is wrong, and each has a desktop bring up to 100 MB again. */
const DROPS_MAX = 120;
const DROPS_WINDOW_MS = 60 * 60 * 1000;

type Deps = {
  files: BlobFiles;
  claims: BlobClaims;
  /** Whether the log has a key, and with it every file that comes is sealed. */
  hasKey: () => Promise<boolean>;
  now: () => number;
  log: Log;
  /** A desktop gone wild is refused as often as it asks. */
  refusalsLog: Log;
  authenticate: RequestHandler;
  /** A sealed file is gone, and somebody may have the right one. */
  onWanted: (name: string) => void;
};

export function createBlobApi({ files, claims, hasKey, now, log, refusalsLog, authenticate, onWanted }: Deps): Router {
  const drops = createAttemptLimit({ max: DROPS_MAX, windowMs: DROPS_WINDOW_MS, now });
  const router = Router();
  const refuse = (response: Response, error: AdminError): void => {
    refusalsLog('info', 'blob.refused', { device: shortId(deviceOf(response).id), error });
    response.status(ADMIN_ERROR_STATUS[error]).json({ error });
  };
  const answer = (response: Response, name: string, result: BlobProgress | AdminError): void => {
    if (typeof result === 'string') {
      if (result === 'no_room') refusalsLog('error', 'blob.no_room');
      return refuse(response, result);
    }
    if (result.isStored) log('info', 'blob.stored', { blob: shortId(name), bytes: result.received });
    response.json(result);
  };
  const path = `${BLOBS_PATH}/:name`;

  router.post(path, authenticate, json({ limit: BODY_BYTES_MAX }), async (request, response) => {
    const name = readName(request);
    const parsed = blobAnnounceSchema.safeParse(request.body);
    if (name === null || !parsed.success) return refuse(response, 'bad_request');
    if (parsed.data.bytes > SEALED_MEDIA_BYTES_MAX) return refuse(response, 'too_large');
    // A desktop that has just heard of the key seals it and comes again; one that is too old for keys never brings it.
    if (parsed.data.sha256 === undefined && (await hasKey())) return refuse(response, 'changed_meanwhile');
    answer(response, name, await files.announce(name, deviceOf(response).id, parsed.data.bytes, parsed.data.sha256));
  });

  router.put(path, authenticate, async (request, response) => {
    const name = readName(request);
    const offset = readNumber(request.query['offset']);
    const length = request.headers['content-length'];
    response.set('Connection', 'close'); // undone below; a refused part is not read
    if (name === null || offset === null || request.headers['content-encoding'] !== undefined) return refuse(response, 'bad_request');
    if (length !== undefined && Number(length) > BLOB_PART_BYTES) return refuse(response, 'too_large');
    let result;
    try {
      result = await files.append(name, deviceOf(response).id, offset, request);
    } catch (error) {
      if (hasLineBroken(error)) return; // the desktop asks how far it is and goes on
      throw error;
    }
    if (typeof result !== 'string') response.removeHeader('Connection');
    answer(response, name, result);
  });

  router.get(path, authenticate, async (request, response) => {
    const name = readName(request);
    const found = name === null ? null : await files.find(name);
    if (!found) return refuse(response, 'not_found');
    response.set('Content-Type', 'application/octet-stream');
    // Answers HEAD and Range too.
    response.sendFile(found.name, { root: found.folder, etag: false, lastModified: false, cacheControl: false }, (error?: NodeJS.ErrnoException) => {
      if (!error || response.headersSent) return;
      if (error.code === 'ENOENT') return refuse(response, 'not_found'); // it has just gone
      const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
      if (status >= 500) log('error', 'blob.read_failed', { blob: shortId(name ?? ''), error: errorText(error) });
      response.status(status).json({ error: status >= 500 ? 'internal' : 'bad_request' });
    });
  });

  router.delete(path, authenticate, async (request, response) => {
    const name = readName(request);
    const { agentId } = deviceOf(response);
    if (!drops.take(agentId)) {
      response.set('Retry-After', String(drops.secondsLeft(agentId)));
      return refuse(response, 'too_many_requests');
    }
    const outcome = name === null ? 'bad_request' : await files.dropSealed(name);
    if (name === null || outcome !== 'dropped') return refuse(response, outcome === 'dropped' ? 'bad_request' : outcome);
    onWanted(name);
    log('warn', 'blob.dropped', { blob: shortId(name), device: shortId(deviceOf(response).id) });
    response.json({});
  });

  router.post(`${BLOB_CLAIMS_PATH}/:key`, authenticate, (request, response) => {
    const key = String(request.params['key']);
    if (!/^[\w-]{1,128}$/.test(key)) return refuse(response, 'bad_request');
    response.json(claims.take(key, deviceOf(response).id));
  });

  return router;
}

function readName({ params }: Request): string | null {
  const name = String(params['name']);
  return /^[0-9a-f]{64}$/.test(name) ? name : null;
}

/** And it is not the disk that failed, which ends the request, too. */
const hasLineBroken = (error: unknown): boolean => ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? '');

const readNumber = (text: unknown): number | null => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null);
