/** What an admin's desktop gives to whom, and what it says while it waits for the key itself. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncState } from '../../../contract/entities.ts';
import { deriveEpochKeys, derivePublicKey, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { writeVoucher } from '../../../contract/sealing/voucher.ts';
import { KEY_COPIES_PATH, NO_COPY, type WorkspaceKeys } from '../../../contract/wire-http.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { SyncMeta } from '../../../main/engine/db/sync-queries.ts';
import type { Secrets } from '../../../main/engine/ports.ts';
import { makeDeviceKey, openRing } from '../../../main/engine/sync/device-key.ts';
import { createWorkspaceRing } from '../../../main/engine/sync/workspace-ring.ts';
import { createKeyKeeper, type KeyKeeper } from '../../../main/engine/team/key-keeper.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SECRETS = [makeSecret(), makeSecret()];
type Copy = { deviceId: string; sealed: string; voucher: string };
type Posted = { path: string; body: { epoch: number; copies?: Copy[] } & Partial<Copy> };

const makeSecrets = (): Secrets => {
  const kept = new Map<string, string>();
  return { get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value), delete: async (name) => void kept.delete(name) };
};
const makeDesk = async (id: string) => {
  const secrets = makeSecrets();
  const { publicKey, privateKey } = await makeDeviceKey();
  await secrets.set('device-key', privateKey);
  return { id, publicKey, secrets, voucherOf: (epoch: number) => writeVoucher(deriveEpochKeys(epoch, SECRETS[epoch - 1] ?? ''), { deviceId: id, publicKey }) };
};
type Desk = Awaited<ReturnType<typeof makeDesk>>;

let [ana, bo, eve]: Desk[] = [];
let keeper: KeyKeeper;
let posted: Posted[];
let logged: string[];
let state: SyncState['state'];
let logId: string;
/** What the relay says, and the outcome of what it is told. */
let keys: WorkspaceKeys;
let refusal: AppError | null;
let askRefusal: AppError | null;
let asked: number;
/** Shut out before the relay was restored. */
let returned: Set<string>;
/** Of whom all were told that they have the key, and why they could not be. */
let admitted: string[];
let admitRefusal: AppError | null;
let sheets: { epoch: number; publicKey: string }[];
beforeEach(async () => {
  [ana, bo, eve] = await Promise.all(['ana', 'bo', 'eve'].map(makeDesk));
  [returned, sheets, admitted, admitRefusal] = [new Set(), [], [], null];
  [posted, logged, state, logId, refusal, askRefusal, asked] = [[], [], 'live', 'log', null, null, 0];
});
afterEach(async () => {
  await keeper.stop();
});

const epochsUpTo = (count: number): Promise<WorkspaceKeys['epochs']> =>
  Promise.all(
    SECRETS.slice(0, count).map(async (secret, index) => ({
      epoch: index + 1,
      publicKey: await derivePublicKey(deriveEpochKeys(index + 1, secret)),
      previous: null,
      deviceId: 'ana',
      agentId: 'a',
      announcedAt: 0,
    })),
  );
/** Ana's desktop, in a team of three, with the keys of the first epochs. */
async function start(epochs: number): Promise<void> {
  if (!ana || !bo || !eve) throw new Error('there are three desktops');
  const ring = createWorkspaceRing(ana.secrets);
  if (epochs > 0) await ring.take(SECRETS.slice(0, epochs));
  const devices = [ana, bo, eve].map(({ id, publicKey }) => ({ id, publicKey, hasGrant: false }));
  keeper = createKeyKeeper({
    ring,
    secrets: ana.secrets,
    http: {
      call: async ({ method, path, body }, schema) => {
        if (method === 'GET') {
          asked += 1;
          if (askRefusal) throw askRefusal;
          return schema.parse(keys);
        }
        const told = { path, body } as Posted;
        posted.push(told);
        if (refusal) throw refusal;
        const own = path === KEY_COPIES_PATH ? (told.body as Copy) : told.body.copies?.find(({ deviceId }) => deviceId === 'ana');
        const count = told.body.epoch;
        if (own?.deviceId === 'ana') keys = { ...keys, copy: { epoch: count, sealed: own.sealed }, isOutdated: false, epochs: count > keys.epochs.length ? await epochsUpTo(count) : keys.epochs };
        return schema.parse({});
      },
    },
    queries: { readMeta: () => ({ logId, deviceId: 'ana', agentId: 'a', syncEnd: null, writeLevel: 99 }) as SyncMeta },
    state: { get: () => ({ role: 'admin', is_removed: 0 }) } as unknown as StateTx,
    devices: { listActive: () => devices, listReturned: () => [...returned].map((id) => ({ id, at: 5 })) },
    relay: { listen: () => () => undefined, state: () => ({ state, lastContactAt: null, head: 0, retryAt: null, isKeyLost: false, oldRelay: null }) },
    admit: (id) => {
      if (admitRefusal) throw admitRefusal;
      admitted.push(id);
      returned.delete(id);
    },
    noteSheet: (sheet) => void sheets.push(sheet),
    isUpToDate: () => state === 'live',
    onChange: () => undefined,
    log: (_level, event) => void logged.push(event),
  });
}
const holder = (desk: Desk | undefined, epoch: number) => ({ deviceId: desk?.id ?? '', voucher: desk?.voucherOf(epoch) ?? '' });
const opens = async (desk: Desk | undefined, sealed: string | undefined) => desk && openRing(sealed ?? '', desk.secrets, { logId, deviceId: desk.id });

