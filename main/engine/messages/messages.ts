/** Queries on messages: threads as screens show them. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import type { MessageQueries, MessageView, ThreadPosition } from '../db/message-queries.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { readContent, viewMessage } from '../conversations/views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: MessageQueries;
  conversations: Conversations;
  myId: () => string;
};

const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ queries, conversations, myId }: Deps) {
  const toMessage = (row: MessageView, me = myId()): Message => viewMessage(row, { timeline: row.direction === 'out' ? queries.timeline(row.id) : [], quoted: readQuote(row) }, me);

  const readQuote = (row: MessageView): Message['quoted'] => {
    if (row.quotedWamid === null) return null;
    const quoted = queries.findByWamid(row.quotedWamid);
    if (!quoted) return { id: null, direction: null, author: null, content: null };
    return { id: quoted.id, direction: quoted.direction, author: null, content: readContent(quoted.content) };
  };

  const find = (id: string): MessageView => {
    const row = queries.find(id);
    if (!row) throw new AppError('NOT_FOUND', `no message ${id}`);
    return row;
  };

  return {
    page: (input: { conversationId: string; before?: string | undefined; limit: number }): { items: Message[]; olderCursor: string | null; newerCursor: string | null } => {
      const { contactId } = conversations.find(input.conversationId);
      const rows = queries.page(contactId, input.before === undefined ? null : readPosition(input.before), input.limit + 1);
      const items = rows.slice(0, input.limit);
      const oldest = items.at(-1);
      const me = myId();
      return {
        items: items.toReversed().map((row) => toMessage(row, me)),
        olderCursor: rows.length > input.limit && oldest ? JSON.stringify([oldest.sortAt, oldest.seq, oldest.id]) : null,
        newerCursor: null,
      };
    },

    find,
    has: (id: string): boolean => queries.find(id) !== undefined,
    show: (id: string): Message => toMessage(find(id)),
  };
}

function readPosition(text: string): ThreadPosition {
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this thread gave out');
  const [sortAt, seq, id] = parsed.data;
  return { sortAt, seq, id };
}
