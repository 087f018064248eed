/** What a desktop shows and takes while it waits for the workspace's key. */
import { beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncState } from '../../../contract/entities.ts';
import { deriveEpochKeys, derivePublicKey, makeSecret, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { WorkspaceKeys } from '../../../contract/wire-http.ts';
import type { SyncMeta } from '../../../main/engine/db/sync-queries.ts';
import { linkSecret } from '../../../main/engine/keys/linked-secrets.ts';
import { writeRecoveryCode } from '../../../main/engine/keys/recovery-code.ts';
import type { Secrets } from '../../../main/engine/ports.ts';
import { makeDeviceKey } from '../../../main/engine/sync/device-key.ts';
import { createWorkspaceRing, type WorkspaceRing } from '../../../main/engine/sync/workspace-ring.ts';
import { createKeyReceiver, type KeyReceiver } from '../../../main/engine/team/key-receiver.ts';
import { waitUntil } from '../../support/wait-until.ts';

const [FIRST, SECOND, OTHER] = [makeSecret(), makeSecret(), makeSecret()];

let ring: WorkspaceRing;
let receiver: KeyReceiver;
let state: SyncState['state'];
let logId: string;
let answer: WorkspaceKeys;
/** What lies at the relay for this desktop. */
let given: RingSecrets | null;
/** What was done once a key was here. */
let done: string[];
/** The line is cut before the relay has the desktop's own copy. */
let isCut: boolean;
beforeEach(async () => {
  [state, logId, given, done, isCut] = ['waiting_for_key', 'log', null, [], false];
  const kept = new Map<string, string>([['device-key', (await makeDeviceKey()).privateKey]]);
  const secrets: Secrets = { get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value), delete: async (name) => void kept.delete(name) };
  ring = createWorkspaceRing(secrets);
  await ring.take([FIRST, SECOND]);
  await relayHas([FIRST, OTHER]);
  receiver = createKeyReceiver({
    ring,
    secrets,
    http: { call: async (_request, schema) => schema.parse(answer) },
    queries: { readMeta: () => ({ deviceId: 'desk' }) as SyncMeta },
    relay: { reconnect: () => void done.push('reconnect'), state: () => ({ state, lastContactAt: null, head: 0, retryAt: null, isKeyLost: false, oldRelay: null }) },
    relayKeys: {
      codeSubject: () => ({ logId, firstKey: answer.epochs[0]?.publicKey ?? '', newestKey: answer.epochs.at(-1)?.publicKey ?? '' }),
      openCopy: () => Promise.resolve(given),
    },
    keeper: {
      noteReplaced: () => void done.push('replaced'),
      putOwn: async (epoch, of) => {
        if (isCut) throw new AppError('OFFLINE');
        done.push(`put ${epoch} of ${of}`);
      },
    },
    noteRecovered: ({ epoch }) => void done.push(`recovered ${epoch}`),
    onChange: () => undefined,
    log: () => undefined,
  });
});

async function relayHas(secrets: RingSecrets): Promise<void> {
  const epochs = await Promise.all(
    secrets.map(async (secret, index) => ({
      epoch: index + 1,
      publicKey: await derivePublicKey(deriveEpochKeys(index + 1, secret)),
      previous: index === 0 ? null : linkSecret(secrets[index - 1] ?? '', secret, index + 1),
      deviceId: 'eva',
      agentId: 'eva',
      announcedAt: 0,
    })),
  );
  answer = { logId, epochs, copy: null, holders: [], isOutdated: false };
}
async function shown(): Promise<string> {
  receiver.look();
  return waitUntil('it shows its code', () => receiver.ownCode());
}
const codeOf = (secret: string): string => writeRecoveryCode(Buffer.from(secret, 'base64url'));
const isAsBefore = (): boolean => ring.readSecrets()[1] === SECOND && done.length === 0;

it('shows another code when the relay’s key is another one, and when it waits another time, for another log', async () => {
  const first = await shown();
  expect(await shown()).toBe(first);
  await relayHas([FIRST, OTHER, makeSecret()]);
  receiver.look();
  const second = await waitUntil('it shows another code', () => (receiver.ownCode() === first ? null : receiver.ownCode()));
  state = 'live';
  receiver.look();
  expect(receiver.ownCode()).toBeNull();
  [state, logId] = ['waiting_for_key', 'other log'];
  expect([first, second]).not.toContain(await shown());
});

it('takes the relay’s key in the place of its own when it was given and the code that was compared is the one of that key', async () => {
  const code = await shown();
  await expect(receiver.accept({ code })).rejects.toMatchObject({ code: 'KEY_NOT_GIVEN' });
  // What somebody else has sealed to it, who knows the first key as well.
  for (given of [[FIRST, makeSecret()], [FIRST], [FIRST, OTHER, makeSecret()]]) await expect(receiver.accept({ code })).rejects.toMatchObject({ code: 'KEY_NOT_GIVEN' });
  given = [FIRST, OTHER];
  await expect(receiver.accept({ code: code.replace(/^./, (digit) => (digit === '7' ? '8' : '7')) })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect(isAsBefore()).toBe(true);
  await receiver.accept({ code });
  expect(ring.readSecrets()).toEqual([FIRST, OTHER]);
  expect(done).toEqual(['replaced', 'put 2 of log', 'reconnect']);
});

it('takes no key that came after the code was compared', async () => {
  const code = await shown();
  await relayHas([FIRST, makeSecret()]);
  given = [FIRST, OTHER];
  await expect(receiver.accept({ code })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect(isAsBefore()).toBe(true);
});

it('takes what is on paper if the relay’s newest key is made from it', async () => {
  await expect(receiver.recover({ code: 'no code' })).rejects.toMatchObject({ code: 'RECOVERY_WRONG' });
  for (const old of [FIRST, SECOND]) await expect(receiver.recover({ code: codeOf(old) })).rejects.toMatchObject({ code: 'RECOVERY_OLD' });
  expect(isAsBefore()).toBe(true);
  await receiver.recover({ code: codeOf(OTHER) });
  expect(ring.readSecrets()).toEqual([FIRST, OTHER]);
  expect(done).toEqual(['recovered 2', 'replaced', 'put 2 of log', 'reconnect']);
});

it('has on record that its key came from paper before it uses it, also where the line is cut then', async () => {
  isCut = true;
  await expect(receiver.recover({ code: codeOf(OTHER) })).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(ring.readSecrets()).toEqual([FIRST, OTHER]);
  expect(done).toEqual(['recovered 2', 'replaced']);
});
