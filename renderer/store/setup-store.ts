/** How far the workspace is. Asked for when the rail or a page shows it, and again whenever something it is read from changes. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SetupState } from '../../contract/setup-api.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';

export type SetupStoreState = {
  /** Null until it was read. */
  state: SetupState | null;
  load(): void;
  /** Messages are told one by one while somebody waits for theirs. Returns the way to stop. */
  follow(): () => void;
};

export function createSetupStore({ client, changes, report }: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<SetupStoreState> {
  let isWanted = false;
  let followers = 0;
  const store = createStore<SetupStoreState>(() => ({
    state: null,
    load: () => {
      if (isWanted) return;
      isWanted = true;
      void refresh().catch(report);
    },
    follow: () => {
      followers += 1;
      isWanted = true;
      void refresh().catch(report);
      return () => {
        followers -= 1;
      };
    },
  }));
  const refresh = createCoalesced(async () => {
    const fresh = await client.setup.state();
    store.setState(({ state }) => ({ state: reuse(state, fresh) }));
  });
  changes.subscribe((change) => {
    if (!isWanted) return;
    // In a busy inbox the newest message is news to nobody but who waits for it.
    const isMessageNews = hasConversationChange(change) && (followers > 0 || store.getState().state?.newestMessage === null);
    if (change.session || change.directory || change.templates || change.ai || change.knowledge || isMessageNews) void refresh().catch(report);
  });
  return store;
}
