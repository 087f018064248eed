/**
 * The conversation list: one view, a filter, keyset pages.
 * Invariants: pages are fetched one after the other (`inOrder`), and an answer for a filter that is no longer shown is
 * dropped; while the list is held, rows do not change places (`hold-rows.ts`).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationStatus } from '../../contract/state.ts';
import type { ConversationSummary } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { holdRows, keepRow } from './hold-rows.ts';
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
const REFRESH_PAGE = 200;

type Page = { items: readonly ConversationSummary[]; nextCursor: string | null };

export function createInboxStore(deps: { client: EngineClient; changes: ChangeFeed; openId(): string | null; report(error: unknown): void }): StoreApi<InboxState> {
  const inOrder = createSerial();
  /** What the engine said last; the store shows it, unless it is held. */
  let fresh: Page = { items: [], nextCursor: null };

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
        refresh();
      },
      hold: (isHeld) => {
        if (isHeld === get().isHeld) return;
        set({ isHeld });
        if (!isHeld) show(false);
      },
      showWaiting: () => show(false),
      loadMore: () => void inOrder(loadMore).catch(deps.report),
      dropRow: (id) => {
        fresh = { ...fresh, items: fresh.items.filter((row) => row.id !== id) };
        set((state) => ({ rows: state.rows?.filter((row) => row.id !== id) ?? null }));
      },
    };
  });

  function show(isHeld: boolean): void {
    const { rows: shown, filter } = store.getState();
    const items = filter.unread ? keepRow(shown ?? [], fresh.items, deps.openId()) : fresh.items;
    const held = isHeld && shown ? holdRows(shown, items) : { rows: items, waiting: 0 };
    store.setState({ rows: reuseList(shown ?? [], held.rows), waiting: held.waiting, hasMore: fresh.nextCursor !== null, rowsFilter: filter });
  }

  async function loadMore(): Promise<void> {
    const { filter } = store.getState();
    if (fresh.nextCursor === null) return;
    const page = await deps.client.conversations.list({ ...filter, limit: PAGE, cursor: fresh.nextCursor });
    if (store.getState().filter !== filter) return;
    const known = new Set(fresh.items.map((row) => row.id));
    const added = page.items.filter((row) => !known.has(row.id));
    fresh = { items: [...fresh.items, ...added], nextCursor: page.nextCursor };
    // Rows below the shown ones move nothing, so they join a held list as well.
    const shownIds = new Set(store.getState().rows?.map((row) => row.id));
    store.setState((state) => ({ rows: [...(state.rows ?? []), ...added.filter((row) => !shownIds.has(row.id))], hasMore: page.nextCursor !== null }));
  }

  async function reload(): Promise<void> {
    const { filter, rowsFilter, isHeld, rows } = store.getState();
    const isSameFilter = rows !== null && filter === rowsFilter;
    const wanted = isSameFilter ? Math.max(PAGE, fresh.items.length) : PAGE;
    let page: Page = { items: [], nextCursor: null };
    do {
      const limit = Math.min(REFRESH_PAGE, wanted - page.items.length);
      const next = await deps.client.conversations.list({ ...filter, limit, ...(page.nextCursor === null ? {} : { cursor: page.nextCursor }) });
      page = { items: [...page.items, ...next.items], nextCursor: next.nextCursor };
    } while (page.nextCursor !== null && page.items.length < wanted);
    if (store.getState().filter !== filter) return;
    fresh = page;
    show(isHeld && isSameFilter);
  }

  const refreshInOrder = createCoalesced(() => inOrder(reload));
  const refresh = (): void => void refreshInOrder().catch(deps.report);
  deps.changes.subscribe((change) => {
    if (hasConversationChange(change)) refresh();
  });
  return store;
}
