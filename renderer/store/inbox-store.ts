/**
 * The conversation list: one view, a filter, keyset pages. A change brings only the rows that changed (`merge-rows.ts`).
 * Invariants: answers are taken one after the other (`inOrder`), and one for a filter that is no longer shown is
 * dropped; while the list is held, rows do not change places (`hold-rows.ts`).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Change, ConversationSummary } from '../../contract/entities.ts';
import { joinConversations } from '../../contract/rules/join-changes.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { holdRows, keepRow } from './hold-rows.ts';
import { belongs, changeFilter, readFilter, toQuery, writeFilter, type InboxFilter } from './inbox-filter.ts';
import { mergeRows } from './merge-rows.ts';
import type { TabStorage } from './remember-open.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuseList } from './share.ts';

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
  /** Rows that their agent has just changed: those that no longer belong here leave at once, even a held list. */
  dropMoved(ids: readonly string[]): Promise<void>;
  /** The agent has just taken something back: what returns is shown at once, also in a held list. */
  showReturned(): Promise<void>;
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

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  storage: TabStorage;
  openId(): string | null;
  myTeamIds(): ReadonlySet<string>;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

export function createInboxStore(deps: Deps): StoreApi<InboxState> {
  const inOrder = createSerial();
  /** What the engine said last; the store shows it, unless it is held. */
  let fresh: Page = { items: [], nextCursor: null, edge: null };
  /** The present contents of rows that are still shown and no longer belong to `fresh`. */
  let left = new Map<string, ConversationSummary>();
  let changed: Changed = [];

  const store = createStore<InboxState>((set, get) => {
    const filter = readFilter(deps.storage);
    return {
      filter,
      rows: null,
      rowsFilter: filter,
      hasMore: false,
      isHeld: false,
      waiting: 0,
      setFilter: (patch) => {
        const filter = changeFilter(get().filter, patch);
        set({ filter });
        writeFilter(deps.storage, filter);
        refresh('all', deps.reportAction);
      },
      hold: (isHeld) => {
        if (isHeld === get().isHeld) return;
        set({ isHeld });
        if (!isHeld) showNow();
      },
      showWaiting: () => showNow(),
      loadMore: () => void loadMoreOnce().catch(deps.reportAction),
      dropMoved: async (ids) => {
        for (let at = 0; at < ids.length; at += READ_MAX) {
          const moved = await deps.client.conversations.byIds({ ids: ids.slice(at, at + READ_MAX) });
          const gone = new Set(moved.filter((row) => !belongsHere(row, get().filter)).map((row) => row.id));
          fresh = { ...fresh, items: fresh.items.filter((row) => !gone.has(row.id)) };
          for (const id of gone) left.delete(id);
          if (gone.size > 0) set((state) => ({ rows: state.rows?.filter((row) => !gone.has(row.id)) ?? null }));
        }
      },
      showReturned: async () => {
        changed = 'all';
        await refreshInOrder();
        showNow();
      },
    };
  });

  const belongsHere = (row: ConversationSummary, filter: InboxFilter): boolean => belongs(row, filter, deps.myTeamIds());

  /** Not between two filters: what the engine said last answers the one that was left. */
  function showNow(): void {
    const { rows, filter, rowsFilter } = store.getState();
    if (rows !== null && filter === rowsFilter) show(false);
  }

  function show(isHeld: boolean): void {
    const { rows: shown, filter } = store.getState();
    const openId = deps.openId();
    const open = filter.unread && openId !== null ? left.get(openId) : undefined;
    const items = keepRow(shown ?? [], fresh.items, open && belongsHere(open, { ...filter, unread: false }) ? open : null);
    // In an empty list there is nothing that could be moved.
    const held = isHeld && shown?.length ? holdRows(shown, items, left) : { rows: items, waiting: 0 };
    if (!isHeld) left = new Map(open && [[open.id, open]]);
    store.setState({ rows: reuseList(shown ?? [], held.rows), waiting: held.waiting, hasMore: fresh.nextCursor !== null, rowsFilter: filter });
  }

  async function loadMore(): Promise<void> {
    const { filter, rowsFilter } = store.getState();
    if (fresh.nextCursor === null || filter !== rowsFilter) return;
    const page = await deps.client.conversations.list({ ...toQuery(filter), limit: PAGE, cursor: fresh.nextCursor });
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
    fresh = { ...fresh, items: mergeRows(fresh.items, rows, new Set(ids), (row) => belongsHere(row, filter), fresh.nextCursor === null ? null : fresh.edge) };
    for (const row of rows) {
      if (belongsHere(row, filter)) left.delete(row.id);
      else left.set(row.id, row);
    }
  }

  /** The first rows anew: of a list that is loaded further down the rest comes back with scrolling. */
  async function readAgain(filter: InboxFilter, isSameFilter: boolean): Promise<void> {
    const limit = isSameFilter ? Math.min(READ_MAX, Math.max(PAGE, fresh.items.length)) : PAGE;
    const page = await deps.client.conversations.list({ ...toQuery(filter), limit });
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
    // Who is in which team decides what is my teams'.
    const isOtherTeams = change.directory && store.getState().filter.whose === 'my_teams';
    if (isOtherTeams) refresh('all');
    else if (hasConversationChange(change)) refresh(change.conversations);
  });
  return store;
}
