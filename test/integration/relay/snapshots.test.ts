import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { enrollResponseSchema, SNAPSHOT_PART_BYTES, snapshotAnnouncedSchema, snapshotMetaSchema, type EnrollResponse, type SnapshotMeta } from '../../../contract/wire-http.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { ask, connectDesktop, enrollDevice, startRelay, type Desktop, type TestRelay } from './relay-harness.ts';
import { readRows } from './store-under-test.ts';

const DIGEST = '0123456789abcdef';
const OTHER_DIGEST = 'fedcba9876543210';
const DAY_MS = 24 * 60 * 60 * 1000;

const appendEntries = async (relay: TestRelay, upTo: number): Promise<void> => {
  const { head } = await relay.store.readStatus();
  const items = Array.from({ length: upTo - head }, () => ({ dedupe: randomBytes(16), body: '{}', isUnrecognised: false }));
  await relay.store.append([{ kind: 'webhook', items }]);
};

const makeMeta = (relay: TestRelay, bytes: Buffer, meta: Partial<SnapshotMeta> = {}): SnapshotMeta => ({
  logId: relay.store.logId,
  seq: 1_000,
  stateVersion: 2,
  deviceSeqs: {},
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  digest: DIGEST,
  ...meta,
});

const putPart = async (relay: TestRelay, token: string, id: string, part: number | string, bytes: Buffer): Promise<number> => {
  const response = await fetch(`${relay.url}/api/snapshots/${id}/${part}`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body: new Uint8Array(bytes) });
  await response.arrayBuffer();
  return response.status;
};
const partsOf = (bytes: Buffer): Buffer[] => Array.from({ length: Math.ceil(bytes.length / SNAPSHOT_PART_BYTES) }, (_, n) => bytes.subarray(n * SNAPSHOT_PART_BYTES, (n + 1) * SNAPSHOT_PART_BYTES));

const announce = async (relay: TestRelay, token: string, meta: SnapshotMeta): Promise<string> => {
  const { status, json } = await ask(relay.url, 'POST', '/api/snapshots', token, meta);
  expect(status).toBe(200);
  return snapshotAnnouncedSchema.parse(json).id;
};

/** Announces, brings the parts last one first, completes. @returns status of the completion. */
async function upload(relay: TestRelay, token: string, bytes: Buffer, meta: Partial<SnapshotMeta> = {}): Promise<number> {
  const id = await announce(relay, token, makeMeta(relay, bytes, meta));
  for (const [part, chunk] of [...partsOf(bytes).entries()].toReversed()) expect(await putPart(relay, token, id, part, chunk)).toBe(200);
  return (await ask(relay.url, 'POST', `/api/snapshots/${id}`, token)).status;
}

async function join(relay: TestRelay, token: string): Promise<Desktop & { snapshots: { seq: number; stateVersion: number }[] }> {
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello((await relay.store.readStatus()).head);
  return { ...desktop, snapshots: (await desktop.next('welcome')).snapshots };
}

/** Says the digest and waits until it has been heard. */
async function report(relay: TestRelay, { token, deviceId }: EnrollResponse, digest: string, seq = 1_000, stateVersion = 2): Promise<Desktop> {
  const desktop = await join(relay, token);
  desktop.send({ t: 'digest', seq, stateVersion, digest });
  const { lastDeviceSeq } = (await relay.store.findDevice(deviceId)) ?? { lastDeviceSeq: 0 };
  desktop.push({ opId: systemPorts.newId(), deviceSeq: lastDeviceSeq + 1, v: 1, occurredAt: 0, body: '{}' });
  await desktop.next('ack');
  return desktop;
}

async function startTeam(relay: TestRelay, ...names: string[]): Promise<EnrollResponse[]> {
  const team: EnrollResponse[] = [];
  for (const name of names) team.push(await enrollDevice(relay, name, { role: 'admin' }));
  await appendEntries(relay, 1_000);
  return team;
}
const one = <T>(list: T[], index: number): T => list[index] as T;

