/**
 * The open conversation and the person's thread.
 * Invariants: `seenThrough` is the log position of what the agent has really had on screen (it only moves when the
 * bottom was visible; a thread that opens at its unread part starts from what was read; what comes while a reply is
 * being written counts only after it stood in view for long enough to be read), so that the team's guard against double
 * answers is told the truth; the thread always reaches back at least as far as before while it is open,
 * so nothing jumps when it is read again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conversation, Message, Note } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuse, reuseList } from './share.ts';

/** What is shown of one conversation. */
export type OpenThread = {
  conversation: Conversation;
  /** Oldest first. */
  messages: readonly Message[];
  /** The person's internal notes, oldest first. */
  notes: readonly Note[];
  olderCursor: string | null;
  seenThrough: number;
  /** Messages of the customer or of colleagues above `seenThrough`. */
  unseen: readonly string[];
  /** A reply was stopped because of these. `seenThrough`: the position with them on screen, null until they are. */
  moved: { ids: readonly string[]; seenThrough: number | null } | null;
  /** The first message that was unread when the conversation was opened. */
  firstUnreadId: string | null;
  /** How many were unread then. */
  unreadAtOpening: number;
  /** Another number: what is shown must be taken as newly opened, not as news. */
  opening: number;
  /** Where the newest page began when it was last read, and the cursor to what is before: a long thread is cut here. */
  newestPage: { firstId: string; cursor: string } | null;
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
  /** It stayed in view for as long as reading it takes. */
  readBottom(): void;
  /** @param isBottomInView asked when the agent decides something. @returns to be called when that thread is gone. */
  watchBottom(isBottomInView: () => boolean): () => void;
  /** The agent decides now: what is in view has been seen, however short a time. */
  lookAgain(): void;
  /** The agent sends what they have been writing: what came meanwhile has been seen only if it stayed in view. */
  glance(): void;
  /** The team's guard stopped a reply: what came meanwhile is read and marked, and waits for its agent's decision. */
  stopReply(conversationId: string): void;
  /** They have it on screen and send all the same. @returns the position to send with; null if nothing was stopped, or it is not on screen yet. */
  acceptMoved(): number | null;
  /** They go back to writing. */
  dismissMoved(): void;
};

const FIRST_PAGE = 60;
const OLDER_PAGE = 100;
/** The contract's largest page. */
const PAGE_MAX = 200;
/** Context above the first unread message. */
const READ_ABOVE_UNREAD = 20;
/** A thread with more unread than this begins at its bottom: reading it from its first unread message is no use to anybody. */
const UNREAD_MAX = 2_000;
/** Threads kept warm, so that going back to one paints at once. */
const WARM_THREADS = 20;
/** A thread that grew longer keeps only its newest page when it is left. */
const WARM_MESSAGES = 400;
/** The contract's most ids in one question. */
const IDS_MAX = 200;

