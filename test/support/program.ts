/** Runs one of our command-line programs as a real process and waits for its `{"event":"ready",…}` line. */
import { spawn, type ChildProcess, type ChildProcessByStdio, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** A machine with much else to do starts programs slowly; what never starts is told soon enough. */
const READY_WITHIN_MS = 60_000;
/** Node's arguments for a program whose clock runs CLOCK_SHIFT_MS (environment) ahead. */
export const SHIFTED_CLOCK = ['--import', pathToFileURL(path.join(ROOT, 'test/support/shifted-clock.ts')).href];

const FAILING_DISK = ['--import', pathToFileURL(path.join(ROOT, 'test/support/disk-trouble.ts')).href];
export type Disk = 'full' | 'readonly' | 'fine';

/** `shiftClock`: how far it is ahead of this machine's from now on. `setDisk`: how its databases fare from now on. */
export type ShiftedProgram = Program & { shiftClock(shiftMs: number): Promise<void>; setDisk(disk: Disk): Promise<void> };
export type Program = {
  process: ChildProcess;
  /** The ready line, parsed. */
  ready: Record<string, unknown> & { event: 'ready'; url?: string };
  /** Everything written to stderr so far. */
  stderr(): string;
  /** SIGTERM, then waits; fails if the process has not ended by itself within 10 s. Returns its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, then waits. */
  kill(): Promise<void>;
};

export async function startProgram(entry: string, args: string[] = [], env: NodeJS.ProcessEnv = {}, readyWithinMs = 20_000): Promise<Program> {
  return startProcess([path.join(ROOT, entry), ...args], entry, env, ['ignore', 'pipe', 'pipe'], readyWithinMs);
}

/** A program whose clock the test sets: `shiftMs` ahead of this machine's, from its first moment on. */
export async function startShiftedProgram(entry: string, args: string[], env: NodeJS.ProcessEnv, shiftMs: number): Promise<ShiftedProgram> {
  const program = await startProcess(
    [...SHIFTED_CLOCK, ...FAILING_DISK, path.join(ROOT, entry), ...args],
    entry,
    { ...env, CLOCK_SHIFT_MS: String(shiftMs) },
    ['ignore', 'pipe', 'pipe', 'ipc'],
    READY_WITHIN_MS,
  );
  const tell = async (message: object): Promise<void> => {
    if (!program.process.connected) return;
    const answered = once(program.process, 'message');
    program.process.send(message);
    await answered;
  };
  return {
    ...program,
    shiftClock: (shiftMs) => tell({ shiftMs }),
    setDisk: (disk) => tell({ disk }),
  };
}

async function startProcess(argv: string[], entry: string, env: NodeJS.ProcessEnv, stdio: StdioOptions, readyWithinMs: number): Promise<Program> {
  const child = spawn(process.execPath, argv, { cwd: ROOT, env: { ...process.env, ...env }, stdio }) as ChildProcessByStdio<null, Readable, Readable>;
  const exited = once(child, 'exit');
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ready = await new Promise<Program['ready']>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${entry} was not ready within ${readyWithinMs} ms\n${stderr}`));
    }, readyWithinMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"event":"ready"')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as Program['ready']);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${entry} ended with code ${code} before it was ready\n${stderr}`));
    });
  });
  return {
    process: child,
    ready,
    stderr: () => stderr,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
      clearTimeout(timer);
      if (signal === 'SIGKILL') throw new Error(`${entry} did not end within 10 s of SIGTERM\n${stderr}`);
      return code;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}
