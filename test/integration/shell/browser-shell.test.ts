/** Who may reach the window's server, over real sockets: the engine and the files behind it must answer our own page only. */
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../../contract/api.ts';
import { createStoredFiles } from '../../../main/engine/stored-files.ts';
import { createBrowserShell, type BrowserShell } from '../../../main/shell/browser/serve.ts';
import { prepareMediaUrls } from '../../../renderer/media/media-url.ts';
import { createTestLog, startEmptyEngine } from '../../support/engine.ts';

const rendererDir = mkdtempSync(path.join(tmpdir(), 'bandeja-shell-'));
mkdirSync(path.join(rendererDir, 'assets'));
writeFileSync(path.join(rendererDir, 'index.html'), '<!doctype html>page');
const mediaDir = path.join(rendererDir, 'media');
const { log, lines } = createTestLog();
let engine: Awaited<ReturnType<typeof startEmptyEngine>>;
let shell: BrowserShell;
let host: string;
let secret: string;

beforeAll(async () => {
  engine = await startEmptyEngine(log);
  shell = createBrowserShell({ router: () => engine.router, rendererDir, files: () => createStoredFiles(rendererDir), port: 0, log });
  await shell.start();
  ({ host } = new URL(shell.url));
  secret = new URL(shell.url).hash.replace('#k=', '');
});
afterAll(async () => {
  await shell.stop();
  await engine.remove();
  rmSync(rendererDir, { recursive: true });
});

type Attempt = { path?: string; protocols?: string[]; host?: string; origin?: string | null };
/** Resolves with the open socket, or the HTTP status of the refusal. */
function connect({ path: pathname = '/rpc', protocols = ['bandeja.v1', `secret.${secret}`], host: hostName = host, origin = `http://${hostName}` }: Attempt = {}): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}${pathname}`, protocols, { headers: { host: hostName, ...(origin !== null && { origin }) } });
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

describe('WebSocket', () => {
  test('our page with the secret speaks the contract, and the secret is not repeated', async () => {
    const socket = (await connect()) as WebSocket;
    expect(socket.protocol).toBe('bandeja.v1');
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    expect(await client.conversations.counts()).toMatchObject({ needsMe: 0, active: 0, archived: 0, closed: 0 });
    await expect(client.conversations.get({ conversationId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404, defined: true });
    await expect(client.conversations.list({ limit: 1000 })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/^limit: /) });
    socket.close();
  });

  test('localhost is another name of the same place', async () => {
    const socket = (await connect({ host: host.replace('127.0.0.1', 'localhost') })) as WebSocket;
    expect(socket).toBeInstanceOf(WebSocket);
    socket.close();
  });

  test.each<[string, () => Attempt, number]>([
    ['without a secret', () => ({ protocols: ['bandeja.v1'] }), 401],
    ['with a wrong secret', () => ({ protocols: ['bandeja.v1', `secret.${'x'.repeat(secret.length)}`] }), 401],
    ['with a part of the secret', () => ({ protocols: ['bandeja.v1', `secret.${secret.slice(0, -1)}`] }), 401],
    ['without our protocol', () => ({ protocols: [`secret.${secret}`] }), 400],
    ['from another site', () => ({ origin: 'https://evil.example' }), 403],
    ['from another port of this computer', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['from no page at all', () => ({ origin: null }), 403],
    ['by a name that was rebound to this computer', () => ({ host: `evil.example:${host.split(':')[1]}` }), 403],
    ['at another path', () => ({ path: '/' }), 404],
  ])('%s it is refused', async (_name, attempt, status) => {
    expect(await connect(attempt())).toBe(status);
  });

  test('refusals are logged without what was offered', () => {
    expect(lines.some(({ event, status }) => event === 'browser.refused' && status === 401)).toBe(true);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });
});

describe('pages', () => {
  const get = (pathname: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> =>
    new Promise((resolve, reject) => {
      // Unlike fetch, this sends the path and the Host as they are.
      const outgoing = httpRequest({ host: '127.0.0.1', port: host.split(':')[1], path: pathname, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  test('the page comes with its policy, its own socket included', async () => {
    const { status, body, headers } = await get('/');
    expect([status, body]).toEqual([200, '<!doctype html>page']);
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://${host}`);
    expect(headers['permissions-policy']).toMatch(/^microphone=\(self\), camera=\(\), geolocation=\(\), /);
    expect(headers['x-powered-by']).toBeUndefined();
    expect((await get('/', {}, 'HEAD')).body).toBe('');
  });

  test('another Host name and another method are refused', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  test('no path leads out of the folder', async () => {
    for (const pathname of ['/../../etc/passwd', '/..%2f..%2fetc/passwd.txt', '/%2e%2e/%2e%2e/etc/hosts.txt']) expect((await get(pathname)).status).toBe(400);
  });
});

