/**
 * The outbox: what a confirmed op makes this desktop do at Meta (sync.md section 6). Invariants: a message leaves only
 * after its op came back from the log as applied, and only from the desktop that wrote it; the service window and the
 * conversation are judged again when it leaves, and an automatic answer by all that could stop it; an answer that was lost is never followed by a second call, a status
 * webhook or a person settles it.
 */
import { z } from 'zod';
import type { Log } from '../../../contract/log.ts';
import { MARK_READ_MAX_AGE_MS } from '../../../contract/limits.ts';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import type { ConversationRow, MessageRow, StateTx } from '../../../contract/state.ts';
import { isWithFile } from '../../../contract/whatsapp/build-message.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import { findObjection } from '../conversations/may-contact.ts';
import { isWindowOpenFor } from '../conversations/window-of.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { UploadQueries } from '../db/upload-queries.ts';
import { growPause, type JobHandler, type Pause } from '../jobs/job-runner.ts';
import type { MediaFeature } from '../media/media.ts';
import type { Confirmed, Replica } from '../sync/replica.ts';
import type { GraphClient } from '../whatsapp/graph-client.ts';
import type { WhatsappHealth } from '../whatsapp/health.ts';
import { MAX_RETRIES } from './refusals.ts';
import type { SendPace } from './send-pace.ts';

export const NOT_CONFIGURED_PAUSE: Pause = { firstMs: 300_000, maxMs: 300_000 };

/** `isUploadedAnew`: Meta did not know the file's id any more, and it was uploaded once more. */
export const sendPayloadSchema = z.object({ seenThrough: z.number(), isConfirmed: z.boolean(), isUploadedAnew: z.boolean().optional() });
const readPayloadSchema = z.object({ phoneNumberId: z.string(), at: z.number() });

export type OutboxDeps = {
  replica: Replica;
  jobs: JobQueries;
  contacts: ContactQueries;
  uploads: UploadQueries;
  media: Pick<MediaFeature, 'open' | 'describe'>;
  pace: SendPace;
  graph: Pick<GraphClient, 'sendMessage' | 'markRead' | 'uploadMedia'>;
  health: WhatsappHealth;
  /** Meta refused a message with this code: its template may be another one than we know. */
  noteTemplateRefused: (code: number) => void;
  /** Relay time, ms. */
  now: () => number;
  random: () => number;
  log: Log;
};

/** Adds the jobs that a confirmed op of this device causes. Runs in the transaction that confirms it. */
export function addOutboxJobs(confirmed: Confirmed, tx: StateTx, jobs: JobQueries, readReceipts: 'on_reply' | 'on_open' | 'never', now: number): void {
  const { op, outcome } = confirmed;
  if (outcome !== 'applied') return;
  switch (op.type) {
    case 'message.queue':
    case 'message.confirm':
    case 'draft.approve':
    case 'request.notify': {
      const message = tx.get('message', [op.args.messageId]);
      const conversation = message && tx.get('conversation', [message.conversation_id]);
      if (!message || !conversation) return;
      const lane = `send:${conversation.id}`;
      // First, so that its place in the lane is before the message's.
      if (isWithFile(readOutbound(message))) jobs.add({ kind: 'media.upload', lane, subject: message.id, payload: {} }, now);
      jobs.add(
        {
          kind: 'message.send',
          lane,
          subject: message.id,
          // A template is not what its author answered with: nothing that came in between makes it stale.
          payload: { seenThrough: op.type === 'request.notify' ? 0 : op.args.seenThrough, isConfirmed: op.type === 'message.confirm' || op.type === 'request.notify' } satisfies z.infer<
            typeof sendPayloadSchema
          >,
        },
        now,
      );
      if (readReceipts === 'on_reply') addReadMark(conversation, jobs, now);
      return;
    }
    case 'read.advance': {
      const conversation = tx.get('conversation', [op.args.conversationId]);
      if (conversation && readReceipts === 'on_open' && !op.args.isUnread) addReadMark(conversation, jobs, now);
      return;
    }
    default:
  }
}

function addReadMark(conversation: ConversationRow, jobs: JobQueries, now: number): void {
  if (conversation.last_inbound_wamid === null || conversation.last_inbound_at === null) return;
  jobs.add(
    {
      kind: 'message.mark_read',
      lane: `read:${conversation.id}`,
      subject: conversation.last_inbound_wamid,
      payload: { phoneNumberId: conversation.phone_number_id, at: conversation.last_inbound_at } satisfies z.infer<typeof readPayloadSchema>,
    },
    now,
  );
}

export function createMarkReadHandler({ graph, health, now, random }: Pick<OutboxDeps, 'graph' | 'health' | 'now' | 'random'>): JobHandler {
  return {
    group: 'messages',
    isRepeatable: true,
    prepare: (job) => (now() - readPayloadSchema.parse(JSON.parse(job.payload)).at > MARK_READ_MAX_AGE_MS ? { status: 'done' } : null),
    run: async (job, signal) => {
      const { phoneNumberId } = readPayloadSchema.parse(JSON.parse(job.payload));
      const result = await graph.markRead(phoneNumberId, job.subject, signal);
      health.note(result, false);
      if (result.status === 'ok') return { status: 'done' };
      // A read mark is a courtesy: it is tried a few times and then forgotten.
      if (job.attempts >= MAX_RETRIES || (result.status === 'refused' && result.retry !== 'backoff' && !result.isAccountWide)) return { status: 'done' };
      return { status: 'retry', afterMs: growPause(5_000, job.attempts, 10 * 60_000, random) };
    },
  };
}

/** What keeps a message from leaving now that was not known, or not so, when it was written; null: nothing. */
export function judgeLeaving(state: Pick<StateTx, 'get' | 'list'>, conversation: ConversationRow, content: OutboundContent, now: number): MessageError | null {
  const objection = findObjection(state, conversation.contact_id, content);
  if (objection === 'BLOCKED') return { code: OWN_ERROR.blocked, title: 'the person is blocked', detail: null };
  if (objection === 'OPTED_OUT') return { code: OWN_ERROR.optedOut, title: 'the person wants no advertising', detail: null };
  if (content.kind !== 'template' && !isWindowOpenFor(state, conversation, now)) return { code: OWN_ERROR.windowClosed, title: 'service window closed', detail: null };
  return null;
}

/** What a message of ours holds. */
export const readOutbound = (message: Pick<MessageRow, 'content'>): OutboundContent => JSON.parse(message.content) as OutboundContent;
