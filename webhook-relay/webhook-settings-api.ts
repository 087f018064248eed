/**
 * `GET /api/webhook-settings` (`contract/wire-http.ts`): what an admin types into Meta's App Dashboard. Invariants: the verify token
 * leaves the relay by this answer alone, to an admin's desktop; it never stands in the log, which says only who asked.
 */
import { Router, type RequestHandler } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import { WEBHOOK_SETTINGS_PATH, type AdminError, type WebhookSettings } from '../contract/wire-http.ts';
import { deviceOf } from './device-auth.ts';

type Deps = { publicUrl: string | null; verifyToken: string; log: Log; /** A desktop gone wild is refused as often as it asks. */ refusalsLog: Log; authenticate: RequestHandler };

export function createWebhookSettingsApi({ publicUrl, verifyToken, log, refusalsLog, authenticate }: Deps): Router {
  const router = Router();
  router.get(WEBHOOK_SETTINGS_PATH, authenticate, (_request, response) => {
    const { id, role } = deviceOf(response);
    if (role !== 'admin') {
      const error: AdminError = 'forbidden';
      refusalsLog('info', 'webhook_settings.refused', { device: shortId(id), error });
      return void response.status(403).json({ error });
    }
    log('info', 'webhook_settings.read', { device: shortId(id) });
    response.json({ publicUrl, verifyToken } satisfies WebhookSettings);
  });
  return router;
}
