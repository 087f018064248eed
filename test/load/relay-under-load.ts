/** The relay's own process on a log of its own, with a team of many desktops and a past of seven days; and what it says of itself meanwhile. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AppendJob, LogStore } from '../../webhook-relay/log-store/interface.ts';
import { hashDeviceToken, hashInviteCode, makeDeviceToken, makeInviteCode } from '../../webhook-relay/invite-code.ts';
import { openLogStore } from '../../webhook-relay/log-store/open-log-store.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { systemPorts } from '../../webhook-relay/system-ports.ts';
import { createSignedRequests } from '../bench/webhook-acks/signed-requests.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProgram, type Program } from '../support/program.ts';

export type StoreName = 'SQLite' | 'PostgreSQL';
/** `processorSeconds`: used since it began. */
export type Health = { rssMb: number; processorSeconds: number };
export type RelayUnderLoad = {
  url: string;
  appSecret: string;
  tokens: string[];
  logId: string;
  readHead: () => Promise<number>;
  /** Puts these into the log at once, past the relay's process, which finds them as it finds what its command line writes. @returns the head. */
  addWebhooks: (bodies: readonly string[]) => Promise<number>;
  readHealth: () => Promise<Health>;
  /** Connections that the relay ended because they were not read. */
  countCut: () => number;
  /** Lines of the relay's log that are errors. */
  listErrors: () => string[];
  /** Ends the relay; then the log, as it is in the store. */
  readLog: (onEntry: (entry: Awaited<ReturnType<LogStore['readAfter']>>['entries'][number]) => void) => Promise<void>;
  stop: () => Promise<void>;
};

const DAY_MS = 86_400_000;
const PAST_DAYS = 7;
const PER_TRANSACTION = 2_000;
const MB = 2 ** 20;

/** @param backlog entries that the log has before anybody connects, spread over seven days. */
export async function startRelayUnderLoad({ store: name, desktops, backlog }: { store: StoreName; desktops: number; backlog: number }): Promise<RelayUnderLoad> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bandeja-load-'));
  const appSecret = 'app-secret-of-the-load-0123456789';
  const postgres = name === 'PostgreSQL' ? await startPostgres() : undefined;
  let relay: Program | undefined;
  const stop = async (): Promise<void> => {
    await relay?.stop();
    await postgres?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const databaseUrl = await postgres?.place();
    let at = Date.now() - PAST_DAYS * DAY_MS;
    const open = (): Promise<LogStore> => openLogStore({ dataDir: folder, databaseUrl }, { now: () => at, newId: randomUUID, log: () => undefined });
    const store = await open();
    const tokens: string[] = [];
    for (let n = 0; n < desktops; n += 1) tokens.push(await enroll(store, n));
    for (let made = 0; made < backlog; made += PER_TRANSACTION) {
      at = Date.now() - Math.round(PAST_DAYS * DAY_MS * (1 - made / backlog));
      await store.append(makePast(made, Math.min(PER_TRANSACTION, backlog - made)));
    }
    const { logId } = store;
    await store.close();

    const env = {
      RELAY_HOST: '127.0.0.1',
      RELAY_PORT: '0',
      RELAY_DATA_DIR: folder,
      META_APP_SECRET: appSecret,
      META_VERIFY_TOKEN: 'verify-token',
      METRICS_PORT: '0',
      ...(databaseUrl !== undefined && { RELAY_DATABASE_URL: databaseUrl }),
    };
    const program = await startProgram('webhook-relay/cli.ts', ['serve'], env, 60_000);
    relay = program;
    const url = String(program.ready.url);
    return {
      url,
      appSecret,
      tokens,
      logId,
      readHead: async () => ((await (await fetch(`${url}/healthz`)).json()) as { head: number }).head,
      addWebhooks: async (bodies) => {
        at = Date.now();
        const beside = await open();
        try {
          await beside.append([{ kind: 'webhook', items: bodies.map((body) => ({ dedupe: randomBytes(16), body, isUnrecognised: false })) }]);
          return (await beside.readStatus()).head;
        } finally {
          await beside.close();
        }
      },
      readHealth: () => readHealth(String(program.ready['metrics'])),
      countCut: () => program.stderr().split('"it does not read"').length - 1,
      listErrors: () =>
        program
          .stderr()
          .split('\n')
          .filter((line) => line.includes('"level":"error"')),
      readLog: async (onEntry) => {
        await program.stop();
        const after = await open();
        try {
          for (let seq = 0; ;) {
            const { entries } = await after.readAfter(seq, { entries: 5_000, bytes: 50 * MB });
            if (entries.length === 0) return;
            entries.forEach(onEntry);
            seq = entries.at(-1)?.seq ?? seq;
          }
        } finally {
          await after.close();
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function enroll(store: LogStore, n: number): Promise<string> {
  const code = makeInviteCode(systemPorts);
  const token = makeDeviceToken(systemPorts);
  await store.addInvite({ codeHash: hashInviteCode(code), role: 'agent', agentName: null, agentId: null, expiresAt: Number.MAX_SAFE_INTEGER });
  const device = { deviceId: randomUUID(), deviceName: `desktop ${n}`, newAgentId: randomUUID(), agentName: `Agent ${n}` };
  const { status } = await store.enroll({ inviteHash: hashInviteCode(code), tokenHash: hashDeviceToken(token), ...device });
  if (status !== 'enrolled') throw new Error(`the relay's store says ${status}`);
  return token;
}

/** Items as webhooks of the load become them, each with an id of its own. */
function makePast(from: number, count: number): AppendJob[] {
  const tag = 'past0000';
  const request = createSignedRequests('relay', 'secret', tag)();
  const [item] = splitWebhook(request.subarray(request.indexOf('\r\n\r\n') + 4));
  if (!item) throw new Error('a webhook without an item');
  const id = `wamid.${tag}${'1'.padStart(12, '0')}`;
  const items = Array.from({ length: count }, (_, n) => {
    const own = `wamid.${tag}-${String(from + n).padStart(11, '0')}`;
    return { dedupe: createHash('sha256').update(own).digest().subarray(0, 16), body: item.body.replace(id, own), isUnrecognised: false };
  });
  return [{ kind: 'webhook', items }];
}

async function readHealth(metricsUrl: string): Promise<Health> {
  const text = await (await fetch(metricsUrl)).text();
  const read = (metric: string): number => Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1]);
  return { rssMb: read('process_resident_memory_bytes') / MB, processorSeconds: read('process_cpu_seconds_total') };
}
