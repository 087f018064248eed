import { expect, test } from 'vitest';
import { deviceListSchema, enrollResponseSchema, inviteListSchema, type EnrollResponse } from '../../../contract/wire-http.ts';
import { relayEventSchema, type RelayEvent, type Role } from '../../../contract/wire.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { ask, connectDesktop, enrollDevice, makeOp, postEnroll, readLog, startRelay, type TestRelay } from './relay-harness.ts';

const PUBLIC_KEY = 'k'.repeat(43);
const NAMES = { agentName: 'Somebody', deviceName: 'laptop' };

const eventsOf = async (relay: TestRelay, after = 0): Promise<RelayEvent[]> =>
  (await readLog(relay.store)).filter(({ seq }) => seq > after).flatMap((entry) => (entry.kind === 'relay' ? [relayEventSchema.parse(JSON.parse(entry.body))] : []));
const headOf = async (relay: TestRelay): Promise<number> => (await relay.store.readStatus()).head;

async function startTeam(relay: TestRelay): Promise<Record<Role, EnrollResponse>> {
  return {
    admin: await enrollDevice(relay, 'Ada', { role: 'admin' }),
    lead: await enrollDevice(relay, 'Lea', { role: 'lead' }),
    agent: await enrollDevice(relay, 'Ana', { role: 'agent' }),
  };
}

test('an admin’s invite makes a member with its role, the device’s key and name reach the log, and it works once', async () => {
  await using relay = await startRelay();
  const { admin } = await startTeam(relay);
  const before = await headOf(relay);
  const invited = await ask(relay.url, 'POST', '/api/invites', admin.token, { role: 'lead', agentName: 'Bo', expiresInHours: 2 });
  expect(invited).toEqual({ status: 200, json: { code: expect.stringMatching(/^[0-9A-Z-]{34}$/), expiresAt: expect.any(Number) } });
  const { code } = invited.json as { code: string };
  const joined = await postEnroll(relay.url, { invite: code, ...NAMES, publicKey: PUBLIC_KEY });
  const device = enrollResponseSchema.parse(joined.json);
  expect(device).toMatchObject({ agentName: 'Bo', role: 'lead' });
  expect(await postEnroll(relay.url, { invite: code, ...NAMES })).toEqual({ status: 409, json: { error: 'invite_used' } });
  expect(await eventsOf(relay, before)).toEqual([
    { type: 'device.enrolled', deviceId: device.deviceId, agentId: device.agentId, agentName: 'Bo', role: 'lead', deviceName: 'laptop', publicKey: PUBLIC_KEY },
  ]);
});

test('an invite lasts as long as it says', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const { admin } = await startTeam(relay);
  const { code, expiresAt } = (await ask(relay.url, 'POST', '/api/invites', admin.token, { role: 'agent', expiresInHours: 2 })).json as { code: string; expiresAt: number };
  expect(expiresAt).toBe(now + 7_200_000);
  now = expiresAt;
  expect(await postEnroll(relay.url, { invite: code, ...NAMES })).toEqual({ status: 410, json: { error: 'invite_expired' } });
});

test('admins see which invites are open and withdraw one; then its code says so, and nobody else sees or withdraws any', async () => {
  await using relay = await startRelay();
  const { admin, lead, agent } = await startTeam(relay);
  const { code, expiresAt } = (await ask(relay.url, 'POST', '/api/invites', admin.token, { role: 'lead', agentName: 'Bo', expiresInHours: 2 })).json as { code: string; expiresAt: number };
  const { status, json } = await ask(relay.url, 'GET', '/api/invites', admin.token);
  const [invite, ...others] = inviteListSchema.parse(json);
  expect([status, invite, others]).toEqual([200, expect.objectContaining({ role: 'lead', agentName: 'Bo', createdByName: 'Ada', expiresAt }), []]);
  expect(JSON.stringify(json)).not.toContain(code);
  for (const { token } of [lead, agent]) {
    expect(await ask(relay.url, 'GET', '/api/invites', token)).toEqual({ status: 403, json: { error: 'forbidden' } });
    expect(await ask(relay.url, 'POST', `/api/invites/withdraw/${invite?.id}`, token, {})).toEqual({ status: 403, json: { error: 'forbidden' } });
  }
  expect(await ask(relay.url, 'POST', `/api/invites/withdraw/${invite?.id}`, admin.token, {})).toEqual({ status: 200, json: {} });
  expect(await ask(relay.url, 'POST', `/api/invites/withdraw/${invite?.id}`, admin.token, {})).toEqual({ status: 404, json: { error: 'not_found' } });
  expect((await ask(relay.url, 'GET', '/api/invites', admin.token)).json).toEqual([]);
  expect(await postEnroll(relay.url, { invite: code, ...NAMES })).toEqual({ status: 410, json: { error: 'invite_withdrawn' } });
});

