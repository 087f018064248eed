/**
 * The conversation list: one view, a filter, keyset pages. A change brings only the rows that changed (`merge-rows.ts`).
 * Invariants: answers are taken one after the other (`inOrder`), and one for a filter that is no longer shown is
 * dropped; while the list is held, rows do not change places (`hold-rows.ts`); however long the list is, at most
 * `LOADED_MAX` of its rows and a few pages stay loaded: a stretch of it that moves with whoever reads.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Change, ConversationSummary } from '../../contract/entities.ts';
import { SERVICE_WINDOW_GUARD_MS } from '../../contract/limits.ts';
import { cursorOf, placeOf } from '../../contract/rules/inbox-filter.ts';
import { joinConversations } from '../../contract/rules/join-changes.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import type { ClockState } from './clock-store.ts';
import { holdRows, keepRow } from './hold-rows.ts';
import { belongs, changeFilter, compareRows, isForEngine, readFilter, toQuery, writeFilter, type InboxFilter } from './inbox-filter.ts';
import { mergeRows, type Edges } from './merge-rows.ts';
import type { TabStorage } from './remember-open.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuseList } from './share.ts';

export type InboxState = {
  filter: InboxFilter;
  /** Null until the first page of the first filter has come. */
  rows: readonly ConversationSummary[] | null;
  /** The filter that `rows` answer; differs from `filter` for the milliseconds of a switch. */
  rowsFilter: InboxFilter;
  /** Whether the list goes on below and above what is loaded. */
  hasMore: boolean;
  hasPrevious: boolean;
  /** How many rows have just come above the others (negative: gone from there), which must not move what is looked at; of the last change of `rows`. */
  shiftedBy: number;
  isHeld: boolean;
  /** News that the held list does not show yet. */
  waiting: number;
  setFilter(patch: Partial<InboxFilter>): void;
  hold(isHeld: boolean): void;
  /** Shows the news although the list is held. */
  showWaiting(): void;
  loadMore(): void;
  loadPrevious(): void;
  /** The stretch at one end of the list, wherever it was before. @returns whether it is there now. */
  loadEnd(end: 'start' | 'end'): Promise<boolean>;
  /** Lets go of rows beyond `LOADED_MAX`, far from the one in view. */
  trim(indexInView: number): void;
  /** Rows that their agent has just changed: those that no longer belong here leave at once, even a held list. */
  dropMoved(ids: readonly string[]): Promise<void>;
  /** The agent has just taken something back: what returns is shown at once, also in a held list. */
  showReturned(): Promise<void>;
};

const PAGE = 50;
/** The contract's limit for one page and for one list of ids. */
const READ_MAX = 200;
/** About 3 kB each in the window. */
const LOADED_MAX = 2_000;
/** Rows are let go of that many at once, so that it happens seldom. */
const TRIM_AT = LOADED_MAX + 400;

/** `top`, `bottom`: see `Edges`. */
type Loaded = Edges & { items: readonly ConversationSummary[] };
type ListPage = EngineOutputs['conversations']['list'];
type Changed = Change['conversations'];

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  storage: TabStorage;
  clock: Pick<StoreApi<ClockState>, 'subscribe'>;
  /** Relay time minus this computer's, ms. */
  clockOffset(): number;
  openId(): string | null;
  myTeamIds(): ReadonlySet<string>;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

