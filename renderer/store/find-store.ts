/** Finding within the open person's thread: the matches from the newest to the oldest, one of them in view. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import { createSerial } from './serial.ts';

export type FindState = {
  isOpen: boolean;
  /** The field should take the focus: another number each time. */
  focus: number;
  /** The choice of a day is open. */
  isForDate: boolean;
  setForDate(isForDate: boolean): void;
  text: string;
  /** Ids of messages and notes, newest first, as far as they were read. */
  hitIds: readonly string[];
  /** Place of the one in view; null: there is none. */
  at: number | null;
  /** Null: not known. */
  total: number | null;
  nextCursor: string | null;
  /** Something was asked, and the engine has said what there is. */
  isAnswered: boolean;
  /** Part of the history is still being prepared: there may be more. */
  isIndexing: boolean;
  /** `isForDate`: with the choice of a day. */
  open(how?: { isForDate: boolean }): void;
  close(): void;
  setText(text: string): void;
  /** @param by 1: to the next older one. */
  step(by: 1 | -1): void;
  /** The same question again; the match in view stays where it is. */
  refresh(): void;
};

const PAGE = 100;
const NOTHING = { hitIds: [], at: null, total: null, nextCursor: null, isAnswered: false, isIndexing: false } as const;

export function createFindStore(deps: { client: EngineClient; conversation: StoreApi<ConversationState>; report(error: unknown): void }): StoreApi<FindState> {
  const inOrder = createSerial();
  const store = createStore<FindState>((set) => ({
    isOpen: false,
    focus: 0,
    isForDate: false,
    setForDate: (isForDate) => set({ isForDate }),
    text: '',
    ...NOTHING,
    open: ({ isForDate } = { isForDate: false }) => set((state) => ({ isOpen: true, focus: state.focus + 1, isForDate })),
    close: () => set({ isOpen: false, isForDate: false, text: '', ...NOTHING }),
    setText: (text) => {
      set({ text });
      void inOrder(() => ask(text)).catch(deps.report);
    },
    step: (by) => void inOrder(() => step(by)).catch(deps.report),
    refresh: () => void inOrder(askAgain).catch(deps.report),
  }));

  async function ask(text: string): Promise<void> {
    const { openId } = deps.conversation.getState();
    // Typed over, or left, while others were answered.
    if (store.getState().text !== text || openId === null) return;
    if (text.trim() === '') return store.setState(NOTHING);
    const found = await read(text, openId);
    if (!found) return;
    store.setState({ ...found, at: found.hitIds.length > 0 ? 0 : null });
    await show();
  }

  async function askAgain(): Promise<void> {
    const { openId } = deps.conversation.getState();
    const { text } = store.getState();
    if (openId === null || text.trim() === '') return;
    const found = await read(text, openId);
    const { at, hitIds } = store.getState();
    if (!found) return;
    const place = at === null ? -1 : found.hitIds.indexOf(hitIds[at] ?? '');
    // Further down than one answer reaches: what was read so far stays.
    if (at !== null && place === -1) return store.setState({ total: found.total, isIndexing: found.isIndexing, hitIds: [...hitIds] });
    if (at !== null) return store.setState({ ...found, at: place });
    store.setState({ ...found, at: found.hitIds.length > 0 ? 0 : null });
    await show();
  }

  /** Null: typed over or left meanwhile. */
  async function read(text: string, openId: string): Promise<Pick<FindState, 'hitIds' | 'total' | 'nextCursor' | 'isAnswered' | 'isIndexing'> | null> {
    const { hits, total, nextCursor, isIndexing } = await deps.client.search.query({ text, conversationId: openId, sort: 'date', limit: PAGE });
    if (store.getState().text !== text || deps.conversation.getState().openId !== openId) return null;
    return { hitIds: hits.map(({ id }) => id), total, nextCursor, isAnswered: true, isIndexing };
  }

  async function step(by: 1 | -1): Promise<void> {
    const { at, hitIds, nextCursor, text } = store.getState();
    const { openId } = deps.conversation.getState();
    if (at === null || openId === null) return;
    if (at + by === hitIds.length && nextCursor !== null) {
      const page = await deps.client.search.query({ text, conversationId: openId, sort: 'date', limit: PAGE, cursor: nextCursor });
      if (store.getState().text !== text) return;
      store.setState({ hitIds: [...hitIds, ...page.hits.map(({ id }) => id)], nextCursor: page.nextCursor });
    }
    const { length } = store.getState().hitIds;
    // Round and round, unless there is more than was read.
    const next = (at + by + length) % length;
    store.setState({ at: at + by < 0 && store.getState().nextCursor !== null ? at : next });
    await show();
  }

  async function show(): Promise<void> {
    const { at, hitIds } = store.getState();
    const id = at === null ? undefined : hitIds[at];
    if (id !== undefined) await deps.conversation.getState().jumpTo(id, { takesFocus: false });
  }

  deps.conversation.subscribe(({ openId }, before) => {
    if (openId !== before.openId) store.getState().close();
  });
  return store;
}
