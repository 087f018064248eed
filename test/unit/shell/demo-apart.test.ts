/** The demo and real workspaces never mix: what each is refused. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { demoDataDir, writeDemoState } from '../../../main/demo/demo-folder.ts';
import { requireApart } from '../../../main/shell/demo-apart.ts';
import { openDemo } from '../../../main/shell/open-demo.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-apart-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const META = 'https://graph.facebook.com';
const LOCAL = 'http://127.0.0.1:4100';
const demo = { dataDir: demoDataDir(dir), isDemo: true, graphBaseUrl: LOCAL, relayUrl: LOCAL, join: null };

test('a desktop of the demo reaches neither Meta nor a relay elsewhere', () => {
  expect(() => requireApart(demo)).not.toThrow();
  expect(() => requireApart({ ...demo, graphBaseUrl: META })).toThrow('only its own relay');
  expect(() => requireApart({ ...demo, relayUrl: 'https://relay.example' })).toThrow('only its own relay');
  expect(() => requireApart({ ...demo, join: { relayUrl: 'https://relay.example' } })).toThrow('only its own relay');
  for (const url of ['http://127.0.0.1.example:80', 'http://127.0.0.1:80@relay.example', 'http://127.0.0.1:4100/x'])
    expect(() => requireApart({ ...demo, relayUrl: url }), url).toThrow('only its own relay');
});

test('a folder of the demo is opened as nothing else; one that only has its name is', () => {
  const real = { ...demo, isDemo: false, graphBaseUrl: META, relayUrl: null };
  mkdirSync(demoDataDir(dir), { recursive: true });
  expect(() => requireApart(real)).not.toThrow();
  writeDemoState(dir, { appSecret: 'a', verifyToken: 'b', graphToken: 'c', hasJoined: true, past: 'none', team: null });
  expect(() => requireApart(real)).toThrow('belongs to the demo workspace');
});

test("a real workspace's folder is neither opened as a demo nor reset", async () => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'bandeja.db'), 'theirs');
  const fork = (): never => {
    throw new Error('nothing is started');
  };
  await expect(openDemo({ dir, colleague: null, isReset: true, hasPast: true }, fork, () => undefined)).rejects.toThrow('is the folder of a real workspace');
  expect(readdirSync(dir)).toEqual(['bandeja.db']);
});
