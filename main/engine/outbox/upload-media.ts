/**
 * Brings the file of a message to Meta before the message itself, in the same lane. Invariants: an upload may be repeated, because a file
 * that no message names is seen by nobody; its id is kept with its time before the message leaves, so that a crash, a retry and the same
 * file in another conversation need no second upload.
 */
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { isWithFile } from '../../../contract/whatsapp/build-message.ts';
import { uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { ConversationRow, MessageRow } from '../../../contract/state.ts';
import { shortId } from '../../../contract/log.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import type { JobRow } from '../db/job-queries.ts';
import { growPause, type JobHandler, type JobResult } from '../jobs/job-runner.ts';
import type { MediaProgress } from '../media/media-progress.ts';
import { judgeLeaving, NOT_CONFIGURED_PAUSE, readOutbound, type OutboxDeps } from './outbox.ts';
import { judgeRefusal, MAX_RETRIES, unreachable } from './refusals.ts';

type Upload = { message: MessageRow; conversation: ConversationRow; sha256: string; mimeType: string };

export function createUploadHandler(deps: OutboxDeps & { progress: Pick<MediaProgress, 'note' | 'end'> }): JobHandler {
  const { replica, uploads, media, graph, health, progress, now, random, log } = deps;
  const { state } = replica;
  const giveUp = (messageId: string, error: MessageError): JobResult => ({ status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: { messageId, error } }) });

  /** What there is to upload; null: nothing (any more). */
  const find = (job: JobRow): Upload | null => {
    const message = state.get('message', [job.subject]);
    const conversation = message && state.get('conversation', [message.conversation_id]);
    if (!message || !conversation || message.status !== 'queued' || message.hold !== null) return null;
    const content = readOutbound(message);
    return isWithFile(content) ? { message, conversation, sha256: content.media.sha256, mimeType: content.media.mimeType } : null;
  };

  const prepare = (job: JobRow): JobResult | null => {
    const upload = find(job);
    if (!upload) return { status: 'done' };
    const { message, conversation, sha256 } = upload;
    if (uploads.find(sha256, conversation.phone_number_id, now()) !== null) return { status: 'done' };
    const obstacle = judgeLeaving(state, conversation, readOutbound(message), now());
    if (obstacle) return giveUp(message.id, obstacle);
    if (health.read().whatsapp === 'not_configured') return { status: 'pause', pause: NOT_CONFIGURED_PAUSE };
    if (media.describe(sha256)) return null;
    // Confirmed on another desktop than the one that wrote it: the team may still bring the file here.
    if (job.attempts < MAX_RETRIES) return { status: 'retry', afterMs: growPause(5_000, job.attempts, 60_000, random) };
    return giveUp(message.id, { code: OWN_ERROR.fileGone, title: 'the file is gone', detail: null });
  };

  const run = async (job: JobRow, signal: AbortSignal): Promise<JobResult> => {
    const upload = find(job);
    const file = upload && (await media.open(upload.sha256));
    // Judged anew, which tells what is missing.
    if (!upload || !file) return { status: 'later', afterMs: 0 };
    const { message, conversation, sha256, mimeType } = upload;
    const note = (done: number): void => progress.note(message.id, conversation.id, { done, total: file.bytes });
    note(0);
    try {
      const { bytes } = file;
      const result = await graph.uploadMedia(conversation.phone_number_id, { sha256, mimeType, bytes, filename: uploadNameOf(mimeType), open: file.stream }, note, signal);
      log('info', 'outbox.uploaded', { message: shortId(message.id), status: result.status, code: result.status === 'refused' ? result.error.code : null, bytes, attempt: job.attempts });
      if (result.status !== 'ok' && signal.aborted) return { status: 'later', afterMs: 0 };
      health.note(result, false);
      switch (result.status) {
        case 'ok':
          return { status: 'done', record: () => uploads.put(sha256, conversation.phone_number_id, result.value.id, now()) };
        case 'unreachable':
          return { status: 'pause', pause: unreachable(result) };
        case 'lost':
          // Of one file only, or of all: after a few attempts a person should hear of it.
          if (job.attempts < MAX_RETRIES) return { status: 'retry', afterMs: growPause(5_000, job.attempts, 5 * 60_000, random) };
          return giveUp(message.id, { code: OWN_ERROR.uploadLost, title: 'the file did not get through', detail: result.detail });
        case 'refused':
          return judgeRefusal(result, job.attempts, random) ?? giveUp(message.id, result.error);
      }
    } finally {
      progress.end(message.id, conversation.id);
    }
  };

  return { group: 'uploads', isRepeatable: true, prepare, run };
}
