/** The team's store of files over real HTTP and a real folder: what is read back is what was brought, or it is not there. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { FILES_WANTED_MAX, SEALED_MEDIA_BYTES_MAX } from '../../../contract/limits.ts';
import { BLOB_PART_BYTES } from '../../../contract/wire-http.ts';
import { createBlobFiles } from '../../../webhook-relay/blob-files.ts';
import { createSnapshotFiles } from '../../../webhook-relay/snapshot-files.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { createUpkeep } from '../../../webhook-relay/upkeep.ts';
import { startProgram } from '../../support/program.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { APP_SECRET, ask, connectDesktop, enrollDevice, makeFolder, makeInvite, openStore, postEnroll, startRelay, VERIFY_TOKEN } from './relay-harness.ts';

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const FILE = randomBytes(2 * BLOB_PART_BYTES + 12_345);
const SHA = hashOf(FILE);
const DAY_MS = 24 * 60 * 60 * 1000;

/** The desktop with this token. */
function desktop(url: string, token: string) {
  const announce = (bytes = FILE.length, name = SHA, sha256?: string) => ask(url, 'POST', `/api/blobs/${name}`, token, { bytes, sha256 });
  const put = async (offset: number, bytes: Buffer, sha256 = SHA): Promise<{ status: number; json: unknown }> => {
    const response = await fetch(`${url}/api/blobs/${sha256}?offset=${offset}`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body: new Uint8Array(bytes) });
    return { status: response.status, json: await response.json() };
  };
  return {
    announce,
    put,
    /** All parts from `offset` on. @returns the last answer. */
    bring: async (bytes = FILE, offset = 0) => {
      const sha256 = hashOf(bytes);
      let answer = await announce(bytes.length, sha256);
      for (let at = offset; at < bytes.length; at += BLOB_PART_BYTES) answer = await put(at, bytes.subarray(at, at + BLOB_PART_BYTES), sha256);
      return answer;
    },
    read: (sha256 = SHA, headers: Record<string, string> = {}, method = 'GET') => fetch(`${url}/api/blobs/${sha256}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } }),
    drop: (name: string) => ask(url, 'DELETE', `/api/blobs/${name}`, token),
    claim: async (key: string) => (await ask(url, 'POST', `/api/blob-claims/${key}`, token)).json,
  };
}
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const incomingOf = (dataDir: string): string[] => readdirSync(path.join(dataDir, 'blobs', 'incoming'));

test('what one desktop brings in parts another one reads, whole or a range of it', async () => {
  await using relay = await startRelay();
  const [ana, bo] = [desktop(relay.url, (await enrollDevice(relay)).token), desktop(relay.url, (await enrollDevice(relay, 'Bo')).token)];
  expect((await bo.read()).status).toBe(404);
  expect(await ana.announce()).toEqual({ status: 200, json: { received: 0, isStored: false } });
  expect(await ana.put(0, FILE.subarray(0, BLOB_PART_BYTES))).toEqual({ status: 200, json: { received: BLOB_PART_BYTES, isStored: false } });
  expect((await bo.read()).status, 'half a file is nobody’s').toBe(404);
  expect(await ana.bring(FILE, BLOB_PART_BYTES)).toEqual({ status: 200, json: { received: FILE.length, isStored: true } });
  expect(incomingOf(relay.dataDir)).toEqual([]);

  const whole = await bo.read();
  expect([whole.status, whole.headers.get('content-type'), whole.headers.get('x-content-type-options')]).toEqual([200, 'application/octet-stream', 'nosniff']);
  expect((await bytesOf(whole)).equals(FILE)).toBe(true);
  const range = await bo.read(SHA, { range: 'bytes=1000-1999' });
  expect([range.status, range.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${FILE.length}`]);
  expect((await bytesOf(range)).equals(FILE.subarray(1000, 2000))).toBe(true);
  expect((await bo.read(SHA, { range: `bytes=${FILE.length}-` })).status).toBe(416);
  const head = await bo.read(SHA, {}, 'HEAD');
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(FILE.length)]);
  expect(await bo.announce(), 'it need not be brought again').toEqual({ status: 200, json: { received: FILE.length, isStored: true } });
});

