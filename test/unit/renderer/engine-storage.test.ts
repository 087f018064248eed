import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngineStorage, createMemoryStorage, moveKept, takeBack } from '../../../renderer/lock/engine-storage.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('gives back at once what is set, and the engine gets the last of it together', async () => {
  const saved: Record<string, string | null>[] = [];
  const { storage } = createEngineStorage({ 'bandeja.old': 'kept', 'bandeja.gone': 'x' }, async (changes) => saved.push(changes));
  expect(storage.getItem('bandeja.old')).toBe('kept');
  storage.setItem('bandeja.a', '1');
  storage.setItem('bandeja.a', '2');
  storage.removeItem('bandeja.gone');
  storage.setItem('bandeja.old', 'kept');
  expect([storage.getItem('bandeja.a'), storage.getItem('bandeja.gone'), storage.length, storage.key(1)]).toEqual(['2', null, 2, 'bandeja.a']);
  await vi.advanceTimersByTimeAsync(300);
  expect(saved).toEqual([{ 'bandeja.a': '2', 'bandeja.gone': null }]);
});

test('what could not be saved is tried again, unless it was changed since', async () => {
  const saved: Record<string, string | null>[] = [];
  let isAway = true;
  const { storage, flush } = createEngineStorage({}, async (changes) => {
    if (isAway) throw new Error('away');
    saved.push(changes);
  });
  storage.setItem('a', '1');
  storage.setItem('b', '1');
  await flush();
  storage.setItem('a', '2');
  isAway = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(saved).toEqual([{ a: '2', b: '1' }]);
});

test('what moves is left nowhere else, and takes the place of what was there', () => {
  const [from, to] = [createMemoryStorage(), createMemoryStorage()];
  from.setItem('bandeja.a', 'new');
  from.setItem('theme', 'dark');
  to.setItem('bandeja.a', 'old');
  moveKept(['bandeja.a'], from, to);
  expect([from.getItem('bandeja.a'), from.getItem('theme'), to.getItem('bandeja.a')]).toEqual([null, 'dark', 'new']);
});

test('with the lock off, what the engine kept is the window’s again, once', async () => {
  let kept: Record<string, string> = { 'bandeja.draft.x': 'typed' };
  const preferences = {
    memory: async () => kept,
    remember: async ({ changes }: { changes: Record<string, string | null> }) => {
      kept = Object.fromEntries(Object.entries({ ...kept, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null));
    },
  };
  const storage = createMemoryStorage();
  expect(await takeBack({ preferences } as never, storage)).toBe(true);
  expect([storage.getItem('bandeja.draft.x'), kept]).toEqual(['typed', {}]);
  expect(await takeBack({ preferences } as never, storage)).toBe(false);
});
