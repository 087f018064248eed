/**
 * A Word document as Markdown, through the HTML that mammoth makes of it. Invariant: the archive is unpacked once before that, with a
 * limit that counts real bytes, so that a small file which unpacks to gigabytes never gets to a reader without one.
 * Source of the layout: PKWARE APPNOTE 6.3.10, 4.3.12 (central directory) and 4.3.16 (its end).
 */
import mammoth from 'mammoth';
import { inflateRawSync } from 'node:zlib';
import { readHtml, type ReadText } from './read-html.ts';
import { Unreadable } from './unreadable.ts';

/** Of everything in the archive; pictures are in there as they are. */
const UNPACKED_MAX = 100 * 1024 * 1024;
/** Of text, which becomes a tree of objects many times as large. */
const XML_MAX = 24 * 1024 * 1024;
const ENTRIES_MAX = 5_000;
const END_OF_DIRECTORY = 0x06_05_4b_50;
const ENTRY = 0x02_01_4b_50;
const LOCAL_ENTRY = 0x04_03_4b_50;
const STORED = 0;
const DEFLATED = 8;

export async function readDocx(bytes: Uint8Array): Promise<ReadText> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkArchive(archive);
  const { value } = await mammoth.convertToHtml(
    { buffer: archive },
    {
      styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Título'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"],
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      externalFileAccess: false,
    },
  );
  return readHtml(value);
}

function checkArchive(archive: Buffer): void {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || archive.length < end + 22 || archive.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Unreadable('damaged');
  const count = archive.readUInt16LE(end + 10);
  if (count > ENTRIES_MAX) throw new Unreadable('too_much_text');
  let unpacked = 0;
  let hasDocument = false;
  try {
    for (let n = 0, at = archive.readUInt32LE(end + 16); n < count; n++) {
      if (archive.readUInt32LE(at) !== ENTRY) throw new Unreadable('damaged');
      if ((archive.readUInt16LE(at + 8) & 1) === 1) throw new Unreadable('encrypted');
      const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
      const [nameLength, extraLength, commentLength] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
      const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
      const isText = /\.(?:xml|rels)$/i.test(name);
      const left = Math.min(UNPACKED_MAX - unpacked, isText ? XML_MAX : UNPACKED_MAX);
      unpacked += unpackedSize(archive, archive.readUInt32LE(at + 42), method, size, left);
      if (unpacked > UNPACKED_MAX) throw new Unreadable('too_much_text');
      hasDocument ||= name === 'word/document.xml';
      at += 46 + nameLength + extraLength + commentLength;
    }
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('damaged');
    throw error;
  }
  if (!hasDocument) throw new Unreadable('damaged');
}

function unpackedSize(archive: Buffer, at: number, method: number, size: number, limit: number): number {
  if (archive.readUInt32LE(at) !== LOCAL_ENTRY) throw new Unreadable('damaged');
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(start, start + size);
  if (packed.length !== size) throw new Unreadable('damaged');
  if (method === STORED) return size;
  if (method !== DEFLATED) throw new Unreadable('damaged');
  try {
    return size === 0 ? 0 : inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) }).length;
  } catch (error) {
    throw new Unreadable(error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too_much_text' : 'damaged');
  }
}
