import { afterEach, expect, test, vi } from 'vitest';
import type { LogEntry, ServerFrame } from '../../../contract/wire.ts';
import { createLiveFeed, type Follower } from '../../../webhook-relay/live-feed.ts';

afterEach(() => void vi.useRealTimers());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A log whose answers take as many turns as the test likes, so that joins, leaves and appends fall between. */
function createSlowLog(turnsOfRead = (): number => 1) {
  let head = 0;
  return {
    append: (count: number) => {
      head += count;
    },
    head: () => head,
    readAfter: async (after: number, limit: { entries: number }) => {
      const seen = head;
      for (let turns = turnsOfRead(); turns > 0; turns -= 1) await turn();
      const entries: LogEntry[] = [];
      for (let seq = after + 1; seq <= seen && entries.length < Math.min(limit.entries, 5); seq += 1) entries.push({ kind: 'webhook', seq, receivedAt: 0, body: '' });
      return { entries, head: seen };
    },
  };
}

function createFollower(after: number) {
  const seqs: number[] = [];
  const frames: Buffer[] = [];
  let isOpen = true;
  let isSlow = false;
  const take = (frame: Buffer): void => {
    frames.push(frame);
    seqs.push(...(JSON.parse(frame.toString()) as Extract<ServerFrame, { t: 'entries' }>).entries.map(({ seq }) => seq));
  };
  const follower: Follower = {
    cursor: after,
    isOpen: () => isOpen,
    isTooSlow: () => isSlow,
    send: take,
    sendAndWait: async (frame) => {
      take(frame);
      await turn();
    },
    cut: () => {
      isOpen = false;
    },
  };
  return { follower, seqs, frames, isOpen: () => isOpen, close: () => (isOpen = false), slowDown: () => (isSlow = true) };
}

test('whoever joins, whenever, while the log grows and sending takes its time, gets every entry once and in order (400 seeds)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let frameCount = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    let state = seed;
    let ms = 0;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const log = createSlowLog(() => random(6));
    // Often one frame is all that a slice has time for.
    const feed = createLiveFeed({ store: log, log: () => undefined, clock: () => (ms += random(4)) });
    const turnOrPause = async (): Promise<void> => {
      await turn();
      vi.advanceTimersByTime(20);
    };
    const followers: (ReturnType<typeof createFollower> & { after: number })[] = [];
    for (let step = 0; step < 120; step += 1) {
      const what = random(10);
      if (what < 2) {
        log.append(1 + random(7));
        feed.wake();
      } else if (what === 2) {
        const after = Math.max(0, log.head() - random(4));
        const made = { ...createFollower(after), after };
        followers.push(made);
        void feed.follow(made.follower);
      } else if (what === 3 && followers.length > 0) {
        const leaver = followers.splice(random(followers.length), 1)[0];
        leaver?.close();
        if (leaver) feed.leave(leaver.follower);
      } else await turnOrPause();
    }
    for (let n = 0; n < 4_000 && followers.some(({ follower }) => follower.cursor < log.head()); n += 1) await turnOrPause();
    for (const { seqs, after, frames } of followers) {
      expect(seqs, `seed ${seed}`).toEqual(Array.from({ length: log.head() - after }, (_, n) => after + 1 + n));
      frameCount += frames.length;
    }
  }
  expect(frameCount).toBeGreaterThan(1_000);
});

