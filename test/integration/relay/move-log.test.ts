/** A log moves from SQLite to PostgreSQL and back, by the command that a person types. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { moveLog } from '../../../webhook-relay/log-store/move-log.ts';
import { openPostgresStore } from '../../../webhook-relay/log-store/postgres.ts';
import { openPostgresLog } from '../../../webhook-relay/log-store/postgres-tables.ts';
import { openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { openSqliteLog } from '../../../webhook-relay/log-store/sqlite-tables.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { PASSWORD, startPostgres, whyNoPostgres, type Postgres } from '../../support/postgres.ts';
import { makeFolder, makeOp, readLog } from './relay-harness.ts';

const missing = whyNoPostgres();
const why = missing === undefined ? '' : ` (${missing})`;
const onPostgres = missing === undefined ? test : test.skip;
let starting: Promise<Postgres> | undefined;
afterAll(async () => (await starting)?.[Symbol.asyncDispose]());
const makePlace = async (): Promise<string> => (await (starting ??= startPostgres())).place();

const NOW = 1_800_000_000_000;
const { newId } = systemPorts;
const openSqlite = (dataDir: string): LogStore => openSqliteStore({ dataDir, now: () => NOW, newId });
const openPostgres = (url: string): Promise<LogStore> => openPostgresStore({ url, now: () => NOW, newId, log: () => {} });
const webhook = (...names: string[]) => ({
  kind: 'webhook' as const,
  items: names.map((name) => ({ dedupe: Buffer.from(name.padEnd(16)), body: `{"text":"${name} ñ 🙂"}`, isUnrecognised: name === 'odd' })),
});

/** A log with something in every table; its first four entries are gone, the key of one of them is remembered. */
async function fill(store: LogStore): Promise<void> {
  for (const [n, role] of (['admin', 'lead', 'agent'] as const).entries()) {
    await store.addInvite({ codeHash: Buffer.from(`invite ${n}`), role, agentName: null, agentId: null, expiresAt: NOW + 1 });
    await store.enroll({
      inviteHash: Buffer.from(`invite ${n}`),
      tokenHash: Buffer.from(`token ${n}`),
      deviceId: `device-${3 - n}`,
      deviceName: 'laptop',
      newAgentId: `agent-${n}`,
      agentName: 'Ana',
      ...(n === 0 && { publicKey: 'k'.repeat(43) }),
    });
  }
  await store.append([
    webhook('a', 'b', 'a', 'odd'),
    { kind: 'push', deviceId: 'device-3', ops: [makeOp(1, 'x', -5), makeOp(2, 'y')] },
    { kind: 'push', deviceId: 'device-2', ops: [makeOp(1, 'x'), makeOp(2, 'z')] },
  ]);
  await store.append([webhook(...Array.from({ length: 5_000 }, (_, n) => `filling ${n}`))]);
  await store.noteHello('device-3', 4);
  const { head } = await store.readStatus();
  const meta = { seq: head, stateVersion: 2, deviceSeqs: { 'device-3': 2, 'device-2': 2 }, bytes: 10, sha256: 'a'.repeat(64), digest: '0'.repeat(16) };
  const announced = await store.announceSnapshot({ id: 'snapshot', deviceId: 'device-3', meta });
  expect(announced.status).toBe('announced');
  await store.completeSnapshot('snapshot');
  for (const device of ['device-3', 'device-2']) await store.noteDigest({ deviceId: device, seq: head, stateVersion: 2, digest: meta.digest });
  await store.noteErasure(4);
  expect(await store.compactSome(0)).toBe(4);
  await store.revokeDevice('device-1', { wipe: true, by: 'agent-0' });
  await store.startNewLog();
  await store.addInvite({ codeHash: Buffer.from('open invite'), role: 'agent', agentName: 'Bo', agentId: null, expiresAt: NOW + 1, createdBy: 'agent-0' });
}

const describeLog = async (store: LogStore): Promise<unknown> => ({
  log: await readLog({ readAfter: async (after, limit) => store.readAfter(Math.max(after, 4), limit) }),
  status: await store.readStatus(),
  devices: await store.listDevices(),
  members: await store.listMembers(),
  lineage: await store.readLineage(),
  snapshots: await store.findTrustedSnapshot(5_009, 2),
  seqs: await store.readSnapshotSeqs(),
  level: await store.readWriteLevel(),
});

/** @returns exit code and what it said. */
async function runRelay(url: string, dataDir: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const cli = path.resolve(import.meta.dirname, '../../../webhook-relay/cli.ts');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args, '--data-dir', dataDir], { env: { ...process.env, RELAY_DATABASE_URL: url } });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

