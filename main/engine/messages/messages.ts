/** Queries on messages: threads as screens show them, and their files. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Message, ThreadEvents } from '../../../contract/entities.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { referenceOf } from '../../../contract/requests/request-rules.ts';
import { PENDING_SORT_AT } from '../../../contract/state.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import type { MessageQueries, MessageView, ThreadPosition } from '../db/message-queries.ts';
import type { MediaFeature } from '../media/media.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { Replica } from '../sync/replica.ts';
import { listVersions, type MessageVersion } from './versions.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { readContent, viewActivity, viewMessage, viewQuoted, viewReactions } from '../conversations/views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: MessageQueries;
  conversations: Conversations;
  runner: JobRunner;
  replica: Replica;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
  media: Pick<MediaFeature, 'viewFile' | 'fetchNow' | 'gallery'>;
};

type PageInput = { before?: string | undefined; after?: string | undefined; around?: string | undefined; limit: number };

const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ queries, conversations, runner, replica, now, myId, media }: Deps) {
  const toMessage = (row: MessageView, me = myId()): Message =>
    viewMessage(
      row,
      {
        timeline: row.direction === 'out' ? queries.timeline(row.id) : [],
        quoted: row.quotedWamid === null ? null : viewQuoted(queries.findByWamid(row.quotedWamid, row.contactId), me),
        reactions: row.hasAbout === 1 && row.wamid !== null ? viewReactions(queries.listAbout(row.wamid, row.contactId), me) : [],
        file: media.viewFile(row.id, readContent(row.content)),
        requests: row.hasRequests === 1 ? queries.listRequests(row.id).map((request) => ({ id: request.id, reference: referenceOf(request) })) : [],
      },
      me,
    );

  /** One page of a person's thread, oldest first. A cursor was given out for a row, so there is something on the other side of it. */
  const readStretch = (contactId: string, { before, after, around, limit }: PageInput): { rows: MessageView[]; hasOlder: boolean; hasNewer: boolean } => {
    if ([before, after, around].filter((given) => given !== undefined).length > 1) throw new AppError('INVALID_INPUT', 'give one of before, after and around');
    if (around !== undefined) {
      const position = queries.findPosition(contactId, around);
      if (!position) throw new AppError('NOT_FOUND', `no message ${around} of this person`);
      const half = Math.floor(limit / 2);
      const above = queries.listOlder(contactId, position, half + 1);
      const below = queries.listFrom(contactId, position, limit - half + 1);
      return { rows: [...above.slice(0, half).toReversed(), ...below.slice(0, limit - half)], hasOlder: above.length > half, hasNewer: below.length > limit - half };
    }
    if (after !== undefined) {
      const rows = queries.listNewer(contactId, readPosition(after), limit + 1);
      return { rows: rows.slice(0, limit), hasOlder: true, hasNewer: rows.length > limit };
    }
    const rows = queries.listOlder(contactId, before === undefined ? null : readPosition(before), limit + 1);
    return { rows: rows.slice(0, limit).toReversed(), hasOlder: rows.length > limit, hasNewer: before !== undefined };
  };

  /**
   * What was done while this stretch was written, up to where the next one begins. A page that is read from a cursor begins or ends there, so that of
   * pages that meet the stretches overlap rather than leave something out. @param ends undefined: the thread ends there.
   */
  const readEvents = (contactId: string, { before, after }: PageInput, { oldest, newest }: { oldest: MessageView | undefined; newest: MessageView | undefined }): ThreadEvents => {
    const timesOf = (row: ThreadPosition & { sentAt?: number }): number[] => [row.sortAt < PENDING_SORT_AT ? row.sortAt : now(), ...(row.sentAt === undefined ? [] : [row.sentAt])];
    const from = oldest ? Math.min(...timesOf(oldest), ...(after === undefined ? [] : timesOf(readPosition(after)))) : 0;
    const to = newest ? Math.max(...timesOf(newest), ...(before === undefined ? [] : timesOf(readPosition(before)))) : Number.MAX_SAFE_INTEGER;
    const me = myId();
    return { from, to, items: queries.listEvents(contactId, from, to).map((row) => ({ ...viewActivity(row, me), conversationId: row.conversationId })) };
  };

  const find = (id: string): MessageView => {
    const row = queries.find(id);
    if (!row) throw new AppError('NOT_FOUND', `no message ${id}`);
    return row;
  };

  return {
    page: ({ conversationId, ...which }: PageInput & { conversationId: string }): { items: Message[]; olderCursor: string | null; newerCursor: string | null; events: ThreadEvents } => {
      const { contactId } = conversations.find(conversationId);
      const { rows, hasOlder, hasNewer } = readStretch(contactId, which);
      const [oldest, newest] = [rows[0], rows.at(-1)];
      const me = myId();
      return {
        items: rows.map((row) => toMessage(row, me)),
        olderCursor: hasOlder && oldest ? writePosition(oldest) : null,
        newerCursor: hasNewer && newest ? writePosition(newest) : null,
        events: readEvents(contactId, which, { oldest: hasOlder ? oldest : undefined, newest: hasNewer ? newest : undefined }),
      };
    },

    locate: ({ conversationId, what }: { conversationId: string; what: { from: number } | 'unread' }): { messageId: string | null } => {
      const row = conversations.find(conversationId);
      if (what === 'unread') return { messageId: queries.findFirstUnread(row.contactId, conversationId, row.readCount) };
      return { messageId: queries.findFrom(row.contactId, what.from) ?? queries.listOlder(row.contactId, null, 1)[0]?.id ?? null };
    },

    /** What a message was before its edits, and a revoked one last; oldest first. @throws AppError FORBIDDEN for agents. */
    versions: ({ messageId }: { messageId: string }): MessageVersion[] => {
      if (!mayLead(readActor(replica.state, myId()))) throw new AppError('FORBIDDEN', 'earlier texts are for leads and admins');
      const row = queries.findVersions(messageId);
      if (!row) throw new AppError('NOT_FOUND', `no message ${messageId}`);
      return listVersions(row, row.wamid === null ? [] : queries.listAbout(row.wamid, row.contact_id));
    },

    fetchFile: async (input: { messageId: string }): Promise<Message> => {
      await media.fetchNow(input.messageId, runner);
      return toMessage(find(input.messageId));
    },

    gallery: ({ conversationId, ...input }: { conversationId: string; kind: 'pictures' | 'documents' | 'audio'; cursor?: string | undefined; limit: number }) => {
      const { rows, nextCursor } = media.gallery({ contactId: conversations.find(conversationId).contactId, ...input });
      const me = myId();
      return { items: rows.map((row) => toMessage(row, me)), nextCursor };
    },

    find,
    has: (id: string): boolean => queries.find(id) !== undefined,
    show: (id: string): Message => toMessage(find(id)),
  };
}

const writePosition = ({ sortAt, seq, id }: ThreadPosition): string => JSON.stringify([sortAt, seq, id]);

function readPosition(text: string): ThreadPosition {
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this thread gave out');
  const [sortAt, seq, id] = parsed.data;
  return { sortAt, seq, id };
}
