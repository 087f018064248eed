/**
 * The leads' board: who holds how much, and the conversations of one of them. Reads only while it is shown.
 * Invariant: a move is recorded here at once, online or not, and can be taken back from its toast.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoardRow, ConversationSummary } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf } from './failure.ts';
import { createCoalesced } from './serial.ts';
import { reuse, reuseList } from './share.ts';
import type { ToastState } from './toast-store.ts';

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
  /** Gives conversations to somebody else, or to nobody. */
  move(conversations: readonly ConversationSummary[], to: { id: Holder; name: string }): Promise<void>;
};

const PAGE = 50;
/** The contract's largest page. */
const PAGE_MAX = 200;

type Deps = { client: EngineClient; changes: ChangeFeed; toasts: StoreApi<ToastState>; report(error: unknown): void };

export function createBoardStore({ client, changes, toasts, report }: Deps): StoreApi<BoardState> {
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
    move: async (conversations, to) => {
      const moved = conversations.filter((conversation) => (conversation.assignee?.id ?? null) !== to.id);
      if (moved.length === 0) return;
      try {
        const { opIds, changed, refused } = await client.conversations.bulk({ conversationIds: moved.map(({ id }) => id), action: { kind: 'assign', to: to.id } });
        refresh();
        if (changed === 0) return void toasts.getState().say('bulk.noneDone', { values: { name: '', count: refused } });
        toasts.getState().say(to.id === null ? 'bulk.done.released' : 'bulk.done.assigned', {
          values: { name: '', count: changed, refused, what: to.name },
          action: { label: 'action.undo', run: () => void undo(opIds) },
        });
      } catch (error) {
        toasts.getState().fail(failureCodeOf(error));
      }
    },
  }));

  const undo = async (opIds: string[]): Promise<void> => {
    try {
      const { refused } = await client.ops.undo({ opIds });
      if (refused > 0) toasts.getState().fail('CHANGED_MEANWHILE');
      refresh();
    } catch (error) {
      toasts.getState().fail(failureCodeOf(error));
    }
  };

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
