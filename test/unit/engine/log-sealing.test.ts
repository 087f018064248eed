/** What a desktop makes of bodies that come sealed, and of those that should. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRing, deriveEpochKeys, derivePublicKey, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { createWebhookSealer, sealOp } from '../../../contract/sealing/sealed-body.ts';
import type { LogEntry, OpEntry } from '../../../contract/wire.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createLogSealing, type LogSealing } from '../../../main/engine/sync/log-sealing.ts';
import { createWorkspaceRing } from '../../../main/engine/sync/workspace-ring.ts';
import type { Secrets } from '../../../main/engine/ports.ts';

const SECRETS = [makeSecret(), makeSecret(), makeSecret()];
const keysOf = (epoch: number) => deriveEpochKeys(epoch, SECRETS[epoch - 1] ?? '');

let db: ReturnType<typeof openDatabase>;
let sealing: LogSealing;
beforeEach(() => {
  db = openDatabase(':memory:');
});
afterEach(() => db.close());

/** A desktop with the keys of the first epochs. */
async function openSealing(epochs: number, logId = 'log', agreedEpoch = epochs): Promise<void> {
  const queries = createSyncQueries(db);
  queries.enroll('http://127.0.0.1:9', logId, 'desk-ana', 'ana');
  const kept = new Map<string, string>();
  const secrets: Secrets = {
    get: async (name) => kept.get(name) ?? null,
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
  const ring = createWorkspaceRing(secrets);
  if (epochs > 0) await ring.take(SECRETS.slice(0, epochs));
  sealing = createLogSealing({ ring, queries, settings: createSettingQueries(db), agreedEpoch: () => agreedEpoch, log: () => undefined });
  await sealing.load();
}

const entry = (seq: number, body: string, deviceId = 'desk-bo'): OpEntry => ({ kind: 'op', seq, receivedAt: 1, opId: `op-${seq}`, deviceId, actorId: 'bo', deviceSeq: seq, v: 1, occurredAt: 1, body });
const sealedEntry = (seq: number, epoch: number, body = `{"n":${seq}}`): OpEntry => {
  const plain = entry(seq, body);
  return { ...plain, body: sealOp(keysOf(epoch), plain, body) };
};
const bodiesOf = (entries: readonly LogEntry[]): string[] => entries.map(({ body }) => body);

it('opens what comes, in order, and leaves what was written before there was a key', async () => {
  await openSealing(2);
  const [webhook] = await createWebhookSealer(() => 0).seal({ epoch: 2, publicKey: await derivePublicKey(keysOf(2)) }, ['{"item":1}']);
  const entries: LogEntry[] = [
    { kind: 'relay', seq: 1, receivedAt: 1, body: '{"type":"x"}' },
    entry(2, '{"n":2}'),
    { kind: 'webhook', seq: 3, receivedAt: 1, body: '{"item":0}' },
    sealedEntry(4, 1),
    { kind: 'webhook', seq: 5, receivedAt: 1, body: webhook ?? '' },
    sealedEntry(6, 2),
  ];
  const { opened, missing } = await sealing.open(entries);
  expect(missing).toBeNull();
  expect(bodiesOf(opened)).toEqual(['{"type":"x"}', '{"n":2}', '{"item":0}', '{"n":4}', '{"item":1}', '{"n":6}']);
  expect(opened.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('opens nothing from the first entry on whose key is not here', async () => {
  await openSealing(1);
  const { opened, missing } = await sealing.open([sealedEntry(1, 1), sealedEntry(2, 2), sealedEntry(3, 1)]);
  expect(bodiesOf(opened)).toEqual(['{"n":1}']);
  expect(missing).toBe(2);
});

it('opens nothing with a key that is not known to be the relay’s', async () => {
  await openSealing(2, 'log', 1);
  const { opened, missing } = await sealing.open([sealedEntry(1, 1), sealedEntry(2, 2)]);
  expect(bodiesOf(opened)).toEqual(['{"n":1}']);
  expect(missing).toBe(2);
});

it('an op that stands where it was not written, under another name or with other words, says nothing', async () => {
  await openSealing(1);
  const good = sealedEntry(1, 1);
  const { opened } = await sealing.open([{ ...good, deviceSeq: 9 }, { ...good, actorId: 'ana' }, { ...good, body: `${good.body.slice(0, -2)}AA` }, { ...good, body: 's1.x.AAAA' }, good]);
  expect(bodiesOf(opened)).toEqual(['', '', '', '', '{"n":1}']);
});

it('once the log is sealed an op in plain words says nothing, also after the program was started again; what came before is read as ever', async () => {
  await openSealing(1);
  const forged = entry(8, '{"type":"note.add"}');
  expect(bodiesOf((await sealing.open([entry(6, '{"n":6}'), sealedEntry(7, 1), forged])).opened)).toEqual(['{"n":6}', '{"n":7}', '']);
  await openSealing(1);
  expect(bodiesOf((await sealing.open([forged])).opened)).toEqual(['']);
  expect(bodiesOf((await sealing.open([entry(6, '{"n":6}')])).opened)).toEqual(['{"n":6}']);
});

it('once the log has a key an op in plain words after its end says nothing, also where nothing sealed was read yet', async () => {
  await openSealing(1);
  const log = [entry(4, '{"n":4}'), entry(5, '{"type":"note.add"}'), sealedEntry(6, 1)];
  sealing.noteSealedAfter(9);
  sealing.noteSealedAfter(4);
  sealing.noteSealedAfter(20);
  expect(bodiesOf((await sealing.open(log)).opened)).toEqual(['{"n":4}', '', '{"n":6}']);
  expect([sealing.isFromBefore(4), sealing.isFromBefore(5), sealing.hadPlainPast()]).toEqual([true, false, false]);
  await openSealing(1, 'of a team that worked before it had a key');
  sealing.noteSealedAfter(5_000);
  expect(sealing.hadPlainPast()).toBe(true);
});

it('an op sealed to a key that was replaced twice before it says nothing, also when the log is read again from its beginning', async () => {
  await openSealing(3);
  const log = [sealedEntry(1, 1), sealedEntry(2, 2), sealedEntry(3, 1), sealedEntry(4, 3), sealedEntry(5, 2), sealedEntry(6, 1)];
  const read = ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}', '{"n":5}', ''];
  expect(bodiesOf((await sealing.open(log)).opened)).toEqual(read);
  await openSealing(3);
  expect(bodiesOf((await sealing.open(log)).opened)).toEqual(read);
});

it('what is known of one log is not believed of another, but of the same one that was restored', async () => {
  await openSealing(1);
  const plain = (seq: number): OpEntry => entry(seq, '{"n":0}');
  await sealing.open([sealedEntry(7, 1)]);
  sealing.continueAs('restored', 4);
  await openSealing(1, 'restored');
  expect(bodiesOf((await sealing.open([plain(4), plain(5)])).opened)).toEqual(['{"n":0}', '']);
  await openSealing(1, 'elsewhere');
  expect(bodiesOf((await sealing.open([plain(8)])).opened)).toEqual(['{"n":0}']);
});

it('a snapshot in plain words is the team’s only where nothing sealed was seen before it, or by a desktop without a key', async () => {
  const plain = (seq: number) => sealing.mayInstall({ seq, epoch: null });
  await openSealing(0);
  expect(plain(9)).toBe(true);
  await openSealing(1);
  // Who has just come and whose log is cut knows no better.
  expect(plain(9)).toBe(true);
  sealing.noteInstalled(5);
  expect([plain(4), plain(5), plain(9)]).toEqual([true, false, false]);
  await sealing.open([sealedEntry(3, 1)]);
  expect([plain(2), plain(3)]).toEqual([true, false]);
  db.prepare('UPDATE sync_meta SET cursor = 3').run();
  expect(plain(2)).toBe(false);
});

it('a snapshot sealed to a key that was replaced twice before it is not the team’s', async () => {
  await openSealing(3);
  await sealing.open([sealedEntry(1, 1), sealedEntry(2, 2), sealedEntry(3, 3)]);
  expect([1, 2, 3].map((epoch) => sealing.mayInstall({ seq: 9, epoch }))).toEqual([false, true, true]);
  expect(sealing.mayInstall({ seq: 3, epoch: 1 })).toBe(true);
});

it('seals what leaves to the newest key, under its own name; without a key it leaves as it is', async () => {
  const op = { opId: 'mine', deviceSeq: 1, v: 1, occurredAt: 1, body: '{"n":1}' };
  await openSealing(0);
  expect(sealing.seal([op])).toEqual([op]);
  await openSealing(2);
  const [sealed] = sealing.seal([op]);
  expect(sealed?.body).toMatch(/^s1\.2\./);
  const { opened } = await sealing.open([{ kind: 'op', seq: 1, receivedAt: 1, deviceId: 'desk-ana', actorId: 'ana', ...op, body: sealed?.body ?? '' }]);
  expect(bodiesOf(opened)).toEqual(['{"n":1}']);
});

it('keys from elsewhere count only if they begin with those that are here', async () => {
  const kept = new Map<string, string>();
  const ring = createWorkspaceRing({ get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value), delete: async (name) => void kept.delete(name) });
  expect(await ring.take(SECRETS.slice(0, 1))).toBe('taken');
  expect(await ring.take([makeSecret()])).toBe('differs');
  expect(await ring.take([makeSecret(), makeSecret()])).toBe('differs');
  expect(await ring.take(SECRETS)).toBe('taken');
  expect(await ring.take(SECRETS.slice(0, 1))).toBe('known');
  expect(ring.readSecrets()).toEqual(SECRETS);
  expect(ring.find(2)).toEqual(createRing(SECRETS).find(2));
  await ring.forget();
  expect([ring.newest(), kept.size]).toEqual([0, 0]);
});
