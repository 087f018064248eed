/** A relay that was put back from a backup, and desktops whose keys are not the ones that it has then: real relay, real engines. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { readKeys } from '../../support/open-entries.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

// A relay is stopped, restored and started again.
vi.setConfig({ testTimeout: 90_000 });

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const WITHIN_MS = 20_000;
const syncOf = ({ client }: Desktop) => client.session.sync({});
const is = (desktop: Desktop, state: string) => waitUntil(`it is ${state}`, async () => (await syncOf(desktop)).state === state, WITHIN_MS);
const hasKeys = (desktop: Desktop, count: number) => waitUntil(`there are ${count} keys`, () => readKeys(desktop.dataDir).length === count, WITHIN_MS);
const hears = (desktop: Desktop, name: string) =>
  waitUntil(`${name} is there`, async () => (await desktop.client.conversations.list({})).items.find(({ contact }) => contact.name === name), WITHIN_MS);
const idle = (...desktops: Desktop[]) => Promise.all(desktops.map(({ engine }) => engine.waitForIdle(WITHIN_MS)));
const notesOf = async ({ client }: Desktop, conversationId: string) => (await client.notes.list({ conversationId })).map(({ body }) => body).toSorted();
const backUp = async (): Promise<string> => (JSON.parse(await team.relay.cli('backup', '--to', team.makeDataDir(), '--json')) as { folder: string }).folder;
async function restore(folder: string): Promise<void> {
  await team.relay.kill();
  rmSync(team.relay.dataDir, { recursive: true });
  await team.relay.cli('restore', '--from', folder);
  await team.relay.restart();
}
async function shutOut(admin: Desktop, agentName: string): Promise<void> {
  const device = await waitUntil(`${agentName} is there`, async () => (await admin.client.members.devices({})).find((one) => one.agentName === agentName), WITHIN_MS);
  await admin.client.members.revokeDevice({ deviceId: device.id, wipe: false });
}
const countStored = (): number => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare('SELECT count(*) FROM entry').pluck().get() as number;
  } finally {
    db.close();
  }
};

/**
 * Ana's desktop has the second key and wrote with it. The relay was restored from before, and Eva's desktop, which had missed all of that, made another
 * second key. Ana's desktop comes back last.
 */
async function splitKeys(): Promise<{ ana: Desktop; eva: Desktop; conversationId: string }> {
  const [first, eva] = [await team.addDesktop({ name: 'Ana', role: 'admin' }), await team.addDesktop({ name: 'Eva', role: 'admin', confirms: false })];
  const [bo, cy] = [await team.addDesktop({ name: 'Bo' }), await team.addDesktop({ name: 'Cy' })];
  await Promise.all([first, eva, bo, cy].map((desktop) => hasKeys(desktop, 1)));
  team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
  const [{ id: conversationId }] = await Promise.all([hears(first, 'Marta'), hears(eva, 'Marta')]);
  await idle(first, eva, bo, cy);
  const folder = await backUp();

  await eva.stop();
  await shutOut(first, 'Bo');
  await hasKeys(first, 2);
  await first.client.notes.add({ conversationId, body: 'con la segunda llave' });
  await idle(first);
  await team.relay.kill();
  await first.client.notes.add({ conversationId, body: 'sin línea' });
  await first.stop();
  await Promise.all([bo.stop(), cy.stop()]);

  await restore(folder);
  const evaAgain = await team.addDesktop({ name: 'Eva', role: 'admin', dataDir: eva.dataDir, confirms: false });
  await shutOut(evaAgain, 'Cy');
  await hasKeys(evaAgain, 2);
  await evaAgain.client.notes.add({ conversationId, body: 'con la otra segunda llave' });
  await idle(evaAgain);
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: first.dataDir, confirms: false });
  expect(readKeys(evaAgain.dataDir)).not.toEqual(readKeys(ana.dataDir));
  return { ana, eva: evaAgain, conversationId };
}
const ALL = ['con la otra segunda llave', 'con la segunda llave', 'sin línea'];
async function agree(ana: Desktop, eva: Desktop, conversationId: string): Promise<void> {
  expect(readKeys(ana.dataDir)).toEqual(readKeys(eva.dataDir));
  await waitUntil('Ana’s desktop has it all', async () => (await notesOf(ana, conversationId)).length === ALL.length, WITHIN_MS);
  await waitUntil('Eva’s desktop has it all', async () => (await notesOf(eva, conversationId)).length === ALL.length, WITHIN_MS);
  await idle(ana, eva);
  expect([await notesOf(ana, conversationId), await notesOf(eva, conversationId)]).toEqual([ALL, ALL]);
  await ana.client.notes.add({ conversationId, body: 'y lo de ahora' });
  await waitUntil('Eva’s desktop has it', async () => (await notesOf(eva, conversationId)).includes('y lo de ahora'), WITHIN_MS);
}

