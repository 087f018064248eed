/**
 * Which files WhatsApp takes, as what and up to which size (Cloud API, "Supported media types"). Invariant: a file is judged by its
 * bytes, and window, engine and stand-in judge with the same function. Meta writes MB and KB without saying whether they are 1000
 * or 1024; here they are 1000, so that what passes is below the limit either way.
 */
import type { StagedFile } from '../entities.ts';
import type { MediaKind } from './message-content.ts';

/** `size`: limit in bytes. `types`: MIME type → extension that goes with it. */
type Rule = { size: number; types: Readonly<Record<string, string>> };

const RULES: Readonly<Record<MediaKind, Rule>> = {
  image: { size: 5_000_000, types: { 'image/jpeg': 'jpg', 'image/png': 'png' } },
  video: { size: 16_000_000, types: { 'video/mp4': 'mp4', 'video/3gpp': '3gp' } },
  /** Of ogg only OPUS with one channel. */
  audio: { size: 16_000_000, types: { 'audio/aac': 'aac', 'audio/amr': 'amr', 'audio/mpeg': 'mp3', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' } },
  sticker: { size: 100_000, types: { 'image/webp': 'webp' } },
  document: {
    size: 100_000_000,
    types: {
      'text/plain': 'txt',
      'application/pdf': 'pdf',
      'application/msword': 'doc',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
      'application/vnd.ms-excel': 'xls',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
      'application/vnd.ms-powerpoint': 'ppt',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
    },
  },
};
const ANIMATED_STICKER_SIZE = 500_000;
const STICKER_PIXELS = 512;

/** A voice note shows a play button up to here, above it has to be downloaded first. */
export const VOICE_NOTE_BYTES = 512 * 1024;
/** First bytes of a file that say what its MIME type does not: codec and channels of an ogg, movement of a webp. */
export const HEAD_BYTES = 64;

/** Other names for the same type. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/apng': 'image/png',
  'video/x-m4v': 'video/mp4',
  'video/3gpp2': 'video/3gpp',
  'audio/mp3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-aac': 'audio/aac',
  'audio/aacp': 'audio/aac',
  'audio/opus': 'audio/ogg',
};
/** Containers: of these the name says what is inside (the old and the new Office). */
const CONTAINERS: Readonly<Record<string, readonly string[]>> = { 'application/x-cfb': ['doc', 'xls', 'ppt'], 'application/zip': ['docx', 'xlsx', 'pptx'] };

/** The type as Meta writes it: lower case, without parameters; of Office files what the name says, of any text plain text. */
export function normalizeMimeType(mimeType: string, filename = ''): string {
  const bare = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const extension = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  if (CONTAINERS[bare]?.includes(extension)) return Object.entries(RULES.document.types).find(([, known]) => known === extension)?.[0] ?? bare;
  if (bare.startsWith('text/')) return 'text/plain';
  return ALIASES[bare] ?? bare;
}

/** The kind as which WhatsApp takes a type; null: none. */
const kindOf = (mimeType: string): MediaKind | null => (Object.keys(RULES) as MediaKind[]).find((kind) => Object.hasOwn(RULES[kind].types, mimeType)) ?? null;

/** All types that can be sent as a kind, for a file picker. */
export const typesOf = (kind: MediaKind): string[] => Object.keys(RULES[kind].types);

/** A name of no meaning that goes with the type: Meta refuses an upload whose extension says something else. */
export function uploadNameOf(mimeType: string): string {
  const kind = kindOf(mimeType);
  return `file.${(kind && RULES[kind].types[mimeType]) ?? 'bin'}`;
}

/**
 * What is known of a file. `mimeType`: by its bytes (parameters and other names of a type are understood); `text/plain` for text, empty
 * for what nobody recognises. `head`: its first HEAD_BYTES bytes. `width`, `height`: px. What is not known is left out and not judged.
 */
export type FileFacts = { mimeType: string; bytes: number; filename: string; head?: Uint8Array | undefined; width?: number | null | undefined; height?: number | null | undefined };
export type FileVerdict = Pick<StagedFile, 'mimeType' | 'kind' | 'alternatives' | 'problem' | 'limitBytes'>;

/**
 * As what a file can be sent. `kind` null for the `problem` named: `type_refused` WhatsApp takes it in no form (a picture of another type
 * can be converted first), `too_big` for `limitBytes`. `limitBytes` is that of the kind it is or would be; null: of none.
 * `alternatives` is what else it may be sent as: nothing, because no type is listed for two kinds.
 */
export function judgeFile(file: FileFacts): FileVerdict {
  const mimeType = normalizeMimeType(file.mimeType, file.filename);
  const kind = kindOf(mimeType);
  const limitBytes = kind && limitOf(kind, file.head);
  const problem = judgeProblem(file, mimeType, limitBytes);
  return { mimeType, kind: problem ? null : kind, alternatives: [], problem, limitBytes };
}

function judgeProblem(file: FileFacts, mimeType: string, limitBytes: number | null): FileVerdict['problem'] {
  if (file.bytes === 0) return 'empty';
  if (limitBytes === null || isRefusedInside(file, mimeType)) return 'type_refused';
  return file.bytes > limitBytes ? 'too_big' : null;
}

const limitOf = (kind: MediaKind, head: Uint8Array | undefined): number => (kind === 'sticker' && head !== undefined && isAnimatedWebp(head) ? ANIMATED_STICKER_SIZE : RULES[kind].size);

/** The type is right, but not what is in it. */
function isRefusedInside({ head, width, height }: FileFacts, mimeType: string): boolean {
  if (mimeType === 'image/webp') return [width, height].some((pixels) => pixels !== undefined && pixels !== null && pixels !== STICKER_PIXELS);
  return mimeType === 'audio/ogg' && head !== undefined && !isMonoOpus(head);
}

/** An ogg of OPUS with one channel (RFC 7845, section 5.1: identification header, channel count after magic and version). */
export function isMonoOpus(head: Uint8Array): boolean {
  const at = latin1(head).indexOf('OpusHead');
  return at !== -1 && head[at + 9] === 1;
}

/** WebP container, extended header with the animation flag. */
export const isAnimatedWebp = (head: Uint8Array): boolean => latin1(head).slice(8, 16) === 'WEBPVP8X' && ((head[20] ?? 0) & 0b10) !== 0;

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
