/**
 * Who looks at what. Best effort: nothing of it is stored, it is unknown without a connection, and the relay forgets this
 * desktop when the line ends, so what was set last is said again after each reconnect.
 */
import type { PresenceEntry } from '../../../contract/entities.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { ClientFrame, Presence as PresentDevice } from '../../../contract/wire.ts';
import type { RelayConnection } from '../sync/relay-connection.ts';

/** One frame per this long; what was set in between is forgotten. */
const SEND_EVERY_MS = 1_000;
/** Of an agent with several desktops in one conversation, the most attentive counts. */
const ATTENTION = { away: 0, viewing: 1, writing: 2 } as const;

type Wanted = { conversationId: string | null; activity: PresentDevice['activity'] };
type Deps = {
  relay: Pick<RelayConnection, 'send' | 'listen'>;
  state: Pick<StateTx, 'get'>;
  /** Id of the agent of this desktop; empty before enrolment. */
  myId: () => string;
  /** Others came, went or turned to something else. */
  onChange: () => void;
};

export type Presence = {
  /** What I look at; whoever is connected sees it. */
  set(wanted: Wanted): void;
  /** Colleagues, not me. Null: unknown, this desktop is offline. */
  list(): PresenceEntry[] | null;
  /** Agents, also me, who have the program before them on one of their desktops. Null: unknown, this desktop is offline. */
  presentAgents(): ReadonlySet<string> | null;
  /** Ids of the desktops that are connected, in an order that is the same on all of them. Null: unknown. */
  connectedDevices(): readonly string[] | null;
  /** Desktops whose agent has the program before them, in an order that is the same on all of them. Null: unknown. */
  presentDevices(): readonly { deviceId: string; agentId: string }[] | null;
  /** Somebody, also me, is writing in the conversation. */
  isWriting(conversationId: string): boolean;
  /** The conversation that this desktop's agent has before their eyes. */
  lookedAt(): string | null;
  stop(): void;
};

export function createPresence({ relay, state, myId, onChange }: Deps): Presence {
  let wanted: Wanted | null = null;
  let said: Wanted | null = null;
  let present: PresentDevice[] | null = null;
  let timer: NodeJS.Timeout | undefined;

  const say = (): void => {
    if (timer !== undefined || wanted === null || isSame(wanted, said)) return;
    const frame: ClientFrame = { t: 'presence', ...wanted };
    if (!relay.send(frame)) return;
    said = wanted;
    timer = setTimeout(() => {
      timer = undefined;
      say();
    }, SEND_EVERY_MS);
  };

  const stopListening = relay.listen({
    onWelcome: () => {
      said = null;
      clearTimeout(timer);
      timer = undefined;
      say();
    },
    onFrame: (frame) => {
      if (frame.t !== 'presence') return;
      present = frame.present;
      onChange();
    },
    onClose: () => {
      present = null;
      onChange();
    },
  });

  return {
    set: ({ conversationId, activity }) => {
      wanted = { conversationId, activity };
      say();
    },
    list: () => {
      if (present === null) return null;
      const entries = new Map<string, PresenceEntry>();
      for (const { agentId, conversationId, activity } of present) {
        const agent = state.get('agent', [agentId]);
        // Somebody whose entry has not come yet has no name.
        if (agentId === myId() || !agent) continue;
        const key = `${agentId} ${conversationId ?? ''}`;
        const known = entries.get(key);
        if (known && ATTENTION[known.activity] >= ATTENTION[activity]) continue;
        entries.set(key, { agent: { id: agentId, name: agent.name, isMe: false }, conversationId, activity });
      }
      return [...entries.values()];
    },
    presentAgents: () => present && new Set(present.flatMap(({ agentId, activity }) => (activity === 'away' ? [] : [agentId]))),
    connectedDevices: () => present && [...new Set(present.map(({ deviceId }) => deviceId))].toSorted(),
    presentDevices: () => {
      if (present === null) return null;
      const devices = new Map(present.flatMap(({ deviceId, agentId, activity }) => (activity === 'away' ? [] : [[deviceId, { deviceId, agentId }] as const])));
      return [...devices.values()].toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
    },
    isWriting: (conversationId) => [...(wanted ? [wanted] : []), ...(present ?? [])].some((entry) => entry.activity === 'writing' && entry.conversationId === conversationId),
    lookedAt: () => (wanted === null || wanted.activity === 'away' ? null : wanted.conversationId),
    stop: () => {
      stopListening();
      clearTimeout(timer);
    },
  };
}

const isSame = (a: Wanted, b: Wanted | null): boolean => a.conversationId === b?.conversationId && a.activity === b.activity;
