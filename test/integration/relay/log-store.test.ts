/** What every log store promises. Run on SQLite here, on PostgreSQL by `on-postgres.long.test.ts`. */
import { expect, test } from 'vitest';
import { KeyMovedError, type NewInvite, type PushResult } from '../../../webhook-relay/log-store/interface.ts';
import { createDedupeKey } from '../../../webhook-relay/dedupe-key.ts';
import { enrollDeviceInto, makeFolder, makeOp, openStore, readLog } from './relay-harness.ts';
import { readBytes } from './store-under-test.ts';

async function setUp(now = () => 1_000) {
  const folder = await makeFolder();
  const store = await openStore(folder.path, now);
  const push = async (deviceId: string, ...ops: ReturnType<typeof makeOp>[]): Promise<PushResult> => (await store.append([{ kind: 'push', deviceId, ops }]))[0] as PushResult;
  const dispose = async (): Promise<void> => {
    await store.close();
    await folder[Symbol.asyncDispose]();
  };
  return { dataDir: folder.path, store, push, [Symbol.asyncDispose]: dispose };
}

const webhook = (...names: string[]) => ({ kind: 'webhook' as const, items: names.map((name) => ({ dedupe: Buffer.from(name.padEnd(16)), body: name, isUnrecognised: false })) });
const opsOf = async (store: Parameters<typeof readLog>[0]) => (await readLog(store)).flatMap((entry) => (entry.kind === 'op' ? [[entry.deviceSeq, entry.opId]] : []));

test('seq is contiguous from 1 over webhooks, ops and enrolments, with duplicates between', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  await relay.store.append([webhook('a', 'b'), { kind: 'push', deviceId: device, ops: [makeOp(1)] }, webhook('b', 'c', 'c')]);
  const log = await readLog(relay.store);
  expect(log.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, 'relay'],
    [2, 'webhook'],
    [3, 'webhook'],
    [4, 'op'],
    [5, 'webhook'],
  ]);
  expect(await relay.store.readStatus()).toMatchObject({ head: 5, webhooks: 3, ops: 1, duplicates: 2, unrecognised: 0, devices: 1 });
});

test('receivedAt never decreases when the clock jumps back', async () => {
  let now = 5_000;
  await using relay = await setUp(() => now);
  for (const [at, name] of [
    [5_000, 'a'],
    [1_000, 'b'],
    [6_000, 'c'],
  ] as const) {
    now = at;
    await relay.store.append([webhook(name)]);
  }
  expect((await readLog(relay.store)).map(({ receivedAt }) => receivedAt)).toEqual([5_000, 5_000, 6_000]);
});

test('a group is committed whole or not at all', async () => {
  await using relay = await setUp();
  const broken = { kind: 'webhook' as const, items: [{ dedupe: Buffer.alloc(16), body: null as unknown as string, isUnrecognised: false }] };
  await expect(relay.store.append([webhook('a'), broken])).rejects.toThrow();
  expect(await relay.store.readStatus()).toMatchObject({ head: 0, webhooks: 0 });
  await relay.store.append([webhook('a')]);
  expect((await readLog(relay.store)).map(({ seq, body }) => [seq, body])).toEqual([[1, 'a']]);
});

test('ops are appended in order, and what was sent again after a lost ack is skipped', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  expect(await relay.push(device, makeOp(1), makeOp(2))).toEqual({ kind: 'push', status: 'done', last: 2, head: 3 });
  expect(await relay.push(device, makeOp(1), makeOp(2), makeOp(3))).toEqual({ kind: 'push', status: 'done', last: 3, head: 4 });
  expect(await relay.push(device, makeOp(2))).toEqual({ kind: 'push', status: 'done', last: 3, head: 4 });
  expect(await opsOf(relay.store)).toEqual([
    [1, 'op-1'],
    [2, 'op-2'],
    [3, 'op-3'],
  ]);
});