test('a snapshot of several parts in any order comes back byte for byte, once a second device has confirmed it', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo', 'Cy');
  const [ana, bo, cy] = [one(team, 0), one(team, 1), one(team, 2)];
  const bytes = randomBytes(2 * SNAPSHOT_PART_BYTES + 12_345);
  const meta = makeMeta(relay, bytes);
  expect(await upload(relay, ana.token, bytes)).toBe(200);
  (await report(relay, ana, DIGEST)).end(); // the author's own word does not count
  (await report(relay, bo, DIGEST, 1_000, 3)).end(); // of another state version
  (await report(relay, bo, OTHER_DIGEST)).end();
  const left = await enrollDevice(relay, 'Left');
  await relay.store.revokeDevice(left.deviceId);
  await relay.store.noteDigest({ deviceId: left.deviceId, seq: 1_000, stateVersion: 2, digest: DIGEST });
  expect((await ask(relay.url, 'GET', '/api/snapshots/1000/2', cy.token)).status).toBe(404);
  expect((await join(relay, cy.token)).snapshots).toEqual([]);

  (await report(relay, bo, DIGEST)).end();
  expect((await join(relay, cy.token)).snapshots).toEqual([{ seq: 1_000, stateVersion: 2 }]);
  const offered = await ask(relay.url, 'GET', '/api/snapshots/1000/2', cy.token);
  expect(snapshotMetaSchema.parse(offered.json)).toEqual(meta);
  const parts = await Promise.all([0, 1, 2].map(async (part) => fetch(`${relay.url}/api/snapshots/1000/2/${part}`, { headers: { authorization: `Bearer ${cy.token}` } })));
  expect(parts.map(({ headers }) => Number(headers.get('content-length')))).toEqual([SNAPSHOT_PART_BYTES, SNAPSHOT_PART_BYTES, 12_345]);
  const read = Buffer.concat(await Promise.all(parts.map(async (response) => Buffer.from(await response.arrayBuffer()))));
  expect(read.equals(bytes)).toBe(true);
  for (const strange of ['1000/2/3', '1000/2/-1', '1000/2/..%2f..%2frelay.db', '1000/3', '999/2', 'x/y']) expect((await ask(relay.url, 'GET', `/api/snapshots/${strange}`, cy.token)).status).toBe(404);
  expect((await ask(relay.url, 'GET', '/api/snapshots/1000/2', 'wrong')).status).toBe(401);
});

test('with one device a snapshot is trusted at once, and stays so when a second one joins to install it', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  expect(await upload(relay, (ana as EnrollResponse).token, randomBytes(1_000))).toBe(200);
  const bo = await enrollDevice(relay, 'Bo');
  expect((await join(relay, bo.token)).snapshots).toEqual([{ seq: 1_000, stateVersion: 2 }]);
});

test('what a device left behind is not trusted because it was revoked and one other is left', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Mallory');
  expect(await upload(relay, one(team, 1).token, randomBytes(100))).toBe(200);
  await relay.store.revokeDevice(one(team, 1).deviceId);
  expect((await relay.store.sweepSnapshots()).map(({ trustedAt }) => trustedAt)).toEqual([null]);
  expect(await upload(relay, one(team, 0).token, randomBytes(100), { digest: OTHER_DIGEST })).toBe(200);
  expect((await relay.store.findTrustedSnapshot(1_000, 2))?.deviceId).toBe(one(team, 0).deviceId);
});

test('what a revoked device left behind is not trusted either when others report its digest', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Mallory', 'Bo');
  expect(await upload(relay, one(team, 1).token, randomBytes(100))).toBe(200);
  await relay.store.revokeDevice(one(team, 1).deviceId);
  (await report(relay, one(team, 0), DIGEST)).end();
  expect((await relay.store.sweepSnapshots()).map(({ trustedAt }) => trustedAt)).toEqual([null]);
});

