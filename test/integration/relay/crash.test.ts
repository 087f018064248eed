import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SNAPSHOT_PART_BYTES } from '../../../contract/wire-http.ts';
import { startProgram } from '../../support/program.ts';
import { APP_SECRET, ask, makeFolder, makeInvite, openStore, postEnroll, postWebhook, readLog, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

const ROUNDS = 3;
const SENDERS = 16;
/** How many are acknowledged before the process is killed, and after how many a sender gives up waiting for the kill. */
const KILL_AFTER = 400;
const SENT_MAX = 20_000;

test(`kill -9 under load, ${ROUNDS} times: every acknowledged webhook is in the log exactly once, and seq has no gap`, async () => {
  await using folder = await makeFolder();
  const acknowledged = new Set<string>();
  let duplicatesSent = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const relay = await startProgram('webhook-relay/cli.ts', ['serve'], { RELAY_DATA_DIR: folder.path, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN });
    const webhookUrl = relay.ready['webhook'] as string;
    const before = acknowledged.size;
    let sent = 0;
    let isKilled = false;
    const sendUntilKilled = async (): Promise<void> => {
      while (!isKilled && sent < SENT_MAX) {
        sent += 1;
        const isRepeat = sent % 10 === 0 && acknowledged.size > 0;
        if (isRepeat) duplicatesSent += 1;
        const wamid = isRepeat ? ([...acknowledged].at(-1) ?? '') : `r${round}.${sent}`;
        const status = await postWebhook(webhookUrl, textMessage(wamid)).catch(() => 0);
        if (status === 200) acknowledged.add(wamid);
      }
    };
    const sending = Array.from({ length: SENDERS }, sendUntilKilled);
    while (acknowledged.size < before + KILL_AFTER && sent < SENT_MAX) await new Promise((resolve) => setImmediate(resolve));
    await relay.kill();
    isKilled = true;
    await Promise.all(sending);
  }

  const store = await openStore(folder.path);
  const log = await readLog(store);
  const stored = log.map(wamidOf);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(new Set(stored).size).toBe(stored.length);
  expect([...acknowledged].filter((wamid) => !stored.includes(wamid))).toEqual([]);
  expect((await store.readStatus()).webhooks).toBe(stored.length);
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * KILL_AFTER);
  expect(duplicatesSent).toBeGreaterThan(0);
  await store.close();
});

test('kill -9 in the middle of a snapshot: its upload continues, and once completed it survives the next kill', async () => {
  await using folder = await makeFolder();
  const start = () => startProgram('webhook-relay/cli.ts', ['serve'], { RELAY_DATA_DIR: folder.path, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN });
  const bytes = randomBytes(SNAPSHOT_PART_BYTES + 1_000);
  const put = async (url: string, token: string, id: string, part: number) =>
    (
      await fetch(`${url}/api/snapshots/${id}/${part}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}` },
        body: bytes.subarray(part * SNAPSHOT_PART_BYTES, (part + 1) * SNAPSHOT_PART_BYTES),
      })
    ).status;

  const store = await openStore(folder.path);
  const invite = await makeInvite(store);
  const { logId } = store;
  await store.close();
  let relay = await start();
  let url = relay.ready.url ?? '';
  const { token } = (await postEnroll(url, { invite, agentName: 'Ana', deviceName: 'laptop' })).json as { token: string };
  const meta = { logId, seq: 1, stateVersion: 1, deviceSeqs: {}, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), digest: '0'.repeat(16) };
  const announce = async () => ((await ask(url, 'POST', '/api/snapshots', token, meta)).json as { id: string }).id;
  const id = await announce();
  expect(await put(url, token, id, 1)).toBe(200);

  await relay.kill();
  relay = await start();
  url = relay.ready.url ?? '';
  expect(await announce()).toBe(id);
  expect(await put(url, token, id, 0)).toBe(200);
  expect((await ask(url, 'POST', `/api/snapshots/${id}`, token)).status).toBe(200);

  await relay.kill();
  relay = await start();
  const parts = await Promise.all([0, 1].map(async (part) => fetch(`${relay.ready.url}/api/snapshots/1/1/${part}`, { headers: { authorization: `Bearer ${token}` } })));
  const read = Buffer.concat(await Promise.all(parts.map(async (response) => Buffer.from(await response.arrayBuffer()))));
  expect(read.equals(bytes)).toBe(true);
  expect(await relay.stop()).toBe(0);
});
