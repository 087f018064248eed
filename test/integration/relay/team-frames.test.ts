import { expect, test } from 'vitest';
import type { EnrollResponse } from '../../../contract/wire-http.ts';
import { serverFrameSchema, type Presence } from '../../../contract/wire.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { ask, connectDesktop, enrollDevice, makeOp, openStore, startRelay, type Desktop, type TestRelay } from './relay-harness.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function join(relay: TestRelay, token: string, opLevel = 1): Promise<Desktop & { writeLevel: number }> {
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello(0, null, opLevel);
  return { ...desktop, writeLevel: (await desktop.next('welcome')).writeLevel };
}

/** Waits for a list that fits; fails when the socket closes first. */
async function presentUntil(desktop: Desktop, fits: (present: Presence[]) => boolean): Promise<Presence[]> {
  for (;;) {
    const { present } = await desktop.next('presence');
    if (fits(present)) return present;
  }
}

test('the write level is the lowest of the devices that were here, and a change of it is told to who is connected', async () => {
  await using relay = await startRelay();
  const admin = await enrollDevice(relay, 'Ada', { role: 'admin' });
  const old = await enrollDevice(relay, 'Bo');
  await enrollDevice(relay, 'Cy'); // has never been here, holds nobody up
  const one = await join(relay, admin.token, 3);
  expect(one.writeLevel).toBe(3);
  const two = await join(relay, old.token, 2);
  expect(two.writeLevel).toBe(2);
  expect(await one.next('write_level')).toEqual({ t: 'write_level', writeLevel: 2 });
  // It counts while it is away, until it is updated or revoked.
  two.end();
  const again = await join(relay, old.token, 4);
  expect(again.writeLevel).toBe(3);
  expect(await one.next('write_level')).toEqual({ t: 'write_level', writeLevel: 3 });
  again.end();
  (await join(relay, old.token, 1)).end();
  expect(await one.next('write_level')).toMatchObject({ writeLevel: 1 });
  await ask(relay.url, 'POST', `/api/devices/revoke/${old.deviceId}`, admin.token, { wipe: false });
  expect(await one.next('write_level')).toMatchObject({ writeLevel: 3 });
  one.end();
});

test('a desktop that was silent for thirty days no longer holds the write level down; one that stays connected does', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const first = await join(relay, bo.token, 1);
  now += 20 * DAY_MS;
  first.end(); // seen until now
  await expect.poll(async () => (await relay.store.findDevice(bo.deviceId))?.lastSeenAt).toBe(now);
  now += 29 * DAY_MS;
  const early = await join(relay, ana.token, 5);
  expect(early.writeLevel).toBe(1);
  early.end();
  now += 1 * DAY_MS;
  const late = await join(relay, ana.token, 5);
  expect(late.writeLevel).toBe(5);
  late.end();
});

test.each([0, -1, 1.5, '1', null])('op level %j is no hello', async (opLevel) => {
  await using relay = await startRelay();
  const desktop = await connectDesktop(relay.url, (await enrollDevice(relay)).token);
  desktop.send({ t: 'hello', protocol: 2, logId: null, after: 0, opLevel });
  expect((await desktop.next('refused')).refusal.code).toBe('bad_frame');
});

test('everybody who is connected is told who is here and what they do, also those who have said nothing', async () => {
  await using relay = await startRelay({ limits: { presenceEveryMs: 5 } });
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const one = await join(relay, ana.token);
  expect(await presentUntil(one, () => true)).toEqual([{ agentId: ana.agentId, deviceId: ana.deviceId, conversationId: null, activity: 'viewing' }]);
  const two = await join(relay, bo.token);
  two.send({ t: 'presence', conversationId: 'c1', activity: 'writing' });
  const expected = [
    { agentId: ana.agentId, deviceId: ana.deviceId, conversationId: null, activity: 'viewing' },
    { agentId: bo.agentId, deviceId: bo.deviceId, conversationId: 'c1', activity: 'writing' },
  ];
  for (const desktop of [one, two]) expect(await presentUntil(desktop, (present) => present.some(({ activity }) => activity === 'writing'))).toEqual(expected);
  two.end();
  expect(await presentUntil(one, (present) => present.length === 1)).toEqual(expected.slice(0, 1));
  for (const frame of one.frames) serverFrameSchema.parse(frame);
  expect((await relay.store.readStatus()).head).toBe(2); // nothing of it is in the log
  one.end();
});

test('a desktop with two connections is listed once, with what its newest one says', async () => {
  await using relay = await startRelay({ limits: { presenceEveryMs: 5 } });
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const watcher = await join(relay, bo.token);
  const before = await join(relay, ana.token);
  before.send({ t: 'presence', conversationId: 'c1', activity: 'viewing' });
  await presentUntil(watcher, (present) => present.some(({ conversationId }) => conversationId === 'c1'));
  const after = await join(relay, ana.token);
  after.send({ t: 'presence', conversationId: 'c2', activity: 'away' });
  expect(await presentUntil(watcher, (present) => present.some(({ conversationId }) => conversationId === 'c2'))).toHaveLength(2);
  for (const desktop of [watcher, before, after]) desktop.end();
});

