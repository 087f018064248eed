/** Turns messages in reading order, and the notes and events between them, into rows: where a day, another conversation, the unread part or a group of bubbles begins. */
import type { Message, Note, ThreadEvent } from '../../contract/entities.ts';

type Row = {
  /** Of the message, the note, or the first op of several. */
  id: string;
  /** When it was written. */
  at: number;
  startsDay: boolean;
  startsConversation: boolean;
  startsUnread: boolean;
  /** Bubbles of one author in quick succession stand close together. */
  startsGroup: boolean;
  endsGroup: boolean;
};
export type MessageThreadRow = Row & { kind: 'message'; message: Message };
export type NoteThreadRow = Row & { kind: 'note'; note: Note };
/** What was done between two messages, in order; one line for all of it. */
export type EventsThreadRow = Row & { kind: 'events'; events: readonly ThreadEvent[] };
export type ThreadRow = MessageThreadRow | NoteThreadRow | EventsThreadRow;

const GROUP_GAP_MS = 5 * 60 * 1000;

type Options = {
  firstUnreadId: string | null;
  dayNumber(at: number): number;
  notes?: readonly Note[];
  /** By when they were done. */
  events?: readonly ThreadEvent[];
  /** There are no older messages, no newer ones: without them, what is from before or after stays away until theirs are read. */
  hasAll?: boolean;
  hasEnd?: boolean;
};

export function layoutThread(messages: readonly Message[], options: Options): ThreadRow[] {
  const rows: ThreadRow[] = [];
  const unreadId = isAnswered(messages, options.firstUnreadId) ? null : options.firstUnreadId;
  const conversations = new Set<string>();
  let day = -Infinity;
  for (const entry of merge(messages, options)) {
    const above = rows.at(-1);
    const { id, at, conversationId } = entry;
    if (entry.kind === 'event' && above?.kind === 'events' && above.events.at(-1)?.conversationId === conversationId && options.dayNumber(at) <= day) {
      above.events = [...above.events, entry.event];
      continue;
    }
    // Reading order is not quite that of `sentAt` (a reply written offline yesterday left today), and days never go back.
    const itemDay = options.dayNumber(at);
    const startsDay = itemDay > day;
    day = Math.max(day, itemDay);
    const startsConversation = above !== undefined && !conversations.has(conversationId);
    conversations.add(conversationId);
    const startsUnread = id === unreadId;
    const isNext = above?.kind === 'message' && entry.kind === 'message' && belongsTogether(above.message, entry.message);
    const startsGroup = startsDay || startsConversation || startsUnread || !isNext;
    if (startsGroup && above) above.endsGroup = true;
    const row = { id, at, startsDay, startsConversation, startsUnread, startsGroup, endsGroup: false };
    if (entry.kind === 'event') rows.push({ ...row, kind: 'events', events: [entry.event] });
    else rows.push(entry.kind === 'note' ? { ...row, kind: 'note', note: entry.note } : { ...row, kind: 'message', message: entry.message });
  }
  const last = rows.at(-1);
  if (last) last.endsGroup = true;
  return rows;
}

type Place = { id: string; at: number; conversationId: string };
type Between = Place & ({ kind: 'note'; note: Note } | { kind: 'event'; event: ThreadEvent });
type Entry = Between | (Place & { kind: 'message'; message: Message });

/** Meta tells only in which second a customer wrote: what is done in that second, but after the message came, is done after it. */
const placeOf = ({ direction, sentAt, receivedAt }: Message): number => (direction === 'in' ? Math.max(sentAt, Math.min(receivedAt, sentAt + 999)) : sentAt);

/** A note, or what was done, stands after the last message that was written before it. */
function merge(messages: readonly Message[], { notes = [], events = [], hasAll = true, hasEnd = true }: Options): Entry[] {
  const between = [
    ...notes.map((note): Between => ({ kind: 'note', id: note.id, at: note.createdAt, conversationId: note.conversationId, note })),
    ...events.map((event): Between => ({ kind: 'event', id: event.opId, at: event.occurredAt, conversationId: event.conversationId, event })),
  ].toSorted((a, b) => a.at - b.at);
  const entries: Entry[] = [];
  let index = messages.length - 1;
  // From the end, so that each is looked at once, however long the thread is.
  const push = (message: Message): void => void entries.push({ kind: 'message', id: message.id, at: message.sentAt, conversationId: message.conversationId, message });
  for (const each of between.toReversed()) {
    for (let message = messages[index]; message && placeOf(message) > each.at; message = messages[index]) {
      push(message);
      index -= 1;
    }
    if ((index !== -1 || hasAll) && (index !== messages.length - 1 || hasEnd)) entries.push(each);
  }
  for (let message = messages[index]; message; message = messages[index]) {
    push(message);
    index -= 1;
  }
  return entries.toReversed();
}

/** Whoever has answered has read: the line has done its work. What left by itself read nothing. */
export const isAnswered = (messages: readonly Message[], unreadId: string | null): boolean =>
  unreadId !== null &&
  messages
    .slice(
      Math.max(
        0,
        messages.findIndex((message) => message.id === unreadId),
      ),
    )
    .some(({ author, ai }) => author?.isMe && !ai?.isAutomatic);

/** Notices across the thread belong to nobody. */
const isBubble = ({ content }: Message): boolean => content.kind !== 'system' && content.kind !== 'reaction';

const belongsTogether = (a: Message, b: Message): boolean =>
  isBubble(a) &&
  isBubble(b) &&
  a.origin === b.origin &&
  a.direction === b.direction &&
  a.author?.id === b.author?.id &&
  a.ai?.isAutomatic === b.ai?.isAutomatic &&
  Math.abs(b.sentAt - a.sentAt) < GROUP_GAP_MS &&
  a.conversationId === b.conversationId;
