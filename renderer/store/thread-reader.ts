/**
 * Reads threads from the engine. Invariants: a position in the log is of the same moment as the newest messages beside
 * it, so that what is shown may be newer than it says, never older; a thread that is read again begins exactly where it
 * began before, so that nothing jumps.
 */
import { MESSAGES_PAGE_MAX } from '../../contract/limits.ts';
import type { Message, ThreadEvents } from '../../contract/entities.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import { findFirstUnread, hasChangedAbove, hasMoved, hasRow, shownPart, type OpenThread, type Page, type Passage, type ThreadRead } from './open-thread.ts';
import { reuseList } from './share.ts';

export type Opened = EngineOutputs['conversations']['open'];

const FIRST_PAGE = 60;
/** Messages around one that is jumped to. */
const PASSAGE_PAGE = 80;
/** Context above the first unread message. */
const READ_ABOVE_UNREAD = 20;
/** What may have come since, and is read in the same page. */
const NEWS = 20;
/** A thread with more unread than this begins at its bottom: reading it from its first unread message is no use to anybody. */
const UNREAD_MAX = 2_000;

export type ThreadReader = ReturnType<typeof createThreadReader>;

export function createThreadReader(client: EngineClient) {
  const readPage = (conversationId: string, where: { before?: string; after?: string; around?: string }, limit: number): Promise<Page> => client.messages.page({ conversationId, limit, ...where });

  /** All of it that is likely to be needed, in one answer. @param known what is shown of it: that much. */
  const open = (conversationId: string, known: readonly Message[] = []): Promise<Opened> =>
    client.conversations.open({ conversationId, limit: Math.min(Math.max(FIRST_PAGE, known.length === 0 ? 0 : known.length + NEWS), MESSAGES_PAGE_MAX), aboveUnread: READ_ABOVE_UNREAD });

  /** Of a thread that is open: what came is nearly always there. */
  const openNewest = (conversationId: string): Promise<Opened> => client.conversations.open({ conversationId, limit: FIRST_PAGE });

  const beginningOf = ({ items: [first], olderCursor }: Page): OpenThread['newestPage'] => (first && olderCursor !== null ? { firstId: first.id, cursor: olderCursor } : null);

  const asRead = ({ conversation, page, notes }: Opened): ThreadRead => ({
    conversation,
    notes,
    messages: page.items,
    olderCursor: page.olderCursor,
    newestPage: beginningOf(page),
    events: [page.events],
  });

  /** The first unread message and some above it are there. */
  const reachesUnread = ({ conversation, messages, olderCursor }: ThreadRead): boolean =>
    conversation.unread === 0 || olderCursor === null || messages.findIndex((message) => message.id === findFirstUnread(messages, conversation)) >= READ_ABOVE_UNREAD;

  async function readToFirstUnread(read: ThreadRead): Promise<ThreadRead> {
    if (read.conversation.unread > UNREAD_MAX) return read;
    let whole = read;
    while (whole.olderCursor !== null && !reachesUnread(whole)) {
      const page: Page = await readPage(read.conversation.id, { before: whole.olderCursor }, MESSAGES_PAGE_MAX);
      whole = { ...whole, messages: [...page.items, ...whole.messages], events: [...whole.events, page.events], olderCursor: page.olderCursor };
    }
    return whole;
  }

  /** The newest messages, back to exactly where the thread began before: one more would move what is being read. */
  async function readAgain({ messages: shown, olderCursor }: OpenThread, opened: Opened): Promise<ThreadRead> {
    const oldestId = shown[0]?.id;
    let { page }: { page: Page } = opened;
    let messages: readonly Message[] = [];
    const events: ThreadEvents[] = [];
    for (;;) {
      messages = [...page.items, ...messages];
      events.push(page.events);
      // Where the beginning was shown, a message that came late may stand above it now.
      const start = olderCursor === null ? -1 : messages.findIndex((message) => message.id === oldestId);
      if (start !== -1) return { ...asRead(opened), messages: messages.slice(start), olderCursor, events };
      if (page.olderCursor === null) return { ...asRead(opened), messages, olderCursor: null, events };
      page = await readPage(opened.conversation.id, { before: page.olderCursor }, MESSAGES_PAGE_MAX);
    }
  }

  /** What changed is nearly always in the newest page; whatever that one cannot explain leads to reading everything again. */
  async function readNewest(shown: OpenThread, opened: Opened): Promise<ThreadRead> {
    const { page, conversation } = opened;
    if (page.olderCursor === null) return asRead(opened);
    const start = shown.messages.findIndex((message) => message.id === page.items[0]?.id);
    const above = start === -1 ? [] : shown.messages.slice(0, start);
    const isExplained = start !== -1 && !hasMoved(above, shown.messages.slice(start), page.items) && !hasChangedAbove(shown, above, page.items, conversation);
    return isExplained ? { ...asRead(opened), messages: [...above, ...page.items], olderCursor: shown.olderCursor } : readAgain(shown, opened);
  }

  /** A passage as it is now, from its first to its last message. */
  async function readPassageAgain(conversationId: string, passage: Passage): Promise<{ passage: Passage; events: ThreadEvents[] }> {
    const [firstId, lastId] = [passage.messages[0]?.id, passage.messages.at(-1)?.id];
    if (firstId === undefined) return { passage, events: [] };
    let page: Page = await readPage(conversationId, { around: firstId }, MESSAGES_PAGE_MAX);
    const events = [page.events];
    // Where the beginning was shown, a message that came late may stand above it now.
    const start = passage.olderCursor === null ? 0 : page.items.findIndex((message) => message.id === firstId);
    const messages = page.items.slice(Math.max(0, start));
    while (page.newerCursor !== null && !messages.some((message) => message.id === lastId)) {
      page = await readPage(conversationId, { after: page.newerCursor }, MESSAGES_PAGE_MAX);
      messages.push(...page.items);
      events.push(page.events);
    }
    const end = messages.findIndex((message) => message.id === lastId) + 1;
    return { passage: end === 0 ? passage : { ...passage, messages: reuseList(passage.messages, messages.slice(0, end)) }, events };
  }

  /** @returns null where it is loaded already. @throws if the person has no such message. */
  const readAround = async (thread: OpenThread, id: string): Promise<Page | null> =>
    hasRow(thread, shownPart(thread), id) || hasRow(thread, thread, id) ? null : readPage(thread.conversation.id, { around: id }, PASSAGE_PAGE);

  /** The first unread message where it stands above all that was read, because there are so many: reading begins at the end, and from there the way up is known. */
  async function findFarUnread({ conversation, messages }: ThreadRead): Promise<string | null> {
    if (conversation.unread === 0 || findFirstUnread(messages, conversation) !== null) return null;
    return (await client.messages.locate({ conversationId: conversation.id, what: 'unread' })).messageId;
  }

  return { open, openNewest, asRead, readAgain, readNewest, reachesUnread, readToFirstUnread, readPassageAgain, readAround, findFarUnread, readPage };
}
