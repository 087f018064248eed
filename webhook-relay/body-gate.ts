/**
 * Stands before the webhook's body is read. Invariants: without something that looks like Meta's signature no byte of a
 * body is kept; all large bodies together never take more memory than the limit, whoever sends them.
 */
import type { RequestHandler } from 'express';
import type { Log } from '../contract/log.ts';
import { isSignatureForm } from './signature.ts';

/** Bodies up to this size pass beside the limit, so that a stranger who fills it holds up only Meta's large batches. */
const SMALL_BODY_BYTES = 64 * 1024;

/**
 * @param bodyMax bytes of the largest body that is read; one of unknown length counts as much.
 * @param totalMax bytes of all bodies under way.
 */
export function createBodyGate({ bodyMax, totalMax, log }: { bodyMax: number; totalMax: number; log: Log }): RequestHandler {
  let underWay = 0;
  return (request, response, next) => {
    const signature = request.get('x-hub-signature-256');
    if (!isSignatureForm(signature)) {
      log('warn', 'webhook.refused', { reason: signature === undefined ? 'no signature' : 'malformed signature' });
      response.status(401).set('Connection', 'close').json({ error: 'unauthorized' });
      return;
    }
    const length = request.headers['transfer-encoding'] === undefined ? Number(request.headers['content-length'] ?? 0) : bodyMax;
    // What is too large is refused by the parser without being read.
    if (length <= SMALL_BODY_BYTES || length > bodyMax) return next();
    if (underWay + length > totalMax) {
      log('warn', 'webhook.refused', { reason: 'too much under way' });
      // Meta delivers again what is not answered with 200.
      response.status(503).set('Connection', 'close').json({ error: 'unavailable' });
      return;
    }
    underWay += length;
    response.once('close', () => {
      underWay -= length;
    });
    next();
  };
}
