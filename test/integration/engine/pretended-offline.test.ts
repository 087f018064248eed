/** A demo's desktop that pretends to be offline: nothing leaves it, nothing is lost, and only a demo can. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());

test('a real desktop refuses to', async () => {
  const desktop = await team.addDesktop();
  await expect(desktop.client.session.pretendOffline({ isOffline: true })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await desktop.engine.waitForIdle(10_000);
});

test('cut off with an acknowledgement on its way, it sends that op again and those made meanwhile', async () => {
  const line = await team.addLine();
  const bo = await team.addDesktop({ name: 'Bo' });
  const demo = await team.addDesktop({ name: 'Cy', role: 'lead', relayUrl: line.url, isDemo: true });
  await demo.engine.waitForIdle(10_000);
  const labelsOf = async ({ client }: typeof bo): Promise<string[]> => (await client.team.directory()).labels.map(({ name }) => name).toSorted();

  line.loseAnswers();
  await demo.client.team.addLabel({ name: 'one', color: 'red' });
  await waitUntil('the relay has it', async () => (await labelsOf(bo)).length === 1);
  expect((await demo.client.session.sync()).pending).toBe(1);
  await demo.client.session.pretendOffline({ isOffline: true });
  line.restore();
  await demo.client.team.addLabel({ name: 'two', color: 'red' });
  await expect(demo.client.members.devices()).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(await demo.client.session.sync()).toMatchObject({ state: 'offline', retryAt: null, pending: 2 });
  demo.engine.wakeUp();
  expect(await labelsOf(bo)).toEqual(['one']);

  await demo.client.session.pretendOffline({ isOffline: false });
  await demo.engine.waitForIdle(10_000);
  await waitUntil('both are there', async () => (await labelsOf(bo)).length === 2);
  expect(await labelsOf(bo)).toEqual(['one', 'two']);
});
