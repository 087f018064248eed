/** Which article of the knowledge base somebody wants to see, asked for from anywhere (the source of a draft, for one). Its page takes it once. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ViewState } from './view-store.ts';

/** `revisionId`, `passageId`: as they were when something cited them; null: as the article is now. */
export type WantedArticle = { articleId: string; revisionId: string | null; passageId: string | null };
export type KnowledgeOpenState = {
  wanted: WantedArticle | null;
  openArticle(articleId: string, revisionId?: string | null, passageId?: string | null): void;
  /** For the page: what to show; with that the wish is over. */
  take(): WantedArticle | null;
};

export const createKnowledgeOpenStore = ({ view }: { view: StoreApi<ViewState> }): StoreApi<KnowledgeOpenState> =>
  createStore<KnowledgeOpenState>((set, get) => ({
    wanted: null,
    openArticle: (articleId, revisionId = null, passageId = null) => {
      set({ wanted: { articleId, revisionId, passageId } });
      view.getState().goTo('knowledge');
    },
    take: () => {
      const { wanted } = get();
      if (wanted) set({ wanted: null });
      return wanted;
    },
  }));
