/** Asks one desktop at a time for a snapshot when the log has grown enough since the last one. */
import type { LogStore } from './log-store/interface.ts';

/** How long the desktop that was asked has until another one is asked. */
const ASK_AGAIN_MS = 10 * 60 * 1000;

export type SnapshotMaker = { readonly deviceId: string; isOpen: () => boolean; /** The last seq it was sent. */ cursor: () => number; askForSnapshot: () => void };

type Deps = { store: Pick<LogStore, 'readNewestSnapshotSeq'>; every: number; now: () => number };

/** @returns to be called with the head whenever the log may have grown or somebody has caught up. */
export function createSnapshotRequests({ store, every, now }: Deps): (head: number, makers: Iterable<SnapshotMaker>) => Promise<void> {
  let newestSeq = 0;
  let askedAt = -Infinity;
  /** Who was asked since the last snapshot, so that everybody has a turn before anybody has a second one. */
  let asked = new Set<string>();

  return async (head, makers) => {
    if (head - newestSeq < every || now() - askedAt < ASK_AGAIN_MS) return;
    const known = await store.readNewestSnapshotSeq();
    if (known !== newestSeq) asked = new Set();
    newestSeq = known;
    if (head - newestSeq < every || now() - askedAt < ASK_AGAIN_MS) return;
    const upToDate = [...makers].filter((maker) => maker.isOpen() && maker.cursor() >= head);
    const maker = upToDate.find(({ deviceId }) => !asked.has(deviceId));
    if (!maker && upToDate.length > 0) asked = new Set();
    const chosen = maker ?? upToDate[0];
    if (!chosen) return;
    asked.add(chosen.deviceId);
    askedAt = now();
    chosen.askForSnapshot();
  };
}
