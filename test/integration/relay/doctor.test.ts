import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { runDoctor, type Finding } from '../../../webhook-relay/doctor.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { enrollDevice, makeFolder, makeInvite, openStore, startRelay } from './relay-harness.ts';

const APP_SECRET = '0123456789abcdef0123456789abcdef';
const SECRETS = { META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: 'a-long-and-random-word' };
const APP_ID = '123456789012345';

async function listen(server: Server): Promise<AsyncDisposable & { url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Meta: says what time it is, and what it has on file. */
const startGraph = (subscription: () => object, skewMs = 0) =>
  listen(
    createServer((request, response) => {
      response.setHeader('Date', new Date(Date.now() + skewMs).toUTCString());
      const isRight = request.headers.authorization === `Bearer ${APP_ID}|${APP_SECRET}`;
      response.end(JSON.stringify(isRight ? { data: [{ object: 'whatsapp_business_account', active: true, ...subscription() }] } : { error: { code: 190 } }));
    }),
  );

const look = (dataDir: string, env: Record<string, string>, isOffline = false): Promise<Finding[]> => runDoctor({ env, dataDir, isOffline, ports: systemPorts, openStore });
const of = (findings: Finding[], check: string): Finding[] => findings.filter((finding) => finding.check === check);

test('a relay with nothing wrong: every check is ok, and no secret is in what is said', async () => {
  await using relay = await startRelay();
  const admin = await enrollDevice(relay, 'Ana', { role: 'admin' });
  await relay.store.announceKey({ epoch: 1, publicKey: 'p', previous: null, deviceId: admin.deviceId, agentId: admin.agentId }, [{ deviceId: admin.deviceId, sealed: 's', voucher: 'v' }]);
  await chmod(relay.dataDir, 0o700);
  for (const name of ['relay.db', 'relay.db-wal', 'snapshots', 'blobs']) await chmod(path.join(relay.dataDir, name), name.startsWith('relay.db') ? 0o600 : 0o700).catch(() => {});
  await using graph = await startGraph(() => ({ callback_url: relay.webhookUrl, fields: ['messages'] }));
  const findings = await look(relay.dataDir, { ...SECRETS, PUBLIC_URL: relay.url, META_APP_ID: APP_ID, GRAPH_BASE_URL: graph.url });
  expect(findings.filter(({ status, check }) => status !== 'ok' && check !== 'user')).toEqual([]);
  expect(findings.map(({ check }) => check).filter((check) => check !== 'user')).toEqual([
    'settings',
    'secrets',
    'permissions',
    'disk',
    'database',
    'team’s key',
    'team’s key',
    'clock',
    'public address',
    'WebSockets',
    'Meta’s app',
  ]);
  for (const secret of Object.values(SECRETS)) expect(JSON.stringify(findings)).not.toContain(secret);
});

test('secrets that are guessed, files that others read, a folder without workspace', async () => {
  await using folder = await makeFolder();
  const dataDir = path.join(folder.path, 'data');
  await mkdir(dataDir);
  await chmod(dataDir, 0o755);
  const file = path.join(folder.path, 'secret');
  await writeFile(file, 'hola');
  await chmod(file, 0o644);
  const findings = await look(dataDir, { META_APP_SECRET_FILE: file, META_VERIFY_TOKEN: 'hola' }, true);
  expect(of(findings, 'app secret')).toMatchObject([{ status: 'warning' }]);
  expect(of(findings, 'verify token').map(({ status }) => status)).toEqual(['warning', 'failed']);
  expect(of(findings, 'permissions')).toMatchObject([
    { status: 'failed', action: `chmod 700 ${dataDir}` },
    { status: 'warning', action: `chmod o= ${file}` },
  ]);
  expect(of(findings, 'database')).toMatchObject([{ status: 'failed', action: expect.stringContaining('init') }]);
  expect(JSON.stringify(findings)).not.toContain('hola');

  expect(of(await look(dataDir, { RELAY_PORT: 'x' }, true), 'settings').length).toBe(3);
  expect(of(await look(path.join(folder.path, 'nowhere'), SECRETS, true), 'disk')).toMatchObject([{ status: 'failed', detail: expect.stringContaining('ENOENT') }]);
  await writeFile(path.join(dataDir, 'relay.db'), 'no database at all, but long enough to be looked at');
  expect(of(await look(dataDir, SECRETS, true), 'database')).toMatchObject([{ status: 'failed', detail: expect.stringContaining('not a database') }]);
});

test('where no desktop has joined, an invite that is open for an admin is named with its end, and never its code', async () => {
  await using folder = await makeFolder();
  const store = await openStore(folder.path);
  const say = async (): Promise<string | undefined> => of(await look(folder.path, SECRETS, true), 'database')[0]?.action;
  expect(await say()).toBe('Make an invite: `invite --role admin`.');
  const hours = (count: number): number => systemPorts.now() + count * 3_600_000;
  const codes = [await makeInvite(store, { role: 'agent', expiresAt: hours(60) })];
  expect(await say(), 'an agent makes no workspace').toBe('Make an invite: `invite --role admin`.');
  codes.push(await makeInvite(store, { role: 'admin', expiresAt: hours(5) }), await makeInvite(store, { role: 'admin', expiresAt: hours(20) }));
  expect(await say()).toMatch(/^An admin’s invite is open, and expires in 20 hours, \d{4}-\d\d-\d\d \d\d:\d\d UTC: join with it\./);
  for (const code of codes) expect(JSON.stringify(await look(folder.path, SECRETS, true))).not.toContain(code);
  await store.close();
});

test('a database that is whole, but of a newer relay or moved elsewhere, is not to be overwritten by a backup', async () => {
  await using folder = await makeFolder();
  await (await openStore(folder.path)).close();
  const db = new Database(path.join(folder.path, 'relay.db'), nativeBindingOption());
  db.pragma('user_version = 1000');
  db.close();
  const [finding] = of(await look(folder.path, SECRETS, true), 'database');
  expect(finding).toEqual({ check: 'database', status: 'failed', detail: expect.stringContaining('Start that newer version') });
});

test.each<[string, string, number, object, Finding['status'], RegExp]>([
  ['a clock that is off', 'clock', 30_000, {}, 'warning', /(29|3\d)\.\d s behind/],
  ['a clock that is far off', 'clock', -600_000, {}, 'failed', /ahead/],
  ['another callback', 'Meta’s app', 0, { callback_url: 'https://old.example.com/api/whatsapp/webhook' }, 'failed', /sends to https:\/\/old/],
  ['a subscription that is off', 'Meta’s app', 0, { active: false }, 'failed', /switched off/],
  ['a field that is missing', 'Meta’s app', 0, { fields: ['flows'] }, 'failed', /field messages/],
])('%s is found', async (_name, check, skewMs, subscription, status, detail) => {
  await using relay = await startRelay();
  await using graph = await startGraph(() => ({ callback_url: relay.webhookUrl, fields: ['messages'], ...subscription }), skewMs);
  const findings = await look(relay.dataDir, { ...SECRETS, PUBLIC_URL: relay.url, META_APP_ID: APP_ID, GRAPH_BASE_URL: graph.url });
  expect(of(findings, check)).toMatchObject([{ status, detail: expect.stringMatching(detail) }]);
});

test('an address that leads elsewhere, nowhere, or through a proxy that swallows WebSockets', async () => {
  await using relay = await startRelay();
  await using graph = await startGraph(() => ({}));
  const ask = async (PUBLIC_URL: string): Promise<Finding[]> => look(relay.dataDir, { ...SECRETS, PUBLIC_URL, GRAPH_BASE_URL: graph.url });
  await using other = await listen(createServer((_request, response) => response.end('welcome to nginx')));
  expect(of(await ask(other.url), 'public address')).toMatchObject([{ status: 'failed', detail: expect.stringContaining('not as a relay') }]);
  expect(of(await ask('http://127.0.0.1:9'), 'public address')).toMatchObject([{ status: 'failed', detail: expect.stringContaining('cannot be reached') }]);
  await using swallowing = await listen(createServer((request, response) => void (request.url === '/healthz' ? response.end('{"ok":true}') : response.writeHead(404).end())));
  expect(of(await ask(swallowing.url), 'WebSockets')).toMatchObject([{ status: 'failed', detail: expect.stringContaining('do not pass: 404') }]);
});
