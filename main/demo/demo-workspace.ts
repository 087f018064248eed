/**
 * The demo workspace: a relay and the stand-in for Meta as programs beside this one, and what a desktop needs to join.
 * Everything lies in one folder and is there again at the next start.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import type { Log } from '../../contract/log.ts';
import { readAnswer, stopProgram, waitUntilReady, type ChildProgram, type ForkProgram } from '../shell/child-program.ts';
import { createFileSecrets } from '../shell/file-secrets.ts';
import type { WorkspaceOptions } from '../shell/workspace-options.ts';
import { colleagueDataDir, demoDataDir, demoMetaFile, demoRelayDir, forgetRunningDemo, readDemoState, readRunningDemo, writeDemoState, writeRunningDemo, type DemoState } from './demo-folder.ts';
import { DEMO_ME, type Colleague } from './demo-team.ts';
import { APP_ID } from './meta/app-id.ts';

const DEVICE_NAME = 'demo';
/** Invented; Meta's own are of the same shape. */
const PHONE_NUMBER_ID = '109876500000001';
const WABA_ID = '208765400000001';
const WATCH_EVERY_MS = 500;

/** One desktop of the demo, as a host opens it. */
export type DemoDesktop = {
  options: Pick<WorkspaceOptions, 'dataDir' | 'join' | 'number' | 'replacementToken' | 'graphBaseUrl'>;
  /** Another one at every start: the relay takes a free port. */
  relayUrl: string;
  /** To be called when the desktop has opened the workspace. */
  noteOpened(): void;
  /** Resolves when the demo that this desktop belongs to has ended; never for the demo's own. */
  ended: Promise<void>;
  stop(): Promise<void>;
};
export type DemoWorkspace = DemoDesktop & {
  /** Whether colleagues, labels and the rest have been made. */
  hasTeam: boolean;
  /** Agent ids by slug. */
  noteTeam(team: Record<string, string>): void;
};

/** What the demo in this folder is known by; made at its beginning. */
export function readOrMakeState(dir: string): DemoState {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const secret = (): string => randomBytes(24).toString('hex');
  const state: DemoState = readDemoState(dir) ?? { appSecret: secret(), verifyToken: secret(), graphToken: secret(), hasJoined: false, past: 'none', team: null };
  writeDemoState(dir, state);
  return state;
}

const relayEnvOf = (dir: string, state: DemoState, metaPort: number): Record<string, string> => ({
  RELAY_DATA_DIR: demoRelayDir(dir),
  RELAY_HOST: '127.0.0.1',
  RELAY_PORT: '0',
  META_APP_SECRET: state.appSecret,
  META_VERIFY_TOKEN: state.verifyToken,
  META_APP_ID: APP_ID,
  GRAPH_BASE_URL: `http://127.0.0.1:${metaPort}`,
});
const NUMBER = { phoneNumberId: PHONE_NUMBER_ID, wabaId: WABA_ID };
const relayReadySchema = z.object({ url: z.string(), webhook: z.string() });

/** What living through the past of a new demo needs (`main/shell/live-past.ts`). */
export async function preparePast(dir: string, state: DemoState, fork: ForkProgram, log: Log) {
  const metaPort = await findFreePort();
  return {
    desktop: { dataDir: demoDataDir(dir), number: { ...NUMBER, graphToken: state.graphToken } },
    startRelay: async (env: Record<string, string>) => {
      const child = fork('past-relay', [], { ...relayEnvOf(dir, state, metaPort), ...env });
      const { url, webhook } = relayReadySchema.parse(await waitUntilReady('past-relay', child));
      return { url, webhook, stop: () => stopProgram('past-relay', child, log) };
    },
    invite: () => makeInvite(dir, fork, ['--role', DEMO_ME.role]),
    meta: { ...NUMBER, port: metaPort, appSecret: state.appSecret, verifyToken: state.verifyToken, token: state.graphToken, templates: 'demo' as const, memoryFile: demoMetaFile(dir) },
  };
}

