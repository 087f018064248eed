/** A relay's log store and nothing around it, as a process: appends webhooks as fast as they are committed, so many on their way at a time. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createGroupCommit } from '../../../webhook-relay/group-commit.ts';
import type { AppendJob, AppendResult, LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { openLogStore } from '../../../webhook-relay/log-store/open-log-store.ts';
import { answerAsks } from '../../support/ask-process.ts';
import { percentile } from '../statistics.ts';

/** `isGrouped`: what comes meanwhile is committed together, as the relay does; else each by itself. `bodyBytes`: of each. */
export type AppendAsk = { dataDir: string; databaseUrl: string | null; isGrouped: boolean; underWay: number; bodyBytes: number; seconds: number };
/** Times in ms. `stored`: by the store's own count, since it was opened. */
export type AppendAnswer = { perSecond: number; p50: number; p99: number; appended: number; stored: number };

/** As the relay limits its groups (server.ts). */
const GROUP = { maxJobs: 512, maxBytes: 8 * 1024 * 1024 };

async function append({ dataDir, databaseUrl, isGrouped, underWay, bodyBytes, seconds }: AppendAsk): Promise<AppendAnswer> {
  const store = await openLogStore({ dataDir, databaseUrl: databaseUrl ?? undefined }, { now: Date.now, newId: randomUUID, log: () => undefined });
  try {
    const { webhooks: before } = await store.readStatus();
    const found = await appendFor(isGrouped ? createGroups(store) : createTurns(store), { underWay, body: JSON.stringify({ text: 'x'.repeat(bodyBytes) }).slice(0, bodyBytes), seconds });
    return { ...found, stored: (await store.readStatus()).webhooks - before };
  } finally {
    await store.close();
  }
}

const createGroups = (store: LogStore): ((job: AppendJob) => Promise<AppendResult>) => {
  const { submit } = createGroupCommit<AppendJob, AppendResult>({ ...GROUP, commit: store.append, bytesOf: (job) => (job.kind === 'webhook' ? (job.items[0]?.body.length ?? 0) : 0) });
  return submit;
};

/** Each in a transaction of its own, one after the other: a log has one order. */
const createTurns = (store: LogStore): ((job: AppendJob) => Promise<unknown>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    last = last.then(async () => {
      await new Promise((resolve) => setImmediate(resolve)); // as a server that answers in between
      return store.append([job]);
    });
    return last;
  };
};

async function appendFor(submit: (job: AppendJob) => Promise<unknown>, { underWay, body, seconds }: { underWay: number; body: string; seconds: number }): Promise<Omit<AppendAnswer, 'stored'>> {
  const times: number[] = [];
  let appended = 0;
  const from = performance.now();
  const endsAt = from + seconds * 1000;
  const keepBusy = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const at = performance.now();
      await submit({ kind: 'webhook', items: [{ dedupe: randomBytes(16), body, isUnrecognised: false }] });
      appended += 1;
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: underWay }, keepBusy));
  return { perSecond: (appended / (performance.now() - from)) * 1000, p50: percentile(times, 0.5), p99: percentile(times, 0.99), appended };
}

answerAsks(append);
