/**
 * What the demo keeps in its folder. Invariant: the note of a running demo is only a hint (a killed program leaves it
 * behind); whether it runs is told by the lock of its desktop's folder.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DEMO_COLLEAGUES, type Colleague } from './demo-team.ts';

const STATE_FILE = 'demo.json';
const RUNNING_FILE = 'demo-running.json';
const RELAY_DIR = 'demo-relay';
const DESKTOP_DIR = 'demo-desktop';
const META_FILE = 'demo-meta.json';

const stateSchema = z.object({
  appSecret: z.string(),
  verifyToken: z.string(),
  graphToken: z.string(),
  /** Whether the desktop joined. Noted after the fact, so false may be wrong, true never is: then an invite too many is made. */
  hasJoined: z.boolean(),
  /** The talks of the last sixty days. `begun`: it was cut off, and the folder is good for nothing. */
  past: z.enum(['none', 'begun', 'lived']).default('none'),
  /** Agent ids by the name in `--as`, with `ana`; null until the team is made. */
  team: z.record(z.string(), z.string()).nullable().default(null),
});
export type DemoState = z.infer<typeof stateSchema>;

/** The desktop's tokens travel there. */
const loopbackUrl = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/);
/** The demo that was last seen running: `pid` of the program that everything ends with. Its relay and stand-in have other ports at every start. */
const runningSchema = z.object({ pid: z.number().int().positive(), relayUrl: loopbackUrl, metaUrl: loopbackUrl });
export type RunningDemo = z.infer<typeof runningSchema>;

export const demoRelayDir = (dir: string): string => path.join(dir, RELAY_DIR);
export const demoMetaFile = (dir: string): string => path.join(dir, META_FILE);
/** The data folder of the demo's desktop. */
export const demoDataDir = (dir: string): string => path.join(dir, DESKTOP_DIR);
/** The data folder of a colleague's desktop. */
export const colleagueDataDir = (dir: string, { slug }: Pick<Colleague, 'slug'>): string => path.join(dir, `${DESKTOP_DIR}-${slug}`);
/** Every folder that a desktop may have open. */
export const demoDataDirs = (dir: string): string[] => [demoDataDir(dir), ...DEMO_COLLEAGUES.map((colleague) => colleagueDataDir(dir, colleague))];

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
  const names = [STATE_FILE, RUNNING_FILE, META_FILE, RELAY_DIR].map((name) => path.join(dir, name));
  for (const name of [...names, ...demoDataDirs(dir)]) rmSync(name, { recursive: true, force: true });
}

export const readDemoState = (dir: string): DemoState | null => readJson(path.join(dir, STATE_FILE), stateSchema);
export const writeDemoState = (dir: string, state: DemoState): void => writeJson(dir, STATE_FILE, state);

export const readRunningDemo = (dir: string): RunningDemo | null => readJson(path.join(dir, RUNNING_FILE), runningSchema);
export const writeRunningDemo = (dir: string, running: RunningDemo): void => writeJson(dir, RUNNING_FILE, running);
export const forgetRunningDemo = (dir: string): void => rmSync(path.join(dir, RUNNING_FILE), { force: true });

/** Null when there is none, or none that can be read. */
function readJson<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function writeJson(dir: string, name: string, value: unknown): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, name);
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
