/**
 * Brings every entry of the log to every connected desktop, in order and without gaps. The table is the truth and a wake
 * is only a reason to read it, so nothing depends on who committed an entry. Invariants: a live follower has everything
 * up to `cursor` once a delivery is over; a frame for live followers is made once; a follower that does not read is cut, never waited for. Followers
 * may come back all at once, each missing a lot: what is under way to all of them together is bounded, they come to stand at the
 * same places and share what is read for them, and everybody else has a turn of the event loop between two pages, as between two slices of a delivery.
 */
import { CATCH_UP_PAGE_BYTES, CATCH_UP_PAGE_ENTRIES } from '../contract/limits.ts';
import { errorText, type Log } from '../contract/log.ts';
import type { LogEntry, ServerFrame } from '../contract/wire.ts';
import type { LogStore } from './log-store/interface.ts';

export type Follower = {
  /** The last seq that was sent to it. */
  cursor: number;
  isOpen: () => boolean;
  /** More is waiting to be read by it than we are ready to hold. */
  isTooSlow: () => boolean;
  send: (frame: Buffer) => void;
  /** Resolves when the frame has left this process, or the connection has ended. */
  sendAndWait: (frame: Buffer) => Promise<void>;
  /** Ends the connection; the desktop comes back and goes on from its cursor. */
  cut: (reason: string) => void;
};

export type LiveFeed = {
  /** Sends what the follower is missing, page by page as fast as it reads, then everything new. */
  follow: (follower: Follower) => Promise<void>;
  leave: (follower: Follower) => void;
  /** There may be something new in the log. Calls of one turn of the event loop are one read. */
  wake: () => void;
  stop: () => void;
};

const PAGE = { entries: CATCH_UP_PAGE_ENTRIES, bytes: CATCH_UP_PAGE_BYTES };
/** Bytes of pages that are under way to all who catch up; pages are smaller when there are many of them, but no smaller than this. */
const UNDER_WAY_BYTES = 64_000_000;
const PAGE_BYTES_MIN = 64_000;
/** More who catch up than this get pages that end where those of others end, so that they meet: at multiples of so many entries. */
const HERD = 16;
const HERD_PAGE_ENTRIES = 32;
/** Every so many pages one is for those furthest ahead. */
const FRONT_TURN = 4;
/** How long a page is kept for others at the same place. Not long, because entries may be removed from the log. */
const SHARED_FOR_MS = 500;
const SHARED_BYTES_MAX = 64_000_000;

/** Sending goes on for so long, then whatever else has come has its turn: webhooks are answered in between, however many desktops there are. Shorter slices answer them sooner and bring less. */
const SLICE_MS = 50;
const PAUSE_MS_MAX = 100;
/** As long as a delivery took is left to webhooks and sockets; what comes meanwhile goes out together, because to many desktops a frame costs the same with one entry and with twenty. */
const leaveTime = (ms: number): Promise<void> => new Promise((resolve) => (ms < 1 ? setImmediate(resolve) : setTimeout(resolve, Math.min(ms, PAUSE_MS_MAX))));

/** Entries of the log, as they go to a desktop. */
type Page = { first: number; last: number; frame: Buffer };

/** `clock`: ms of one that never jumps. `onDelivered`: the live followers have everything up to this seq. */
type Deps = { store: Pick<LogStore, 'readAfter'>; log: Log; clock: () => number; onDelivered?: (seq: number) => void };

