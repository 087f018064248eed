/** What a desktop may write, and who is seen by whom, against a relay that says so. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeTeam, type FakeTeam } from '../../support/fake-team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: FakeTeam;
beforeEach(async () => {
  team = await startFakeTeam();
});
afterEach(() => team.stop());

describe('the write level', () => {
  it('keeps a desktop from writing what others could not read, and lets it as soon as they can', async () => {
    team.relay.state.writeLevel = 1;
    const ana = await team.addDesktop({ role: 'lead' });
    await waitUntil('it is live', async () => (await ana.state()) === 'live');
    expect((await ana.client.session.sync({})).writeLevel).toBe(1);
    await expect(ana.client.team.addLabel({ name: 'Urgente', color: 'red' })).rejects.toMatchObject({ code: 'UPDATE_NEEDED' });
    expect((await ana.client.session.sync({})).pending).toBe(0);
    team.relay.say(ana.deviceId, { t: 'write_level', writeLevel: 2 });
    await waitUntil('the level rises', async () => (await ana.client.session.sync({})).writeLevel === 2);
    expect((await ana.client.team.addLabel({ name: 'Urgente', color: 'red' })).outcome).toBe('applied');
  });

  it('is remembered while there is no relay to ask', async () => {
    team.relay.state.writeLevel = 1;
    const ana = await team.addDesktop({ role: 'lead' });
    await waitUntil('it is live', async () => (await ana.state()) === 'live');
    await ana.stop();
    await team.relay.stop();
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await expect(again.client.team.addLabel({ name: 'Urgente', color: 'red' })).rejects.toMatchObject({ code: 'UPDATE_NEEDED' });
  });
});

describe('a desktop that was revoked', () => {
  it('records nothing more, also after a restart without a line', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    await waitUntil('it is live', async () => (await ana.state()) === 'live');
    team.relay.say(ana.deviceId, { t: 'refused', refusal: { code: 'revoked', wipe: false } });
    await waitUntil('it knows', async () => (await ana.state()) === 'revoked');
    await expect(ana.client.team.addLabel({ name: 'Urgente', color: 'red' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    await ana.stop();
    await team.relay.stop();
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await expect(again.client.team.addLabel({ name: 'Urgente', color: 'red' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    expect((await again.client.session.sync({})).pending).toBe(0);
  });
});

describe('presence', () => {
  it('shows colleagues, not oneself, and is unknown without a line', async () => {
    const ana = await team.addDesktop({ name: 'Ana' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await ana.client.presence.set({ conversationId: 'c_1', activity: 'writing' });
    const seen = await waitUntil('Bo sees Ana write', async () => (await bo.client.presence.list({}))?.find((entry) => entry.activity === 'writing'));
    expect(seen).toMatchObject({ agent: { name: 'Ana', isMe: false }, conversationId: 'c_1' });
    expect((await bo.client.presence.list({}))?.map(({ agent }) => agent.name)).toEqual(['Ana']);
    await team.relay.stop();
    await waitUntil('it is unknown', async () => (await bo.client.presence.list({})) === null);
  });

  it('says the last of many changes, and says it again to a relay that came back', async () => {
    const ana = await team.addDesktop();
    await waitUntil('it is live', async () => (await ana.state()) === 'live');
    for (let n = 1; n <= 50; n += 1) await ana.client.presence.set({ conversationId: `c_${n}`, activity: 'viewing' });
    await waitUntil('the last one arrives', () => team.relay.presence()[0]?.conversationId === 'c_50');
    team.relay.cutLines();
    await waitUntil('the line is gone', () => team.relay.presence().length === 0);
    ana.engine.wakeUp();
    await waitUntil('it is said again', () => team.relay.presence()[0]?.conversationId === 'c_50');
  });

  it('tells the window when colleagues come and go', async () => {
    const ana = await team.addDesktop({ name: 'Ana' });
    const abort = new AbortController();
    const changes = await ana.client.events.watch({}, { signal: abort.signal });
    await team.addDesktop({ name: 'Bo' });
    for await (const change of changes) if (change.presence && (await ana.client.presence.list({}))?.length === 1) break;
    abort.abort();
  });
});
