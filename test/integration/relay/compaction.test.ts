import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { ask, connectDesktop, enrollDevice, makeInvite, makeOp, openStore, postEnroll, postWebhook, readLog, startRelay, textMessage, type TestRelay } from './relay-harness.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const BYTES = Buffer.from('a snapshot');

/** A relay with a clock of its own; `age` lets days pass. */
async function startAging() {
  let now = 1_800_000_000_000;
  const relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  return {
    ...relay,
    relay: relay.relay,
    age: (days: number) => {
      now += days * DAY_MS;
      return now;
    },
    now: () => now,
    retained: () => now - 90 * DAY_MS,
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

/** Uploads a snapshot as of `seq`; with one device it is trusted at once. */
async function uploadSnapshot(relay: TestRelay, token: string, seq: number, deviceSeqs: Record<string, number> = {}): Promise<void> {
  const sha256 = createHash('sha256').update(BYTES).digest('hex');
  const meta = { logId: relay.store.logId, seq, stateVersion: 1, deviceSeqs, bytes: BYTES.length, sha256, digest: '0'.repeat(16) };
  const { id } = (await ask(relay.url, 'POST', '/api/snapshots', token, meta)).json as { id: string };
  await fetch(`${relay.url}/api/snapshots/${id}/0`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body: new Uint8Array(BYTES) });
  expect((await ask(relay.url, 'POST', `/api/snapshots/${id}`, token)).status).toBe(200);
}
const seqsOf = async (relay: TestRelay): Promise<number[]> => (await readLog(relay.store)).map(({ seq }) => seq);

test('only what is old and in a trusted snapshot goes, and seq goes on after it', async () => {
  await using relay = await startAging();
  const { token } = await enrollDevice(relay);
  for (const id of ['a', 'b', 'c']) await postWebhook(relay.webhookUrl, textMessage(id));
  relay.age(91);
  await postWebhook(relay.webhookUrl, textMessage('d'));
  expect(await relay.store.compactSome(relay.retained())).toBe(0); // no snapshot
  await uploadSnapshot(relay, token, 3); // whose completion makes the relay compact
  await expect.poll(() => seqsOf(relay)).toEqual([4, 5]); // 4 is in no snapshot
  await uploadSnapshot(relay, token, 5);
  await expect.poll(() => seqsOf(relay)).toEqual([5]); // 5 is young
  relay.age(91);
  expect(await relay.store.compactSome(relay.retained())).toBe(0); // the newest entry stays
  await postWebhook(relay.webhookUrl, textMessage('e'));
  expect(await seqsOf(relay)).toEqual([5, 6]);
  expect(await relay.store.readStatus()).toMatchObject({ head: 6, horizon: 4, webhooks: 5 });
});

test('with a snapshot that nobody confirmed nothing goes', async () => {
  await using relay = await startAging();
  const { token } = await enrollDevice(relay);
  await postWebhook(relay.webhookUrl, textMessage('a'));
  relay.age(91);
  await enrollDevice(relay, 'Bo'); // who was here lately, and could confirm it
  await uploadSnapshot(relay, token, 2);
  await postWebhook(relay.webhookUrl, textMessage('b'));
  expect(await relay.store.compactSome(relay.retained())).toBe(0);
  expect(await seqsOf(relay)).toEqual([1, 2, 3, 4]);
});

test('a desktop from before the horizon is told which snapshot to install, one at the horizon reads on', async () => {
  await using relay = await startAging();
  const { token } = await enrollDevice(relay);
  for (const id of ['a', 'b', 'c']) await postWebhook(relay.webhookUrl, textMessage(id));
  relay.age(91);
  await uploadSnapshot(relay, token, 3);
  await expect.poll(() => seqsOf(relay)).toEqual([4]);
  for (const after of [0, 2]) {
    const late = await connectDesktop(relay.url, token);
    late.hello(after);
    expect((await late.next('refused')).refusal).toEqual({ code: 'cursor_too_old', snapshotSeq: 3, epoch: 0, publicKey: null });
    expect(await late.closed).toBe(1008);
  }
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello(3, relay.store.logId);
  expect((await desktop.next('welcome')).snapshots).toEqual([{ seq: 3, stateVersion: 1 }]);
  expect((await desktop.readUntil(4)).map(({ seq }) => seq)).toEqual([4]);
  desktop.end();
});

test('what Meta delivers again is recognised for thirty days after its entry is gone; an op under a number that is gone is never acknowledged', async () => {
  await using relay = await startAging();
  const { token, deviceId } = await enrollDevice(relay);
  await postWebhook(relay.webhookUrl, textMessage('a'));
  await relay.store.append([{ kind: 'push', deviceId, ops: [makeOp(1), makeOp(2)] }]);
  await postWebhook(relay.webhookUrl, textMessage('last'));
  await uploadSnapshot(relay, token, 5, { [deviceId]: 2 });
  expect(await relay.store.compactSome(relay.now() + 1)).toBe(4); // a retention of no days
  await postWebhook(relay.webhookUrl, textMessage('a'));
  expect(await relay.store.append([{ kind: 'push', deviceId, ops: [makeOp(2, 'of a copy'), makeOp(3)] }])).toMatchObject([{ status: 'forked', last: 2, head: 5 }]);
  expect(await relay.store.append([{ kind: 'push', deviceId, ops: [makeOp(3)] }])).toMatchObject([{ status: 'done', last: 3, head: 6 }]);
  expect(await relay.store.append([{ kind: 'push', deviceId, ops: [makeOp(3)] }])).toMatchObject([{ status: 'done', last: 3, head: 6 }]);
  expect(await relay.store.append([{ kind: 'push', deviceId, ops: [makeOp(3, 'another')] }])).toMatchObject([{ status: 'forked', last: 3 }]);
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 2, ops: 3, duplicates: 1, head: 6 });
  relay.age(30);
  await relay.store.compactSome(0);
  await postWebhook(relay.webhookUrl, textMessage('a'));
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 3, duplicates: 1 });
});

