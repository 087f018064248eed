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
import type { Message } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { atEnd, endsWithNewOwn, findArrivals, goTo, openThread, shareRead, shownPart, withEvents, withPassage, type OpenThread } from './open-thread.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuseWhole } from './share.ts';
import { createThreadReader } from './thread-reader.ts';
import { createWarmThreads } from './warm-threads.ts';

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
  /** To the first message of a day (its start, ms) or after it, or to the first that was unread when the conversation was opened. */
  jumpToDay(from: number): Promise<void>;
  jumpToUnread(): Promise<void>;
  /** Back from a passage to the newest messages, at their end. */
  goToEnd(): void;
  loadOlder(): void;
  /** Of a passage; the newest messages follow by themselves. */
  loadNewer(): void;
  refresh(): void;
  /** Reads what may be opened next, so that it paints at once; nothing of it counts as seen or read. */
  readAhead(ids: readonly string[]): Promise<void>;
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
  /** @returns the position they have seen of a conversation that is still being opened, once the engine has said what was painted; 0 if it has said something else, or said it before. */
  seenWhenOpened(conversationId: string): Promise<number>;
  /** The team's guard stopped a reply: what came meanwhile is read and marked, and waits for its agent's decision. */
  stopReply(conversationId: string): void;
  /** They have it on screen and send all the same. @returns the position to send with; null if nothing was stopped, or it is not on screen yet. */
  acceptMoved(): number | null;
  /** They go back to writing. */
  dismissMoved(): void;
};

const OLDER_PAGE = 100;
/** The contract's most ids in one question. */
const IDS_MAX = 200;