test('an upload that broke off goes on where it was, and a part at another place is refused', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  const ana = desktop(relay.url, token);
  await ana.announce();
  const sent = 300_000;
  await new Promise<void>((resolve) => {
    const { host, hostname, port } = new URL(relay.url);
    const headers = { host, authorization: `Bearer ${token}`, 'content-length': BLOB_PART_BYTES };
    const request = httpRequest({ hostname, port, method: 'PUT', path: `/api/blobs/${SHA}?offset=0`, headers }, () => undefined);
    request.on('error', () => resolve());
    request.write(FILE.subarray(0, sent), () => request.destroy(new Error('the line breaks')));
  });
  // Until the relay has noticed, somebody is writing.
  const { received } = (await waitUntil('the relay lets go of the part', async () => {
    const { status, json } = await ana.announce();
    return status === 200 ? json : null;
  })) as { received: number };
  expect(received).toBeLessThanOrEqual(sent);
  for (const offset of [received + 1, received + 1_000]) expect(await ana.put(offset, FILE.subarray(0, 10))).toEqual({ status: 409, json: { error: 'changed_meanwhile' } });
  expect(await ana.bring(FILE, received)).toMatchObject({ json: { isStored: true } });
  expect((await bytesOf(await ana.read())).equals(FILE)).toBe(true);
  expect(relay.logLines.join(), 'a line that breaks is nothing to report').not.toContain('http.failed');
});

test.runIf(process.platform === 'linux')('a disk that refuses a write is no broken line: it is reported', async () => {
  await using relay = await startRelay();
  const { token, deviceId } = await enrollDevice(relay);
  const ana = desktop(relay.url, token);
  await ana.announce();
  const upload = path.join(relay.dataDir, 'blobs', 'incoming', `${deviceId}.${SHA}.${FILE.length}`);
  rmSync(upload);
  symlinkSync('/dev/full', upload);
  await ana.put(0, FILE.subarray(0, BLOB_PART_BYTES)).catch(() => undefined);
  await waitUntil('the log tells', () => relay.logLines.some((line) => line.includes('http.failed') && line.includes('ENOSPC')));
});

test('uploads that were announced while there was room do not take what the log needs', async () => {
  await using folder = await makeFolder();
  let free = 300 * 1024 * 1024;
  const files = createBlobFiles({ dataDir: folder.path, totalMax: 1e12, now: systemPorts.now, readFree: () => Promise.resolve(free) });
  const bytes = randomBytes(1_000);
  expect(await files.announce(hashOf(bytes), 'device', 1_000)).toMatchObject({ received: 0 });
  free = 256 * 1024 * 1024;
  expect(await files.append(hashOf(bytes), 'device', 0, Readable.from([bytes]))).toBe('no_room');
  expect(await files.announce('a'.repeat(64), 'device', 1)).toBe('no_room');
  free += 1_000;
  expect(await files.append(hashOf(bytes), 'device', 0, Readable.from([bytes]))).toEqual({ received: 1_000, isStored: true });
});

test('a file that somebody left in the folder does not switch the limit off', async () => {
  await using folder = await makeFolder();
  const incoming = path.join(folder.path, 'blobs', 'incoming');
  mkdirSync(incoming, { recursive: true });
  writeFileSync(path.join(incoming, '.DS_Store'), 'x');
  const files = createBlobFiles({ dataDir: folder.path, totalMax: 10, now: systemPorts.now });
  expect(await files.announce('a'.repeat(64), 'device', 11)).toBe('no_room');
});

test('old files go although the log cannot be shortened', async () => {
  let oldestKept: number | null = null;
  const lines: string[] = [];
  await using folder = await makeFolder();
  const store = await openStore(folder.path);
  const upkeep = createUpkeep({
    store: { ...store, compactSome: () => Promise.reject(new Error('database or disk is full')) },
    files: createSnapshotFiles(folder.path),
    blobs: { files: { ...createBlobFiles({ dataDir: folder.path, totalMax: 1, now: systemPorts.now }), sweep: (oldest) => ((oldestKept = oldest), Promise.resolve(1)) }, retentionMs: 1_000 },
    log: (_level, event) => void lines.push(event),
    now: () => 5_000,
    retentionMs: DAY_MS,
    everyMs: DAY_MS,
  });
  upkeep.run();
  await waitUntil('it has tried', () => lines.includes('upkeep.failed'));
  await upkeep.stop();
  await store.close();
  expect(oldestKept).toBe(4_000);
  expect(lines).toEqual(['blob.swept', 'upkeep.failed']);
});

