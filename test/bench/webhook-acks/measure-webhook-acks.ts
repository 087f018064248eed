/**
 * Durable acknowledgements per second through the relay's own process, its log in plain words and sealed, beside what the machine gives at most (raw-server), what the relay's stack gives
 * when it stores nothing, what a commit per request gives, and a relay that passes on and keeps nothing. On slower disks beside the commit per request. Invariant: a run in which a server
 * does not hold exactly what it acknowledged is no result.
 */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { deriveEpochKeys, derivePublicKey, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { forkAsked } from '../../support/ask-process.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { createFigure, ratioAtLeast, type BenchFindings, type Figure } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { makeSlowDisks, type SlowDisk } from '../slow-disk/slow-fsync.ts';
import type { Load, LoadResult } from './load-process.ts';
import { readProcessorTime } from './processor-time.ts';

const CONNECTIONS = 64;
const SLOW_CONNECTIONS = 256;
const SLOT_SECONDS = 2;
const QUICK_SLOT_SECONDS = 0.25;
/** Against a commit per request, by the milliseconds that an fsync takes longer. */
const GOAL_BY_DELAY: Record<number, number> = { 1: 25, 5: 100 };

type Server = { url: string; pid: number; countStored: () => Promise<number> };
/** `processorUs`: processor time of the server for one ack. */
type Sample = LoadResult & { processorUs: number | null };
type Name = 'relay' | 'sealed' | 'raw' | 'hmac' | 'naive' | 'passThrough';
type Slot = { connections: number; quick: boolean; rounds: number; signal: AbortSignal };
const SERVER_FILES = path.join('test', 'bench', 'webhook-acks');
const ROOT = path.resolve(import.meta.dirname, '../../..');

export async function measureWebhookAcks({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const { samples, acks, stored } = await measureServers(['relay', 'sealed', 'raw', 'hmac', 'naive', 'passThrough'], {}, { connections: CONNECTIONS, quick, rounds, signal });
  return toFindings(samples, { acknowledged: acks.relay + acks.sealed, stored: stored.relay + stored.sealed });
}

export async function measureSlowDisk({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-slow-'));
  try {
    const disks = makeSlowDisks(folder);
    if (typeof disks === 'string') return { figures: [], checks: {}, notes: [`skipped: ${disks}`] };
    const figures: Figure[] = [];
    const checks: Record<string, number> = {};
    for (const { delayMs, env } of quick ? disks.slice(0, 1) : disks) figures.push(await measureOnDisk({ delayMs, env }, checks, { connections: SLOW_CONNECTIONS, quick, rounds, signal }));
    return { figures, checks, notes: [`${SLOW_CONNECTIONS} connections; every fsync of both servers takes longer, by a library that is loaded before them`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOnDisk({ delayMs, env }: SlowDisk, checks: BenchFindings['checks'], slot: Slot): Promise<Figure> {
  const { samples, acks } = await measureServers(['relay', 'naive'], env, slot);
  checks[`acknowledged at +${delayMs} ms`] = acks.relay;
  const goal = GOAL_BY_DELAY[delayMs];
  return createFigure({
    name: `durable acks, fsync +${delayMs} ms`,
    unit: 'acks/s',
    rounds: ratesOf(samples.relay),
    ceiling: { name: 'express, commit per request', rounds: ratesOf(samples.naive) },
    ...(goal !== undefined && { goal: ratioAtLeast(goal) }),
  });
}

/** @param env of the servers. @returns of each contender what it gave in each round, how much it acknowledged, and how much it holds, which is the same. */
async function measureServers<N extends Name>(
  names: readonly N[],
  env: NodeJS.ProcessEnv,
  { connections, quick, rounds, signal }: Slot,
): Promise<{ samples: Record<N, Sample[]>; acks: Record<N, number>; stored: Record<N, number> }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-acks-'));
  const appSecret = randomBytes(24).toString('hex');
  const programs: Program[] = [];
  const listeners: IncomingMessage[] = [];
  const start = async (entry: string, args: string[], own = {}): Promise<{ url: string; pid: number }> => {
    const program = await startProgram(entry, args, { ...env, ...own });
    programs.push(program);
    return { url: String(program.ready.url), pid: program.process.pid ?? 0 };
  };
  const startRelay = async (name: string, isSealed: boolean): Promise<Server> => {
    const dataDir = path.join(folder, name);
    if (isSealed) await giveKey(dataDir);
    const relayEnv = { RELAY_HOST: '127.0.0.1', RELAY_PORT: '0', RELAY_DATA_DIR: dataDir, META_APP_SECRET: appSecret, META_VERIFY_TOKEN: 'verify-token' };
    return { ...(await start('webhook-relay/cli.ts', ['serve'], relayEnv)), countStored: () => readStored(relayEnv) };
  };
  const startCounting = async (entry: string, args: string[]): Promise<Server> => {
    const server = await start(entry, args);
    return { ...server, countStored: async () => Number(await (await fetch(server.url)).text()) };
  };
  const makeDir = (name: string): string => {
    const dir = path.join(folder, name);
    mkdirSync(dir);
    return dir;
  };
  const starts: Record<Name, () => Promise<Server>> = {
    relay: () => startRelay('relay', false),
    sealed: () => startRelay('sealed', true),
    raw: () => startCounting(path.join(SERVER_FILES, 'raw-server.ts'), [makeDir('raw'), appSecret]),
    hmac: () => startCounting(path.join(SERVER_FILES, 'express-server.ts'), ['hmac', folder, appSecret]),
    naive: () => startCounting(path.join(SERVER_FILES, 'express-server.ts'), ['naive', makeDir('naive'), appSecret]),
    passThrough: async () => {
      const server = await startCounting(path.join('test', 'bench', 'peers', 'pass-through-server.ts'), []);
      listeners.push(await listen(`${server.url}/events`));
      return server;
    },
  };
  const client = forkAsked<Load, LoadResult>(path.join(import.meta.dirname, 'load-process.ts'));
  try {
    const acks = {} as Record<N, number>;
    const contenders = {} as Record<N, () => Promise<Sample>>;
    const servers = {} as Record<N, Server>;
    let slot = 0;
    for (const name of names) {
      const server = await starts[name]();
      servers[name] = server;
      acks[name] = 0;
      contenders[name] = async () => {
        slot += 1;
        const before = readProcessorTime(server.pid);
        const result = await client.ask({ url: server.url, appSecret, tag: `bench${String(slot).padStart(5, '0')}`, connections, seconds: quick ? QUICK_SLOT_SECONDS : SLOT_SECONDS });
        if (result.refused > 0) throw new Error(`${name} refused ${result.refused} webhooks`);
        acks[name] += result.acks;
        const after = readProcessorTime(server.pid);
        return { ...result, processorUs: before === null || after === null ? null : ((after - before) / result.acks) * 1000 };
      };
    }
    const samples = await measureRounds(contenders, { rounds, warmUps: 1, signal });
    const stored = {} as Record<N, number>;
    for (const name of names) {
      stored[name] = await servers[name].countStored();
      if (stored[name] !== acks[name]) throw new Error(`${name} acknowledged ${acks[name]} webhooks and holds ${stored[name]}`);
    }
    return { samples, acks, stored };
  } finally {
    client.stop();
    for (const listener of listeners) listener.destroy();
    for (const program of programs) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log of a team whose first desktop has made a key. */
async function giveKey(dataDir: string): Promise<void> {
  const store = openSqliteStore({ dataDir, now: Date.now, newId: randomUUID });
  try {
    await store.announceKey({ epoch: 1, publicKey: await derivePublicKey(deriveEpochKeys(1, makeSecret())), previous: null, deviceId: 'device-ana', agentId: 'agent-ana' }, []);
  } finally {
    await store.close();
  }
}

/** What the relay says by its own command line that it holds. */
async function readStored(relayEnv: Record<string, string>): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'webhook-relay/cli.ts'), 'status', '--json'], { env: { ...process.env, ...relayEnv } });
  const { webhooks, duplicates } = JSON.parse(stdout) as { webhooks: number; duplicates: number };
  if (duplicates > 0) throw new Error(`the relay counted ${duplicates} duplicates, but every body was unique`);
  return webhooks;
}

/** Reads what comes and does nothing with it. */
const listen = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, (response) => {
      response.resume();
      response.once('error', () => undefined); // it is destroyed at the end
      resolve(response);
    }).once('error', reject);
  });

const ratesOf = (samples: readonly Sample[]): number[] => samples.map(({ perSecond }) => perSecond);

function toFindings(samples: Record<Name, Sample[]>, checks: BenchFindings['checks']): BenchFindings {
  const relay = ratesOf(samples.relay);
  const raw = { name: 'node:http, grouped commit', rounds: ratesOf(samples.raw) };
  const hmac = { name: 'express, signature only', rounds: ratesOf(samples.hmac) };
  const processorOf = (name: Name): number[] => samples[name].flatMap(({ processorUs }) => processorUs ?? []);
  const naive = { name: 'express, commit per request', rounds: ratesOf(samples.naive) };
  const passThrough = { name: 'a relay that passes on and keeps nothing', rounds: ratesOf(samples.passThrough) };
  const timeOf = (name: Name, part: 'p50' | 'p99'): number[] => samples[name].map((sample) => sample[part]);
  return {
    figures: [
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: raw }),
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: hmac, goal: ratioAtLeast(0.8) }),
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: naive, goal: ratioAtLeast(8) }),
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: passThrough, goal: ratioAtLeast(1.5) }),
      createFigure({ name: 'durable acks, relay with a sealed log', unit: 'acks/s', rounds: ratesOf(samples.sealed), ceiling: { name: 'relay with a plain log', rounds: relay } }),
      createFigure({ name: 'durable acks, relay with a sealed log', unit: 'acks/s', rounds: ratesOf(samples.sealed), ceiling: hmac }),
      ...(['p50', 'p99'] as const).map((part) => createFigure({ name: `time to ack, ${part}`, unit: 'ms', rounds: timeOf('relay', part), ceiling: { name: raw.name, rounds: timeOf('raw', part) } })),
      ...(processorOf('relay').length > 0
        ? [
            createFigure({ name: 'processor time per ack', unit: 'µs', rounds: processorOf('relay'), ceiling: { name: raw.name, rounds: processorOf('raw') } }),
            createFigure({ name: 'processor time per ack', unit: 'µs', rounds: processorOf('relay'), ceiling: { name: hmac.name, rounds: processorOf('hmac') } }),
            createFigure({ name: 'processor time per ack, sealed log', unit: 'µs', rounds: processorOf('sealed'), ceiling: { name: 'relay with a plain log', rounds: processorOf('relay') } }),
          ]
        : []),
    ],
    checks,
    notes: [
      `${CONNECTIONS} connections, 1.4 kB signed bodies, each unique; the relay's logs hold all ${checks['stored']?.toLocaleString('en-US')} acknowledged webhooks, none twice`,
      'what passes on has one listener and checks no signature',
    ],
  };
}
