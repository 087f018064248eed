/**
 * Who is connected and what they look at. Invariants: nothing of it is stored; everybody is told the whole list, at most
 * once in a period however fast it changes; whoever does not read is not sent more, and gets the newest list later; a list
 * is in memory once, however many it is sent to. A list grows with the team and goes to all of it, so a large team's takes
 * the square of its size: it is told in parts with pauses, which leave the line and this process to the log.
 */
import type { Presence, ServerFrame } from '../contract/wire.ts';

export type PresencePeer = {
  readonly deviceId: string;
  readonly agentId: string;
  /** Sends a frame, unless what was sent before still waits to be read; then false. */
  offer: (frame: Buffer) => boolean;
};

/** Bytes of lists that are sent at once, and how long the others are left alone after that: 20 MB a second at most. Below about 100 desktops a list is one part. */
const PART_BYTES = 1_000_000;
const PART_EVERY_MS = 50;

export type PresenceList = {
  /** Joins the list, or says something new. */
  set: (peer: PresencePeer, doing: Pick<Presence, 'conversationId' | 'activity'>) => void;
  leave: (peer: PresencePeer) => void;
  stop: () => void;
};

export function createPresenceList({ everyMs }: { everyMs: number }): PresenceList {
  /** `told`: the version of the list that the peer got last. */
  const peers = new Map<PresencePeer, { presence: Presence; told: number }>();
  let version = 0;
  let timer: NodeJS.Timeout | undefined;

  const tellAll = (): void => {
    const told = version;
    // A desktop whose line broke may be here twice for a while: its newest connection counts.
    const present = [...new Map([...peers.values()].map(({ presence }) => [presence.deviceId, presence])).values()];
    const frame = Buffer.from(JSON.stringify({ t: 'presence', present } satisfies ServerFrame));
    const waiting = [...peers.keys()];
    let next = 0;

    const tellPart = (): void => {
      let bytes = 0;
      for (; next < waiting.length; next += 1) {
        const peer = waiting[next];
        const state = peer && peers.get(peer);
        if (!state || state.told >= told || !peer.offer(frame)) continue;
        state.told = told;
        bytes += frame.length;
        if (bytes < PART_BYTES) continue;
        next += 1;
        timer = setTimeout(tellPart, PART_EVERY_MS);
        return;
      }
      timer = setTimeout(() => {
        timer = undefined;
        if ([...peers.values()].some((state) => state.told < version)) tellAll();
      }, everyMs);
    };
    tellPart();
  };

  const noteChange = (): void => {
    version += 1;
    if (timer === undefined) tellAll();
  };

  return {
    set: (peer, { conversationId, activity }) => {
      const before = peers.get(peer);
      if (before?.presence.conversationId === conversationId && before.presence.activity === activity) return;
      peers.set(peer, { presence: { agentId: peer.agentId, deviceId: peer.deviceId, conversationId, activity }, told: before?.told ?? 0 });
      noteChange();
    },
    leave: (peer) => {
      if (peers.delete(peer)) noteChange();
    },
    stop: () => {
      clearTimeout(timer);
      peers.clear();
    },
  };
}
