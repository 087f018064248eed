/** What a team writes is stored so that the relay cannot read it, whatever happens to keys, desktops and lines. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { createRing, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import { createWebhookOpener, openOp, readEpoch } from '../../../contract/sealing/sealed-body.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { readKeys } from '../../support/open-entries.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

type Stored = { seq: number; kind: string; device_id: string; actor_id: string; device_seq: number; op_id: string; v: number; body: string };
const readStored = (): Stored[] => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare("SELECT * FROM entry WHERE kind <> 'relay' ORDER BY seq").all() as Stored[];
  } finally {
    db.close();
  }
};
const listEpochs = (): unknown[] => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare('SELECT epoch FROM key_epoch').all();
  } finally {
    db.close();
  }
};
const listCopies = () => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare('SELECT device_id AS deviceId, sealed FROM key_copy').all() as { deviceId: string; sealed: string }[];
  } finally {
    db.close();
  }
};
const readEpochs = (): (number | null)[] => readStored().map(({ body }) => readEpoch(body));
const readSecrets = ({ dataDir }: Desktop): RingSecrets => readKeys(dataDir);
const hasKeys = (desktop: Desktop, count: number) => waitUntil(`there are ${count} keys`, () => readSecrets(desktop).length === count, 20_000);
const stateOf = async ({ client }: Desktop): Promise<string> => (await client.session.sync({})).state;
const isIn = (desktop: Desktop, state: string) => waitUntil(`it is ${state}`, async () => (await stateOf(desktop)) === state, 20_000);
const hears = (desktop: Desktop, name: string) => waitUntil(`${name} is there`, async () => (await desktop.client.conversations.list({})).items.find(({ contact }) => contact.name === name), 20_000);
const writes = (from: string, name: string, text: string): void => void team.meta.customerWrites({ from, name, text });

it('from the first admin’s desktop on everything is stored sealed, and every desktop of the team reads it', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  await hasKeys(ana, 1);
  const bo = await team.addDesktop({ name: 'Bo' });
  writes('50255550001', 'Marta', 'hola');
  const { id: conversationId } = await hears(bo, 'Marta');
  await bo.client.notes.add({ conversationId, body: 'Llamar antes' });
  await waitUntil('the note is there', async () => (await ana.client.notes.list({ conversationId })).some(({ body }) => body === 'Llamar antes'), 20_000);
  await Promise.all([ana.engine.waitForIdle(20_000), bo.engine.waitForIdle(20_000)]);
  expect(readSecrets(bo)).toEqual(readSecrets(ana));

  const stored = readStored();
  expect(new Set(stored.map(({ kind }) => kind))).toEqual(new Set(['webhook', 'op']));
  const ring = createRing(readSecrets(ana));
  const opener = createWebhookOpener(ring);
  for (const { kind, body, op_id: opId, device_id: deviceId, actor_id: actorId, device_seq: deviceSeq, v } of stored) {
    expect(readEpoch(body)).toBe(1);
    const keys = ring.find(1);
    const plain = kind === 'webhook' ? await opener.open(body) : keys && openOp(keys, { opId, deviceId, actorId, deviceSeq, v }, body);
    expect(plain).toMatch(/^\{/);
  }
});

it('what was written before there was a key is read on, and stays as it is', async () => {
  const bo = await team.addDesktop({ name: 'Bo' });
  writes('50255550001', 'Marta', 'antes');
  const { id: conversationId } = await hears(bo, 'Marta');
  await bo.client.notes.add({ conversationId, body: 'sin llave' });
  await bo.engine.waitForIdle(20_000);
  expect(readEpochs().every((epoch) => epoch === null)).toBe(true);
  const before = readEpochs().length;

  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  await hasKeys(ana, 1);
  await hasKeys(bo, 1);
  await bo.client.notes.add({ conversationId, body: 'con llave' });
  await waitUntil('both notes are there', async () => (await ana.client.notes.list({ conversationId })).length === 2, 20_000);
  await bo.engine.waitForIdle(20_000);
  expect(readEpochs().slice(0, before)).toEqual(Array.from({ length: before }, () => null));
  const last = readStored().at(-1);
  expect(last?.kind).toBe('op');
  expect(readEpoch(last?.body ?? '')).toBe(1);
});

it('whoever is shut out reads nothing of what comes then, with all that the relay has stored', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  await hasKeys(bo, 1);
  const devices = await ana.client.members.devices({});
  const shutOut = devices.find(({ agentName }) => agentName === 'Bo');
  await ana.client.members.revokeDevice({ deviceId: shutOut?.id ?? '', wipe: false });
  await isIn(bo, 'revoked');
  await hasKeys(ana, 2);
  writes('50255550002', 'Rosa', 'después');
  const { id: conversationId } = await hears(ana, 'Rosa');
  await ana.client.notes.add({ conversationId, body: 'entre nosotros' });
  await ana.engine.waitForIdle(20_000);

  const [old, all] = [createRing(readSecrets(bo)), createRing(readSecrets(ana))];
  expect(old.newest()).toBe(1);
  const later = readStored().filter(({ body }) => readEpoch(body) === 2);
  expect(new Set(later.map(({ kind }) => kind))).toEqual(new Set(['webhook', 'op']));
  for (const { kind, body } of later.filter(({ kind }) => kind === 'webhook')) {
    expect(kind).toBe('webhook');
    await expect(createWebhookOpener(old).open(body)).rejects.toThrow('epoch 2');
    expect(await createWebhookOpener(all).open(body)).not.toBeNull();
  }
  const op = later.find(({ kind }) => kind === 'op');
  const place = { opId: op?.op_id ?? '', deviceId: op?.device_id ?? '', actorId: op?.actor_id ?? '', deviceSeq: op?.device_seq ?? 0, v: op?.v ?? 0 };
  const [oldKeys, newKeys] = [old.find(1), all.find(2)];
  expect(oldKeys && openOp({ ...oldKeys, epoch: 2 }, place, op?.body ?? '')).toBeNull();
  expect(newKeys && openOp(newKeys, place, op?.body ?? '')).not.toBeNull();
});

it('a desktop that nobody has given the key waits with what it wrote, and goes on when it has it', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  await hasKeys(ana, 1);
  writes('50255550001', 'Marta', 'hola');
  await hears(ana, 'Marta');
  await ana.engine.waitForIdle(20_000);
  await ana.stop();
  const cy = await team.addDesktop({ name: 'Cy' });
  await isIn(cy, 'waiting_for_key');
  const before = readStored().length;
  await cy.client.team.addCanned({ shortcut: 'saludo', body: 'Hola', isPersonal: true });
  expect((await cy.client.conversations.list({})).items).toEqual([]);
  expect(readStored().length).toBe(before);
  await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir });
  await hears(cy, 'Marta');
  await cy.engine.waitForIdle(20_000);
  expect(readEpochs().every((epoch) => epoch === 1)).toBe(true);
});

it('a key that was to follow while no admin was there follows when one is', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  await hasKeys(bo, 1);
  await ana.stop();
  const { devices } = JSON.parse(await team.relay.cli('devices', '--json')) as { devices: { id: string; agentName: string }[] };
  await team.relay.cli('revoke', devices.find(({ agentName }) => agentName === 'Bo')?.id ?? '');
  await isIn(bo, 'revoked');
  const again = await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir });
  await hasKeys(again, 2);
});

it('a relay that is restored from before the newest key gets it back, and seals to it again', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  await hasKeys(bo, 1);
  await Promise.all([ana.engine.waitForIdle(20_000), bo.engine.waitForIdle(20_000)]);
  const { folder } = JSON.parse(await team.relay.cli('backup', '--to', team.makeDataDir(), '--json')) as { folder: string };
  const shutOut = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
  await ana.client.members.revokeDevice({ deviceId: shutOut?.id ?? '', wipe: false });
  await hasKeys(ana, 2);
  await bo.stop();

  await team.relay.kill();
  rmSync(team.relay.dataDir, { recursive: true });
  await team.relay.cli('restore', '--from', folder);
  await team.relay.restart();
  await waitUntil('the relay has the second key', () => listEpochs().length === 2, 30_000);
  // The backup knows nothing of it, but Bo was shut out.
  expect(listCopies().find(({ deviceId }) => deviceId === shutOut?.id)?.sealed).toBe('-');
  writes('50255550003', 'Lucía', 'de nuevo');
  const { id: conversationId } = await hears(ana, 'Lucía');
  await ana.client.notes.add({ conversationId, body: 'otra vez' });
  await ana.engine.waitForIdle(20_000);
  expect(readStored().at(-1)?.body).toMatch(/^s1\.2\./);
});

it('after a restored backup the next key also reaches a desktop that was not there since', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const [bo, cy] = [await team.addDesktop({ name: 'Bo' }), await team.addDesktop({ name: 'Cy' })];
  await Promise.all([hasKeys(bo, 1), hasKeys(cy, 1)]);
  await Promise.all([ana, bo, cy].map((desktop) => desktop.engine.waitForIdle(20_000)));
  const { folder } = JSON.parse(await team.relay.cli('backup', '--to', team.makeDataDir(), '--json')) as { folder: string };
  await Promise.all([ana.stop(), bo.stop(), cy.stop()]);
  await team.relay.kill();
  rmSync(team.relay.dataDir, { recursive: true });
  await team.relay.cli('restore', '--from', folder);
  await team.relay.restart();
  // Nobody says yes to anybody.
  const again = await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir, confirms: false });
  const shutOut = await waitUntil('Cy is there', async () => (await again.client.members.devices({})).find(({ agentName }) => agentName === 'Cy'), 20_000);
  await again.client.members.revokeDevice({ deviceId: shutOut.id, wipe: false });
  await hasKeys(again, 2);
  const later = await team.addDesktop({ name: 'Bo', dataDir: bo.dataDir });
  await hasKeys(later, 2);
  expect(readSecrets(later)).toEqual(readSecrets(again));
});

it('two admins’ desktops that begin together make one key', async () => {
  const [ana, eva] = await Promise.all([team.addDesktop({ name: 'Ana', role: 'admin' }), team.addDesktop({ name: 'Eva', role: 'admin' })]);
  await Promise.all([hasKeys(ana, 1), hasKeys(eva, 1)]);
  expect(readSecrets(eva)).toEqual(readSecrets(ana));
  expect(listEpochs()).toHaveLength(1);
});
