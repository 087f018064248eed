/** The demo's programs under Electron. Its fuses forbid running the binary as plain Node, hence utility processes. */
import { utilityProcess } from 'electron';
import type { Readable } from 'node:stream';
import { passOnLog, type ForkProgram } from '../child-program.ts';
import { programFile } from '../program-files.ts';

/** They end with this process: their connection to it is what keeps them alive. */
export const forkUtilityProgram: ForkProgram = (name, args, env = {}) => {
  const child = utilityProcess.fork(programFile(name), args, { env: { ...process.env, ...env }, serviceName: `Bandeja ${name}`, stdio: ['ignore', 'pipe', 'pipe'] });
  passOnLog(child.stderr as Readable);
  return { stdout: child.stdout as Readable, exited: new Promise((resolve) => child.once('exit', resolve)), kill: () => void child.kill() };
};