export function createInboxStore(deps: Deps): StoreApi<InboxState> {
  const inOrder = createSerial();
  /** What the engine said last; the store shows it, unless it is held. */
  let fresh: Loaded = { items: [], top: null, bottom: null };
  /** The present contents of rows that are still shown and no longer belong to `fresh`. */
  let left = new Map<string, ConversationSummary>();
  let changed: Changed = [];
  /** What has come above the loaded stretch. */
  let above = new Set<string>();

  const store = createStore<InboxState>((set, get) => {
    const filter = readFilter(deps.storage);
    return {
      filter,
      rows: null,
      rowsFilter: filter,
      hasMore: false,
      hasPrevious: false,
      shiftedBy: 0,
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
      showWaiting: () => (fresh.top === null ? showNow() : void get().loadEnd('start')),
      loadMore: () => void loadOnce('end').catch(deps.reportAction),
      loadPrevious: () => void loadOnce('start').catch(deps.reportAction),
      loadEnd: async (end) => {
        if (fresh[end === 'start' ? 'top' : 'bottom'] === null) return true;
        try {
          return await inOrder(() => loadEnd(end));
        } catch (error) {
          deps.reportAction(error);
          return false;
        }
      },
      trim,
      dropMoved: async (ids) => {
        for (let at = 0; at < ids.length; at += READ_MAX) {
          const moved = await deps.client.conversations.byIds({ ids: ids.slice(at, at + READ_MAX) });
          const gone = new Set(moved.filter((row) => !belongsHere(row, get().filter)).map((row) => row.id));
          fresh = { ...fresh, items: fresh.items.filter((row) => !gone.has(row.id)) };
          for (const id of gone) left.delete(id);
          if (gone.size > 0) set((state) => ({ rows: state.rows?.filter((row) => !gone.has(row.id)) ?? null, shiftedBy: 0 }));
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
    if (fresh.top === null) above = new Set();
    store.setState({ rows: reuseList(shown ?? [], held.rows), waiting: held.waiting + above.size, ...ends(), shiftedBy: 0, rowsFilter: filter });
  }

  const ends = () => ({ hasMore: fresh.bottom !== null, hasPrevious: fresh.top !== null });

  /** The next page below or above what is loaded. */
  async function load(towards: 'start' | 'end'): Promise<void> {
    const { filter, rowsFilter } = store.getState();
    const edge = towards === 'end' ? fresh.bottom : fresh.top;
    if (edge === null || filter !== rowsFilter) return;
    const page = await deps.client.conversations.list({ ...toQuery(filter), towards, limit: PAGE, cursor: cursorOf(edge, filter.sort) });
    if (store.getState().filter !== filter) return;
    const known = new Set(fresh.items.map((row) => row.id));
    const added = page.items.filter((row) => !known.has(row.id));
    const shownIds = new Set(store.getState().rows?.map((row) => row.id));
    const joining = added.filter((row) => !shownIds.has(row.id));
    // Rows beyond the shown ones move nothing, so they join a held list as well.
    if (towards === 'end') {
      fresh = { ...fresh, items: [...fresh.items, ...added], bottom: page.nextCursor === null ? null : (page.items.at(-1) ?? fresh.bottom) };
      store.setState((state) => ({ rows: [...(state.rows ?? []), ...joining], shiftedBy: 0, ...ends() }));
    } else {
      fresh = { ...fresh, items: [...added, ...fresh.items], top: page.previousCursor === null ? null : (page.items[0] ?? fresh.top) };
      for (const { id } of added) above.delete(id);
      store.setState((state) => ({ rows: [...joining, ...(state.rows ?? [])], shiftedBy: joining.length, ...ends() }));
    }
  }

  async function loadEnd(end: 'start' | 'end'): Promise<boolean> {
    const { filter } = store.getState();
    const page = await deps.client.conversations.list({ ...toQuery(filter), towards: end === 'start' ? 'end' : 'start', limit: READ_MAX });
    if (store.getState().filter !== filter) return false;
    take(page);
    show(false);
    return true;
  }

  function take({ items, nextCursor, previousCursor }: ListPage): void {
    above = new Set();
    fresh = { items, top: previousCursor === null ? null : (items[0] ?? null), bottom: nextCursor === null ? null : (items.at(-1) ?? null) };
    left = new Map();
  }

  function trim(indexInView: number): void {
    const { rows, rowsFilter, filter } = store.getState();
    if (rows === null || rows.length <= TRIM_AT || rowsFilter !== filter) return;
    const surplus = rows.length - LOADED_MAX;
    const isFromTop = indexInView > rows.length / 2;
    const kept = isFromTop ? rows.slice(surplus) : rows.slice(0, LOADED_MAX);
    const keptIds = new Set(kept.map((row) => row.id));
    const items = fresh.items.filter((row) => keptIds.has(row.id));
    const edge = isFromTop ? items[0] : items.at(-1);
    if (edge === undefined) return;
    fresh = { ...fresh, items, [isFromTop ? 'top' : 'bottom']: edge };
    store.setState({ rows: kept, shiftedBy: isFromTop ? -surplus : 0, ...ends() });
  }

  const loading: Record<'start' | 'end', Promise<void> | null> = { start: null, end: null };
  /** A scroll that asks a dozen times while a page is on its way gets that page. */
  function loadOnce(towards: 'start' | 'end'): Promise<void> {
    loading[towards] ??= inOrder(() => load(towards)).finally(() => {
      loading[towards] = null;
    });
    return loading[towards];
  }

  async function reload(): Promise<void> {
    const { filter, rowsFilter, rows } = store.getState();
    const isSameFilter = rows !== null && filter === rowsFilter;
    const news = changed;
    changed = [];
    try {
      // Only the engine can say whether a name or a number still matches a search.
      if (isSameFilter && news !== 'all' && news.length <= READ_MAX && !isForEngine(filter)) await takeChanged(news, filter);
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
    const merged = mergeRows(
      fresh.items,
      rows,
      new Set(ids),
      (row) => belongsHere(row, filter),
      (a, b) => compareRows(a, b, filter.sort),
      fresh,
    );
    fresh = { ...fresh, items: merged.rows };
    for (const { id } of rows) above.delete(id);
    for (const { id } of merged.above) above.add(id);
    for (const row of rows) {
      if (belongsHere(row, filter)) left.delete(row.id);
      else left.set(row.id, row);
    }
    dropErased(ids, rows);
  }

  /** The loaded stretch anew: somebody may be reading far down in it. */
  async function readAgain(filter: InboxFilter, isSameFilter: boolean): Promise<void> {
    const page = await readStretch(filter, isSameFilter ? fresh : null);
    const known = new Set(page.items.map((row) => row.id));
    const lost = isSameFilter ? stillNeeded().filter((id) => !known.has(id)) : [];
    const present = lost.length === 0 ? [] : await deps.client.conversations.byIds({ ids: lost.slice(0, READ_MAX) });
    if (store.getState().filter !== filter) return;
    take(page);
    left = new Map(present.map((row) => [row.id, row]));
    dropErased(lost.slice(0, READ_MAX), present);
  }

  /** What the engine does not have any more is erased: it leaves at once, even a held list. */
  function dropErased(asked: readonly string[], found: readonly ConversationSummary[]): void {
    const erased = new Set(asked);
    for (const { id } of found) erased.delete(id);
    const { rows } = store.getState();
    if (!rows?.some(({ id }) => erased.has(id))) return;
    for (const id of erased) left.delete(id);
    store.setState({ rows: rows.filter(({ id }) => !erased.has(id)), shiftedBy: 0 });
  }

  async function readStretch(filter: InboxFilter, before: Loaded | null): Promise<ListPage> {
    const wanted = Math.max(PAGE, before?.items.length ?? 0);
    const limitOf = (count: number): number => Math.min(READ_MAX, Math.max(PAGE, wanted - count));
    const from = before?.top ? { cursor: cursorOf(before.top, filter.sort, true) } : {};
    let page: ListPage = await deps.client.conversations.list({ ...toQuery(filter), limit: limitOf(0), ...from });
    // All that was there has gone: what is left is above.
    if (page.items.length === 0 && before?.top) return deps.client.conversations.list({ ...toQuery(filter), towards: 'start', limit: READ_MAX });
    while (page.items.length < wanted && page.nextCursor !== null && store.getState().filter === filter) {
      const next = await deps.client.conversations.list({ ...toQuery(filter), limit: limitOf(page.items.length), cursor: page.nextCursor });
      page = { ...page, items: [...page.items, ...next.items], nextCursor: next.nextCursor };
    }
    return page;
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
  // No change tells that a window has closed: its row goes behind those that are open.
  deps.clock.subscribe(({ now }) => {
    const { sort } = store.getState().filter;
    const [first] = fresh.items;
    if (sort !== 'window' || !first || placeOf(first, sort).part !== 0) return;
    const { closesAt } = first.window;
    if (closesAt !== null && closesAt - SERVICE_WINDOW_GUARD_MS <= now + deps.clockOffset()) refresh('all');
  });
  deps.changes.subscribe((change) => {
    // Who is in which team decides what is my teams'.
    const isOtherTeams = change.directory && store.getState().filter.whose === 'my_teams';
    if (isOtherTeams) refresh('all');
    else if (hasConversationChange(change)) refresh(change.conversations);
  });
  return store;
}
