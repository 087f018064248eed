/**
 * Refuses a PDF with a stream that unpacks to far more than a page can need, before pdf.js unpacks it without a limit: its buffers are not
 * in the heap, which is all that the limit of the process's memory counts. Source: ISO 32000-2, 7.3.8 (streams) and 7.4.4 (Flate).
 */
import { inflateSync } from 'node:zlib';
import { Unreadable } from './unreadable.ts';

/** A page scanned at 600 dpi in colour is about 100 MB. */
const UNPACKED_MAX = 160 * 1024 * 1024;
/** Packed more often than this, only to get past here. */
const LAYERS_MAX = 3;
/** Streams of real documents are looked at up to here, so that checking takes a second or two at most. */
const LOOKED_AT_MAX = 600 * 1024 * 1024;
const STREAM = Buffer.from('stream');

export function checkStreams(pdf: Buffer): void {
  let lookedAt = 0;
  for (let at = pdf.indexOf(STREAM); at !== -1 && lookedAt < LOOKED_AT_MAX; at = pdf.indexOf(STREAM, at + 1)) {
    let start = at + STREAM.length;
    if (pdf[start] === 0x0d) start += 1;
    if (pdf[start] === 0x0a) start += 1;
    let packed = pdf.subarray(start);
    for (let layer = 0; isZlib(packed); layer++) {
      if (layer === LAYERS_MAX) throw new Unreadable('too_much_text');
      const unpacked = inflate(packed);
      if (unpacked === null) break;
      lookedAt += unpacked.length;
      packed = unpacked;
    }
  }
}

/** RFC 1950, 2.2: deflate, and a header that is a multiple of 31. */
const isZlib = (bytes: Buffer): boolean => bytes.length > 2 && (bytes[0]! & 0x0f) === 8 && (bytes[0]! * 256 + bytes[1]!) % 31 === 0;

/** Null: it is no such data. What follows the end of the stream is left alone. */
function inflate(packed: Buffer): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: UNPACKED_MAX });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw new Unreadable('too_much_text');
    return null;
  }
}
