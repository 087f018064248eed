/** Finding within the open person's thread: the matches from the newest to the oldest, one of them in view. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import { createSerial } from './serial.ts';

export type FindState = {
  isOpen: boolean;
  /** The field should take the focus: another number each time. */
  focus: number;
  text: string;
  /** Ids of messages and notes, newest first, as far as they were read. */
  hitIds: readonly string[];
  /** Place of the one in view; null: there is none. */
  at: number | null;
  /** Null: not known. */
  total: number | null;
  nextCursor: string | null;
  open(): void;
  close(): void;
  setText(text: string): void;
  /** @param by 1: to the next older one. */
  step(by: 1 | -1): void;
};

const PAGE = 100;
const NOTHING = { hitIds: [], at: null, total: null, nextCursor: null } as const;

export function createFindStore(deps: { client: EngineClient; conversation: StoreApi<ConversationState>; report(error: unknown): void }): StoreApi<FindState> {
  const inOrder = createSerial();
  const store = createStore<FindState>((set) => ({
    isOpen: false,
    focus: 0,
    text: '',
    ...NOTHING,
    open: () => set((state) => ({ isOpen: true, focus: state.focus + 1 })),
    close: () => set({ isOpen: false, text: '', ...NOTHING }),
    setText: (text) => {
      set({ text });
      void inOrder(() => ask(text)).catch(deps.report);
    },
    step: (by) => void inOrder(() => step(by)).catch(deps.report),
  }));

  async function ask(text: string): Promise<void> {
    const { openId } = deps.conversation.getState();
    // Typed over, or left, while others were answered.
    if (store.getState().text !== text || openId === null) return;
    if (text.trim() === '') return store.setState(NOTHING);
    const { hits, total, nextCursor } = await deps.client.search.query({ text, conversationId: openId, sort: 'date', limit: PAGE });
    if (store.getState().text !== text || deps.conversation.getState().openId !== openId) return;
    const hitIds = hits.map(({ id }) => id);
    store.setState({ hitIds, total, nextCursor, at: hitIds.length > 0 ? 0 : null });
    await show();
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
