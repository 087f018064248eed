import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEMO_CASES, DEMO_COLLEAGUES, DEMO_LABELS, DEMO_ME, DEMO_TEAMS } from '../../../main/demo/demo-team.ts';
import { DEMO_CUSTOMERS } from '../../../main/demo/meta/scripted-customers.ts';
import { defaultDemoDir, readRunningDemo, resetDemo, writeRunningDemo } from '../../../main/demo/demo-folder.ts';

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
  for (const folder of ['demo-relay', 'demo-desktop', 'demo-desktop-bo', 'demo-desktop-diego', 'photos']) mkdirSync(path.join(dir, folder));
  for (const file of ['demo.json', 'demo-running.json', 'demo-meta.json', 'letter.txt']) writeFileSync(path.join(dir, file), '');
  resetDemo(dir);
  expect(readdirSync(dir).toSorted()).toEqual(['letter.txt', 'photos']);
  rmSync(dir, { recursive: true });
});

test('every case of the demo is about customers, colleagues, teams and labels that there are', () => {
  const people = [DEMO_ME.slug, ...DEMO_COLLEAGUES.map(({ slug }) => slug)] as string[];
  for (const { customer, assignee, team, labels = [], note, snoozeHours } of DEMO_CASES) {
    const customers = DEMO_CUSTOMERS.filter(({ name }) => name.startsWith(customer));
    expect(customers, customer).toHaveLength(1);
    if (snoozeHours !== undefined) expect(customers[0]!.unprompted, `${customer} would not stay snoozed`).toEqual([]);
    for (const slug of [assignee?.to, assignee?.by, note?.by]) if (slug !== undefined) expect(people).toContain(slug);
    if (team !== undefined) expect(DEMO_TEAMS.map(({ name }) => name)).toContain(team);
    for (const label of labels) expect(DEMO_LABELS.map(({ name }) => name)).toContain(label);
    if (note) expect(note.body).toContain(`@${DEMO_ME.name}`);
  }
});

test('a note of a running demo whose addresses are not on this computer is none', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-running-'));
  const running = { pid: 1, relayUrl: 'http://127.0.0.1:4100', metaUrl: 'http://127.0.0.1:4101' };
  writeRunningDemo(dir, running);
  expect(readRunningDemo(dir)).toEqual(running);
  for (const url of ['https://example.com', 'http://127.0.0.1.example.com:80', 'http://127.0.0.1:80@example.com']) {
    writeRunningDemo(dir, { ...running, metaUrl: url });
    expect(readRunningDemo(dir)).toBeNull();
  }
  rmSync(dir, { recursive: true });
});
