/**
 * Brings every entry of the log to every connected desktop, in order and without gaps. The table is the truth and a wake
 * is only a reason to read it, so nothing depends on who committed an entry. Invariants: a live follower has everything
 * up to `cursor`; a frame for live followers is made once; a follower that does not read is cut, never waited for.
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

/** `onDelivered`: the live followers have everything up to this seq. */
type Deps = { store: Pick<LogStore, 'readAfter'>; log: Log; onDelivered?: (seq: number) => void };

export function createLiveFeed({ store, log, onDelivered }: Deps): LiveFeed {
  const live = new Set<Follower>();
  let cursor = 0;
  let isForwarding = false;
  let isWoken = false;
  let isStopped = false;

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
        if (!isMoved) deliver(entries, head);
        isWoken = true; // there may be another page
        await new Promise((resolve) => setImmediate(resolve)); // sockets take what they were given first
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

  function deliver(entries: LogEntry[], head: number): void {
    const first = entries[0]?.seq ?? 0;
    const last = entries.at(-1)?.seq ?? 0;
    let shared: Buffer | undefined;
    for (const follower of live) {
      if (follower.cursor >= last) continue;
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
    cursor = last;
    onDelivered?.(last);
  }

  async function follow(follower: Follower): Promise<void> {
    try {
      while (follower.isOpen() && !isStopped) {
        const { entries, head } = await store.readAfter(follower.cursor, PAGE);
        if (entries.length > 0) {
          // It comes back, and is told which snapshot to install.
          if (entries[0]?.seq !== follower.cursor + 1) return follower.cut('the entries it needs were compacted away');
          await follower.sendAndWait(makeFrame(entries, head));
          follower.cursor = entries.at(-1)?.seq ?? follower.cursor;
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
