/**
 * Snapshots over HTTP (`contract/wire-http.ts`): a desktop announces one, brings its parts in any order, completes it;
 * others read what is trusted. Invariants: only the device that announced a snapshot writes to it; a part has its exact
 * size and its number counts from 0; an address is only ever looked up, never made into a file's name.
 */
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorText, shortId, type Log } from '../contract/log.ts';
import { SNAPSHOT_PART_BYTES, snapshotMetaSchema, SNAPSHOTS_PATH, type AdminError, type SnapshotMeta } from '../contract/wire-http.ts';
import { deviceOf } from './device-auth.ts';
import type { LogStore, Snapshot } from './log-store/interface.ts';
import type { SnapshotFiles } from './snapshot-files.ts';
import type { RelayPorts } from './system-ports.ts';
import { ADMIN_ERROR_STATUS } from './team-api.ts';

/** `deviceSeqs` names every device that the workspace has ever had. */
const META_BYTES_MAX = 1024 * 1024;

type Deps = {
  store: LogStore;
  files: SnapshotFiles;
  ports: RelayPorts;
  log: Log;
  /** A desktop gone wild is refused as often as it asks. */
  refusalsLog: Log;
  authenticate: RequestHandler;
  /** Bytes of one snapshot. */
  bytesMax: number;
  /** A snapshot was completed: others may have become superfluous. */
  onCompleted: () => void;
};

export function createSnapshotApi({ store, files, ports, log, refusalsLog, authenticate, bytesMax, onCompleted }: Deps): Router {
  const router = Router();
  const refuse = (response: Response, error: AdminError): void => {
    refusalsLog('info', 'snapshot.refused', { device: shortId(deviceOf(response).id), error });
    response.status(ADMIN_ERROR_STATUS[error]).json({ error });
  };
  /** What the asking device announced and may still write to. */
  const findOwn = async (request: Request, response: Response): Promise<Snapshot | undefined> => {
    const snapshot = await store.findSnapshot(String(request.params['id']));
    return snapshot?.deviceId === deviceOf(response).id ? snapshot : undefined;
  };
  const findTrusted = async ({ params }: Request): Promise<Snapshot | undefined> => {
    const [seq, stateVersion] = [readNumber(params['seq']), readNumber(params['stateVersion'])];
    return seq === undefined || stateVersion === undefined ? undefined : store.findTrustedSnapshot(seq, stateVersion);
  };

  router.post(SNAPSHOTS_PATH, authenticate, json({ limit: META_BYTES_MAX }), async (request, response) => {
    const parsed = snapshotMetaSchema.safeParse(request.body);
    if (!parsed.success) return refuse(response, 'bad_request');
    const { logId, ...meta } = parsed.data;
    if (logId !== store.logId) return refuse(response, 'changed_meanwhile');
    if (meta.bytes > bytesMax) return void response.status(413).json({ error: 'payload_too_large' });
    if (!(await files.hasRoomFor(meta.bytes))) {
      log('error', 'snapshot.no_room', { bytes: meta.bytes });
      return void response.status(507).json({ error: 'insufficient_storage' });
    }
    const outcome = await store.announceSnapshot({ id: ports.newId(), deviceId: deviceOf(response).id, meta });
    // `known`: somebody was faster.
    if (outcome.status !== 'announced') return refuse(response, outcome.status === 'known' ? 'changed_meanwhile' : 'bad_request');
    log('info', 'snapshot.announced', { snapshot: shortId(outcome.id), seq: meta.seq, bytes: meta.bytes });
    response.json({ id: outcome.id });
  });

  router.put(`${SNAPSHOTS_PATH}/:id/:part`, authenticate, async (request, response) => {
    const snapshot = await findOwn(request, response);
    const place = snapshot && placeOf(snapshot, request.params['part']);
    response.set('Connection', 'close'); // undone below; a refused part is not read
    if (!snapshot || snapshot.completedAt !== null) return refuse(response, 'not_found');
    const length = request.headers['content-length'];
    if (!place || (length !== undefined && Number(length) !== place.bytes) || request.headers['content-encoding'] !== undefined) return refuse(response, 'bad_request');
    let outcome;
    try {
      outcome = await files.write(snapshot.id, place, request);
    } catch (error) {
      if (request.destroyed && !request.complete) return; // the line broke; the desktop sends the part again
      throw error;
    }
    if (outcome === 'busy') return refuse(response, 'changed_meanwhile');
    if (outcome === 'wrong_size') return refuse(response, 'bad_request');
    response.removeHeader('Connection');
    response.json({});
  });

  router.post(`${SNAPSHOTS_PATH}/:id`, authenticate, async (request, response) => {
    const snapshot = await findOwn(request, response);
    if (!snapshot) return refuse(response, 'not_found');
    if (snapshot.completedAt !== null) return void response.json({}); // our answer was lost
    const outcome = await files.finish(snapshot.id, snapshot.meta);
    if (outcome === 'busy') return refuse(response, 'changed_meanwhile');
    if (outcome === 'wrong') {
      await store.dropSnapshot(snapshot.id);
      return refuse(response, 'bad_request');
    }
    await store.completeSnapshot(snapshot.id);
    log('info', 'snapshot.completed', { snapshot: shortId(snapshot.id), seq: snapshot.meta.seq, bytes: snapshot.meta.bytes });
    onCompleted();
    response.json({});
  });

  router.get(`${SNAPSHOTS_PATH}/:seq/:stateVersion`, authenticate, async (request, response) => {
    const snapshot = await findTrusted(request);
    // After a restored backup the rows up to `seq` are those of the log that it continues.
    if (snapshot) response.json({ ...snapshot.meta, logId: store.logId } satisfies SnapshotMeta);
    else refuse(response, 'not_found');
  });

  router.get(`${SNAPSHOTS_PATH}/:seq/:stateVersion/:part`, authenticate, async (request, response) => {
    const snapshot = await findTrusted(request);
    const place = snapshot && placeOf(snapshot, request.params['part']);
    if (!place) return refuse(response, 'not_found');
    response.set({ 'Content-Type': 'application/octet-stream', 'Content-Length': String(place.bytes) });
    const bytes: Readable = files.read(snapshot.id, place);
    await pipeline(bytes, response).catch((error: unknown) => log('warn', 'snapshot.read_ended', { snapshot: shortId(snapshot.id), error: errorText(error) }));
  });

  return router;
}

const readNumber = (text: unknown): number | undefined => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** Undefined if there is no such part. */
function placeOf({ meta }: Snapshot, part: unknown): { start: number; bytes: number } | undefined {
  const start = (readNumber(part) ?? Infinity) * SNAPSHOT_PART_BYTES;
  return start < meta.bytes ? { start, bytes: Math.min(SNAPSHOT_PART_BYTES, meta.bytes - start) } : undefined;
}
