/**
 * The local REST API: the procedures of `restContract` under `/api`, described by `/api/openapi.json`. Invariants: it
 * listens on the loopback interface only, answers nothing but the document without the token, and never answers a web
 * page (no Origin, no foreign Host name), so that a site open in a browser cannot reach it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { restContract } from '../../../contract/api.ts';
import { APP_ERRORS, type AppErrorCode } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { errorHandling, type ServedRouter } from './call-errors.ts';

const PREFIX = '/api';
const BODY_MAX = '64kb';

/** `url`: its origin, without the `/api` that every path begins with; known after `start`. */
export type RestServer = { start(): Promise<void>; stop(): Promise<void>; readonly url: string };
/** @param port 0 chooses a free one. */
export type RestOptions = { router: ServedRouter; token: string; port: number; version: string; log: Log };

export function createRestServer({ router, token, port, version, log }: RestOptions): RestServer {
  const handler = new OpenAPIHandler(router, {
    ...errorHandling(log),
    filter: ({ path }) => isOffered(path),
    customErrorResponseBodyEncoder: ({ code, message }) => ({ error: { code, message } }),
  });
  let server: Server | undefined;
  let document: ReturnType<typeof describeApi> | undefined;
  const readPort = (): number => (server!.address() as AddressInfo).port;

  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (request.headers.origin !== undefined || !isLoopbackHost(request.headers.host, readPort())) return refuse(response, 'FORBIDDEN');
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });
  app.get(`${PREFIX}/openapi.json`, (_request, response, next) => {
    document ??= describeApi(version, `http://127.0.0.1:${readPort()}${PREFIX}`);
    document.then((described) => response.json(described), next);
  });
  app.use(requireToken(token), refuseOtherBodies, express.json({ limit: BODY_MAX, strict: false }));
  app.use((request, response, next) => {
    handler.handle(request, response, { prefix: PREFIX }).then(({ matched }) => {
      if (!matched) refuse(response, 'NOT_FOUND', 'There is no such address in this API; /api/openapi.json lists them');
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
        if (!server) return resolve();
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

const isLoopbackHost = (host: string | undefined, port: number): boolean => host === `127.0.0.1:${port}` || host === `localhost:${port}`;

function requireToken(token: string): RequestHandler {
  const expected = digest(`Bearer ${token}`);
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return next();
    response.set('www-authenticate', 'Bearer');
    refuse(response, 'UNAUTHORIZED');
  };
}

/** Before anything reads the body: what is not JSON would get past the limit and into oRPC, which reads forms whole. */
const refuseOtherBodies: RequestHandler = (request, response, next) => {
  // Null: there is no body.
  if (request.is('application/json') !== false) return next();
  refuse(response, 'INVALID_INPUT', 'The body must be application/json', 415);
};

/** Equal lengths, so that the comparison takes the same time for every guess. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function refuse(response: Response, code: AppErrorCode, message: string = APP_ERRORS[code].message, status: number = APP_ERRORS[code].status): void {
  response.status(status).json({ error: { code, message } });
}

function describeApi(version: string, url: string) {
  const error = { type: 'object', required: ['code', 'message'], properties: { code: { enum: Object.keys(APP_ERRORS) }, message: { type: 'string' } } } as const;
  return new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(restContract, {
    info: { title: 'Bandeja local API', version, description: "The team's WhatsApp inbox, for programs on this computer. Times are milliseconds since the epoch." },
    servers: [{ url }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    customErrorResponseBodySchema: { type: 'object', required: ['error'], properties: { error } },
  });
}
