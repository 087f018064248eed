/** What is open in the window besides the conversation, and requests to move the focus (a counter that grows). */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type ViewState = {
  dialog: 'settings' | 'shortcuts' | null;
  /** The side panel over the thread, in a window too narrow to hold it beside. */
  isPanelOverlayOpen: boolean;
  composerFocus: number;
  searchFocus: number;
  /** A request to walk the list; a new object each time. */
  rowStep: { by: number };
  showDialog(dialog: ViewState['dialog']): void;
  setPanelOverlay(isOpen: boolean): void;
  focusComposer(): void;
  focusSearch(): void;
  stepRow(by: 1 | -1): void;
};

export const createViewStore = (): StoreApi<ViewState> =>
  createStore<ViewState>((set) => ({
    dialog: null,
    isPanelOverlayOpen: false,
    composerFocus: 0,
    searchFocus: 0,
    rowStep: { by: 0 },
    showDialog: (dialog) => set({ dialog }),
    setPanelOverlay: (isPanelOverlayOpen) => set({ isPanelOverlayOpen }),
    focusComposer: () => set((state) => ({ composerFocus: state.composerFocus + 1 })),
    focusSearch: () => set((state) => ({ searchFocus: state.searchFocus + 1 })),
    stepRow: (by) => set({ rowStep: { by } }),
  }));