test('a further desktop of a member takes the name and the role they have when it joins', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  const { code } = (await ask(relay.url, 'POST', '/api/invites', admin.token, { agentId: agent.agentId, expiresInHours: 1 })).json as { code: string };
  expect(await ask(relay.url, 'POST', `/api/members/${agent.agentId}`, admin.token, { from: 'agent', role: 'lead', name: 'Anita' })).toEqual({ status: 200, json: {} });
  const { json } = await postEnroll(relay.url, { invite: code, ...NAMES });
  expect(json).toMatchObject({ agentId: agent.agentId, agentName: 'Anita', role: 'lead' });
  expect((await eventsOf(relay)).slice(-2)).toMatchObject([
    { type: 'member.changed', agentId: agent.agentId, by: admin.agentId, name: 'Anita', role: 'lead', isRemoved: false },
    { type: 'device.enrolled', agentName: 'Anita', role: 'lead' },
  ]);
});

test.each([
  ['no role and no member', { expiresInHours: 1 }],
  ['both', { role: 'agent', agentId: 'x', expiresInHours: 1 }],
  ['a role that there is not', { role: 'boss', expiresInHours: 1 }],
  ['no end', { role: 'agent' }],
  ['a year', { role: 'agent', expiresInHours: 24 * 365 }],
  ['a long name', { role: 'agent', agentName: 'x'.repeat(81), expiresInHours: 1 }],
  ['no object', '[]'],
  ['no JSON', '{'],
])('an invite with %s is a bad request', async (_name, body) => {
  await using relay = await startRelay();
  const { admin } = await startTeam(relay);
  expect(await ask(relay.url, 'POST', '/api/invites', admin.token, body)).toEqual({ status: 400, json: { error: 'bad_request' } });
  expect(await ask(relay.url, 'POST', '/api/invites', admin.token, { agentId: 'nobody', expiresInHours: 1 })).toEqual({ status: 404, json: { error: 'not_found' } });
});

test('only admins invite, change members and shut out others; agents see no devices but their own', async () => {
  await using relay = await startRelay();
  const { admin, lead, agent } = await startTeam(relay);
  const before = await headOf(relay);
  for (const { token } of [lead, agent]) {
    expect(await ask(relay.url, 'POST', '/api/invites', token, { role: 'agent', expiresInHours: 1 })).toEqual({ status: 403, json: { error: 'forbidden' } });
    expect(await ask(relay.url, 'POST', `/api/members/${lead.agentId}`, token, { from: 'lead', role: 'admin' })).toEqual({ status: 403, json: { error: 'forbidden' } });
    for (const id of [admin.deviceId, 'nobody']) expect(await ask(relay.url, 'POST', `/api/devices/revoke/${id}`, token, { wipe: false })).toEqual({ status: 403, json: { error: 'forbidden' } });
  }
  expect(deviceListSchema.parse((await ask(relay.url, 'GET', '/api/devices', agent.token)).json).map(({ agentName }) => agentName)).toEqual(['Ana']);
  expect(deviceListSchema.parse((await ask(relay.url, 'GET', '/api/devices', lead.token)).json).map(({ agentName }) => agentName)).toEqual(['Ada', 'Lea', 'Ana']);
  expect(await headOf(relay)).toBe(before);
});

