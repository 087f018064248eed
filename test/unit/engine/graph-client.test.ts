/** Every way a call to Meta can end, over real HTTP: what may be repeated, and what must not. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseGraphBaseUrl } from '../../../main/engine/whatsapp/graph-call.ts';
import { createGraphClient } from '../../../main/engine/whatsapp/graph-client.ts';

const HELLO = { messaging_product: 'whatsapp', to: '+50255551234', type: 'text', text: { body: 'Hola' } } as const;
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  if (server?.listening) await once(server, 'close');
  server = undefined;
});

async function send(answer: (request: IncomingMessage, response: ServerResponse) => void, token: string | null = 'token') {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createGraphClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch, getToken: async () => token });
  return client.sendMessage('123', HELLO, new AbortController().signal);
}
const json = (status: number, body: unknown) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('a call to Meta', () => {
  it('gives the wamid and carries token and version', async () => {
    let seen: { url: string | undefined; authorization: string | undefined } | undefined;
    const result = await send((request, response) => {
      seen = { url: request.url, authorization: request.headers.authorization };
      json(200, { messages: [{ id: 'wamid.X' }], contacts: [{ input: '+525512345678', wa_id: '5215512345678' }] })(request, response);
    });
    expect(result).toEqual({ status: 'ok', value: { wamid: 'wamid.X', waId: '5215512345678', userId: undefined } });
    expect(seen?.url).toMatch(/^\/v\d+\.0\/123\/messages$/);
    expect(seen?.authorization).toBe('Bearer token');
  });

  it.each([
    { title: 'the window is closed', status: 400, error: { code: 131047, message: 're-engagement' }, expected: { retry: 'fix', isAccountWide: false } },
    { title: 'throttled, though the status says 400', status: 400, error: { code: 131056 }, expected: { retry: 'backoff', isAccountWide: false } },
    { title: 'the token expired', status: 401, error: { code: 190 }, expected: { retry: 'fix', isAccountWide: true } },
    { title: 'no payment method', status: 400, error: { code: 131042 }, expected: { retry: 'fix', isAccountWide: true } },
    { title: 'an unknown code that Meta calls transient', status: 400, error: { code: 999_999, is_transient: true }, expected: { retry: 'backoff', isAccountWide: false } },
    { title: 'an unknown code', status: 400, error: { code: 999_999 }, expected: { retry: 'fix', isAccountWide: false } },
  ])('is refused, so nothing happened: $title', async ({ status, error, expected }) => {
    expect(await send(json(status, { error }))).toMatchObject({ status: 'refused', error: { code: error.code }, ...expected });
  });

  it.each([
    { title: 'a page of HTML with 502', answer: (_: IncomingMessage, response: ServerResponse) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>') },
    { title: 'a page of HTML with 200', answer: (_: IncomingMessage, response: ServerResponse) => void response.end('<html>') },
    { title: 'a redirect', answer: (_: IncomingMessage, response: ServerResponse) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end() },
    { title: 'a cut connection', answer: (request: IncomingMessage) => void request.socket.destroy() },
    { title: 'an answer without an id', answer: json(200, { messages: [] }) },
  ])('is lost, so it must not be repeated: $title', async ({ answer }) => {
    expect(await send(answer)).toMatchObject({ status: 'lost' });
  });

  it('did nothing when nobody listens, when a gateway refuses it, when Meta is down for everybody, or without a token', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const client = createGraphClient({ baseUrl: `http://127.0.0.1:${port}`, fetch, getToken: async () => 'token' });
    expect(await client.sendMessage('123', HELLO, new AbortController().signal)).toEqual({ status: 'unreachable', detail: 'ECONNREFUSED' });
    expect(await send((_, response) => void response.writeHead(429).end('slow down'))).toMatchObject({ status: 'unreachable' });
    expect(await send(json(503, { error: { code: 2, is_transient: true } }))).toEqual({ status: 'unreachable', detail: 'code 2', waitMs: 0 });
    expect(await send(json(503, { error: { code: 133_004 } }))).toMatchObject({ status: 'unreachable' });
    expect(await send(json(500, { error: { code: 2 } }))).toMatchObject({ status: 'refused', retry: 'backoff' });
    expect(await send(json(200, {}), null)).toMatchObject({ status: 'refused', error: { code: 190 }, isAccountWide: true });
  });
});

describe('a pause that Meta asks for', () => {
  const refusal = (headers: Record<string, string>) =>
    send((_request, response) => void response.writeHead(400, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { code: 130_429 } })));
  it('is read as seconds, or as a date by its own clock, and is never shorter than the code wants', async () => {
    expect(await refusal({ 'retry-after': '45' })).toMatchObject({ waitMs: 45_000 });
    expect(await refusal({ 'retry-after': '0' })).toMatchObject({ waitMs: 1_000 });
    expect(await refusal({ date: 'Sun, 22 Nov 2026 12:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT' })).toMatchObject({ waitMs: 120_000 });
    expect(await refusal({ 'retry-after': 'soon' })).toMatchObject({ waitMs: 1_000 });
  });
});

describe('an upload', () => {
  const SHA256 = 'ab'.repeat(32);
  const pieces = (count: number) =>
    async function* open(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < count; index += 1) yield Buffer.alloc(100_000, index);
    };
  const upload = async (answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void, open = pieces(3), signal = new AbortController().signal) => {
    server?.close();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => answer(request, response, Buffer.concat(chunks)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createGraphClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch, getToken: async () => 'token' });
    const progress: number[] = [];
    const result = await client.uploadMedia('123', { sha256: SHA256, mimeType: 'audio/ogg', filename: 'file.ogg', bytes: 300_000, open }, (done) => progress.push(done), signal);
    return { result, progress };
  };

  it('is multipart of known length, a piece at a time, and tells how far it is', async () => {
    let seen: { url: string | undefined; length: string | undefined; form: FormData } | undefined;
    const { result, progress } = await upload((request, response, body) => {
      void new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData().then((form) => {
        seen = { url: request.url, length: request.headers['content-length'], form };
        json(200, { id: 'media-1' })(request, response);
      });
    });
    expect(result).toEqual({ status: 'ok', value: { id: 'media-1' } });
    expect(progress).toEqual([100_000, 200_000, 300_000]);
    expect(seen?.url).toMatch(/^\/v\d+\.0\/123\/media$/);
    expect(Number(seen?.length)).toBeGreaterThan(300_000);
    const file = seen?.form.get('file') as File;
    expect([seen?.form.get('messaging_product'), seen?.form.get('type'), file.name, file.type]).toEqual(['whatsapp', 'audio/ogg', 'file.ogg', 'audio/ogg']);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.concat([0, 1, 2].map((index) => Buffer.alloc(100_000, index))));
  });

  it('that is cut, ended from outside or broken on the disk is lost, and never counts as done', async () => {
    expect((await upload((request) => void request.socket.destroy())).result).toMatchObject({ status: 'lost' });
    const abort = new AbortController();
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      abort.abort();
      await new Promise<void>((resolve) => setImmediate(resolve));
      yield Buffer.alloc(200_000);
    };
    expect((await upload(json(200, { id: 'x' }), slow, abort.signal)).result).toMatchObject({ status: 'lost' });
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      throw Object.assign(new Error('read failed'), { code: 'EIO' });
    };
    expect((await upload(json(200, { id: 'x' }), broken)).result).toMatchObject({ status: 'lost' });
    expect((await upload(json(200, { id: 'x' }), pieces(2))).result, 'shorter than it was').toMatchObject({ status: 'lost' });
  });

  it('that Meta refuses says why', async () => {
    expect((await upload(json(400, { error: { code: 131_053, error_data: { details: 'too big' } } }))).result).toMatchObject({
      status: 'refused',
      error: { code: 131_053, detail: 'too big' },
      retry: 'fix',
    });
  });
});

describe('the address of the Graph API', () => {
  it('must be encrypted, except on this machine', () => {
    expect(() => parseGraphBaseUrl('http://graph.example.com')).toThrow(/https/);
    expect(parseGraphBaseUrl('https://graph.facebook.com').href).toBe('https://graph.facebook.com/');
    expect(parseGraphBaseUrl('http://127.0.0.1:4000').port).toBe('4000');
  });
});