it('a key that the relay has lost goes to no desktop that was vouched for before it: one of them may be the reason for it', async () => {
  keys = { logId, epochs: await epochsUpTo(1), copy: null, holders: [holder(ana, 1), holder(bo, 1)], isOutdated: false };
  await start(2);
  keeper.look();
  const { body } = await waitUntil('it is announced', () => posted[0]);
  expect(body.epoch).toBe(2);
  expect(body.copies?.map(({ deviceId }) => deviceId)).toEqual(['ana', 'bo']);
  expect(await opens(ana, body.copies?.[0]?.sealed)).toEqual(SECRETS);
  expect(body.copies?.[1]).toEqual({ deviceId: 'bo', sealed: NO_COPY, voucher: '' });
});

it('the next key is for those who are vouched for; whoever else the relay says has the key keeps it from nobody', async () => {
  keys = { logId, epochs: await epochsUpTo(1), copy: { epoch: 1, sealed: 'x' }, holders: [holder(ana, 1), holder(bo, 1), { deviceId: 'stranger', voucher: '' }], isOutdated: true };
  await start(1);
  keeper.look();
  const { body } = await waitUntil('it is announced', () => posted[0]);
  expect(body.copies?.map(({ deviceId, sealed }) => [deviceId, sealed === NO_COPY])).toEqual([
    ['ana', false],
    ['bo', false],
    ['stranger', true],
  ]);
  expect(await opens(bo, body.copies?.[1]?.sealed)).toEqual([SECRETS[0], expect.any(String)]);
});

it('of a relay that was restored, everybody who is vouched for gets their copy anew, this desktop last', async () => {
  keys = { logId, epochs: await epochsUpTo(2), copy: { epoch: 2, sealed: NO_COPY }, holders: [holder(ana, 2), holder(bo, 2), holder(eve, 1)], isOutdated: false };
  await start(2);
  keeper.look();
  await waitUntil('all have it', () => posted.length === 2);
  expect(posted.map(({ path, body }) => [path, body.deviceId, body.epoch])).toEqual([
    [KEY_COPIES_PATH, 'bo', 2],
    [KEY_COPIES_PATH, 'ana', 2],
  ]);
  expect(await opens(bo, posted[0]?.body.sealed)).toEqual(SECRETS);
  expect(posted[1]?.body.voucher).toBe(ana?.voucherOf(2));
});

it('a key that the relay refuses time and again is written down, and an admin is told until it is there', async () => {
  keys = { logId, epochs: await epochsUpTo(1), copy: { epoch: 1, sealed: 'x' }, holders: [holder(ana, 1)], isOutdated: true };
  refusal = new AppError('CHANGED_MEANWHILE', 'somebody was first');
  await start(1);
  for (const times of [1, 2, 3]) {
    expect(logged).not.toContain('keys.failed');
    expect(keeper.trouble()).toBeNull();
    keeper.note();
    keeper.look();
    await waitUntil('it has tried', () => posted.length === times);
  }
  await waitUntil('it is written down', () => logged.includes('keys.failed'));
  expect(keeper.trouble()).toBe('failing');
  refusal = null;
  keeper.note();
  keeper.look();
  await waitUntil('it is there', () => keeper.trouble() === null);
});

it.each([
  [1, 'failing'],
  [0, 'failing_first'],
])('with %i keys, trouble is told as %s, and not where this desktop is away or waits itself', async (epochs, trouble) => {
  keys = { logId, epochs: await epochsUpTo(epochs), copy: null, holders: [], isOutdated: true };
  refusal = new AppError('INTERNAL', 'it cannot');
  await start(epochs);
  keeper.look();
  await waitUntil('it is told', () => keeper.trouble() === trouble);
  for (const away of ['offline', 'waiting_for_key'] as const) {
    state = away;
    expect(keeper.trouble()).toBeNull();
  }
});

