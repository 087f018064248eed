/**
 * The open conversation and the person's thread.
 * Invariants: `seenThrough` is the log position of what the agent has really had on screen (it only moves when the
 * bottom was visible; a thread that opens at its unread part starts from what was read; what comes while a reply is
 * being written counts only after it stood in view for long enough to be read), so that the team's guard against double
 * answers is told the truth; the thread always reaches back at least as far as before while it is open,
 * so nothing jumps when it is read again; while another passage of the history is shown, the newest messages are kept
 * and followed beside it, and nothing counts as seen.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conversation, Message, Note } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuse, reuseList } from './share.ts';

type Page = EngineOutputs['messages']['page'];

/** A stretch of the history above the newest messages, oldest first. `newerCursor`: there is more between it and them. */
export type Passage = { messages: readonly Message[]; olderCursor: string | null; newerCursor: string };

/** What is shown of one conversation. */
export type OpenThread = {
  conversation: Conversation;
  /** The newest ones, oldest first. */
  messages: readonly Message[];
  /** Shown instead of `messages`, until it has grown down to them or the reader goes back to the end. */
  passage: Passage | null;
  /** Where the reader asked to go: a message or a note, or the end (null). Another object each time. */
  target: { id: string | null; takesFocus: boolean } | null;
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
  /** Shows a message (or note) of a conversation, in what is around it; opens the conversation unless its person's thread is open. */
  openAt(conversationId: string, messageId: string): Promise<void>;
  /** The same in the open thread, on whichever of the person's conversations it is. `takesFocus`: the message gets it, as it does unless told otherwise. */
  jumpTo(messageId: string, how?: { takesFocus: boolean }): Promise<void>;
  /** Back from a passage to the newest messages, at their end. */
  goToEnd(): void;
  loadOlder(): void;
  /** Of a passage; the newest messages follow by themselves. */
  loadNewer(): void;
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
/** Messages around one that is jumped to. */
const PASSAGE_PAGE = 80;
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
  let isLoadingNewer = false;
  /** Where the conversation that is being opened begins. */
  let openingAt: string | null = null;

  const store = createStore<ConversationState>((set, get) => ({
    openId: null,
    thread: null,
    failure: null,
    isLoadingOlder: false,
    open: (id) => {
      if (id === get().openId) return;
      openingAt = null;
      void beginOpening(id, id === null ? null : (warm.get(id) ?? null));
    },
    openAt: (conversationId, messageId) => {
      const { openId, thread } = get();
      const isOpen = openId === conversationId || thread?.conversation.otherConversations.some(({ id }) => id === conversationId);
      if (isOpen && !isOpening) return get().jumpTo(messageId);
      openingAt = messageId;
      // What is kept of it ends at its newest messages: they would flash up before the place that is asked for.
      return beginOpening(conversationId, null);
    },
    jumpTo: (messageId, { takesFocus } = { takesFocus: true }) => inOrder(() => jump({ id: messageId, takesFocus })).catch(deps.report),
    goToEnd: () => {
      const { thread } = get();
      if (thread) show(atEnd(thread));
    },
    loadOlder: () => {
      const { thread } = get();
      if (get().isLoadingOlder || !thread || shownPart(thread).olderCursor === null) return;
      set({ isLoadingOlder: true });
      void inOrder(loadOlder)
        .catch(deps.report)
        .finally(() => set({ isLoadingOlder: false }));
    },
    loadNewer: () => {
      if (isLoadingNewer || !get().thread?.passage) return;
      isLoadingNewer = true;
      void inOrder(loadNewer)
        .catch(deps.report)
        .finally(() => {
          isLoadingNewer = false;
        });
    },
    refresh: () => void refresh(),
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
      if (thread?.conversation.id === conversationId) show({ ...atEnd(thread), moved: { ids: thread.unseen, seenThrough: null } });
      void refresh();
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

  function beginOpening(id: string | null, known: OpenThread | null): Promise<void> {
    isOpening = true;
    hasArrivals = false;
    const thread = known && cutLong({ ...known, passage: null, target: null, firstUnreadId: null, unreadAtOpening: 0, moved: null });
    store.setState({ openId: id, thread, failure: null, isLoadingOlder: false });
    return id === null ? Promise.resolve() : refresh();
  }

  function look({ isRead }: { isRead: boolean }): void {
    const { thread } = store.getState();
    // What is painted from before says nothing of what came since, and a passage nothing of the end.
    if (!thread || isOpening || thread.passage) return;
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
      const [read, notes, passage] = await Promise.all([
        shown ? (isWhole ? readAgain(shown) : readNewest(shown, conversation)) : readFirst(openId, conversation.unread),
        deps.client.notes.list({ conversationId: openId }),
        shown?.passage ? readPassageAgain(openId, shown.passage) : null,
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
        const here = now.passage && endsWithNewOwn(now, base) ? atEnd(now) : { ...now, passage: now.passage && passage };
        show({ ...here, ...base, unseen, moved: now.moved && { ids: [...new Set([...now.moved.ids, ...unseen])], seenThrough: now.moved.seenThrough ?? conversation.seenThrough } });
      } else {
        const firstUnreadId = findFirstUnread(messages, conversation);
        const isUnchanged = now !== null && messages === now.messages && firstUnreadId === null;
        const opened: OpenThread = {
          ...base,
          passage: null,
          target: null,
          // Where something is unread, reading begins there: what is below was not on screen yet.
          seenThrough: Math.max(now?.seenThrough ?? 0, conversation.unread > 0 ? conversation.readThrough : conversation.seenThrough),
          unseen: firstUnreadId === null ? [] : messages.slice(messages.findIndex((message) => message.id === firstUnreadId)).flatMap((message) => (isNews(message, openId) ? [message.id] : [])),
          moved: null,
          firstUnreadId,
          unreadAtOpening: conversation.unread,
          opening: isUnchanged ? now.opening : (now?.opening ?? 0) + 1,
        };
        const placed = await placeOpened(opened);
        if (store.getState().openId !== openId) return;
        show(placed);
      }
      isOpening = false;
    } catch (error) {
      isWholeStale = true;
      if (store.getState().openId === openId && !store.getState().thread) store.setState({ failure: failureCodeOf(error) });
      deps.report(error);
    }
  }

  /** @returns null where it is loaded already. @throws if the person has no such message. */
  const readAround = async (thread: OpenThread, id: string): Promise<Page | null> =>
    hasRow(thread, shownPart(thread), id) || hasRow(thread, thread, id) ? null : deps.client.messages.page({ conversationId: thread.conversation.id, around: id, limit: PASSAGE_PAGE });

  /** Where the reader wants to begin, if there is such a message. */
  async function placeOpened(opened: OpenThread): Promise<OpenThread> {
    const at = openingAt;
    if (at === null) return opened;
    try {
      return goTo(opened, { id: at, takesFocus: true }, await readAround(opened, at));
    } catch (error) {
      deps.report(error);
      return opened;
    } finally {
      if (openingAt === at) openingAt = null;
    }
  }

  async function jump(target: { id: string; takesFocus: boolean }): Promise<void> {
    const { thread } = store.getState();
    if (!thread) return;
    const around = await readAround(thread, target.id);
    const now = store.getState().thread;
    if (now?.conversation.id === thread.conversation.id) show(goTo(now, target, around));
  }

  async function loadNewer(): Promise<void> {
    const { thread } = store.getState();
    if (!thread?.passage) return;
    const { messages, olderCursor, newerCursor } = thread.passage;
    const page = await deps.client.messages.page({ conversationId: thread.conversation.id, after: newerCursor, limit: OLDER_PAGE });
    const now = store.getState().thread;
    if (now?.conversation.id === thread.conversation.id && now.passage) show(withPassage(now, { messages: [...messages, ...page.items], olderCursor, newerCursor: page.newerCursor }));
  }

  /** As it is now, from its first to its last message. */
  async function readPassageAgain(conversationId: string, passage: Passage): Promise<Passage> {
    const [firstId, lastId] = [passage.messages[0]?.id, passage.messages.at(-1)?.id];
    if (firstId === undefined) return passage;
    let page: Page = await deps.client.messages.page({ conversationId, around: firstId, limit: PAGE_MAX });
    // Where the beginning was shown, a message that came late may stand above it now.
    const messages = page.items.slice(
      passage.olderCursor === null
        ? 0
        : Math.max(
            0,
            page.items.findIndex((message) => message.id === firstId),
          ),
    );
    while (page.newerCursor !== null && !messages.some((message) => message.id === lastId)) {
      page = await deps.client.messages.page({ conversationId, after: page.newerCursor, limit: PAGE_MAX });
      messages.push(...page.items);
    }
    const end = messages.findIndex((message) => message.id === lastId) + 1;
    return end === 0 ? passage : { ...passage, messages: reuseList(passage.messages, messages.slice(0, end)) };
  }

  type Messages = Pick<OpenThread, 'messages' | 'olderCursor' | 'newestPage'>;

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
    const before = thread && shownPart(thread).olderCursor;
    if (!thread || before === null) return;
    const page = await deps.client.messages.page({ conversationId: thread.conversation.id, before, limit: OLDER_PAGE });
    const now = store.getState().thread;
    if (now?.conversation.id !== thread.conversation.id || shownPart(now).olderCursor !== before) return;
    const part = { messages: [...page.items, ...shownPart(now).messages], olderCursor: page.olderCursor };
    show(now.passage ? { ...now, passage: { ...now.passage, ...part } } : { ...now, ...part });
  }

  const reloadInOrder = createCoalesced(() => inOrder(reload));
  function refresh(): Promise<void> {
    isWholeStale = true;
    return reloadInOrder();
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
    if (conversations === 'all') return void refresh();
    if (conversations.length === 0) return;
    void isOfOpenPerson(conversations)
      .then((isOfPerson) => (isOfPerson ? reloadInOrder() : undefined))
      .catch(deps.report);
  });
  return store;
}

/** What the reader has before them: the newest messages, or the passage they went to. */
export const shownPart = (thread: OpenThread): Pick<Passage, 'messages' | 'olderCursor'> => thread.passage ?? thread;

const atEnd = (thread: OpenThread): OpenThread => (thread.passage ? { ...thread, passage: null, target: { id: null, takesFocus: false }, opening: thread.opening + 1 } : thread);

/** A note is a row where messages from before and after it are. */
function hasRow(thread: OpenThread, { messages, olderCursor }: Pick<Passage, 'messages' | 'olderCursor'>, id: string): boolean {
  if (messages.some((message) => message.id === id)) return true;
  const note = thread.notes.find((candidate) => candidate.id === id);
  if (!note) return false;
  const isAfterFirst = olderCursor === null || (messages[0] !== undefined && messages[0].sentAt <= note.createdAt);
  return isAfterFirst && (messages === thread.messages || messages.some((message) => message.sentAt > note.createdAt));
}

/** At a message: where that is loaded, else in the passage `around` it. */
function goTo(thread: OpenThread, target: { id: string; takesFocus: boolean }, around: Page | null): OpenThread {
  if (around === null && hasRow(thread, shownPart(thread), target.id)) return { ...thread, target };
  const opened = { ...thread, target, opening: thread.opening + 1 };
  return around === null ? { ...opened, passage: null } : withPassage(opened, { messages: around.items, olderCursor: around.olderCursor, newerCursor: around.newerCursor });
}

/** With another passage; one that reaches down to the newest messages becomes one with them. */
function withPassage(thread: OpenThread, { messages, olderCursor, newerCursor }: Omit<Passage, 'newerCursor'> & { newerCursor: string | null }): OpenThread {
  const newestIds = new Set(thread.messages.map((message) => message.id));
  const meeting = messages.findIndex((message) => newestIds.has(message.id));
  if (meeting === -1 && newerCursor !== null) return { ...thread, passage: { messages, olderCursor, newerCursor } };
  const above = meeting === -1 ? messages : messages.slice(0, meeting);
  return { ...thread, passage: null, messages: [...above, ...thread.messages], olderCursor: meeting === 0 ? thread.olderCursor : olderCursor };
}

/** The last thing that was written is new, and the reader's own: whoever writes wants to see it. */
function endsWithNewOwn(before: OpenThread, { messages, notes }: Pick<OpenThread, 'messages' | 'notes'>): boolean {
  const [message, note] = [messages.at(-1), notes.at(-1)];
  const isNewMessage = message?.author?.isMe === true && !before.messages.some(({ id }) => id === message.id);
  return isNewMessage || (note?.author.isMe === true && !before.notes.some(({ id }) => id === note.id));
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
