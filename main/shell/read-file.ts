/**
 * `EnginePorts.readFile` on plain Node. Invariants: the process gets one file and lives no longer than its answer or `signal`; it may
 * read the program's own files only, write none, start nothing, and its memory is limited. Source: https://nodejs.org/api/permissions.html
 */
import { fork } from 'node:child_process';
import type { EnginePorts } from '../engine/ports.ts';
import { programFile, READABLE_BY_FILE_READER } from './program-files.ts';

/** Of JavaScript objects; a document that needs more is an attack or a mistake. */
export const READER_MEMORY_MB = 768;

export const readFileInChild = ({ filename, bytes }: Parameters<EnginePorts['readFile']>[0], signal: AbortSignal, memoryMb = READER_MEMORY_MB): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const child = fork(programFile('file-reader'), [], {
      execArgv: [`--max-old-space-size=${memoryMb}`, '--permission', `--allow-fs-read=${READABLE_BY_FILE_READER}`, '--no-warnings'],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const kill = (): void => void child.kill('SIGKILL');
    const finish = (answer: unknown): void => {
      signal.removeEventListener('abort', kill);
      resolve(answer);
      kill();
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('message', finish);
    child.once('exit', () => finish(null));
    child.once('error', () => finish(null));
    child.send({ filename, bytes }, (error) => {
      if (error) finish(null);
    });
  });
