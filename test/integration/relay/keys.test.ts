/** Keys of the workspace over HTTP, and what the relay stores once there is one. */
import { expect, test } from 'vitest';
import { createRing, deriveEpochKeys, derivePublicKey, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { createWebhookOpener, readEpoch, sealOp } from '../../../contract/sealing/sealed-body.ts';
import { enrollResponseSchema, workspaceKeysSchema, type EnrollResponse, type WorkspaceKeys } from '../../../contract/wire-http.ts';
import { ask, connectDesktop, enrollDevice, makeOp, postEnroll, postWebhook, readLog, startRelay, textMessage, type TestRelay } from './relay-harness.ts';

const PATH = '/api/workspace-keys';

async function setUp() {
  const relay = await startRelay();
  const admin = await enrollDevice(relay, 'Ada', { role: 'admin' });
  const agent = await enrollDevice(relay, 'Bo');
  return { relay, admin, agent, secrets: [makeSecret(), makeSecret()], [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose]() };
}

const keysOf = async (relay: TestRelay, { token }: EnrollResponse): Promise<WorkspaceKeys> => workspaceKeysSchema.parse((await ask(relay.url, 'GET', PATH, token)).json);
const newKey = async (epoch: number, secret: string, ...devices: EnrollResponse[]) => ({
  epoch,
  publicKey: await derivePublicKey(deriveEpochKeys(epoch, secret)),
  previous: epoch === 1 ? null : 'the one before, sealed',
  copies: devices.map(({ deviceId }) => ({ deviceId, sealed: `${epoch} for ${deviceId}`, voucher: `of ${deviceId}` })),
});

test('from the first key on the relay begins no file that is not sealed', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  const announce = (name: string, body: object) => ask(relay.url, 'POST', `/api/blobs/${name}`, agent.token, body);
  expect(await announce('a'.repeat(64), { bytes: 5 })).toMatchObject({ status: 200 });
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(1, secrets[0] ?? '', admin));
  expect(await announce('b'.repeat(64), { bytes: 5 })).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  expect(await announce('b'.repeat(64), { bytes: 5, sha256: 'c'.repeat(64) })).toEqual({ status: 200, json: { received: 0, isStored: false } });
});

test('an admin’s desktop announces a key and hands it on; everybody reads the keys and their own copy', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  expect(await keysOf(relay, agent)).toEqual({ logId: relay.store.logId, epochs: [], copy: null, holders: [], isOutdated: false });
  const first = await newKey(1, secrets[0] ?? '', admin);
  expect(await ask(relay.url, 'POST', PATH, agent.token, first)).toEqual({ status: 403, json: { error: 'forbidden' } });
  expect(await ask(relay.url, 'POST', PATH, admin.token, first)).toEqual({ status: 200, json: {} });
  expect(await ask(relay.url, 'POST', PATH, admin.token, first)).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  expect(await keysOf(relay, admin)).toMatchObject({
    epochs: [{ epoch: 1, publicKey: first.publicKey, deviceId: admin.deviceId, agentId: admin.agentId }],
    copy: { epoch: 1, sealed: `1 for ${admin.deviceId}` },
    holders: [{ deviceId: admin.deviceId, voucher: `of ${admin.deviceId}` }],
  });
  expect(await keysOf(relay, agent)).toMatchObject({ copy: null, holders: [] });
  const copy = { epoch: 1, deviceId: agent.deviceId, sealed: 'for Bo', voucher: 'of Bo' };
  expect(await ask(relay.url, 'POST', `${PATH}/copies`, agent.token, { ...copy, deviceId: admin.deviceId })).toEqual({ status: 403, json: { error: 'forbidden' } });
  expect(await ask(relay.url, 'POST', `${PATH}/copies`, admin.token, { ...copy, deviceId: 'nobody' })).toEqual({ status: 404, json: { error: 'not_found' } });
  expect(await ask(relay.url, 'POST', `${PATH}/copies`, admin.token, copy)).toEqual({ status: 200, json: {} });
  expect(await keysOf(relay, agent)).toMatchObject({ copy: { epoch: 1, sealed: 'for Bo' } });
  await relay.store.revokeDevice(agent.deviceId);
  expect(await keysOf(relay, admin)).toMatchObject({ isOutdated: true, holders: [{ deviceId: admin.deviceId }] });
  expect((await ask(relay.url, 'GET', PATH, agent.token)).status).toBe(401);
});

test('a key comes with copies of long rings for all desktops of a large team; nobody but an admin may bring so much', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  const { copies, ...key } = await newKey(1, secrets[0] ?? '', admin);
  const [copy] = copies;
  // The relay keeps no copy for who is not in the team: that it says so means that it has read them all.
  const many = Array.from({ length: 2_000 }, (_, n) => ({ deviceId: `desk-${n}`, voucher: copy?.voucher ?? '', sealed: 'x'.repeat(6_000) }));
  expect(await ask(relay.url, 'POST', PATH, admin.token, { ...key, copies: [...copies, ...many] })).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  const large = { ...key, copies: [{ ...copy, sealed: 'x'.repeat(900_000) }] };
  expect(await ask(relay.url, 'POST', PATH, agent.token, large)).toEqual({ status: 403, json: { error: 'forbidden' } });
  expect(await ask(relay.url, 'POST', PATH, admin.token, large)).toEqual({ status: 200, json: {} });
});