test('who joins behind a delivery that everybody else has left is not given what is further on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let head = 4;
  let ms = 0;
  let isHeld = false;
  const answer = Promise.withResolvers<void>();
  const readAfter = async (after: number) => {
    const entries = Array.from({ length: head - after }, (_, n): LogEntry => ({ kind: 'webhook', seq: after + 1 + n, receivedAt: 0, body: '' }));
    if (isHeld) {
      isHeld = false;
      await answer.promise;
    }
    return { entries, head: after + entries.length };
  };
  const feed = createLiveFeed({ store: { readAfter }, log: () => undefined, clock: () => ms });
  const [first, second, other] = [createFollower(4), createFollower(4), createFollower(4)];
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 5; n += 1) await turn();
  };
  for (const { follower } of [first, second]) await feed.follow(follower);
  await settle();
  isHeld = true;
  const joining = feed.follow(other.follower);
  await settle();
  head = 5;
  feed.wake();
  await settle();
  expect(second.seqs).toEqual([5]);
  // The slice ends after the first. Before the next one both leave, and the other's page is read.
  const { send } = first.follower;
  first.follower.send = (frame) => {
    ms += 1_000;
    send(frame);
  };
  head = 7;
  feed.wake();
  setImmediate(() => {
    for (const { follower } of [first, second]) feed.leave(follower);
    answer.resolve();
  });
  await joining;
  await settle();
  vi.advanceTimersByTime(1_000);
  await settle();
  expect([first.seqs, second.seqs]).toEqual([[5, 6, 7], [5]]);
  expect(other.seqs).toEqual([5, 6, 7]);
});

