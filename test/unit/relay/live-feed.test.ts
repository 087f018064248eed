import { expect, test } from 'vitest';
import type { LogEntry, ServerFrame } from '../../../contract/wire.ts';
import { createLiveFeed, type Follower } from '../../../webhook-relay/live-feed.ts';

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

test('whoever joins, whenever, while the log grows, gets every entry once and in order (400 seeds)', async () => {
  let frameCount = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    let state = seed;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const log = createSlowLog(() => random(6));
    const feed = createLiveFeed({ store: log, log: () => undefined });
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
      } else await turn();
    }
    for (let n = 0; n < 400 && followers.some(({ follower }) => follower.cursor < log.head()); n += 1) await turn();
    for (const { seqs, after, frames } of followers) {
      expect(seqs, `seed ${seed}`).toEqual(Array.from({ length: log.head() - after }, (_, n) => after + 1 + n));
      frameCount += frames.length;
    }
  }
  expect(frameCount).toBeGreaterThan(1_000);
});

test('live followers share one frame per batch instead of having it made for each', async () => {
  const log = createSlowLog();
  const feed = createLiveFeed({ store: log, log: () => undefined });
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
  const feed = createLiveFeed({ store: log, log: () => undefined });
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
  const feed = createLiveFeed({ store: broken, log: (_level, event) => events.push(event) });
  const one = createFollower(0);
  await feed.follow(one.follower);
  expect(one.isOpen()).toBe(false);
  expect(events).toEqual(['feed.read_failed']);
});
