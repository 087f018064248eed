/** Who may reach the window's server, over real sockets: the engine behind it must answer our own page only. */
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
import { createBrowserShell, type BrowserShell } from '../../../main/shell/browser/serve.ts';
import { createTestLog, startEmptyEngine } from '../../support/engine.ts';

const rendererDir = mkdtempSync(path.join(tmpdir(), 'bandeja-shell-'));
mkdirSync(path.join(rendererDir, 'assets'));
writeFileSync(path.join(rendererDir, 'index.html'), '<!doctype html>page');
const { log, lines } = createTestLog();
let engine: Awaited<ReturnType<typeof startEmptyEngine>>;
let shell: BrowserShell;
let host: string;
let secret: string;

beforeAll(async () => {
  engine = await startEmptyEngine(log);
  shell = createBrowserShell({ router: engine.router, rendererDir, port: 0, log });
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

test('two runs have different secrets', async () => {
  const other = createBrowserShell({ router: engine.router, rendererDir, port: 0, log });
  await other.start();
  expect(new URL(other.url).hash).not.toBe(new URL(shell.url).hash);
  await other.stop();
});