test.each([
  ['no copies', { epoch: 1, previous: null, publicKey: 'k'.repeat(43), copies: [] }],
  ['a key of another length', { epoch: 1, previous: null, publicKey: 'k'.repeat(42), copies: [{ deviceId: 'x', sealed: 'y', voucher: 'v' }] }],
  ['a key that nothing can be sealed to', { epoch: 1, previous: null, publicKey: 'A'.repeat(43), copies: [{ deviceId: 'x', sealed: 'y', voucher: 'v' }] }],
  ['no epoch', { previous: null, publicKey: 'k'.repeat(43), copies: [{ deviceId: 'x', sealed: 'y', voucher: 'v' }] }],
])('a key with %s is a bad request', async (_name, body) => {
  await using team = await setUp();
  expect(await ask(team.relay.url, 'POST', PATH, team.admin.token, body)).toEqual({ status: 400, json: { error: 'bad_request' } });
});

test('webhooks are sealed from the moment a key is announced, whoever brings them again, and to the next key from then on', async () => {
  await using team = await setUp();
  const { relay, admin, secrets } = team;
  const opener = createWebhookOpener(createRing(secrets));
  const webhooks = async () => (await readLog(relay.store)).filter(({ kind }) => kind === 'webhook').map(({ body }) => body);
  await postWebhook(relay.webhookUrl, textMessage('wamid.1', 'antes'));
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(1, secrets[0] ?? '', admin));
  await postWebhook(relay.webhookUrl, textMessage('wamid.2', 'después'));
  await postWebhook(relay.webhookUrl, textMessage('wamid.1', 'antes'));
  await postWebhook(relay.webhookUrl, textMessage('wamid.2', 'después'));
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(2, secrets[1] ?? '', admin));
  await postWebhook(relay.webhookUrl, textMessage('wamid.3', 'al final'));
  const [before, after, last, ...others] = await webhooks();
  expect(others).toEqual([]);
  expect(before).toContain('antes');
  expect([after, last].map((body) => readEpoch(body ?? ''))).toEqual([1, 2]);
  expect(await opener.open(after ?? '')).toContain('después');
  expect(await opener.open(last ?? '')).toContain('al final');
});

test('a connected desktop hears of the key, its plain ops are sent back, and an older desktop is told to update', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  const desktop = await connectDesktop(relay.url, agent.token);
  desktop.hello();
  expect(await desktop.next('welcome')).toMatchObject({ epoch: 0 });
  desktop.push(makeOp(1));
  await desktop.next('ack');
  const older = await connectDesktop(relay.url, agent.token);
  older.send({ t: 'hello', protocol: 4, logId: null, after: 0, opLevel: 6 });
  expect(await older.next('welcome')).toMatchObject({ epoch: 0 });
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(1, secrets[0] ?? '', admin));
  expect(await desktop.next('keys')).toEqual({ t: 'keys', epoch: 1, publicKey: await derivePublicKey(deriveEpochKeys(1, secrets[0] ?? '')) });
  expect(await older.next('refused')).toEqual({ t: 'refused', refusal: { code: 'protocol_too_old', floor: 5 } });
  const op = makeOp(3);
  const sealed = { ...makeOp(2), body: sealOp(deriveEpochKeys(1, secrets[0] ?? ''), { ...makeOp(2), deviceId: agent.deviceId, actorId: agent.agentId }, 'x') };
  desktop.push(sealed, op);
  expect(await desktop.next('refused')).toEqual({ t: 'refused', refusal: { code: 'seal_again', last: 2, epoch: 1 } });
  desktop.push({ ...op, body: sealed.body });
  expect(await desktop.next('ack')).toMatchObject({ last: 3 });
  desktop.end();
  const old = await connectDesktop(relay.url, agent.token);
  old.send({ t: 'hello', protocol: 4, logId: null, after: 0, opLevel: 6 });
  expect(await old.next('refused')).toEqual({ t: 'refused', refusal: { code: 'protocol_too_old', floor: 5 } });
  // Of a restored log, too: it would drop its rows for one that it cannot read.
  const astray = await connectDesktop(relay.url, agent.token);
  astray.send({ t: 'hello', protocol: 4, logId: 'the log before it was restored', after: 0, opLevel: 6 });
  expect(await astray.next('refused')).toEqual({ t: 'refused', refusal: { code: 'protocol_too_old', floor: 5 } });
  const again = await connectDesktop(relay.url, agent.token);
  again.hello();
  expect(await again.next('welcome')).toMatchObject({ epoch: 1 });
  again.end();
});

