/** What is shown of a person's thread, and what becomes of it when the reader moves or something new is read. Nothing here asks the engine. */
import type { Conversation, Message, Note, ThreadEvent, ThreadEvents } from '../../contract/entities.ts';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { reuse, reuseList } from './share.ts';

export type Page = EngineOutputs['messages']['page'];

/** A thread that grew longer keeps only its newest page when it is left. */
const WARM_MESSAGES = 400;

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
  /** What was done to their conversations while what was read of the thread was written, oldest first. */
  events: readonly ThreadEvent[];
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

/** What was read of a thread. `events`: of every page that was read for it. */
export type ThreadRead = Pick<OpenThread, 'conversation' | 'notes' | 'messages' | 'olderCursor' | 'newestPage'> & { events: readonly ThreadEvents[] };

type Base = Omit<ThreadRead, 'events'> & Pick<OpenThread, 'events'>;

/** What is the same as in what is shown keeps its identity. @param more stretches that were read beside it. */
export function shareRead(shown: OpenThread | null, { conversation, notes, messages, events, newestPage, olderCursor }: ThreadRead, more: readonly ThreadEvents[] = []): Base {
  const sharedMessages = reuseList(shown?.messages ?? [], messages);
  return {
    conversation: reuse(shown?.conversation, conversation),
    messages: sharedMessages,
    notes: reuseList(shown?.notes ?? [], notes),
    events: reuse(shown?.events, joinEvents(shown?.events ?? [], [...events, ...more])),
    // However much was read at once this time.
    newestPage: shown !== null && sharedMessages === shown.messages ? shown.newestPage : newestPage,
    olderCursor,
  };
}

/** For somebody who opens it. @param painted what they have before them of it. @param farUnreadId the first unread message, if it stands above all that was read. */
export function openThread(base: Base, painted: OpenThread | null, farUnreadId: string | null): OpenThread {
  const { conversation, messages } = base;
  const unreadId = findFirstUnread(messages, conversation);
  const isUnchanged = painted !== null && messages === painted.messages && (unreadId === null || unreadId === painted.firstUnreadId);
  const unread = unreadId === null ? [] : messages.slice(messages.findIndex(({ id }) => id === unreadId));
  return {
    ...base,
    passage: null,
    target: null,
    // Where something is unread, reading begins there: what is below was not on screen yet.
    seenThrough: Math.max(painted?.seenThrough ?? 0, conversation.unread > 0 ? conversation.readThrough : conversation.seenThrough),
    unseen: reuse(
      painted?.unseen,
      unread.filter((message) => isNews(message, conversation.id)).map(({ id }) => id),
    ),
    moved: null,
    firstUnreadId: unreadId ?? farUnreadId,
    unreadAtOpening: conversation.unread,
    opening: isUnchanged ? painted.opening : (painted?.opening ?? 0) + 1,
  };
}

/** As it is painted when somebody comes back to it: what was unread or asked for then is over. */
export const comeBackTo = (thread: OpenThread): OpenThread => cutLong({ ...thread, passage: null, target: null, firstUnreadId: null, unreadAtOpening: 0, moved: null });

/** What the reader has before them: the newest messages, or the passage they went to. */
export const shownPart = (thread: OpenThread): Pick<Passage, 'messages' | 'olderCursor'> => thread.passage ?? thread;

export const atEnd = (thread: OpenThread): OpenThread => (thread.passage ? { ...thread, passage: null, target: { id: null, takesFocus: false }, opening: thread.opening + 1 } : thread);

/** A note is a row where messages from before and after it are. */
export function hasRow(thread: OpenThread, { messages, olderCursor }: Pick<Passage, 'messages' | 'olderCursor'>, id: string): boolean {
  if (messages.some((message) => message.id === id)) return true;
  const note = thread.notes.find((candidate) => candidate.id === id);
  if (!note) return false;
  const isAfterFirst = olderCursor === null || (messages[0] !== undefined && messages[0].sentAt <= note.createdAt);
  return isAfterFirst && (messages === thread.messages || messages.some((message) => message.sentAt > note.createdAt));
}

