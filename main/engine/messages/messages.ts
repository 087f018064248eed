/** Queries and commands on messages. Commands record an intent and return; the outbox acts on it after the log confirms it. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import { hasUnseenReplyOfOthers } from '../../../contract/ops/message-ops.ts';
import { typeLevel, WAMID_MAX } from '../../../contract/ops/op.ts';
import { TEXT_BODY_MAX } from '../../../contract/limits.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { MessageQueries, MessageView, ThreadPosition } from '../db/message-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { readContent, viewDelivery, viewMessage } from '../conversations/views.ts';
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
};

const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ queries, conversations, jobs, runner, sync, replica, ids, now, myId, assignsOnReply }: Deps) {
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
    /** @throws AppError NOT_FOUND */
    one: (messageId: string): Message => toMessage(find(messageId)),

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

function readPosition(text: string): ThreadPosition {
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this thread gave out');
  const [sortAt, seq, id] = parsed.data;
  return { sortAt, seq, id };
}