test('without a token of a device that is not revoked everything is 401, and guessing is slowed down', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  await ask(relay.url, 'POST', `/api/devices/revoke/${agent.deviceId}`, admin.token, { wipe: false });
  const calls: [string, string][] = [
    ['POST', '/api/invites'],
    ['GET', '/api/invites'],
    ['POST', '/api/invites/withdraw/any'],
    ['GET', '/api/devices'],
    ['POST', '/api/devices/renew'],
    ['POST', `/api/devices/revoke/${admin.deviceId}`],
    ['POST', `/api/members/${admin.agentId}`],
  ];
  for (const [method, path] of calls) {
    for (const token of [agent.token, 'wrong']) {
      expect(await ask(relay.url, method, path, token, method === 'GET' ? undefined : { wipe: true })).toEqual({ status: 401, json: { error: 'unauthorized' } });
    }
  }
  for (let n = 0; n < 10; n += 1) await ask(relay.url, 'GET', '/api/devices', 'wrong');
  expect(await ask(relay.url, 'GET', '/api/devices', 'wrong')).toEqual({ status: 429, json: { error: 'too_many_requests' } });
  expect((await ask(relay.url, 'GET', '/api/devices', admin.token)).status).toBe(200);
});

test('a revoked device hears whether to wipe: at once if it is connected, and whenever it comes later', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  const desktop = await connectDesktop(relay.url, agent.token);
  desktop.hello();
  await desktop.next('welcome');
  expect(await ask(relay.url, 'POST', `/api/devices/revoke/${agent.deviceId}`, admin.token, { wipe: true })).toEqual({ status: 200, json: {} });
  expect((await desktop.next('refused')).refusal).toEqual({ code: 'revoked', wipe: true });
  expect(await desktop.closed).toBe(1008);
  expect((await eventsOf(relay)).at(-1)).toEqual({ type: 'device.revoked', deviceId: agent.deviceId, agentId: agent.agentId, by: admin.agentId });
  const again = await connectDesktop(relay.url, agent.token);
  again.hello();
  again.push(makeOp(1));
  expect((await again.next('refused')).refusal).toEqual({ code: 'revoked', wipe: true });
  await again.closed;
  expect(await relay.store.readStatus()).toMatchObject({ ops: 0 });
});

test('a device that was shut out can still be told to wipe, without another entry', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  const revoke = (wipe: boolean) => ask(relay.url, 'POST', `/api/devices/revoke/${agent.deviceId}`, admin.token, { wipe });
  await revoke(false);
  const head = await headOf(relay);
  await revoke(true);
  await revoke(false);
  expect(await headOf(relay)).toBe(head);
  expect((await (await connectDesktop(relay.url, agent.token)).next('refused')).refusal).toEqual({ code: 'revoked', wipe: true });
  expect(await ask(relay.url, 'POST', '/api/devices/revoke/nobody', admin.token, { wipe: true })).toEqual({ status: 404, json: { error: 'not_found' } });
  expect(await ask(relay.url, 'POST', `/api/devices/revoke/${agent.deviceId}`, admin.token, {})).toEqual({ status: 400, json: { error: 'bad_request' } });
});

test('an agent may shut out another desktop of their own, and the one they sit at', async () => {
  await using relay = await startRelay();
  const { agent } = await startTeam(relay);
  const second = await enrollDevice(relay, 'Ana', { agentId: agent.agentId });
  for (const { deviceId } of [agent, second]) expect((await ask(relay.url, 'POST', `/api/devices/revoke/${deviceId}`, second.token, { wipe: false })).status).toBe(200);
  expect((await ask(relay.url, 'POST', `/api/devices/revoke/${second.deviceId}`, second.token, { wipe: false })).status).toBe(401);
});

test('a role is changed only from what the admin saw, and what changes nothing appends nothing', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  const change = (body: object) => ask(relay.url, 'POST', `/api/members/${agent.agentId}`, admin.token, body);
  const before = await headOf(relay);
  expect(await change({ from: 'lead', role: 'admin' })).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  expect(await change({ from: 'agent', role: 'agent', name: 'Ana' })).toEqual({ status: 200, json: {} });
  expect(await change({ role: 'lead' })).toEqual({ status: 400, json: { error: 'bad_request' } });
  expect(await headOf(relay)).toBe(before);
  expect(await change({ from: 'agent', role: 'lead' })).toEqual({ status: 200, json: {} });
  expect(await eventsOf(relay, before)).toEqual([{ type: 'member.changed', agentId: agent.agentId, by: admin.agentId, role: 'lead', isRemoved: false }]);
  expect(await ask(relay.url, 'POST', '/api/members/nobody', admin.token, { from: 'agent', role: 'lead' })).toEqual({ status: 404, json: { error: 'not_found' } });
});