test('a gap keeps what came before it and says from where to send again', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  expect(await relay.push(device, makeOp(2))).toMatchObject({ status: 'gap', last: 0 });
  expect(await relay.push(device, makeOp(1), makeOp(2), makeOp(4), makeOp(5))).toMatchObject({ status: 'gap', last: 2 });
  expect(await relay.push(device, makeOp(3), makeOp(4))).toMatchObject({ status: 'done', last: 4 });
});

test('a number that comes again with another op means a copied database: nothing after it is taken', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  await relay.push(device, makeOp(1), makeOp(2));
  expect(await relay.push(device, makeOp(2, 'other'), makeOp(3))).toMatchObject({ status: 'forked', last: 2 });
  expect(await opsOf(relay.store)).toEqual([
    [1, 'op-1'],
    [2, 'op-2'],
  ]);
});

test('an op that is in the log under another number only uses up the number, and is remembered', async () => {
  await using relay = await setUp();
  const before = await enrollDeviceInto(relay.store);
  await relay.push(before, makeOp(1, 'x'));
  const after = await enrollDeviceInto(relay.store);
  expect(await relay.push(after, makeOp(1, 'x'), makeOp(2, 'y'), makeOp(3, 'y'))).toMatchObject({ status: 'done', last: 3 });
  expect(await relay.push(after, makeOp(1, 'x'), makeOp(3, 'y'), makeOp(4, 'z'))).toMatchObject({ status: 'done', last: 4 });
  expect(await relay.push(after, makeOp(1, 'other'))).toMatchObject({ status: 'forked', last: 4 });
  expect(await opsOf(relay.store)).toEqual([
    [1, 'x'],
    [2, 'y'],
    [4, 'z'],
  ]);
  expect(await relay.store.readStatus()).toMatchObject({ ops: 3 });
});

test('occurredAt is clamped between the previous op of that device and now', async () => {
  let now = 1_000;
  await using relay = await setUp(() => now);
  const device = await enrollDeviceInto(relay.store);
  await relay.push(device, makeOp(1, 'a', 900), makeOp(2, 'b', 100), makeOp(3, 'c', 99_999));
  now = 2_000;
  await relay.push(device, makeOp(4, 'd', -5), makeOp(5, 'e', 1_500));
  expect((await readLog(relay.store)).flatMap((entry) => (entry.kind === 'op' ? [entry.occurredAt] : []))).toEqual([900, 900, 1_000, 1_000, 1_500]);
});

test('actor and device come from the enrolment; a revoked or unknown device appends nothing', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  const agent = (await relay.store.findDevice(device))?.agentId;
  await relay.push(device, makeOp(1));
  expect((await readLog(relay.store))[1]).toMatchObject({ kind: 'op', deviceId: device, actorId: agent });
  expect(await relay.store.revokeDevice(device)).toBe('revoked');
  expect(await relay.store.revokeDevice(device)).toBe('already_revoked');
  expect(await relay.push(device, makeOp(2))).toEqual({ kind: 'push', status: 'revoked', wipe: false });
  expect(await relay.push('nobody', makeOp(1))).toEqual({ kind: 'push', status: 'revoked', wipe: false });
  expect((await readLog(relay.store)).map(({ body }) => JSON.parse(body).type)).toEqual(['device.enrolled', 'note', 'device.revoked']);
  expect(await relay.store.readStatus()).toMatchObject({ devices: 0 });
});

test('pages are bounded by entries and bytes, and an entry larger than a page comes alone', async () => {
  await using relay = await setUp();
  await relay.store.append([webhook('a', 'b', 'c', 'd')]);
  const seqs = async (after: number, limit: { entries: number; bytes: number }) => (await relay.store.readAfter(after, limit)).entries.map(({ seq }) => seq);
  expect(await seqs(0, { entries: 2, bytes: 1e9 })).toEqual([1, 2]);
  expect(await seqs(1, { entries: 10, bytes: 600 })).toEqual([2, 3]);
  expect(await seqs(3, { entries: 10, bytes: 1 })).toEqual([4]);
  expect(await relay.store.readAfter(4, { entries: 10, bytes: 1 })).toEqual({ entries: [], head: 4 });
});