test('live followers share one frame per batch instead of having it made for each', async () => {
  const log = createSlowLog();
  const feed = createLiveFeed({ store: log, log: () => undefined, clock: () => 0 });
  const all = [createFollower(0), createFollower(0), createFollower(0)];
  for (const { follower } of all) await feed.follow(follower);
  log.append(3);
  feed.wake();
  for (let n = 0; n < 50 && all.some(({ seqs }) => seqs.length < 3); n += 1) await turn();
  expect(all.map(({ seqs }) => seqs)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(all[1]?.frames[0]).toBe(all[0]?.frames[0]);
  expect(all[2]?.frames[0]).toBe(all[0]?.frames[0]);
});

test('one that does not read is cut and the others go on', async () => {
  const log = createSlowLog();
  const feed = createLiveFeed({ store: log, log: () => undefined, clock: () => 0 });
  const [slow, other] = [createFollower(0), createFollower(0)];
  for (const { follower } of [slow, other]) await feed.follow(follower);
  slow.slowDown();
  log.append(2);
  feed.wake();
  for (let n = 0; n < 50 && other.seqs.length < 2; n += 1) await turn();
  expect(slow.isOpen()).toBe(false);
  expect(slow.seqs).toEqual([]);
  expect(other.seqs).toEqual([1, 2]);
});

test('a log that cannot be read cuts the followers, who come back by themselves', async () => {
  const broken = { readAfter: async () => Promise.reject(new Error('disk')) };
  const events: string[] = [];
  const feed = createLiveFeed({ store: broken, log: (_level, event) => events.push(event), clock: () => 0 });
  const one = createFollower(0);
  await feed.follow(one.follower);
  expect(one.isOpen()).toBe(false);
  expect(events).toEqual(['feed.read_failed']);
});

test('those who come back together to the same place share what is read for them, and pages are smaller when there are many', async () => {
  const reads: { after: number; bytes: number }[] = [];
  const log = createSlowLog();
  const feed = createLiveFeed({ store: { readAfter: async (after, limit) => (reads.push({ after, bytes: limit.bytes }), log.readAfter(after, limit)) }, log: () => undefined, clock: () => 0 });
  log.append(20);
  const alone = createFollower(0);
  await feed.follow(alone.follower);
  const bytesAlone = reads[0]?.bytes ?? 0;
  reads.length = 0;
  const herd = Array.from({ length: 500 }, () => createFollower(3));
  await Promise.all(herd.map(({ follower }) => feed.follow(follower)));
  for (const { seqs } of herd) expect(seqs).toEqual(Array.from({ length: 17 }, (_, n) => n + 4));
  expect(new Set(herd.map(({ frames }) => frames[0])).size).toBe(1);
  expect(reads.filter(({ after }) => after < 20)).toHaveLength(4);
  expect(500 * (reads.find(({ after }) => after === 3)?.bytes ?? Infinity)).toBeLessThanOrEqual(70_000_000);
  expect(bytesAlone).toBeGreaterThan(900_000);
});

test('those who come back to different places meet, and share from there on what is read', async () => {
  const [places, head] = [100, 1_000];
  const reads: number[] = [];
  const readAfter = async (after: number, { entries: most }: { entries: number }) => {
    reads.push(after);
    await turn();
    const entries = Array.from({ length: Math.min(most, head - after) }, (_, n): LogEntry => ({ kind: 'webhook', seq: after + 1 + n, receivedAt: 0, body: '' }));
    return { entries, head };
  };
  const feed = createLiveFeed({ store: { readAfter }, log: () => undefined, clock: () => 0 });
  const herd = Array.from({ length: places }, (_, n) => ({ ...createFollower(n), after: n }));
  await Promise.all(herd.map(({ follower }) => feed.follow(follower)));
  for (const { seqs, after } of herd) expect(seqs).toEqual(Array.from({ length: head - after }, (_, n) => after + 1 + n));
  const shared = reads.filter((after) => after > places + 100 && after < head);
  expect(shared.length).toBeGreaterThan(0);
  expect(shared).toHaveLength(new Set(shared).size);
  expect(herd.reduce((sum, { frames }) => sum + frames.length, 0)).toBeGreaterThan(20 * shared.length);
});

test('whoever is nearly there does not wait for others who are far behind and never have enough', async () => {
  const head = 10_000;
  const feed = createLiveFeed({
    store: {
      readAfter: async (after, { entries: most }) => {
        await turn();
        return { entries: Array.from({ length: Math.min(most, head - after) }, (_, n): LogEntry => ({ kind: 'webhook', seq: after + 1 + n, receivedAt: 0, body: '' })), head };
      },
    },
    log: () => undefined,
    clock: () => 0,
  });
  const far = Array.from({ length: 20 }, (_, n) => createFollower(n * 3));
  for (const { follower } of far) {
    follower.sendAndWait = async (frame) => {
      follower.send(frame);
      // Never further than this, whatever comes.
      if (follower.cursor > 5_000) follower.cursor = 0;
    };
    void feed.follow(follower);
  }
  const near = createFollower(head - 10);
  let isLive = false;
  void feed.follow(near.follower).then(() => (isLive = true));
  for (let n = 0; n < 2_000 && !isLive; n += 1) await turn();
  feed.stop();
  expect(near.seqs).toHaveLength(10);
  expect(isLive).toBe(true);
});

test('pages are read one after the other, and between two of them everybody else has a turn of the event loop', async () => {
  const log = createSlowLog();
  let reading = 0;
  let most = 0;
  const readAfter: typeof log.readAfter = async (...args) => {
    most = Math.max(most, (reading += 1));
    const page = await log.readAfter(...args);
    reading -= 1;
    return page;
  };
  const feed = createLiveFeed({ store: { readAfter }, log: () => undefined, clock: () => 0 });
  log.append(100);
  let turns = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; turns += 1) await turn();
  })();
  const followers = Array.from({ length: 10 }, (_, n) => createFollower(n));
  for (const { follower } of followers) follower.sendAndWait = async (frame) => follower.send(frame);
  await Promise.all(followers.map(({ follower }) => feed.follow(follower)));
  isOver = true;
  await counting;
  const pages = followers.reduce((sum, { frames }) => sum + frames.length, 0);
  expect(pages).toBeGreaterThan(150);
  expect(turns).toBeGreaterThanOrEqual(pages);
  expect(most).toBeLessThanOrEqual(2); // a page, and what is read for those who are live
});

test('after a delivery that took long, what comes meanwhile goes out together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let ms = 0;
  const log = createSlowLog();
  const feed = createLiveFeed({ store: log, log: () => undefined, clock: () => ms });
  const one = createFollower(0);
  const { send } = one.follower;
  one.follower.send = (frame) => {
    ms += 20;
    send(frame);
  };
  await feed.follow(one.follower);
  const append = async (): Promise<void> => {
    log.append(1);
    feed.wake();
    for (let n = 0; n < 20; n += 1) await turn();
  };
  await append();
  expect(one.seqs).toEqual([1]);
  for (let n = 0; n < 4; n += 1) await append();
  expect(one.seqs).toEqual([1]);
  vi.advanceTimersByTime(20);
  for (let n = 0; n < 20; n += 1) await turn();
  expect(one.seqs).toEqual([1, 2, 3, 4, 5]);
  expect(one.frames).toHaveLength(2);
});
