/** Who I am, how the desktop stands with the relay and with WhatsApp, and the counts of the rail. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session, SyncState } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, InboxCounts } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';

export type SessionState = { session: Session | null; sync: SyncState | null; counts: InboxCounts | null };

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  /** Passes before conversations are counted again: under a flood of messages each of them changes a number. */
  pause(): Promise<void>;
  report(error: unknown): void;
};

export function createSessionStore(deps: Deps): StoreApi<SessionState> {
  const store = createStore<SessionState>(() => ({ session: null, sync: null, counts: null }));
  const refreshing = <K extends keyof SessionState>(key: K, load: () => Promise<NonNullable<SessionState[K]>>, pause?: () => Promise<void>): (() => void) => {
    const refresh = createCoalesced(async () => {
      const fresh = await load();
      store.setState((state) => ({ ...state, [key]: reuse(state[key], fresh) }));
      await pause?.();
    });
    return () => void refresh().catch(deps.report);
  };
  const refreshSession = refreshing('session', () => deps.client.session.get());
  const refreshSync = refreshing('sync', () => deps.client.session.sync());
  const refreshCounts = refreshing('counts', () => deps.client.conversations.counts(), deps.pause);

  deps.changes.subscribe((change) => {
    if (change.session) refreshSession();
    if (change.sync) refreshSync();
    if (hasConversationChange(change)) refreshCounts();
  });
  return store;
}

/** Its rows are gone, by an admin's word; an invite makes it a desktop of a workspace again. */
export const isWiped = ({ sync }: Pick<SessionState, 'sync'>): boolean => sync !== null && sync.state === 'revoked' && sync.logId === null;

/** It has no key yet and nothing that could be read without: there is nothing to show but what to do. */
export const waitsAtFirst = ({ sync, counts }: SessionState): boolean => sync?.state === 'waiting_for_key' && counts !== null && counts.active + counts.archived + counts.closed === 0;

/** The level since which programs know how to assign, snooze, label and note (`contract/ops/op.ts`). */
const TRIAGE_LEVEL = 2;
/** The level since which they know files, cards and link previews. */
const CONTENT_LEVEL = 3;
/** The level since which they know service requests. */
const REQUESTS_LEVEL = 4;
/** Whether every desktop of the team understands service requests; until then none is made or changed. */
export const areRequestsOn = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= REQUESTS_LEVEL;
/** Whether every desktop of the team understands messages other than plain text; until then they are not offered. */
export const areKindsOn = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= CONTENT_LEVEL;
/** Whether every desktop of the team understands triage; until then it is not offered. */
export const isTriageOn = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= TRIAGE_LEVEL;
/** The level since which they know that what was read can be marked as unread. */
const UNREAD_LEVEL = 6;
/** Whether every desktop of the team understands it; until then it is not offered. */
export const isUnreadOn = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= UNREAD_LEVEL;
/** The level since which they know templates, service requests and contacts. */
const WORK_LEVEL = 4;
/** Whether every desktop of the team understands templates and service requests; until then they are not offered. */
export const isWorkOn = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= WORK_LEVEL;
/** The level since which they know messages that are attached to a request. */
const ATTACHED_LEVEL = 6;
export const canAttachMessages = ({ sync }: SessionState): boolean => sync !== null && sync.writeLevel >= ATTACHED_LEVEL;
