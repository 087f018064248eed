/**
 * From what an agent composed to what travels in the log. Invariants: what is said of a file is read from its bytes on this computer,
 * whatever the window says; nothing that Meta would refuse for its shape, type or size gets further than here.
 */
import type { ComposedContent } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import { TEXT_BODY_MAX } from '../../../contract/limits.ts';
import { outboundContentSchema, type OutboundContent } from '../../../contract/ops/op.ts';
import { safeFilename } from '../../../contract/rules/safe-filename.ts';
import { judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { HEAD_BYTES, isAnimatedWebp, judgeFile, uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { MediaKind } from '../../../contract/whatsapp/message-content.ts';
import type { MediaFile } from '../db/media-queries.ts';
import type { MediaFeature } from '../media/media.ts';

type ComposedFile = { kind: MediaKind; sha256: string; filename?: string };
/** `head`: its first HEAD_BYTES bytes. */
export type OpenFile = Pick<MediaFile, 'mimeType' | 'bytes' | 'width' | 'height' | 'durationMs'> & { head: Uint8Array };
type OwnMedia = Extract<OutboundContent, { kind: 'image' }>['media'];

/** @throws AppError TEXT_EMPTY, TEXT_TOO_LONG, FILE_GONE, FILE_REFUSED, CONTENT_REFUSED (with the field). */
export function composeContent(composed: ComposedContent, file: OpenFile | null): OutboundContent {
  const content = toOutbound(composed, file);
  const problem = judgeContent(content);
  if (problem) throw new AppError('CONTENT_REFUSED', `${problem.field}: ${problem.detail}`, { field: problem.field, reason: problem.reason, limit: problem.limit });
  const parsed = outboundContentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || composed.kind;
  throw new AppError('CONTENT_REFUSED', `${field}: ${parsed.error.issues[0]?.message ?? 'too long'}`, { field, reason: 'too_long', limit: null });
}

function toOutbound(composed: ComposedContent, file: OpenFile | null): OutboundContent {
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
      return { kind: composed.kind, media: readOwnFile(composed, file).media, caption: tidyOrNull(composed.caption) };
    case 'audio': {
      const own = readOwnFile(composed, file).media;
      if (composed.isVoice && own.mimeType !== 'audio/ogg') throw new AppError('FILE_REFUSED', 'a voice note is an ogg with OPUS');
      return { kind: 'audio', media: own, isVoice: composed.isVoice };
    }
    case 'document': {
      const own = readOwnFile(composed, file).media;
      return { kind: 'document', media: own, filename: safeFilename(composed.filename) ?? uploadNameOf(own.mimeType), caption: tidyOrNull(composed.caption) };
    }
    case 'sticker': {
      const { media: own, head } = readOwnFile(composed, file);
      return { kind: 'sticker', media: own, isAnimated: isAnimatedWebp(head) };
    }
    case 'location':
      return { kind: 'location', latitude: composed.latitude, longitude: composed.longitude, name: tidyOrNull(composed.name), address: tidyOrNull(composed.address), url: null };
    case 'contacts':
    case 'interactive':
      return composed;
  }
}

/** A file that is on this computer, with its first bytes; null for null. @throws AppError FILE_GONE */
export async function openFile(sha256: string | null, media: Pick<MediaFeature, 'open'>): Promise<OpenFile | null> {
  if (sha256 === null) return null;
  const file = await media.open(sha256);
  if (!file) throw new AppError('FILE_GONE');
  return { ...file, head: await readHead(file.stream()) };
}

/** What travels of a file, judged by its bytes as one of `composed.kind`. @throws AppError FILE_GONE, FILE_REFUSED */
export function readOwnFile(composed: ComposedFile, file: OpenFile | null): { media: OwnMedia; head: Uint8Array } {
  if (!file) throw new AppError('FILE_GONE');
  const { bytes, width, height, durationMs, head } = file;
  const filename = composed.kind === 'document' ? (composed.filename ?? '') : '';
  const verdict = judgeFile({ mimeType: file.mimeType, bytes, filename, head, width, height });
  if (verdict.kind !== composed.kind) throw new AppError('FILE_REFUSED', describeRefusal(composed.kind, verdict));
  return { media: { id: null, sha256: composed.sha256, mimeType: verdict.mimeType, bytes, width, height, durationMs }, head };
}

const describeRefusal = (kind: MediaKind, { mimeType, problem, limitBytes }: ReturnType<typeof judgeFile>): string =>
  problem === 'too_big' ? `larger than ${limitBytes} bytes` : `${mimeType || 'an unknown type'} cannot be sent as ${kind}`;

async function readHead(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    bytes += piece.byteLength;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}

const tidy = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
const tidyOrNull = (text: string | null): string | null => (text === null || tidy(text) === '' ? null : tidy(text));
