/** Turns messages in reading order into rows: where a day, another conversation, the unread part or a group of bubbles begins. */
import type { Message } from '../../contract/entities.ts';

export type ThreadRow = {
  message: Message;
  startsDay: boolean;
  startsConversation: boolean;
  startsUnread: boolean;
  /** Bubbles of one author in quick succession stand close together. */
  startsGroup: boolean;
  endsGroup: boolean;
  /** It came after something that stands below it: WhatsApp delivered it late. */
  isLate: boolean;
};

const GROUP_GAP_MS = 5 * 60 * 1000;
/** Less than this between writing and receiving is nothing to speak of. */
const LATE_MS = 10 * 60 * 1000;

export function layoutThread(messages: readonly Message[], options: { firstUnreadId: string | null; dayNumber(at: number): number }): ThreadRow[] {
  const rows: ThreadRow[] = [];
  const unreadId = isAnswered(messages, options.firstUnreadId) ? null : options.firstUnreadId;
  const conversations = new Set<string>();
  let day = -Infinity;
  for (const message of messages) {
    const above = rows.at(-1);
    // Reading order is not quite that of `sentAt` (a reply written offline yesterday left today), and days never go back.
    const messageDay = options.dayNumber(message.sentAt);
    const startsDay = messageDay > day;
    day = Math.max(day, messageDay);
    const startsConversation = above !== undefined && !conversations.has(message.conversationId);
    conversations.add(message.conversationId);
    const startsUnread = message.id === unreadId;
    const startsGroup = startsDay || startsConversation || startsUnread || !above || !belongsTogether(above.message, message);
    if (startsGroup && above) above.endsGroup = true;
    rows.push({ message, startsDay, startsConversation, startsUnread, startsGroup, endsGroup: false, isLate: false });
  }
  const last = rows.at(-1);
  if (last) last.endsGroup = true;
  markLate(rows);
  return rows;
}

function markLate(rows: readonly ThreadRow[]): void {
  let firstReceivedBelow = Infinity;
  for (const row of rows.toReversed()) {
    const { direction, sentAt, receivedAt } = row.message;
    row.isLate = direction === 'in' && receivedAt - sentAt > LATE_MS && receivedAt > firstReceivedBelow;
    firstReceivedBelow = Math.min(firstReceivedBelow, receivedAt);
  }
}

/** Whoever has answered has read: the line has done its work. */
const isAnswered = (messages: readonly Message[], unreadId: string | null): boolean =>
  unreadId !== null && messages.slice(messages.findIndex((message) => message.id === unreadId)).some((message) => message.author?.isMe);

const belongsTogether = (a: Message, b: Message): boolean =>
  a.direction === b.direction && a.author?.id === b.author?.id && Math.abs(b.sentAt - a.sentAt) < GROUP_GAP_MS && a.conversationId === b.conversationId;
