/** What a desktop makes of the keys that the relay names. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deriveEpochKeys, derivePublicKey, makeSecret, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import { KEY_COPIES_PATH, NO_COPY, type WorkspaceKeys } from '../../../contract/wire-http.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { makeDeviceKey, sealRing } from '../../../main/engine/sync/device-key.ts';
import { createRelayKeys, type RelayKeys } from '../../../main/engine/sync/relay-keys.ts';
import { createWorkspaceRing, type WorkspaceRing } from '../../../main/engine/sync/workspace-ring.ts';
import type { Secrets } from '../../../main/engine/ports.ts';

const [FIRST, SECOND, OTHER, THIRD] = [makeSecret(), makeSecret(), makeSecret(), makeSecret()];
const publicOf = (epoch: number, secret: string): Promise<string> => derivePublicKey(deriveEpochKeys(epoch, secret));

let db: ReturnType<typeof openDatabase>;
let ring: WorkspaceRing;
let keys: RelayKeys;
let devicePublicKey: string;
/** What the relay says, and what it was told. */
let answer: WorkspaceKeys;
let asked: number;
let told: unknown[];
/** Answers wait for this. */
let held: Promise<void> | null;
beforeEach(() => {
  held = null;
  db = openDatabase(':memory:');
  [asked, told] = [0, []];
});
afterEach(() => db.close());

async function start(own: RingSecrets): Promise<void> {
  const kept = new Map<string, string>();
  const secrets: Secrets = { get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value), delete: async (name) => void kept.delete(name) };
  const pair = await makeDeviceKey();
  devicePublicKey = pair.publicKey;
  await secrets.set('device-key', pair.privateKey);
  ring = createWorkspaceRing(secrets);
  if (own.length > 0) await ring.take(own);
  const queries = createSyncQueries(db);
  queries.enroll('http://127.0.0.1:9', 'log', 'desk', 'ana');
  keys = createRelayKeys({
    ring,
    queries,
    settings: createSettingQueries(db),
    secrets,
    http: {
      call: async ({ method, path, body }, schema) => {
        if (method === 'GET') {
          asked += 1;
          const said = answer;
          await held;
          return schema.parse(said);
        }
        told.push({ path, body });
        return schema.parse({});
      },
    },
    onChange: () => undefined,
    log: () => undefined,
  });
}
async function relayHas(secrets: RingSecrets, { logId = 'log', givenTo = null as string | null } = {}): Promise<void> {
  const epochs = await Promise.all(
    secrets.map(async (secret, index) => ({ epoch: index + 1, publicKey: await publicOf(index + 1, secret), previous: null, deviceId: 'eva', agentId: 'eva', announcedAt: 0 })),
  );
  const copy = givenTo === null ? null : { epoch: secrets.length, sealed: await sealRing(secrets, givenTo, { logId, deviceId: 'desk' }) };
  answer = { logId, epochs, copy, holders: [], isOutdated: false };
}
const newest = async (epoch: number, secret: string) => ({ epoch, publicKey: await publicOf(epoch, secret) });

it('a key that is here is compared and not asked for; until then it is not agreed upon', async () => {
  await start([FIRST, SECOND]);
  const key = await newest(2, SECOND);
  expect([keys.isAgreed(key), keys.agreedEpoch()]).toEqual([false, null]);
  expect(await keys.fetch(key)).toBe('here');
  expect([keys.isAgreed(key), keys.agreedEpoch(), asked]).toEqual([true, 2, 0]);
  expect(keys.isAgreed(await newest(2, OTHER))).toBe(false);
});

it('a relay that lacks the newest key, or has none, has no other one', async () => {
  await start([FIRST, SECOND]);
  expect(await keys.fetch(await newest(1, FIRST))).toBe('here');
  expect([keys.agreedEpoch(), keys.areOthers()]).toEqual([1, false]);
  expect(await keys.fetch({ epoch: 0, publicKey: null })).toBe('here');
  expect([keys.agreedEpoch(), keys.areOthers(), asked]).toEqual([0, false, 0]);
});

it.each([
  ['the same number', [FIRST, OTHER]],
  ['a later number', [FIRST, OTHER, THIRD]],
  ['a number before it', [OTHER]],
])('where the relay has another key of %s, what was given is refused, and an admin is asked to look again, once', async (_name, theirs) => {
  await start([FIRST, SECOND]);
  await relayHas(theirs, { givenTo: devicePublicKey });
  const key = await newest(theirs.length, theirs.at(-1) ?? '');
  expect([await keys.fetch(key), await keys.fetch(key), await keys.fetch(null)]).toEqual(['missing', 'missing', 'missing']);
  expect([keys.areOthers(), keys.agreedEpoch(), ring.readSecrets()]).toEqual([true, null, [FIRST, SECOND]]);
  expect(told).toEqual([{ path: KEY_COPIES_PATH, body: { epoch: theirs.length, deviceId: 'desk', sealed: NO_COPY, voucher: '' } }]);
  expect(keys.codeSubject()).toEqual({ logId: 'log', firstKey: answer.epochs[0]?.publicKey, newestKey: key.publicKey });
  // Somebody has said that it is the team's.
  await ring.replace(theirs);
  expect(await keys.fetch(key)).toBe('here');
  expect([keys.areOthers(), keys.agreedEpoch()]).toEqual([false, theirs.length]);
});

