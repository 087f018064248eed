/** What the team shares besides conversations, who is there, and what of mine the team's log judged otherwise. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conflict, Directory, PresenceEntry } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse, reuseList } from './share.ts';

export type TeamState = {
  directory: Directory | null;
  /** Colleagues; null: unknown, this desktop is offline. */
  presence: readonly PresenceEntry[] | null;
  conflicts: readonly (Conflict & { id: string })[];
};

export function createTeamStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<TeamState> {
  const store = createStore<TeamState>(() => ({ directory: null, presence: null, conflicts: [] }));
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
    // Members are shown with their presence.
    if (change.directory || change.presence) refreshDirectory();
    if (change.presence) refreshPresence();
    if (change.conflicts) refreshConflicts();
  });
  return store;
}

export const myTeamIds = ({ directory }: TeamState): ReadonlySet<string> => new Set(directory?.members.find(({ isMe }) => isMe)?.teamIds);
