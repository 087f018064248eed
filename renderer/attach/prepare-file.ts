/**
 * From a chosen file to what can be sent. Invariant: nothing goes on to the engine that WhatsApp would refuse for its type or size:
 * it is converted here, or refused with the reason.
 */
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import { HEAD_BYTES, isAnimatedWebp, judgeFile, normalizeMimeType, uploadNameOf, type FileVerdict } from '../../contract/whatsapp/media-types.ts';
import { drawThumbnail } from '../media/thumbnails.ts';
import { toVoiceNote } from './convert-audio.ts';
import { decodePicture, isAcceptable, toPhoto, toSticker, type Picture } from './convert-picture.ts';
import { measureMedia } from './measure-media.ts';
import { sniffType } from './sniff-type.ts';

/** A file as it will be sent. `converted`: the MIME type that it had before; null: as it was. `isStilled`: it moved, and no longer does. */
export type PreparedFile = {
  status: 'ready';
  blob: Blob;
  kind: MediaKind;
  mimeType: string;
  filename: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  thumbnail: Blob | null;
  converted: string | null;
  isStilled: boolean;
  /** What else it could be sent as. */
  otherKinds: MediaKind[];
};
/** `heic`: pictures of iPhones that this browser cannot read. `broken`: what it says to be it is not, or is damaged. */
export type FileRefusal = { reason: 'empty' | 'type' | 'heic' | 'broken' } | { reason: 'too_big'; kind: MediaKind; limitBytes: number };
export type Preparation = PreparedFile | { status: 'refused'; refusal: FileRefusal };

const PHOTO_LIMIT_BYTES = limitOf('image/jpeg');
const STICKER_LIMIT_BYTES = limitOf('image/webp');
/** Pictures that a browser may decode besides those of WhatsApp; the rest of `image/…` is not tried. */
const DECODABLE = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/avif', 'image/heic', 'image/heif', 'image/x-icon']);

/** @param wanted as what its agent wants to send it; null: as what it is. */
export async function prepareFile(file: File, wanted: MediaKind | null): Promise<Preparation> {
  if (file.size === 0) return refuse({ reason: 'empty' });
  const mimeType = normalizeMimeType(await sniffType(file), file.name);
  if (DECODABLE.has(mimeType)) return preparePicture(file, mimeType, wanted);
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const verdict = judgeFile({ mimeType, bytes: file.size, filename: file.name, head });
  if (verdict.kind === null && verdict.problem === 'type_refused' && mimeType.startsWith('audio/')) return prepareAudio(file, mimeType);
  return verdict.kind === null ? refuse(refusalOf(verdict)) : ready({ ...verdict, kind: verdict.kind }, { blob: file, filename: file.name, converted: null });
}

/** The recording of this window, which becomes a voice note. @throws when it cannot be read. */
export async function prepareRecording(recording: Blob, filename: string): Promise<{ file: File; durationMs: number }> {
  const { blob, durationMs } = await toVoiceNote(recording);
  return { file: new File([blob], filename, { type: blob.type }), durationMs };
}

async function preparePicture(file: File, mimeType: string, wanted: MediaKind | null): Promise<Preparation> {
  const bitmap = await decodePicture(file).catch(() => null);
  if (!bitmap) return refuse({ reason: /^image\/hei[cf]$/.test(mimeType) ? 'heic' : 'broken' });
  try {
    const kind = wanted === 'sticker' ? 'sticker' : 'image';
    const picture = kind === 'sticker' ? await asSticker(file, mimeType, bitmap) : await asPhoto(file, mimeType, bitmap);
    const isUnchanged = picture.blob === file;
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    return {
      status: 'ready',
      ...picture,
      kind,
      filename: isUnchanged ? file.name : renameFor(file.name, picture.mimeType),
      durationMs: null,
      thumbnail: await drawThumbnail(bitmap),
      converted: isUnchanged ? null : mimeType,
      isStilled: !isUnchanged && (mimeType === 'image/gif' || (mimeType === 'image/webp' && isAnimatedWebp(head))),
      otherKinds: [kind === 'sticker' ? 'image' : 'sticker'],
    };
  } finally {
    bitmap.close();
  }
}

async function asPhoto(file: File, mimeType: string, bitmap: ImageBitmap): Promise<Picture> {
  const { width, height } = bitmap;
  return (await isAcceptable(file, mimeType, bitmap, PHOTO_LIMIT_BYTES)) ? { blob: file, mimeType, width, height } : toPhoto(bitmap, PHOTO_LIMIT_BYTES);
}

async function asSticker(file: File, mimeType: string, bitmap: ImageBitmap): Promise<Picture> {
  const { width, height } = bitmap;
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const { kind } = judgeFile({ mimeType, bytes: file.size, filename: file.name, head, width, height });
  return kind === 'sticker' ? { blob: file, mimeType, width, height } : toSticker(bitmap, STICKER_LIMIT_BYTES);
}

/** Audio of a type that WhatsApp does not take becomes what it does. */
async function prepareAudio(file: File, mimeType: string): Promise<Preparation> {
  const note = await toVoiceNote(file).catch(() => null);
  if (!note) return refuse({ reason: 'type' });
  const verdict = judgeFile({ mimeType: note.blob.type, bytes: note.blob.size, filename: '' });
  if (verdict.kind === null) return refuse(refusalOf(verdict));
  return ready({ ...verdict, kind: verdict.kind }, { blob: note.blob, filename: renameFor(file.name, verdict.mimeType), converted: mimeType });
}

async function ready({ kind, mimeType, alternatives }: FileVerdict & { kind: MediaKind }, as: Pick<PreparedFile, 'blob' | 'filename' | 'converted'>): Promise<PreparedFile> {
  const measures = kind === 'video' || kind === 'audio' ? await measureMedia(as.blob, kind) : { width: null, height: null, durationMs: null, thumbnail: null };
  return { status: 'ready', ...as, ...measures, kind, mimeType, isStilled: false, otherKinds: alternatives };
}

const refuse = (refusal: FileRefusal): Preparation => ({ status: 'refused', refusal });

/** Of a verdict of the window or of the engine. */
export function refusalOf({ problem, mimeType, limitBytes }: Pick<FileVerdict, 'problem' | 'mimeType' | 'limitBytes'>): FileRefusal {
  if (problem === 'empty') return { reason: 'empty' };
  const { kind } = judgeFile({ mimeType, bytes: 1, filename: '' });
  return problem === 'too_big' && limitBytes !== null && kind !== null ? { reason: 'too_big', kind, limitBytes } : { reason: 'type' };
}

/** The name that people know, with the extension of what it has become. */
function renameFor(filename: string, mimeType: string): string {
  const extension = uploadNameOf(mimeType).slice('file'.length);
  return `${filename.replace(/\.[^.]*$/, '') || 'foto'}${extension}`;
}

function limitOf(mimeType: string): number {
  const { limitBytes } = judgeFile({ mimeType, bytes: 1, filename: '' });
  if (limitBytes === null) throw new Error(`no limit for ${mimeType}`);
  return limitBytes;
}