it('what fails before there is a key to put is no trouble with the key', async () => {
  keys = { logId, epochs: await epochsUpTo(1), copy: { epoch: 1, sealed: 'x' }, holders: [holder(ana, 1)], isOutdated: false };
  askRefusal = new AppError('INTERNAL', 'it cannot');
  await start(1);
  keeper.look();
  await waitUntil('it is written down', () => logged.includes('keys.failed'));
  expect([asked, keeper.trouble()]).toEqual([1, null]);
});

it('that the code is on paper, and not that it was looked at, is told to the team by its key, and never with the secret', async () => {
  keys = { logId, epochs: await epochsUpTo(2), copy: { epoch: 2, sealed: 'x' }, holders: [holder(ana, 2)], isOutdated: false };
  await start(2);
  expect(await keeper.recoveryCode()).toMatchObject({ epoch: 2 });
  expect(sheets).toEqual([]);
  await expect(keeper.noteSheet({ epoch: 1 })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  await keeper.noteSheet({ epoch: 2 });
  expect(sheets).toEqual([{ epoch: 2, publicKey: keys.epochs[1]?.publicKey }]);
});

it('a desktop that was shut out before the relay was restored gets neither its copy nor the next key, whatever vouches for it, until an admin gives it the key', async () => {
  returned.add('bo');
  keys = { logId, epochs: await epochsUpTo(2), copy: { epoch: 2, sealed: NO_COPY }, holders: [holder(ana, 2), holder(bo, 2), holder(eve, 2)], isOutdated: false };
  await start(2);
  keeper.look();
  await waitUntil('all others have it', () => posted.some(({ body }) => body.deviceId === 'ana'));
  expect(posted.map(({ body }) => body.deviceId)).toEqual(['eve', 'ana']);
  await waitUntil('it is known who waits', () => keeper.listWaiting().length === 1);
  expect([keeper.isVouched({ id: 'bo', publicKey: bo?.publicKey ?? null }), keeper.isVouched({ id: 'eve', publicKey: eve?.publicKey ?? null })]).toEqual([false, true]);
  expect([keeper.countWaiting(), keeper.listReturned()]).toEqual([0, [{ id: 'bo', at: 5 }]]);

  posted = [];
  keys = { ...keys, isOutdated: true };
  keeper.note();
  keeper.look();
  const { body } = await waitUntil('the next one is announced', () => posted.find(({ body: { copies } }) => copies !== undefined));
  expect(body.copies?.map(({ deviceId, sealed }) => [deviceId, sealed === NO_COPY])).toEqual([
    ['ana', false],
    ['eve', false],
    ['bo', true],
  ]);
});

it('whoever gives such a desktop the key takes it for one of the team again', async () => {
  returned.add('bo');
  keys = { logId, epochs: await epochsUpTo(1), copy: { epoch: 1, sealed: 'x' }, holders: [holder(ana, 1), holder(bo, 1), holder(eve, 1)], isOutdated: false };
  await start(1);
  keeper.look();
  const waiting = await waitUntil('it is known who waits', () => keeper.listWaiting()[0]);
  await keeper.give(waiting);
  expect(keeper.isVouched({ id: 'bo', publicKey: bo?.publicKey ?? null })).toBe(true);
  expect(keeper.listReturned()).toEqual([]);
});

it('that a desktop was given the key is said to all admins’ desktops, also where none is known to have been shut out; where it cannot be said, it has the key all the same', async () => {
  keys = { logId, epochs: await epochsUpTo(1), copy: { epoch: 1, sealed: 'x' }, holders: [holder(ana, 1)], isOutdated: false };
  await start(1);
  keeper.look();
  const [first, second] = await waitUntil('it is known who waits', () => (keeper.listWaiting().length === 2 ? keeper.listWaiting() : null));
  if (!first || !second) throw new Error('two wait');
  await keeper.give(first);
  expect(admitted).toEqual([first.deviceId]);
  admitRefusal = new AppError('UPDATE_NEEDED');
  await keeper.give(second);
  expect([admitted.length, logged.filter((event) => event === 'keys.not_admitted').length]).toEqual([1, 1]);
  expect(posted.map(({ body }) => body.deviceId)).toEqual(expect.arrayContaining([first.deviceId, second.deviceId]));
});

it('also where there is no key yet, such a desktop is given nothing of the team, unlike everybody else', async () => {
  returned.add('bo');
  keys = { logId, epochs: [], copy: null, holders: [], isOutdated: false };
  await start(0);
  expect([keeper.isVouched({ id: 'bo', publicKey: bo?.publicKey ?? null }), keeper.isVouched({ id: 'eve', publicKey: eve?.publicKey ?? null })]).toEqual([false, true]);
});