export function createConversationStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<ConversationState> {
  const inOrder = createSerial();
  const warm = new Map<string, OpenThread>();
  /** The next answer is the first one since the conversation was opened. */
  let isOpening = false;
  let isBottomInView: (() => boolean) | null = null;
  /** Something above the newest page may be different too. */
  let isWholeStale = true;
  /** Something came while the conversation was open, and has not been in view for long enough. */
  let hasArrivals = false;

  const store = createStore<ConversationState>((set, get) => ({
    openId: null,
    thread: null,
    failure: null,
    isLoadingOlder: false,
    open: (id) => {
      if (id === get().openId) return;
      const known = id === null ? null : (warm.get(id) ?? null);
      isOpening = true;
      hasArrivals = false;
      set({ openId: id, thread: known && cutLong({ ...known, firstUnreadId: null, unreadAtOpening: 0, moved: null }), failure: null, isLoadingOlder: false });
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
    sawBottom: () => look({ isRead: !hasArrivals }),
    readBottom: () => look({ isRead: true }),
    watchBottom: (ask) => {
      isBottomInView = ask;
      return () => {
        if (isBottomInView === ask) isBottomInView = null;
      };
    },
    lookAgain: () => {
      if (isBottomInView?.()) look({ isRead: true });
    },
    glance: () => {
      if (isBottomInView?.()) look({ isRead: !hasArrivals });
    },
    stopReply: (conversationId) => {
      const { thread } = get();
      if (thread?.conversation.id === conversationId) show({ ...thread, moved: { ids: thread.unseen, seenThrough: null } });
      refresh();
    },
    acceptMoved: () => {
      const { thread } = get();
      const seenThrough = thread?.moved?.seenThrough ?? null;
      if (!thread || seenThrough === null) return null;
      show({ ...thread, seenThrough: Math.max(thread.seenThrough, seenThrough), moved: null });
      return seenThrough;
    },
    dismissMoved: () => {
      const { thread } = get();
      if (thread?.moved) show({ ...thread, moved: null });
    },
  }));

  function look({ isRead }: { isRead: boolean }): void {
    const { thread } = store.getState();
    // What is painted from before says nothing of what came since.
    if (!thread || isOpening) return;
    if (isRead) {
      hasArrivals = false;
      const { seenThrough } = thread.conversation;
      if (thread.seenThrough !== seenThrough || thread.unseen.length > 0) show({ ...thread, seenThrough, unseen: [] });
    }
    if (thread.conversation.unread > 0) markRead(thread);
  }

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
    // The last in the order of the log, in which one that came late stands after those that it is shown above of.
    const last = messages.reduce<Message | null>((latest, message) => (message.conversationId === id && (message.inboundNo ?? 0) > (latest?.inboundNo ?? 0) ? message : latest), null);
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
      const isWhole = isWholeStale || isOpening;
      isWholeStale = false;
      const [read, notes] = await Promise.all([
        shown ? (isWhole ? readAgain(shown) : readNewest(shown, conversation)) : readFirst(openId, conversation.unread),
        deps.client.notes.list({ conversationId: openId }),
      ]);
      const fresh = isOpening ? await readToFirstUnread(read, conversation) : read;
      const { openId: openNow, thread: now } = store.getState();
      if (openNow !== openId) return;
      const messages = reuseList(now?.messages ?? [], fresh.messages);
      const base = {
        conversation: reuse(now?.conversation, conversation),
        messages,
        notes: reuseList(now?.notes ?? [], notes),
        olderCursor: fresh.olderCursor,
        newestPage: fresh.newestPage,
      };
      if (now && !isOpening) {
        const arrivals = findArrivals(now.messages, messages, openId);
        if (arrivals.length > 0) hasArrivals = true;
        const unseen = arrivals.length > 0 ? [...now.unseen, ...arrivals] : now.unseen;
        show({ ...now, ...base, unseen, moved: now.moved && { ids: [...new Set([...now.moved.ids, ...unseen])], seenThrough: now.moved.seenThrough ?? conversation.seenThrough } });
      } else {
        const firstUnreadId = findFirstUnread(messages, conversation);
        const isUnchanged = now !== null && messages === now.messages && firstUnreadId === null;
        show({
          ...base,
          // Where something is unread, reading begins there: what is below was not on screen yet.
          seenThrough: Math.max(now?.seenThrough ?? 0, conversation.unread > 0 ? conversation.readThrough : conversation.seenThrough),
          unseen: firstUnreadId === null ? [] : messages.slice(messages.findIndex((message) => message.id === firstUnreadId)).flatMap((message) => (isNews(message, openId) ? [message.id] : [])),
          moved: null,
          firstUnreadId,
          unreadAtOpening: conversation.unread,
          opening: isUnchanged ? now.opening : (now?.opening ?? 0) + 1,
        });
      }
      isOpening = false;
    } catch (error) {
      isWholeStale = true;
      if (store.getState().openId === openId && !store.getState().thread) store.setState({ failure: failureCodeOf(error) });
      deps.report(error);
    }
  }

  type Messages = Pick<OpenThread, 'messages' | 'olderCursor' | 'newestPage'>;
  type Page = EngineOutputs['messages']['page'];

  const beginningOf = ({ items: [first], olderCursor }: Page): OpenThread['newestPage'] => (first && olderCursor !== null ? { firstId: first.id, cursor: olderCursor } : null);

  /** The newest messages, as many as are likely to hold all unread ones. */
  async function readFirst(conversationId: string, unread: number): Promise<Messages> {
    const limit = Math.min(Math.max(FIRST_PAGE, unread + READ_ABOVE_UNREAD), PAGE_MAX);
    const page = await deps.client.messages.page({ conversationId, limit });
    return { messages: page.items, olderCursor: page.olderCursor, newestPage: beginningOf(page) };
  }

  /** With the first unread message and some above it, where that stands above what was read so far. */
  async function readToFirstUnread(read: Messages, conversation: Conversation): Promise<Messages> {
    if (conversation.unread === 0 || conversation.unread > UNREAD_MAX) return read;
    let { messages, olderCursor } = read;
    const isFarEnough = (): boolean => messages.findIndex((message) => message.id === findFirstUnread(messages, conversation)) >= READ_ABOVE_UNREAD;
    while (olderCursor !== null && !isFarEnough()) {
      const page: Page = await deps.client.messages.page({ conversationId: conversation.id, before: olderCursor, limit: PAGE_MAX });
      messages = [...page.items, ...messages];
      olderCursor = page.olderCursor;
    }
    return { ...read, messages, olderCursor };
  }

  /** What changed is nearly always in the newest page; whatever that one cannot explain leads to reading everything again. */
  async function readNewest(shown: OpenThread, conversation: Conversation): Promise<Messages> {
    const page = await deps.client.messages.page({ conversationId: conversation.id, limit: FIRST_PAGE });
    if (page.olderCursor === null) return { messages: page.items, olderCursor: null, newestPage: null };
    const start = shown.messages.findIndex((message) => message.id === page.items[0]?.id);
    const above = start === -1 ? [] : shown.messages.slice(0, start);
    const isExplained = start !== -1 && !hasMoved(above, shown.messages.slice(start), page.items) && !hasChangedAbove(shown, above, page.items, conversation);
    return isExplained ? { messages: [...above, ...page.items], olderCursor: shown.olderCursor, newestPage: beginningOf(page) } : readAgain(shown);
  }

  /** The newest messages, back to exactly where the thread began before: one more would move what is being read. */
  async function readAgain({ conversation, messages: shown, olderCursor }: OpenThread): Promise<Messages> {
    const oldestId = shown[0]?.id;
    let messages: readonly Message[] = [];
    let before: string | null = null;
    let newestPage: OpenThread['newestPage'] = null;
    do {
      const page: Page = await deps.client.messages.page({ conversationId: conversation.id, limit: PAGE_MAX, ...(before === null ? {} : { before }) });
      if (before === null) newestPage = beginningOf(page);
      messages = [...page.items, ...messages];
      before = page.olderCursor;
      // Where the beginning was shown, a message that came late may stand above it now.
      const start = olderCursor === null ? -1 : messages.findIndex((message) => message.id === oldestId);
      if (start !== -1) return { messages: messages.slice(start), olderCursor, newestPage };
    } while (before !== null);
    return { messages, olderCursor: null, newestPage };
  }

  async function loadOlder(): Promise<void> {
    const { thread } = store.getState();
    if (!thread || thread.olderCursor === null) return;
    const page = await deps.client.messages.page({ conversationId: thread.conversation.id, before: thread.olderCursor, limit: OLDER_PAGE });
    const now = store.getState().thread;
    if (now?.conversation.id !== thread.conversation.id) return;
    show({ ...now, messages: [...page.items, ...now.messages], olderCursor: page.olderCursor });
  }

  const reloadInOrder = createCoalesced(() => inOrder(reload));
  function refresh(): void {
    isWholeStale = true;
    void reloadInOrder();
  }

  /** A conversation that is not known yet may be a new one of the same person. */
  async function isOfOpenPerson(ids: readonly string[]): Promise<boolean> {
    const { thread } = store.getState();
    if (!thread) return true;
    const { id, contact, otherConversations } = thread.conversation;
    if (ids.includes(id) || otherConversations.some((other) => ids.includes(other.id))) return true;
    if (ids.length > IDS_MAX) return true;
    const changed = await deps.client.conversations.byIds({ ids: [...ids] });
    return changed.some((summary) => summary.contact.id === contact.id);
  }

  deps.changes.subscribe(({ conversations }) => {
    if (store.getState().openId === null) return;
    if (conversations === 'all') return refresh();
    if (conversations.length === 0) return;
    void isOfOpenPerson(conversations)
      .then((isOfPerson) => (isOfPerson ? reloadInOrder() : undefined))
      .catch(deps.report);
  });
  return store;
}

