/** What the team shares besides conversations, who is there, and what of mine the team's log judged otherwise. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Agent, Conflict, Directory, PresenceEntry } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse, reuseList } from './share.ts';

export type TeamState = {
  directory: Directory | null;
  /** Goes up when members or desktops may be others than before: whoever shows what the relay alone knows of them asks again. */
  round: number;
  /** Colleagues; null: unknown, this desktop is offline. */
  presence: readonly PresenceEntry[] | null;
  conflicts: readonly (Conflict & { id: string })[];
  /** Keeps what each member holds (`Member.open`) up to date while it is looked at. Returns the way to stop. */
  followLoads(): () => void;
};

export function createTeamStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<TeamState> {
  /** How many look at what members hold: counting it anew with every message is only worth it for them. */
  let followers = 0;
  const store = createStore<TeamState>(() => ({
    directory: null,
    round: 0,
    presence: null,
    conflicts: [],
    followLoads: () => {
      followers += 1;
      refreshDirectory();
      return () => {
        followers -= 1;
      };
    },
  }));
  const refreshing = (task: () => Promise<void>): (() => void) => {
    const refresh = createCoalesced(task);
    return () => void refresh().catch(deps.report);
  };
  const refreshDirectory = refreshing(async () => {
    const fresh = await deps.client.team.directory();
    store.setState(({ directory }) => ({ directory: reuse(directory, fresh) }));
  });
  const refreshPresence = refreshing(async () => {
    const fresh = await deps.client.presence.list();
    store.setState(({ presence }) => ({ presence: reuse(presence, fresh) }));
  });
  const refreshConflicts = refreshing(async () => {
    const fresh = (await deps.client.conflicts.list()).map((conflict) => ({ ...conflict, id: conflict.opId }));
    store.setState(({ conflicts }) => ({ conflicts: reuseList(conflicts, fresh) }));
  });
  deps.changes.subscribe((change) => {
    if (change.directory) store.setState(({ round }) => ({ round: round + 1 }));
    if (change.directory || (followers > 0 && hasConversationChange(change))) refreshDirectory();
    if (change.presence) refreshPresence();
    if (change.conflicts) refreshConflicts();
  });
  return store;
}

/** `unknown`: this desktop is offline. */
export function presenceOf({ presence }: TeamState, { id, isMe }: Pick<Agent, 'id' | 'isMe'>): 'online' | 'away' | 'offline' | 'unknown' {
  if (presence === null) return 'unknown';
  const entries = presence.filter(({ agent }) => agent.id === id);
  if (isMe || entries.some(({ activity }) => activity !== 'away')) return 'online';
  return entries.length > 0 ? 'away' : 'offline';
}

export const myTeamIds = ({ directory }: TeamState): ReadonlySet<string> => new Set(directory?.members.find(({ isMe }) => isMe)?.teamIds);
