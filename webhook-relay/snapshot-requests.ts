/** Asks one desktop at a time for a snapshot when the log has grown enough since the last one. */
import { DIGEST_EVERY } from '../contract/limits.ts';
import type { LogStore } from './log-store/interface.ts';

/** How long the desktop that was asked has until another one is asked. */
const ASK_AGAIN_MS = 10 * 60 * 1000;

export type SnapshotMaker = { readonly deviceId: string; isOpen: () => boolean; /** The last seq it was sent. */ cursor: () => number; askForSnapshot: () => void };

type Deps = { store: Pick<LogStore, 'readNewestSnapshotSeq' | 'readStatus'>; every: number; now: () => number };

/** @returns to be called whenever the log may have grown or somebody has caught up. */
export function createSnapshotRequests({ store, every, now }: Deps): (makers: Iterable<SnapshotMaker>) => Promise<void> {
  let newestSeq = 0;
  let askedAt = -Infinity;
  /** Who was asked since the last snapshot, so that everybody has a turn before anybody has a second one. */
  let asked = new Set<string>();

  return async (makers) => {
    const open = [...makers].filter((maker) => maker.isOpen());
    const isTime = (): boolean => now() - askedAt >= ASK_AGAIN_MS;
    // Cheap, because it comes with every batch: without somebody who is so far there is nobody to ask.
    if (!isTime() || !open.some((maker) => maker.cursor() - newestSeq >= every)) return;
    const [newest, { head }] = await Promise.all([store.readNewestSnapshotSeq(), store.readStatus()]);
    if (newest !== newestSeq) asked = new Set();
    newestSeq = newest;
    if (!isTime() || head - newest < every) return;
    const upToDate = open.filter((maker) => maker.isOpen() && maker.cursor() > head - DIGEST_EVERY);
    if (upToDate.every(({ deviceId }) => asked.has(deviceId))) asked = new Set();
    const maker = upToDate.find(({ deviceId }) => !asked.has(deviceId));
    if (!maker) return;
    asked.add(maker.deviceId);
    askedAt = now();
    maker.askForSnapshot();
  };
}
