/** The demo as a team: what a new one holds, that it is made once, and a colleague's desktop beside it. Real relay, stand-in and engines. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineRouter } from '../../../main/engine/api/router.ts';
import { colleagueDataDir, demoDataDirs } from '../../../main/demo/demo-folder.ts';
import { REQUEST_STATUSES } from '../../../contract/requests/request-rules.ts';
import { DEMO_REQUESTS } from '../../../main/demo/demo-requests.ts';
import { DEMO_CANNED, DEMO_CASES, DEMO_LABELS, findColleague } from '../../../main/demo/demo-team.ts';
import { DEMO_CUSTOMERS } from '../../../main/demo/meta/scripted-customers.ts';
import { forkNodeProgram } from '../../../main/shell/child-program.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';
import { openDemo } from '../../../main/shell/open-demo.ts';
import { openWorkspace } from '../../../main/shell/open-workspace.ts';
import { confirmDesktops } from '../../support/confirm-desktops.ts';

type Client = RouterClient<EngineRouter>;
type Open = { client: Client; isIdle(): Promise<void>; stop(): Promise<void> };

const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-demo-'));
const running: Open[] = [];
const log = (): void => undefined;

/** As a shell does it. */
async function open(as: string | null = null): Promise<Open> {
  const demo = await openDemo({ dir, colleague: as === null ? null : findColleague(as), isReset: false, hasPast: false }, forkNodeProgram, log);
  const workspace = await openWorkspace({ ...demo.options, api: null, isDemo: true, relayUrl: demo.relayUrl, mayBeEmpty: false }, createNodePorts(demo.options.dataDir, log));
  demo.noteOpened();
  const opened: Open = {
    client: createRouterClient(workspace.engine.router),
    isIdle: () => workspace.engine.waitForIdle(15_000),
    stop: async () => {
      await workspace.stop();
      await demo.stop();
      running.splice(running.indexOf(opened), 1);
    },
  };
  running.push(opened);
  await opened.isIdle();
  return opened;
}

const list = async ({ client }: Open, input: Parameters<Client['conversations']['list']>[0] = {}) => (await client.conversations.list({ limit: 200, ...input })).items;
const named = async (desktop: Open, name: string) => (await list(desktop)).find(({ contact }) => contact.name.startsWith(name))!;

/** Everything that making the team adds. */
async function readTeam(desktop: Open) {
  const { client } = desktop;
  const conversations = [...(await list(desktop)), ...(await list(desktop, { snoozed: 'only' }))];
  const { members, teams, labels, canned } = await client.team.directory();
  const notes = (await Promise.all(conversations.map(({ id }) => client.notes.list({ conversationId: id })))).flat();
  return {
    members: members.map(({ name, role }) => `${name}: ${role}`).toSorted(),
    devices: (await client.members.devices()).map(({ agentName, hasNumber }) => `${agentName}: ${hasNumber}`).toSorted(),
    teams: teams.map(({ name, memberIds }) => `${name}: ${memberIds.length}`).toSorted(),
    labels: labels.map(({ name }) => name).toSorted(),
    canned: canned.map(({ shortcut }) => shortcut).toSorted(),
    notes: notes.map(({ body, author, mentions }) => `${author.name}: ${body} → ${mentions.map(({ name }) => name).join()}`).toSorted(),
    assigned: Object.fromEntries(conversations.map(({ contact, assignee }) => [contact.name, assignee?.name ?? null])),
    requests: (await client.requests.list({ limit: 200 })).items.map(({ customerName, status, vendor, number }) => `${number} ${customerName}: ${status}, ${vendor?.name ?? '—'}`),
    vendors: (await client.contacts.list({ role: 'vendor' })).items.map(({ name, serviceTypes }) => `${name}: ${serviceTypes.join()}`),
    activity: (await Promise.all(conversations.map(({ id }) => client.conversations.get({ conversationId: id }))))
      .flatMap(({ activity }) => activity.map(({ opId, outcome }) => `${outcome} ${opId}`))
      .toSorted(),
  };
}

