/** What somebody wants of the knowledge base from anywhere: to see an article (the source of a draft, for one), or to keep what was answered. Its page takes the first once. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ViewState } from './view-store.ts';

/** `revisionId`, `passageId`: as they were when something cited them; null: as the article is now. */
export type WantedArticle = { articleId: string; revisionId: string | null; passageId: string | null };
/** What was asked and answered, to be made an article or another way to ask. `draftId`: what was sent, if it began as a draft. */
export type Learned = { question: string; answer: string; draftId: string | null };
export type KnowledgeOpenState = {
  wanted: WantedArticle | null;
  /** Its dialog is open. */
  learned: Learned | null;
  openArticle(articleId: string, revisionId?: string | null, passageId?: string | null): void;
  /** For the page: what to show; with that the wish is over. */
  take(): WantedArticle | null;
  /** Opens the dialog for it; null: closes it. */
  keepLearned(learned: Learned | null): void;
};

export const createKnowledgeOpenStore = ({ view }: { view: StoreApi<ViewState> }): StoreApi<KnowledgeOpenState> =>
  createStore<KnowledgeOpenState>((set, get) => ({
    wanted: null,
    learned: null,
    openArticle: (articleId, revisionId = null, passageId = null) => {
      set({ wanted: { articleId, revisionId, passageId } });
      view.getState().goTo('knowledge');
    },
    take: () => {
      const { wanted } = get();
      if (wanted) set({ wanted: null });
      return wanted;
    },
    keepLearned: (learned) => set({ learned }),
  }));