export function createLiveFeed({ store, log, clock, onDelivered }: Deps): LiveFeed {
  const live = new Set<Follower>();
  let cursor = 0;
  let isForwarding = false;
  let isWoken = false;
  let isStopped = false;
  let catchingUp = 0;
  /** By the seq after which they begin. */
  const shared = new Map<number, Page>();
  let sharedBytes = 0;
  /** Who waits for a page, by the seq after which it is to begin. */
  const waiting = new Map<number, PromiseWithResolvers<Page | undefined>>();
  let isReading = false;

  const wake = (): void => {
    isWoken = true;
    if (isForwarding || isStopped || live.size === 0) return;
    isForwarding = true;
    setImmediate(() => void forward());
  };

  async function forward(): Promise<void> {
    try {
      while (isWoken && live.size > 0 && !isStopped) {
        isWoken = false;
        const from = cursor;
        const { entries, head } = await store.readAfter(from, PAGE);
        const isMoved = cursor !== from; // everybody left while we read, and somebody else joined at another place
        if (!isMoved && entries.length === 0) continue;
        const spentMs = isMoved ? 0 : await deliver(entries, head);
        isWoken = true; // there may be another page
        await leaveTime(spentMs);
      }
    } catch (error) {
      log('error', 'feed.read_failed', { error: errorText(error) });
      for (const follower of live) drop(follower, 'the log could not be read');
    }
    isForwarding = false;
  }

  const drop = (follower: Follower, reason: string): void => {
    live.delete(follower);
    follower.cut(reason);
  };

  /** @returns how long sending took, ms, without what had its turn in between. */
  async function deliver(entries: LogEntry[], head: number): Promise<number> {
    const first = entries[0]?.seq ?? 0;
    const last = entries.at(-1)?.seq ?? 0;
    // Whoever joins from here on has had these.
    cursor = last;
    let shared: Buffer | undefined;
    let spentMs = 0;
    let sliceBegan = clock();
    for (const follower of live) {
      // Those who came when everybody else had left are at a place of their own.
      if (follower.cursor >= last || follower.cursor < first - 1) continue;
      const sliceMs = clock() - sliceBegan;
      if (sliceMs >= SLICE_MS) {
        spentMs += sliceMs;
        await new Promise((resolve) => setImmediate(resolve));
        sliceBegan = clock();
        if (!live.has(follower)) continue; // left meanwhile
      }
      if (follower.isTooSlow()) {
        drop(follower, 'it does not read');
        continue;
      }
      if (follower.cursor === first - 1) follower.send((shared ??= makeFrame(entries, head)));
      else
        follower.send(
          makeFrame(
            entries.filter(({ seq }) => seq > follower.cursor),
            head,
          ),
        );
      follower.cursor = last;
    }
    onDelivered?.(last);
    return spentMs + clock() - sliceBegan;
  }

  function readPage(after: number): Promise<Page | undefined> {
    const page = waiting.get(after) ?? Promise.withResolvers<Page | undefined>();
    waiting.set(after, page);
    if (!isReading) void readWaiting();
    return page.promise;
  }

  /**
   * Pages are read one after the other, with a turn of the event loop between them: a store has only so many hands, and webhooks need one. Those furthest behind
   * come first, who so reach the others, and from there on one page serves all of them; in some turns those furthest ahead, so that nobody who is nearly there
   * waits for all the rest. Who is between them waits until it is reached.
   */
  async function readWaiting(): Promise<void> {
    isReading = true;
    for (let turn = 1; waiting.size > 0; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const after of waiting.keys()) {
        const page = shared.get(after);
        if (page) take(after)?.resolve(page);
      }
      if (waiting.size === 0) break;
      const after = turn % FRONT_TURN === 0 ? Math.max(...waiting.keys()) : Math.min(...waiting.keys());
      const page = take(after);
      try {
        page?.resolve(await makePage(after));
      } catch (error) {
        page?.reject(error);
      }
    }
    isReading = false;
  }
  const take = (after: number): PromiseWithResolvers<Page | undefined> | undefined => {
    const page = waiting.get(after);
    waiting.delete(after);
    return page;
  };

  async function makePage(after: number): Promise<Page | undefined> {
    const bytes = Math.max(PAGE_BYTES_MIN, Math.min(PAGE.bytes, Math.floor(UNDER_WAY_BYTES / Math.max(1, catchingUp))));
    const most = catchingUp > HERD ? HERD_PAGE_ENTRIES - (after % HERD_PAGE_ENTRIES) : PAGE.entries;
    const { entries, head } = await store.readAfter(after, { entries: most, bytes });
    const [first, last] = [entries[0], entries.at(-1)];
    if (!first || !last) return undefined;
    const page = { first: first.seq, last: last.seq, frame: makeFrame(entries, head) };
    forget(after);
    shared.set(after, page);
    sharedBytes += page.frame.length;
    for (const oldest of shared.keys()) {
      if (sharedBytes <= SHARED_BYTES_MAX) break;
      forget(oldest);
    }
    setTimeout(() => {
      if (shared.get(after) === page) forget(after);
    }, SHARED_FOR_MS).unref();
    return page;
  }
  const forget = (after: number): void => {
    sharedBytes -= shared.get(after)?.frame.length ?? 0;
    shared.delete(after);
  };

  async function follow(follower: Follower): Promise<void> {
    catchingUp += 1;
    try {
      while (follower.isOpen() && !isStopped) {
        const page = await readPage(follower.cursor);
        if (page) {
          // It comes back, and is told which snapshot to install.
          if (page.first !== follower.cursor + 1) return follower.cut('the entries it needs were compacted away');
          await follower.sendAndWait(page.frame);
          follower.cursor = page.last;
          continue;
        }
        if (live.size === 0) cursor = follower.cursor;
        if (follower.cursor < cursor) continue; // the others were given more meanwhile
        if (follower.isOpen()) live.add(follower);
        wake();
        return;
      }
    } catch (error) {
      log('error', 'feed.read_failed', { error: errorText(error) });
      follower.cut('the log could not be read');
    } finally {
      catchingUp -= 1;
    }
  }

  return {
    follow,
    wake,
    leave: (follower) => {
      live.delete(follower);
    },
    stop: () => {
      isStopped = true;
      live.clear();
    },
  };
}

const makeFrame = (entries: LogEntry[], head: number): Buffer => Buffer.from(JSON.stringify({ t: 'entries', entries, head } satisfies ServerFrame));
