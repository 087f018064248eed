/**
 * The open conversation and the person's thread.
 * Invariants: `seenThrough` is the log position of what the agent has really had on screen (it only moves when the
 * bottom was visible), so that the team's guard against double answers is told the truth; the thread always reaches
 * back at least as far as before, so nothing jumps when it is read again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conversation, Message } from '../../contract/entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuse, reuseList } from './share.ts';

/** What is shown of one conversation. */
export type OpenThread = {
  conversation: Conversation;
  /** Oldest first. */
  messages: readonly Message[];
  olderCursor: string | null;
  seenThrough: number;
  /** The first message that was unread when the conversation was opened. */
  firstUnreadId: string | null;
};

export type ConversationState = {
  openId: string | null;
  thread: OpenThread | null;
  failure: FailureCode | null;
  isLoadingOlder: boolean;
  open(id: string | null): void;
  loadOlder(): void;
  refresh(): void;
  /** The newest message was visible in a focused window. */
  sawBottom(): void;
};

const FIRST_PAGE = 60;
const OLDER_PAGE = 100;
/** The contract's largest page. */
const PAGE_MAX = 200;
/** Context above the first unread message. */
const READ_ABOVE_UNREAD = 20;
/** Threads kept warm, so that going back to one paints at once. */
const WARM_THREADS = 20;

export function createConversationStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<ConversationState> {
  const inOrder = createSerial();
  const warm = new Map<string, OpenThread>();
  /** The next answer is the first one since the conversation was opened. */
  let isOpening = false;

  const store = createStore<ConversationState>((set, get) => ({
    openId: null,
    thread: null,
    failure: null,
    isLoadingOlder: false,
    open: (id) => {
      if (id === get().openId) return;
      const known = id === null ? null : (warm.get(id) ?? null);
      isOpening = true;
      set({ openId: id, thread: known && { ...known, firstUnreadId: null }, failure: null, isLoadingOlder: false });
      if (id !== null) refresh();
    },
    loadOlder: () => {
      if (get().isLoadingOlder || !get().thread?.olderCursor) return;
      set({ isLoadingOlder: true });
      void inOrder(loadOlder)
        .catch(deps.report)
        .finally(() => set({ isLoadingOlder: false }));
    },
    refresh: () => refresh(),
    sawBottom: () => {
      const { thread } = get();
      if (!thread) return;
      if (thread.seenThrough !== thread.conversation.seenThrough) show({ ...thread, seenThrough: thread.conversation.seenThrough });
      if (thread.conversation.unread > 0) markRead(thread);
    },
  }));

  function show(thread: OpenThread): void {
    const { id } = thread.conversation;
    warm.delete(id);
    warm.set(id, thread);
    for (const oldest of [...warm.keys()].slice(0, -WARM_THREADS)) warm.delete(oldest);
    if (store.getState().openId === id) store.setState({ thread, failure: null });
  }

  /** Conversation and the message it was last read through. */
  let marked: string | null = null;
  /** Read is what was on screen: what came after the last answer of the engine is not. */
  function markRead({ conversation: { id }, messages }: OpenThread): void {
    const last = messages.findLast((message) => message.direction === 'in' && message.conversationId === id);
    const mark = `${id} ${last?.id}`;
    if (!last || marked === mark) return;
    marked = mark;
    void deps.client.conversations.markRead({ conversationId: id, throughMessageId: last.id }).catch((error: unknown) => {
      marked = null;
      deps.report(error);
    });
  }

  async function reload(): Promise<void> {
    const { openId } = store.getState();
    if (openId === null) return;
    const shown = store.getState().thread;
    try {
      // The position is read before the messages: what is shown may be newer than it, never older.
      const { messages: _, messagesCursor: __, ...conversation } = await deps.client.conversations.get({ conversationId: openId, messages: 0 });
      const { messages, olderCursor } = shown ? await readAgain(shown) : await readFirst(openId, conversation.unread);
      if (store.getState().openId !== openId) return;
      const now = store.getState().thread;
      show({
        conversation: reuse(now?.conversation, conversation),
        messages: reuseList(now?.messages ?? [], messages),
        olderCursor,
        seenThrough: now?.seenThrough ?? conversation.seenThrough,
        firstUnreadId: isOpening ? findFirstUnread(messages, conversation) : (now?.firstUnreadId ?? null),
      });
      isOpening = false;
    } catch (error) {
      if (store.getState().openId === openId && !store.getState().thread) store.setState({ failure: failureCodeOf(error) });
      deps.report(error);
    }
  }

  type Messages = Pick<OpenThread, 'messages' | 'olderCursor'>;

  /** The newest messages, with all unread ones if they are not too many. */
  async function readFirst(conversationId: string, unread: number): Promise<Messages> {
    const limit = Math.min(Math.max(FIRST_PAGE, unread + READ_ABOVE_UNREAD), PAGE_MAX);
    const page = await deps.client.messages.page({ conversationId, limit });
    return { messages: page.items, olderCursor: page.nextCursor };
  }

  /** The newest messages, back to exactly where the thread began before: one more would move what is being read. */
  async function readAgain({ conversation, messages: shown, olderCursor }: OpenThread): Promise<Messages> {
    const oldestId = shown[0]?.id;
    let messages: readonly Message[] = [];
    let before: string | null = null;
    do {
      const page: EngineOutputs['messages']['page'] = await deps.client.messages.page({ conversationId: conversation.id, limit: PAGE_MAX, ...(before === null ? {} : { before }) });
      messages = [...page.items, ...messages];
      before = page.nextCursor;
      const start = messages.findIndex((message) => message.id === oldestId);
      if (start !== -1) return { messages: messages.slice(start), olderCursor };
    } while (before !== null);
    return { messages, olderCursor: null };
  }

  async function loadOlder(): Promise<void> {
    const { thread } = store.getState();
    if (!thread || thread.olderCursor === null) return;
    const page = await deps.client.messages.page({ conversationId: thread.conversation.id, before: thread.olderCursor, limit: OLDER_PAGE });
    const now = store.getState().thread;
    if (now?.conversation.id !== thread.conversation.id) return;
    show({ ...now, messages: [...page.items, ...now.messages], olderCursor: page.nextCursor });
  }

  const reloadInOrder = createCoalesced(() => inOrder(reload));
  const refresh = (): void => void reloadInOrder();
  deps.changes.subscribe((change) => {
    if (hasConversationChange(change)) refresh();
  });
  return store;
}

/** The unread messages are the last inbound ones of the conversation; null also when they begin above what was read. */
function findFirstUnread(messages: readonly Message[], conversation: Conversation): string | null {
  if (conversation.unread === 0) return null;
  const inbound = messages.filter((message) => message.direction === 'in' && message.conversationId === conversation.id);
  return inbound.at(-conversation.unread)?.id ?? null;
}