test('log, counters and identity are the same after the database is opened again', async () => {
  await using folder = await makeFolder();
  const first = await openStore(folder.path);
  await first.append([webhook('a', 'a')]);
  const status = await first.readStatus();
  const { logId } = first;
  await first.close();
  const second = await openStore(folder.path);
  expect(await second.readStatus()).toEqual(status);
  expect(second.logId).toBe(logId);
  await second.close();
});

test('two processes see each other’s changes, and each only the other’s', async () => {
  await using folder = await makeFolder();
  const [one, two] = [await openStore(folder.path), await openStore(folder.path)];
  await one.append([webhook('a')]);
  expect([await one.hasChangedElsewhere(), await two.hasChangedElsewhere(), await two.hasChangedElsewhere()]).toEqual([false, true, false]);
  await two.append([webhook('b')]);
  await one.append([webhook('c')]);
  expect((await readLog(two)).map(({ seq, body }) => `${seq}${body}`)).toEqual(['1a', '2b', '3c']);
  await one.close();
  await two.close();
});

test('two processes that append at the same time give one order without a gap, and neither waits for ever', async () => {
  await using folder = await makeFolder();
  const stores = [await openStore(folder.path), await openStore(folder.path)];
  const names = (store: number) => Array.from({ length: 40 }, (_, n) => (n % 5 === 0 ? `both-${n}` : `${store}-${n}`));
  await Promise.all(stores.map(async (store, n) => Promise.all(names(n).map((name) => store.append([webhook(name)])))));
  const log = await readLog(stores[0]!);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.map(({ body }) => body).toSorted()).toEqual([...new Set([...names(0), ...names(1)])].toSorted());
  expect(await readLog(stores[1]!)).toEqual(log);
  expect(await stores[1]!.readStatus()).toMatchObject({ webhooks: 72, duplicates: 8 });
  for (const store of stores) await store.close();
});

test('what a desktop writes comes back as it was, in every script, with quotes, and in any number', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  const bodies = ['{"a":"\\\\x00 \\u0000"}', 'ñ 漢字 🙂 عربى', '"{},NULL', '\\', "';--", ' \n\t\u2028'];
  await relay.push(device, ...bodies.map((body, n) => ({ ...makeOp(n + 1, `${body.slice(0, 20)} ${n}`, n % 2 === 0 ? -8_640_000_000_000 : 3), v: 2 ** 40, body })));
  const ops = (await readLog(relay.store)).slice(1);
  expect(ops.map(({ body }) => body)).toEqual(bodies);
  expect(ops[0]).toMatchObject({ opId: `${bodies[0]!.slice(0, 20)} 0`, v: 2 ** 40, occurredAt: -8_640_000_000_000 });
});

test('the same invite, used by two at once, lets one of them in', async () => {
  await using folder = await makeFolder();
  const stores = [await openStore(folder.path), await openStore(folder.path)];
  const inviteHash = Buffer.from('an invite');
  await stores[0]!.addInvite({ codeHash: inviteHash, role: 'admin', agentName: null, agentId: null, expiresAt: Number.MAX_SAFE_INTEGER });
  const outcomes = await Promise.all(
    stores.map((store, n) => store.enroll({ inviteHash, tokenHash: Buffer.from(`token ${n}`), deviceId: `device-${n}`, deviceName: 'laptop', newAgentId: `agent-${n}`, agentName: 'Ana' })),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['enrolled', 'invite_used']);
  expect(await stores[1]!.readStatus()).toMatchObject({ head: 1, devices: 1 });
  for (const store of stores) await store.close();
});

