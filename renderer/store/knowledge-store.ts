/**
 * The knowledge base as its page shows it. Reads only while the page is shown. Invariant: what is shown is of the last thing that was
 * asked for (an article, a question that is tried), never of one before it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KbArticle, KbArticleDetails, KbGap, KbPendingQuestion, KbStatus } from '../../contract/ai/ai-views.ts';
import type { KbState } from '../../contract/ai/ai-words.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import type { WantedArticle } from './knowledge-open-store.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';

export const KNOWLEDGE_PARTS = ['articles', 'try', 'pending', 'gaps'] as const;
export type KnowledgePart = (typeof KNOWLEDGE_PARTS)[number];
/** What stands beside the list. `edit`: id of what is being written. `from`: of a new article, the question that nobody could answer. */
export type KnowledgeShown = ({ kind: 'article' } & WantedArticle) | { kind: 'edit'; editId: string } | { kind: 'gap'; runId: string };
export type KnowledgeFilter = { search: string; state: KbState | 'all' };
type Found = EngineOutputs['knowledge']['search'];

export type KnowledgeState = {
  isShown: boolean;
  part: KnowledgePart;
  shown: KnowledgeShown | null;
  filter: KnowledgeFilter;
  /** By folder and title, whatever the filter; null until they were read. */
  articles: readonly KbArticle[] | null;
  pendingQuestions: readonly KbPendingQuestion[];
  gaps: readonly KbGap[] | null;
  status: KbStatus | null;
  /** That of `shown`. `failure`: why there is none. */
  article: { details: KbArticleDetails | null; failure: FailureCode | null } | null;
  /** A question that is tried. `found`: the answer to it, or while `isStale` to what was typed before. */
  trial: { text: string; found: Found | null; isStale: boolean; failure: FailureCode | null };
  show(isShown: boolean): void;
  goTo(part: KnowledgePart): void;
  open(shown: KnowledgeShown | null): void;
  setFilter(change: Partial<KnowledgeFilter>): void;
  tryQuestion(text: string): void;
  /** After something was changed here. */
  refresh(): Promise<void>;
};

const HITS = 20;
/** Where there are embeddings, each asking is a call of the provider: not one for every letter. */
const TRY_AFTER_MS = 250;
/** As people count: the second before the tenth. */
const inOrder = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

type Deps = { client: Pick<EngineClient, 'knowledge'>; changes: Pick<ChangeFeed, 'subscribe'>; report(error: unknown): void };

export function createKnowledgeStore({ client, changes, report }: Deps): StoreApi<KnowledgeState> {
  /** Of the question that counts. */
  let asked = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const store = createStore<KnowledgeState>((set, get) => ({
    isShown: false,
    part: 'articles',
    shown: null,
    filter: { search: '', state: 'all' },
    articles: null,
    pendingQuestions: [],
    gaps: null,
    status: null,
    article: null,
    trial: { text: '', found: null, isStale: false, failure: null },
    show: (isShown) => {
      if (isShown === get().isShown) return;
      set({ isShown });
      if (isShown) refresh(true);
    },
    goTo: (part) => set({ part }),
    open: (shown) => {
      const before = get().shown;
      if (JSON.stringify(before) === JSON.stringify(shown)) return;
      // Another passage of the same article: its text stays until the other has come.
      const isSame = shown?.kind === 'article' && before?.kind === 'article' && before.articleId === shown.articleId;
      set({ shown, ...(isSame ? {} : { article: null }) });
      void readArticle().catch(report);
    },
    setFilter: (change) => set(({ filter }) => ({ filter: { ...filter, ...change } })),
    tryQuestion: (text) => {
      set(({ trial }) => ({ trial: { ...trial, text, isStale: true } }));
      // What is still on its way was asked before this.
      asked += 1;
      clearTimeout(waiting);
      waiting = setTimeout(ask, text.trim() === '' ? 0 : TRY_AFTER_MS);
    },
    refresh: async () => {
      await Promise.all([readList(), readArticle()]);
    },
  }));

  function ask(): void {
    const question = (asked += 1);
    const { text } = store.getState().trial;
    if (text.trim() === '') return store.setState({ trial: { text, found: null, isStale: false, failure: null } });
    client.knowledge.search({ text, limit: HITS }).then(
      (found) => question === asked && store.setState({ trial: { text, found, isStale: false, failure: null } }),
      (error: unknown) => question === asked && store.setState({ trial: { text, found: null, isStale: false, failure: failureCodeOf(error) } }),
    );
  }

  const readList = createCoalesced(async () => {
    if (!store.getState().isShown) return;
    const [articles, pendingQuestions, gaps, status] = await Promise.all([client.knowledge.list({}), client.knowledge.pendingQuestions(), client.knowledge.gaps(), client.knowledge.status()]);
    const before = store.getState();
    const known = new Map(before.articles?.map((article) => [article.articleId, article]));
    store.setState({
      articles: articles.map((article) => reuse(known.get(article.articleId), article)).toSorted((a, b) => inOrder.compare(a.folder, b.folder) || inOrder.compare(a.title, b.title)),
      pendingQuestions: reuse(before.pendingQuestions, pendingQuestions),
      gaps: reuse(before.gaps, gaps),
      status: reuse(before.status, status),
    });
  });
  const readArticle = createCoalesced(async () => {
    const { isShown, shown } = store.getState();
    if (!isShown || shown?.kind !== 'article') return;
    const { articleId, revisionId, passageId } = shown;
    const put = (article: NonNullable<KnowledgeState['article']>): void => store.setState((state) => (state.shown === shown ? { article: reuse(state.article, article) } : {}));
    try {
      put({ details: await client.knowledge.get({ articleId, ...(revisionId === null ? {} : { revisionId }), ...(passageId === null ? {} : { passageId }) }), failure: null });
    } catch (error) {
      const failure = failureCodeOf(error);
      // Without the engine what is shown stays; it is read again when it is back.
      if (failure === 'ENGINE_AWAY') throw error;
      put({ details: null, failure });
    }
  });
  /** @param isFoundOtherwise what is found may be other passages now. */
  function refresh(isFoundOtherwise: boolean): void {
    void readList().catch(report);
    void readArticle().catch(report);
    if (isFoundOtherwise && store.getState().trial.text !== '') ask();
  }
  changes.subscribe((change) => {
    if (store.getState().isShown && (change.knowledge || change.ai)) refresh(change.knowledge);
  });
  return store;
}
