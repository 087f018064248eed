/** The open conversation comes back after a reload: kept for this tab only, and beside the address, which may carry a secret. */
import type { StoreApi } from 'zustand/vanilla';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';

const STORAGE_KEY = 'bandeja.open';

export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
type Deps = { conversation: StoreApi<ConversationState>; client: EngineClient; changes: ChangeFeed; storage: TabStorage; report(error: unknown): void };

export function rememberOpen({ conversation, client, changes, storage, report }: Deps): void {
  const remembered = storage.getItem(STORAGE_KEY);
  conversation.subscribe(({ openId }, before) => {
    if (openId === before.openId) return;
    if (openId === null) storage.removeItem(STORAGE_KEY);
    else storage.setItem(STORAGE_KEY, openId);
  });
  if (remembered === null) return;

  // Not before there is a line to the engine; and only what it knows: the tab may have shown another workspace.
  const stopWaiting = changes.subscribe(() => {
    stopWaiting();
    void client.conversations
      .byIds({ ids: [remembered] })
      .then(([found]) => {
        if (found && conversation.getState().openId === null) conversation.getState().open(found.id);
      })
      .catch(report);
  });
}