it('a desktop whose key is another one of that number waits with all that it has; the code of the relay’s key on paper brings it back', async () => {
  const { ana, eva, conversationId } = await splitKeys();
  const [stored, keys] = [countStored(), readKeys(ana.dataDir)];
  await is(ana, 'waiting_for_key');
  await waitUntil('it says so', async () => (await syncOf(ana)).hasOtherKeys, WITHIN_MS);
  // What it had is still there to be read, and nothing of it went anywhere.
  expect(await notesOf(ana, conversationId)).toEqual(['con la segunda llave', 'sin línea']);
  await ana.client.notes.add({ conversationId, body: 'mientras espera' });
  expect([countStored(), readKeys(ana.dataDir)]).toEqual([stored, keys]);
  await expect(ana.client.members.recoveryCode({})).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  await expect(ana.client.members.invite({ role: 'agent' })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });

  const { code, epoch } = await eva.client.members.recoveryCode({});
  expect(epoch).toBe(2);
  await ana.client.enrollment.recover({ code });
  await is(ana, 'live');
  expect((await syncOf(ana)).hasOtherKeys).toBe(false);
  expect(readKeys(ana.dataDir)).toEqual(readKeys(eva.dataDir));
  const all = [...ALL, 'mientras espera'].toSorted();
  await waitUntil('both have it all', async () => (await Promise.all([ana, eva].map((desktop) => notesOf(desktop, conversationId)))).every((notes) => notes.length === all.length), WITHIN_MS);
  await idle(ana, eva);
  expect([await notesOf(ana, conversationId), await notesOf(eva, conversationId)]).toEqual([all, all]);
});

it('takes the relay’s key only when an admin has confirmed it and whoever sits there says that the code is the same', async () => {
  const { ana, eva, conversationId } = await splitKeys();
  const code = await waitUntil('it shows its code', async () => ((await syncOf(ana)).hasOtherKeys ? (await syncOf(ana)).keyCode : null), WITHIN_MS);
  const device = await waitUntil('Eva sees that it waits', async () => (await eva.client.members.devices({})).find(({ agentName, keyCode }) => agentName === 'Ana' && keyCode !== null), WITHIN_MS);
  expect(device.keyCode).toBe(code);
  expect((await syncOf(eva)).keyRequests).toBe(1);
  await expect(ana.client.enrollment.acceptKey({ code })).rejects.toMatchObject({ code: 'KEY_NOT_GIVEN' });
  await eva.client.members.giveKey({ deviceId: device.id, code });
  await expect(ana.client.enrollment.acceptKey({ code: code.replace(/^./, (digit) => (digit === '7' ? '8' : '7')) })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect((await syncOf(ana)).state).toBe('waiting_for_key');
  await ana.client.enrollment.acceptKey({ code });
  await is(ana, 'live');
  await agree(ana, eva, conversationId);
});

it('a desktop that waits for its first key notices that the relay was restored, and is given the key of the log that goes on', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin', confirms: false });
  await hasKeys(ana, 1);
  team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
  await hears(ana, 'Marta');
  const bo = await team.addDesktop({ name: 'Bo' });
  await is(bo, 'waiting_for_key');
  await idle(ana);
  await restore(await backUp());
  await is(ana, 'live');
  const device = await waitUntil('Bo waits', async () => (await ana.client.members.devices({})).find(({ agentName, keyCode }) => agentName === 'Bo' && keyCode !== null), WITHIN_MS);
  await waitUntil('both see the same', async () => (await syncOf(bo)).keyCode === device.keyCode, WITHIN_MS);
  await ana.client.members.giveKey({ deviceId: device.id, code: device.keyCode ?? '' });
  await hears(bo, 'Marta');
  await is(bo, 'live');
});

