/** The leads' board: who holds how much, and the conversations of one of them. Reads only while it is shown. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoardRow, ConversationSummary } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse, reuseList } from './share.ts';

/** Null: nobody's. */
export type Holder = string | null;

export type BoardState = {
  isShown: boolean;
  rows: readonly BoardRow[] | null;
  holder: Holder;
  /** Of `holder`; null until the first page has come. */
  conversations: readonly ConversationSummary[] | null;
  hasMore: boolean;
  show(isShown: boolean): void;
  choose(holder: Holder): void;
  loadMore(): void;
};

const PAGE = 50;
/** The contract's largest page. */
const PAGE_MAX = 200;

type Deps = { client: EngineClient; changes: ChangeFeed; report(error: unknown): void };

export function createBoardStore({ client, changes, report }: Deps): StoreApi<BoardState> {
  let limit = PAGE;
  const store = createStore<BoardState>((set, get) => ({
    isShown: false,
    rows: null,
    holder: null,
    conversations: null,
    hasMore: false,
    show: (isShown) => {
      if (isShown === get().isShown) return;
      set({ isShown });
      if (isShown) refresh();
    },
    choose: (holder) => {
      if (holder === get().holder) return;
      limit = PAGE;
      set({ holder, conversations: null, hasMore: false });
      refresh();
    },
    loadMore: () => {
      limit = Math.min(limit + PAGE, PAGE_MAX);
      refresh();
    },
  }));

  const read = createCoalesced(async () => {
    const { holder, isShown } = store.getState();
    if (!isShown) return;
    const [rows, page] = await Promise.all([client.team.board(), client.conversations.list({ assignee: holder === null ? 'nobody' : { agentId: holder }, limit })]);
    store.setState((state) => ({
      rows: reuse(state.rows, rows),
      ...(state.holder === holder && { conversations: reuseList(state.conversations ?? [], page.items), hasMore: page.nextCursor !== null && limit < PAGE_MAX }),
    }));
  });
  const refresh = (): void => void read().catch(report);

  changes.subscribe((change) => {
    if (store.getState().isShown && (hasConversationChange(change) || change.directory)) refresh();
  });
  return store;
}
