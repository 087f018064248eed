/** A desktop whose sync has ended for good takes nothing more to send: it would wait for ever, and its author would think it left. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRestServer } from '../../../main/engine/api/rest.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { createTestLog } from '../../support/engine.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let ana: Desktop;
let conversationId: string;

beforeEach(async () => {
  team = await startTeam();
  ana = await team.addDesktop();
  team.meta.customerWrites({ from: '50255551234', name: 'Marta', text: 'hola' });
  conversationId = (await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0])).id;
});
afterEach(() => team.stop());

async function revoke(): Promise<void> {
  const { devices } = JSON.parse(await team.relay.cli('devices', '--json')) as { devices: { id: string }[] };
  await team.relay.cli('revoke', devices[0]!.id);
  ana.engine.wakeUp();
  await waitUntil('it knows', async () => (await ana.client.session.sync({})).state === 'revoked');
}

const lastMessage = async () => (await ana.client.messages.page({ conversationId })).items.at(-1)!;

it('a revoked desktop refuses a reply, also over the REST API, and records nothing', async () => {
  const messageId = crypto.randomUUID();
  await ana.client.messages.sendText({ conversationId, text: 'a tiempo', messageId });
  await waitUntil('it is read', async () => (await lastMessage()).delivery === 'read');
  await revoke();

  await expect(ana.client.messages.sendText({ conversationId, text: 'tarde' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
  const rest = createRestServer({ router: ana.engine.router, token: () => 'token', port: 0, version: '0', log: createTestLog().log, now: Date.now });
  await rest.start();
  const response = await fetch(`${rest.url}/api/whatsapp/conversations/${conversationId}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    body: '{"text":"tarde"}',
  });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ error: { code: 'SYNC_ENDED' } });
  await rest.stop();

  expect((await lastMessage()).content).toEqual({ kind: 'text', text: 'a tiempo' });
  // What was taken before is answered as before, so that a lost answer can be asked for again.
  expect(await ana.client.messages.sendText({ conversationId, text: 'a tiempo', messageId })).toMatchObject({ id: messageId });
});

it('a revoked desktop sends no failed message again', async () => {
  team.meta.setFaults({ failStatuses: [{ code: 131026 }] });
  await ana.client.messages.sendText({ conversationId, text: 'falla' });
  const { id } = await waitUntil('it has failed', async () => {
    const message = await lastMessage();
    return message.delivery === 'failed' ? message : null;
  });
  await revoke();
  await expect(ana.client.messages.retry({ messageId: id })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
  expect(await lastMessage()).toMatchObject({ id, delivery: 'failed' });
});
