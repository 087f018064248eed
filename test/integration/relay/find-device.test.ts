/** Tokens that nobody gave out: what they cost, and whom they keep waiting. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFindDevice } from '../../../webhook-relay/find-device.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { ask, enrollDevice, startRelay } from './relay-harness.ts';

test('guessed tokens take a few of the store’s connections at a time, no token takes none, and a desktop that the relay knows waits for nobody', async () => {
  const looks = { asked: 0, open: 0, most: 0, found: [] as string[] };
  const held: (() => void)[] = [];
  let isHolding = false;
  const wrap = (store: LogStore): LogStore => {
    const findDeviceByToken = async (tokenHash: Buffer) => {
      looks.asked += 1;
      looks.most = Math.max(looks.most, (looks.open += 1));
      const device = await store.findDeviceByToken(tokenHash);
      if (device) looks.found.push(device.id);
      if (isHolding && !device) await new Promise<void>((resolve) => held.push(resolve));
      looks.open -= 1;
      return device;
    };
    return new Proxy(store, { get: (target, name) => (name === 'findDeviceByToken' ? findDeviceByToken : Reflect.get(target, name)) as unknown });
  };
  await using relay = await startRelay({ wrap });
  const [ana, bo] = [await enrollDevice(relay), await enrollDevice(relay, 'Bo')];
  expect((await ask(relay.url, 'GET', '/api/devices', ana.token)).status).toBe(200);

  isHolding = true;
  const guesses = Array.from({ length: 40 }, () => ask(relay.url, 'GET', '/api/devices', randomBytes(32).toString('base64url')));
  await waitUntil('they are looked up', () => held.length >= 4);
  expect((await ask(relay.url, 'GET', '/api/devices', ana.token)).status, 'known').toBe(200);
  const asked = looks.asked;
  for (const noToken of ['x', 'a'.repeat(44), `${ana.token}=`]) expect([401, 429]).toContain((await ask(relay.url, 'GET', '/api/devices', noToken)).status);
  expect(looks.asked, 'what is no token is looked up nowhere').toBe(asked);

  const stranger = ask(relay.url, 'GET', '/api/devices', bo.token);
  expect((await ask(relay.url, 'GET', '/api/devices', ana.token)).status, 'known, and come after the stranger').toBe(200);
  expect(looks.found, 'not known yet, and only after the others').not.toContain(bo.deviceId);
  isHolding = false;
  for (const release of held) release();
  expect((await stranger).status).toBe(200);
  expect((await Promise.all(guesses)).every(({ status }) => status === 401 || status === 429)).toBe(true);
  expect(looks.most).toBeLessThanOrEqual(5); // with the one that is known
});

test('of unknown tokens only so many may wait, and whoever has hung up meanwhile is looked up no more', async () => {
  const held: (() => void)[] = [];
  let isHolding = true;
  let asked = 0;
  const findDevice = createFindDevice({
    findDeviceByToken: async () => {
      asked += 1;
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return undefined;
    },
  });
  const guess = (hasLeft = false) => findDevice(`Bearer ${randomBytes(32).toString('base64url')}`, () => hasLeft);
  const gone = Array.from({ length: 504 }, (_, n) => guess(n >= 10));
  await waitUntil('they are looked up', () => held.length === 4);
  expect(await guess()).toBe('busy');
  isHolding = false;
  for (const release of held) release();
  expect(new Set(await Promise.all(gone))).toEqual(new Set([undefined]));
  expect(asked, 'those that are still there').toBe(10);
  expect(await guess()).toBeUndefined();
});