test('bytes that are not those of the name never get it, and do not disturb a colleague who brings the right ones', async () => {
  await using relay = await startRelay();
  const [ana, bo] = [desktop(relay.url, (await enrollDevice(relay)).token), desktop(relay.url, (await enrollDevice(relay, 'Bo')).token)];
  const small = randomBytes(1000);
  const wrong = randomBytes(1000);
  await ana.announce(1000, hashOf(small));
  await bo.announce(1000, hashOf(small));
  expect(await bo.put(0, small.subarray(0, 400), hashOf(small))).toMatchObject({ json: { received: 400 } });
  expect(await ana.put(0, wrong, hashOf(small))).toEqual({ status: 400, json: { error: 'bad_request' } });
  expect((await ana.read(hashOf(small))).status).toBe(404);
  expect(await bo.put(400, small.subarray(400), hashOf(small))).toMatchObject({ json: { isStored: true } });
  expect((await bytesOf(await ana.read(hashOf(small)))).equals(small)).toBe(true);
  expect(incomingOf(relay.dataDir)).toEqual([]);
});

test('nobody without a device’s token reads or writes, and no address names another file', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  const [ana, stranger] = [desktop(relay.url, token), desktop(relay.url, 'no-token')];
  await ana.bring();
  expect((await stranger.read()).status).toBe(401);
  expect((await stranger.announce()).status).toBe(401);
  expect((await stranger.put(0, FILE.subarray(0, 10))).status).toBe(401);
  expect((await ask(relay.url, 'POST', '/api/blob-claims/key', 'no-token')).status).toBe(401);
  for (const name of ['..%2f..%2frelay.db', SHA.toUpperCase(), `${SHA}0`, 'incoming']) {
    expect((await ana.read(name)).status).toBe(404);
    expect((await ask(relay.url, 'POST', `/api/blobs/${name}`, token, { bytes: 1 })).status).toBe(400);
  }
  expect((await ask(relay.url, 'POST', '/api/blob-claims/a%2fb', token)).status).toBe(400);
});

test('a sealed file has a name that says nothing of its bytes: they are checked against the hash that was announced, and it may be dropped', async () => {
  await using relay = await startRelay();
  const ana = desktop(relay.url, (await enrollDevice(relay)).token);
  const [sealed, name] = [randomBytes(5_000), 'ab'.repeat(32)];
  expect(await ana.announce(sealed.length, name, hashOf(sealed))).toEqual({ status: 200, json: { received: 0, isStored: false } });
  expect(await ana.put(0, randomBytes(5_000), name)).toEqual({ status: 400, json: { error: 'bad_request' } });
  await ana.announce(sealed.length, name, hashOf(Buffer.from('sealed to another key')));
  await ana.put(0, sealed.subarray(0, 100), name);
  expect(await ana.announce(sealed.length, name, hashOf(sealed)), 'other bytes than were begun with begin anew').toEqual({ status: 200, json: { received: 0, isStored: false } });
  expect(incomingOf(relay.dataDir)).toHaveLength(1);
  await ana.put(0, sealed.subarray(0, 3_000), name);
  expect(await ana.announce(sealed.length, name, hashOf(sealed))).toEqual({ status: 200, json: { received: 3_000, isStored: false } });
  expect(await ana.put(3_000, sealed.subarray(3_000), name)).toEqual({ status: 200, json: { received: sealed.length, isStored: true } });
  expect((await bytesOf(await ana.read(name))).equals(sealed)).toBe(true);

  await ana.bring();
  expect(await ana.drop(SHA), 'it is what its name says').toEqual({ status: 403, json: { error: 'forbidden' } });
  expect(await ana.drop(name)).toEqual({ status: 200, json: {} });
  expect((await ana.read(name)).status).toBe(404);
  expect(await ana.drop(name)).toEqual({ status: 404, json: { error: 'not_found' } });
  expect(await ana.drop('nothing')).toEqual({ status: 400, json: { error: 'bad_request' } });
});

test('of more files than can be asked for, those that were dropped last are asked for, newest first', async () => {
  await using folder = await makeFolder();
  const files = createBlobFiles({ dataDir: folder.path, totalMax: 1, now: systemPorts.now });
  const wanted = path.join(folder.path, 'blobs', 'wanted');
  mkdirSync(wanted, { recursive: true });
  const names = Array.from({ length: FILES_WANTED_MAX + 20 }, (_, n) => hashOf(Buffer.from(String(n))));
  for (const [at, name] of names.entries()) {
    writeFileSync(path.join(wanted, name), '');
    utimesSync(path.join(wanted, name), at + 1, at + 1);
  }
  expect(await files.listWanted()).toEqual(names.toReversed().slice(0, FILES_WANTED_MAX));
});

