/**
 * The table of service requests: a filter, keyset pages, counts, and the views that its agent has saved. Reads only while it is shown.
 * Invariants: answers are taken one after the other, and one for a filter that is no longer shown is dropped; while the table is held,
 * rows do not change places (`hold-rows.ts`), and what is loaded further down stays loaded.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestFilter, RequestSummary, RequestView } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { changeView, moveView, saveView } from './edit-views.ts';
import { holdRows } from './hold-rows.ts';
import type { TabStorage } from './remember-open.ts';
import type { TextField } from './request-edits.ts';
import { isSameFilter, NO_REQUEST_FILTER, readRequestFilter, writeRequestFilter } from './request-filter.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuse, reuseList } from './share.ts';

export type RequestCounts = EngineOutputs['requests']['counts'];
/** A request that is being written, while its dialog is shut, too. */
export type RequestDraft = Readonly<Record<TextField, string>> & { customer: Person | null; vendor: Person | null };
type Person = { id: string; name: string; phone: string | null };
export const EMPTY_DRAFT: RequestDraft = {
  externalId: '',
  serviceType: '',
  customerName: '',
  contactPhone: '',
  contactEmail: '',
  address: '',
  requestedDate: '',
  approvedDate: '',
  formUrl: '',
  description: '',
  customer: null,
  vendor: null,
};

/** What was begun, for this person now: what it says of another customer goes, the job stays. */
export function draftFor(draft: RequestDraft, { isVendor, email, ...person }: Person & { isVendor: boolean; email: string | null }): RequestDraft {
  if (isVendor) return { ...draft, vendor: person };
  return draft.customer?.id === person.id ? draft : { ...draft, customer: person, customerName: person.name, contactPhone: '', contactEmail: email ?? '' };
}

export type RequestsState = {
  isShown: boolean;
  filter: RequestFilter;
  /** Null until the first page of the first filter has come. */
  rows: readonly RequestSummary[] | null;
  /** The filter that `rows` answer. */
  rowsFilter: RequestFilter;
  /** How many the filter finds. */
  total: number;
  hasMore: boolean;
  isHeld: boolean;
  /** News that the held table does not show yet. */
  waiting: number;
  counts: RequestCounts | null;
  views: readonly RequestView[];
  draft: RequestDraft;
  keepDraft(draft: RequestDraft): void;
  show(isShown: boolean): void;
  setFilter(patch: Partial<RequestFilter>): void;
  hold(isHeld: boolean): void;
  /** Shows the news although the table is held. */
  showWaiting(): void;
  loadMore(): void;
  /** Under a name, at the end; one that is called so already is replaced. */
  saveView(name: string): Promise<void>;
  /** Gives a view the present filter. */
  replaceView(id: string): Promise<void>;
  renameView(id: string, name: string): Promise<void>;
  removeView(id: string): Promise<void>;
  moveView(id: string, by: 1 | -1): Promise<void>;
};

const PAGE = 50;
/** The contract's largest page. */
const PAGE_MAX = 200;
/** Shown rows that the filter has lost are asked for one by one: as many as fit on a screen. */
const LOST_MAX = 60;

type Page = { items: readonly RequestSummary[]; nextCursor: string | null; total: number };
type Deps = { client: EngineClient; changes: ChangeFeed; storage: TabStorage; newId(): string; report(error: unknown): void; reportAction(error: unknown): void };

/** The view that shows exactly this. */
export const viewOf = ({ views, filter }: Pick<RequestsState, 'views' | 'filter'>): RequestView | null => views.find((view) => isSameFilter(view.filter, filter)) ?? null;

