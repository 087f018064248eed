/** Queries on messages: threads as screens show them, and their files. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import type { MessageQueries, MessageView, ThreadPosition } from '../db/message-queries.ts';
import type { MediaFeature } from '../media/media.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { Replica } from '../sync/replica.ts';
import { listVersions, type MessageVersion } from './versions.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { readContent, viewMessage, viewQuoted, viewReactions } from '../conversations/views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: MessageQueries;
  conversations: Conversations;
  runner: JobRunner;
  replica: Replica;
  myId: () => string;
  media: Pick<MediaFeature, 'viewFile' | 'fetchNow' | 'gallery'>;
};

type PageInput = { before?: string | undefined; after?: string | undefined; around?: string | undefined; limit: number };

const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ queries, conversations, runner, replica, myId, media }: Deps) {
  const toMessage = (row: MessageView, me = myId()): Message =>
    viewMessage(
      row,
      {
        timeline: row.direction === 'out' ? queries.timeline(row.id) : [],
        quoted: row.quotedWamid === null ? null : viewQuoted(queries.findByWamid(row.quotedWamid, row.contactId), me),
        reactions: row.hasAbout === 1 && row.wamid !== null ? viewReactions(queries.listAbout(row.wamid, row.contactId), me) : [],
        file: media.viewFile(row.id, readContent(row.content)),
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

  const find = (id: string): MessageView => {
    const row = queries.find(id);
    if (!row) throw new AppError('NOT_FOUND', `no message ${id}`);
    return row;
  };

  return {
    page: ({ conversationId, ...which }: PageInput & { conversationId: string }): { items: Message[]; olderCursor: string | null; newerCursor: string | null } => {
      const { rows, hasOlder, hasNewer } = readStretch(conversations.find(conversationId).contactId, which);
      const [oldest, newest] = [rows[0], rows.at(-1)];
      const me = myId();
      return { items: rows.map((row) => toMessage(row, me)), olderCursor: hasOlder && oldest ? writePosition(oldest) : null, newerCursor: hasNewer && newest ? writePosition(newest) : null };
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
