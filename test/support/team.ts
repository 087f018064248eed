/**
 * A working team on this machine: the relay as a real process, the stand-in for Meta over HTTP, and desktops (engines in
 * this process, or as processes of their own). Everything listens on loopback, on free ports, in one temporary folder.
 */
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Role } from '../../contract/wire.ts';
import type { EngineRouter } from '../../main/engine/api/router.ts';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import type { EnginePorts } from '../../main/engine/ports.ts';
import { hashInviteCode, makeInviteCode } from '../../webhook-relay/invite-code.ts';
import { openLogStore } from '../../webhook-relay/log-store/open-log-store.ts';
import { systemPorts } from '../../webhook-relay/system-ports.ts';
import { createNodePorts } from '../../main/shell/node-ports.ts';
import { APP_ID } from '../../main/demo/meta/app-id.ts';
import { createMetaStandIn, DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID, toStatusDelays, type MetaStandIn } from '../../main/demo/meta/stand-in.ts';
import { confirmDesktops } from './confirm-desktops.ts';
import { findFreePort } from './free-port.ts';
import { startLine, type Line } from './line.ts';
import { SHIFTED_CLOCK, startShiftedProgram, type ShiftedProgram } from './program.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const APP_SECRET = 'app-secret-of-the-tests';
export const VERIFY_TOKEN = 'verify-token';
const INVITE_LASTS_MS = 7 * 24 * 60 * 60 * 1000;

export type Desktop = { engine: Engine; client: RouterClient<EngineRouter>; dataDir: string; stop(): Promise<void> };
export type Team = {
  relay: { url: string; port: number; dataDir: string; program(): ShiftedProgram; kill(): Promise<void>; restart(): Promise<void>; cli(...args: string[]): Promise<string> };
  meta: MetaStandIn;
  /** Options of an engine process that joins this team: for `startProgram('main/engine/cli.ts', …)`. */
  engineArgs(dataDir: string, who?: { name?: string; role?: Role; relayUrl?: string }): Promise<string[]>;
  engineEnv: Record<string, string>;
  /** Flags of the number that the team sends from. */
  numberFlags: string[];
  invite(role?: Role): Promise<string>;
  /** A way to the relay that can be cut: give its `url` to one desktop as `relayUrl`. */
  addLine(): Promise<Line>;
  addDesktop(options?: {
    name?: string;
    role?: Role;
    relayUrl?: string;
    isDemo?: boolean;
    dataDir?: string;
    ports?: Partial<EnginePorts>;
    /** An admin says yes for each desktop that waits for the team's key; false: they do not. */ confirms?: boolean;
  }): Promise<Desktop>;
  makeDataDir(): string;
  /** A webhook of Meta's with this value, signed as it should be. */
  postWebhook(value: Record<string, unknown>, field?: string): Promise<void>;
  /** The clock of relay and Meta from now on: so far ahead of this machine's. */
  shiftClock(shiftMs: number): Promise<void>;
  /** Called by `stop`, before everything else ends. */
  atEnd(end: () => Promise<void>): void;
  stop(): Promise<void>;
};

