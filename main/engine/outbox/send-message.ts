/**
 * Sends a message to Meta. Invariants: everything is judged again in the transaction that marks it as being sent; once the request may
 * have left there is no second call for it; a file's id that Meta no longer knows is replaced once.
 */
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { STALE_REPLY_MS } from '../../../contract/limits.ts';
import { shortId } from '../../../contract/log.ts';
import type { ConversationRow, MessageRow } from '../../../contract/state.ts';
import { isWithFile, prepareMessage, type Recipient } from '../../../contract/whatsapp/build-message.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import type { SendMessage } from '../../../contract/whatsapp/send-message.ts';
import type { JobRow } from '../db/job-queries.ts';
import type { JobHandler, JobResult } from '../jobs/job-runner.ts';
import { judgeAutomatic } from './judge-automatic.ts';
import { judgeLeaving, NOT_CONFIGURED_PAUSE, readOutbound, sendPayloadSchema, type OutboxDeps } from './outbox.ts';
import { judgeRefusal, MEDIA_ID_REFUSED, PAIR_RATE, unreachable } from './refusals.ts';

type Sending = { message: MessageRow; conversation: ConversationRow; body: SendMessage; /** Of its file; null: it has none. */ sha256: string | null };

export function createSendHandler({ replica, jobs, contacts, uploads, pace, graph, health, noteTemplateRefused, now, random, log }: OutboxDeps): JobHandler {
  const { state } = replica;
  const giveUp = (messageId: string, error: MessageError): JobResult => ({ status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: { messageId, error } }) });

  /** Meta's address of the person: the WhatsApp id as Meta gave it, else the business-scoped user id, else the number as an agent typed it. */
  const findRecipient = ({ contact_id: id }: ConversationRow): Recipient | null => {
    const waId = contacts.findIdentifier(id, 'wa_id');
    if (waId !== null) return { to: `+${waId.replace(/^\+/, '')}` };
    const userId = contacts.findIdentifier(id, 'user_id');
    if (userId !== null) return { recipient: userId };
    const phone = contacts.findIdentifier(id, 'phone');
    return phone === null ? null : { to: `+${phone}` };
  };

  /** What would be sent now, or why not. */
  const assemble = (job: JobRow): { ready: Sending } | { verdict: JobResult } => {
    const message = state.get('message', [job.subject]);
    const conversation = message && state.get('conversation', [message.conversation_id]);
    if (!message || !conversation || message.status !== 'queued' || message.hold !== null) return { verdict: { status: 'done' } };
    const recipient = findRecipient(conversation);
    if (!recipient) return { verdict: giveUp(message.id, { code: OWN_ERROR.noRecipient, title: 'no recipient', detail: null }) };
    const content = readOutbound(message);
    const sha256 = isWithFile(content) ? content.media.sha256 : null;
    const mediaId = sha256 === null ? null : uploads.find(sha256, conversation.phone_number_id, now());
    if (sha256 !== null && mediaId === null) return { verdict: uploadFirst(message.id) };
    const prepared = prepareMessage({ content, recipient, quotedWamid: message.quoted_wamid, targetWamid: message.target_wamid, mediaId, callbackData: message.id });
    if (prepared.status === 'refused') {
      const { field, detail } = prepared.problem;
      return { verdict: giveUp(message.id, { code: OWN_ERROR.refusedBeforeSending, title: 'refused before sending', detail: `${field}: ${detail}` }) };
    }
    return { ready: { message, conversation, body: prepared.body, sha256 } };
  };

  /** The upload's job stands before this one in the lane: ready again, it runs first. */
  const uploadFirst = (messageId: string, alsoRecord?: () => void): JobResult => {
    const upload = jobs.find('media.upload', messageId);
    if (!upload) return giveUp(messageId, { code: OWN_ERROR.fileGone, title: 'the file is gone', detail: null });
    const record = (): void => {
      alsoRecord?.();
      jobs.setState(upload.id, 'ready', now(), now());
    };
    return { status: 'later', afterMs: 0, record };
  };

  const prepare = (job: JobRow): JobResult | null => {
    const assembled = assemble(job);
    if ('verdict' in assembled) return assembled.verdict;
    const { message, conversation } = assembled.ready;
    const obstacle = judgeLeaving(state, conversation, readOutbound(message), now()) ?? judgeAutomatic(state, message, conversation, now());
    if (obstacle) return giveUp(message.id, obstacle);
    if (health.read().whatsapp === 'not_configured') return { status: 'pause', pause: NOT_CONFIGURED_PAUSE };
    const { seenThrough, isConfirmed } = sendPayloadSchema.parse(JSON.parse(job.payload));
    // A reaction answers nothing: what came in between does not change it.
    const isStale = message.target_wamid === null && now() - message.sent_at > STALE_REPLY_MS && conversation.last_inbound_seq > seenThrough;
    if (isStale && !isConfirmed) return { status: 'waiting' };
    const waitMs = pace.take(conversation.phone_number_id, conversation.contact_id);
    return waitMs > 0 ? { status: 'later', afterMs: waitMs } : null;
  };

  const run = async (job: JobRow, signal: AbortSignal): Promise<JobResult> => {
    const assembled = assemble(job);
    if ('verdict' in assembled) return assembled.verdict;
    const { message, conversation, body, sha256 } = assembled.ready;
    const result = await graph.sendMessage(conversation.phone_number_id, body, signal);
    log('info', 'outbox.answered', { message: shortId(message.id), status: result.status, code: result.status === 'refused' ? result.error.code : null, attempt: job.attempts });
    health.note(result, true);
    switch (result.status) {
      case 'ok': {
        const { wamid, waId, userId } = result.value;
        const answer = { messageId: message.id, wamid, ...(waId === undefined ? {} : { waId }), ...(userId === undefined ? {} : { userId }) };
        return { status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: answer }) };
      }
      case 'lost':
        return { status: 'uncertain', pause: unreachable() };
      case 'unreachable':
        return { status: 'pause', pause: unreachable(result) };
      case 'refused': {
        const { code } = result.error;
        noteTemplateRefused(code);
        const payload = sendPayloadSchema.parse(JSON.parse(job.payload));
        if (sha256 !== null && MEDIA_ID_REFUSED.has(code) && !payload.isUploadedAnew) {
          return uploadFirst(message.id, () => {
            uploads.forget(sha256, conversation.phone_number_id);
            jobs.setPayload(job.id, { ...payload, isUploadedAnew: true });
          });
        }
        if (code === PAIR_RATE) pace.empty(conversation.phone_number_id, conversation.contact_id);
        return judgeRefusal(result, job.attempts, random) ?? giveUp(message.id, result.error);
      }
    }
  };

  return { group: 'messages', isRepeatable: false, prepare, run };
}
