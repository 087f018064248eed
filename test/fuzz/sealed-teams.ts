/** A relay, or a desktop and its relay, whose log is sealed: what the programs are fuzzed on. */
import assert from 'node:assert/strict';
import { derivePublicKey } from '../../contract/sealing/key-ring.ts';
import { isSealed } from '../../contract/sealing/sealed-body.ts';
import { WORKSPACE_KEYS_PATH, type EnrollResponse, type WorkspaceKeys } from '../../contract/wire-http.ts';
import { ask, enrollDevice, postWebhook, readLog, startRelay, textMessage, type TestRelay } from '../integration/relay/relay-harness.ts';
import { startFakeTeam, type FakeTeam } from '../support/fake-team.ts';
import { keysOf, SECRETS } from './sealed-entries.ts';

export type SealedRelay = TestRelay & { admin: EnrollResponse; /** Newest of its keys. */ epoch: number };

/** Here one desktop asks faster than any that the relay would go on serving. */
const FAST = { deviceRequestsMax: Infinity, deviceConnectsMax: Infinity };

/** A body of `POST /api/workspace-keys`. */
export const newKey = async (epoch: number, holders: readonly string[]) => ({
  epoch,
  publicKey: await derivePublicKey(keysOf(epoch)),
  previous: epoch === 1 ? null : 'the one before, sealed',
  copies: holders.map((deviceId) => ({ deviceId, sealed: 'a ring', voucher: 'v' })),
});

/** With a log that has had two keys before anything else was written. */
export async function startSealedRelay(): Promise<SealedRelay> {
  const relay = await startRelay({ limits: FAST });
  const admin = await enrollDevice(relay, 'Ana', { role: 'admin' });
  for (const epoch of [1, 2]) assert.equal((await ask(relay.url, 'POST', WORKSPACE_KEYS_PATH, admin.token, await newKey(epoch, [admin.deviceId]))).status, 200);
  return { ...relay, admin, epoch: 2 };
}

/** Its log is one row after another, with no plain words in it, and it still takes what is sound. */
export async function judgeRelay(relay: TestRelay): Promise<void> {
  assert.equal(await postWebhook(relay.webhookUrl, textMessage(`wamid.sound-${Math.random()}`)), 200);
  const log = await readLog(relay.store);
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, n) => n + 1),
    'the log has no gap',
  );
  assert.deepEqual(
    log.filter(({ kind, body }) => kind !== 'relay' && !isSealed(body)),
    [],
    'nothing is stored in plain words',
  );
  assert.deepEqual(
    relay.logLines.filter((line) => line.includes('"level":"error"')),
    [],
    'nothing failed inside',
  );
}

/** A fake relay whose desktops come with the key of epoch 3. */
export async function startSealedTeam(): Promise<FakeTeam> {
  const team = await startFakeTeam();
  team.relay.state.ring = SECRETS;
  const epochs = await Promise.all(
    SECRETS.map(async (_, n) => ({ epoch: n + 1, publicKey: await derivePublicKey(keysOf(n + 1)), previous: n === 0 ? null : '-', deviceId: 'device', agentId: 'agent', announcedAt: 0 })),
  );
  const keys: WorkspaceKeys = { logId: team.relay.state.logId, epochs, copy: { epoch: SECRETS.length, sealed: 'a ring' }, holders: [], isOutdated: false };
  team.relay.state.answers.set(WORKSPACE_KEYS_PATH, { status: 200, body: keys });
  return team;
}
