/**
 * The conversation list: one view, a filter, keyset pages. A change brings only the rows that changed (`merge-rows.ts`).
 * Invariants: answers are taken one after the other (`inOrder`), and one for a filter that is no longer shown is
 * dropped; while the list is held, rows do not change places (`hold-rows.ts`).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationStatus } from '../../contract/state.ts';
import { joinConversations, type Change, type ConversationSummary } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { holdRows, keepRow } from './hold-rows.ts';
import { belongs, mergeRows } from './merge-rows.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuseList } from './share.ts';

export type InboxFilter = { status: ConversationStatus; unread: boolean; search: string };

export type InboxState = {
  filter: InboxFilter;
  /** Null until the first page of the first filter has come. */
  rows: readonly ConversationSummary[] | null;
  /** The filter that `rows` answer; differs from `filter` for the milliseconds of a switch. */
  rowsFilter: InboxFilter;
  hasMore: boolean;
  isHeld: boolean;
  /** News that the held list does not show yet. */
  waiting: number;
  setFilter(patch: Partial<InboxFilter>): void;
  hold(isHeld: boolean): void;
  /** Shows the news although the list is held. */
  showWaiting(): void;
  loadMore(): void;
  /** Takes a row out at once, even from a held list: its agent has just moved it elsewhere. */
  dropRow(id: string): void;
};

const PAGE = 50;
/** The contract's limit for one page and for one list of ids. */
const READ_MAX = 200;

type Page = {
  items: readonly ConversationSummary[];
  nextCursor: string | null;
  /** The last row when its page came: `nextCursor` goes on below it, wherever it has moved since. */
  edge: ConversationSummary | null;
};
type Changed = Change['conversations'];