test('whoever loses the admin’s role has lost its rights with the next call, and their open invites are void', async () => {
  await using relay = await startRelay();
  const { admin, lead } = await startTeam(relay);
  await ask(relay.url, 'POST', `/api/members/${lead.agentId}`, admin.token, { from: 'lead', role: 'admin' });
  const { code } = (await ask(relay.url, 'POST', '/api/invites', lead.token, { role: 'admin', expiresInHours: 1 })).json as { code: string };
  await ask(relay.url, 'POST', `/api/members/${lead.agentId}`, admin.token, { from: 'admin', role: 'lead' });
  expect((await ask(relay.url, 'POST', '/api/invites', lead.token, { role: 'agent', expiresInHours: 1 })).status).toBe(403);
  expect(await postEnroll(relay.url, { invite: code, ...NAMES })).toEqual({ status: 404, json: { error: 'invite_unknown' } });
});

test('the last admin stays; an admin without a desktop that still works does not count', async () => {
  await using relay = await startRelay();
  const { admin, lead } = await startTeam(relay);
  const change = (agentId: string, body: object) => ask(relay.url, 'POST', `/api/members/${agentId}`, admin.token, body);
  for (const body of [
    { from: 'admin', role: 'lead' },
    { from: 'admin', isRemoved: true },
  ])
    expect(await change(admin.agentId, body)).toEqual({ status: 409, json: { error: 'last_admin' } });
  await change(lead.agentId, { from: 'lead', role: 'admin' });
  await ask(relay.url, 'POST', `/api/devices/revoke/${lead.deviceId}`, admin.token, { wipe: false });
  expect(await change(admin.agentId, { from: 'admin', role: 'lead' })).toEqual({ status: 409, json: { error: 'last_admin' } });
  const again = await enrollDevice(relay, 'Lea', { agentId: lead.agentId });
  expect((await change(admin.agentId, { from: 'admin', role: 'lead' })).status).toBe(200);
  expect((await ask(relay.url, 'POST', `/api/members/${admin.agentId}`, again.token, { from: 'lead', isRemoved: true })).status).toBe(200);
});

test('of two admins who remove each other at the same moment one stays', async () => {
  await using relay = await startRelay();
  const one = await enrollDevice(relay, 'One', { role: 'admin' });
  const two = await enrollDevice(relay, 'Two', { role: 'admin' });
  const answers = await Promise.all([
    ask(relay.url, 'POST', `/api/members/${two.agentId}`, one.token, { from: 'admin', isRemoved: true }),
    ask(relay.url, 'POST', `/api/members/${one.agentId}`, two.token, { from: 'admin', isRemoved: true }),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await relay.store.listMembers()).filter(({ isRemoved }) => !isRemoved)).toHaveLength(1);
});

test('who is removed loses every desktop in the same breath, and cannot come back with an invite that was open', async () => {
  await using relay = await startRelay();
  const { admin, agent } = await startTeam(relay);
  const second = await enrollDevice(relay, 'Ana', { agentId: agent.agentId });
  const { code } = (await ask(relay.url, 'POST', '/api/invites', admin.token, { agentId: agent.agentId, expiresInHours: 1 })).json as { code: string };
  const desktop = await connectDesktop(relay.url, second.token);
  desktop.hello();
  await desktop.next('welcome');
  const before = await headOf(relay);
  expect(await ask(relay.url, 'POST', `/api/members/${agent.agentId}`, admin.token, { from: 'agent', isRemoved: true })).toEqual({ status: 200, json: {} });
  expect((await desktop.next('refused')).refusal).toEqual({ code: 'revoked', wipe: false });
  expect(await eventsOf(relay, before)).toEqual([
    { type: 'device.revoked', deviceId: agent.deviceId, agentId: agent.agentId, by: admin.agentId },
    { type: 'device.revoked', deviceId: second.deviceId, agentId: agent.agentId, by: admin.agentId },
    { type: 'member.changed', agentId: agent.agentId, by: admin.agentId, isRemoved: true },
  ]);
  expect((await ask(relay.url, 'GET', '/api/devices', agent.token)).status).toBe(401);
  expect(await postEnroll(relay.url, { invite: code, ...NAMES })).toEqual({ status: 404, json: { error: 'invite_unknown' } });
  for (const [path, body] of [
    [`/api/members/${agent.agentId}`, { from: 'agent', isRemoved: true }],
    ['/api/invites', { agentId: agent.agentId, expiresInHours: 1 }],
  ] as const) {
    expect(await ask(relay.url, 'POST', path, admin.token, body)).toEqual({ status: 404, json: { error: 'not_found' } });
  }
});

