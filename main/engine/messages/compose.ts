/**
 * From what an agent composed to what travels in the log. Invariants: what is said of a file is read from its bytes on this computer,
 * whatever the window says; nothing that Meta would refuse for its shape, type or size gets further than here.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { ComposedContent } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import { TEXT_BODY_MAX } from '../../../contract/limits.ts';
import { outboundContentSchema, type OutboundContent } from '../../../contract/ops/op.ts';
import { safeFilename } from '../../../contract/rules/safe-filename.ts';
import { judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { HEAD_BYTES, isAnimatedWebp, judgeFile, uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { MediaKind } from '../../../contract/whatsapp/message-content.ts';
import type { MediaStore } from '../media/media-store.ts';

type ComposedFile = Extract<ComposedContent, { sha256: string }>;
type OwnMedia = Extract<OutboundContent, { kind: 'image' }>['media'];

/** @throws AppError TEXT_EMPTY, TEXT_TOO_LONG, FILE_GONE, FILE_REFUSED, CONTENT_REFUSED (with the field). */
export function composeContent(composed: ComposedContent, media: Pick<MediaStore, 'find'>): OutboundContent {
  const content = toOutbound(composed, media);
  const problem = judgeContent(content);
  if (problem) throw new AppError('CONTENT_REFUSED', `${problem.field}: ${problem.detail}`, { field: problem.field, reason: problem.reason, limit: problem.limit });
  const parsed = outboundContentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || composed.kind;
  throw new AppError('CONTENT_REFUSED', `${field}: ${parsed.error.issues[0]?.message ?? 'too long'}`, { field, reason: 'too_long', limit: null });
}

function toOutbound(composed: ComposedContent, media: Pick<MediaStore, 'find'>): OutboundContent {
  switch (composed.kind) {
    case 'text': {
      const text = tidy(composed.text);
      if (text === '') throw new AppError('TEXT_EMPTY');
      if (text.length > TEXT_BODY_MAX) throw new AppError('TEXT_TOO_LONG');
      // Left out where it says nothing: programs before it read such a message, too.
      return { kind: 'text', text, ...(composed.hasPreview === true ? { hasPreview: true } : {}) };
    }
    case 'image':
    case 'video':
      return { kind: composed.kind, media: readFile(composed, media).media, caption: tidyOrNull(composed.caption) };
    case 'audio': {
      const file = readFile(composed, media).media;
      if (composed.isVoice && file.mimeType !== 'audio/ogg') throw new AppError('FILE_REFUSED', 'a voice note is an ogg with OPUS');
      return { kind: 'audio', media: file, isVoice: composed.isVoice };
    }
    case 'document': {
      const file = readFile(composed, media).media;
      return { kind: 'document', media: file, filename: safeFilename(composed.filename) ?? uploadNameOf(file.mimeType), caption: tidyOrNull(composed.caption) };
    }
    case 'sticker': {
      const { media: file, head } = readFile(composed, media);
      return { kind: 'sticker', media: file, isAnimated: isAnimatedWebp(head) };
    }
    case 'location':
      return { kind: 'location', latitude: composed.latitude, longitude: composed.longitude, name: tidyOrNull(composed.name), address: tidyOrNull(composed.address), url: null };
    case 'contacts':
    case 'interactive':
      return composed;
  }
}

function readFile(composed: ComposedFile, store: Pick<MediaStore, 'find'>): { media: OwnMedia; head: Uint8Array } {
  const file = store.find(composed.sha256);
  const head = file && readHead(file.path);
  if (!file || !head) throw new AppError('FILE_GONE');
  const { bytes, width, height, durationMs } = file;
  const filename = composed.kind === 'document' ? composed.filename : '';
  const verdict = judgeFile({ mimeType: file.mimeType, bytes, filename, head, width, height });
  if (verdict.kind !== composed.kind) throw new AppError('FILE_REFUSED', describeRefusal(composed.kind, verdict));
  return { media: { id: null, sha256: composed.sha256, mimeType: verdict.mimeType, bytes, width, height, durationMs }, head };
}

const describeRefusal = (kind: MediaKind, { mimeType, problem, limitBytes }: ReturnType<typeof judgeFile>): string =>
  problem === 'too_big' ? `larger than ${limitBytes} bytes` : `${mimeType || 'an unknown type'} cannot be sent as ${kind}`;

/** Null: the file is not where it should be. */
function readHead(path: string): Uint8Array | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

const tidy = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
const tidyOrNull = (text: string | null): string | null => (text === null || tidy(text) === '' ? null : tidy(text));
