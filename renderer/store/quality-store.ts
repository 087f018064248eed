/** What became of drafts in a period, and the answers that wait for a review. Reads what is shown, and only while it is. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Quality, ReviewItem } from '../../contract/ai/ai-views.ts';
import type { ReviewReason } from '../../contract/ai/ai-words.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { dayIn, daysOf, PERIOD_DAYS, type Period } from './period.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';

export const QUALITY_PERIODS = PERIOD_DAYS.map((days) => ({ kind: 'days', days }) as const);
export type ReviewQueue = { items: readonly ReviewItem[]; /** All that wait, whichever are shown. */ open: number; hasMore: boolean };

export type QualityState = {
  period: Period;
  /** Of `period`; null until they have come. */
  figures: Quality | null;
  is: 'open' | 'done';
  /** Of `is`; null until it has come. */
  queue: ReviewQueue | null;
  failure: FailureCode | null;
  setPeriod(period: Period): void;
  setIs(is: QualityState['is']): void;
  loadMore(): void;
  /** Reads it now and after every change, until the returned function is called. */
  show(what: 'figures' | 'queue'): () => void;
  /** Null takes it back. @throws what the engine says. */
  review(draftId: string, verdict: 'good' | 'bad' | null, reason?: ReviewReason | null, note?: string): Promise<unknown>;
};

const PAGE = 30;
/** The contract's largest page. */
const PAGE_MAX = 100;
type Deps = { client: EngineClient; changes: ChangeFeed; /** Relay time, ms. */ now(): number };

/** [from, to) in ms, whole days of this computer. */
export function boundsOf(period: Period, now: number): { from: number; to: number } {
  const { from, to } = daysOf(period, dayIn(now));
  return { from: startOf(from, 0), to: startOf(to, 1) };
}
function startOf(day: string, plus: number): number {
  const start = new Date(`${day}T00:00:00`);
  return start.setDate(start.getDate() + plus);
}

export function createQualityStore({ client, changes, now }: Deps): StoreApi<QualityState> {
  const shown = { figures: 0, queue: 0 };
  let limit = PAGE;

  const store = createStore<QualityState>((set, get) => ({
    period: { kind: 'days', days: 30 },
    figures: null,
    is: 'open',
    queue: null,
    failure: null,
    setPeriod: (period) => {
      set({ period, figures: null });
      refresh();
    },
    setIs: (is) => {
      if (is === get().is) return;
      limit = PAGE;
      set({ is, queue: null });
      refresh();
    },
    loadMore: () => {
      limit = Math.min(limit + PAGE, PAGE_MAX);
      refresh();
    },
    show: (what) => {
      shown[what] += 1;
      refresh();
      return () => {
        shown[what] -= 1;
      };
    },
    review: async (draftId, verdict, reason = null, note = '') => {
      const answer = await client.ai.review({ draftId, verdict, reason, note });
      await read();
      return answer;
    },
  }));

  const read = createCoalesced(async () => {
    const { period, is } = store.getState();
    try {
      const [figures, queue] = await Promise.all([shown.figures > 0 ? client.ai.quality(boundsOf(period, now())) : null, shown.queue > 0 ? client.ai.reviewQueue({ is, limit }) : null]);
      store.setState((state) => ({
        failure: null,
        ...(figures !== null && state.period === period && { figures: reuse(state.figures, figures) }),
        ...(queue !== null && state.is === is && { queue: reuse(state.queue, { items: queue.items, open: queue.open, hasMore: queue.nextCursor !== null && limit < PAGE_MAX }) }),
      }));
    } catch (error) {
      store.setState({ failure: failureCodeOf(error) });
    }
  });
  const refresh = (): void => void read();

  changes.subscribe((change) => {
    if (change.ai && shown.figures + shown.queue > 0) refresh();
  });
  return store;
}