const sealed = (epoch: number, name: string): string => `s1.${epoch}.${Buffer.from(name).toString('base64url')}`;
const sealedOp = (deviceSeq: number, epoch: number) => ({ ...makeOp(deviceSeq), body: sealed(epoch, `op ${deviceSeq}`) });
const keyOf = (epoch: number, deviceId: string) => ({ epoch, publicKey: String(epoch).padEnd(43, 'k'), previous: epoch === 1 ? null : `${epoch - 1} under ${epoch}`, deviceId, agentId: 'agent' });

test('keys are announced one after the other, and each goes to all who have the one before', async () => {
  await using relay = await setUp();
  const [ana, bo] = [await enrollDeviceInto(relay.store), await enrollDeviceInto(relay.store)];
  const announce = (epoch: number, ...deviceIds: string[]) =>
    relay.store.announceKey(
      keyOf(epoch, ana),
      deviceIds.map((deviceId) => ({ deviceId, sealed: `${epoch} for ${deviceId}`, voucher: `${epoch} of ${deviceId}` })),
    );
  expect(await relay.store.readStatus()).toMatchObject({ epoch: 0 });
  expect(await relay.store.readKeyHolders()).toEqual({ holders: [], isOutdated: false });
  expect(await announce(2, ana)).toBe('changed_meanwhile');
  expect(await announce(1, ana, 'nobody')).toBe('changed_meanwhile');
  expect(await announce(1, ana, ana)).toBe('changed_meanwhile');
  expect(await announce(1, ana)).toBe('announced');
  expect(await announce(1, ana)).toBe('changed_meanwhile');
  expect(await relay.store.readStatus()).toMatchObject({ epoch: 1 });
  expect(await relay.store.findKeyCopy(bo)).toBeUndefined();

  expect(await relay.store.putKeyCopy(2, { deviceId: bo, sealed: 'x', voucher: 'v' })).toBe('changed_meanwhile');
  expect(await relay.store.putKeyCopy(1, { deviceId: 'nobody', sealed: 'x', voucher: 'v' })).toBe('not_found');
  expect(await relay.store.putKeyCopy(1, { deviceId: bo, sealed: 'given', voucher: 'v' })).toBe('done');
  expect(await relay.store.findKeyCopy(bo)).toEqual({ epoch: 1, sealed: 'given' });
  expect((await relay.store.readKeyHolders()).holders).toEqual(
    [
      { deviceId: ana, voucher: `1 of ${ana}` },
      { deviceId: bo, voucher: 'v' },
    ].toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1)),
  );

  expect(await announce(2, ana)).toBe('changed_meanwhile');
  expect(await announce(2, ana, bo)).toBe('announced');
  expect(await relay.store.findKeyCopy(bo)).toEqual({ epoch: 2, sealed: `2 for ${bo}` });
  expect(await relay.store.listKeyEpochs()).toEqual([1, 2].map((epoch) => ({ ...keyOf(epoch, ana), announcedAt: 1_000 })));
});

test('whoever is shut out makes the newest key an old one, and gets no copy of the next', async () => {
  await using relay = await setUp();
  const [ana, bo] = [await enrollDeviceInto(relay.store), await enrollDeviceInto(relay.store)];
  const copies = (...deviceIds: string[]) => deviceIds.map((deviceId) => ({ deviceId, sealed: 'copy', voucher: 'v' }));
  await relay.store.announceKey(keyOf(1, ana), copies(ana, bo));
  await relay.store.revokeDevice(bo);
  expect(await relay.store.readKeyHolders()).toEqual({ holders: [{ deviceId: ana, voucher: 'v' }], isOutdated: true });
  expect(await relay.store.announceKey(keyOf(2, ana), copies(ana, bo))).toBe('changed_meanwhile');
  expect(await relay.store.putKeyCopy(1, { deviceId: bo, sealed: 'copy', voucher: 'v' })).toBe('not_found');
  expect(await relay.store.announceKey(keyOf(2, ana), copies(ana))).toBe('announced');
  expect(await relay.store.readKeyHolders()).toEqual({ holders: [{ deviceId: ana, voucher: 'v' }], isOutdated: false });
  expect(await relay.store.findKeyCopy(bo)).toBeUndefined();
});

