/**
 * Brings the file of a message to Meta before the message itself, in the same lane. Invariants: an upload may be repeated, because a file
 * that no message names is seen by nobody; its id is kept with its time before the message leaves, so that a crash, a retry and the same
 * file in another conversation need no second upload.
 */
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { isWithFile } from '../../../contract/whatsapp/build-message.ts';
import { uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import type { ConversationRow, MessageRow } from '../../../contract/state.ts';
import { shortId } from '../../../contract/log.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import type { JobRow } from '../db/job-queries.ts';
import type { JobHandler, JobResult } from '../jobs/job-runner.ts';
import { NOT_CONFIGURED_PAUSE, type OutboxDeps } from './outbox.ts';
import { growPause, judgeRefusal, MAX_RETRIES, unreachable } from './refusals.ts';

type Upload = { message: MessageRow; conversation: ConversationRow; sha256: string };
type Progress = { done: number; total: number };

/** How far uploads have come; in memory, by message. */
export type UploadProgress = { read(messageId: string): Progress | null; note(messageId: string, progress: Progress | null): void };

/** @param onChange is told of a message at most once per `everyMs` while it is uploaded, and when that ends. */
export function createUploadProgress(onChange: (messageId: string) => void, now: () => number, everyMs = 200): UploadProgress {
  const current = new Map<string, Progress & { toldAt: number }>();
  return {
    read: (messageId) => {
      const progress = current.get(messageId);
      return progress ? { done: progress.done, total: progress.total } : null;
    },
    note: (messageId, progress) => {
      if (progress === null) return void (current.delete(messageId) && onChange(messageId));
      const toldAt = current.get(messageId)?.toldAt ?? 0;
      const isDue = Math.abs(now() - toldAt) >= everyMs;
      current.set(messageId, { ...progress, toldAt: isDue ? now() : toldAt });
      if (isDue) onChange(messageId);
    },
  };
}

export function createUploadHandler(deps: OutboxDeps & { progress: UploadProgress }): JobHandler {
  const { replica, uploads, media, graph, health, progress, now, random, log } = deps;
  const { state } = replica;
  const giveUp = (messageId: string, error: MessageError): JobResult => ({ status: 'done', record: () => void replica.applyLocal({ type: 'message.result', args: { messageId, error } }) });

  /** What there is to upload; null: nothing (any more). */
  const find = (job: JobRow): Upload | null => {
    const message = state.get('message', [job.subject]);
    const conversation = message && state.get('conversation', [message.conversation_id]);
    if (!message || !conversation || message.status !== 'queued' || message.hold !== null) return null;
    const content = JSON.parse(message.content) as OutboundContent;
    return isWithFile(content) ? { message, conversation, sha256: content.media.sha256 } : null;
  };

  const prepare = (job: JobRow): JobResult | null => {
    const upload = find(job);
    if (!upload) return { status: 'done' };
    const { message, conversation, sha256 } = upload;
    if (uploads.find(sha256, conversation.phone_number_id, now()) !== null) return { status: 'done' };
    if (!isWindowOpen(conversation.last_inbound_at, now())) return giveUp(message.id, { code: OWN_ERROR.windowClosed, title: 'service window closed', detail: null });
    if (health.read().whatsapp === 'not_configured') return { status: 'pause', pause: NOT_CONFIGURED_PAUSE };
    if (media.find(sha256) !== null) return null;
    // Confirmed on another desktop than the one that wrote it: the team may still bring the file here.
    if (job.attempts < MAX_RETRIES) return { status: 'retry', afterMs: growPause(5_000, job.attempts, 60_000, random) };
    return giveUp(message.id, { code: OWN_ERROR.fileGone, title: 'the file is gone', detail: null });
  };

  const run = async (job: JobRow, signal: AbortSignal): Promise<JobResult> => {
    const upload = find(job);
    const file = upload && media.find(upload.sha256);
    if (!upload || !file) return { status: 'later', afterMs: 0 };
    const { message, conversation, sha256 } = upload;
    progress.note(message.id, { done: 0, total: file.bytes });
    try {
      const { bytes, mimeType } = file;
      const result = await graph.uploadMedia(
        conversation.phone_number_id,
        { sha256, mimeType, bytes, filename: uploadNameOf(mimeType), open: () => media.openRead(sha256) },
        (done) => progress.note(message.id, { done, total: bytes }),
        signal,
      );
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
      progress.note(message.id, null);
    }
  };

  return { isRepeatable: true, prepare, run };
}
