/** Queries and commands on conversations. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Conversation, ConversationSummary } from '../../../contract/entities.ts';
import { cursorOf } from '../../../contract/rules/inbox-filter.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { ConversationListQueries, ListFilter, ListPosition } from '../db/conversation-list-queries.ts';
import type { Counts, ConversationQueries, SummaryView } from '../db/conversation-queries.ts';
import type { MessageQueries } from '../db/message-queries.ts';
import type { Hours } from '../hours/hours.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Replica } from '../sync/replica.ts';
import { createPhoneFormatter, viewActivity, viewSummary } from './views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: ConversationQueries;
  lists: Pick<ConversationListQueries, 'list'>;
  messages: MessageQueries;
  contacts: ContactQueries;
  sync: SyncQueries;
  replica: Replica;
  hours: Pick<Hours, 'targetOf'>;
  /** Relay time, ms. */
  now: () => number;
  /** Id of the agent of this desktop; empty before enrolment. */
  myId: () => string;
};

/** As `cursorOf` of the contract writes it: key, id, and the part of the order, where that is not the first. */
const cursorSchema = z.tuple([z.number().int(), z.string()], z.number().int().min(1).max(1));

export type Conversations = ReturnType<typeof createConversations>;

export function createConversations({ queries, lists, messages, contacts, sync, replica, hours, now, myId }: Deps) {
  const toPhone = createPhoneFormatter();
  const toSummary = (row: SummaryView, me = myId(), at = now()): ConversationSummary => viewSummary(row, { myId: me, now: at, toPhone, targetOf: hours.targetOf });

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

    list: ({
      cursor: given,
      limit,
      towards = 'end',
      ...filter
    }: Omit<ListFilter, 'from'> & { cursor?: string | undefined }): { items: ConversationSummary[]; nextCursor: string | null; previousCursor: string | null } => {
      const from = given === undefined ? null : readCursor(given);
      const rows = lists.list({ ...filter, towards, limit: limit + 1, from }, myId());
      const isMore = rows.length > limit;
      const page = !isMore ? rows : towards === 'end' ? rows.slice(0, limit) : rows.slice(1);
      const me = myId();
      const at = now();
      const items = page.map((row) => toSummary(row, me, at));
      const cursor = (row: ConversationSummary | undefined, isThereMore: boolean): string | null => (row && isThereMore ? cursorOf(row, filter.sort ?? 'newest') : null);
      return { items, nextCursor: cursor(items.at(-1), towards === 'end' ? isMore : from !== null), previousCursor: cursor(items[0], towards === 'start' ? isMore : from !== null) };
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

    markUnread: (id: string): { unread: number } => {
      const row = find(id);
      const { lastInboundSeq, readSeq } = row;
      // Without a message of the customer there is nothing to be read.
      if (lastInboundSeq > 0 && readSeq >= lastInboundSeq)
        replica.applyLocal({ type: 'read.advance', args: { conversationId: id, throughMessageId: inboundMessageId(lastInboundSeq), isUnread: true } });
      const after = find(id);
      return { unread: after.inboundCount - after.readCount };
    },
  };
}

function readCursor(text: string): ListPosition {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this list gave out');
  const [key, id, part = 0] = parsed.data;
  return { key, id, part };
}
