/** `GET /api/diagnostics` (`contract/wire-http.ts`): any member of the workspace may ask how the webhook stands. */
import { Router, type RequestHandler } from 'express';
import { DIAGNOSTICS_PATH, type RelayDiagnostics } from '../contract/wire-http.ts';
import type { AppSubscription } from './app-subscription.ts';
import type { LogStore } from './log-store/interface.ts';
import type { WebhookWitness } from './webhook-witness.ts';

type Deps = { store: LogStore; now: () => number; authenticate: RequestHandler; witness: WebhookWitness; subscription: AppSubscription; waitingBytes: () => number };

export function createDiagnosticsApi({ store, now, authenticate, witness, subscription, waitingBytes }: Deps): Router {
  const router = Router();
  router.get(DIAGNOSTICS_PATH, authenticate, async (_request, response) => {
    const [{ head }, found] = await Promise.all([store.readStatus(), subscription.look()]);
    response.json({ ...witness.read(), ...found, head, backlogBytes: waitingBytes(), now: now() } satisfies RelayDiagnostics);
  });
  return router;
}