test('a log with a key takes nothing in plain words: webhooks sealed to the newest key, ops to it or the one before', async () => {
  await using relay = await setUp();
  const ana = await enrollDeviceInto(relay.store);
  const announce = (epoch: number) => relay.store.announceKey(keyOf(epoch, ana), [{ deviceId: ana, sealed: 'copy', voucher: 'v' }]);
  const bring = (...bodies: string[]) => relay.store.append([{ kind: 'webhook', items: bodies.map((body) => ({ dedupe: Buffer.from(body.slice(-16).padStart(16)), body, isUnrecognised: false })) }]);
  expect(await relay.push(ana, sealedOp(1, 1))).toEqual({ kind: 'push', status: 'wrong_epoch', last: 0, epoch: 0 });
  await expect(bring(sealed(1, 'early'))).rejects.toThrow(KeyMovedError);
  await relay.push(ana, makeOp(1));
  await announce(1);
  expect(await relay.push(ana, makeOp(1))).toMatchObject({ status: 'done', last: 1 });
  expect(await relay.push(ana, sealedOp(2, 1), makeOp(3))).toEqual({ kind: 'push', status: 'wrong_epoch', last: 2, epoch: 1 });
  expect(await relay.push(ana, sealedOp(3, 2))).toMatchObject({ status: 'wrong_epoch', last: 2 });
  await expect(bring(sealed(1, 'good'), 'plain')).rejects.toThrow(KeyMovedError);
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 0, ops: 2 });
  await bring(sealed(1, 'good'));
  await announce(2);
  await expect(bring(sealed(1, 'late'))).rejects.toThrow(KeyMovedError);
  expect(await relay.push(ana, sealedOp(3, 1), sealedOp(4, 2))).toMatchObject({ status: 'done', last: 4 });
  await announce(3);
  expect(await relay.push(ana, sealedOp(5, 1))).toEqual({ kind: 'push', status: 'wrong_epoch', last: 4, epoch: 3 });
});

test('after a restored backup the keys are still those of the workspace, the copies, which open for the former log, say nothing, and who has the key is known', async () => {
  await using relay = await setUp();
  const ana = await enrollDeviceInto(relay.store);
  await relay.store.announceKey(keyOf(1, ana), [{ deviceId: ana, sealed: 'copy', voucher: 'v' }]);
  await relay.store.startNewLog();
  expect(await relay.store.readStatus()).toMatchObject({ epoch: 1 });
  expect(await relay.store.findKeyCopy(ana)).toEqual({ epoch: 1, sealed: '-' });
  expect(await relay.store.readKeyHolders()).toMatchObject({ holders: [{ deviceId: ana, voucher: 'v' }] });
});

test('dedupe keys from before are hashed under the key once, those of compacted entries too, and go on keeping what comes again out', async () => {
  await using relay = await setUp();
  const key = (secret: string) => createDedupeKey(secret);
  const bring = async (...names: string[]) => {
    const { items } = webhook(...names);
    return (await relay.store.append([{ kind: 'webhook', items: items.map((item) => ({ ...item, dedupe: key('one').hash(item.dedupe) })) }]))[0];
  };
  const ana = await enrollDeviceInto(relay.store);
  await relay.store.append([webhook('a', 'b', 'c')]);
  const meta = { seq: 2, stateVersion: 2, deviceSeqs: {}, bytes: 10, sha256: 'a'.repeat(64), digest: '0'.repeat(16) };
  await relay.store.announceSnapshot({ id: 'snapshot', deviceId: ana, meta });
  await relay.store.completeSnapshot('snapshot');
  await relay.store.noteDigest({ deviceId: ana, seq: 2, stateVersion: 2, digest: meta.digest });
  const compacted = await relay.store.compactSome(2_000);

  expect(await relay.store.keyDedupes(key('one'))).toBe('keyed');
  expect(await relay.store.keyDedupes(key('one'))).toBe('known');
  expect(await bring('a', 'b', 'c', 'd')).toEqual({ kind: 'webhook', stored: 1, duplicates: 3 });
  expect(compacted).toBe(2);
  expect(await relay.store.keyDedupes(key('other'))).toBe('changed');
  expect(await relay.store.keyDedupes(key('other'))).toBe('known');
});

