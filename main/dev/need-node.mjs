/**
 * Finds a Node that can run the program. Plain JavaScript that Node 20 understands. Invariant: nothing that opens SQLite
 * runs on an older Node, where the native part crashes the process without a message.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { onNpmGone } from './watch-npm.mjs';

export const ROOT = path.resolve(import.meta.dirname, '../..');
/** What Node has compiled once, the next start need not compile again: half of what starting the programs costs. */
process.env['NODE_COMPILE_CACHE'] ??= path.join(ROOT, 'out/compile-cache');
const NODE_MAJOR = 24;
const EARLY_MS = 10_000;

/** Path of a Node 24: this one, or the one that the installation brought along (Linux x64). Explains and exits when there is none. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const installed = path.join(ROOT, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(installed)) return installed;
  console.error(`Bandeja needs Node.js ${NODE_MAJOR} or newer; this is ${process.version}. Install it from https://nodejs.org and start again.`);
  process.exit(1);
}

/**
 * Runs a command in this process's place: signals go on to it, its exit code becomes ours, and when our own parent (npm)
 * is gone it ends too.
 * @param onEarlyFailure instead of ending, when the command fails by itself within 10 seconds.
 */
export function runInPlace(command, args, onEarlyFailure = null) {
  const startedAt = Date.now();
  // The channel tells our own programs when this process has been killed.
  const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  let isAskedToEnd = false;
  const end = (signal) => {
    isAskedToEnd = true;
    // In a terminal Ctrl+C reaches the child by itself.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, end);
  onNpmGone(() => end('SIGTERM'));
  child.on('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (onEarlyFailure && code !== 0 && !isAskedToEnd && Date.now() - startedAt < EARLY_MS) return onEarlyFailure();
    process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1));
  });
}
