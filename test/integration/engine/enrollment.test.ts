/** From a pasted link to a desktop that can send: joining, the sealed number, and what the relay may refuse. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRETS_FILE } from '../../../main/engine/ports.ts';
import { startFakeTeam, type FakeDesktop, type FakeTeam } from '../../support/fake-team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const NUMBER = { phoneNumberId: '106540352242922', wabaId: '102290129340398' };
const TOKEN = 'EAAG-token-of-the-system-user';

let team: FakeTeam;
beforeEach(async () => {
  team = await startFakeTeam();
});
afterEach(() => team.stop());

const secretsOf = ({ dataDir }: FakeDesktop): Record<string, string> => JSON.parse(readFileSync(path.join(dataDir, SECRETS_FILE), 'utf8')) as Record<string, string>;
const numberOf = async ({ client }: FakeDesktop) => (await client.session.get({})).number?.phoneNumberId ?? null;
const live = (desktop: FakeDesktop) => waitUntil('it is live', async () => (await desktop.state()) === 'live');
const grants = () => team.relay.state.log.filter((entry) => entry.kind === 'op' && entry.body.includes('device.grant'));

describe('an empty desktop', () => {
  it('joins with a link, and its private key stays with its secrets', async () => {
    const desktop = await team.addDesktop({ isNew: false });
    const link = await desktop.client.enrollment.read({ link: `${team.relay.url}/join#${team.relay.invite('lead')}` });
    if (!link?.relayUrl) throw new Error('the link is not understood');
    const session = await desktop.client.enrollment.join({ relayUrl: link.relayUrl, code: link.code, agentName: 'Ana' });
    expect(session.number).toBeNull();
    await desktop.engine.waitForIdle(5_000);
    const [device] = team.relay.state.devices.values();
    expect(device).toMatchObject({ agentName: 'Ana', role: 'lead' });
    expect(device?.publicKey).toMatch(/^[\w-]{43}$/);
    expect(Object.keys(secretsOf(desktop))).toEqual(['device-key', 'device-token']);
    await expect(desktop.client.enrollment.join({ relayUrl: link.relayUrl, code: link.code, agentName: 'Ana' })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  });

  it.each([
    ['a code that nobody made', { status: 404, body: { error: 'invite_unknown' } }, 'INVITE_UNKNOWN'],
    ['a used code', { status: 409, body: { error: 'invite_used' } }, 'INVITE_USED'],
    ['an expired code', { status: 410, body: { error: 'invite_expired' } }, 'INVITE_EXPIRED'],
    ['too many attempts', { status: 429, body: { error: 'too_many_requests' } }, 'TOO_MANY_REQUESTS'],
    ['a web server that is no relay', { status: 404, body: 'nothing here' }, 'NOT_A_RELAY'],
    ['an answer of another version', { status: 200, body: { hello: 'there' } }, 'NOT_A_RELAY'],
    ['a relay that is broken', { status: 502, body: null }, 'OFFLINE'],
  ])('is told what is wrong with %s, and can try again', async (_what, answer, code) => {
    const desktop = await team.addDesktop({ isNew: false });
    team.relay.state.answers.set('/api/enroll', answer);
    const join = () => desktop.client.enrollment.join({ relayUrl: team.relay.url, code: team.relay.invite(), agentName: 'Ana' });
    await expect(join()).rejects.toMatchObject({ code });
    expect(desktop.engine.isEnrolled()).toBe(false);
    team.relay.state.answers.clear();
    await join();
    expect(desktop.engine.isEnrolled()).toBe(true);
  });

  it('does not send its invite to an address without TLS', async () => {
    const desktop = await team.addDesktop({ isNew: false });
    await expect(desktop.client.enrollment.join({ relayUrl: 'http://relay.example', code: 'ABCD-EFGH', agentName: 'Ana' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('number and token', () => {
  it('travel from the admin to every desktop, never in clear, and again when they are replaced', async () => {
    const admin = await team.addDesktop({ role: 'admin', name: 'Eva' });
    await live(admin);
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN });
    const ana = await team.addDesktop({ name: 'Ana' });
    await waitUntil('Ana has the number', async () => (await numberOf(ana)) === NUMBER.phoneNumberId);
    expect(secretsOf(ana)['graph-token']).toBe(TOKEN);
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: 'EAAG-the-next-token' });
    await waitUntil('Ana has the next token', () => secretsOf(ana)['graph-token'] === 'EAAG-the-next-token');
    await admin.engine.waitForIdle(5_000);
    expect(grants()).toHaveLength(2);
    const everything = JSON.stringify([team.relay.state.log, admin.lines, ana.lines]);
    expect(everything).not.toContain('EAAG');
    expect(everything).not.toContain(NUMBER.phoneNumberId);
  });

  it('are not handed out anew by a restart, nor by an agent', async () => {
    const admin = await team.addDesktop({ role: 'admin', name: 'Eva' });
    await live(admin);
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN });
    const ana = await team.addDesktop({ name: 'Ana' });
    await waitUntil('Ana has the number', async () => (await numberOf(ana)) === NUMBER.phoneNumberId);
    await admin.stop();
    const bo = await team.addDesktop({ name: 'Bo' });
    await bo.engine.waitForIdle(5_000);
    await ana.engine.waitForIdle(5_000);
    expect(grants()).toHaveLength(1);
    const again = await team.addDesktop({ dataDir: admin.dataDir });
    await waitUntil('Bo has it from the admin, who is back', async () => (await numberOf(bo)) === NUMBER.phoneNumberId);
    await again.engine.waitForIdle(5_000);
    expect(grants()).toHaveLength(2);
    await expect(ana.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('are sealed anew for everybody when the relay was restored, and when the admin gives them once more', async () => {
    const admin = await team.addDesktop({ role: 'admin', name: 'Eva' });
    const ana = await team.addDesktop({ name: 'Ana' });
    await live(ana);
    await ana.stop();
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN });
    await waitUntil('Ana’s is in the log', () => grants().length === 1);
    await admin.engine.waitForIdle(5_000);
    const { state } = team.relay;
    state.lineage = [{ logId: state.logId, seq: state.log.length }];
    state.logId = 'log-2';
    team.relay.cutLines();
    admin.engine.wakeUp();
    await waitUntil('it is sealed for the new log', () => grants().length === 2);
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await waitUntil('Ana has the number', async () => (await numberOf(again)) === NUMBER.phoneNumberId);
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN });
    await waitUntil('and once more', () => grants().length === 3);
    await admin.engine.waitForIdle(5_000);
    expect(grants()).toHaveLength(3);
  });

  it('do not come from what was sealed to another desktop, or is garbage', async () => {
    const admin = await team.addDesktop({ role: 'admin', name: 'Eva' });
    await live(admin);
    await admin.client.enrollment.setNumber({ ...NUMBER, graphToken: TOKEN });
    const ana = await team.addDesktop({ name: 'Ana' });
    await waitUntil('Ana has a grant', () => grants().length === 1);
    await admin.stop();
    const bo = await team.addDesktop({ name: 'Bo' });
    const [grant] = grants();
    const eva = team.relay.state.devices.get(admin.deviceId)!;
    const sealedToAna = (JSON.parse(grant?.kind === 'op' ? grant.body : '{}') as { args: { sealed: string } }).args.sealed;
    for (const sealed of [sealedToAna, 'AAAA', 'x'.repeat(8_000)]) {
      eva.last += 1;
      const body = JSON.stringify({ type: 'device.grant', args: { deviceId: bo.deviceId, sealed } });
      team.relay.append([
        { kind: 'op', seq: team.relay.state.log.length + 1, receivedAt: Date.now(), opId: `op-${eva.last}`, deviceId: eva.id, actorId: eva.agentId, deviceSeq: eva.last, v: 1, occurredAt: 0, body },
      ]);
      const count = (): number => bo.lines.filter(({ event }) => event === 'grant.not_for_this_desktop').length;
      const before = count();
      await waitUntil('Bo refuses it', () => count() > before);
    }
    expect(await numberOf(bo)).toBeNull();
    expect(secretsOf(bo)['graph-token']).toBeUndefined();
    expect(await numberOf(ana)).toBe(NUMBER.phoneNumberId);
  });
});

describe('membership', () => {
  it('makes a link that takes a new desktop in', async () => {
    const admin = await team.addDesktop({ role: 'admin' });
    const { link, code } = await admin.client.members.invite({ role: 'agent', expiresInHours: 24 });
    expect(await admin.client.enrollment.read({ link })).toEqual({ relayUrl: team.relay.url, code });
  });

  it.each([
    ['FORBIDDEN', { status: 403, body: { error: 'forbidden' } }],
    ['LAST_ADMIN', { status: 409, body: { error: 'last_admin' } }],
    ['CHANGED_MEANWHILE', { status: 409, body: { error: 'changed_meanwhile' } }],
    ['NOT_FOUND', { status: 404, body: { error: 'not_found' } }],
    ['SYNC_ENDED', { status: 401, body: { error: 'unauthorized' } }],
    ['OFFLINE', { status: 500, body: { error: 'internal' } }],
  ])('is refused as %s', async (code, answer) => {
    const admin = await team.addDesktop({ role: 'admin' });
    team.relay.state.answers.set('/api/members', answer);
    await expect(admin.client.members.change({ agentId: 'agent-1', from: 'admin', role: 'agent', isRemoved: false })).rejects.toMatchObject({ code });
    expect(team.relay.state.requests.at(-1)).toMatchObject({ method: 'POST', path: '/api/members/agent-1', body: { from: 'admin', role: 'agent' } });
  });

  it('needs a connection, and says so', async () => {
    const admin = await team.addDesktop({ role: 'admin' });
    await team.relay.stop();
    await expect(admin.client.members.devices({})).rejects.toMatchObject({ code: 'OFFLINE' });
    await expect(admin.client.members.revokeDevice({ deviceId: 'device-9', wipe: true })).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('lists the devices, which one is this, and which have the number', async () => {
    const admin = await team.addDesktop({ role: 'admin' });
    const device = (id: string) => ({ id, name: 'desk', agentId: 'agent-1', agentName: 'Ana', enrolledAt: 1, revokedAt: null, isConnected: true, lastSeenAt: 2, opLevel: 2 });
    team.relay.state.answers.set('/api/devices', { status: 200, body: [device(admin.deviceId), device('device-other')] });
    expect(await admin.client.members.devices({})).toMatchObject([
      { id: admin.deviceId, isMine: true, hasNumber: false },
      { id: 'device-other', isMine: false, hasNumber: false },
    ]);
  });
});

describe('the log of a desktop', () => {
  it('names neither code nor token when joining fails', async () => {
    const { client, lines } = await team.addDesktop({ isNew: false });
    const code = 'ABCD-EFGH-0000';
    await expect(client.enrollment.join({ relayUrl: team.relay.url, code, agentName: 'Ana' })).rejects.toMatchObject({ code: 'INVITE_UNKNOWN' });
    expect(JSON.stringify(lines)).not.toContain(code);
  });
});