test('what an invite brought is kept only while somebody may enrol with it; shutting a device out voids those that its agent made', async () => {
  let time = 1_000;
  await using relay = await setUp(() => time);
  const { store } = relay;
  const device = await store.findDevice(await enrollDeviceInto(store));
  const other = await store.findDevice(await enrollDeviceInto(store));
  const invite = (name: string, expiresAt: number, createdBy: string | undefined) =>
    store.addInvite({ codeHash: Buffer.from(name), role: 'agent', agentName: null, agentId: null, expiresAt, sealedRing: `what ${name} brings`, ...(createdBy !== undefined && { createdBy }) });
  await invite('a short one', 2_000, device?.agentId);
  await invite('a long one', 9_000, device?.agentId);
  await invite('another admin’s', 9_000, other?.agentId);
  const enroll = (name: string, n: number) =>
    store.enroll({ inviteHash: Buffer.from(name), tokenHash: Buffer.from(`token of ${name}`), deviceId: `device-${n}`, deviceName: 'laptop', newAgentId: `agent-${n}`, agentName: 'Cy' });
  const holds = async (name: string): Promise<boolean> => (await readBytes(relay.dataDir)).includes(`what ${name} brings`);

  expect(await store.sweepInvites()).toBe(0);
  time = 2_000;
  expect(await store.sweepInvites()).toBe(1);
  expect([await holds('a short one'), await holds('a long one')]).toEqual([false, true]);
  expect(await enroll('a short one', 1)).toEqual({ status: 'invite_expired' });
  await store.revokeDevice(device?.id ?? '');
  expect(await enroll('a long one', 2)).toEqual({ status: 'invite_unknown' });
  expect(await store.sweepInvites()).toBe(0);
  expect([await holds('a long one'), await holds('another admin’s')]).toEqual([false, true]);
  expect(await enroll('another admin’s', 3)).toMatchObject({ status: 'enrolled', sealedRing: 'what another admin’s brings' });
});

