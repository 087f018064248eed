/** The search over everything, docked in the place of the list. Invariant: what can be opened or read on is of the answer to what is typed now; until it is there the former one is only looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';

export type SearchAnswer = EngineOutputs['search']['query'];
export type SearchSort = 'rank' | 'date';

export type SearchState = {
  isOpen: boolean;
  /** The field should take the focus: another number each time. */
  focus: number;
  text: string;
  sort: SearchSort;
  /** Null: nothing was asked, or nothing has been answered yet. */
  answer: SearchAnswer | null;
  /** What is typed now has not been answered yet: `answer` is that of before. */
  isStale: boolean;
  isLoadingMore: boolean;
  failure: FailureCode | null;
  /** @param text to search for; what was searched for last if left out. */
  open(text?: string): void;
  close(): void;
  setText(text: string): void;
  setSort(sort: SearchSort): void;
  loadMore(): void;
  /** The same question again. */
  refresh(): void;
};

export function createSearchStore(deps: { client: EngineClient }): StoreApi<SearchState> {
  /** Of the question that counts. */
  let asked = 0;
  const store = createStore<SearchState>((set, get) => ({
    isOpen: false,
    focus: 0,
    text: '',
    sort: 'rank',
    answer: null,
    isStale: false,
    isLoadingMore: false,
    failure: null,
    open: (text) => {
      set((state) => ({ isOpen: true, focus: state.focus + 1 }));
      if (text !== undefined && text !== '' && text !== get().text) get().setText(text);
      // It may have been closed for a while.
      else if (get().text !== '') ask();
    },
    close: () => set({ isOpen: false }),
    setText: (text) => {
      set({ text, isStale: true });
      ask();
    },
    setSort: (sort) => {
      set({ sort, isStale: true });
      ask();
    },
    loadMore: () => {
      const { answer, isStale, isLoadingMore, text, sort } = get();
      if (isStale || isLoadingMore || !answer || answer.nextCursor === null) return;
      const question = asked;
      set({ isLoadingMore: true });
      deps.client.search
        .query({ text, sort, cursor: answer.nextCursor })
        .then((page) => {
          if (question !== asked) return;
          const known = new Set(answer.hits.map(({ id }) => id));
          set({ answer: { ...answer, hits: [...answer.hits, ...page.hits.filter(({ id }) => !known.has(id))], nextCursor: page.nextCursor } });
        })
        .catch((error: unknown) => set({ failure: failureCodeOf(error) }))
        .finally(() => set({ isLoadingMore: false }));
    },
    refresh: () => ask(),
  }));

  function ask(): void {
    const question = (asked += 1);
    const { text, sort } = store.getState();
    if (text.trim() === '') return store.setState({ answer: null, isStale: false, failure: null });
    deps.client.search.query({ text, sort }).then(
      (answer) => question === asked && store.setState({ answer, isStale: false, failure: null }),
      (error: unknown) => question === asked && store.setState({ answer: null, isStale: false, failure: failureCodeOf(error) }),
    );
  }
  return store;
}
