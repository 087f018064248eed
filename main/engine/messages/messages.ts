/** Queries and commands on messages. Commands record an intent and return; the outbox acts on it after the log confirms it. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import { hasUnseenReplyOfOthers } from '../../../contract/ops/message-ops.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { typeLevel, WAMID_MAX } from '../../../contract/ops/op.ts';
import { TEXT_BODY_MAX } from '../../../contract/limits.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { MessageQueries, MessageView, ThreadPosition } from '../db/message-queries.ts';
import type { MediaFeature } from '../media/media.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import { listVersions, type MessageVersion } from './versions.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { readContent, viewDelivery, viewMessage, viewQuoted, viewReactions } from '../conversations/views.ts';
import { parseJson } from '../../../contract/json.ts';

type Deps = {
  queries: MessageQueries;
  conversations: Conversations;
  jobs: JobQueries;
  runner: JobRunner;
  sync: SyncQueries;
  replica: Replica;
  ids: Ids;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
  /** Workspace setting: whoever answers an unassigned conversation takes it. */
  assignsOnReply: () => boolean;
  media: Pick<MediaFeature, 'viewFile' | 'fetchNow' | 'gallery'>;
};

type PageInput = { before?: string | undefined; after?: string | undefined; around?: string | undefined; limit: number };

const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ queries, conversations, jobs, runner, sync, replica, ids, now, myId, assignsOnReply, media }: Deps) {
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

  /** The message, if it is mine and in one of these states. */
  const findMine = (id: string, states: readonly (Message['delivery'] & string)[]): MessageView => {
    const row = find(id);
    if (row.actorId !== myId()) throw new AppError('FORBIDDEN', 'only its author decides about a message');
    const delivery = viewDelivery(row);
    if (delivery === null || !states.includes(delivery)) throw new AppError('NOT_ALLOWED_NOW', `the message is ${delivery ?? 'inbound'}`);
    return row;
  };

  const queueText = (input: { messageId?: string | undefined; conversationId: string; text: string; seenThrough: number; quotedWamid?: string }): string => {
    const messageId = input.messageId ?? ids.next();
    replica.applyLocal({
      type: 'message.queue',
      args: {
        messageId,
        conversationId: input.conversationId,
        seenThrough: input.seenThrough,
        content: { kind: 'text', text: input.text },
        ...(input.quotedWamid === undefined ? {} : { quotedWamid: input.quotedWamid }),
      },
    });
    return messageId;
  };

  const requireSendable = (conversationId: string): void => {
    const conversation = conversations.find(conversationId);
    if (conversation.status === 'closed') throw new AppError('CONVERSATION_CLOSED');
    if (!isWindowOpen(conversation.lastInboundAt, now())) throw new AppError('WINDOW_CLOSED');
  };

  /** A colleague answered, or the customer wrote, after what the author had on screen. */
  const hasThreadMoved = (conversationId: string, seenThrough: number): boolean => {
    const row = replica.state.get('conversation', [conversationId]);
    return row !== undefined && (row.last_inbound_seq > seenThrough || hasUnseenReplyOfOthers(row, myId(), seenThrough));
  };

  const takeUnassigned = (conversationId: string): void => {
    const isNobodys = replica.state.get('conversation', [conversationId])?.assignee_id === null;
    // Colleagues with an older program could not read it yet (readers before writers).
    const isReadable = sync.readMeta().writeLevel >= typeLevel('conversation.assign');
    if (isNobodys && isReadable && assignsOnReply()) replica.applyLocal({ type: 'conversation.assign', args: { conversationId, from: null, to: myId(), isByReply: true } });
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

    sendText: (input: {
      messageId?: string | undefined;
      conversationId: string;
      text: string;
      seenThrough?: number | undefined;
      isGuarded: boolean;
      quotedMessageId?: string | undefined;
    }): Message => {
      const known = input.messageId === undefined ? undefined : queries.find(input.messageId);
      if (known) return toMessage(known);
      const text = input.text.replace(/\r\n?/g, '\n').trim();
      if (text === '') throw new AppError('TEXT_EMPTY');
      if (text.length > TEXT_BODY_MAX) throw new AppError('TEXT_TOO_LONG');
      requireSendable(input.conversationId);
      const quotedWamid = input.quotedMessageId === undefined ? null : queries.wamidOf(find(input.quotedMessageId).id);
      const seenThrough = input.seenThrough ?? sync.readMeta().cursor;
      if (input.isGuarded && hasThreadMoved(input.conversationId, seenThrough)) throw new AppError('THREAD_MOVED');
      const id = replica.transact(() => {
        const queued = queueText({
          messageId: input.messageId,
          conversationId: input.conversationId,
          text,
          seenThrough,
          ...(quotedWamid === null || quotedWamid.length > WAMID_MAX ? {} : { quotedWamid }),
        });
        takeUnassigned(input.conversationId);
        return queued;
      });
      return toMessage(find(id));
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

    confirm: (input: { messageId: string; seenThrough: number }): Message => {
      const row = findMine(input.messageId, ['held', 'needs_confirmation']);
      if (row.hold === 'held') replica.applyLocal({ type: 'message.confirm', args: input });
      else replica.transact(() => releaseJob(row.id));
      return toMessage(find(row.id));
    },

    discard: (input: { messageId: string }): Message => {
      const row = findMine(input.messageId, ['held', 'needs_confirmation', 'failed', 'waiting', 'queued']);
      replica.applyLocal({ type: 'message.discard', args: input });
      return toMessage(find(row.id));
    },

    retry: (input: { messageId: string }): Message => {
      const row = findMine(input.messageId, ['failed']);
      requireSendable(row.conversationId);
      const content = readContent(row.content);
      if (content.kind !== 'text') throw new AppError('NOT_ALLOWED_NOW', 'only text can be sent again');
      const id = replica.transact(() => {
        replica.applyLocal({ type: 'message.discard', args: { messageId: row.id } });
        return queueText({ conversationId: row.conversationId, text: content.text, seenThrough: sync.readMeta().cursor, ...(row.quotedWamid === null ? {} : { quotedWamid: row.quotedWamid }) });
      });
      return toMessage(find(id));
    },

    settle: (input: { messageId: string; as: 'not_sent' | 'resend' }): Message => {
      const row = findMine(input.messageId, ['uncertain']);
      replica.transact(() => {
        if (input.as === 'resend') return releaseJob(row.id);
        const job = jobs.find('message.send', row.id);
        if (job) runner.setState(job, 'done');
        replica.applyLocal({ type: 'message.result', args: { messageId: row.id, error: { code: OWN_ERROR.settledAsNotSent, title: 'not sent', detail: null } } });
      });
      return toMessage(find(row.id));
    },
  };

  /** Lets the outbox send a message that it had laid aside, whatever has come in since. */
  function releaseJob(messageId: string): void {
    const { syncEnd } = sync.readMeta();
    if (syncEnd !== null) throw new AppError('SYNC_ENDED', `the team would never hear of it: ${syncEnd}`);
    const job = jobs.find('message.send', messageId);
    if (!job) throw new AppError('NOT_ALLOWED_NOW', 'another desktop sends this message');
    jobs.setPayload(job.id, { ...(JSON.parse(job.payload) as object), isConfirmed: true });
    runner.setState(job, 'ready');
  }
}

const writePosition = ({ sortAt, seq, id }: ThreadPosition): string => JSON.stringify([sortAt, seq, id]);

function readPosition(text: string): ThreadPosition {
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this thread gave out');
  const [sortAt, seq, id] = parsed.data;
  return { sortAt, seq, id };
}
