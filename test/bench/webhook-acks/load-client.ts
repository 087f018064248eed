/** Drives the process that makes the load. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Load, LoadResult } from './load-process.ts';

export type LoadClient = { run(load: Load): Promise<LoadResult>; stop(): void };

export function createLoadClient(): LoadClient {
  const child = fork(path.join(import.meta.dirname, 'load-process.ts'));
  return {
    run: async (load) => {
      const settled = new AbortController();
      const { signal } = settled;
      child.send(load);
      try {
        const answered = once(child, 'message', { signal }).then(([result]) => result as LoadResult);
        const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the load process ended before its time')));
        ended.catch(() => undefined);
        return await Promise.race([answered, ended]);
      } finally {
        settled.abort();
      }
    },
    stop: () => void child.kill(),
  };
}