/** At a message: where that is loaded, else in the passage `around` it. */
export function goTo(thread: OpenThread, target: { id: string; takesFocus: boolean }, around: Page | null): OpenThread {
  if (around === null && hasRow(thread, shownPart(thread), target.id)) return { ...thread, target };
  const opened = { ...(around ? withEvents(thread, around) : thread), target, opening: thread.opening + 1 };
  return around === null ? { ...opened, passage: null } : withPassage(opened, { messages: around.items, olderCursor: around.olderCursor, newerCursor: around.newerCursor });
}

export const withEvents = (thread: OpenThread, { events }: Page): OpenThread => ({ ...thread, events: joinEvents(thread.events, [events]) });

/** What a stretch tells stands for whatever was known of it: an op that did not come about after all is no longer there. */
export function joinEvents(known: readonly ThreadEvent[], stretches: readonly ThreadEvents[]): ThreadEvent[] {
  const isRead = ({ occurredAt }: ThreadEvent): boolean => stretches.some(({ from, to }) => occurredAt >= from && occurredAt <= to);
  const byId = new Map([...known.filter((event) => !isRead(event)), ...stretches.flatMap(({ items }) => items)].map((event) => [event.opId, event]));
  return [...byId.values()].toSorted((a, b) => a.occurredAt - b.occurredAt);
}

/** With another passage; one that reaches down to the newest messages becomes one with them. */
export function withPassage(thread: OpenThread, { messages, olderCursor, newerCursor }: Omit<Passage, 'newerCursor'> & { newerCursor: string | null }): OpenThread {
  const newestIds = new Set(thread.messages.map((message) => message.id));
  const meeting = messages.findIndex((message) => newestIds.has(message.id));
  if (meeting === -1 && newerCursor !== null) return { ...thread, passage: { messages, olderCursor, newerCursor } };
  const above = meeting === -1 ? messages : messages.slice(0, meeting);
  return { ...thread, passage: null, messages: [...above, ...thread.messages], olderCursor: meeting === 0 ? thread.olderCursor : olderCursor };
}

/** The last thing that was written is new, and the reader's own: whoever writes wants to see it. */
export function endsWithNewOwn(before: OpenThread, { messages, notes }: Pick<OpenThread, 'messages' | 'notes'>): boolean {
  const [message, note] = [messages.at(-1), notes.at(-1)];
  const isNewMessage = message?.author?.isMe === true && !before.messages.some(({ id }) => id === message.id);
  return isNewMessage || (note?.author.isMe === true && !before.notes.some(({ id }) => id === note.id));
}

/** Of the customer or a colleague, and not only meant to be sent. */
export const isNews = ({ conversationId, direction, author, delivery }: Message, openId: string): boolean =>
  conversationId === openId && (direction === 'in' || (!author?.isMe && delivery !== 'held' && delivery !== 'discarded'));

/** What came since: neither shown before, nor from above what was. */
export function findArrivals(before: readonly Message[], messages: readonly Message[], openId: string): string[] {
  if (before === messages) return [];
  const known = new Set(before.map((message) => message.id));
  const start = messages.findIndex((message) => known.has(message.id));
  return messages.slice(Math.max(0, start)).flatMap((message) => (!known.has(message.id) && isNews(message, openId) ? [message.id] : []));
}

/** Something crossed the place where the newest page begins. */
export function hasMoved(above: readonly Message[], below: readonly Message[], page: readonly Message[]): boolean {
  const inPage = new Set(page.map((message) => message.id));
  return above.some((message) => inPage.has(message.id)) || below.some((message) => !inPage.has(message.id));
}

/** A change that the newest page does not show: a late message above it, or, if all is as before, a status up there. */
export function hasChangedAbove(shown: OpenThread, above: readonly Message[], page: readonly Message[], conversation: Conversation): boolean {
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
export function findFirstUnread(messages: readonly Message[], conversation: Conversation): string | null {
  if (conversation.unread === 0) return null;
  const inbound = messages.filter((message) => message.direction === 'in' && message.conversationId === conversation.id);
  return inbound.at(-conversation.unread)?.id ?? null;
}