test('an admin’s desktop hears of other holders of the same number, and whoever was made an admin while connected, too', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(1, secrets[0] ?? '', admin, agent));
  const [first, second] = [await connectDesktop(relay.url, admin.token), await connectDesktop(relay.url, agent.token)];
  for (const desktop of [first, second]) {
    desktop.hello();
    await desktop.next('welcome');
  }
  const put = (voucher: string) => ask(relay.url, 'POST', `${PATH}/copies`, admin.token, { epoch: 1, deviceId: agent.deviceId, sealed: 'for Bo', voucher });
  await put('another one');
  expect(await first.next('keys')).toMatchObject({ epoch: 1 });
  expect(await relay.store.changeMember({ agentId: agent.agentId, by: admin.agentId, role: 'admin', isRemoved: false })).toBe('done');
  await put('a third one');
  expect(await second.next('keys')).toMatchObject({ epoch: 1 });
  first.end();
  second.end();
});

test('a key that comes while a desktop is being greeted is told to it, too', async () => {
  const publicKey = await derivePublicKey(deriveEpochKeys(1, makeSecret()));
  await using relay = await startRelay({
    wrap: (store) => ({
      ...store,
      get logId() {
        return store.logId;
      },
      noteHello: async (deviceId, opLevel) => {
        await store.announceKey({ epoch: 1, publicKey, previous: null, deviceId: 'd', agentId: 'a' }, []);
        await store.noteHello(deviceId, opLevel);
      },
    }),
  });
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  desktop.hello();
  expect(await desktop.next('welcome')).toMatchObject({ epoch: 0 });
  expect(await desktop.next('keys')).toEqual({ t: 'keys', epoch: 1, publicKey });
  desktop.end();
});

test('a key that comes while webhooks are on their way to the disk costs another try and no plain word', async () => {
  const secret = makeSecret();
  const publicKey = await derivePublicKey(deriveEpochKeys(1, secret));
  let isAnnounced = false;
  await using relay = await startRelay({
    wrap: (store) => ({
      ...store,
      get logId() {
        return store.logId;
      },
      append: async (group) => {
        // After the relay has looked for keys and found none.
        if (!isAnnounced && group.some(({ kind }) => kind === 'webhook')) {
          isAnnounced = true;
          await store.announceKey({ epoch: 1, publicKey, previous: null, deviceId: 'd', agentId: 'a' }, []);
        }
        return store.append(group);
      },
    }),
  });
  expect(await postWebhook(relay.webhookUrl, textMessage('wamid.1', 'secreto'))).toBe(200);
  const [entry] = await readLog(relay.store);
  expect(isAnnounced).toBe(true);
  expect(entry?.body).toMatch(/^s1\.1\./);
  expect(await createWebhookOpener(createRing([secret])).open(entry?.body ?? '')).toContain('secreto');
});

test('what an invite brings for its desktop is given out once, and is gone from the relay then', async () => {
  await using team = await setUp();
  const { relay, admin } = team;
  const { json } = await ask(relay.url, 'POST', '/api/invites', admin.token, { role: 'agent', expiresInHours: 1, sealedRing: 'sealed under what the relay never sees' });
  const { code } = json as { code: string };
  const enroll = () => postEnroll(relay.url, { invite: code, agentName: 'Cy', deviceName: 'laptop' });
  const { deviceId, token, sealedRing } = enrollResponseSchema.parse((await enroll()).json);
  expect({ sealedRing }).toEqual({ sealedRing: 'sealed under what the relay never sees' });
  expect((await enroll()).status).toBe(409);
  const own = { epoch: 1, deviceId, sealed: 'my own', voucher: 'v' };
  expect(await ask(relay.url, 'POST', `${PATH}/copies`, token, own)).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  await ask(relay.url, 'POST', PATH, admin.token, await newKey(1, team.secrets[0] ?? '', admin));
  expect(await ask(relay.url, 'POST', `${PATH}/copies`, token, own)).toEqual({ status: 200, json: {} });
});

test('an admin’s desktop hears that another one has the key now, or asks for it anew; an agent’s is left alone', async () => {
  await using team = await setUp();
  const { relay, admin, agent, secrets } = team;
  const key = await newKey(1, secrets[0] ?? '', admin);
  await ask(relay.url, 'POST', PATH, admin.token, key);
  const [first, second] = [await connectDesktop(relay.url, admin.token), await connectDesktop(relay.url, agent.token)];
  for (const desktop of [first, second]) {
    desktop.hello();
    expect(await desktop.next('welcome')).toMatchObject({ epoch: 1, publicKey: key.publicKey });
  }
  for (const own of [
    { sealed: 'my own', voucher: 'v' },
    { sealed: '-', voucher: '' },
  ]) {
    await ask(relay.url, 'POST', `${PATH}/copies`, agent.token, { epoch: 1, deviceId: agent.deviceId, ...own });
    expect(await first.next('keys')).toEqual({ t: 'keys', epoch: 1, publicKey: key.publicKey });
  }
  const next = await newKey(2, secrets[1] ?? '', admin, agent);
  await ask(relay.url, 'POST', PATH, admin.token, next);
  expect(await second.next('keys')).toEqual({ t: 'keys', epoch: 2, publicKey: next.publicKey });
  first.end();
  second.end();
});
