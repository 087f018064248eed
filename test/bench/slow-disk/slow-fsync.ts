/** Disks that are slower than this machine's, for programs that are started with the environment of one. */
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';

export type SlowDisk = { /** Milliseconds that each fsync takes longer. */ delayMs: number; env: NodeJS.ProcessEnv };

/** As cloud and laptop disks commonly have them. */
const DELAYS_MS = [1, 5];

/** @param folder takes the library, which other users (PostgreSQL's) have to be able to read. @returns why there are none, as a sentence, where there are none. */
export function makeSlowDisks(folder: string): SlowDisk[] | string {
  if (process.platform !== 'linux') return `programs on ${process.platform} take no preloaded library`;
  const library = path.join(folder, 'slow-fsync.so');
  const { status, stderr, error } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, path.join(import.meta.dirname, 'slow-fsync.c'), '-ldl'], { encoding: 'utf8' });
  if (error) return `there is no C compiler (${error.message})`;
  if (status !== 0) return `the C compiler says: ${stderr.trim().split('\n')[0]}`;
  chmodSync(folder, 0o755);
  return DELAYS_MS.map((delayMs) => ({ delayMs, env: { LD_PRELOAD: library, FSYNC_DELAY_US: String(delayMs * 1000) } }));
}
