/**
 * Who is connected and what they look at. Invariants: nothing of it is stored; everybody is told the whole list, at most
 * once in a period however fast it changes; whoever does not read is not sent more, and gets the newest list later; a list
 * is in memory once, however many it is sent to.
 */
import type { Presence, ServerFrame } from '../contract/wire.ts';

export type PresencePeer = {
  readonly deviceId: string;
  readonly agentId: string;
  /** Sends a frame, unless what was sent before still waits to be read; then false. */
  offer: (frame: Buffer) => boolean;
};

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
    // A desktop whose line broke may be here twice for a while: its newest connection counts.
    const present = [...new Map([...peers.values()].map(({ presence }) => [presence.deviceId, presence])).values()];
    const frame = Buffer.from(JSON.stringify({ t: 'presence', present } satisfies ServerFrame));
    for (const [peer, state] of peers) if (state.told < version && peer.offer(frame)) state.told = version;
    timer = setTimeout(() => {
      timer = undefined;
      if ([...peers.values()].some(({ told }) => told < version)) tellAll();
    }, everyMs);
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