it('what was agreed upon counts no more once this desktop has another key', async () => {
  await start([FIRST, SECOND]);
  const key = await newest(2, SECOND);
  await keys.fetch(key);
  await ring.replace([FIRST, OTHER]);
  expect([keys.isAgreed(key), keys.agreedEpoch()]).toEqual([false, null]);
});

it('the next key is taken if it begins with those here; where nobody has given it, this desktop waits', async () => {
  await start([FIRST]);
  const key = await newest(2, SECOND);
  await relayHas([FIRST, SECOND]);
  expect(await keys.fetch(key)).toBe('missing');
  await relayHas([FIRST, SECOND], { givenTo: devicePublicKey });
  expect(await keys.fetch(key)).toBe('here');
  expect([ring.readSecrets(), keys.agreedEpoch()]).toEqual([[FIRST, SECOND], 2]);
});

it.each([
  ['has another newest key than the relay names', [FIRST], [FIRST, OTHER]],
  ['has another key before it', [FIRST], [FIRST, OTHER, THIRD]],
  ['goes on where the relay does not', [FIRST], [FIRST, SECOND, OTHER, THIRD]],
  ['is the first one here, and only begins as it should', [], [FIRST, OTHER]],
])('a ring that %s is refused, and this desktop waits on', async (_name, own, given) => {
  await start(own);
  const theirs = given.includes(THIRD) ? [FIRST, SECOND, THIRD] : [FIRST, SECOND];
  await relayHas(theirs);
  answer.copy = { epoch: theirs.length, sealed: await sealRing(given, devicePublicKey, { logId: 'log', deviceId: 'desk' }) };
  const key = await newest(theirs.length, theirs.at(-1) ?? '');
  expect([await keys.fetch(key), await keys.fetch(null)]).toEqual(['missing', 'missing']);
  expect([ring.readSecrets(), keys.isAgreed(key), keys.agreedEpoch()]).toEqual([own, false, null]);
  await relayHas(theirs, { givenTo: devicePublicKey });
  expect(await keys.fetch(key)).toBe('here');
  expect([ring.readSecrets(), keys.isAgreed(key)]).toEqual([theirs, true]);
});

it('whoever waits learns that the relay has another log by now, or fewer keys', async () => {
  await start([FIRST]);
  await relayHas([FIRST, SECOND], { logId: 'restored', givenTo: devicePublicKey });
  expect(await keys.fetch(null)).toBe('moved');
  expect(ring.readSecrets()).toEqual([FIRST]);
  await relayHas([FIRST]);
  expect(await keys.fetch({ epoch: 2, publicKey: null })).toBe('moved');
});

it('a desktop without keys takes those of the workspace that it was shown first, also after the relay was restored; others only on a person’s word', async () => {
  await start([]);
  await relayHas([FIRST]);
  expect([await keys.fetch(null), keys.areOthers()]).toEqual(['missing', false]);
  for (const logId of ['log', 'restored']) {
    await relayHas([OTHER], { logId, givenTo: devicePublicKey });
    expect([await keys.fetch(null), keys.areOthers(), ring.newest()]).toEqual(['missing', true, 0]);
  }
  expect(told).toHaveLength(2);
  await relayHas([FIRST, SECOND], { givenTo: devicePublicKey });
  expect([await keys.fetch(null), keys.areOthers()]).toEqual(['here', false]);
  expect(ring.readSecrets()).toEqual([FIRST, SECOND]);
});

/** Until it is called answers wait; those that are asked for afterwards do not. */
function holdAnswers(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  return () => {
    held = null;
    resolve();
  };
}

it('an answer that was asked for before this desktop connected again is not taken for that of a relay that was put back meanwhile', async () => {
  await start([FIRST, SECOND]);
  await relayHas([FIRST, SECOND]);
  const answerAll = holdAnswers();
  const late = keys.fetch(null);
  // A sum of microtasks later it is under way.
  await expect.poll(() => asked).toBe(1);
  const now = await newest(2, OTHER);
  await relayHas([FIRST, OTHER]);
  held = null;
  keys.beginLine();
  expect(await keys.fetch(now)).toBe('missing');
  expect([keys.areOthers(), asked]).toEqual([true, 2]);
  answerAll();
  expect(await late).toBe('stale');
  expect([keys.areOthers(), keys.agreedEpoch(), keys.codeSubject()?.newestKey]).toEqual([true, null, now.publicKey]);
});

it('the first key of a workspace that this desktop has left is not taken for that of the one that it has joined since', async () => {
  await start([]);
  await relayHas([OTHER]);
  const answerAll = holdAnswers();
  const late = keys.fetch(null);
  await expect.poll(() => asked).toBe(1);
  createSyncQueries(db).becomeDevice('desk-2');
  keys.beginLine();
  answerAll();
  expect(await late).toBe('stale');
  await relayHas([FIRST]);
  expect(await keys.fetch(null)).toBe('missing');
  expect([keys.areOthers(), keys.codeSubject()?.firstKey]).toEqual([false, answer.epochs[0]?.publicKey]);
});