export function createConversationStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<ConversationState> {
  const inOrder = createSerial();
  const reader = createThreadReader(deps.client);
  const warm = createWarmThreads();
  /** The next answer is the first one since the conversation was opened. */
  let isOpening = false;
  /** How what was painted before that answer has been looked at. */
  let lookedAtPainted: { isRead: boolean } | null = null;
  /** Settled with that answer. */
  let opened: Promise<void> = Promise.resolve();
  let isBottomInView: (() => boolean) | null = null;
  /** Something above the newest page may be different too. */
  let isWholeStale = true;
  /** Something came while the conversation was open, and has not been in view for long enough. */
  let hasArrivals = false;
  let isLoadingNewer = false;
  /** What is read ahead while something changes may be of before or after. */
  let changesSeen = 0;
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
      void beginOpening(id, id === null ? null : warm.find(id));
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
    jumpToDay: (from) =>
      inOrder(async () => {
        const { thread } = get();
        if (!thread) return;
        const { messageId } = await deps.client.messages.locate({ conversationId: thread.conversation.id, what: { from } });
        if (messageId !== null) await jump({ id: messageId, takesFocus: true });
      }).catch(deps.report),
    jumpToUnread: () => {
      const id = get().thread?.firstUnreadId ?? null;
      return id === null ? Promise.resolve() : get().jumpTo(id);
    },
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
    // Nobody has asked for it, so nobody is told if it fails: opening will.
    readAhead: (ids) => readAhead(ids).catch(() => undefined),
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
    seenWhenOpened: async (conversationId) => {
      const painted = get().thread;
      if (!isOpening || painted?.conversation.id !== conversationId) return 0;
      await opened;
      const { thread } = get();
      return thread?.conversation.id === conversationId && thread.opening === painted.opening ? thread.seenThrough : 0;
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

  /** @param thread painted until the engine has answered. */
  function beginOpening(id: string | null, thread: OpenThread | null): Promise<void> {
    isOpening = true;
    lookedAtPainted = null;
    hasArrivals = false;
    store.setState({ openId: id, thread, failure: null, isLoadingOlder: false });
    opened = id === null ? Promise.resolve() : refresh();
    return opened;
  }

  function look({ isRead }: { isRead: boolean }): void {
    const { thread } = store.getState();
    // A passage says nothing of the end.
    if (!thread || thread.passage) return;
    // Nor what is painted from before of what came since: it counts as soon as the engine has said the same.
    if (isOpening) {
      lookedAtPainted = { isRead: isRead || lookedAtPainted?.isRead === true };
      return;
    }
    if (isRead) {
      hasArrivals = false;
      const { seenThrough } = thread.conversation;
      if (thread.seenThrough !== seenThrough || thread.unseen.length > 0) show({ ...thread, seenThrough, unseen: [] });
    }
    if (thread.conversation.unread > 0) markRead(thread);
  }

  function show(thread: OpenThread): void {
    warm.keep(thread);
    const { openId, thread: shown } = store.getState();
    // What was painted from before is most often what the engine answers: then nothing is drawn twice.
    if (openId === thread.conversation.id) store.setState({ thread: reuseWhole(shown, thread), failure: null });
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
    let isThere = false;
    try {
      const isWhole = isWholeStale || isOpening;
      isWholeStale = false;
      const answer = await (isWhole ? reader.open(openId, shown?.messages) : reader.openNewest(openId));
      isThere = true;
      const [read, passage] = await Promise.all([
        shown ? (isWhole ? reader.readAgain(shown, answer) : reader.readNewest(shown, answer)) : reader.asRead(answer),
        shown?.passage ? reader.readPassageAgain(openId, shown.passage) : null,
      ]);
      const fresh = isOpening ? await reader.readToFirstUnread(read) : read;
      const { openId: openNow, thread: now } = store.getState();
      if (openNow !== openId) return;
      const base = shareRead(now, fresh, passage?.events);
      if (now && !isOpening) {
        const arrivals = findArrivals(now.messages, base.messages, openId);
        if (arrivals.length > 0) hasArrivals = true;
        const unseen = arrivals.length > 0 ? [...now.unseen, ...arrivals] : now.unseen;
        const here = now.passage && endsWithNewOwn(now, base) ? atEnd(now) : { ...now, passage: now.passage && (passage?.passage ?? null) };
        show({ ...here, ...base, unseen, moved: now.moved && { ids: [...new Set([...now.moved.ids, ...unseen])], seenThrough: now.moved.seenThrough ?? base.conversation.seenThrough } });
      } else {
        const placed = await placeOpened(openThread(base, now, await reader.findFarUnread(fresh)));
        if (store.getState().openId !== openId) return;
        show(placed);
      }
      isOpening = false;
      // Nothing is mounted anew that would look once more.
      if (lookedAtPainted !== null && shown !== null && store.getState().thread?.opening === shown.opening) look(lookedAtPainted);
      lookedAtPainted = null;
    } catch (error) {
      isWholeStale = true;
      const { openId: openNow, thread: now } = store.getState();
      // Erased, or too old to be kept: nothing of it stays on screen, nor to come back to.
      if (!isThere && failureCodeOf(error) === 'NOT_FOUND') {
        warm.forget(openId);
        if (openNow === openId && now) void beginOpening(null, null);
      }
      if (openNow === openId && !now) store.setState({ failure: failureCodeOf(error) });
      deps.report(error);
    }
  }

  /** Where the reader wants to begin, if there is such a message. */
  async function placeOpened(opened: OpenThread): Promise<OpenThread> {
    const at = openingAt;
    if (at === null) return opened;
    try {
      return goTo(opened, { id: at, takesFocus: true }, await reader.readAround(opened, at));
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
    const around = await reader.readAround(thread, target.id);
    const now = store.getState().thread;
    if (now?.conversation.id === thread.conversation.id) show(goTo(now, target, around));
  }

  async function loadNewer(): Promise<void> {
    const { thread } = store.getState();
    if (!thread?.passage) return;
    const { messages, olderCursor, newerCursor } = thread.passage;
    const page = await reader.readPage(thread.conversation.id, { after: newerCursor }, OLDER_PAGE);
    const now = store.getState().thread;
    if (now?.conversation.id === thread.conversation.id && now.passage)
      show(withPassage(withEvents(now, page), { messages: [...messages, ...page.items], olderCursor, newerCursor: page.newerCursor }));
  }

  async function loadOlder(): Promise<void> {
    const { thread } = store.getState();
    const before = thread && shownPart(thread).olderCursor;
    if (!thread || before === null) return;
    const page = await reader.readPage(thread.conversation.id, { before }, OLDER_PAGE);
    const now = store.getState().thread;
    if (now?.conversation.id !== thread.conversation.id || shownPart(now).olderCursor !== before) return;
    const part = { messages: [...page.items, ...shownPart(now).messages], olderCursor: page.olderCursor };
    const next = withEvents(now, page);
    show(next.passage ? { ...next, passage: { ...next.passage, ...part } } : { ...next, ...part });
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

  /** One after the other, and only while the reader stays where they are. */
  async function readAhead(ids: readonly string[]): Promise<void> {
    const { openId } = store.getState();
    for (const id of ids) {
      if (warm.has(id)) continue;
      const before = changesSeen;
      const read = reader.asRead(await reader.open(id));
      if (store.getState().openId !== openId) return;
      // One with more unread than one answer holds is read when it is opened.
      if (before === changesSeen && reader.reachesUnread(read)) warm.keepAhead(openThread(shareRead(null, read), null, null));
    }
  }

  deps.changes.subscribe(({ conversations }) => {
    if (conversations === 'all' || conversations.length > 0) changesSeen += 1;
    warm.noteChange(conversations);
    if (store.getState().openId === null) return;
    if (conversations === 'all') return void refresh();
    if (conversations.length === 0) return;
    void isOfOpenPerson(conversations)
      .then((isOfPerson) => (isOfPerson ? reloadInOrder() : undefined))
      .catch(deps.report);
  });
  return store;
}
