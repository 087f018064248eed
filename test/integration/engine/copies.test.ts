/** Databases that were copied or restored: nothing is sent again, and the desktop says what is wrong instead of going on. */
import { cpSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const MARTA = { from: '50255551234', name: 'Marta' };
const sentTexts = () =>
  team.meta
    .journal()
    .filter((call) => call.accepted && call.method === 'POST')
    .map((call) => (call.body as { text?: { body: string } }).text?.body)
    .filter(Boolean);

describe('a copied data folder', () => {
  it('does not send what the original sends', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    await ana.engine.waitForIdle(5_000);
    await ana.stop();
    const copyDir = team.makeDataDir();
    cpSync(ana.dataDir, copyDir, { recursive: true });
    const original = await team.addDesktop({ dataDir: ana.dataDir });
    const copy = await team.addDesktop({ dataDir: copyDir });
    await waitUntil('both are live', async () => (await original.client.session.sync({})).state === 'live' && (await copy.client.session.sync({})).state === 'live');
    await original.client.messages.sendText({ conversationId: id, text: 'una sola vez' });
    await waitUntil('the copy has it too', async () => (await copy.client.messages.page({ conversationId: id })).items.at(-1)?.delivery === 'read');
    expect(sentTexts()).toEqual(['una sola vez']);

    // What the copy writes now carries numbers that the original has used.
    await copy.client.messages.sendText({ conversationId: id, text: 'desde la copia' });
    await waitUntil('the copy says so', async () => (await copy.client.session.sync({})).state === 'forked');
    await waitUntil('the original goes on', async () => (await original.client.session.sync({})).state === 'live');
    expect((await copy.client.session.sync({})).state).toBe('forked');
    expect(sentTexts()).toEqual(['una sola vez']);
  });
});

describe('a relay that was restored from an old backup', () => {
  it('is noticed when ops are missing that it had confirmed, instead of being pushed at for ever', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    await team.relay.kill();
    const backup = `${team.relay.dataDir}.backup`;
    cpSync(team.relay.dataDir, backup, { recursive: true });
    await team.relay.restart();
    await ana.client.messages.sendText({ conversationId: id, text: 'confirmado' });
    await waitUntil('it is confirmed', async () => (await ana.client.session.sync({})).pending === 0);
    await team.relay.kill();
    rmSync(team.relay.dataDir, { recursive: true });
    cpSync(backup, team.relay.dataDir, { recursive: true });
    await team.relay.restart();
    ana.engine.wakeUp();
    await waitUntil('it says so', async () => (await ana.client.session.sync({})).state === 'wrong_log');
  });
});

describe('a keyring that is locked', () => {
  it('is tried again, and then the desktop comes back by itself', async () => {
    let isLocked = false;
    const kept = new Map<string, string>();
    const ana = await team.addDesktop({
      ports: {
        secrets: {
          get: async (name) => {
            if (isLocked) throw new Error('the keyring is locked');
            return kept.get(name) ?? null;
          },
          set: async (name, value) => void kept.set(name, value),
          delete: async (name) => void kept.delete(name),
        },
      },
    });
    await waitUntil('it is live', async () => (await ana.client.session.sync({})).state === 'live');
    isLocked = true;
    ana.engine.wakeUp();
    await waitUntil('it is offline', async () => (await ana.client.session.sync({})).state === 'offline');
    isLocked = false;
    await waitUntil('it is live again', async () => (await ana.client.session.sync({})).state === 'live');
  });
});

describe('an answer of Meta that is far too long', () => {
  it('is shortened, so that the op fits and the desktop goes on', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    team.meta.setFaults({ sendErrors: [{ code: 131009, times: 1, details: 'x'.repeat(100_000) }] });
    await ana.client.messages.sendText({ conversationId: id, text: 'con error' });
    const failed = await waitUntil('it fails', async () => (await ana.client.messages.page({ conversationId: id })).items.find((message) => message.delivery === 'failed'));
    expect(failed.error?.detail?.length).toBe(1_000);
    await ana.engine.waitForIdle(5_000);
  });
});
