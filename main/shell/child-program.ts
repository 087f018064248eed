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

/** Runs in the child before the program itself (and in its worker threads, which have no channel). The channel alone must not keep a finished program alive. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent("process.once('disconnect', () => { process.kill(process.pid, 'SIGTERM'); setTimeout(() => process.exit(1), 5000).unref(); }); process.channel?.unref();")}`;
const ROUTINE_LOG_LINE = /^\{.*"level":"(?:debug|info)"/;
const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 2_000;

export const forkNodeProgram: ForkProgram = (name, args, env = {}) => {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, programFile(name), ...args], {
    env: { ...process.env, ...env },
    // Own process group: Ctrl+C reaches only us, and we stop the children in the right order.
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  passOnLog(child.stderr!);
  return {
    stdout: child.stdout!,
    exited: new Promise((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    }),
    kill: () => void child.kill('SIGTERM'),
  };
};

/** A child's log without the day-to-day lines, which would bury what the person at the terminal has to see. */
export function passOnLog(stderr: Readable): void {
  createInterface({ input: stderr }).on('line', (line) => {
    if (!ROUTINE_LOG_LINE.test(line)) process.stderr.write(`${line}\n`);
  });
}

/** Waits for the `{"event":"ready",…}` line and returns it parsed. @throws Error when the program ends before or takes too long. */
export const waitUntilReady = async (name: ProgramName, child: ChildProgram): Promise<unknown> => JSON.parse(await readLine(name, child, (line) => line.startsWith('{"event":"ready"')));

/** Runs a short program that prints one line of JSON and returns it parsed. */
export async function readAnswer(name: ProgramName, child: ChildProgram): Promise<unknown> {
  try {
    return JSON.parse(await readLine(name, child, () => true));
  } finally {
    // A utility process of Electron does not end by itself when it has nothing left to do, and one that hangs never would.
    child.kill();
  }
}

function readLine(name: ProgramName, child: ChildProgram, isWanted: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (isWanted(line)) resolve(line);
    });
    child.exited.then((code) => reject(new Error(`The ${name} ended with code ${code} before it was ready; the lines above say why.`)), reject);
    setTimeout(() => reject(new Error(`The ${name} was not ready within ${READY_WITHIN_MS / 1000} seconds.`)), READY_WITHIN_MS).unref();
  });
}

export async function stopProgram(name: ProgramName, child: ChildProgram, log: Log): Promise<void> {
  child.kill();
  const isInTime = await Promise.race([child.exited.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, STOP_WITHIN_MS, false).unref())]);
  if (!isInTime) log('warn', 'program.did_not_stop', { name });
}
