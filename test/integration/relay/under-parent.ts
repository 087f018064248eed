/** Starts one of our programs as a child with an IPC channel of a process that can be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** It holds the program's pipes, so that with it also their readers are gone. */
const PARENT = `
  const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.stdout.pipe(process.stdout);
  child.stderr.resume();
`;

/** @returns when the program is ready. `killParent`: SIGKILL, then waits. */
export async function startUnderParent(entry: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ url: string; killParent: () => Promise<void> }> {
  const parent = spawn(process.execPath, ['-e', PARENT, '--', path.join(ROOT, entry), ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const killParent = async (): Promise<void> => {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  };
  return { url: (JSON.parse(line) as { url: string }).url, killParent };
}
