/** The local REST API over real HTTP: what outside programs rely on, and what must not get in. */
import { request } from 'node:http';
import { implement } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contract, restContract } from '../../../contract/api.ts';
import type { CallContext } from '../../../main/engine/api/call-errors.ts';
import { EXAMPLES } from '../../../main/engine/api/openapi-document.ts';
import { PAGE_TEXTS } from '../../../main/engine/api/api-page-texts.ts';
import { createRestServer, type RestServer } from '../../../main/engine/api/rest.ts';
import { createTestLog, startEmptyEngine } from '../../support/engine.ts';

const TOKEN = 'a-long-token';
const { log } = createTestLog();
let engine: Awaited<ReturnType<typeof startEmptyEngine>>;
let server: RestServer;
let clock = 0;

beforeAll(async () => {
  engine = await startEmptyEngine(log);
  server = createRestServer({ router: engine.router, token: () => TOKEN, port: 0, version: '1.2.3', log, now: () => clock, rate: { burst: 60, perSecond: 10 } });
  await server.start();
});
/** What an earlier test used up is there again. */
beforeEach(() => {
  clock += 60_000;
});
afterAll(async () => {
  await server.stop();
  await engine.remove();
});

type Failure = { message: string; type: string; code: string; error_subcode: number; is_transient?: boolean; error_data?: { details: string; field?: string }; fbtrace_id: string };
type Answer = { status: number; body: { error?: Failure } & Record<string, unknown>; headers: Headers };
async function call(path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}, url = server.url): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers } });
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}
const MESSAGES = '/whatsapp/conversations/x/messages';
const REQUEST = '/service-requests/SOL-1';
const post = (path: string, body: string): Promise<Answer> => call(path, { method: 'POST', body });

test('an empty inbox is an empty list', async () => {
  expect(await call('/whatsapp/conversations')).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
});