onPostgres(`a log goes to PostgreSQL and back with everything in it; what is left behind takes nothing more, also from a relay that has it open${why}`, async () => {
  await using folder = await makeFolder();
  const url = await makePlace();
  const sqlite = openSqlite(folder.path);
  await fill(sqlite);
  const before = await describeLog(sqlite);

  const there = await runRelay(url, folder.path, 'migrate', '--from', 'sqlite', '--to', 'postgres');
  expect(there).toMatchObject({ code: 0, text: expect.stringMatching(/read back the same \(SHA-256 [0-9a-f]{64}\)/) as string });
  await expect(sqlite.append([webhook('late')])).rejects.toThrow('This log was moved');
  await expect(sqlite.addInvite({ codeHash: Buffer.from('late'), role: 'agent', agentName: null, agentId: null, expiresAt: NOW + 1 })).rejects.toThrow('This log was moved');
  expect(() => openSqlite(folder.path)).toThrow(/moved to PostgreSQL.*RELAY_DATABASE_URL/);

  const postgres = await openPostgres(url);
  expect(await describeLog(postgres)).toEqual(before);
  expect((await postgres.findDeviceByToken(Buffer.from('token 0')))?.id).toBe('device-3');
  expect(await postgres.append([webhook('a', 'filling 7', 'new'), { kind: 'push', deviceId: 'device-2', ops: [makeOp(1, 'x'), makeOp(2, 'z'), makeOp(3, 'w')] }])).toMatchObject([
    { stored: 1, duplicates: 2 },
    { status: 'done', last: 3 },
  ]);
  const after = await describeLog(postgres);

  expect(await runRelay(url, folder.path, 'migrate', '--from', 'sqlite', '--to', 'postgres')).toMatchObject({ code: 1, text: expect.stringContaining('moved before') as string });
  const back = await runRelay(url, folder.path, 'migrate', '--from', 'postgres', '--to', 'sqlite');
  expect(back.code).toBe(0);
  expect(there.text + back.text).not.toContain(PASSWORD);
  await expect(postgres.append([webhook('late')])).rejects.toThrow('moved to SQLite');
  await expect(openPostgres(url)).rejects.toThrow('moved to SQLite');
  const again = openSqlite(folder.path);
  expect(await describeLog(again)).toEqual(after);
  expect(await again.append([webhook('a', 'new', 'newest')])).toMatchObject([{ stored: 1, duplicates: 2 }]);
  for (const store of [sqlite, again, postgres]) await store.close();
});

onPostgres(`another log is never written over, and a move that ended in the middle is finished by the next one${why}`, async () => {
  await using folder = await makeFolder();
  const [url, other] = [await makePlace(), await makePlace()];
  const sqlite = openSqlite(folder.path);
  await sqlite.append([webhook('mine')]);
  await sqlite.close();
  const taken = await openPostgres(other);
  await taken.append([webhook('theirs')]);
  expect(await runRelay(other, folder.path, 'migrate', '--from', 'sqlite', '--to', 'postgres')).toMatchObject({ code: 1, text: expect.stringContaining('another log') as string });
  expect((await readLog(taken)).map(({ body }) => body)).toEqual(['{"text":"theirs ñ 🙂"}']);
  await taken.close();

  const move = async (endsAt?: 'markMoved' | 'goOn'): Promise<string> => {
    const [source, target] = [openSqliteLog({ dataDir: folder.path, newId }), await openPostgresLog({ url, newId })];
    const stop = async (): Promise<void> => Promise.reject(new Error('killed'));
    try {
      return (await moveLog(endsAt === 'markMoved' ? { ...source, markMoved: stop } : source, endsAt === 'goOn' ? { ...target, goOn: stop } : target)).status;
    } finally {
      await source.close();
      await target.close();
    }
  };
  // Between the commits: the copy is there and serves nobody, and the log goes on where it was.
  await expect(move('markMoved')).rejects.toThrow('killed');
  await expect(openPostgres(url)).rejects.toThrow(/moved to SQLite.*If migrate was interrupted, call it again/);
  const goesOn = openSqlite(folder.path);
  await goesOn.append([webhook('later')]);
  await goesOn.close();
  // At the end: neither serves, and nothing has to be copied again.
  await expect(move('goOn')).rejects.toThrow('killed');
  expect(() => openSqlite(folder.path)).toThrow(/moved to PostgreSQL.*If migrate was interrupted, call it again/);
  await expect(openPostgres(url)).rejects.toThrow('moved to SQLite');
  expect(await move()).toBe('moved');
  expect(await move()).toBe('moved_before');
  const store = await openPostgres(url);
  expect((await readLog(store)).map(({ body }) => body)).toEqual(['mine', 'later'].map((text) => `{"text":"${text} ñ 🙂"}`));
  await store.close();
});
