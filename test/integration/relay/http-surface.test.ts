import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashDeviceToken, hashInviteCode, makeDeviceToken } from '../../../webhook-relay/invite-code.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { ask, connectDesktop, enrollDevice, makeInvite, makeOp, postWebhook, sign, startRelay, textMessage, type TestRelay } from './relay-harness.ts';

const WEBHOOK = '/api/whatsapp/webhook';

/** Writes `text` to the relay and reads until it hangs up. */
async function talk(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => {});
  await once(socket, 'close');
  return answer;
}

test.each([
  ['GET', '/', 404, null],
  ['POST', '/api/whatsapp/webhook/', 404, null],
  ['GET', '/HEALTHZ', 404, null],
  ['GET', '/api/blobs/%zz', 400, null],
  ['GET', '/api/sesame?sesame', 404, null],
  ['GET', '/api/../etc/passwd', 404, null],
  ['PUT', WEBHOOK, 405, 'GET, POST'],
  ['GET', '/api/enroll', 405, 'POST'],
  ['OPTIONS', '/api/devices', 405, 'GET'],
  ['PATCH', '/api/blobs/sesame', 405, 'GET, POST, PUT, DELETE'],
  ['TRACE', '/healthz', 405, 'GET'],
])('%s %s is answered %i, without repeating it', async (method, path, status, allow) => {
  await using relay = await startRelay();
  const answer = await talk(relay.url, `${method} ${path} HTTP/1.1\r\nHost: sesame\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.match(/^Allow: (.*)\r$/m)?.[1] ?? null).toBe(allow);
  expect(answer).toMatch(/\r\n\r\n\{"error":"\w+"\}$/);
  expect(answer).not.toMatch(/sesame|passwd| at /);
});

test('every answer forbids browsers to do anything with it; https is insisted on where the relay has it', async () => {
  await using plain = await startRelay();
  await using secure = await startRelay({ settings: { publicUrl: 'https://relay.example.com' } });
  for (const path of ['/healthz', '/nowhere', '/api/devices', WEBHOOK]) {
    const { headers } = await fetch(`${secure.url}${path}`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
    });
    expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
    expect((await fetch(`${plain.url}${path}`)).headers.has('strict-transport-security')).toBe(false);
  }
});

test('headers of more than 8 kB are refused', async () => {
  await using relay = await startRelay();
  expect(await talk(relay.url, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

test('two thousand headers before it do not make the proxy’s own be overlooked', async () => {
  await using relay = await startRelay();
  const answer = await talk(relay.url, `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a:\r\n'.repeat(2_000)}X-Forwarded-For: 203.0.113.7\r\n\r\n`);
  expect(answer.slice(-11)).toBe('{"ok":true}');
});

test('a stranger has few requests; Meta and desktops at the same address, and strangers at another one, are not held up', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ limits: { strangerRequestsMax: 4 }, ports: { ...systemPorts, now: () => now } });
  const { token } = await enrollDevice(relay);
  const from = (address: string, path: string, { headers, ...init }: { method?: string; body?: string; headers?: Record<string, string> } = {}): Promise<Response> =>
    fetch(`${relay.url}${path}`, { ...init, headers: { 'x-forwarded-for': address, ...headers } });
  const statuses: number[] = [];
  // What is before the proxy's own part is the stranger's, and a token that nobody asks for is no proof.
  for (const [path, headers] of [['/healthz'], ['/nowhere', { authorization: 'Bearer x' }], [WEBHOOK], ['/join'], ['/healthz'], ['/join', { authorization: 'Bearer x' }]] as [
    string,
    Record<string, string>?,
  ][])
    statuses.push((await from(`198.51.100.${statuses.length}, 203.0.113.7`, path, headers && { headers })).status);
  expect(statuses).toEqual([200, 404, 403, 200, 429, 429]);
  expect((await from('203.0.113.7', '/api/enroll', { method: 'POST' })).status).toBe(429);
  expect((await from('203.0.113.7', WEBHOOK, { method: 'POST', body: '{}' })).status).toBe(429);
  const refused = await from('203.0.113.7', '/healthz');
  expect([refused.headers.get('retry-after'), await refused.json()]).toEqual(['60', { error: 'too_many_requests' }]);

  const there = { 'x-forwarded-for': '203.0.113.7' };
  expect(await postWebhook(relay.webhookUrl, textMessage('a'), there)).toBe(200);
  expect((await from('203.0.113.7', '/api/devices', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  expect((await from('203.0.113.8', '/healthz')).status).toBe(200);
  now += 60_000;
  expect((await from('203.0.113.7', '/healthz')).status).toBe(200);
});

test('Meta’s address is not held up either after a thousand wrong signatures came from it', async () => {
  await using relay = await startRelay({ limits: { strangerRequestsMax: 1 } });
  const there = { 'x-forwarded-for': '203.0.113.7' };
  for (let n = 0; n < 20; n += 1) expect(await postWebhook(relay.webhookUrl, '{}', { ...there, 'x-hub-signature-256': sign('other') })).toBe(401);
  expect(await postWebhook(relay.webhookUrl, textMessage('a'), there)).toBe(200);
});

test('a desktop gone wild is slowed down, by request and by connection; its colleague is not', async () => {
  await using relay = await startRelay({ limits: { deviceRequestsMax: 3, deviceConnectsMax: 2 } });
  const [wild, calm] = [await enrollDevice(relay), await enrollDevice(relay, 'Bo')];
  for (const status of [200, 200, 200, 429, 429]) expect((await ask(relay.url, 'GET', '/api/devices', wild.token)).status).toBe(status);
  expect((await ask(relay.url, 'GET', '/api/devices', calm.token)).status).toBe(200);
  for (const { token } of [wild, calm]) (await connectDesktop(relay.url, token)).end();
  (await connectDesktop(relay.url, wild.token)).end();
  await expect(connectDesktop(relay.url, wild.token)).rejects.toThrow('refused with 429');
  (await connectDesktop(relay.url, calm.token)).end();
});

test.each([
  ['that do not come', ''],
  ['that come a byte at a time', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '],
])('a connection with headers %s is ended', async (_name, text) => {
  await using relay = await startRelay({ limits: { headersWithinMs: 200 } });
  expect(await talk(relay.url, text)).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test.each([
  ['of a webhook', WEBHOOK, { 'X-Hub-Signature-256': sign('') }],
  ['of an enrolment', '/api/enroll', { 'Content-Type': 'application/json' }],
])('a body %s that does not come is not waited for', async (_name, path, headers) => {
  await using relay = await startRelay({ limits: { bodyWithinMs: 100 } });
  const lines = Object.entries({ Host: 'x', 'Content-Length': '1000', ...headers }).map((pair) => pair.join(': '));
  expect(await talk(relay.url, `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{"object":`)).toMatch(/^HTTP\/1\.1 408 [^]*\{"error":"timeout"\}$/);
  expect((await relay.store.readStatus()).head).toBe(0);
  expect(await postWebhook(relay.webhookUrl, textMessage('a'))).toBe(200);
});

/** A desktop of a relay that has a file of 64 MB. */
async function makeReader(relay: TestRelay): Promise<{ path: string; token: string; bytes: number }> {
  const token = makeDeviceToken(systemPorts);
  const invite = await makeInvite(relay.store, { expiresAt: Number.MAX_SAFE_INTEGER });
  await relay.store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: hashDeviceToken(token), deviceId: 'd', deviceName: 'laptop', newAgentId: 'a', agentName: 'Ana' });
  const bytes = Buffer.alloc(64 * 1024 * 1024);
  const name = createHash('sha256').update(bytes).digest('hex');
  await mkdir(path.join(relay.dataDir, 'blobs', name.slice(0, 2)), { recursive: true });
  await writeFile(path.join(relay.dataDir, 'blobs', name.slice(0, 2), name), bytes);
  return { path: `/api/blobs/${name}`, token, bytes: bytes.length };
}

test('a file that goes out over a slow line is not cut off by the time that a body has to come in', async () => {
  await using relay = await startRelay({ limits: { bodyWithinMs: 1 } });
  const reader = await makeReader(relay);
  const answer = await fetch(`${relay.url}${reader.path}`, { headers: { authorization: `Bearer ${reader.token}` } });
  expect((await answer.arrayBuffer()).byteLength).toBe(reader.bytes);
});

test('a connection on which nothing comes is ended; a desktop that has nothing to say is not', async () => {
  await using relay = await startRelay({ limits: { idleWithinMs: 1_000 } });
  const { token } = await enrollDevice(relay);
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  expect(await talk(relay.url, '')).toBe('');
  desktop.push(makeOp(1));
  expect(await desktop.next('ack')).toMatchObject({ last: 1 });
  desktop.end();
});

test('a desktop that does not read what it asked for does not keep its connection', async () => {
  await using relay = await startRelay({ limits: { connectionsMax: 1, idleWithinMs: 200 } });
  const reader = await makeReader(relay);
  const silent = connect(Number(new URL(relay.url).port), '127.0.0.1', () => silent.write(`GET ${reader.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${reader.token}\r\n\r\n`));
  silent.on('error', () => {});
  await once(silent, 'readable');
  const isTaken = (): Promise<boolean> =>
    fetch(`${relay.url}/healthz`, { headers: { connection: 'close' } })
      .then(({ ok }) => ok)
      .catch(() => false);
  await waitUntil('there is room for another one', isTaken);
  silent.destroy();
});
