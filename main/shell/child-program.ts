/** One of our programs as a child of this one: how the demo's relay and stand-in run. Node and Electron fork differently, hence the port. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '../../contract/log.ts';
import { programFile, type ProgramName } from './program-files.ts';

export type ChildProgram = {
  stdout: Readable;
  /** Resolves with the exit code; null if a signal ended it. */
  exited: Promise<number | null>;
  /** Asks it to end (SIGTERM). */
  kill(): void;
};

/** Starts a program. Invariant: it ends when this process is gone, however that happened. */
export type ForkProgram = (name: ProgramName, args: string[], env?: Record<string, string>) => ChildProgram;

/** Runs in the child before the program itself. The channel alone must not keep a finished program alive. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent("process.once('disconnect', () => { process.kill(process.pid, 'SIGTERM'); setTimeout(() => process.exit(1), 5000).unref(); }); process.channel.unref();")}`;
/** Day-to-day lines of a child's log, which would bury what the person at the terminal has to see. */
const ROUTINE_LOG_LINE = /^\{.*"level":"(?:debug|info)"/;
const STOP_WITHIN_MS = 5_000;

export const forkNodeProgram: ForkProgram = (name, args, env = {}) => {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, programFile(name), ...args], {
    env: { ...process.env, ...env },
    // Own process group: Ctrl+C reaches only us, and we stop the children in the right order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (!ROUTINE_LOG_LINE.test(line)) process.stderr.write(`${line}\n`);
  });
  return {
    stdout: child.stdout!,
    exited: new Promise((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    }),
    kill: () => void child.kill('SIGTERM'),
  };
};

/** Waits for the `{"event":"ready",…}` line and returns it parsed. @throws Error when the program ends before. */
export function waitUntilReady(name: ProgramName, child: ChildProgram): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line) as Record<string, unknown>);
    });
    child.exited.then((code) => reject(new Error(`The ${name} ended with code ${code} before it was ready; the lines above say why.`)), reject);
  });
}

/** Runs a short program to its end. @throws Error when its exit code is not 0. @returns what it printed. */
export async function readOutput(name: ProgramName, child: ChildProgram): Promise<string> {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await child.exited;
  if (code !== 0) throw new Error(`The ${name} ended with code ${code}; the lines above say why.`);
  return Buffer.concat(chunks).toString('utf8');
}

export async function stopProgram(name: ProgramName, child: ChildProgram, log: Log): Promise<void> {
  child.kill();
  const isInTime = await Promise.race([child.exited.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, STOP_WITHIN_MS, false).unref())]);
  if (!isInTime) log('warn', 'program.did_not_stop', { name });
}