it('a desktop that was shut out and is not any more in the restored log is told to admins as that, is given nothing by itself, and is shut out again', async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  await Promise.all([ana, bo].map((desktop) => hasKeys(desktop, 1)));
  team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
  await Promise.all([hears(ana, 'Marta'), hears(bo, 'Marta')]);
  await idle(ana, bo);
  const folder = await backUp();
  await shutOut(ana, 'Bo');
  await hasKeys(ana, 2);
  await is(bo, 'revoked');
  const revoked = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
  expect(revoked).toMatchObject({ shutOutBefore: null, revokedAt: expect.any(Number) });
  await idle(ana);
  expect((await syncOf(ana)).returned).toBe(0);

  await restore(folder);
  await waitUntil('Ana is told', async () => (await syncOf(ana)).returned === 1, WITHIN_MS);
  expect((await syncOf(ana)).keyRequests).toBe(0);
  const device = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
  expect(device).toMatchObject({ id: revoked?.id, revokedAt: null, shutOutBefore: { at: revoked?.revokedAt } });
  await ana.client.members.revokeDevice({ deviceId: device?.id ?? '', wipe: false });
  await waitUntil('that is all', async () => (await syncOf(ana)).returned === 0, WITHIN_MS);
  expect((await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo')).toMatchObject({ shutOutBefore: null, revokedAt: expect.any(Number) });
});

it('such a desktop gets no key from any admin’s desktop; once one of them gives it, it is of the team for all of them', async () => {
  const [ana, eva] = [await team.addDesktop({ name: 'Ana', role: 'admin' }), await team.addDesktop({ name: 'Eva', role: 'admin' })];
  const [bo, cy] = [await team.addDesktop({ name: 'Bo' }), await team.addDesktop({ name: 'Cy' })];
  await Promise.all([ana, eva, bo, cy].map((desktop) => hasKeys(desktop, 1)));
  await idle(ana, eva, bo, cy);
  const folder = await backUp();
  // It does not hear of it, and is there again after the restore as if nothing had been.
  await bo.stop();
  await shutOut(ana, 'Bo');
  await Promise.all([ana, eva, cy].map((desktop) => hasKeys(desktop, 2)));
  await idle(ana, eva);

  await restore(folder);
  await waitUntil('both are told', async () => (await Promise.all([ana, eva].map(syncOf))).every(({ returned }) => returned === 1), WITHIN_MS);
  const returned = await team.addDesktop({ name: 'Bo', dataDir: bo.dataDir });
  await is(returned, 'waiting_for_key');
  const device = await waitUntil('its code is known', async () => (await ana.client.members.devices({})).find(({ agentName, keyCode }) => agentName === 'Bo' && keyCode !== null), WITHIN_MS);
  await idle(ana, eva);
  expect((await Promise.all([ana, eva].map(syncOf))).map(({ keyRequests }) => keyRequests)).toEqual([0, 0]);
  expect([readKeys(returned.dataDir).length, readKeys(ana.dataDir).length]).toEqual([1, 2]);

  await ana.client.members.giveKey({ deviceId: device.id, code: device.keyCode ?? '' });
  await hasKeys(returned, 2);
  await waitUntil('Eva’s desktop knows it', async () => (await syncOf(eva)).returned === 0, WITHIN_MS);
  await idle(ana);
  await ana.stop();
  await shutOut(eva, 'Cy');
  await Promise.all([eva, returned].map((desktop) => hasKeys(desktop, 3)));
});
