/**
 * Keys of the workspace (`contract/wire-http.ts`). Invariants: the relay is given public halves and what only a device can open, and keeps nothing else;
 * only an admin's desktop announces a key or hands it on, by the role of this moment; any other puts nothing but its own copy.
 */
import { json, Router, type RequestHandler, type Response } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import { createWebhookSealer } from '../contract/sealing/sealed-body.ts';
import { KEY_COPIES_PATH, newCopySchema, newKeySchema, WORKSPACE_KEYS_PATH, type AdminError, type WorkspaceKeys } from '../contract/wire-http.ts';
import { deviceOf } from './device-auth.ts';
import type { Device, LogStore } from './log-store/interface.ts';
import { ADMIN_ERROR_STATUS } from './team-api.ts';

/** Copies for 2,000 devices of a workspace with a hundred epochs, for 10,000 of one with ten. Proxies have to let it through (docs/deploy.md). */
export const KEY_BYTES_MAX = 16 * 1024 * 1024;
/** The largest sealed ring fits. */
const COPY_BYTES_MAX = 2 * 1024 * 1024;

type Deps = {
  store: LogStore;
  log: Log;
  /** A desktop gone wild is refused as often as it asks. */
  refusalsLog: Log;
  authenticate: RequestHandler;
  /** Devices, members or keys have changed. */
  onChanged: () => void;
  /** Entries of before the first key wait for a snapshot of after them. */
  onOverdue: () => void;
};

export function createKeysApi({ store, log, refusalsLog, authenticate, onChanged, onOverdue }: Deps): Router {
  const router = Router();

  const answer = async (response: Response, handle: (device: Device) => Promise<AdminError | object>): Promise<void> => {
    const device = await store.findDevice(deviceOf(response).id); // again: the body may have taken its time
    const result = device?.revokedAt === null ? await handle(device) : 'unauthorized';
    if (typeof result !== 'string') return void response.json(result);
    refusalsLog('info', 'keys.refused', { device: shortId(deviceOf(response).id), error: result });
    response.status(ADMIN_ERROR_STATUS[result]).json({ error: result });
  };

  router.get(WORKSPACE_KEYS_PATH, authenticate, (_request, response) =>
    answer(response, async (device) => {
      const [epochs, copy, { holders, isOutdated }] = await Promise.all([store.listKeyEpochs(), store.findKeyCopy(device.id), store.readKeyHolders()]);
      return { logId: store.logId, epochs, copy: copy ?? null, holders: device.role === 'admin' ? holders : [], isOutdated } satisfies WorkspaceKeys;
    }),
  );

  /** A body of this size is read for nobody else; the role is judged again when it is here. */
  const admitAdmins: RequestHandler = (_request, response, next) => {
    if (deviceOf(response).role === 'admin') return next();
    response.status(ADMIN_ERROR_STATUS.forbidden).set('Connection', 'close').json({ error: 'forbidden' });
  };
  router.post(WORKSPACE_KEYS_PATH, authenticate, admitAdmins, json({ limit: KEY_BYTES_MAX }), (request, response) =>
    answer(response, async (device) => {
      if (device.role !== 'admin') return 'forbidden';
      const parsed = newKeySchema.safeParse(request.body);
      if (!parsed.success) return 'bad_request';
      const { epoch, publicKey, previous, copies } = parsed.data;
      if (!(await canSealTo(publicKey))) return 'bad_request';
      const outcome = await store.announceKey({ epoch, publicKey, previous, deviceId: device.id, agentId: device.agentId }, copies);
      if (outcome !== 'announced') return outcome;
      onChanged();
      if (epoch === 1) onOverdue();
      log('info', 'keys.announced', { device: shortId(device.id), epoch, copies: copies.length });
      return {};
    }),
  );

  router.post(KEY_COPIES_PATH, authenticate, json({ limit: COPY_BYTES_MAX }), (request, response) =>
    answer(response, async (device) => {
      const parsed = newCopySchema.safeParse(request.body);
      if (!parsed.success) return device.role === 'admin' ? 'bad_request' : 'forbidden';
      const { epoch, ...copy } = parsed.data;
      if (device.role !== 'admin' && copy.deviceId !== device.id) return 'forbidden';
      const outcome = await store.putKeyCopy(epoch, copy);
      if (outcome !== 'done') return outcome;
      onChanged();
      log('info', 'keys.given', { device: shortId(copy.deviceId), by: shortId(device.id), epoch });
      return {};
    }),
  );

  return router;
}

/** Webhooks could not be stored with one that only looks like a key. */
async function canSealTo(publicKey: string): Promise<boolean> {
  try {
    await createWebhookSealer(() => 0).seal({ epoch: 1, publicKey }, ['']);
    return true;
  } catch {
    return false;
  }
}