test('an agent cannot confirm their own snapshot with a second desktop, and what they renew has no voice of its own', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Mallory');
  const [ana, mallory] = [one(team, 0), one(team, 1)];
  const others = [];
  for (let n = 0; n < 2; n += 1) others.push(enrollResponseSchema.parse((await ask(relay.url, 'POST', '/api/devices/renew', mallory.token, { deviceName: 'copy' })).json));
  const anas = await report(relay, ana, DIGEST);
  expect(await upload(relay, mallory.token, randomBytes(100), { digest: OTHER_DIGEST })).toBe(200);
  for (const device of [mallory, ...others]) (await report(relay, device, OTHER_DIGEST)).end();
  expect((await join(relay, ana.token)).snapshots).toEqual([]);
  expect(anas.frames.filter(({ t }) => t === 'digest_differs')).toEqual([]);
  anas.end();
});

test('a person alone confirms with a second desktop; a desktop that was silent for thirty days is not waited for', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const [first] = await startTeam(relay, 'Ana');
  const { token, agentId } = first as EnrollResponse;
  const second = await enrollDevice(relay, 'Ana', { agentId });
  expect(await upload(relay, token, randomBytes(100))).toBe(200);
  expect((await join(relay, token)).snapshots).toEqual([]);
  (await report(relay, second, DIGEST)).end();
  expect((await join(relay, token)).snapshots).toEqual([{ seq: 1_000, stateVersion: 2 }]);

  const { deviceId } = await enrollDevice(relay, 'Bo'); // who never opens it again
  await appendEntries(relay, 2_000);
  expect(await upload(relay, token, randomBytes(100), { seq: 2_000, deviceSeqs: { [second.deviceId]: 1 } })).toBe(200);
  expect((await relay.store.findTrustedSnapshot(2_000, 2))?.id).toBeUndefined();
  now += 29 * DAY_MS;
  await relay.store.noteSeen([second.deviceId]);
  await relay.store.sweepSnapshots();
  expect((await relay.store.findTrustedSnapshot(2_000, 2))?.id).toBeUndefined();
  now += 2 * DAY_MS;
  (await report(relay, first as EnrollResponse, DIGEST, 2_000)).end(); // the author's own word
  expect((await relay.store.findTrustedSnapshot(2_000, 2))?.id).toBeUndefined();
  now += 29 * DAY_MS;
  await relay.store.sweepSnapshots();
  expect((await relay.store.findTrustedSnapshot(2_000, 2))?.id).toBeDefined();
  expect((await relay.store.findDevice(deviceId))?.revokedAt).toBeNull();
});

test('a snapshot whose positions are not those of the log is refused, also where the ops are compacted away', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const { deviceId, token } = await enrollDevice(relay, 'Ana', { role: 'admin' });
  const push = (deviceSeq: number, opId: string) => relay.store.append([{ kind: 'push', deviceId, ops: [{ opId, deviceSeq, v: 1, occurredAt: 0, body: '{}' }] }]);
  for (const [deviceSeq, opId] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'a'], // only uses up its number
  ] as const)
    await push(deviceSeq, opId);
  await appendEntries(relay, 1_000);
  await push(4, 'c');
  const statusOf = async (deviceSeqs: Record<string, number>, seq = 1_000) => (await ask(relay.url, 'POST', '/api/snapshots', token, makeMeta(relay, Buffer.from('x'), { deviceSeqs, seq }))).status;
  const judge = async () => [
    await statusOf({ [deviceId]: 2 }),
    await statusOf({ [deviceId]: 4 }, 1_001),
    await statusOf({}),
    await statusOf({ [deviceId]: 1 }),
    await statusOf({ [deviceId]: 3 }),
    await statusOf({ [deviceId]: 1_000_000 }),
    await statusOf({ [deviceId]: 2, stranger: 1 }),
  ];
  expect(await judge()).toEqual([200, 200, 400, 400, 400, 400, 400]);
  expect(await upload(relay, token, randomBytes(10), { deviceSeqs: { [deviceId]: 2 }, stateVersion: 9 })).toBe(200);
  now += 100 * DAY_MS;
  await relay.store.compactSome(now - 90 * DAY_MS); // unless the relay, whose snapshot was just completed, was faster
  expect(await relay.store.readStatus()).toMatchObject({ horizon: 1_000 });
  expect(await judge()).toEqual([200, 200, 400, 400, 400, 400, 400]);
});

