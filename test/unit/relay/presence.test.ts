import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Presence } from '../../../contract/wire.ts';
import { createPresenceList } from '../../../webhook-relay/presence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createPeer(deviceId: string) {
  const lists: Presence[][] = [];
  const frames: unknown[] = [];
  let isReading = true;
  return {
    deviceId,
    agentId: `agent of ${deviceId}`,
    lists,
    frames,
    read: (value: boolean) => (isReading = value),
    offer: (frame: Buffer) => {
      frames.push(frame);
      if (isReading) lists.push((JSON.parse(frame.toString()) as { present: Presence[] }).present);
      return isReading;
    },
  };
}
const viewing = (conversationId: string) => ({ conversationId, activity: 'viewing' as const });
const seen = (list: Presence[] | undefined) => list?.map(({ deviceId, conversationId }) => `${deviceId}:${conversationId}`);

test('the first change is told at once, later ones together at the end of the period, and silence costs nothing', () => {
  const list = createPresenceList({ everyMs: 1_000 });
  const one = createPeer('1');
  list.set(one, viewing('a'));
  expect(one.lists.map(seen)).toEqual([['1:a']]);
  for (const id of ['b', 'c', 'd']) list.set(one, viewing(id));
  vi.advanceTimersByTime(999);
  expect(one.lists).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(seen(one.lists[1])).toEqual(['1:d']);
  list.set(one, viewing('d')); // the same again
  vi.advanceTimersByTime(10_000);
  expect(one.lists).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('a peer that does not read gets nothing more until it reads, then the newest list only; the others are not told again', () => {
  const list = createPresenceList({ everyMs: 1_000 });
  const [slow, other] = [createPeer('slow'), createPeer('other')];
  list.set(slow, viewing('a'));
  vi.advanceTimersByTime(1_000);
  slow.read(false);
  list.set(other, viewing('b'));
  for (const id of ['c', 'd', 'e']) {
    vi.advanceTimersByTime(1_000);
    list.set(other, viewing(id));
  }
  vi.advanceTimersByTime(5_000);
  expect(slow.lists).toHaveLength(1);
  const told = other.lists.length;
  slow.read(true);
  vi.advanceTimersByTime(1_000);
  expect(slow.lists.slice(1).map(seen)).toEqual([['slow:a', 'other:e']]);
  expect(other.lists).toHaveLength(told);
});

test('who leaves is off the list, also before they were told anything, and leaving twice says nothing', () => {
  const list = createPresenceList({ everyMs: 1_000 });
  const [one, two] = [createPeer('1'), createPeer('2')];
  list.set(one, viewing('a'));
  list.set(two, viewing('b'));
  list.leave(two);
  list.leave(two);
  vi.advanceTimersByTime(1_000);
  expect(seen(one.lists.at(-1))).toEqual(['1:a']);
  expect([one.lists.length, two.lists.length]).toEqual([2, 0]);
  list.stop();
});

test('a list that goes to many is in memory once', () => {
  const list = createPresenceList({ everyMs: 1_000 });
  const peers = ['1', '2', '3'].map(createPeer);
  for (const peer of peers) list.set(peer, viewing('a'));
  vi.advanceTimersByTime(1_000);
  const last = peers.map(({ frames }) => frames.at(-1));
  expect(Buffer.isBuffer(last[0])).toBe(true);
  expect(last.every((frame) => frame === last[0])).toBe(true);
  list.stop();
});

test('a large team is told its long list in parts, a bounded number of bytes at a time, and all of it in the end', () => {
  const list = createPresenceList({ everyMs: 1_000 });
  const peers = Array.from({ length: 300 }, (_, n) => createPeer(`${n}`.padStart(100, '0')));
  for (const peer of peers) list.set(peer, viewing('a'));
  const bytesSoFar = (): number => peers.reduce((sum, { frames }) => sum + (frames as Buffer[]).reduce((its, frame) => its + frame.length, 0), 0);
  let most = 0;
  for (let ms = 0; ms < 10_000; ms += 10) {
    const before = bytesSoFar();
    vi.advanceTimersByTime(10);
    most = Math.max(most, bytesSoFar() - before);
  }
  expect(most).toBeGreaterThan(500_000);
  expect(most).toBeLessThan(1_200_000);
  expect(peers.every(({ lists }) => lists.at(-1)?.length === 300)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
