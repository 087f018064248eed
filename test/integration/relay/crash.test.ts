import { expect, test } from 'vitest';
import { startProgram } from '../../support/program.ts';
import { APP_SECRET, makeFolder, openStore, postWebhook, readLog, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

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

  const store = openStore(folder.path);
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