test('bytes that are not what was announced are refused and gone', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  const { token } = ana as EnrollResponse;
  const bytes = randomBytes(SNAPSHOT_PART_BYTES + 10);
  const wrongHash = await upload(relay, token, bytes, { sha256: 'a'.repeat(64) });
  const missingPart = await announce(relay, token, makeMeta(relay, bytes));
  expect(await putPart(relay, token, missingPart, 1, bytes.subarray(SNAPSHOT_PART_BYTES))).toBe(200);
  expect([wrongHash, (await ask(relay.url, 'POST', `/api/snapshots/${missingPart}`, token)).status]).toEqual([400, 400]);
  const nothing = await announce(relay, token, makeMeta(relay, bytes));
  expect((await ask(relay.url, 'POST', `/api/snapshots/${nothing}`, token)).status).toBe(400);
  expect((await ask(relay.url, 'POST', `/api/snapshots/${nothing}`, token)).status).toBe(404);
  expect(await readdir(path.join(relay.dataDir, 'snapshots'))).toEqual([]);
  expect((await join(relay, token)).snapshots).toEqual([]);
});

test('a relay that was killed after it had named the file takes the completion again instead of all the bytes', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  const { token } = ana as EnrollResponse;
  const bytes = randomBytes(100);
  const id = await announce(relay, token, makeMeta(relay, bytes));
  expect(await putPart(relay, token, id, 0, bytes)).toBe(200);
  const file = path.join(relay.dataDir, 'snapshots', id);
  await rename(`${file}.incoming`, file);
  expect((await ask(relay.url, 'POST', `/api/snapshots/${id}`, token)).status).toBe(200);
  expect((await join(relay, token)).snapshots).toEqual([{ seq: 1_000, stateVersion: 2 }]);
});

test('a part that is too large, too small or beyond the end is refused and spoils nothing', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  const { token } = ana as EnrollResponse;
  const bytes = randomBytes(SNAPSHOT_PART_BYTES + 10);
  const id = await announce(relay, token, makeMeta(relay, bytes));
  const [first, last] = partsOf(bytes) as [Buffer, Buffer];
  expect(await putPart(relay, token, id, 1, last)).toBe(200);
  for (const [part, wrong] of [
    [0, Buffer.concat([first, Buffer.from('!')])],
    [0, first.subarray(1)],
    [1, bytes],
    [2, last],
    ['-1', last],
    ['1e0', last],
    ['..%2f', last],
  ] as const) {
    expect([400, 0]).toContain(await putPart(relay, token, id, part, wrong).catch(() => 0)); // 0: the relay did not read it to its end
  }
  // without a length, by chunks: more than announced, then less
  for (const wrong of [[first, Buffer.alloc(1_000)], [Buffer.alloc(5)]]) {
    const body = new ReadableStream({
      start: (stream) => {
        for (const chunk of wrong) stream.enqueue(new Uint8Array(chunk));
        stream.close();
      },
    });
    const status = await fetch(`${relay.url}/api/snapshots/${id}/0`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body, duplex: 'half' } as RequestInit).then(
      (response) => response.status,
      () => 0,
    );
    expect([400, 0]).toContain(status);
  }
  expect(await putPart(relay, token, id, 0, first)).toBe(200);
  expect((await ask(relay.url, 'POST', `/api/snapshots/${id}`, token)).status).toBe(200);
  expect((await ask(relay.url, 'POST', `/api/snapshots/${id}`, token)).status).toBe(200); // its answer may have been lost
  expect(await putPart(relay, token, id, 0, first)).toBe(404); // finished is finished
});

