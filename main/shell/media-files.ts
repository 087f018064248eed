/**
 * Gives out files of messages to the window: to the browser shell's server and to Electron's `app://` protocol. They come from
 * strangers. Invariants: only a SHA-256 names a file; only pictures, sound and video of known types are shown, everything else can
 * only be saved; no answer can become a page, run a script or be read by another site.
 */
import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { MEDIA_PATH } from '../../contract/media-path.ts';
import { safeFilename } from '../../contract/rules/safe-filename.ts';
import type { OpenFileOnDisk, StoredFiles } from '../engine/stored-files.ts';

const HEAD_BYTES = 4100;
/** By their bytes. SVG is no picture here: it can hold scripts. */
const SHOWN = /^(image\/(png|apng|jpeg|webp|gif)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;
/** Saved under their own type, so that the right program opens them. */
const SAVED = /^application\/pdf$/;

export type MediaRequest = { pathname: string; search: string; range: string | null };
/** `body` null: there is none. */
export type MediaAnswer = { status: 200 | 206 | 404 | 416; headers: Record<string, string>; body: Readable | null };

/** `/media/<token>/<sha256>` as it stands in the URL; null: it is another address. @returns the token that it gives. */
export function readMediaPath(pathname: string): { token: string; sha256: string } | null {
  if (!pathname.startsWith(MEDIA_PATH)) return null;
  const [token = '', sha256 = '', ...rest] = pathname.slice(MEDIA_PATH.length).split('/');
  return { token, sha256: rest.length === 0 ? sha256 : '' };
}

/**
 * @param files of the desktop; null: it is locked.
 * @param request `search` with its question mark. The caller has judged the token.
 */
export async function readMediaFile(files: StoredFiles | null, { pathname, search, range }: MediaRequest): Promise<MediaAnswer> {
  const sha256 = readMediaPath(pathname)?.sha256 ?? '';
  if (!files || !/^[0-9a-f]{64}$/.test(sha256)) return notFound();
  const query = new URLSearchParams(search);
  const isThumbnail = query.has('thumbnail');
  // One that is damaged is none.
  const file = await files.open({ sha256, isThumbnail }).catch(() => null);
  if (!file) return notFound();
  try {
    return await answerWith(file, files.isSealed, query, range);
  } finally {
    await file.close();
  }
}

async function answerWith(file: OpenFileOnDisk, isSealed: boolean, query: URLSearchParams, range: string | null): Promise<MediaAnswer> {
  const { bytes } = file;
  const type = (await fileTypeFromBuffer(await file.readHead(HEAD_BYTES)).catch(() => undefined))?.mime.split(';', 1)[0] ?? '';
  const isShown = SHOWN.test(type);
  const wanted = query.get('download');
  const isSaved = !isShown || wanted !== null;
  const headers: Record<string, string> = {
    ...SAFE_HEADERS,
    'content-type': isShown || SAVED.test(type) ? type : 'application/octet-stream',
    ...(isSaved ? { 'content-disposition': `attachment; ${nameParameters(wanted ?? '')}` } : {}),
    'accept-ranges': 'bytes',
    // What is sealed here is not to lie open in a browser's folder.
    'cache-control': isSealed ? 'no-store' : 'private, max-age=31536000, immutable',
  };
  const part = range === null ? null : readRange(range, bytes);
  if (part === 'unsatisfiable') return { status: 416, headers: { ...SAFE_HEADERS, 'content-range': `bytes */${bytes}`, 'content-length': '0' }, body: null };
  const { start, end } = part ?? { start: 0, end: bytes - 1 };
  return {
    status: part ? 206 : 200,
    headers: { ...headers, 'content-length': String(end - start + 1), ...(part ? { 'content-range': `bytes ${start}-${end}/${bytes}` } : {}) },
    body: bytes === 0 ? null : file.stream(start, end + 1),
  };
}

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;
/** A file that is not here may come. */
const notFound = (): MediaAnswer => ({ status: 404, headers: { ...SAFE_HEADERS, 'cache-control': 'no-store', 'content-length': '0' }, body: null });

/** One range (RFC 9110, section 14.1.2); null for what is none or several, which is answered with the whole file. */
function readRange(header: string, bytes: number): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return null;
  return start >= bytes || (first === '' && Number(last) === 0) ? 'unsatisfiable' : { start, end };
}

/** RFC 6266: a plain name for old readers, and the real one in UTF-8 (RFC 8187). */
function nameParameters(wanted: string): string {
  const name = safeFilename(wanted) ?? 'archivo';
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (character) => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`);
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