test('long logs go in many transactions, exactly up to the border', async () => {
  await using relay = await startAging();
  const { token } = await enrollDevice(relay);
  const append = (from: number, count: number) =>
    relay.store.append([{ kind: 'webhook', items: Array.from({ length: count }, (_, n) => ({ dedupe: Buffer.from(String(from + n)), body: '{}', isUnrecognised: false })) }]);
  await append(0, 5_499);
  relay.age(60);
  await append(10_000, 500);
  relay.age(60);
  await append(20_000, 10);
  await uploadSnapshot(relay, token, 6_000);
  await expect.poll(async () => (await relay.store.readStatus()).horizon).toBe(5_500);
  expect(await seqsOf(relay)).toEqual(Array.from({ length: 510 }, (_, n) => 5_501 + n));
});

test('a desktop that is reading while its entries go is sent no gap', async () => {
  await using relay = await startAging();
  const { token } = await enrollDevice(relay);
  await relay.store.append([{ kind: 'webhook', items: Array.from({ length: 1_500 }, (_, n) => ({ dedupe: Buffer.from(String(n)), body: '{}', isUnrecognised: false })) }]);
  await uploadSnapshot(relay, token, 1_400);
  const readAfter = relay.store.readAfter;
  relay.store.readAfter = async (after, limit) => {
    if (after > 0) await relay.store.compactSome(relay.now() + 1);
    return readAfter(after, limit);
  };
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.closed;
  const seqs = desktop.frames.flatMap((frame) => (frame.t === 'entries' ? frame.entries.map(({ seq }) => seq) : []));
  expect(seqs).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
});

test('after a restored backup desktops hear of another log and how it came to be, also while the relay serves', async () => {
  await using relay = await startRelay();
  const device = await enrollDevice(relay);
  const before = relay.store.logId;
  const desktop = await connectDesktop(relay.url, device.token);
  desktop.hello(0, before);
  await desktop.readUntil(1);
  const otherProcess = await openStore(relay.dataDir);
  const first = await otherProcess.startNewLog();
  await otherProcess.close();
  expect(await desktop.closed).toBe(1001);
  await postWebhook(relay.webhookUrl, textMessage('a'));
  const open = await makeInvite(relay.store);
  const second = await relay.store.startNewLog();
  expect((await postEnroll(relay.url, { invite: open, agentName: 'Bo', deviceName: 'laptop' })).json).toEqual({ error: 'invite_unknown' });
  expect(new Set([before, first, second]).size).toBe(3);

  const again = await connectDesktop(relay.url, device.token);
  again.hello(1, before);
  expect((await again.next('refused')).refusal).toEqual({
    code: 'wrong_log',
    logId: second,
    lineage: [
      { logId: first, seq: 2 },
      { logId: before, seq: 1 },
    ],
  });
  const settled = await connectDesktop(relay.url, device.token);
  settled.hello(1, second);
  expect(await settled.next('welcome')).toMatchObject({ logId: second, head: 2 });
  settled.end();
});