test('nobody writes to another device’s snapshot, and an id is no path', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo');
  const bytes = randomBytes(100);
  const id = await announce(relay, one(team, 0).token, makeMeta(relay, bytes));
  const before = await readdir(relay.dataDir);
  expect(await putPart(relay, one(team, 1).token, id, 0, bytes)).toBe(404);
  expect((await ask(relay.url, 'POST', `/api/snapshots/${id}`, one(team, 1).token)).status).toBe(404);
  for (const strange of ['..%2frelay.db', '%2e%2e%2f%2e%2e%2ftmp', '%00', 'nobody', `${id}%2f..`]) {
    expect([400, 404]).toContain(await putPart(relay, one(team, 0).token, strange, 0, bytes));
    expect([400, 404]).toContain((await ask(relay.url, 'POST', `/api/snapshots/${strange}`, one(team, 0).token)).status);
  }
  expect(await putPart(relay, 'wrong', id, 0, bytes)).toBe(401);
  expect(await readdir(relay.dataDir)).toEqual(before);
});

test.each([
  ['of another log', { logId: 'other' }, 409, 'changed_meanwhile'],
  ['ahead of the log', { seq: 1_001 }, 400, 'bad_request'],
  ['too large', { bytes: 10_001 }, 413, 'payload_too_large'],
  ['of no bytes', { bytes: 0 }, 400, 'bad_request'],
  ['with a hash that is none', { sha256: '../../relay.db' }, 400, 'bad_request'],
  ['with half a position', { seq: 999.5 }, 400, 'bad_request'],
] as const)('an announcement %s is refused', async (_name, wrong, status, error) => {
  await using relay = await startRelay({ limits: { snapshotBytesMax: 10_000 } });
  const [ana] = await startTeam(relay, 'Ana');
  const bytes = randomBytes(10);
  expect(await ask(relay.url, 'POST', '/api/snapshots', (ana as EnrollResponse).token, { ...makeMeta(relay, bytes), ...wrong })).toEqual({ status, json: { error } });
});

test('the same announcement continues, another one replaces it, and what is known already is not uploaded twice', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo');
  const bytes = randomBytes(100);
  const meta = makeMeta(relay, bytes);
  const first = await announce(relay, one(team, 0).token, meta);
  expect(await announce(relay, one(team, 0).token, meta)).toBe(first);
  const second = await announce(relay, one(team, 0).token, { ...meta, stateVersion: 3 });
  expect(second).not.toBe(first);
  expect(await putPart(relay, one(team, 0).token, first, 0, bytes)).toBe(404);
  expect(await upload(relay, one(team, 0).token, bytes)).toBe(200);
  expect(await ask(relay.url, 'POST', '/api/snapshots', one(team, 1).token, meta)).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
});

test('the last two trusted ones of a state version are kept; uploads that nobody finished go after a day', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const [ana] = await startTeam(relay, 'Ana');
  const { token } = ana as EnrollResponse;
  await appendEntries(relay, 5_000);
  const bytes = randomBytes(50);
  for (const seq of [1_000, 2_000, 3_000]) expect(await upload(relay, token, bytes, { seq })).toBe(200);
  const kept = await Promise.all([1_000, 2_000, 3_000].map(async (seq) => (await ask(relay.url, 'GET', `/api/snapshots/${seq}/2`, token)).status));
  expect(kept).toEqual([404, 200, 200]);
  const files = async () => readdir(path.join(relay.dataDir, 'snapshots'));
  await expect.poll(async () => (await files()).length).toBe(2);

  const unfinished = await announce(relay, token, makeMeta(relay, bytes, { seq: 4_000 }));
  await putPart(relay, token, unfinished, 0, bytes);
  expect(await files()).toHaveLength(3);
  now += DAY_MS;
  expect((await relay.store.sweepSnapshots()).map(({ meta }) => meta.seq)).toEqual([3_000, 2_000]);
  expect(await upload(relay, token, bytes, { seq: 5_000 })).toBe(200);
  await expect.poll(async () => (await files()).length).toBe(2);
});