test('open invites are listed without their codes, oldest first; one that is withdrawn says so, brings nothing any more and leaves the others as they are', async () => {
  let time = 1_000;
  await using relay = await setUp(() => time);
  const { store } = relay;
  const device = await store.findDevice(await enrollDeviceInto(store));
  const member = { agentId: device?.agentId ?? null, agentName: device?.agentName ?? null, role: device?.role };
  const invite = (name: string, more: Partial<NewInvite> = {}) =>
    store.addInvite({ codeHash: Buffer.from(name.padEnd(32)), role: 'agent', agentName: null, agentId: null, expiresAt: 5_000, sealedRing: `what ${name} brings`, ...more });
  const enroll = (name: string) =>
    store.enroll({ inviteHash: Buffer.from(name.padEnd(32)), tokenHash: Buffer.from(`token of ${name}`), deviceId: `of ${name}`, deviceName: 'laptop', newAgentId: `who ${name}`, agentName: 'Cy' });
  await invite('used');
  await invite('early', { role: 'lead', agentName: 'Bo', ...(member.agentId !== null && { createdBy: member.agentId }) });
  time = 2_000;
  await invite('further', { agentId: member.agentId, expiresAt: 9_000 });
  await invite('past', { expiresAt: 2_000 });
  await enroll('used');

  const open = await store.listInvites();
  expect(open).toEqual([
    { id: expect.stringMatching(/^[0-9a-f]{16}$/), role: 'lead', agentId: null, agentName: 'Bo', createdBy: member.agentId, createdByName: 'Ana', createdAt: 1_000, expiresAt: 5_000 },
    { id: expect.any(String), ...member, createdBy: null, createdByName: null, createdAt: 2_000, expiresAt: 9_000 },
  ]);
  expect(await store.withdrawInvite('nobody’s')).toBe('not_found');
  expect(await store.withdrawInvite(open[0]?.id ?? '')).toBe('withdrawn');
  expect(await store.withdrawInvite(open[0]?.id ?? '')).toBe('not_found');
  expect(await store.listInvites()).toEqual(open.slice(1));
  expect(await enroll('early')).toEqual({ status: 'invite_withdrawn' });
  await store.sweepInvites();
  const bytes = await readBytes(relay.dataDir);
  expect([bytes.includes('what early brings'), bytes.includes('what further brings')]).toEqual([false, true]);
  expect(await enroll('further')).toMatchObject({ status: 'enrolled', sealedRing: 'what further brings' });
  expect(await store.listInvites()).toEqual([]);
});

test('the newest key, and how many have it, are known with the head of that moment', async () => {
  await using relay = await setUp();
  const { store } = relay;
  const [ana, bo] = [await enrollDeviceInto(store), await enrollDeviceInto(store)];
  expect(await store.readStatus()).toMatchObject({ epoch: 0, publicKey: null, keyHolders: 0 });
  const key = { publicKey: 'k'.repeat(43), previous: null, deviceId: ana, agentId: 'a' };
  await store.announceKey({ ...key, epoch: 1 }, [{ deviceId: ana, sealed: 'x', voucher: 'v' }]);
  expect(await store.readStatus()).toMatchObject({ epoch: 1, publicKey: key.publicKey, keyHolders: 1 });
  await store.putKeyCopy(1, { deviceId: bo, sealed: 'x', voucher: 'v' });
  expect((await store.readStatus()).keyHolders).toBe(2);
  // It says that what it was given is of no use.
  await store.putKeyCopy(1, { deviceId: bo, sealed: '-', voucher: '' });
  expect((await store.readStatus()).keyHolders).toBe(1);
  await store.putKeyCopy(1, { deviceId: bo, sealed: 'x', voucher: 'v' });
  await store.revokeDevice(bo);
  expect((await store.readStatus()).keyHolders).toBe(1);
});

test('another process notices that a desktop was given the key', async () => {
  await using relay = await setUp();
  const device = await enrollDeviceInto(relay.store);
  await relay.store.announceKey({ epoch: 1, publicKey: 'k'.repeat(43), previous: null, deviceId: device, agentId: 'a' }, [{ deviceId: device, sealed: 'x', voucher: 'v' }]);
  const other = await openStore(relay.dataDir);
  await other.hasChangedElsewhere();
  await relay.store.putKeyCopy(1, { deviceId: device, sealed: 'y', voucher: 'v' });
  expect([await other.hasChangedElsewhere(), await other.hasChangedElsewhere()]).toEqual([true, false]);
  await other.close();
});

test('with the first key the plain past becomes overdue, where there is any', async () => {
  for (const isLate of [false, true]) {
    await using relay = await setUp();
    const { store } = relay;
    const device = await enrollDeviceInto(store);
    if (isLate) await store.append([webhook('a', 'b')]);
    await store.announceKey({ epoch: 1, publicKey: 'k'.repeat(43), previous: null, deviceId: device, agentId: 'a' }, [{ deviceId: device, sealed: 'x', voucher: 'v' }]);
    expect((await store.readSnapshotSeqs()).erased).toBe(isLate ? 4 : 0);
  }
});
