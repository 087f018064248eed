/**
 * Meta's two calls. Invariants: nothing is stored without a right signature; after a right one the answer is 200, however
 * strange the body, and only once the items are committed. Anything else than 200 makes Meta deliver again for days,
 * which is what we want only when we could not store. Source: Cloud API, Webhooks, "Create a webhook endpoint".
 */
import type { Request, Response } from 'express';
import { errorText, type Log } from '../contract/log.ts';
import type { AppendJob, AppendResult } from './log-store/interface.ts';
import type { RelayMetrics } from './metrics.ts';
import { createSignatureCheck, isSameSecret } from './signature.ts';
import { splitWebhook, type SplitItem } from './split-webhook.ts';
import type { WebhookWitness } from './webhook-witness.ts';

type Deps = {
  appSecret: string;
  verifyToken: string;
  append: (job: AppendJob) => Promise<AppendResult>;
  log: Log;
  /** For refusals, which anybody can cause. */
  strangersLog: Log;
  witness: WebhookWitness;
  metrics: RelayMetrics;
  /** The relay itself asks whether the address at Meta leads here: with a word of its own, which says nothing about the verify token. */
  isOwnQuestion: (token: string) => boolean;
  now: () => number;
};

/** @returns handlers of `GET` and `POST` of the webhook's address; `receive` expects the raw body in `request.body`. */
export function createMetaWebhook({ appSecret, verifyToken, append, log, strangersLog, witness, metrics, isOwnQuestion, now }: Deps): {
  verify: (request: Request, response: Response) => void;
  receive: (request: Request, response: Response) => Promise<void>;
} {
  const isFromMeta = createSignatureCheck(appSecret);

  return {
    verify: (request, response) => {
      // A repeated parameter arrives as an array: only strings count.
      const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = request.query;
      if (typeof token === 'string' && typeof challenge === 'string' && isOwnQuestion(token)) return void response.type('text/plain').send(challenge);
      const isRight = mode === 'subscribe' && typeof token === 'string' && isSameSecret(token, verifyToken);
      if (mode === 'subscribe') witness.noteVerification(isRight);
      if (!isRight || typeof challenge !== 'string') {
        strangersLog('warn', 'webhook.verification_refused', { reason: isRight ? 'no challenge' : 'mode or verify token' });
        response.status(403).json({ error: 'forbidden' });
        return;
      }
      log('info', 'webhook.verified');
      response.type('text/plain').send(challenge);
    },

    receive: async (request, response) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (!isFromMeta(raw, request.get('x-hub-signature-256'))) {
        witness.noteRefusal();
        strangersLog('warn', 'webhook.refused', { reason: 'wrong signature', bytes: raw.length });
        response.status(401).json({ error: 'unauthorized' });
        return;
      }
      const arrivedAt = now();
      try {
        const items = splitWebhook(raw);
        const result = await append({ kind: 'webhook', items });
        if (result.kind === 'webhook') metrics.noteWebhook({ ...result, ackMs: now() - arrivedAt, lagsMs: result.duplicates > 0 ? [] : readLags(items, now()) });
      } catch (error) {
        metrics.noteNotStored();
        log('error', 'webhook.not_stored', { error: errorText(error), bytes: raw.length });
        response.status(500).json({ error: 'internal' });
        return;
      }
      witness.noteAccepted(now() - arrivedAt);
      response.status(200).end();
    },
  };
}

const readLags = (items: SplitItem[], now: number): number[] => items.flatMap(({ sentAt }) => (sentAt === null ? [] : [now - sentAt]));
