/**
 * The rows that are picked for an action on all of them. Invariant: only rows that are shown are picked, so that nobody
 * changes a conversation that they do not see; another view begins with none.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationSummary } from '../../contract/entities.ts';
import { BULK_MAX } from '../../contract/limits.ts';
import type { InboxState } from './inbox-store.ts';
import type { HeaderMenu } from './view-store.ts';

export type SelectionState = {
  ids: ReadonlySet<string>;
  /** The open menu of the bar for all of them. */
  menu: HeaderMenu | null;
  toggle(id: string): void;
  /** From the row that was picked last (or `from`) to this one. */
  extendTo(id: string, from: string | null): void;
  /** The loaded rows, as many as one action may take. */
  selectAll(): void;
  clear(): void;
  setMenu(menu: HeaderMenu | null): void;
};

const NONE: ReadonlySet<string> = new Set();

export function createSelectionStore({ inbox }: { inbox: StoreApi<InboxState> }): StoreApi<SelectionState> {
  /** Where a range begins. */
  let anchor: string | null = null;
  const shownIds = (): string[] => (inbox.getState().rows ?? []).map((row) => row.id);
  const bounded = (ids: readonly string[]): ReadonlySet<string> => (ids.length === 0 ? NONE : new Set(ids.slice(0, BULK_MAX)));

  const store = createStore<SelectionState>((set, get) => ({
    ids: NONE,
    menu: null,
    toggle: (id) => {
      anchor = id;
      const { ids } = get();
      set({ ids: bounded(ids.has(id) ? [...ids].filter((other) => other !== id) : [...ids, id]) });
    },
    extendTo: (id, from) => {
      const order = shownIds();
      const start = order.indexOf(anchor ?? from ?? id);
      const end = order.indexOf(id);
      if (end === -1) return;
      const range = start === -1 ? [id] : order.slice(Math.min(start, end), Math.max(start, end) + 1);
      anchor ??= from ?? id;
      set({ ids: bounded([...new Set([...get().ids, ...range])]) });
    },
    selectAll: () => set({ ids: bounded(shownIds()) }),
    clear: () => {
      anchor = null;
      set({ ids: NONE, menu: null });
    },
    setMenu: (menu) => set({ menu }),
  }));

  inbox.subscribe(({ rows, filter }, before) => {
    const { ids, clear } = store.getState();
    if (ids.size === 0) return;
    if (filter !== before.filter) return clear();
    if (rows === before.rows) return;
    const shown = new Set(rows?.map((row) => row.id));
    const left = [...ids].filter((id) => shown.has(id));
    if (left.length === 0) clear();
    else if (left.length < ids.size) store.setState({ ids: new Set(left) });
  });
  return store;
}

/** The picked rows as they are shown. */
export const pickedRows = (selection: SelectionState, inbox: InboxState): ConversationSummary[] => (inbox.rows ?? []).filter((row) => selection.ids.has(row.id));
