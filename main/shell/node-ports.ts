/** The engine's ports on plain Node: for the browser shell and the command line. The only place of clock, ids and chance. */
import { v7 } from 'uuid';
import { createLog, type Log } from '../../contract/log.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { createFileSecrets } from './file-secrets.ts';
import { readFileInChild } from './read-file.ts';

/** Log lines on stderr: stdout belongs to the ready line. */
export const createStderrLog = (program: string): Log =>
  createLog(
    (line) => process.stderr.write(`${line}\n`),
    () => Date.now(),
    program,
  );

export function createNodePorts(dataDir: string, log: Log): EnginePorts {
  return {
    clock: { now: () => Date.now() },
    ids: { next: () => v7() },
    random: () => Math.random(),
    fetch: globalThis.fetch,
    secrets: createFileSecrets(dataDir, log),
    keysKept: 'file',
    log,
    readFile: readFileInChild,
    showBadge: () => undefined,
    showNotice: null,
  };
}
