/**
 * How often and how slowly one may ask. Invariants: what carries a proof (Meta's signature, a device's token) is judged by
 * that and never by its address, so that no stranger can keep Meta or a desktop out; whoever has no proof has few requests;
 * a body that does not come in time ends its connection.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Log } from '../contract/log.ts';
import { ENROLL_PATH } from '../contract/wire-http.ts';
import { WEBHOOK_PATH } from '../contract/wire.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { AddressOf } from './client-address.ts';
import { JOIN_PATH } from './join-page.ts';
import { HEALTH_PATH, nameRoute } from './routes.ts';
import { isSignatureForm } from './signature.ts';

/** Answered without a proof: there a token that nobody looks at is none. */
const OPEN_ROUTES = new Set([ENROLL_PATH, JOIN_PATH, HEALTH_PATH, 'other']);

type StrangerDeps = { addressOf: AddressOf; limit: AttemptLimit; log: Log };

/** Refuses strangers who ask too often. Programs on this machine may. */
export function limitStrangers({ addressOf, limit, log }: StrangerDeps): RequestHandler {
  return (request, response, next) => {
    const { path, method, headers } = request;
    const hasProof = path === WEBHOOK_PATH ? method === 'POST' && isSignatureForm(request.get('x-hub-signature-256')) : headers.authorization !== undefined && !OPEN_ROUTES.has(nameRoute(path));
    if (hasProof) return next();
    const address = addressOf(request);
    if (address === null || limit.take(address)) return next();
    log('warn', 'http.too_many_requests');
    refuseTooMany(response, limit.secondsLeft(address));
  };
}

export function refuseTooMany(response: Response, retryAfterS: number): void {
  response
    .status(429)
    .set({ 'Retry-After': String(retryAfterS), Connection: 'close' })
    .json({ error: 'too_many_requests' });
}

/**
 * A body has to be here within this time; the parts of snapshots and files (`PUT`), whose sender is known, have the server's longer time.
 * Its answer has none: a file goes out as fast as the desktop's line takes it.
 */
export function limitBodyTime({ withinMs, log }: { withinMs: number; log: Log }): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'PUT' || !hasBody(request.headers)) return next();
    const timer = setTimeout(() => {
      if (request.complete) return;
      log('warn', 'http.slow_body', { method: request.method });
      // Whoever reads the body is told of the end of the line, and answers nothing more.
      if (!response.headersSent) response.status(408).set('Connection', 'close').json({ error: 'timeout' });
      request.socket.destroySoon();
    }, withinMs);
    const done = (): void => clearTimeout(timer);
    request.once('end', done);
    response.once('close', done);
    next();
  };
}

/** RFC 9112, 6.3: a request without either has none. */
const hasBody = (headers: IncomingHttpHeaders): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
