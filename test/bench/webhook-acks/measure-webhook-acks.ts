/**
 * Durable acknowledgements per second through the relay's own process, beside what the machine gives at most (raw-server),
 * what the relay's stack gives when it stores nothing, and what a commit per request gives. Invariant: a run in which the
 * relay's log does not hold exactly what was acknowledged is no result.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { forkAsked } from '../../support/ask-process.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { createFigure, ratioAtLeast, type BenchResult } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import type { Load, LoadResult } from './load-process.ts';
import { readProcessorTime } from './processor-time.ts';

const CONNECTIONS = 64;
const SLOT_SECONDS = 2;
const QUICK_SLOT_SECONDS = 0.25;

type Server = { url: string; pid: number };
/** `processorUs`: processor time of the server for one ack. */
type Sample = LoadResult & { processorUs: number | null };
type Name = 'relay' | 'raw' | 'hmac' | 'naive';
const SERVER_FILES = path.join('test', 'bench', 'webhook-acks');
const ROOT = path.resolve(import.meta.dirname, '../../..');

export async function measureWebhookAcks({ quick, rounds, signal }: Effort): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-acks-'));
  const appSecret = randomBytes(24).toString('hex');
  const relayEnv = { RELAY_HOST: '127.0.0.1', RELAY_PORT: '0', RELAY_DATA_DIR: path.join(folder, 'relay'), META_APP_SECRET: appSecret, META_VERIFY_TOKEN: 'verify-token' };
  const programs: Program[] = [];
  const start = async (entry: string, args: string[], env = {}): Promise<Server> => {
    const program = await startProgram(entry, args, env);
    programs.push(program);
    return { url: String(program.ready.url), pid: program.process.pid ?? 0 };
  };
  const makeDir = (name: string): string => {
    const dir = path.join(folder, name);
    mkdirSync(dir);
    return dir;
  };
  const client = forkAsked<Load, LoadResult>(path.join(import.meta.dirname, 'load-process.ts'));
  try {
    const servers: Record<Name, Server> = {
      relay: await start('webhook-relay/cli.ts', ['serve'], relayEnv),
      raw: await start(path.join(SERVER_FILES, 'raw-server.ts'), [makeDir('raw'), appSecret]),
      hmac: await start(path.join(SERVER_FILES, 'express-server.ts'), ['hmac', folder, appSecret]),
      naive: await start(path.join(SERVER_FILES, 'express-server.ts'), ['naive', makeDir('naive'), appSecret]),
    };
    const acks: Record<Name, number> = { relay: 0, raw: 0, hmac: 0, naive: 0 };
    let slot = 0;
    const load = (name: Name) => async (): Promise<Sample> => {
      slot += 1;
      const { url, pid } = servers[name];
      const before = readProcessorTime(pid);
      const result = await client.ask({ url, appSecret, tag: `bench${String(slot).padStart(5, '0')}`, connections: CONNECTIONS, seconds: quick ? QUICK_SLOT_SECONDS : SLOT_SECONDS });
      if (result.refused > 0) throw new Error(`${name} refused ${result.refused} webhooks`);
      acks[name] += result.acks;
      const after = readProcessorTime(pid);
      return { ...result, processorUs: before === null || after === null ? null : ((after - before) / result.acks) * 1000 };
    };
    const samples = await measureRounds({ relay: load('relay'), raw: load('raw'), hmac: load('hmac'), naive: load('naive') }, { rounds, warmUps: 1, signal });

    const stored = await readStored(servers, relayEnv);
    for (const name of Object.keys(acks) as Name[]) if (stored[name] !== acks[name]) throw new Error(`${name} acknowledged ${acks[name]} webhooks and holds ${stored[name]}`);
    return toResult(samples, { acknowledged: acks.relay, stored: stored.relay });
  } finally {
    client.stop();
    for (const program of programs) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What each of them says it holds; the relay by its own command line. */
async function readStored(servers: Record<Name, Server>, relayEnv: Record<string, string>): Promise<Record<Name, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'webhook-relay/cli.ts'), 'status', '--json'], { env: { ...process.env, ...relayEnv } });
  const { webhooks, duplicates } = JSON.parse(stdout) as { webhooks: number; duplicates: number };
  if (duplicates > 0) throw new Error(`the relay counted ${duplicates} duplicates, but every body was unique`);
  const count = async ({ url }: Server): Promise<number> => Number(await (await fetch(url)).text());
  return { relay: webhooks, raw: await count(servers.raw), hmac: await count(servers.hmac), naive: await count(servers.naive) };
}

function toResult(samples: Record<Name, Sample[]>, checks: BenchResult['checks']): BenchResult {
  const ratesOf = (name: Name): number[] => samples[name].map(({ perSecond }) => perSecond);
  const relay = ratesOf('relay');
  const raw = { name: 'node:http, grouped commit', rounds: ratesOf('raw') };
  const hmac = { name: 'express, signature only', rounds: ratesOf('hmac') };
  const processorOf = (name: Name): number[] => samples[name].flatMap(({ processorUs }) => processorUs ?? []);
  const naive = { name: 'express, commit per request', rounds: ratesOf('naive') };
  return {
    figures: [
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: raw }),
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: hmac, goal: ratioAtLeast(0.8) }),
      createFigure({ name: 'durable acks, relay', unit: 'acks/s', rounds: relay, ceiling: naive, goal: ratioAtLeast(8) }),
      createFigure({ name: 'time to ack, p50', unit: 'ms', rounds: samples.relay.map(({ p50 }) => p50), ceiling: { name: raw.name, rounds: samples.raw.map(({ p50 }) => p50) } }),
      createFigure({ name: 'time to ack, p99', unit: 'ms', rounds: samples.relay.map(({ p99 }) => p99), ceiling: { name: raw.name, rounds: samples.raw.map(({ p99 }) => p99) } }),
      ...(processorOf('relay').length > 0 ? [createFigure({ name: 'processor time per ack', unit: 'µs', rounds: processorOf('relay'), ceiling: { name: raw.name, rounds: processorOf('raw') } })] : []),
    ],
    checks,
    notes: [`${CONNECTIONS} connections, 1.4 kB signed bodies, each unique; the relay's log holds all ${checks['stored']?.toLocaleString('en-US')} acknowledged webhooks, none twice`],
  };
}
