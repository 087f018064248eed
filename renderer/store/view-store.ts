/**
 * What is open in the window besides the conversation, and requests to move the focus.
 * Invariant: a request is obeyed once, by whom it names (`takeFocus`), and one for the composer of a conversation that
 * was left is forgotten: nothing takes the focus later on, from a text that is being typed elsewhere.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type ViewState = {
  dialog: 'settings' | 'shortcuts' | null;
  /** The side panel over the thread, in a window too narrow to hold it beside. */
  isPanelOverlayOpen: boolean;
  /** The conversation whose composer should take the focus. */
  composerFocus: string | null;
  /** Above 0: the search box should take the focus. */
  searchFocus: number;
  /** A request to walk the list; a new object each time. */
  rowStep: { by: number };
  showDialog(dialog: ViewState['dialog']): void;
  setPanelOverlay(isOpen: boolean): void;
  /** @param conversationId the open one, if not given. */
  focusComposer(conversationId?: string): void;
  focusSearch(): void;
  /** Whether the focus was asked for; with that the request is over. Ask again whenever the request changes. */
  takeFocus(target: 'search'): boolean;
  takeFocus(target: 'composer', conversationId: string): boolean;
  /** Another conversation is open. */
  onOpened(conversationId: string | null): void;
  stepRow(by: 1 | -1): void;
};

export const createViewStore = (deps: { openId(): string | null }): StoreApi<ViewState> =>
  createStore<ViewState>((set, get) => ({
    dialog: null,
    isPanelOverlayOpen: false,
    composerFocus: null,
    searchFocus: 0,
    rowStep: { by: 0 },
    showDialog: (dialog) => set({ dialog }),
    setPanelOverlay: (isPanelOverlayOpen) => set({ isPanelOverlayOpen }),
    focusComposer: (conversationId) => set({ composerFocus: conversationId ?? deps.openId() }),
    focusSearch: () => set((state) => ({ searchFocus: state.searchFocus + 1 })),
    takeFocus: (target: 'search' | 'composer', conversationId?: string) => {
      const { searchFocus, composerFocus } = get();
      if (target === 'search') {
        if (searchFocus > 0) set({ searchFocus: 0 });
        return searchFocus > 0;
      }
      const isMine = composerFocus !== null && composerFocus === conversationId;
      if (isMine) set({ composerFocus: null });
      return isMine;
    },
    onOpened: (conversationId) => {
      if (get().composerFocus !== conversationId) set({ composerFocus: null });
    },
    stepRow: (by) => set({ rowStep: { by } }),
  }));
