import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { PushResult } from '../../../webhook-relay/log-store/interface.ts';
import { DatabaseFromFutureError } from '../../../webhook-relay/log-store/migrations.ts';
import { openDatabase } from '../../../webhook-relay/log-store/sqlite.ts';
import { enrollDeviceInto, makeFolder, makeOp, openStore, readLog } from './relay-harness.ts';

async function setUp(now = () => 1_000) {
  const folder = await makeFolder();
  const store = openStore(folder.path, now);
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

test('occurredAt is clamped between the previous op of that device and now, and the raw value is kept', async () => {
  let now = 1_000;
  await using relay = await setUp(() => now);
  const device = await enrollDeviceInto(relay.store);
  await relay.push(device, makeOp(1, 'a', 900), makeOp(2, 'b', 100), makeOp(3, 'c', 99_999));
  now = 2_000;
  await relay.push(device, makeOp(4, 'd', -5), makeOp(5, 'e', 1_500));
  expect((await readLog(relay.store)).flatMap((entry) => (entry.kind === 'op' ? [entry.occurredAt] : []))).toEqual([900, 900, 1_000, 1_000, 1_500]);
  using db = openReadonly(relay.dataDir);
  expect(db.rows("SELECT occurred_raw FROM entry WHERE kind = 'op' ORDER BY seq")).toEqual([900, 100, 99_999, -5, 1_500]);
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
  const first = openStore(folder.path);
  await first.append([webhook('a', 'a')]);
  const status = await first.readStatus();
  const { logId } = first;
  await first.close();
  const second = openStore(folder.path);
  expect(await second.readStatus()).toEqual(status);
  expect(second.logId).toBe(logId);
  await second.close();
});

test('two processes see each other’s changes, and each only the other’s', async () => {
  await using folder = await makeFolder();
  const [one, two] = [openStore(folder.path), openStore(folder.path)];
  await one.append([webhook('a')]);
  expect([await one.hasChangedElsewhere(), await two.hasChangedElsewhere(), await two.hasChangedElsewhere()]).toEqual([false, true, false]);
  await two.append([webhook('b')]);
  await one.append([webhook('c')]);
  expect((await readLog(two)).map(({ seq, body }) => `${seq}${body}`)).toEqual(['1a', '2b', '3c']);
  await one.close();
  await two.close();
});

test('what is acknowledged is on disk: WAL with synchronous=FULL (2), and large pages', async () => {
  await using folder = await makeFolder();
  const db = openDatabase({ dataDir: folder.path, newId: () => 'log' });
  expect(['journal_mode', 'synchronous', 'page_size'].map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 16384]);
  db.close();
});

test('a database from the future is refused with a sentence, and left as it is', async () => {
  await using folder = await makeFolder();
  await openStore(folder.path).close();
  const file = path.join(folder.path, 'relay.db');
  const db = new Database(file);
  db.pragma('user_version = 99');
  db.close();
  expect(() => openStore(folder.path)).toThrow(DatabaseFromFutureError);
  expect(() => openStore(folder.path)).toThrow(/newer version of the relay \(schema 99/);
  using again = openReadonly(folder.path);
  expect(again.pragma('user_version')).toBe(99);
});

function openReadonly(dataDir: string) {
  const db = new Database(path.join(dataDir, 'relay.db'), { readonly: true });
  return {
    rows: (sql: string): unknown[] => db.prepare(sql).pluck().all(),
    pragma: (name: string): unknown => db.pragma(name, { simple: true }),
    [Symbol.dispose]: () => void db.close(),
  };
}
