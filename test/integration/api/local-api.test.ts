/** The local REST API as a setting of the desktop: switched, moved, given another token, and the same again after a restart. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOCAL_API_PORT } from '../../../contract/local-api.ts';
import type { EngineRouter } from '../../../main/engine/api/router.ts';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';
import { createTestLog, type LogLine } from '../../support/engine.ts';

let dataDir: string;
let engine: Engine;
let client: RouterClient<EngineRouter>;
let lines: LogLine[];

async function start(isDemo = false): Promise<void> {
  const testLog = createTestLog();
  lines = testLog.lines;
  engine = createEngine({ dataDir, graphBaseUrl: 'http://127.0.0.1:9', isDemo, version: '0.0.0' }, createNodePorts(dataDir, testLog.log));
  client = createRouterClient(engine.router);
  await engine.start();
}
async function restart(): Promise<void> {
  await engine.stop();
  await start();
}
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-api-'));
});
afterEach(async () => {
  await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const statusAt = (url: string | null | undefined, token: string): Promise<number | string> =>
  fetch(`${url}/api/whatsapp/conversations`, { headers: { authorization: `Bearer ${token}` } }).then(
    (response) => response.status,
    () => 'nobody answers',
  );

test('it is off until somebody switches it on, and on again after a restart, with the same token', async () => {
  await start();
  expect(await engine.localApi.open(null)).toBeNull();
  expect(await client.localApi.get()).toEqual({ isOn: false, port: LOCAL_API_PORT, url: null, problem: null, isFixed: false, isTokenFixed: false });
  const { url, problem } = await client.localApi.set({ isOn: true, port: 0 });
  expect(problem).toBeNull();
  const { token } = await client.localApi.showToken();
  expect(await statusAt(url, token)).toBe(200);

  await restart();
  expect(await engine.localApi.open(null)).toMatchObject({ token: null });
  const again = await client.localApi.get();
  expect(again).toMatchObject({ isOn: true, port: 0 });
  expect(await statusAt(again.url, token)).toBe(200);
  await client.localApi.set({ isOn: false });
  expect(await statusAt(again.url, token)).toBe('nobody answers');
});

test('another token opens it at once, the old one no longer, and neither stands in the database or the log', async () => {
  await start();
  await engine.localApi.open(null);
  const { url } = await client.localApi.set({ isOn: true, port: 0 });
  const { token: old } = await client.localApi.showToken();
  const { token } = await client.localApi.rotateToken();
  expect(token).not.toBe(old);
  expect([await statusAt(url, old), await statusAt(url, token)]).toEqual([401, 200]);
  await restart();
  expect(await client.localApi.showToken()).toEqual({ token });
  const secrets = readFileSync(path.join(dataDir, 'secrets.json'), 'utf8');
  expect([secrets.includes(token), secrets.includes(old)]).toEqual([true, false]);
  for (const file of ['bandeja.db', 'bandeja.db-wal']) expect(readFileSync(path.join(dataDir, file)).includes(token), file).toBe(false);
  expect(JSON.stringify(lines)).not.toContain(token);
});

test('a token that is asked for twice before there is one is the same', async () => {
  await start();
  const [first, second] = await Promise.all([client.localApi.showToken(), client.localApi.showToken()]);
  expect(second).toEqual(first);
  await restart();
  expect(await client.localApi.showToken()).toEqual(first);
});

test('a port that another program has keeps nothing else from working, and is told', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await start();
  await engine.localApi.open(null);
  expect(await client.localApi.set({ isOn: true, port })).toMatchObject({ isOn: true, port, url: null, problem: 'port_taken' });
  await restart();
  expect(await engine.localApi.open(null)).toBeNull();
  expect(await client.localApi.get()).toMatchObject({ problem: 'port_taken' });
  taken.close();
  await once(taken, 'close');
  const { url, problem } = await client.localApi.set({ isOn: true });
  expect([url, problem]).toEqual([`http://127.0.0.1:${port}`, null]);
});

test('what the command line says holds for that run, and only for it', async () => {
  await start();
  const opened = await engine.localApi.open({ port: 0, token: 'given' });
  expect(opened).toMatchObject({ token: null });
  expect(await client.localApi.get()).toMatchObject({ isOn: true, url: opened?.url, isFixed: true, isTokenFixed: true });
  expect(await statusAt(opened?.url, 'given')).toBe(200);
  await expect(client.localApi.set({ isOn: false })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  await expect(client.localApi.rotateToken()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  await restart();
  expect(await engine.localApi.open(null)).toBeNull();
  expect((await client.localApi.showToken()).token).not.toBe('given');

  await restart();
  const told = await engine.localApi.open({ port: 0, token: null });
  expect(told?.token).toBe((await client.localApi.showToken()).token);
});

test('the demo offers it, to be tried out', async () => {
  await start(true);
  const opened = await engine.localApi.open(null);
  expect(await statusAt(opened?.url, opened?.token ?? '')).toBe(200);
});
