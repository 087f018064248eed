/** Looks for words in bytes, in the forms in which a program may have written them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

/** Base64 of bytes that begin at any place within others: only the characters that these bytes alone decide. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const inner = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const escapeJson = (text: string, isUpper: boolean): string =>
  [...Array(text.length).keys()].map((at) => (text.charCodeAt(at) < 0x80 ? text[at] : `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')[isUpper ? 'toUpperCase' : 'toLowerCase']()}`)).join('');

/** UTF-8, UTF-16, Latin-1, base64 at each of its three places, hex, percent and JSON escapes; each once. */
export function formsOf(text: string): { form: string; bytes: Buffer }[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const hex = utf8.toString('hex');
  const percent = encodeURIComponent(text);
  const forms: [string, Buffer][] = [
    ['utf-8', utf8],
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(utf16).swap16()],
    ['latin-1', Buffer.from(text, 'latin1')],
    ...base64Forms(utf8).map((form): [string, Buffer] => ['base64', Buffer.from(form)]),
    ...base64Forms(utf16).map((form): [string, Buffer] => ['base64 of utf-16', Buffer.from(form)]),
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ['percent', Buffer.from(percent)],
    ['percent, lower case', Buffer.from(percent.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))],
    ['form', Buffer.from(percent.replaceAll('%20', '+'))],
    ['json', Buffer.from(escapeJson(text, false))],
    ['JSON', Buffer.from(escapeJson(text, true))],
  ];
  const seen = new Set<string>();
  return forms.flatMap(([form, bytes]) => {
    const key = bytes.toString('latin1');
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ form, bytes }];
  });
}

/** @returns which of the texts stand in the bytes, and how; empty: none does. */
export function findPlain(bytes: Buffer, texts: readonly string[]): string[] {
  return texts.flatMap((text) => formsOf(text).flatMap((form) => (bytes.includes(form.bytes) ? [`${text} (${form.form})`] : [])));
}

/** Zstandard (RFC 8878), as a snapshot is packed. */
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The same in every file below a folder, unpacked too, and in the files' names. */
export function findPlainInFolder(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const place = path.join(entry.parentPath, entry.name);
    const bytes = entry.isFile() ? readFileSync(place) : Buffer.alloc(0);
    const unpacked = bytes.subarray(0, ZSTD.length).equals(ZSTD) ? zstdDecompressSync(bytes) : Buffer.alloc(0);
    const found = [Buffer.from(path.relative(folder, place)), bytes, unpacked].flatMap((some) => findPlain(some, texts));
    return found.map((what) => `${path.relative(folder, place)}: ${what}`);
  });
}
