/**
 * The local REST API: the procedures of `restContract` under `/api`, described by `/api/openapi.json` and, for people, `/api/docs`.
 * Invariants: it listens on the loopback interface only, answers nothing but these two without the token, and never answers a web
 * page (no Origin, no foreign Host name), so that a site open in a browser cannot reach it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIHandler } from '@orpc/openapi/node';
import express, { type ErrorRequestHandler, type Response } from 'express';
import { restContract } from '../../../contract/api.ts';
import { APP_ERRORS, type AppErrorCode } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { PAGE_HEADERS, readPageLanguage, writeApiPage } from './api-page.ts';
import { errorHandling, type CallContext, type ServedRouter } from './call-errors.ts';
import { describeApi, type ApiDocument } from './openapi-document.ts';
import { createRateLimit, type Rate } from './rate-limit.ts';
import { toRestError, type RestErrorBody } from './rest-errors.ts';

const PREFIX = '/api';
const BODY_MAX = '64kb';
/** Of the right token: room for a program that looks often, none for one that runs away. */
const RATE: Rate = { burst: 600, perSecond: 100 };
/** Of all wrong ones together, so that guessing is as slow as it is hopeless. */
const STRANGERS_RATE: Rate = { burst: 10, perSecond: 1 };

/** `url`: its origin, without the `/api` that every path begins with; known after `start`. */
export type RestServer = { start(): Promise<void>; stop(): Promise<void>; readonly url: string };
export type RestOptions = {
  router: ServedRouter;
  /** The one that opens it now; asked for at every call. */
  token: () => string;
  /** 0 chooses a free one. */
  port: number;
  version: string;
  log: Log;
  /** Ms, for the rate limit. */
  now: () => number;
  rate?: Rate;
};

export function createRestServer({ router, token, port, version, log, now, rate = RATE }: RestOptions): RestServer {
  /** Names a refusal in the answer and in the log. */
  const explain = (code: AppErrorCode, detail: string): RestErrorBody => {
    const traceId = randomBytes(8).toString('hex');
    log(code === 'INTERNAL' ? 'error' : 'info', 'rest.refused', { code, traceId });
    return toRestError(code, detail, traceId);
  };
  const refuse = (response: Response, code: AppErrorCode, detail: string = APP_ERRORS[code].message, status: number = APP_ERRORS[code].status): void => {
    response.status(status).json(explain(code, detail));
  };

  const handler = new OpenAPIHandler<CallContext>(router, {
    ...errorHandling(log),
    filter: ({ path }) => isOffered(path),
    customErrorResponseBodyEncoder: ({ code, message }) => explain(code as AppErrorCode, message),
  });
  let server: Server | undefined;
  let document: Promise<ApiDocument> | undefined;
  const readPort = (): number => (server!.address() as AddressInfo).port;
  const readDocument = (): Promise<ApiDocument> => (document ??= describeApi({ version, url: `http://127.0.0.1:${readPort()}${PREFIX}`, rate }));
  const limit = createRateLimit(rate, now);
  const strangers = createRateLimit(STRANGERS_RATE, now);

  /** Whether the call may go; else it is refused. */
  const takeTurn = (response: Response, waitS: number): boolean => {
    if (waitS === 0) return true;
    response.set('retry-after', String(waitS));
    refuse(response, 'TOO_MANY_REQUESTS', `Too many calls: wait ${waitS} s`);
    return false;
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    if (isOfWebPage(request.headers) || !isLoopbackHost(request.headers.host, readPort())) return refuse(response, 'FORBIDDEN', 'Only programs on this computer are answered, and no web page');
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
    next();
  });
  app.get([PREFIX, `${PREFIX}/`], (_request, response) => response.redirect(302, `${PREFIX}/docs`));
  app.get(`${PREFIX}/openapi.json`, (_request, response, next) => {
    readDocument().then((described) => response.json(described), next);
  });
  app.get(`${PREFIX}/docs`, (request, response, next) => {
    const language = readPageLanguage(request.query['lang'], request.headers['accept-language']);
    readDocument().then((described) => response.set(PAGE_HEADERS).send(writeApiPage(described, rate, language)), next);
  });
  app.use((request, response, next) => {
    const expected = digest(`Bearer ${token()}`);
    const given = digest(request.headers.authorization ?? '');
    if (timingSafeEqual(given, expected)) return takeTurn(response, limit.take(expected.toString('hex'))) ? next() : undefined;
    if (!takeTurn(response, strangers.take(''))) return;
    response.set('www-authenticate', 'Bearer');
    refuse(response, 'UNAUTHORIZED');
  });
  // Before anything reads the body: what is not JSON would get past the limit and into oRPC, which reads forms whole. Null: there is no body.
  app.use((request, response, next) => {
    if (request.is('application/json') !== false || request.headers['content-length'] === '0') return next();
    refuse(response, 'INVALID_INPUT', 'The body must be application/json', 415);
  });
  app.use(express.json({ limit: BODY_MAX, strict: false }));
  app.use((request, response, next) => {
    const body: unknown = request.body;
    if (Array.isArray(body) || (body !== null && body !== undefined && typeof body !== 'object')) return refuse(response, 'INVALID_INPUT', 'The body must be a JSON object');
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))) return refuse(response, 'INVALID_INPUT', 'Idempotency-Key: 1 to 128 characters of ASCII without spaces');
    handler.handle(request, response, { prefix: PREFIX, context: { idempotencyKey: key ?? null } }).then(({ matched }) => {
      if (!matched) refuse(response, 'NOT_FOUND', 'There is no such address in this API: /api/openapi.json lists them');
    }, next);
  });
  app.use(((error: { status?: number; type?: string }, _request, response, _next) => {
    if (error.type === 'entity.too.large') return refuse(response, 'INVALID_INPUT', `The body is larger than ${BODY_MAX}`, 413);
    if (error.status !== undefined && error.status < 500) return refuse(response, 'INVALID_INPUT', 'The body is not JSON');
    log('error', 'rest.failed', { error: errorText(error) });
    refuse(response, 'INTERNAL');
  }) satisfies ErrorRequestHandler);

  return {
    get url() {
      return `http://127.0.0.1:${readPort()}`;
    },
    start: () =>
      new Promise((resolve, reject) => {
        server = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!server?.listening) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isOffered(path: readonly string[]): boolean {
  let node: unknown = restContract;
  for (const key of path) node = typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
  return node !== undefined;
}

/** What a page of another site loads has no Origin where it is an image or a script. A link to the API may be followed: no page sees what it leads to. */
const isOfWebPage = ({ origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode }: IncomingHttpHeaders): boolean => origin !== undefined || (site === 'cross-site' && mode !== 'navigate');
/** Without the port where it is that of HTTP. */
const isLoopbackHost = (host: string | undefined, port: number): boolean => ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${port}` || (port === 80 && host === name));

/** Equal lengths, so that the comparison takes the same time for every guess. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