describe('files of messages', () => {
  const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==', 'base64');
  const put = (bytes: Buffer, folder?: string): string => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const target = path.join(mediaDir, folder ?? sha256.slice(0, 2));
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, sha256), bytes);
    return sha256;
  };
  /** As the page makes it, from the secret in its address. */
  const makeToken = async (): Promise<string> => {
    const page = { documentElement: { dataset: {} as Record<string, string> } };
    await prepareMediaUrls(secret, page as unknown as Document);
    return page.documentElement.dataset['mediaToken'] ?? '';
  };
  const get = async (address: string, headers: Record<string, string> = {}, method = 'GET') => fetch(`http://${host}${address}`, { headers, method });

  test('the page’s token opens them, any other one does not, and it is not the secret', async () => {
    const sha256 = put(PNG);
    const token = await makeToken();
    expect(token).not.toBe(secret);
    const shown = await get(`/media/${token}/${sha256}`);
    expect([shown.status, shown.headers.get('content-type'), Buffer.from(await shown.arrayBuffer()).equals(PNG)]).toEqual([200, 'image/png', true]);
    expect(shown.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    for (const wrong of ['-', '', secret, `${token}x`, token.slice(0, -1), 'á'.repeat(10)]) expect((await get(`/media/${encodeURIComponent(wrong)}/${sha256}`)).status).toBe(403);
    expect((await connect({ protocols: ['bandeja.v1', `secret.${token}`] })) as number, 'the token opens no line to the engine').toBe(401);
    expect((await get(`/media/${token}/${'0'.repeat(64)}`)).status).toBe(404);
    for (const name of ['../../index.html', `${sha256}/x`, sha256.toUpperCase()]) expect((await get(`/media/${token}/${encodeURIComponent(name)}`)).status).toBe(404);
  });

  test('a part of a file is given out alone, as players ask for it', async () => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(100_000, 7)]);
    const address = `/media/${await makeToken()}/${put(bytes)}`;
    const ask = async (range: string) => {
      const response = await get(address, { range });
      return [response.status, response.headers.get('content-range'), Buffer.from(await response.arrayBuffer())] as const;
    };
    expect(await ask('bytes=10-19')).toEqual([206, `bytes 10-19/${bytes.length}`, bytes.subarray(10, 20)]);
    expect(await ask('bytes=100000-')).toEqual([206, `bytes 100000-${bytes.length - 1}/${bytes.length}`, bytes.subarray(100_000)]);
    expect(await ask('bytes=-5')).toEqual([206, `bytes ${bytes.length - 5}-${bytes.length - 1}/${bytes.length}`, bytes.subarray(-5)]);
    expect(await ask(`bytes=5-${bytes.length + 100}`)).toEqual([206, `bytes 5-${bytes.length - 1}/${bytes.length}`, bytes.subarray(5)]);
    for (const range of [`bytes=${bytes.length}-`, 'bytes=-0']) expect(await ask(range)).toEqual([416, `bytes */${bytes.length}`, Buffer.alloc(0)]);
    for (const range of ['bytes=0-1,5-6', 'bytes=9-2', 'lines=1-2', 'bytes=-']) expect((await ask(range))[0]).toBe(200);
    const head = await get(address, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([200, String(bytes.length), 0]);
  });

  test('what a stranger sent can be saved, and becomes no page', async () => {
    const token = await makeToken();
    const files: [Buffer, string][] = [
      [Buffer.from('<!doctype html><script>alert(1)</script>'), 'application/octet-stream'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'application/octet-stream'],
      [Buffer.from('MZ program'), 'application/octet-stream'],
      [Buffer.from('%PDF-1.4\n%%EOF\n'), 'application/pdf'],
    ];
    for (const [bytes, type] of files) {
      const { headers } = await get(`/media/${token}/${put(bytes)}`);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toMatch(/^attachment; /);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
    const saved = await get(`/media/${token}/${put(PNG)}?download=${encodeURIComponent('../Cotización "año" \r\nX: y 100%.png')}`);
    expect(saved.headers.get('content-disposition')).toBe(`attachment; filename="Cotizaci_n _a_o_ X_ y 100_.png"; filename*=UTF-8''Cotizaci%C3%B3n%20_a%C3%B1o_%20X_%20y%20100%25.png`);
    expect(saved.headers.get('x')).toBeNull();
  });

  test('the small picture has an address of its own', async () => {
    const token = await makeToken();
    const sha256 = put(PNG, 'thumbs');
    expect((await get(`/media/${token}/${sha256}?thumbnail`)).status).toBe(200);
    expect((await get(`/media/${token}/${'1'.repeat(64)}?thumbnail`)).status).toBe(404);
  });
});

test('two runs have different secrets', async () => {
  const other = createBrowserShell({ router: () => engine.router, rendererDir, files: () => createStoredFiles(rendererDir), port: 0, log });
  await other.start();
  expect(new URL(other.url).hash).not.toBe(new URL(shell.url).hash);
  await other.stop();
});