test('a device cannot push out the trusted snapshots of others, nor fill the disk with its own', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo', 'Mallory');
  expect(await upload(relay, one(team, 0).token, randomBytes(50))).toBe(200);
  (await report(relay, one(team, 1), DIGEST)).end();
  for (let n = 0; n < 12; n += 1) expect(await upload(relay, one(team, 2).token, randomBytes(60), { stateVersion: 900 + n, digest: OTHER_DIGEST })).toBe(200);
  expect((await ask(relay.url, 'GET', '/api/snapshots/1000/2', one(team, 1).token)).status).toBe(200);
  expect((await relay.store.sweepSnapshots()).length).toBeLessThanOrEqual(5);
});

test('a snapshot for which the disk has no room is not begun', async () => {
  await using relay = await startRelay({ limits: { snapshotBytesMax: Number.MAX_SAFE_INTEGER } });
  const [ana] = await startTeam(relay, 'Ana');
  const { status } = await ask(relay.url, 'POST', '/api/snapshots', (ana as EnrollResponse).token, { ...makeMeta(relay, Buffer.from('x')), bytes: 2 ** 52 });
  expect(status).toBe(507);
  expect(await relay.store.sweepSnapshots()).toEqual([]);
  expect(relay.logLines.some((line) => line.includes('snapshot.no_room'))).toBe(true);
});

test('files without a row and rows without a file go, as after a restored backup', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  const { token } = ana as EnrollResponse;
  expect(await upload(relay, token, randomBytes(50))).toBe(200);
  const folder = path.join(relay.dataDir, 'snapshots');
  const [name] = await readdir(folder);
  await writeFile(path.join(folder, 'orphan'), 'x');
  expect(await upload(relay, token, randomBytes(70), { stateVersion: 3 })).toBe(200); // upkeep runs after it
  await expect.poll(async () => readdir(folder)).not.toContain('orphan');
  expect(await readdir(folder)).toContain(name);
  await rm(path.join(folder, name as string));
  expect(await upload(relay, token, randomBytes(80), { stateVersion: 4 })).toBe(200);
  await expect.poll(async () => (await ask(relay.url, 'GET', '/api/snapshots/1000/2', token)).status).toBe(404);
});

test('the odd one out of three is told, once, and the two who agree are not', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo', 'Cy');
  const odd = await report(relay, one(team, 0), OTHER_DIGEST);
  const two = await report(relay, one(team, 1), DIGEST);
  expect(relay.logLines.filter((line) => line.includes('digest.split'))).toHaveLength(1); // of two nobody knows who is right
  const three = await report(relay, one(team, 2), DIGEST);
  expect(await odd.next('digest_differs')).toEqual({ t: 'digest_differs', seq: 1_000 });
  for (const desktop of [odd, two, three]) {
    desktop.send({ t: 'digest', seq: 1_000, stateVersion: 2, digest: desktop === odd ? OTHER_DIGEST : DIGEST });
    desktop.push({ opId: systemPorts.newId(), deviceSeq: 2, v: 1, occurredAt: 0, body: '{}' });
    await desktop.next('ack');
  }
  expect([odd, two, three].map(({ frames }) => frames.filter(({ t }) => t === 'digest_differs').length)).toEqual([1, 0, 0]);
  for (const desktop of [odd, two, three]) desktop.end();
});

test('reports at other seqs, ahead of the log or long past are not kept, and a malformed one ends the connection', async () => {
  await using relay = await startRelay();
  const [ana] = await startTeam(relay, 'Ana');
  await appendEntries(relay, 30_000);
  const note = (seq: number) => relay.store.noteDigest({ deviceId: (ana as EnrollResponse).deviceId, seq, stateVersion: 2, digest: DIGEST });
  for (const seq of [0, 999, 31_000, 4e15]) expect(await note(seq)).toBeUndefined();
  for (let seq = 2_000; seq <= 30_000; seq += 1_000) expect(await note(seq)).toEqual({ odd: [], isSplit: false, isNewlyTrusted: false });
  expect(await note(1_000)).toBeUndefined();
  const desktop = await join(relay, (ana as EnrollResponse).token);
  desktop.send({ t: 'digest', seq: 1_000, stateVersion: 2, digest: 'short' });
  expect((await desktop.next('refused')).refusal.code).toBe('bad_frame');
});

