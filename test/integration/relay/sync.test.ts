import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CATCH_UP_PAGE_ENTRIES } from '../../../contract/limits.ts';
import { logEntrySchema, PROTOCOL_VERSION, serverFrameSchema } from '../../../contract/wire.ts';
import { connectDesktop, enrollDevice, makeOp, openStore, postWebhook, readLog, startRelay, textMessage, wamidOf } from './relay-harness.ts';

/** Waits for a condition, at most 10 s. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 1_000; n += 1) {
    if (await isTrue()) return;
    await delay(10);
  }
  throw new Error('it never became true');
}

test('no token or a wrong one gets 401, another path 404, and no socket', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  for (const wrong of ['', 'wrong', token.slice(1), `${token}x`]) await expect(connectDesktop(relay.url, wrong)).rejects.toThrow('refused with 401');
  await expect(connectDesktop(`${relay.url}/elsewhere`, token)).rejects.toThrow('refused with 404');
  expect((await fetch(`${relay.url}/api/sync`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
});

test('an upgrade of an address that is none gets 404 and is no error of ours', async () => {
  await using relay = await startRelay();
  const { host, port } = new URL(relay.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET // HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(relay.logLines.filter((line) => line.includes('"error"'))).toEqual([]);
});

test('hello is welcomed with identity, head, own last op and the relay’s clock; then the whole log follows', async () => {
  await using relay = await startRelay();
  const device = await enrollDevice(relay);
  await postWebhook(relay.webhookUrl, textMessage('a'));
  const desktop = await connectDesktop(relay.url, device.token);
  desktop.hello();
  const before = Date.now();
  const welcome = await desktop.next('welcome');
  expect(welcome).toMatchObject({
    protocol: PROTOCOL_VERSION,
    logId: device.logId,
    head: 2,
    lastDeviceSeq: 0,
    writeLevel: 1,
    snapshots: [],
    device: { id: device.deviceId, agentId: device.agentId, agentName: 'Ana', role: 'agent' },
  });
  expect(Math.abs(welcome.now - before)).toBeLessThan(60_000);
  const entries = await desktop.readUntil(2);
  expect(entries.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, 'relay'],
    [2, 'webhook'],
  ]);
  for (const frame of desktop.frames) serverFrameSchema.parse(frame);
  desktop.end();
});

test('a desktop that was away gets exactly what it is missing', async () => {
  await using relay = await startRelay();
  const device = await enrollDevice(relay);
  await Promise.all(Array.from({ length: 20 }, (_, n) => postWebhook(relay.webhookUrl, textMessage(`m${n}`))));
  const desktop = await connectDesktop(relay.url, device.token);
  desktop.hello(15, device.logId);
  expect((await desktop.readUntil(21)).map(({ seq }) => seq)).toEqual([16, 17, 18, 19, 20, 21]);
  desktop.end();
});

test('catch-up and live follow each other without gap or repetition while webhooks pour in', async () => {
  await using relay = await startRelay();
  const device = await enrollDevice(relay);
  const many = Array.from({ length: 3 * CATCH_UP_PAGE_ENTRIES }, (_, n) => ({ dedupe: Buffer.from(`early ${n}`.padEnd(16)), body: '{}', isUnrecognised: false }));
  await relay.store.append([{ kind: 'webhook', items: many }]);

  const pouring = (async () => {
    for (let round = 0; round < 25; round += 1) {
      await Promise.all(Array.from({ length: 8 }, (_, n) => postWebhook(relay.webhookUrl, textMessage(`m${round}.${n}`))));
    }
  })();
  const total = 1 + many.length + 200;
  const desktops = await Promise.all(
    [0, 1, 700, 1_500].map(async (after) => {
      const desktop = await connectDesktop(relay.url, device.token);
      desktop.hello(after);
      const entries = await desktop.readUntil(total);
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: total - after }, (_, n) => after + 1 + n));
      return desktop;
    }),
  );
  await pouring;
  const pages = desktops[0]?.frames.flatMap((frame) => (frame.t === 'entries' ? [frame.entries.length] : [])) ?? [];
  expect(Math.max(...pages)).toBe(CATCH_UP_PAGE_ENTRIES);
  desktops.forEach((desktop) => desktop.end());
});

test('pushed ops come back to everybody in log order, stamped by the relay, and the ack says how far', async () => {
  await using relay = await startRelay();
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const [one, two] = [await connectDesktop(relay.url, ana.token), await connectDesktop(relay.url, bo.token)];
  one.hello(2);
  two.hello(2);
  one.push(makeOp(1, 'a1'), makeOp(2, 'a2'));
  one.push(makeOp(3, 'a3'));
  expect(await one.next('ack')).toEqual({ t: 'ack', last: 2, head: 4 });
  expect(await one.next('ack')).toMatchObject({ last: 3 });
  two.push(makeOp(1, 'b1'));
  const seen = await two.readUntil(6);
  expect(seen.map((entry) => entry.kind === 'op' && [entry.seq, entry.opId, entry.actorId, entry.deviceId])).toEqual([
    [3, 'a1', ana.agentId, ana.deviceId],
    [4, 'a2', ana.agentId, ana.deviceId],
    [5, 'a3', ana.agentId, ana.deviceId],
    [6, 'b1', bo.agentId, bo.deviceId],
  ]);
  for (const entry of seen) logEntrySchema.parse(entry);
  one.end();
  two.end();
});

test('after a lost ack the desktop sends again and nothing is doubled; a gap and a fork are told apart', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  const first = await connectDesktop(relay.url, token);
  first.hello();
  first.push(makeOp(1), makeOp(2));
  await first.next('ack');
  first.end();
  const second = await connectDesktop(relay.url, token);
  second.hello();
  expect((await second.next('welcome')).lastDeviceSeq).toBe(2);
  second.push(makeOp(1), makeOp(2), makeOp(3));
  expect(await second.next('ack')).toMatchObject({ last: 3 });
  second.push(makeOp(5));
  expect(await second.next('refused')).toEqual({ t: 'refused', refusal: { code: 'gap', last: 3 } });
  second.push(makeOp(4));
  expect(await second.next('ack')).toMatchObject({ last: 4 });
  second.push(makeOp(4, 'another'));
  expect(await second.next('refused')).toEqual({ t: 'refused', refusal: { code: 'device_forked', last: 4 } });
  expect(await relay.store.readStatus()).toMatchObject({ ops: 4 });
  second.end();
});

test.each([
  ['another log', { t: 'hello', protocol: 2, logId: 'other', after: 0, opLevel: 1 }, { code: 'wrong_log', lineage: [] }],
  ['a cursor ahead of the log', { t: 'hello', protocol: 2, logId: null, after: 99, opLevel: 1 }, { code: 'cursor_ahead', head: 1 }],
  ['an op before hello', { t: 'push', ops: [makeOp(1)] }, { code: 'bad_frame', detail: 'hello must come first' }],
  ['a malformed hello', { t: 'hello', protocol: 2 }, { code: 'bad_frame' }],
  ['a protocol from before the floor, whatever its hello looked like', { t: 'hello', protocol: 1, logId: null, after: 0 }, { code: 'protocol_too_old', floor: 2 }],
  ['no JSON', 'hello', { code: 'bad_frame', detail: 'not JSON' }],
  ['a frame without type', { a: 1 }, { code: 'bad_frame' }],
])('%s is refused and the socket closed', async (_name, frame, refusal) => {
  await using relay = await startRelay();
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  desktop.send(frame);
  expect((await desktop.next('refused')).refusal).toMatchObject(refusal);
  expect(await desktop.closed).toBe(1008);
});

test('ops that follow a refused hello in the same breath are not appended', async () => {
  await using relay = await startRelay();
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  desktop.hello(0, 'other-log');
  desktop.push(makeOp(1));
  await desktop.closed;
  expect(await relay.store.readStatus()).toMatchObject({ ops: 0 });
});

test('malformed ops, a second hello and binary frames end the connection; nothing of them is appended', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  for (const frame of [
    { t: 'push', ops: [] },
    { t: 'push', ops: [makeOp(1), { ...makeOp(2), deviceSeq: 1.5 }] },
    { t: 'push', ops: Array.from({ length: 101 }, (_, n) => makeOp(n + 1)) },
    { t: 'hello', protocol: 2, logId: null, after: 0, opLevel: 1 },
  ]) {
    const desktop = await connectDesktop(relay.url, token);
    desktop.hello();
    await desktop.next('welcome');
    desktop.send(frame);
    expect((await desktop.next('refused')).refusal.code).toBe('bad_frame');
    await desktop.closed;
  }
  const desktop = await connectDesktop(relay.url, token);
  desktop.socket.send(Buffer.from('{}'));
  expect((await desktop.next('refused')).refusal.code).toBe('bad_frame');
  expect(await relay.store.readStatus()).toMatchObject({ ops: 0 });
});

test('frames of a newer desktop that this relay does not know are ignored and logged', async () => {
  await using relay = await startRelay();
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  desktop.send({ t: 'telepathy', typing: true });
  desktop.hello();
  await desktop.next('welcome');
  desktop.send({ t: 'dream', seq: 1 });
  desktop.push({ ...makeOp(1), extra: 'field' } as never);
  expect(await desktop.next('ack')).toMatchObject({ last: 1 });
  expect(relay.logLines.filter((line) => line.includes('sync.unknown_frame'))).toHaveLength(2);
  desktop.end();
});

test('a socket that says nothing is closed', async () => {
  await using relay = await startRelay({ limits: { helloWithinMs: 50 } });
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  expect((await desktop.next('refused')).refusal).toEqual({ code: 'bad_frame', detail: 'no hello' });
  await desktop.closed;
});

test('a peer that answers no ping is dropped, one that answers stays', async () => {
  await using relay = await startRelay({ limits: { pingEveryMs: 150 } });
  const { token } = await enrollDevice(relay);
  const [dead, alive] = [await connectDesktop(relay.url, token, { answersPings: false }), await connectDesktop(relay.url, token)];
  for (const desktop of [dead, alive]) {
    desktop.hello();
    await desktop.next('welcome');
  }
  expect(await dead.closed).toBeGreaterThan(0);
  alive.push(makeOp(1));
  await alive.next('ack');
  alive.end();
});

test('a desktop that stops reading is cut, the others go on, and it resumes from its cursor', async () => {
  await using relay = await startRelay({ limits: { slowClientBytes: 200_000 } });
  const { token } = await enrollDevice(relay);
  const [slow, fast] = [await connectDesktop(relay.url, token), await connectDesktop(relay.url, token)];
  for (const desktop of [slow, fast]) {
    desktop.hello();
    await desktop.readUntil(1);
  }
  slow.socket.pause();
  let isCut = false;
  let posted = 0;
  for (; posted < 300 && !isCut; posted += 1) {
    await postWebhook(relay.webhookUrl, textMessage(`m${posted}`, 'x'.repeat(200_000)));
    isCut = relay.logLines.some((line) => line.includes('it does not read'));
  }
  expect(isCut).toBe(true);
  expect((await fast.readUntil(posted + 1)).map(({ seq }) => seq)).toEqual(Array.from({ length: posted }, (_, n) => n + 2));
  slow.end();
  const again = await connectDesktop(relay.url, token);
  again.hello(1);
  expect(await again.readUntil(posted + 1)).toHaveLength(posted);
  again.end();
  fast.end();
});

test('a slow reader in catch-up is waited for, page by page, instead of filling the relay’s memory', async () => {
  await using relay = await startRelay({ limits: { slowClientBytes: 1_000_000 } });
  const { token } = await enrollDevice(relay);
  const items = Array.from({ length: 60 }, (_, n) => ({ dedupe: Buffer.from(`big ${n}`.padEnd(16)), body: JSON.stringify('x'.repeat(900_000)), isUnrecognised: false }));
  await relay.store.append([{ kind: 'webhook', items }]);
  let reads = 0;
  const readAfter = relay.store.readAfter;
  relay.store.readAfter = async (...args) => {
    reads += 1;
    return readAfter(...args);
  };
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  desktop.socket.pause();
  // until nothing moves any more: the kernel's buffers are full
  for (let still = 0, last = -1; still < 20; still = reads === last ? still + 1 : 0, last = reads) await delay(10);
  expect(reads).toBeLessThan(50);
  desktop.socket.resume();
  expect(await desktop.readUntil(61)).toHaveLength(61);
  desktop.end();
});

test('a device revoked by another process is shut out: its sockets end, its ops are refused, and the team is told', async () => {
  await using relay = await startRelay();
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const [one, two] = [await connectDesktop(relay.url, ana.token), await connectDesktop(relay.url, bo.token)];
  one.hello();
  two.hello();
  await two.readUntil(2);
  const otherProcess = await openStore(relay.dataDir);
  await otherProcess.revokeDevice(ana.deviceId);
  await otherProcess.close();
  expect((await one.next('refused')).refusal).toEqual({ code: 'revoked', wipe: false });
  expect(await one.closed).toBe(1008);
  const [entry] = await two.readUntil(3);
  expect(JSON.parse(entry?.body ?? '')).toEqual({ type: 'device.revoked', deviceId: ana.deviceId, agentId: ana.agentId, by: null });
  const again = await connectDesktop(relay.url, ana.token);
  expect((await again.next('refused')).refusal).toEqual({ code: 'revoked', wipe: false });
  await again.closed;
  two.push(makeOp(1));
  await two.next('ack');
  two.end();
});

test('a failed commit closes the pushing socket without an ack; sent again, everything is there once', async () => {
  let isBroken = false;
  await using relay = await startRelay({ wrap: (store) => ({ ...store, append: async (group) => (isBroken ? Promise.reject(new Error('disk full')) : store.append(group)) }) });
  const { token } = await enrollDevice(relay);
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  isBroken = true;
  desktop.push(makeOp(1));
  expect(await desktop.closed).toBe(1011);
  expect(desktop.frames.some((frame) => frame.t === 'ack')).toBe(false);
  isBroken = false;
  const again = await connectDesktop(relay.url, token);
  again.hello();
  again.push(makeOp(1));
  expect(await again.next('ack')).toMatchObject({ last: 1 });
  expect(await relay.store.readStatus()).toMatchObject({ ops: 1 });
  again.end();
});

test('stopping commits and acknowledges what is under way, then ends the sockets', async () => {
  const relay = await startRelay();
  const { token } = await enrollDevice(relay);
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  const posts = Array.from({ length: 20 }, (_, n) => postWebhook(relay.webhookUrl, textMessage(`m${n}`)).catch(() => 0));
  await until(async () => (await relay.store.readStatus()).webhooks > 0);
  await relay.relay.stop();
  const answers = await Promise.all(posts);
  expect(await desktop.closed).toBe(1001);
  const store = await openStore(relay.dataDir);
  const stored = new Set((await readLog(store)).map(wamidOf));
  const acknowledged = answers.flatMap((status, n) => (status === 200 ? [`m${n}`] : []));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((wamid) => !stored.has(wamid))).toEqual([]);
  await store.close();
  await relay[Symbol.asyncDispose]();
});
