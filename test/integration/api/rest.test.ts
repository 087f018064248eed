/** The local REST API over real HTTP: what outside programs rely on, and what must not get in. */
import { implement } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../../contract/api.ts';
import { createRestServer, type RestServer } from '../../../main/engine/api/rest.ts';
import { createTestLog, startEmptyEngine } from '../../support/engine.ts';

const TOKEN = 'a-long-token';
const { log } = createTestLog();
let engine: Awaited<ReturnType<typeof startEmptyEngine>>;
let server: RestServer;

beforeAll(async () => {
  engine = await startEmptyEngine(log);
  server = createRestServer({ router: engine.router, token: TOKEN, port: 0, version: '1.2.3', log });
  await server.start();
});
afterAll(async () => {
  await server.stop();
  await engine.remove();
});

type Answer = { status: number; body: { error?: { code: string; message: string } } & Record<string, unknown> };
async function call(path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}, url = server.url): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers } });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const MESSAGES = '/whatsapp/conversations/x/messages';
const post = (path: string, body: string): Promise<Answer> => call(path, { method: 'POST', body });

test('an empty inbox is an empty list', async () => {
  expect(await call('/whatsapp/conversations')).toEqual({ status: 200, body: { items: [], nextCursor: null } });
});

describe('refusals have one shape', () => {
  test.each<[string, () => Promise<Answer>, number, string, RegExp]>([
    ['no token', () => call('/whatsapp/conversations', { headers: { authorization: '' } }), 401, 'UNAUTHORIZED', /token/],
    ['wrong token', () => call('/whatsapp/conversations', { headers: { authorization: 'Bearer other' } }), 401, 'UNAUTHORIZED', /token/],
    ['a web page', () => call('/whatsapp/conversations', { headers: { origin: 'http://127.0.0.1' } }), 403, 'FORBIDDEN', /address/],
    ['a web page asks for the document', () => call('/openapi.json', { headers: { origin: 'https://evil.example' } }), 403, 'FORBIDDEN', /address/],
    ['a limit out of range', () => call('/whatsapp/conversations?limit=201'), 400, 'INVALID_INPUT', /^limit: /],
    ['an unknown status', () => call('/whatsapp/conversations?status=lost&limit=x'), 400, 'INVALID_INPUT', /status: .*; limit: /],
    ['a body without text', () => post('/whatsapp/conversations/x/messages', '{}'), 400, 'INVALID_INPUT', /^text: /],
    ['a body that is no object', () => post('/whatsapp/conversations/x/messages', '["text"]'), 400, 'INVALID_INPUT', /^text: /],
    ['a body that is no JSON', () => post('/whatsapp/conversations/x/messages', '{"text"'), 400, 'INVALID_INPUT', /not JSON/],
    ['a body that is too large', () => post('/whatsapp/conversations/x/messages', JSON.stringify({ text: 'x'.repeat(70_000) })), 413, 'INVALID_INPUT', /larger/],
    [
      'a form, however large',
      () => call(MESSAGES, { method: 'POST', body: `text=${'x'.repeat(70_000)}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'INVALID_INPUT',
      /application\/json/,
    ],
    ['a text that may be JSON', () => call(MESSAGES, { method: 'POST', body: '{"text":"x"}', headers: { 'content-type': 'text/plain' } }), 415, 'INVALID_INPUT', /application\/json/],
    [
      'a form without a token',
      () => call(MESSAGES, { method: 'POST', body: 'text=x', headers: { authorization: '', 'content-type': 'application/x-www-form-urlencoded' } }),
      401,
      'UNAUTHORIZED',
      /token/,
    ],
    ['an unknown conversation', () => call('/whatsapp/conversations/nobody'), 404, 'NOT_FOUND', /./],
    ['an unknown address', () => call('/nothing'), 404, 'NOT_FOUND', /openapi\.json/],
    ['a procedure that is for the window only', () => post('/preferences/set', '{"theme":"dark"}'), 404, 'NOT_FOUND', /openapi\.json/],
  ])('%s', async (_name, attempt, status, code, message) => {
    const answer = await attempt();
    expect(answer).toEqual({ status, body: { error: { code, message: expect.stringMatching(message) } } });
  });
});

test('the document needs no token, lists what is offered and nothing else', async () => {
  const response = await fetch(`${server.url}/api/openapi.json`);
  const document = (await response.json()) as { info: { version: string }; servers: { url: string }[]; paths: Record<string, Record<string, { responses: Record<string, unknown> }>> };
  expect(await (await fetch(`${server.url}/api/openapi.json`)).json()).toEqual(document);
  expect(document.info.version).toBe('1.2.3');
  expect(document.servers).toEqual([{ url: `${server.url}/api` }]);
  expect(Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))).toEqual([
    'get /whatsapp/conversations',
    'get /whatsapp/conversations/{conversationId}',
    'post /whatsapp/conversations/{conversationId}/messages',
  ]);
  expect(Object.keys(document.paths['/whatsapp/conversations/{conversationId}/messages']!['post']!.responses)).toEqual(expect.arrayContaining(['201', '400', '404', '409']));
});

test('a bug inside becomes INTERNAL, with its text in the log only', async () => {
  const { log: brokenLog, lines } = createTestLog();
  const os = implement(contract);
  const router = {
    ...engine.router,
    conversations: {
      ...engine.router.conversations,
      list: os.conversations.list.handler(() => {
        throw new TypeError('the inner reason');
      }),
    },
  };
  const broken = createRestServer({ router, token: TOKEN, port: 0, version: '', log: brokenLog });
  await broken.start();
  const answer = await call('/whatsapp/conversations', {}, broken.url);
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } });
  expect(JSON.stringify(answer)).not.toContain('inner reason');
  expect(lines).toMatchObject([{ level: 'error', event: 'api.call_failed', error: 'TypeError: the inner reason' }]);
  await broken.stop();
});

test('a port that is taken is an error at the start', async () => {
  const second = createRestServer({ router: engine.router, token: TOKEN, port: Number(new URL(server.url).port), version: '', log });
  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