test('a flood of reports is one row for each device and seq, and the last one counts', async () => {
  await using relay = await startRelay();
  const team = await startTeam(relay, 'Ana', 'Bo');
  const desktop = await join(relay, one(team, 0).token);
  for (let n = 1; n <= 500; n += 1) desktop.send({ t: 'digest', seq: 1_000, stateVersion: n, digest: n.toString(16).padStart(16, '0') });
  desktop.push({ opId: systemPorts.newId(), deviceSeq: 1, v: 1, occurredAt: 0, body: '{}' });
  await desktop.next('ack');
  expect(await readRows(relay.dataDir, 'SELECT device_id, state_version FROM digest_report')).toEqual([{ device_id: one(team, 0).deviceId, state_version: 500 }]);
  desktop.end();
});

test('one up-to-date desktop is asked for a snapshot when the log has grown enough, and not again once there is one', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ limits: { snapshotEvery: 1_500 }, ports: { ...systemPorts, now: () => now } });
  const team = await startTeam(relay, 'Ana', 'Bo');
  const [ana, bo] = [await join(relay, one(team, 0).token), await join(relay, one(team, 1).token)];
  const asked = () => [ana, bo].map(({ frames }) => frames.filter(({ t }) => t === 'snapshot_wanted').length);
  const grow = async (upTo: number, deviceSeq: number): Promise<void> => {
    await appendEntries(relay, upTo - 1);
    ana.push({ opId: systemPorts.newId(), deviceSeq, v: 1, occurredAt: 0, body: '{}' });
    for (const desktop of [ana, bo]) await desktop.readUntil(upTo);
  };
  await grow(1_200, 1);
  expect(asked()).toEqual([0, 0]);
  await grow(1_600, 2);
  await expect.poll(() => asked().reduce((a, b) => a + b)).toBe(1);
  await grow(1_700, 3);
  expect(asked().reduce((a, b) => a + b)).toBe(1);
  now += 10 * 60 * 1000; // it did not come: the other one's turn
  await grow(1_800, 4);
  await expect.poll(asked).toEqual([1, 1]);
  expect(await upload(relay, one(team, 0).token, randomBytes(30))).toBe(200);
  now += 10 * 60 * 1000;
  await grow(2_400, 5);
  expect(asked()).toEqual([1, 1]);
  await grow(2_600, 6);
  await expect.poll(() => asked().reduce((a, b) => a + b)).toBe(3);
  for (const desktop of [ana, bo]) desktop.end();
});

test('a desktop whose snapshots nobody confirms does not keep the others from being asked', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ limits: { snapshotEvery: 1_500 }, ports: { ...systemPorts, now: () => now } });
  const team = await startTeam(relay, 'Mallory', 'Ana');
  const mallory = await join(relay, one(team, 0).token);
  const ana = await join(relay, one(team, 1).token);
  const asked = () => ana.frames.filter(({ t }) => t === 'snapshot_wanted').length;
  let deviceSeq = 0;
  for (let head = 2_000; head <= 8_000; head += 1_000) {
    await appendEntries(relay, head - 1);
    // Asked or not, there is always a newest one of hers.
    await announce(relay, one(team, 0).token, makeMeta(relay, Buffer.from('x'), { seq: head - 1, deviceSeqs: deviceSeq > 0 ? { [one(team, 0).deviceId]: deviceSeq } : {} }));
    deviceSeq += 1;
    mallory.push({ opId: systemPorts.newId(), deviceSeq, v: 1, occurredAt: 0, body: '{}' });
    for (const desktop of [mallory, ana]) await desktop.readUntil(head);
    now += 10 * 60 * 1000;
  }
  await expect.poll(asked).toBeGreaterThan(0);
  for (const desktop of [mallory, ana]) desktop.end();
});
