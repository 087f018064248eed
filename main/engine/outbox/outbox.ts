/**
 * The outbox: what a confirmed op makes this desktop do at Meta (sync.md section 6). Invariants: a message leaves only
 * after its op came back from the log as applied, and only from the desktop that wrote it; the service window and the
 * conversation are judged again when it leaves; an answer that was lost is never followed by a second call, a status
 * webhook or a person settles it.
 */
import { MARK_READ_MAX_AGE_MS, STALE_REPLY_MS } from '../../../contract/limits.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import type { ConversationRow, StateTx } from '../../../contract/state.ts';
import { shortId, type Log } from '../../../contract/log.ts';
import type { JobQueries, JobRow } from '../db/job-queries.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import { growPause, type JobHandler, type JobResult, type Pause } from '../jobs/job-runner.ts';
import type { Confirmed, Replica } from '../sync/replica.ts';
import type { GraphClient, GraphResult } from '../whatsapp/graph-client.ts';
import type { WhatsappHealth } from '../whatsapp/health.ts';
import { z } from 'zod';

const MAX_RETRIES = 5;
const UNREACHABLE_PAUSE: Pause = { firstMs: 1_000, maxMs: 60_000 };
const ACCOUNT_BLOCKED_PAUSE: Pause = { firstMs: 60_000, maxMs: 60_000 };
const NOT_CONFIGURED_PAUSE: Pause = { firstMs: 300_000, maxMs: 300_000 };

const sendPayloadSchema = z.object({ seenThrough: z.number(), isConfirmed: z.boolean() });
const readPayloadSchema = z.object({ phoneNumberId: z.string(), at: z.number() });

/** Adds the jobs that a confirmed op of this device causes. Runs in the transaction that confirms it. */
export function addOutboxJobs(confirmed: Confirmed, tx: StateTx, jobs: JobQueries, readReceipts: 'on_reply' | 'on_open' | 'never', now: number): void {
  const { op, outcome } = confirmed;
  if (outcome !== 'applied') return;
  switch (op.type) {
    case 'message.queue':
    case 'message.confirm': {
      const message = tx.get('message', [op.args.messageId]);
      const conversation = message && tx.get('conversation', [message.conversation_id]);
      if (!message || !conversation) return;
      jobs.add(
        {
          kind: 'message.send',
          lane: `send:${conversation.id}`,
          subject: message.id,
          payload: { seenThrough: op.args.seenThrough, isConfirmed: op.type === 'message.confirm' } satisfies z.infer<typeof sendPayloadSchema>,
        },
        now,
      );
      if (readReceipts === 'on_reply') addReadMark(conversation, jobs, now);
      return;
    }
    case 'read.advance': {
      const conversation = tx.get('conversation', [op.args.conversationId]);
      if (conversation && readReceipts === 'on_open') addReadMark(conversation, jobs, now);
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

type Deps = {
  replica: Replica;
  jobs: JobQueries;
  contacts: ContactQueries;
  graph: Pick<GraphClient, 'sendMessage' | 'markRead'>;
  health: WhatsappHealth;
  /** Relay time, ms. */
  now: () => number;
  random: () => number;
  log: Log;
};

export function createSendHandler({ replica, contacts, graph, health, now, random, log }: Deps): JobHandler {
  const { state } = replica;
  const giveUp = (messageId: string, error: MessageError): JobResult => ({ status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: { messageId, error } }) });

  const prepare = (job: JobRow): JobResult | null => {
    const message = state.get('message', [job.subject]);
    const conversation = message && state.get('conversation', [message.conversation_id]);
    if (!message || !conversation || message.status !== 'queued' || message.hold !== null) return { status: 'done' };
    if (!isWindowOpen(conversation.last_inbound_at, now())) return giveUp(message.id, { code: OWN_ERROR.windowClosed, title: 'service window closed', detail: null });
    if (health.read().whatsapp === 'not_configured') return { status: 'pause', pause: NOT_CONFIGURED_PAUSE };
    if (!findRecipient(conversation)) return giveUp(message.id, { code: OWN_ERROR.noRecipient, title: 'no recipient', detail: null });
    const { seenThrough, isConfirmed } = sendPayloadSchema.parse(JSON.parse(job.payload));
    const isStale = now() - message.sent_at > STALE_REPLY_MS && conversation.last_inbound_seq > seenThrough;
    return isStale && !isConfirmed ? { status: 'waiting' } : null;
  };

  /** Meta's address of the person: the phone's WhatsApp id as Meta gave it, else the business-scoped user id. */
  const findRecipient = (conversation: ConversationRow): Record<string, string> | null => {
    const waId = contacts.findIdentifier(conversation.contact_id, 'wa_id');
    if (waId !== null) return { to: `+${waId.replace(/^\+/, '')}` };
    const userId = contacts.findIdentifier(conversation.contact_id, 'user_id');
    return userId === null ? null : { recipient: userId };
  };

  const run = async (job: JobRow, signal: AbortSignal): Promise<JobResult> => {
    const message = state.get('message', [job.subject]);
    const conversation = message && state.get('conversation', [message.conversation_id]);
    const recipient = conversation && findRecipient(conversation);
    if (!message || !conversation || !recipient) return { status: 'done' };
    const content = JSON.parse(message.content) as OutboundContent;
    const result = await graph.sendMessage(
      conversation.phone_number_id,
      {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        ...recipient,
        type: 'text',
        text: { body: content.kind === 'text' ? content.text : '', preview_url: false },
        ...(message.quoted_wamid === null ? {} : { context: { message_id: message.quoted_wamid } }),
        biz_opaque_callback_data: message.id,
      },
      signal,
    );
    log('info', 'outbox.answered', { message: shortId(message.id), status: result.status, code: result.status === 'refused' ? result.error.code : null, attempt: job.attempts });
    health.note(result, true);
    switch (result.status) {
      case 'ok':
        return { status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: { messageId: message.id, wamid: result.value.wamid } }) };
      case 'lost':
        return { status: 'uncertain', pause: UNREACHABLE_PAUSE };
      case 'unreachable':
        return { status: 'pause', pause: UNREACHABLE_PAUSE };
      case 'refused':
        return judgeRefusal(result, job) ?? giveUp(message.id, result.error);
    }
  };

  /** How to go on after a refusal, or null to give up. */
  const judgeRefusal = (result: Extract<GraphResult<unknown>, { status: 'refused' }>, job: JobRow): JobResult | null => {
    if (result.isAccountWide) return { status: 'pause', pause: ACCOUNT_BLOCKED_PAUSE };
    if (result.retry !== 'backoff' || job.attempts >= MAX_RETRIES) return null;
    return { status: 'retry', afterMs: growPause(result.waitMs, job.attempts, 10 * 60_000, random) };
  };

  return { group: 'messages', isRepeatable: false, prepare, run };
}

export function createMarkReadHandler({ graph, health, now, random }: Pick<Deps, 'graph' | 'health' | 'now' | 'random'>): JobHandler {
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