let ana: Open;
beforeAll(async () => {
  ana = await open();
}, 60_000);
afterAll(async () => {
  for (const desktop of running.toReversed()) await desktop.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('the demo', () => {
  test('begins with a team at work, and all of its customers unread', async () => {
    const team = await readTeam(ana);
    expect(team.members).toEqual(['Ana (demo): admin', 'Bo Ramírez: lead', 'Cyntia López: agent', 'Diego Tun: agent']);
    expect(team.devices, 'the number reached every desktop, sealed').toEqual(['Ana (demo): true', 'Bo Ramírez: true', 'Cyntia López: true', 'Diego Tun: true']);
    expect(team.teams).toEqual(['Facturación: 1', 'Soporte técnico: 3']);
    expect(team.labels).toEqual(DEMO_LABELS.map(({ name }) => name).toSorted());
    expect(team.canned).toEqual(DEMO_CANNED.map(({ shortcut }) => shortcut).toSorted());
    expect(team.notes).toHaveLength(2);
    for (const note of team.notes) expect(note).toMatch(/→ Ana \(demo\)$/);
    expect(Object.keys(team.assigned)).toHaveLength(DEMO_CUSTOMERS.length);
    expect(Object.values(team.assigned).filter((name) => name !== null)).toHaveLength(DEMO_CASES.filter(({ assignee }) => assignee).length);
    expect(new Set(Object.values(team.assigned))).toEqual(new Set([null, 'Ana (demo)', 'Bo Ramírez', 'Cyntia López', 'Diego Tun']));
    for (const line of team.activity) expect(line).toMatch(/^applied /);
    expect(team.requests).toHaveLength(DEMO_REQUESTS.length);
    expect(new Set((await ana.client.requests.list({ limit: 200 })).items.map(({ status }) => status)).size, 'in every status').toBe(REQUEST_STATUSES.length);
    expect(team.vendors).toHaveLength(3);
    const [proposal, ...others] = await ana.client.requests.events({});
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({ templateName: 'nueva_solicitud_de_servicio', template: { builtin: 'ok' }, event: { contact: { name: 'Óscar Ramírez · técnico' } } });
    expect(
      proposal?.slots.every(({ candidates }) => candidates.length > 0),
      'one key sends it',
    ).toBe(true);
    expect((await list(ana, { snoozed: 'only' })).map(({ contact }) => contact.name)).toEqual(['Daniel Brooks']);
    for (const { unread } of await list(ana)) expect(unread).toBeGreaterThan(0);
    expect((await ana.client.session.sync()).conflicts).toBe(0);
  });

  test('makes its team once, also when it was cut off just before it could note that', async () => {
    const before = await readTeam(ana);
    await ana.stop();
    ana = await open();
    expect(await readTeam(ana)).toEqual(before);

    await ana.stop();
    const file = path.join(dir, 'demo.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), team: null }));
    ana = await open();
    const { activity, ...after } = await readTeam(ana);
    expect({ ...after, activity: before.activity }).toEqual(before);
    // Labels are set again, which changes nothing.
    expect(activity.filter((line) => line.startsWith('applied '))).toEqual(before.activity);
  }, 60_000);

  test("opens a colleague's desktop: both offline, both assign, one wins and the other is told", async () => {
    const bo = await open('Bo Ramirez');
    const { me, number, isDemo } = await bo.client.session.get();
    expect({ name: me?.name, role: me?.role, hasNumber: number !== null, isDemo }).toEqual({ name: 'Bo Ramírez', role: 'lead', hasNumber: true, isDemo: true });
    await expect(open('bo'), 'twice').rejects.toThrow('demo-desktop-bo is open in another Bandeja');

    const { id } = await named(ana, 'Emily Carter');
    const { members } = await ana.client.team.directory();
    const idOf = (name: string): string => members.find((member) => member.name === name)!.id;
    for (const { client } of [ana, bo]) await client.session.pretendOffline({ isOffline: true });
    for (const { client } of [ana, bo]) expect(await client.session.sync()).toMatchObject({ state: 'offline', retryAt: null });
    await expect(ana.client.members.devices()).rejects.toMatchObject({ code: 'OFFLINE' });
    await ana.client.conversations.assign({ conversationId: id, from: null, to: idOf('Cyntia López') });
    await bo.client.conversations.assign({ conversationId: id, from: null, to: idOf('Diego Tun') });
    expect([(await named(ana, 'Emily Carter')).assignee?.name, (await named(bo, 'Emily Carter')).assignee?.name]).toEqual(['Cyntia López', 'Diego Tun']);

    await ana.client.session.pretendOffline({ isOffline: false });
    await ana.isIdle();
    await bo.client.session.pretendOffline({ isOffline: false });
    await bo.isIdle();
    await ana.isIdle();
    for (const desktop of [ana, bo]) expect((await named(desktop, 'Emily Carter')).assignee?.name).toBe('Cyntia López');
    const [conflict] = await bo.client.conflicts.list();
    expect(conflict).toMatchObject({ type: 'conversation.assign', outcome: 'superseded', canReapply: true, winner: { actor: { name: 'Ana (demo)' } } });
    await bo.client.conflicts.reapply({ opId: conflict!.opId });
    await bo.isIdle();
    await expect.poll(async () => (await named(ana, 'Emily Carter')).assignee?.name, { timeout: 15_000 }).toBe('Diego Tun');
    await bo.stop();
  }, 60_000);

  test('takes a colleague in again whose folder was deleted, as the same person, on the same demo', async () => {
    rmSync(colleagueDataDir(dir, { slug: 'cyntia' }), { recursive: true });
    // The team's key was in that folder, too: Ana gives it once more.
    const confirming = new AbortController();
    const confirmed = confirmDesktops(ana.client, confirming.signal);
    const cyntia = await open('cyntia');
    confirming.abort();
    await confirmed;
    expect((await cyntia.client.session.get()).me).toMatchObject({ name: 'Cyntia López', role: 'agent' });
    await expect.poll(async () => (await cyntia.client.session.get()).number !== null, { timeout: 15_000 }).toBe(true);
    expect((await list(cyntia, { assignee: 'me' })).map(({ contact }) => contact.name)).toContain('Brenda Sandoval');
    expect((await cyntia.client.team.directory()).members).toHaveLength(4);
    await cyntia.stop();
  }, 60_000);

  test('keeps what it notes for itself only', () => {
    for (const name of ['demo.json', 'demo-running.json']) expect(statSync(path.join(dir, name)).mode & 0o077, name).toBe(0);
    for (const dataDir of demoDataDirs(dir)) expect(statSync(dataDir).mode & 0o077, dataDir).toBe(0);
  });
});

test('a colleague needs the demo that runs, and is told how to get it', async () => {
  const nowhere = path.join(dir, 'nowhere');
  await expect(openDemo({ dir: nowhere, colleague: findColleague('bo'), isReset: false, hasPast: false }, forkNodeProgram, log)).rejects.toThrow('Start it first with npm start');
  await ana.stop();
  writeFileSync(path.join(dir, 'demo-running.json'), JSON.stringify({ pid: process.pid, relayUrl: 'http://127.0.0.1:9', metaUrl: 'http://127.0.0.1:9' }));
  await expect(open('bo'), 'the note of a demo that was killed').rejects.toThrow('Start it first with npm start');
});