describe('refusals have one shape', () => {
  test.each<[string, () => Promise<Answer>, number, string, RegExp, string?]>([
    ['no token', () => call('/whatsapp/conversations', { headers: { authorization: '' } }), 401, 'UNAUTHORIZED', /token/],
    ['wrong token', () => call('/whatsapp/conversations', { headers: { authorization: 'Bearer other' } }), 401, 'UNAUTHORIZED', /token/],
    ['a web page', () => call('/whatsapp/conversations', { headers: { origin: 'http://127.0.0.1' } }), 403, 'FORBIDDEN', /web page/],
    ['a web page asks for the document', () => call('/openapi.json', { headers: { origin: 'https://evil.example' } }), 403, 'FORBIDDEN', /web page/],
    ['what a page of another site loads', () => call('/openapi.json', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }), 403, 'FORBIDDEN', /web page/],
    ['an unknown conversation, without a body', () => call('/whatsapp/conversations/nobody/read', { method: 'POST', headers: { 'content-type': '' } }), 404, 'NOT_FOUND', /nobody/],
    ['a limit out of range', () => call('/whatsapp/conversations?limit=201'), 400, 'INVALID_INPUT', /^limit: /, 'limit'],
    ['an unknown status', () => call('/whatsapp/conversations?status=lost&limit=x'), 400, 'INVALID_INPUT', /status: .*; limit: /, 'status'],
    ['a body without text', () => post(MESSAGES, '{}'), 400, 'INVALID_INPUT', /^text: /, 'text'],
    ['a body that is no object', () => post(MESSAGES, '["text"]'), 400, 'INVALID_INPUT', /JSON object/],
    ['a field that there is not', () => call(REQUEST, { method: 'PUT', body: '{"adress": "Zona 10"}' }), 400, 'INVALID_INPUT', /^adress: /, 'adress'],
    ['one deep inside', () => call(REQUEST, { method: 'PUT', body: '{"customer": {"telefono": "5555 1234"}}' }), 400, 'INVALID_INPUT', /^customer\.telefono: /, 'customer.telefono'],
    ['a form that nobody can open', () => call(REQUEST, { method: 'PUT', body: '{"formUrl": "javascript:alert(1)"}' }), 400, 'INVALID_INPUT', /^formUrl: /, 'formUrl'],
    ['a value deep inside', () => call(REQUEST, { method: 'PUT', body: '{"customer": {"phone": 5}}' }), 400, 'INVALID_INPUT', /^customer\.phone: /, 'customer.phone'],
    ['a day that is none', () => call(REQUEST, { method: 'PUT', body: '{"requestedDate": "mañana"}' }), 400, 'INVALID_INPUT', /^requestedDate: /, 'requestedDate'],
    ['a key that is too long', () => call(REQUEST, { method: 'PUT', body: '{}', headers: { 'idempotency-key': 'k'.repeat(129) } }), 400, 'INVALID_INPUT', /^Idempotency-Key: /, 'Idempotency-Key'],
    ['a body that is no JSON', () => post(MESSAGES, '{"text"'), 400, 'INVALID_INPUT', /not JSON/],
    ['a body that is too large', () => post(MESSAGES, JSON.stringify({ text: 'x'.repeat(70_000) })), 413, 'INVALID_INPUT', /larger/],
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
    ['an unknown request', () => call('/service-requests/SOL-0'), 404, 'NOT_FOUND', /SOL-0/],
    ['an unknown address', () => call('/nothing'), 404, 'NOT_FOUND', /openapi\.json/],
    ['a method that an address does not have', () => call(REQUEST, { method: 'DELETE' }), 404, 'NOT_FOUND', /openapi\.json/],
    ['a procedure that is for the window only', () => post('/preferences/set', '{"theme":"dark"}'), 404, 'NOT_FOUND', /openapi\.json/],
    ['the token of the API itself', () => post('/localApi/showToken', '{}'), 404, 'NOT_FOUND', /openapi\.json/],
  ])('%s', async (_name, attempt, status, code, message, field) => {
    const answer = await attempt();
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(answer.body).toEqual({
      error: {
        message: expect.stringMatching(message) as string,
        type: expect.stringMatching(/^[A-Z]\w+Exception$/) as string,
        code,
        error_subcode: expect.any(Number) as number,
        ...(answer.body.error?.error_data && { error_data: { details: answer.body.error.message, ...(field !== undefined && { field }) } }),
        fbtrace_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a name of another computer in Host, as after DNS rebinding', async () => {
    const { port } = new URL(server.url);
    const statusOf = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/api/whatsapp/conversations', headers: { host, authorization: `Bearer ${TOKEN}` } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
    for (const host of [`evil.example:${port}`, 'evil.example', '127.0.0.1', `127.0.0.1:1`]) expect(await statusOf(host), host).toBe(403);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) expect(await statusOf(host), host).toBe(200);
  });

  test('a browser that asks whether it may call', async () => {
    const { status, headers } = await call('/whatsapp/conversations', { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

describe('too many calls', () => {
  const statuses = async (count: number, headers: Record<string, string> = {}): Promise<number[]> => {
    const answers: number[] = [];
    for (let n = 0; n < count; n += 1) answers.push((await call('/whatsapp/conversations', { headers })).status);
    return answers;
  };

  test('are refused with when to come again; room grows with time, and refused calls cost nothing', async () => {
    expect(new Set(await statuses(60))).toEqual(new Set([200]));
    const refused = await call('/whatsapp/conversations');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'TOO_MANY_REQUESTS', type: 'RateException', is_transient: true } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    clock += 200;
    expect(await statuses(4)).toEqual([200, 200, 429, 429]);
    expect((await fetch(`${server.url}/api/openapi.json`)).status).toBe(200);
  });

  test('of strangers leave the others alone', async () => {
    expect(await statuses(12, { authorization: 'Bearer guess' })).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect(await statuses(1)).toEqual([200]);
  });
});

test('another token opens it from the moment it is changed, and the old one no longer', async () => {
  let token = 'old';
  const changing = createRestServer({ router: engine.router, token: () => token, port: 0, version: '', log, now: () => clock });
  await changing.start();
  const statusWith = async (given: string): Promise<number> => (await call('/whatsapp/conversations', { headers: { authorization: `Bearer ${given}` } }, changing.url)).status;
  expect([await statusWith('old'), await statusWith('new')]).toEqual([200, 401]);
  token = 'new';
  expect([await statusWith('old'), await statusWith('new')]).toEqual([401, 200]);
  await changing.stop();
});

type Operation = { operationId: string; summary: string; responses: Record<string, { headers?: Record<string, unknown> }>; parameters?: { name: string; in: string }[] };
type Document = { info: { version: string }; servers: { url: string }[]; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } };
const OFFERED = [
  'get /whatsapp/conversations',
  'get /whatsapp/conversations/{conversationId}',
  'post /whatsapp/conversations/{conversationId}/messages',
  'post /whatsapp/messages',
  'post /whatsapp/templates/send',
  'get /whatsapp/templates',
  'post /whatsapp/conversations/{conversationId}/assign',
  'post /whatsapp/conversations/{conversationId}/link',
  'post /whatsapp/conversations/{conversationId}/read',
  'patch /whatsapp/conversations/{conversationId}/status',
  'put /service-requests/{externalId}',
  'get /service-requests/{externalId}',
];
const operationsOf = (document: Document): Operation[] => Object.values(document.paths).flatMap((methods) => Object.values(methods));

describe('the document', () => {
  test('needs no token, lists what is offered and nothing else', async () => {
    const response = await fetch(`${server.url}/api/openapi.json`);
    const document = (await response.json()) as Document;
    expect(await (await fetch(`${server.url}/api/openapi.json`)).json()).toEqual(document);
    expect(document.info.version).toBe('1.2.3');
    expect(document.servers).toEqual([{ url: `${server.url}/api` }]);
    expect(
      Object.entries(document.paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
        .toSorted(),
    ).toEqual(OFFERED.toSorted());
    const { responses } = document.paths['/whatsapp/conversations/{conversationId}/messages']!['post']!;
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['201', '400', '401', '404', '409', '413', '415', '429']));
    expect(responses['429']?.headers).toHaveProperty('Retry-After');
    expect(document.paths['/service-requests/{externalId}']!['put']!.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }));
    expect(document.components.schemas).toHaveProperty('Error.properties.error.properties.code.enum');
  });

  test('has examples that its own calls take', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Document;
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(
      operationsOf(document)
        .filter((operation) => 'requestBody' in operation)
        .map(({ operationId }) => operationId)
        .toSorted(),
    );
    const { conversations: _, messages, rest } = restContract;
    const procedures = {
      replyWithText: messages.sendText,
      sendDirectMessage: rest.sendDirect,
      sendTemplate: rest.sendTemplate,
      assignConversation: rest.assign,
      linkConversation: rest.link,
      markConversationRead: rest.read,
      setConversationStatus: rest.setStatus,
      putServiceRequest: rest.putRequest,
    };
    for (const [name, procedure] of Object.entries(procedures)) {
      const places = Object.entries({ conversationId: 'c', externalId: 'SOL-1' }).filter(([place]) => procedure['~orpc'].route.path?.includes(`{${place}}`));
      const input = { ...Object.fromEntries(places), ...(EXAMPLES[name] as object) };
      expect(procedure['~orpc'].inputSchema?.safeParse(input).error, name).toBeUndefined();
    }
  });
});

describe('the page', () => {
  const read = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/api${path}`, { headers });
    return { text: await response.text(), headers: response.headers, url: response.url };
  };

  test('explains every call in both languages, without a script and without anything from elsewhere', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Document;
    for (const language of ['es', 'en'] as const) {
      const { text, headers } = await read(`/docs?lang=${language}`);
      expect(headers.get('content-type')).toContain('text/html');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(text).toContain(`<html lang="${language}">`);
      expect(text).not.toMatch(/<script|<link|<img|\son\w+=|url\(|@import|undefined|\[object/i);
      expect([...text.matchAll(/(?:src|href)="([^"#]*)"/g)].map((match) => match[1]).filter((target) => !['openapi.json', '?lang=es', '?lang=en', ''].includes(target ?? ''))).toEqual([]);
      const anchors = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
      expect([...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]).filter((anchor) => !anchors.has(anchor))).toEqual([]);
      for (const { operationId } of operationsOf(document)) {
        const own = PAGE_TEXTS[language].operations[operationId];
        expect(own, operationId).toBeDefined();
        expect(text).toContain(`id="${operationId}"`);
      }
    }
  });

  test('is in the language of the browser, Spanish first, and found from the API itself', async () => {
    expect((await read('/docs', { 'accept-language': 'en-US,en;q=0.9,es;q=0.8' })).text).toContain('lang="en"');
    expect((await read('/docs', { 'accept-language': 'fr' })).text).toContain('lang="es"');
    expect((await read('')).url).toBe(`${server.url}/api/docs`);
  });
});

test('a bug inside becomes INTERNAL, with its text in the log only', async () => {
  const { log: brokenLog, lines } = createTestLog();
  const os = implement(contract).$context<CallContext>();
  const router = {
    ...engine.router,
    conversations: {
      ...engine.router.conversations,
      list: os.conversations.list.handler(() => {
        throw new TypeError('the inner reason');
      }),
    },
  };
  const broken = createRestServer({ router, token: () => TOKEN, port: 0, version: '', log: brokenLog, now: () => clock });
  await broken.start();
  const answer = await call('/whatsapp/conversations', {}, broken.url);
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL', type: 'ServiceException' } } });
  expect(JSON.stringify(answer)).not.toContain('inner reason');
  expect(lines).toMatchObject([
    { level: 'error', event: 'api.call_failed', error: 'TypeError: the inner reason' },
    { level: 'error', event: 'rest.refused', code: 'INTERNAL', traceId: answer.body.error?.fbtrace_id },
  ]);
  await broken.stop();
});

test('a port that is taken is an error at the start', async () => {
  const second = createRestServer({ router: engine.router, token: () => TOKEN, port: Number(new URL(server.url).port), version: '', log, now: () => clock });
  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