/** Of the customer or a colleague, and not only meant to be sent. */
const isNews = ({ conversationId, direction, author, delivery }: Message, openId: string): boolean =>
  conversationId === openId && (direction === 'in' || (!author?.isMe && delivery !== 'held' && delivery !== 'discarded'));

/** What came since: neither shown before, nor from above what was. */
function findArrivals(before: readonly Message[], messages: readonly Message[], openId: string): string[] {
  if (before === messages) return [];
  const known = new Set(before.map((message) => message.id));
  const start = messages.findIndex((message) => known.has(message.id));
  return messages.slice(Math.max(0, start)).flatMap((message) => (!known.has(message.id) && isNews(message, openId) ? [message.id] : []));
}

/** Something crossed the place where the newest page begins. */
function hasMoved(above: readonly Message[], below: readonly Message[], page: readonly Message[]): boolean {
  const inPage = new Set(page.map((message) => message.id));
  return above.some((message) => inPage.has(message.id)) || below.some((message) => !inPage.has(message.id));
}

/** A change that the newest page does not show: a late message above it, or, if all is as before, a status up there. */
function hasChangedAbove(shown: OpenThread, above: readonly Message[], page: readonly Message[], conversation: Conversation): boolean {
  const countInbound = (messages: readonly Message[]): number => messages.filter((message) => message.direction === 'in' && message.conversationId === conversation.id).length;
  const added = countInbound(above) + countInbound(page) - countInbound(shown.messages);
  if (conversation.inboundCount - shown.conversation.inboundCount !== added) return true;
  const isSameConversation = reuse(shown.conversation, { ...conversation, seenThrough: shown.conversation.seenThrough }) === shown.conversation;
  return isSameConversation && reuseList(shown.messages, [...above, ...page]) === shown.messages;
}

/** A thread that was read far back begins again at its newest page. */
function cutLong(thread: OpenThread): OpenThread {
  const { messages, newestPage } = thread;
  if (messages.length <= WARM_MESSAGES || !newestPage) return thread;
  const start = messages.findIndex((message) => message.id === newestPage.firstId);
  return start === -1 ? thread : { ...thread, messages: messages.slice(start), olderCursor: newestPage.cursor };
}

/** The unread messages are the last inbound ones of the conversation; null also when they begin above what was read. */
function findFirstUnread(messages: readonly Message[], conversation: Conversation): string | null {
  if (conversation.unread === 0) return null;
  const inbound = messages.filter((message) => message.direction === 'in' && message.conversationId === conversation.id);
  return inbound.at(-conversation.unread)?.id ?? null;
}
