/** What a window does when its line is refused, when it breaks, and while a long history comes in. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../../renderer/rpc/change-feed.ts';
import { ConnectionRefused, connectOverWebSocket } from '../../../renderer/rpc/connect.ts';

class FakeSocket extends EventTarget {
  static last: FakeSocket;
  readyState = 1;
  constructor() {
    super();
    FakeSocket.last = this;
  }
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}
const fetched = vi.fn(() => Promise.resolve(new Response()));

beforeEach(() => {
  fetched.mockClear();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a line refused by a server that answers is a refused secret', async () => {
  const connecting = connectOverWebSocket('http://127.0.0.1:1', 'secret')();
  FakeSocket.last.close();
  await expect(connecting).rejects.toBeInstanceOf(ConnectionRefused);
});

test('a line that breaks after it stood asks nobody why', async () => {
  const connecting = connectOverWebSocket('http://127.0.0.1:1', 'secret')();
  FakeSocket.last.dispatchEvent(new Event('open'));
  const { closed } = await connecting;
  FakeSocket.last.close();
  await closed;
  expect(fetched).not.toHaveBeenCalled();
});

test('what changes is told with the next frame, in a flood a dozen times a second, and four times while the desktop catches up', () => {
  vi.useFakeTimers();
  let isBehind = false;
  const nextFrame = vi.fn<(callback: () => void) => void>();
  const told = vi.fn();
  const pace = createPace({ nextFrame, isBehind: () => isBehind });
  const flood = (changes: number): void => {
    for (let n = 0; n < changes; n += 1) {
      pace(told);
      vi.advanceTimersByTime(1);
    }
  };
  flood(5);
  expect(nextFrame, 'what one message brings about').toHaveBeenCalledTimes(5);
  flood(1);
  expect(nextFrame).toHaveBeenCalledTimes(5);
  vi.advanceTimersByTime(73);
  expect(told).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(told).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(400);
  flood(5);
  expect(nextFrame, 'the flood is over').toHaveBeenCalledTimes(10);
  isBehind = true;
  pace(told);
  vi.advanceTimersByTime(249);
  expect(told).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(told).toHaveBeenCalledTimes(2);
});
