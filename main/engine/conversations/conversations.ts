/** Queries and commands on conversations. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Conversation, ConversationSummary } from '../../../contract/entities.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { Counts, ConversationQueries, ListFilter, SummaryView } from '../db/conversation-queries.ts';
import type { MessageQueries } from '../db/message-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Replica } from '../sync/replica.ts';
import { createPhoneFormatter, viewActivity, viewSummary } from './views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: ConversationQueries;
  messages: MessageQueries;
  contacts: ContactQueries;
  sync: SyncQueries;
  replica: Replica;
  /** Relay time, ms. */
  now: () => number;
  /** Id of the agent of this desktop; empty before enrolment. */
  myId: () => string;
};

const cursorSchema = z.tuple([z.number().int(), z.string()]);

export type Conversations = ReturnType<typeof createConversations>;

export function createConversations({ queries, messages, contacts, sync, replica, now, myId }: Deps) {
  const toPhone = createPhoneFormatter();
  const toSummary = (row: SummaryView, me = myId(), at = now()): ConversationSummary =>
    viewSummary(row, row.lastMessageId === null ? undefined : queries.lastMessage(row.lastMessageId), me, at, toPhone);

  const find = (id: string): SummaryView => {
    const row = queries.find(id, myId());
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${id}`);
    return row;
  };

  const listActivity = (id: string) => {
    const me = myId();
    return queries.listActivity(id).map((activity) => viewActivity(activity, me));
  };

  return {
    find,

    list: ({ cursor, limit, ...filter }: Omit<ListFilter, 'after'> & { cursor?: string | undefined }): { items: ConversationSummary[]; nextCursor: string | null } => {
      const after = cursor === undefined ? null : readCursor(cursor);
      const rows = queries.list({ ...filter, limit: limit + 1, after }, myId());
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const me = myId();
      const at = now();
      return { items: items.map((row) => toSummary(row, me, at)), nextCursor: rows.length > limit && last ? JSON.stringify([last.lastMessageAt, last.id]) : null };
    },

    counts: (): Counts => queries.counts(myId()),

    get: (id: string): Conversation => {
      const row = find(id);
      const { waId: _, ...head } = row;
      return {
        ...toSummary(row),
        identifiers: contacts.listIdentifiers(head.contactId),
        startedAt: messages.find(inboundMessageId(head.createdSeq))?.sentAt ?? null,
        lastInboundAt: head.lastInboundAt,
        inboundCount: head.inboundCount,
        otherConversations: queries.listOthers(row),
        activity: listActivity(id),
        readThrough: row.readSeq,
        seenThrough: sync.readMeta().cursor,
      };
    },

    byIds: (ids: string[]): ConversationSummary[] => ids.flatMap((id) => queries.find(id, myId()) ?? []).map((row) => toSummary(row)),

    markRead: ({ conversationId: id, throughMessageId }: { conversationId: string; throughMessageId: string }): { unread: number } => {
      const row = find(id);
      const message = messages.find(throughMessageId);
      if (!message || message.conversationId !== id || message.direction !== 'in') throw new AppError('NOT_FOUND', `no message of the customer ${throughMessageId} in this conversation`);
      // What was imported, or is about another message, is nothing to be read.
      if (message.inboundNo !== null && message.seq > row.readSeq) replica.applyLocal({ type: 'read.advance', args: { conversationId: id, throughMessageId } });
      const after = find(id);
      return { unread: after.inboundCount - after.readCount };
    },
  };
}

function readCursor(text: string): { at: number; id: string } {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this list gave out');
  return { at: parsed.data[0], id: parsed.data[1] };
}