/** @throws Error with a text for people when a program does not start. */
export async function startDemoWorkspace(dir: string, fork: ForkProgram, log: Log): Promise<DemoWorkspace> {
  let state = readOrMakeState(dir);
  const remember = (change: Partial<DemoState>): void => {
    state = { ...state, ...change };
    writeDemoState(dir, state);
  };

  // Relay and stand-in have to know each other's address before either is there.
  const metaPort = await findFreePort();
  const relayEnv = relayEnvOf(dir, state, metaPort);
  const running: ['relay' | 'meta', ChildProgram][] = [];
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    forgetRunningDemo(dir);
    for (const [name, child] of running.toReversed()) await stopProgram(name, child, log);
  };
  const run = async (name: 'relay' | 'meta', args: string[], env: Record<string, string>): Promise<unknown> => {
    const child = fork(name, args, env);
    running.push([name, child]);
    const ready = await waitUntilReady(name, child);
    void child.exited.then((code) => {
      if (!isStopping) log('error', 'demo.program_ended', { name, code });
    });
    return ready;
  };

  try {
    const relay = relayReadySchema.parse(await run('relay', ['serve'], relayEnv));
    const needsInvite = !state.hasJoined || !(await hasPlace(demoDataDir(dir), log));
    const agentId = state.team?.[DEMO_ME.slug];
    const invite = needsInvite ? await makeInvite(dir, fork, agentId === undefined ? ['--role', DEMO_ME.role] : ['--agent', agentId]) : null;
    const account = ['--phone-number-id', PHONE_NUMBER_ID, '--waba-id', WABA_ID];
    // In the environment: a command line can be read by everyone on this computer.
    const secrets = { META_APP_SECRET: state.appSecret, META_VERIFY_TOKEN: state.verifyToken, GRAPH_TOKEN: state.graphToken };
    const meta = z
      .object({ url: z.string() })
      .parse(await run('meta', ['--port', String(metaPort), '--webhook', relay.webhook, ...account, '--script', 'demo', '--templates', 'demo', '--memory', demoMetaFile(dir)], secrets));
    return {
      options: {
        dataDir: demoDataDir(dir),
        join: invite === null ? null : { relayUrl: relay.url, invite, agentName: DEMO_ME.name, deviceName: DEVICE_NAME },
        number: { ...NUMBER, graphToken: state.graphToken },
        replacementToken: null,
        graphBaseUrl: meta.url,
      },
      relayUrl: relay.url,
      noteOpened: () => {
        if (!state.hasJoined) remember({ hasJoined: true });
        writeRunningDemo(dir, { pid: process.pid, relayUrl: relay.url, metaUrl: meta.url });
      },
      ended: new Promise(() => undefined),
      stop,
      hasTeam: state.team !== null,
      noteTeam: (team) => remember({ team, hasJoined: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A colleague's desktop on the demo that runs. It gets number and token from Ana's desktop, like any other.
 * @throws Error with a text for people.
 */
export async function joinRunningDemo(dir: string, colleague: Colleague, fork: ForkProgram, log: Log): Promise<DemoDesktop> {
  const running = readRunningDemo(dir);
  if (!running) throw new Error(NOT_RUNNING);
  const agentId = readDemoState(dir)?.team?.[colleague.slug];
  if (agentId === undefined) throw new Error(`This demo has no ${colleague.name} yet. End it (Ctrl+C) and start it again.`);
  const dataDir = colleagueDataDir(dir, colleague);
  const invite = (await hasPlace(dataDir, log)) ? null : await makeInvite(dir, fork, ['--agent', agentId]);
  const ended = Promise.withResolvers<void>();
  const watch = setInterval(() => {
    if (!isAlive(running.pid)) ended.resolve();
  }, WATCH_EVERY_MS);
  return {
    options: {
      dataDir,
      join: invite === null ? null : { relayUrl: running.relayUrl, invite, agentName: colleague.name, deviceName: `${DEVICE_NAME} ${colleague.slug}` },
      number: null,
      replacementToken: null,
      graphBaseUrl: running.metaUrl,
    },
    relayUrl: running.relayUrl,
    noteOpened: () => undefined,
    ended: ended.promise,
    stop: async () => clearInterval(watch),
  };
}

export const NOT_RUNNING = 'The demo is not running here. Start it first with npm start, leave it open, and run this in a second terminal.';

/** Whether this folder has joined and can still show it. */
const hasPlace = async (dataDir: string, log: Log): Promise<boolean> => (await createFileSecrets(dataDir, log).get('device-token')) !== null;

const makeInvite = async (dir: string, fork: ForkProgram, whom: string[]): Promise<string> =>
  z.object({ invite: z.string() }).parse(await readAnswer('relay', fork('relay', ['invite', ...whom, '--json'], { RELAY_DATA_DIR: demoRelayDir(dir) }))).invite;

/** Free a moment ago: the system gives the same one out again only after many others. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('This computer gives out no free port.');
  return address.port;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
