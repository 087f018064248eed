/** The names and paths that scripts outside the project rely on, used as such a script would: only programs and HTTP. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startProgram } from '../../support/program.ts';
import { waitUntil } from '../../support/wait-until.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
let folder: string;
let stop: (() => Promise<unknown>)[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-script-'));
  stop = [];
});
afterEach(async () => {
  for (const end of stop.toReversed()) await end();
  rmSync(folder, { recursive: true });
});

const start = async (...args: Parameters<typeof startProgram>) => {
  const program = await startProgram(...args);
  stop.push(() => program.kill());
  return program;
};
const json = async <T>(url: string, init?: RequestInit): Promise<T> => (await (await fetch(url, init)).json()) as T;

it('relay, stand-in and engine work together by their documented flags, and end cleanly on SIGTERM', async () => {
  const env = { RELAY_PORT: '0', RELAY_DATA_DIR: path.join(folder, 'relay'), META_APP_SECRET: 'secret', META_VERIFY_TOKEN: 'verify' };
  const relay = await start('webhook-relay/cli.ts', ['serve'], env);
  const cli = async (...args: string[]) =>
    JSON.parse((await promisify(execFile)(process.execPath, [path.join(ROOT, 'webhook-relay/cli.ts'), ...args], { env: { ...process.env, ...env } })).stdout) as Record<string, unknown>;
  const { invite } = await cli('invite', '--role', 'admin', '--json');
  const meta = await start('main/demo/meta/cli.ts', ['--port', '0', '--webhook', `${relay.ready.url}/api/whatsapp/webhook`, '--app-secret', 'secret']);
  const engine = await start(
    'main/engine/cli.ts',
    [
      '--data-dir',
      path.join(folder, 'desktop'),
      '--relay',
      String(relay.ready.url),
      '--invite',
      String(invite),
      '--api-port',
      '0',
      '--api-token',
      'token',
      '--phone-number-id',
      '109876500000001',
      '--waba-id',
      '208765400000001',
      '--graph-token',
      'graph',
    ],
    { GRAPH_BASE_URL: String(meta.ready.url) },
  );
  const api = `${engine.ready.url}/api`;
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };

  await fetch(`${meta.ready.url}/_customer`, { method: 'POST', headers, body: JSON.stringify({ from: '50255551234', name: 'Marta', text: '¿Tienen visita mañana?' }) });
  type List = { items: { id: string; unread: number; contact: { name: string } }[]; nextCursor: string | null };
  const conversation = await waitUntil('the message arrives', async () => (await json<List>(`${api}/whatsapp/conversations?status=active&limit=50`, { headers })).items[0]);
  expect(conversation).toMatchObject({ unread: 1, contact: { name: 'Marta' } });

  const reply = await fetch(`${api}/whatsapp/conversations/${conversation.id}/messages`, { method: 'POST', headers, body: JSON.stringify({ text: 'Sí, a las 10' }) });
  expect(reply.status).toBe(201);
  type Journal = { calls: { accepted: boolean; body: { text?: { body: string } } | null }[] };
  await waitUntil('Meta has the reply', async () => (await json<Journal>(`${meta.ready.url}/_journal`)).calls.some((call) => call.accepted && call.body?.text?.body === 'Sí, a las 10'));
  type Thread = { messages: { direction: string; delivery: string | null }[] };
  await waitUntil('it is read', async () => (await json<Thread>(`${api}/whatsapp/conversations/${conversation.id}`, { headers })).messages.some((message) => message.delivery === 'read'));
  expect(await json(`${api}/openapi.json`)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), paths: { '/whatsapp/conversations': { get: expect.anything() } } });

  const status = await cli('status', '--json');
  expect(Object.keys(status).toSorted()).toEqual(['blobBytes', 'blobs', 'devices', 'duplicates', 'epoch', 'head', 'horizon', 'keyHolders', 'logId', 'ops', 'publicKey', 'unrecognised', 'webhooks']);
  expect(status).toMatchObject({ devices: 1, webhooks: 4, unrecognised: 0 });
  for (const program of [engine, meta, relay]) expect(await program.stop(), program.stderr()).toBe(0);
});

it('the local REST API refuses strangers clearly', async () => {
  const env = { RELAY_PORT: '0', RELAY_DATA_DIR: path.join(folder, 'relay'), META_APP_SECRET: 'secret', META_VERIFY_TOKEN: 'verify' };
  const relay = await start('webhook-relay/cli.ts', ['serve'], env);
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'webhook-relay/cli.ts'), 'invite', '--role', 'agent', '--json'], { env: { ...process.env, ...env } });
  const engine = await start(
    'main/engine/cli.ts',
    ['--data-dir', path.join(folder, 'desktop'), '--relay', String(relay.ready.url), '--invite', (JSON.parse(stdout) as { invite: string }).invite, '--api-port', '0'],
    { API_TOKEN: 'token' },
  );
  const list = `${engine.ready.url}/api/whatsapp/conversations`;
  const authorization = 'Bearer token';
  const ask = async (url: string, init: RequestInit) => {
    const response = await fetch(url, init);
    return { status: response.status, body: await response.json() };
  };
  expect(await ask(list, {})).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHORIZED' } } });
  expect(await ask(list, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({ status: 401 });
  expect(await ask(list, { headers: { authorization, origin: 'https://evil.example' } })).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
  expect(await ask(`${list}?limit=9999`, { headers: { authorization } })).toMatchObject({ status: 400, body: { error: { code: 'INVALID_INPUT', message: expect.stringContaining('limit') } } });
  expect(await ask(`${list}/nope`, { headers: { authorization } })).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  expect(await ask(`${list}/nope/messages`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{"text":' })).toMatchObject({ status: 400 });
  expect(await ask(`${engine.ready.url}/api/preferences/get`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{}' })).toMatchObject({ status: 404 });
});
