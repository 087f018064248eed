/** Turns messages in reading order, and the notes between them, into rows: where a day, another conversation, the unread part or a group of bubbles begins. */
import type { Message, Note } from '../../contract/entities.ts';

type Row = {
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
export type ThreadRow = MessageThreadRow | NoteThreadRow;

const GROUP_GAP_MS = 5 * 60 * 1000;

type Options = {
  firstUnreadId: string | null;
  dayNumber(at: number): number;
  notes?: readonly Note[];
  /** There are no older messages, no newer ones: without them, notes from before or after stay away until theirs are read. */
  hasAll?: boolean;
  hasEnd?: boolean;
};

export function layoutThread(messages: readonly Message[], options: Options): ThreadRow[] {
  const rows: ThreadRow[] = [];
  const unreadId = isAnswered(messages, options.firstUnreadId) ? null : options.firstUnreadId;
  const conversations = new Set<string>();
  let day = -Infinity;
  for (const entry of mergeNotes(messages, options.notes ?? [], { hasAll: options.hasAll ?? true, hasEnd: options.hasEnd ?? true })) {
    const above = rows.at(-1);
    const item = 'note' in entry ? entry.note : entry.message;
    const at = 'note' in entry ? entry.note.createdAt : entry.message.sentAt;
    // Reading order is not quite that of `sentAt` (a reply written offline yesterday left today), and days never go back.
    const itemDay = options.dayNumber(at);
    const startsDay = itemDay > day;
    day = Math.max(day, itemDay);
    const startsConversation = above !== undefined && !conversations.has(item.conversationId);
    conversations.add(item.conversationId);
    const startsUnread = item.id === unreadId;
    const isNext = above?.kind === 'message' && 'message' in entry && belongsTogether(above.message, entry.message);
    const startsGroup = startsDay || startsConversation || startsUnread || !isNext;
    if (startsGroup && above) above.endsGroup = true;
    const row = { id: item.id, at, startsDay, startsConversation, startsUnread, startsGroup, endsGroup: false };
    rows.push('note' in entry ? { ...row, kind: 'note', note: entry.note } : { ...row, kind: 'message', message: entry.message });
  }
  const last = rows.at(-1);
  if (last) last.endsGroup = true;
  return rows;
}

/** A note stands after the last message that was written before it. */
function mergeNotes(messages: readonly Message[], notes: readonly Note[], { hasAll, hasEnd }: { hasAll: boolean; hasEnd: boolean }): ({ message: Message } | { note: Note })[] {
  const after = new Map<number, Note[]>();
  for (const note of notes) {
    const index = messages.findLastIndex((message) => message.sentAt <= note.createdAt);
    if ((index !== -1 || hasAll) && (index !== messages.length - 1 || hasEnd)) after.set(index, [...(after.get(index) ?? []), note]);
  }
  if (after.size === 0) return messages.map((message) => ({ message }));
  const notesAfter = (index: number): { note: Note }[] => (after.get(index) ?? []).map((note) => ({ note }));
  return [...notesAfter(-1), ...messages.flatMap((message, index) => [{ message }, ...notesAfter(index)])];
}

/** Whoever has answered has read: the line has done its work. What left by itself read nothing. */
const isAnswered = (messages: readonly Message[], unreadId: string | null): boolean =>
  unreadId !== null && messages.slice(messages.findIndex((message) => message.id === unreadId)).some(({ author, ai }) => author?.isMe && !ai?.isAutomatic);

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
