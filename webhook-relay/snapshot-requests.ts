/**
 * Asks one desktop at a time for a snapshot when the log has grown enough since the last one, or somebody was erased. Invariant: a desktop whose
 * snapshots nobody confirms keeps the others from their turn only for a while.
 */
import { DIGEST_EVERY } from '../contract/limits.ts';
import type { LogStore } from './log-store/interface.ts';

/** How long the desktop that was asked has until another one is asked. */
const ASK_AGAIN_MS = 10 * 60 * 1000;

/** Times `every` without a trusted one, after which those that nobody confirmed no longer count. */
const UNCONFIRMED_MAX = 3;

export type SnapshotMaker = { readonly deviceId: string; isOpen: () => boolean; /** The last seq it was sent. */ cursor: () => number; askForSnapshot: () => void };

type Deps = { store: Pick<LogStore, 'readSnapshotSeqs' | 'readStatus'>; every: number; now: () => number };

export type SnapshotRequests = {
  /** To be called whenever the log may have grown or somebody has caught up. @param reached nobody was sent more than up to this seq; left out: not known. */
  consider: (makers: Iterable<SnapshotMaker>, reached?: number) => Promise<void>;
  /** Somebody was erased: there is to be a snapshot of after it. */
  noteErasure: () => void;
};

export function createSnapshotRequests({ store, every, now }: Deps): SnapshotRequests {
  /** From here on the log has to grow by `every`. */
  let since = 0;
  /** Somebody was erased since the last trusted one; not known before the first look. */
  let isForErasure = true;
  let trustedSeq = 0;
  let askedAt = -Infinity;
  let askedHead = 0;
  /** Who was asked since the last trusted snapshot, so that everybody has a turn before anybody has a second one. */
  let asked = new Set<string>();

  const consider = async (makers: Iterable<SnapshotMaker>, reached = Infinity): Promise<void> => {
    // It comes with every batch to thousands of desktops: mostly one number is all that is looked at.
    if (!isForErasure && reached - since < every) return;
    const open = [...makers].filter((maker) => maker.isOpen());
    const isTime = (): boolean => now() - askedAt >= ASK_AGAIN_MS;
    // Without somebody who is so far there is nobody to ask.
    if (!isTime() || !(isForErasure || open.some((maker) => maker.cursor() - since >= every))) return;
    const [{ newest, trusted, erased }, { head }] = await Promise.all([store.readSnapshotSeqs(), store.readStatus()]);
    if (trusted !== trustedSeq) asked = new Set();
    trustedSeq = trusted;
    isForErasure = erased > trusted;
    since = head - trusted >= UNCONFIRMED_MAX * every ? Math.max(trusted, Math.min(newest, askedHead)) : newest;
    // One that is on its way may yet be given up, or never be confirmed.
    const isMissing = erased > newest;
    if (!isTime() || (head - since < every && !isMissing)) return;
    const upToDate = open.filter((maker) => maker.isOpen() && maker.cursor() > head - DIGEST_EVERY);
    if (upToDate.every(({ deviceId }) => asked.has(deviceId))) asked = new Set();
    const maker = upToDate.find(({ deviceId }) => !asked.has(deviceId));
    if (!maker) return;
    asked.add(maker.deviceId);
    askedAt = now();
    askedHead = head;
    maker.askForSnapshot();
  };

  return {
    consider,
    noteErasure: () => {
      isForErasure = true;
    },
  };
}
