import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultDemoDir, resetDemo } from '../../../main/demo/demo-folder.ts';

test.each([
  ['linux', {}, '/home/ana/.local/share/Bandeja/demo'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/Bandeja/demo'],
  ['darwin', {}, '/home/ana/Library/Application Support/Bandeja/demo'],
  ['win32', { LOCALAPPDATA: '/home/ana/AppData/Local' }, '/home/ana/AppData/Local/Bandeja/demo'],
] as const)('on %s with %j the demo lies in %s', (platform, env, dir) => {
  expect(defaultDemoDir(env, platform, '/home/ana')).toBe(dir);
});

test('a reset takes the demo and nothing else that lies in the folder', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-reset-'));
  for (const folder of ['demo-relay', 'demo-desktop', 'photos']) mkdirSync(path.join(dir, folder));
  for (const file of ['demo.json', 'demo-meta.json', 'letter.txt']) writeFileSync(path.join(dir, file), '');
  resetDemo(dir);
  expect(['demo-relay', 'demo-desktop', 'demo.json', 'demo-meta.json'].filter((name) => existsSync(path.join(dir, name)))).toEqual([]);
  expect(['photos', 'letter.txt'].filter((name) => existsSync(path.join(dir, name)))).toEqual(['photos', 'letter.txt']);
  rmSync(dir, { recursive: true });
});