test('a sealed file that was dropped is wanted from every desktop, also those that come later, until somebody brings it', async () => {
  await using relay = await startRelay();
  const [first, second] = [await enrollDevice(relay), await enrollDevice(relay, 'Bo')];
  const ana = desktop(relay.url, first.token);
  const name = 'a'.repeat(64);
  const small = FILE.subarray(0, 100);
  const bring = async (): Promise<unknown> => {
    await ana.announce(small.length, name, hashOf(small));
    return (await ana.put(0, small, name)).json;
  };
  await bring();
  const here = await connectDesktop(relay.url, second.token);
  here.hello();
  await here.next('welcome');
  expect((await ana.drop(name)).status).toBe(200);
  expect(await here.next('files_wanted')).toEqual({ t: 'files_wanted', names: [name] });
  const later = await connectDesktop(relay.url, first.token);
  later.hello();
  expect(await later.next('files_wanted')).toEqual({ t: 'files_wanted', names: [name] });
  expect(await bring()).toEqual({ received: 100, isStored: true });
  const last = await connectDesktop(relay.url, first.token);
  last.hello();
  await last.next('welcome');
  await last.next('entries');
  expect(last.frames.map(({ t }) => t)).not.toContain('files_wanted');
  for (const connected of [here, later, last]) connected.end();
});

test('a desktop, or another one of the same agent, cannot have files dropped and brought again without end; a colleague still can', async () => {
  await using relay = await startRelay();
  const first = await enrollDevice(relay);
  const [ana, second, bo] = [first, await enrollDevice(relay, 'Ana', { agentId: first.agentId }), await enrollDevice(relay, 'Bo')].map(({ token }) => desktop(relay.url, token));
  const [name, small] = ['a'.repeat(64), FILE.subarray(0, 10)];
  const bring = async (): Promise<unknown> => {
    await bo!.announce(small.length, name, hashOf(small));
    return bo!.put(0, small, name);
  };
  for (let n = 0; n < 119; n += 1) await ana!.drop('b'.repeat(64));
  await bring();
  expect((await ana!.drop(name)).status).toBe(200);
  await bring();
  for (const desk of [ana!, second!]) expect(await desk.drop(name)).toEqual({ status: 429, json: { error: 'too_many_requests' } });
  expect((await bo!.read(name)).status, 'it is still there').toBe(200);
  expect((await bo!.drop(name)).status).toBe(200);
});

test('limits: one file, one part, all files together, what was announced included', async () => {
  await using relay = await startRelay({ settings: { mediaStoreGb: 0.003 } });
  const ana = desktop(relay.url, (await enrollDevice(relay)).token);
  expect(await ana.announce(SEALED_MEDIA_BYTES_MAX + 1)).toEqual({ status: 413, json: { error: 'too_large' } });
  expect(await ana.announce()).toMatchObject({ status: 200 });
  expect(await ana.announce(1_000_000, hashOf(Buffer.from('other')))).toEqual({ status: 507, json: { error: 'no_room' } });
  expect((await ana.put(0, FILE.subarray(0, BLOB_PART_BYTES + 1))).json).toEqual({ error: 'too_large' });
  expect(await ana.bring()).toMatchObject({ json: { isStored: true } });
  expect(await ana.announce(1_000_000, hashOf(Buffer.from('other')))).toEqual({ status: 507, json: { error: 'no_room' } });
  const small = Buffer.from('small');
  await ana.announce(3, hashOf(small));
  expect((await ana.put(0, small, hashOf(small))).json, 'more than was announced').toEqual({ error: 'bad_request' });
  expect(relay.logLines.some((line) => line.includes('blob.no_room'))).toBe(true);
});

test('abandoned uploads and old files are removed, and their room is free again', async () => {
  await using folder = await makeFolder();
  const files = createBlobFiles({ dataDir: folder.path, totalMax: 2_000, now: systemPorts.now });
  const bring = async (bytes: Buffer) => {
    expect(await files.announce(hashOf(bytes), 'device', bytes.length)).toMatchObject({ received: 0 });
    return files.append(hashOf(bytes), 'device', 0, Readable.from([bytes]));
  };
  const [old, young] = [randomBytes(900), randomBytes(100)];
  expect(await bring(old)).toEqual({ received: 900, isStored: true });
  expect(await bring(young)).toEqual({ received: 100, isStored: true });
  expect(await files.announce('a'.repeat(64), 'device', 1_000)).toMatchObject({ received: 0 });
  expect(await files.announce('b'.repeat(64), 'device', 1)).toBe('no_room');

  const incoming = path.join(folder.path, 'blobs', 'incoming');
  const longAgo = (systemPorts.now() - 2 * DAY_MS) / 1000;
  for (const name of readdirSync(incoming)) utimesSync(path.join(incoming, name), longAgo, longAgo);
  const { folder: stored, name } = (await files.find(hashOf(old)))!;
  utimesSync(path.join(stored, name), longAgo, longAgo);
  expect(await files.sweep(null), 'kept for ever where nothing else is set').toBe(0);
  expect(readdirSync(incoming)).toEqual([]);
  expect(await files.count()).toEqual({ files: 2, bytes: 1_000 });
  expect(await files.sweep(systemPorts.now() - DAY_MS)).toBe(1);
  expect(await files.find(hashOf(old))).toBeNull();
  expect(await files.count()).toEqual({ files: 1, bytes: 100 });
  expect(await files.announce('c'.repeat(64), 'device', 1_900)).toMatchObject({ received: 0 });
});