test('a flood of presence becomes a few lists, and the last word is in the last one', async () => {
  await using relay = await startRelay({ limits: { presenceEveryMs: 200 } });
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const watcher = await join(relay, bo.token);
  const flooding = await join(relay, ana.token);
  for (let n = 0; n < 3_000; n += 1) flooding.send({ t: 'presence', conversationId: `c${n}`, activity: n % 2 === 0 ? 'writing' : 'viewing' });
  flooding.push(makeOp(1));
  await flooding.next('ack');
  await presentUntil(watcher, (present) => present.some(({ conversationId }) => conversationId === 'c2999'));
  expect(watcher.frames.filter(({ t }) => t === 'presence').length).toBeLessThan(300);
  for (const desktop of [watcher, flooding]) desktop.end();
});

test('a desktop that does not read is not sent one list after the other, and gets the newest when it reads again', async () => {
  await using relay = await startRelay({ limits: { presenceEveryMs: 5, slowClientBytes: 1_000_000_000 } });
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const slow = await join(relay, ana.token);
  const busy = await join(relay, bo.token);
  await presentUntil(slow, (present) => present.length === 2);
  slow.socket.pause();
  const items = Array.from({ length: 20 }, (_, n) => ({ dedupe: Buffer.from(`big ${n}`), body: JSON.stringify('x'.repeat(900_000)), isUnrecognised: false }));
  await relay.store.append([{ kind: 'webhook', items }]); // more than the kernel's buffers take
  busy.push(makeOp(1));
  await busy.readUntil(23);
  for (let n = 0; n < 50; n += 1) {
    busy.send({ t: 'presence', conversationId: `c${n}`, activity: 'viewing' });
    await presentUntil(busy, (present) => present.some(({ conversationId }) => conversationId === `c${n}`));
  }
  slow.socket.resume();
  await presentUntil(slow, (present) => present.some(({ conversationId }) => conversationId === 'c49'));
  const lists = slow.frames.filter((frame) => frame.t === 'presence' && frame.present.some(({ conversationId }) => conversationId !== null));
  expect(lists.length).toBeLessThan(10);
  for (const desktop of [slow, busy]) desktop.end();
});

test.each([[{ t: 'presence', conversationId: 'x'.repeat(129), activity: 'viewing' }], [{ t: 'presence', conversationId: 'c', activity: 'sleeping' }], [{ t: 'presence', activity: 'viewing' }]])(
  'presence of another shape (%#) is refused',
  async (frame) => {
    await using relay = await startRelay();
    const desktop = await join(relay, (await enrollDevice(relay)).token);
    desktop.send(frame);
    expect((await desktop.next('refused')).refusal.code).toBe('bad_frame');
  },
);

test('a device that opens one connection after the other keeps the newest four', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay, 'Mallory');
  const ana = await enrollDevice(relay, 'Ana');
  const others = await connectDesktop(relay.url, ana.token);
  others.hello();
  await others.next('welcome');
  const desktops = [];
  for (let n = 0; n < 7; n += 1) {
    const desktop = await connectDesktop(relay.url, token);
    desktop.hello();
    await desktop.next('welcome');
    desktops.push(desktop);
  }
  expect(await Promise.all(desktops.slice(0, 3).map(({ closed }) => closed))).toEqual([1001, 1001, 1001]);
  expect([others, ...desktops.slice(3)].map(({ socket }) => socket.readyState)).toEqual([1, 1, 1, 1, 1]);
  for (const desktop of [others, ...desktops]) desktop.end();
});

test('when everybody leaves or comes at once, the disk is not waited for once for each of them', async () => {
  const notes: string[][] = [];
  await using relay = await startRelay({
    wrap: (store) =>
      Object.create(store, {
        noteSeen: {
          value: (deviceIds: string[]) => {
            notes.push(deviceIds);
            return store.noteSeen(deviceIds);
          },
        },
      }) as LogStore,
  });
  const team: EnrollResponse[] = [];
  for (let n = 0; n < 40; n += 1) team.push(await enrollDevice(relay, `Ana ${n}`));
  const comeAll = () =>
    Promise.all(
      team.map(async ({ token }) => {
        const desktop = await connectDesktop(relay.url, token);
        desktop.hello();
        await desktop.next('welcome');
        return desktop;
      }),
    );
  const desktops = await comeAll();
  for (const desktop of desktops) desktop.end();
  await expect.poll(() => new Set(notes.flat()).size).toBe(40);
  expect(notes.length).toBeLessThan(20);

  const other = await openStore(relay.dataDir);
  await other.hasChangedElsewhere();
  const again = await comeAll();
  expect(await other.hasChangedElsewhere()).toBe(false);
  await other.close();
  for (const desktop of again) desktop.end();
});

test('a desktop gone wild fills neither the log with what it says nor with what it is refused', async () => {
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => 1_800_000_000_000 } });
  const { token } = await enrollDevice(relay, 'Mallory');
  const desktop = await join(relay, token);
  for (let n = 0; n < 60; n += 1) desktop.send({ t: 'gossip' });
  desktop.push(makeOp(1));
  await desktop.next('ack');
  for (let n = 0; n < 60; n += 1) expect((await ask(relay.url, 'POST', '/api/invites', token, {})).status).toBe(403);
  for (let n = 0; n < 60; n += 1) expect((await ask(relay.url, 'POST', '/api/snapshots', token, {})).status).toBe(400);
  const count = (event: string): number => relay.logLines.filter((line) => line.includes(event)).length;
  expect([count('sync.unknown_frame'), count('team.refused'), count('snapshot.refused')]).toEqual([20, 20, 20]);
  desktop.end();
});