test('a copied desktop becomes a device of its own, of the same agent; the former one stays', async () => {
  await using relay = await startRelay();
  const { agent } = await startTeam(relay);
  const before = await headOf(relay);
  const { status, json } = await ask(relay.url, 'POST', '/api/devices/renew', agent.token, { deviceName: 'copy', publicKey: PUBLIC_KEY });
  expect(status).toBe(200);
  const renewed = enrollResponseSchema.parse(json);
  expect(renewed).toMatchObject({ agentId: agent.agentId, agentName: 'Ana', role: 'agent' });
  expect(await eventsOf(relay, before)).toEqual([
    { type: 'device.enrolled', deviceId: renewed.deviceId, agentId: agent.agentId, agentName: 'Ana', role: 'agent', deviceName: 'copy', publicKey: PUBLIC_KEY },
  ]);
  for (const { token } of [agent, renewed]) {
    const desktop = await connectDesktop(relay.url, token);
    desktop.hello();
    desktop.push(makeOp(1, `of ${token}`));
    expect(await desktop.next('ack')).toMatchObject({ last: 1 });
    desktop.end();
  }
  for (const body of [{}, { deviceName: ' ' }, { deviceName: 'copy', publicKey: 'short' }]) expect((await ask(relay.url, 'POST', '/api/devices/renew', agent.token, body)).status).toBe(400);
});

test('a desktop gone wild makes at most sixty devices an hour, those that they make included', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const { agent } = await startTeam(relay);
  let { token } = agent;
  const renew = async (): Promise<number> => {
    const { status, json } = await ask(relay.url, 'POST', '/api/devices/renew', token, { deviceName: 'copy' });
    if (status === 200) ({ token } = enrollResponseSchema.parse(json));
    return status;
  };
  for (let n = 0; n < 60; n += 1) expect(await renew()).toBe(200);
  expect(await renew()).toBe(429);
  now += 3_600_000;
  expect(await renew()).toBe(200);
});

test('the list of devices says who is connected, since when a device was silent and what it understands', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const { admin, lead } = await startTeam(relay);
  const desktop = await connectDesktop(relay.url, lead.token);
  desktop.hello(0, null, 3);
  await desktop.next('welcome');
  const list = async () => deviceListSchema.parse((await ask(relay.url, 'GET', '/api/devices', admin.token)).json);
  now += 5_000;
  expect(await list()).toMatchObject([
    { id: admin.deviceId, name: 'laptop', isConnected: false, lastSeenAt: null, opLevel: 0 },
    { id: lead.deviceId, isConnected: true, lastSeenAt: now, opLevel: 3, revokedAt: null },
    { isConnected: false },
  ]);
  await ask(relay.url, 'POST', `/api/devices/revoke/${lead.deviceId}`, admin.token, { wipe: false });
  await desktop.closed;
  // That it has left is noted a moment later.
  await waitUntil('it was seen now', async () => (await list())[1]?.lastSeenAt === now);
  expect((await list())[1]).toMatchObject({ isConnected: false, revokedAt: now });
});

test.each([[`/api/devices/revoke/${encodeURIComponent('../../relay.db')}`], ['/api/devices/revoke/%00'], ['/api/devices/revoke/%E0%A4%A'], [`/api/members/${'x'.repeat(5_000)}`]])(
  'a strange id in the address (%#) finds nobody',
  async (path) => {
    await using relay = await startRelay();
    const { admin } = await startTeam(relay);
    const { status } = await ask(relay.url, 'POST', path, admin.token, { wipe: true, from: 'agent', isRemoved: true });
    expect([400, 404]).toContain(status);
    expect(relay.logLines.filter((line) => line.includes('"error"') && line.includes('http.failed'))).toEqual([]);
  },
);