export async function startTeam({ statusDelayMs = 5, relayEnv = {}, verifyToken }: { statusDelayMs?: number; relayEnv?: Record<string, string>; verifyToken?: string } = {}): Promise<Team> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-team-'));
  const port = await findFreePort();
  const metaPort = await findFreePort();
  const env = {
    RELAY_DATA_DIR: path.join(folder, 'relay'),
    RELAY_HOST: '127.0.0.1',
    RELAY_PORT: String(port),
    META_APP_SECRET: APP_SECRET,
    META_VERIFY_TOKEN: VERIFY_TOKEN,
    META_APP_ID: APP_ID,
    GRAPH_BASE_URL: `http://127.0.0.1:${metaPort}`,
    ...relayEnv,
  };
  let shift = 0;
  const startRelay = () => startShiftedProgram('webhook-relay/cli.ts', ['serve'], env, shift);
  let program = await startRelay();
  const url = `http://127.0.0.1:${port}`;
  const cli = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [...SHIFTED_CLOCK, path.join(ROOT, 'webhook-relay/cli.ts'), ...args], { env: { ...process.env, ...env, CLOCK_SHIFT_MS: String(shift) } })).stdout;
  const meta = createMetaStandIn({
    webhookUrl: `${url}/api/whatsapp/webhook`,
    appSecret: APP_SECRET,
    verifyToken,
    port: metaPort,
    statusDelays: toStatusDelays(statusDelayMs),
    retryBaseMs: 50,
    seed: 1,
    now: () => Date.now() + shift,
  });
  await meta.start();
  // What the command line's `invite` does, without a process of its own for each.
  const invite = async (role: Role = 'agent'): Promise<string> => {
    const now = (): number => Date.now() + shift;
    const store = await openLogStore({ dataDir: env.RELAY_DATA_DIR, databaseUrl: relayEnv['RELAY_DATABASE_URL'] }, { now, newId: systemPorts.newId, log: () => undefined });
    try {
      const code = makeInviteCode(systemPorts);
      await store.addInvite({ codeHash: hashInviteCode(code), role, agentName: null, agentId: null, expiresAt: now() + INVITE_LASTS_MS });
      return code;
    } finally {
      await store.close();
    }
  };
  const numberFlags = ['--phone-number-id', DEFAULT_PHONE_NUMBER_ID, '--waba-id', DEFAULT_WABA_ID];
  const ends: (() => Promise<void>)[] = [];
  const desktops: Desktop[] = [];
  const lines: Line[] = [];
  let dataDirs = 0;
  const makeDataDir = (): string => path.join(folder, `desktop-${(dataDirs += 1)}`);

  return {
    relay: {
      url,
      port,
      dataDir: env.RELAY_DATA_DIR,
      program: () => program,
      kill: () => program.kill(),
      restart: async () => {
        program = await startRelay();
      },
      cli,
    },
    meta,
    invite,
    numberFlags,
    makeDataDir,
    postWebhook: async (value, field = 'messages') => {
      const metadata = { display_phone_number: '50223344550', phone_number_id: DEFAULT_PHONE_NUMBER_ID };
      const body = JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ id: DEFAULT_WABA_ID, time: Math.floor(Date.now() / 1000), changes: [{ field, value: field === 'messages' ? { messaging_product: 'whatsapp', metadata, ...value } : value }] }],
      });
      const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
      const { status } = await fetch(`${url}/api/whatsapp/webhook`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature } });
      if (status !== 200) throw new Error(`the relay answered ${status}`);
    },
    shiftClock: async (shiftMs) => {
      shift = shiftMs;
      await program.shiftClock(shiftMs);
    },
    atEnd: (end) => void ends.push(end),
    engineEnv: { GRAPH_BASE_URL: meta.url(), GRAPH_TOKEN: 'graph-token', API_TOKEN: 'api-token' },
    addLine: async () => {
      const line = await startLine(port);
      lines.push(line);
      return line;
    },
    engineArgs: async (dataDir, { name = 'Ana', role = 'agent', relayUrl = url } = {}) => [
      '--data-dir',
      dataDir,
      '--relay',
      relayUrl,
      '--invite',
      await invite(role),
      '--name',
      name,
      '--api-port',
      '0',
      ...numberFlags,
    ],
    addDesktop: async ({ name = 'Ana', role = 'agent', relayUrl = url, isDemo = false, dataDir = makeDataDir(), ports = {}, confirms = true } = {}) => {
      const engine = createEngine({ dataDir, graphBaseUrl: meta.url(), isDemo, version: '0.0.0' }, { ...createNodePorts(dataDir, () => undefined), ...ports });
      if (!engine.isEnrolled()) await engine.enroll({ relayUrl, invite: await invite(role), agentName: name, deviceName: 'desk' });
      await engine.setNumber({ phoneNumberId: DEFAULT_PHONE_NUMBER_ID, wabaId: DEFAULT_WABA_ID }, 'graph-token');
      await engine.start();
      let isStopped = false;
      const client = createRouterClient(engine.router);
      const ending = new AbortController();
      if (role === 'admin' && confirms) void confirmDesktops(client, ending.signal);
      const desktop: Desktop = {
        engine,
        client,
        dataDir,
        stop: async () => {
          if (isStopped) return;
          isStopped = true;
          ending.abort();
          await engine.stop();
        },
      };
      desktops.push(desktop);
      return desktop;
    },
    stop: async () => {
      for (const end of ends) await end();
      for (const desktop of desktops) await desktop.stop();
      for (const line of lines) await line.stop();
      await meta.stop();
      await program.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
