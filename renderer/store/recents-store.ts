/** The conversations that were opened in this window, newest first. Only in memory: what an agent looked at is nobody else's business. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationState } from './conversation-store.ts';

const KEPT = 12;

export type RecentsState = { ids: readonly string[] };

export function createRecentsStore({ conversation }: { conversation: StoreApi<ConversationState> }): StoreApi<RecentsState> {
  const store = createStore<RecentsState>(() => ({ ids: [] }));
  conversation.subscribe(({ openId }, before) => {
    if (openId !== null && openId !== before.openId) store.setState(({ ids }) => ({ ids: [openId, ...ids.filter((id) => id !== openId)].slice(0, KEPT) }));
  });
  return store;
}
