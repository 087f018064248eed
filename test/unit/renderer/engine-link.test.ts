/** The line to the engine: it comes back by itself, and a call without a line fails at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change } from '../../../contract/entities.ts';
import { joinChanges } from '../../../contract/rules/join-changes.ts';
import { createChangeFeed, EVERYTHING } from '../../../renderer/rpc/change-feed.ts';
import { ConnectionRefused, type Connection } from '../../../renderer/rpc/connect.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createEngineLink, EngineAway } from '../../../renderer/rpc/engine-link.ts';
import { takeSecret } from '../../../renderer/rpc/secret.ts';

const NOTHING: Change = {
  conversations: [],
  sync: false,
  session: false,
  directory: false,
  presence: false,
  conflicts: false,
  account: false,
  templates: false,
  requests: false,
  contacts: false,
  ai: false,
  knowledge: false,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Line = Connection & { hangUp(): void };
function createLine(): Line {
  let hangUp = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    hangUp = resolve;
  });
  return { link: { call: () => Promise.resolve('answer') }, closed, close: () => hangUp(), hangUp };
}
const flush = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('a call goes through while there is a line and fails at once while there is none', async () => {
  const line = createLine();
  const link = createEngineLink({ connect: () => Promise.resolve(line), now: () => 0 });
  await expect(link.link.call([], null, { context: {} })).rejects.toBeInstanceOf(EngineAway);
  link.start();
  await flush();
  expect(link.state.getState()).toEqual({ status: 'up' });
  await expect(link.link.call([], null, { context: {} })).resolves.toBe('answer');
  line.hangUp();
  await flush();
  expect(link.state.getState()).toEqual({ status: 'down', retryAt: 250, isLasting: false });
  await expect(link.link.call([], null, { context: {} })).rejects.toBeInstanceOf(EngineAway);
});

test('pauses grow to five seconds and begin anew after a line that stood', async () => {
  const attempts: number[] = [];
  let isThere = false;
  const startedAt = Date.now();
  const line = createLine();
  const link = createEngineLink({
    connect: () => {
      attempts.push(Date.now() - startedAt);
      return isThere ? Promise.resolve(line) : Promise.reject(new Error('nobody'));
    },
    now: () => 0,
  });
  link.start();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(attempts).toEqual([0, 250, 750, 1750, 3750, 7750, 12_750]);
  isThere = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(link.state.getState().status).toBe('up');
  isThere = false;
  line.hangUp();
  await flush();
  expect(link.state.getState()).toEqual({ status: 'down', retryAt: 250, isLasting: false });
  link.stop();
});

test('an engine that does not come back is told apart from one that restarts, until it is back', async () => {
  let isThere = true;
  let line = createLine();
  const link = createEngineLink({ connect: () => (isThere ? Promise.resolve((line = createLine())) : Promise.reject(new Error('nobody'))), now: () => 0 });
  link.start();
  await flush();
  isThere = false;
  line.hangUp();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(link.state.getState()).toMatchObject({ status: 'down', isLasting: false });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(link.state.getState()).toMatchObject({ status: 'down', isLasting: true });
  isThere = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(link.state.getState()).toEqual({ status: 'up' });
  isThere = false;
  line.hangUp();
  await flush();
  expect(link.state.getState()).toMatchObject({ status: 'down', isLasting: false });
  link.stop();
});

test('a refused secret is told apart from an engine that is away', async () => {
  const link = createEngineLink({ connect: () => Promise.reject(new ConnectionRefused()), now: () => 0 });
  link.start();
  await flush();
  expect(link.state.getState()).toEqual({ status: 'refused' });
  link.stop();
});

test('changes are told once a frame, and everything is told after each new line', async () => {
  const queue: Change[] = [];
  let wake = (): void => undefined;
  const client = {
    events: {
      watch: () =>
        Promise.resolve(
          (async function* () {
            for (;;) {
              const next = queue.shift();
              if (next) yield next;
              else await new Promise<void>((resolve) => (wake = resolve));
            }
          })(),
        ),
    },
  } as unknown as EngineClient;
  const frames: (() => void)[] = [];
  const told: Change[] = [];
  const link = createEngineLink({ connect: () => Promise.resolve(createLine()), now: () => 0 });
  const feed = createChangeFeed({ client, link, nextFrame: (callback) => frames.push(callback) });
  feed.subscribe((change) => told.push(change));
  feed.start();
  link.start();
  await flush();
  frames.splice(0).forEach((frame) => frame());
  expect(told).toEqual([EVERYTHING]);
  queue.push({ ...NOTHING, conversations: ['a'] }, { ...NOTHING, conversations: ['b', 'a'], sync: true });
  wake();
  await flush();
  expect(frames).toHaveLength(1);
  frames[0]!();
  expect(told[1]).toEqual({ ...NOTHING, conversations: ['a', 'b'], sync: true });
  link.stop();
});

test('merging keeps "all"', () =>
  expect(joinChanges({ ...NOTHING, conversations: 'all' }, { ...NOTHING, conversations: ['a'], session: true })).toEqual({ ...NOTHING, conversations: 'all', session: true }));

test('the secret leaves the address and stays for a reload', () => {
  const stored = new Map<string, string>();
  const sessionStorage = { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) };
  const replaced: unknown[] = [];
  const page = (hash: string) => ({ location: { hash, pathname: '/', search: '?x' }, history: { replaceState: (...args: unknown[]) => void replaced.push(args[2]) }, sessionStorage });
  expect(takeSecret(page(''))).toBeNull();
  expect(takeSecret(page('#k=abc-_1'))).toBe('abc-_1');
  expect(replaced).toEqual(['/?x']);
  expect(takeSecret(page(''))).toBe('abc-_1');
  expect(takeSecret(page('#other'))).toBe('abc-_1');
});
