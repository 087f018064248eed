import { expect, test } from 'vitest';
import { enrollResponseSchema } from '../../../contract/wire-http.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { connectDesktop, makeInvite, postEnroll, readLog, startRelay } from './relay-harness.ts';
import { readBytes } from './store-under-test.ts';
import { waitUntil } from '../../support/wait-until.ts';

test('an invite becomes a device with the invite’s role, and the log tells the team', async () => {
  await using relay = await startRelay();
  const invite = await makeInvite(relay.store, { role: 'lead' });
  const { status, json } = await postEnroll(relay.url, { invite, agentName: ' Ana ', deviceName: 'laptop', role: 'admin' });
  expect(status).toBe(200);
  const device = enrollResponseSchema.parse(json);
  expect(device).toMatchObject({ role: 'lead', agentName: 'Ana', logId: relay.store.logId });
  const [entry] = await readLog(relay.store);
  expect(JSON.parse(entry?.body ?? '')).toEqual({ type: 'device.enrolled', deviceId: device.deviceId, agentId: device.agentId, agentName: 'Ana', role: 'lead', deviceName: 'laptop' });
  (await connectDesktop(relay.url, device.token)).end();
});

test('a code works once, also when two desktops use it at the same moment', async () => {
  await using relay = await startRelay();
  const invite = await makeInvite(relay.store);
  const answers = await Promise.all([1, 2, 3].map(() => postEnroll(relay.url, { invite, agentName: 'Ana', deviceName: 'laptop' })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  expect(answers.filter(({ status }) => status === 409).map(({ json }) => json)).toEqual([{ error: 'invite_used' }, { error: 'invite_used' }]);
  expect(await relay.store.readStatus()).toMatchObject({ devices: 1, head: 1 });
});

test('an expired, an unknown and a malformed request are told apart', async () => {
  await using relay = await startRelay();
  const names = { agentName: 'Ana', deviceName: 'laptop' };
  expect(await postEnroll(relay.url, { invite: await makeInvite(relay.store, { expiresAt: Date.now() - 1 }), ...names })).toEqual({ status: 410, json: { error: 'invite_expired' } });
  expect(await postEnroll(relay.url, { invite: 'AAAA-AAAA-AAAA-AAAA', ...names })).toEqual({ status: 404, json: { error: 'invite_unknown' } });
  for (const body of [
    null,
    [],
    {},
    { invite: 'x', ...names },
    { invite: 'AAAA-AAAA-AAAA', agentName: ' ', deviceName: 'x' },
    { invite: 'AAAA-AAAA-AAAA', agentName: 'x'.repeat(81), deviceName: 'x' },
  ]) {
    expect(await postEnroll(relay.url, body)).toEqual({ status: 400, json: { error: 'bad_request' } });
  }
});

test('a code typed with spaces, in lower case and with O for 0 is understood', async () => {
  await using relay = await startRelay();
  const invite = (await makeInvite(relay.store)).toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  expect((await postEnroll(relay.url, { invite: `  ${invite} `, agentName: 'Ana', deviceName: 'laptop' })).status).toBe(200);
});

test('an invite for an agent who is there already adds a device to that agent', async () => {
  await using relay = await startRelay();
  const first = enrollResponseSchema.parse((await postEnroll(relay.url, { invite: await makeInvite(relay.store), agentName: 'Ana', deviceName: 'laptop' })).json);
  const invite = await makeInvite(relay.store, { agentName: 'Ana', agentId: first.agentId });
  const second = enrollResponseSchema.parse((await postEnroll(relay.url, { invite, agentName: 'Somebody', deviceName: 'desktop' })).json);
  expect(second).toMatchObject({ agentId: first.agentId, agentName: 'Ana' });
  expect(second.deviceId).not.toBe(first.deviceId);
});

test('a right code works however many wrong ones came from its address; only failures beyond twenty are told nothing but 429, for ten minutes', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const wrong = { invite: 'AAAA-AAAA-AAAA-AAAA', agentName: 'Ana', deviceName: 'laptop' };
  for (let n = 0; n < 20; n += 1) expect((await postEnroll(relay.url, wrong)).status).toBe(404);
  expect(await postEnroll(relay.url, wrong)).toEqual({ status: 429, json: { error: 'too_many_requests' } });
  const expired = await makeInvite(relay.store, { expiresAt: now - 1 });
  expect((await postEnroll(relay.url, { ...wrong, invite: expired })).status).toBe(429);
  expect((await postEnroll(relay.url, {})).status).toBe(429);
  const invite = await makeInvite(relay.store, { expiresAt: now + 3_600_000 });
  expect((await postEnroll(relay.url, { ...wrong, invite })).status).toBe(200);
  now += 10 * 60 * 1000;
  expect((await postEnroll(relay.url, wrong)).status).toBe(404);
});

test('tokens and codes are not in the database', async () => {
  await using relay = await startRelay();
  const invite = await makeInvite(relay.store);
  const { token } = enrollResponseSchema.parse((await postEnroll(relay.url, { invite, agentName: 'Ana', deviceName: 'laptop' })).json);
  // Upkeep may empty the write-ahead log between one file and the other.
  const bytes = await waitUntil('the rows are in the files', async () => {
    const read = await readBytes(relay.dataDir);
    return read.includes('laptop') ? read : null;
  });
  for (const secret of [token, invite, invite.replaceAll('-', '')]) expect(bytes.includes(secret)).toBe(false);
});