export function createInboxStore(deps: { client: EngineClient; changes: ChangeFeed; openId(): string | null; report(error: unknown): void; reportAction(error: unknown): void }): StoreApi<InboxState> {
  const inOrder = createSerial();
  /** What the engine said last; the store shows it, unless it is held. */
  let fresh: Page = { items: [], nextCursor: null, edge: null };
  /** The present contents of rows that are still shown and no longer belong to `fresh`. */
  let left = new Map<string, ConversationSummary>();
  let changed: Changed = [];

  const store = createStore<InboxState>((set, get) => {
    const filter: InboxFilter = { status: 'active', unread: false, search: '' };
    return {
      filter,
      rows: null,
      rowsFilter: filter,
      hasMore: false,
      isHeld: false,
      waiting: 0,
      setFilter: (patch) => {
        set({ filter: { ...get().filter, ...patch } });
        refresh('all', deps.reportAction);
      },
      hold: (isHeld) => {
        if (isHeld === get().isHeld) return;
        set({ isHeld });
        if (!isHeld) showNow();
      },
      showWaiting: () => showNow(),
      loadMore: () => void loadMoreOnce().catch(deps.reportAction),
      dropRow: (id) => {
        fresh = { ...fresh, items: fresh.items.filter((row) => row.id !== id) };
        left.delete(id);
        set((state) => ({ rows: state.rows?.filter((row) => row.id !== id) ?? null }));
      },
    };
  });

  /** Not between two filters: what the engine said last answers the one that was left. */
  function showNow(): void {
    const { rows, filter, rowsFilter } = store.getState();
    if (rows !== null && filter === rowsFilter) show(false);
  }

  function show(isHeld: boolean): void {
    const { rows: shown, filter } = store.getState();
    const openId = deps.openId();
    const open = filter.unread && openId !== null ? left.get(openId) : undefined;
    const items = keepRow(shown ?? [], fresh.items, open?.status === filter.status ? open : null);
    const held = isHeld && shown ? holdRows(shown, items, left) : { rows: items, waiting: 0 };
    if (!isHeld) left = new Map(open && [[open.id, open]]);
    store.setState({ rows: reuseList(shown ?? [], held.rows), waiting: held.waiting, hasMore: fresh.nextCursor !== null, rowsFilter: filter });
  }

  async function loadMore(): Promise<void> {
    const { filter, rowsFilter } = store.getState();
    if (fresh.nextCursor === null || filter !== rowsFilter) return;
    const page = await deps.client.conversations.list({ ...filter, limit: PAGE, cursor: fresh.nextCursor });
    if (store.getState().filter !== filter) return;
    const known = new Set(fresh.items.map((row) => row.id));
    const added = page.items.filter((row) => !known.has(row.id));
    fresh = { items: [...fresh.items, ...added], nextCursor: page.nextCursor, edge: page.items.at(-1) ?? fresh.edge };
    // Rows below the shown ones move nothing, so they join a held list as well.
    const shownIds = new Set(store.getState().rows?.map((row) => row.id));
    store.setState((state) => ({ rows: [...(state.rows ?? []), ...added.filter((row) => !shownIds.has(row.id))], hasMore: page.nextCursor !== null }));
  }

  let loading: Promise<void> | null = null;
  /** A scroll that asks a dozen times while a page is on its way gets that page. */
  function loadMoreOnce(): Promise<void> {
    loading ??= inOrder(loadMore).finally(() => {
      loading = null;
    });
    return loading;
  }

  async function reload(): Promise<void> {
    const { filter, rowsFilter, rows } = store.getState();
    const isSameFilter = rows !== null && filter === rowsFilter;
    const news = changed;
    changed = [];
    try {
      // Only the engine can say whether a name or a number still matches a search.
      if (isSameFilter && news !== 'all' && news.length <= READ_MAX && filter.search === '') await takeChanged(news, filter);
      else await readAgain(filter, isSameFilter);
    } catch (error) {
      changed = 'all';
      throw error;
    }
    if (store.getState().filter === filter) show(isSameFilter && store.getState().isHeld);
  }

  async function takeChanged(ids: readonly string[], filter: InboxFilter): Promise<void> {
    const rows = ids.length === 0 ? [] : await deps.client.conversations.byIds({ ids: [...ids] });
    if (store.getState().filter !== filter) return;
    fresh = { ...fresh, items: mergeRows(fresh.items, rows, new Set(ids), filter, fresh.nextCursor === null ? null : fresh.edge) };
    for (const row of rows) {
      if (belongs(row, filter)) left.delete(row.id);
      else left.set(row.id, row);
    }
  }

  /** The first rows anew: of a list that is loaded further down the rest comes back with scrolling. */
  async function readAgain(filter: InboxFilter, isSameFilter: boolean): Promise<void> {
    const limit = isSameFilter ? Math.min(READ_MAX, Math.max(PAGE, fresh.items.length)) : PAGE;
    const page = await deps.client.conversations.list({ ...filter, limit });
    const known = new Set(page.items.map((row) => row.id));
    const lost = isSameFilter ? stillNeeded().filter((id) => !known.has(id)) : [];
    const present = lost.length === 0 ? [] : await deps.client.conversations.byIds({ ids: lost.slice(0, READ_MAX) });
    if (store.getState().filter !== filter) return;
    fresh = { ...page, edge: page.items.at(-1) ?? null };
    left = new Map(present.map((row) => [row.id, row]));
  }

  /** Shown rows that may stay although the list has lost them. */
  function stillNeeded(): string[] {
    const { rows, isHeld, filter } = store.getState();
    const openId = filter.unread ? deps.openId() : null;
    return (rows ?? []).map((row) => row.id).filter((id) => isHeld || id === openId);
  }

  const refreshInOrder = createCoalesced(() => inOrder(reload));
  const refresh = (news: Changed, report = deps.report): void => {
    changed = joinConversations(changed, news);
    void refreshInOrder().catch(report);
  };
  deps.changes.subscribe((change) => {
    if (hasConversationChange(change)) refresh(change.conversations);
  });
  return store;
}
