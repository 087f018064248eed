/** `EnginePorts.readFile` in Electron's main process, which alone can start utility processes. The engine's process asks for it. */
import { utilityProcess } from 'electron';
import type { EnginePorts } from '../../engine/ports.ts';
import { programFile } from '../program-files.ts';
import { READER_MEMORY_MB } from '../read-file.ts';

export const readFileInUtility: EnginePorts['readFile'] = (job, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const child = utilityProcess.fork(programFile('file-reader'), [], {
      serviceName: 'Bandeja file reader',
      execArgv: [`--js-flags=--max-old-space-size=${READER_MEMORY_MB}`],
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const kill = (): void => void child.kill();
    const finish = (answer: unknown): void => {
      signal.removeEventListener('abort', kill);
      resolve(answer);
      kill();
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('message', finish);
    child.once('exit', () => finish(null));
    child.postMessage(job);
  });
