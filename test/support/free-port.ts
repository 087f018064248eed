/** A port for a program that is ended and started again on it. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems give to whoever asks for any (Linux from 32768, macOS and Windows from 49152): nobody takes it while the program is away.
 * Above those to which no browser and no `fetch` goes (the Fetch standard's bad ports; 10080 is the last).
 */
const FIRST = 11_000;
const END = 32_000;
/** Each worker of a test runner has ports of its own: between looking and listening another one would find the same port free. */
const PER_WORKER = 1_000;
const TRIES_MAX = 100;

const worker = Number(process.env['TEST_PARALLEL_INDEX'] ?? process.env['VITEST_POOL_ID'] ?? Math.floor(Math.random() * 1_000));
const first = FIRST + ((worker * PER_WORKER) % (END - FIRST));
let next = Math.floor(Math.random() * PER_WORKER);

export async function findFreePort(): Promise<number> {
  for (let tried = 0; tried < TRIES_MAX; tried += 1) {
    const port = first + next;
    next = (next + 1) % PER_WORKER;
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
