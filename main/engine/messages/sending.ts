/**
 * What agents do with messages: send, react, confirm, give up, repeat. Commands record an intent and return; the outbox acts on it after
 * the log confirms it.
 */
import type { ComposedContent } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import { REACTION_MAX_AGE_MS } from '../../../contract/limits.ts';
import { hasUnseenReplyOfOthers } from '../../../contract/ops/message-ops.ts';
import { outboundContentSchema, typeLevel, WAMID_MAX, type OpArgs, type OutboundContent } from '../../../contract/ops/op.ts';
import { parseJson } from '../../../contract/json.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { eventOfTemplate } from '../../../contract/requests/request-rules.ts';
import type { ConversationRow, MessageRow } from '../../../contract/state.ts';
import { isWithFile, judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { messageErrorSchema } from '../../../contract/whatsapp/message-content.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { requireMayContact } from '../conversations/may-contact.ts';
import { isWindowOpenFor } from '../conversations/window-of.ts';
import { viewDelivery } from '../conversations/views.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { MessageView } from '../db/message-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { UploadQueries } from '../db/upload-queries.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { MediaFeature } from '../media/media.ts';
import { MEDIA_ID_REFUSED } from '../outbox/refusals.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import { composeContent, openFile, type OpenFile } from './compose.ts';
import type { Messages } from './messages.ts';

type Deps = {
  messages: Pick<Messages, 'find' | 'show' | 'has'>;
  conversations: Conversations;
  media: Pick<MediaFeature, 'open' | 'describe'>;
  uploads: UploadQueries;
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

type TemplateOutbound = Extract<OutboundContent, { kind: 'template' }>;
type SendInput = {
  messageId?: string | undefined;
  conversationId: string;
  content: ComposedContent;
  seenThrough?: number | undefined;
  isGuarded: boolean;
  quotedMessageId?: string | undefined;
};
type DraftInput = { draftId: string; conversationId: string; messageId: string | undefined; quotedMessageId: string | undefined; seenThrough: number; text: string };

export type Sending = ReturnType<typeof createSending>;

export function createSending({ messages, conversations, media, uploads, jobs, runner, sync, replica, ids, now, myId, assignsOnReply }: Deps) {
  const { state } = replica;

  /** The message, if it is mine and in one of these states. */
  const findMine = (id: string, states: readonly (Message['delivery'] & string)[]): MessageView => {
    const row = messages.find(id);
    if (row.actorId !== myId()) throw new AppError('FORBIDDEN', 'only its author decides about a message');
    const delivery = viewDelivery(row);
    if (delivery === null || !states.includes(delivery)) throw new AppError('NOT_ALLOWED_NOW', `the message is ${delivery ?? 'inbound'}`);
    return row;
  };

  const readRow = (id: string): MessageRow => {
    const row = state.get('message', [id]);
    if (!row) throw new AppError('NOT_FOUND', `no message ${id}`);
    return row;
  };

  const readConversation = (id: string): ConversationRow => {
    const row = state.get('conversation', [id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${id}`);
    return row;
  };

  /** @returns the id of the message. */
  const queue = ({ messageId = ids.next(), ...args }: Partial<Pick<OpArgs<'message.queue'>, 'messageId'>> & Omit<OpArgs<'message.queue'>, 'messageId'>): string => {
    replica.applyLocal({ type: 'message.queue', args: { messageId, ...args } });
    return messageId;
  };

  const requireOpenWindow = (conversationId: string): void => {
    const row = state.get('conversation', [conversationId]);
    if (!row || !isWindowOpenFor(state, row, now())) throw new AppError('WINDOW_CLOSED');
  };
  /** A template needs no open window: it is what opens a talk again. */
  const requireSendable = (conversationId: string, content: OutboundContent): void => {
    const { status, contactId } = conversations.find(conversationId);
    if (status === 'closed' && content.kind !== 'reaction') throw new AppError('CONVERSATION_CLOSED');
    requireMayContact(state, contactId, content);
    if (content.kind !== 'template') requireOpenWindow(conversationId);
  };

  /** A colleague answered, or the customer wrote, after what the author had on screen. */
  const hasThreadMoved = (conversationId: string, seenThrough: number): boolean => {
    const row = state.get('conversation', [conversationId]);
    return row !== undefined && (row.last_inbound_seq > seenThrough || hasUnseenReplyOfOthers(row, myId(), seenThrough));
  };

  const takeUnassigned = (conversationId: string): void => {
    const isNobodys = state.get('conversation', [conversationId])?.assignee_id === null;
    // Colleagues with an older program could not read it yet (readers before writers).
    const isReadable = sync.readMeta().writeLevel >= typeLevel('conversation.assign');
    if (isNobodys && isReadable && assignsOnReply()) replica.applyLocal({ type: 'conversation.assign', args: { conversationId, from: null, to: myId(), isByReply: true } });
  };

  /** wamid of a message, if it can be quoted. */
  const quotable = (messageId: string | undefined): { quotedWamid?: string } => {
    const wamid = messageId === undefined ? null : readRow(messageId).wamid;
    return wamid === null || wamid.length > WAMID_MAX ? {} : { quotedWamid: wamid };
  };

  const record = (input: SendInput, file: OpenFile | null): Message => {
    const { conversationId } = input;
    if (input.messageId !== undefined && messages.has(input.messageId)) return messages.show(input.messageId);
    const content = composeContent(input.content, file);
    requireSendable(conversationId, content);
    const quote = quotable(input.quotedMessageId);
    const seenThrough = input.seenThrough ?? sync.readMeta().cursor;
    if (input.isGuarded && hasThreadMoved(conversationId, seenThrough)) throw new AppError('THREAD_MOVED');
    const id = replica.transact(() => {
      const queued = queue({ ...(input.messageId === undefined ? {} : { messageId: input.messageId }), conversationId, content, seenThrough, ...quote });
      takeUnassigned(conversationId);
      return queued;
    });
    return messages.show(id);
  };

  /** The emoji that is ours on a message, as it stands or will stand; empty: none. */
  const readOwnReaction = (wamid: string): string => {
    const ours = state
      .list('message_by_target', [wamid])
      .filter(({ direction, hold, status }) => direction === 'out' && hold === null && status !== 'failed')
      .flatMap((row) => {
        const content = outboundContentSchema.safeParse(parseJson(row.content));
        return content.success && content.data.kind === 'reaction' ? [{ row, emoji: content.data.emoji }] : [];
      });
    return ours.toSorted((a, b) => a.row.sort_at - b.row.sort_at || a.row.seq - b.row.seq).at(-1)?.emoji ?? '';
  };

  /** The file of a message that is to be sent again: here, or still at Meta. */
  const requireFile = (content: OutboundContent, row: MessageRow): void => {
    if (!isWithFile(content)) return;
    const { sha256 } = content.media;
    const phoneNumberId = state.get('conversation', [row.conversation_id])?.phone_number_id ?? '';
    const error = row.error === null ? null : messageErrorSchema.safeParse(parseJson(row.error));
    // Meta refused the file: what it holds may be damaged.
    if (error?.success && MEDIA_ID_REFUSED.has(error.data.code)) uploads.forget(sha256, phoneNumberId);
    if (!media.describe(sha256) && uploads.find(sha256, phoneNumberId, now()) === null) throw new AppError('FILE_GONE');
  };

  /** An event of its request that this template tells this person of and that nobody has decided: then it is decided with it, once in the team. */
  const findOpenEvent = ({ name, request }: TemplateOutbound, contactId: string): string | null => {
    const row = request && state.get('service_request', [request.id]);
    if (!request || !row || request.isOverride) return null;
    const isThem = (id: string | null): boolean => id !== null && rootOf(state, id) === rootOf(state, contactId);
    const kind = eventOfTemplate(name);
    const due = state
      .list('request_event_by_request', [request.id])
      .findLast((event) => event.kind === kind && event.state === 'open' && isThem(event.contact_id ?? (event.role === 'customer' ? row.customer_id : row.vendor_id)));
    return due?.id ?? null;
  };

  /** Decides a request event with a message in the conversation. @returns the id of the message. */
  const notify = (eventId: string, conversationId: string, content: TemplateOutbound, messageId = ids.next()): string => {
    const { contact_id: contactId, phone_number_id: phoneNumberId } = readConversation(conversationId);
    const isOverride = content.request?.isOverride ?? false;
    const args = { eventId, messageId, conversationId: ids.next(), contactId, phoneNumberId, content, isOverride, isAutomatic: false };
    const { outcome } = replica.applyLocal({ type: 'request.notify', args });
    if (outcome !== 'applied') throw new AppError('CHANGED_MEANWHILE');
    return messageId;
  };

  /** What a draft by AI proposed, as a template: it counts as the draft's answer. @returns the id of the message. */
  const approve = (draftId: string, content: TemplateOutbound, seenThrough: number, messageId = ids.next()): string => {
    replica.applyLocal({ type: 'draft.approve', args: { draftId, messageId, content, seenThrough, fence: null } });
    return messageId;
  };

  return {
    send: async (input: SendInput): Promise<Message> => record(input, await openFile('sha256' in input.content ? input.content.sha256 : null, media)),

    /** A template as it was composed; the same `messageId` once more is the same message. `draftId`: the draft by AI that it stands for. @throws AppError CONVERSATION_CLOSED, BLOCKED, OPTED_OUT. */
    sendTemplate: ({ conversationId, messageId, content, draftId = null }: { conversationId: string; messageId: string | undefined; content: TemplateOutbound; draftId?: string | null }): Message => {
      if (messageId !== undefined && messages.has(messageId)) return messages.show(messageId);
      requireSendable(conversationId, content);
      const id = replica.transact(() => {
        const eventId = findOpenEvent(content, readConversation(conversationId).contact_id);
        const seenThrough = sync.readMeta().cursor;
        const own = messageId === undefined ? {} : { messageId };
        const queued =
          eventId !== null
            ? notify(eventId, conversationId, content, messageId)
            : draftId === null
              ? queue({ ...own, conversationId, content, seenThrough })
              : approve(draftId, content, seenThrough, messageId);
        takeUnassigned(conversationId);
        return queued;
      });
      return messages.show(id);
    },

    /** A draft by AI, as it is or changed; by the same rules as any reply. @throws AppError those of `send`. */
    approveDraft: ({ draftId, conversationId, messageId = ids.next(), quotedMessageId, seenThrough, text }: DraftInput): Message => {
      if (messages.has(messageId)) return messages.show(messageId);
      const content = composeContent({ kind: 'text', text }, null);
      requireSendable(conversationId, content);
      const quote = quotable(quotedMessageId);
      replica.transact(() => {
        replica.applyLocal({ type: 'draft.approve', args: { draftId, messageId, content, seenThrough, fence: null, ...quote } });
        takeUnassigned(conversationId);
      });
      return messages.show(messageId);
    },

    sendText: ({ text, ...input }: Omit<SendInput, 'content'> & { text: string }): Message => record({ ...input, content: { kind: 'text', text } }, null),

    /** The same emoji once more takes it away. */
    react: ({ messageId, emoji }: { messageId: string; emoji: string }): Message => {
      const target = readRow(messageId);
      if (target.wamid === null || target.wamid.length > WAMID_MAX || target.target_wamid !== null || target.revoked_at !== null)
        throw new AppError('NOT_ALLOWED_NOW', 'nobody can react to this message');
      if (now() - target.sent_at > REACTION_MAX_AGE_MS) throw new AppError('NOT_ALLOWED_NOW', 'the message is older than 30 days');
      const problem = judgeContent({ kind: 'reaction', emoji });
      if (problem) throw new AppError('CONTENT_REFUSED', `${problem.field}: ${problem.detail}`, { field: problem.field, reason: problem.reason, limit: problem.limit });
      const standing = readOwnReaction(target.wamid);
      const wanted = emoji === standing ? '' : emoji;
      if (wanted !== standing) {
        const content = { kind: 'reaction', emoji: wanted } as const;
        requireSendable(target.conversation_id, content);
        queue({ conversationId: target.conversation_id, seenThrough: sync.readMeta().cursor, content, targetWamid: target.wamid });
      }
      return messages.show(messageId);
    },

    confirm: (input: { messageId: string; seenThrough: number }): Message => {
      const row = findMine(input.messageId, ['held', 'needs_confirmation']);
      if (row.hold === 'held') replica.applyLocal({ type: 'message.confirm', args: input });
      else replica.transact(() => releaseJob(row.id));
      return messages.show(row.id);
    },

    /** Also while its file is on its way to Meta, which ends then. */
    discard: (input: { messageId: string }): Message => {
      const row = findMine(input.messageId, ['held', 'needs_confirmation', 'failed', 'waiting', 'queued']);
      replica.applyLocal({ type: 'message.discard', args: input });
      const upload = jobs.find('media.upload', row.id);
      if (upload) runner.abort(upload);
      return messages.show(row.id);
    },

    retry: (input: { messageId: string }): Message => {
      const { id, conversationId } = findMine(input.messageId, ['failed']);
      const row = readRow(id);
      const content = outboundContentSchema.safeParse(parseJson(row.content));
      if (!content.success) throw new AppError('NOT_ALLOWED_NOW', 'this was not written here');
      requireSendable(conversationId, content.data);
      const again = replica.transact(() => {
        requireFile(content.data, row);
        const [event] = state.list('request_event_by_message', [id]);
        // Which opens the event again: it is decided anew, by the new message.
        replica.applyLocal({ type: 'message.discard', args: { messageId: id } });
        if (event && content.data.kind === 'template') return notify(event.id, conversationId, content.data, undefined);
        return queue({
          conversationId,
          content: content.data,
          seenThrough: sync.readMeta().cursor,
          ...(row.quoted_wamid === null ? {} : { quotedWamid: row.quoted_wamid }),
          ...(row.target_wamid === null ? {} : { targetWamid: row.target_wamid }),
        });
      });
      return messages.show(again);
    },

    settle: (input: { messageId: string; as: 'not_sent' | 'resend' }): Message => {
      const row = findMine(input.messageId, ['uncertain']);
      replica.transact(() => {
        if (input.as === 'resend') return releaseJob(row.id);
        const job = jobs.find('message.send', row.id);
        if (job) runner.setState(job, 'done');
        replica.applyLocal({ type: 'message.result', args: { messageId: row.id, error: { code: OWN_ERROR.settledAsNotSent, title: 'not sent', detail: null } } });
      });
      return messages.show(row.id);
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