export function createRequestsStore({ client, changes, storage, newId, report, reportAction }: Deps): StoreApi<RequestsState> {
  const inOrder = createSerial();
  /** What the engine said last; the store shows it, unless it is held. */
  let fresh: Page = { items: [], nextCursor: null, total: 0 };
  /** The present contents of rows that are still shown and no longer belong to `fresh`. */
  let left = new Map<string, RequestSummary>();

  const store = createStore<RequestsState>((set, get) => {
    const filter = readRequestFilter(storage);
    return {
      isShown: false,
      filter,
      rows: null,
      rowsFilter: filter,
      total: 0,
      hasMore: false,
      isHeld: false,
      waiting: 0,
      counts: null,
      views: [],
      draft: EMPTY_DRAFT,
      keepDraft: (draft) => set({ draft }),
      show: (isShown) => {
        if (isShown === get().isShown) return;
        set({ isShown });
        if (isShown) refresh();
      },
      setFilter: (patch) => {
        const filter = { ...get().filter, ...patch };
        set({ filter });
        writeRequestFilter(storage, filter);
        refreshRows(reportAction);
      },
      hold: (isHeld) => {
        if (isHeld === get().isHeld) return;
        set({ isHeld });
        if (!isHeld) showNow();
      },
      showWaiting: () => showNow(),
      loadMore: () => void loadMoreOnce().catch(reportAction),
      saveView: (name) => changeViews((views, filter) => saveView(views, { id: newId(), name, filter })),
      replaceView: (id) => changeViews((views, filter) => changeView(views, id, { filter })),
      renameView: (id, name) => changeViews((views) => changeView(views, id, { name })),
      removeView: (id) => changeViews((views) => views.filter((view) => view.id !== id)),
      moveView: (id, by) => changeViews((views) => moveView(views, id, by)),
    };
  });

  /** From what the engine keeps now: another window may have changed it. */
  async function changeViews(change: (views: readonly RequestView[], filter: RequestFilter) => readonly RequestView[]): Promise<void> {
    await inOrder(async () => {
      const views = change(await client.requests.views(), store.getState().filter);
      await client.requests.setViews({ views: [...views] });
      store.setState((state) => ({ views: reuse(state.views, views) }));
    }).catch(reportAction);
  }

  function showNow(): void {
    const { rows, filter, rowsFilter } = store.getState();
    if (rows !== null && filter === rowsFilter) show(false);
  }

  function show(isHeld: boolean): void {
    const { rows: shown, filter } = store.getState();
    // In an empty table there is nothing that could be moved.
    const held = isHeld && shown?.length ? holdRows(shown, fresh.items, left) : { rows: fresh.items, waiting: 0 };
    if (!isHeld) left = new Map();
    store.setState({ rows: reuseList(shown ?? [], held.rows), waiting: held.waiting, hasMore: fresh.nextCursor !== null, total: fresh.total, rowsFilter: filter });
  }

  async function loadMore(): Promise<void> {
    const { filter, rowsFilter } = store.getState();
    if (fresh.nextCursor === null || filter !== rowsFilter) return;
    const page = await client.requests.list({ ...filter, limit: PAGE, cursor: fresh.nextCursor });
    if (store.getState().filter !== filter) return;
    const known = new Set(fresh.items.map((row) => row.id));
    const added = page.items.filter((row) => !known.has(row.id));
    fresh = { ...page, items: [...fresh.items, ...added] };
    // Rows below the shown ones move nothing, so they join a held table as well.
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

  /** As far down as it was loaded: somebody may be reading there. */
  async function readPages(filter: RequestFilter, wanted: number): Promise<Page> {
    let page: Page = await client.requests.list({ ...filter, limit: Math.min(PAGE_MAX, Math.max(PAGE, wanted)) });
    while (page.items.length < wanted && page.nextCursor !== null && store.getState().filter === filter) {
      const next = await client.requests.list({ ...filter, limit: Math.min(PAGE_MAX, Math.max(PAGE, wanted - page.items.length)), cursor: page.nextCursor });
      page = { ...next, items: [...page.items, ...next.items] };
    }
    return page;
  }

  async function reload(): Promise<void> {
    const { filter, rowsFilter, rows, isHeld } = store.getState();
    const isSame = rows !== null && filter === rowsFilter;
    const page = await readPages(filter, isSame ? fresh.items.length : 0);
    const known = new Set(page.items.map((row) => row.id));
    const lost = isSame && isHeld ? rows.filter((row) => !known.has(row.id)).slice(0, LOST_MAX) : [];
    const present = await Promise.all(lost.map(({ id }) => client.requests.get({ requestId: id }).catch(() => null)));
    if (store.getState().filter !== filter) return;
    fresh = page;
    left = new Map(present.filter((row) => row !== null).map((row) => [row.id, row]));
    show(isSame && store.getState().isHeld);
  }

  const reloadInOrder = createCoalesced(() => inOrder(reload));
  const refreshRows = (tell = report): void => void reloadInOrder().catch(tell);
  const readAside = createCoalesced(async () => {
    const [counts, views] = await Promise.all([client.requests.counts(), client.requests.views()]);
    store.setState((state) => ({ counts: reuse(state.counts, counts), views: reuse(state.views, views) }));
  });
  function refresh(): void {
    refreshRows();
    void readAside().catch(report);
  }
  changes.subscribe((change) => {
    if (store.getState().isShown && (change.requests || change.contacts)) refresh();
  });
  return store;
}

export const noFilterKeepingSort = ({ sort }: RequestFilter): RequestFilter => ({ ...NO_REQUEST_FILTER, sort });
