/**
 * `POST /api/erasures` (`contract/wire-http.ts`): a lead's desktop says up to where the log holds somebody who was erased, and which files were theirs.
 * Invariant: nothing is lost by it that the team still has, because entries go only under a trusted snapshot; files are named by desktops that have
 * looked who else has them, and one that was named wrongly comes again from whoever holds it.
 */
import { json, Router, type RequestHandler } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import { ERASURES_PATH, erasureRequestSchema, type AdminError } from '../contract/wire-http.ts';
import type { BlobFiles } from './blob-files.ts';
import { deviceOf } from './device-auth.ts';
import type { LogStore } from './log-store/interface.ts';
import { ADMIN_ERROR_STATUS } from './team-api.ts';

const BODY_BYTES_MAX = 64 * 1024;

type Deps = { store: Pick<LogStore, 'findDevice' | 'noteErasure'>; blobs: Pick<BlobFiles, 'remove'>; log: Log; authenticate: RequestHandler; onErasure: () => void };

export function createErasureApi({ store, blobs, log, authenticate, onErasure }: Deps): Router {
  const router = Router();
  router.post(ERASURES_PATH, authenticate, json({ limit: BODY_BYTES_MAX }), async (request, response) => {
    const refuse = (error: AdminError): void => void response.status(ADMIN_ERROR_STATUS[error]).json({ error });
    const parsed = erasureRequestSchema.safeParse(request.body);
    if (!parsed.success) return refuse('bad_request');
    // The role of this moment, not of when the request began.
    const device = await store.findDevice(deviceOf(response).id);
    if (!device || device.revokedAt !== null) return refuse('unauthorized');
    if (device.role === 'agent') return refuse('forbidden');
    await store.noteErasure(parsed.data.through);
    let removed = 0;
    for (const sha256 of parsed.data.files) if (await blobs.remove(sha256)) removed += 1;
    log('info', 'log.erasure', { device: shortId(device.id), through: parsed.data.through, files: removed });
    onErasure();
    response.json({});
  });
  return router;
}