test('a claim is the first one’s until it ends', async () => {
  let now = systemPorts.now();
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const [ana, bo] = [desktop(relay.url, (await enrollDevice(relay)).token), desktop(relay.url, (await enrollDevice(relay, 'Bo')).token)];
  const { forMs } = (await ana.claim('file')) as { forMs: number };
  expect(await bo.claim('file')).toEqual({ isYours: false, forMs });
  expect(await bo.claim('another')).toMatchObject({ isYours: true });
  now += forMs - 1;
  expect(await ana.claim('file'), 'asking again keeps it').toEqual({ isYours: true, forMs });
  now += 1;
  expect(await bo.claim('file')).toEqual({ isYours: false, forMs: forMs - 1 });
  now += forMs;
  expect(await bo.claim('file')).toEqual({ isYours: true, forMs });
});

test('kill -9 in the middle and right before the end: no half file under its name, and the upload is completed', async () => {
  await using folder = await makeFolder();
  const start = () => startProgram('webhook-relay/cli.ts', ['serve'], { RELAY_DATA_DIR: folder.path, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN });
  const store = await openStore(folder.path);
  const invite = await makeInvite(store);
  await store.close();
  let relay = await start();
  const { token, deviceId } = (await postEnroll(relay.ready.url ?? '', { invite, agentName: 'Ana', deviceName: 'laptop' })).json as { token: string; deviceId: string };
  let ana = desktop(relay.ready.url ?? '', token);
  await ana.announce();
  await ana.put(0, FILE.subarray(0, BLOB_PART_BYTES));
  await relay.kill();
  const stored = path.join(folder.path, 'blobs', SHA.slice(0, 2), SHA);
  expect(existsSync(stored)).toBe(false);
  // All bytes have come, and the process died before it could verify them.
  writeFileSync(path.join(folder.path, 'blobs', 'incoming', `${deviceId}.${SHA}.${FILE.length}`), FILE);

  relay = await start();
  ana = desktop(relay.ready.url ?? '', token);
  expect(await ana.announce()).toEqual({ status: 200, json: { received: FILE.length, isStored: true } });
  expect(statSync(stored).size).toBe(FILE.length);
  await relay.kill();
  relay = await start();
  expect((await bytesOf(await desktop(relay.ready.url ?? '', token).read())).equals(FILE)).toBe(true);
  expect(await relay.stop()).toBe(0);
});

test('what a relay still writes, which its desktop has left for another one with the same folder, does not reach the stored file', async () => {
  await using folder = await makeFolder();
  const makeRelay = () => createBlobFiles({ dataDir: folder.path, totalMax: 1e9, now: Date.now, readFree: async () => 1e12 });
  const [left, next] = [makeRelay(), makeRelay()];
  const bytes = randomBytes(100_000);
  const name = hashOf(bytes);
  await left.announce(name, 'device', bytes.length);
  // The line is half open: the relay waits for the rest of this part, and has the upload open.
  let sendRest = (_chunk: Buffer): void => undefined;
  const rest = new Promise<Buffer>((resolve) => (sendRest = resolve));
  const source = async function* () {
    yield bytes.subarray(0, 10);
    yield await rest;
  };
  const hanging = left.append(name, 'device', 0, Readable.from(source())).catch((error: unknown) => error);
  await waitUntil('it has written', async () => {
    const begun = await next.announce(name, 'device', bytes.length);
    return typeof begun === 'object' && begun.received === 10;
  });
  expect(await next.append(name, 'device', 10, Readable.from([bytes.subarray(10)]))).toEqual({ received: bytes.length, isStored: true });
  sendRest(randomBytes(bytes.length - 10));
  await hanging;
  const stored = await next.find(name);
  expect(hashOf(readFileSync(path.join(stored?.folder ?? '', stored?.name ?? '')))).toBe(name);
  expect(incomingOf(folder.path)).toEqual([]);
});
