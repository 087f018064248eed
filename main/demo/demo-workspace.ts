/**
 * The demo workspace: a relay and the stand-in for Meta as programs beside this one, and what a desktop needs to join.
 * Everything lies in one folder and is there again at the next start.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Log } from '../../contract/log.ts';
import { readAnswer, stopProgram, waitUntilReady, type ChildProgram, type ForkProgram } from '../shell/child-program.ts';
import { SECRETS_FILE } from '../shell/file-secrets.ts';
import type { WorkspaceOptions } from '../shell/workspace-options.ts';

const STATE_FILE = 'demo.json';
const RELAY_DIR = 'demo-relay';
const DESKTOP_DIR = 'demo-desktop';
const META_FILE = 'demo-meta.json';
const AGENT_NAME = 'Ana (demo)';
/** Invented; Meta's own are of the same shape. */
const PHONE_NUMBER_ID = '109876500000001';
const WABA_ID = '208765400000001';

const stateSchema = z.object({
  appSecret: z.string(),
  verifyToken: z.string(),
  graphToken: z.string(),
  /** Whether the desktop joined. Noted after the fact, so false may be wrong, true never is: then an invite too many is made. */
  hasJoined: z.boolean(),
});
type DemoState = z.infer<typeof stateSchema>;

export type DemoWorkspace = {
  options: Pick<WorkspaceOptions, 'dataDir' | 'join' | 'number' | 'replacementToken' | 'graphBaseUrl'>;
  /** Another one at every start: the relay takes a free port. */
  relayUrl: string;
  /** To be called when the desktop has opened the workspace: from then on it needs no invite. */
  noteJoined(): void;
  stop(): Promise<void>;
};

/** The data folder of the demo's desktop. */
export const demoDataDir = (dir: string): string => path.join(dir, DESKTOP_DIR);

/** Beside the user's other application data; every operating system has its own place for it. */
export function defaultDemoDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string = os.homedir()): string {
  const base =
    platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? path.join(home, 'AppData/Local'))
      : platform === 'darwin'
        ? path.join(home, 'Library/Application Support')
        : env['XDG_DATA_HOME'] || path.join(home, '.local/share');
  return path.join(base, 'Bandeja', 'demo');
}

/** Forgets the demo in this folder, and touches nothing else that may lie there. */
export function resetDemo(dir: string): void {
  for (const name of [STATE_FILE, META_FILE, RELAY_DIR, DESKTOP_DIR]) rmSync(path.join(dir, name), { recursive: true, force: true });
}

/** @throws Error with a text for people when a program does not start. */
export async function startDemoWorkspace(dir: string, fork: ForkProgram, log: Log): Promise<DemoWorkspace> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const secret = (): string => randomBytes(24).toString('hex');
  const state = readState(dir) ?? { appSecret: secret(), verifyToken: secret(), graphToken: secret(), hasJoined: false };
  writeState(dir, state);

  const relayEnv = { RELAY_DATA_DIR: path.join(dir, RELAY_DIR), RELAY_HOST: '127.0.0.1', RELAY_PORT: '0', META_APP_SECRET: state.appSecret, META_VERIFY_TOKEN: state.verifyToken };
  const running: ['relay' | 'meta', ChildProgram][] = [];
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
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
    const relay = z.object({ url: z.string(), webhook: z.string() }).parse(await run('relay', ['serve'], relayEnv));
    const needsInvite = !state.hasJoined || !existsSync(path.join(demoDataDir(dir), SECRETS_FILE));
    const invite = needsInvite ? z.object({ invite: z.string() }).parse(await readAnswer('relay', fork('relay', ['invite', '--role', 'admin', '--json'], relayEnv))).invite : null;
    const account = ['--phone-number-id', PHONE_NUMBER_ID, '--waba-id', WABA_ID];
    // In the environment: a command line can be read by everyone on this computer.
    const secrets = { META_APP_SECRET: state.appSecret, META_VERIFY_TOKEN: state.verifyToken, GRAPH_TOKEN: state.graphToken };
    const meta = z.object({ url: z.string() }).parse(await run('meta', ['--webhook', relay.webhook, ...account, '--script', 'demo', '--memory', path.join(dir, META_FILE)], secrets));
    return {
      options: {
        dataDir: demoDataDir(dir),
        join: invite === null ? null : { relayUrl: relay.url, invite, agentName: AGENT_NAME, deviceName: 'demo' },
        number: { phoneNumberId: PHONE_NUMBER_ID, wabaId: WABA_ID, graphToken: state.graphToken },
        replacementToken: null,
        graphBaseUrl: meta.url,
      },
      relayUrl: relay.url,
      noteJoined: () => {
        if (!state.hasJoined) writeState(dir, { ...state, hasJoined: true });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readState(dir: string): DemoState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path.join(dir, STATE_FILE), 'utf8')));
  } catch {
    return null;
  }
}

function writeState(dir: string, state: DemoState): void {
  const file = path.join(dir, STATE_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
