/**
 * A file of messages as the lock keeps it: `magic ‖ salt ‖ sealed header ‖ chunk 0 ‖ chunk 1 …`, each chunk `nonce ‖ ciphertext ‖ tag` of 64 KiB of
 * plain bytes (the last one may be shorter). Invariants: every file has a key of its own, made from the lock's and its salt; a chunk opens only at its
 * place; the header says which bytes they are and how many, so no file is taken for another or for a longer one. Nonces are random, because the last
 * chunk of a file that comes in is written again and again.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from '../../../contract/sealing/aes-gcm.ts';
import { deriveObjectKey, sealFileName } from '../../../contract/sealing/sealed-parts.ts';
import type { FileKeys } from '../ports.ts';
import { ignoreMissing, type DiskFormat, type FileOf } from './disk-format.ts';
import { writeWhole } from './write-whole.ts';

export const SEALED_FOLDER = 'media.sealed';
const MAGIC = Buffer.from('BSF1', 'latin1');
const SALT_BYTES = 32;
const OVERHEAD = NONCE_BYTES + TAG_BYTES;
/** SHA-256, size (48 bits), whether it is a small picture. */
const ABOUT_BYTES = 32 + 6 + 1;
const ABOUT_AT = MAGIC.length + SALT_BYTES;
const HEADER_BYTES = ABOUT_AT + ABOUT_BYTES + OVERHEAD;
const CHUNK_BYTES = 64 * 1024;
const STORED_CHUNK = CHUNK_BYTES + OVERHEAD;

export class SealedFileBroken extends Error {
  constructor(detail: string) {
    super(`a sealed file is damaged: ${detail}`);
    this.name = 'SealedFileBroken';
  }
}

export function createSealedFormat(keys: FileKeys): DiskFormat {
  return {
    isSealed: true,
    folder: SEALED_FOLDER,
    nameOf: (sha256) => sealFileName(keys.name, sha256),
    sizeOf: (file) => withSealed(file, keys.content, async (sealed) => (await sealed.about())?.bytes ?? sealed.usableBytes()),
    open: async (file, what) => {
      const sealed = await openSealed(file, keys.content, constants.O_RDONLY);
      if (!sealed) return null;
      try {
        const bytes = what ? await sealed.requireAbout(what) : await sealed.usableBytes();
        return {
          bytes,
          readHead: async (max) => (await sealed.read(0, Math.min(max, bytes, CHUNK_BYTES))) ?? Buffer.alloc(0),
          // It has a handle of its own: it may go on after `close`.
          stream: (start, end) => Readable.from(readRange(file, keys.content, start, Math.min(end, bytes)), { objectMode: false }),
          close: sealed.close,
        };
      } catch (error) {
        await sealed.close();
        throw error;
      }
    },
    writeFrom: async (file, offset) => {
      const sealed = (await openSealed(file, keys.content, constants.O_RDWR | constants.O_CREAT))!;
      try {
        return await sealed.writeFrom(offset);
      } catch (error) {
        await sealed.close();
        throw error;
      }
    },
    bind: async (file, what) => {
      await withSealed(file, keys.content, (sealed) => sealed.bind(what), constants.O_RDWR);
    },
  };
}

/** What a file says it is. Null: there is none, or it is still a part. @throws if it is no sealed file, or of another key. */
export const readAbout = (file: string, { content }: FileKeys): Promise<(FileOf & { bytes: number }) | null> => withSealed(file, content, (sealed) => sealed.about());

type Sealed = NonNullable<Awaited<ReturnType<typeof openSealed>>>;

async function withSealed<T>(file: string, key: Buffer, work: (sealed: Sealed) => Promise<T>, flags: number = constants.O_RDONLY): Promise<T | null> {
  const sealed = await openSealed(file, key, flags);
  if (!sealed) return null;
  try {
    return await work(sealed);
  } finally {
    await sealed.close();
  }
}

async function* readRange(file: string, key: Buffer, start: number, end: number): AsyncGenerator<Buffer> {
  const sealed = await openSealed(file, key, constants.O_RDONLY);
  if (!sealed) throw new SealedFileBroken('it is gone');
  try {
    for (let at = start; at < end;) {
      const piece = await sealed.read(at, Math.min(end - at, CHUNK_BYTES - (at % CHUNK_BYTES)));
      if (!piece || piece.length === 0) throw new SealedFileBroken('a chunk does not open');
      yield piece;
      at += piece.length;
    }
  } finally {
    await sealed.close();
  }
}

async function openSealed(file: string, key: Buffer, flags: number) {
  const handle = await open(file, flags, 0o600).catch(ignoreMissing);
  if (!handle) return null;
  try {
    const salt = await readSalt(handle, flags !== constants.O_RDONLY);
    if (salt) return createSealed(handle, deriveObjectKey(key, salt, 'stored file'));
    await handle.close();
    return null;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Of a file that was only begun, a new one; null where it may not be written. */
async function readSalt(handle: FileHandle, mayWrite: boolean): Promise<Buffer | null> {
  const start = await readUpTo(handle, 0, HEADER_BYTES);
  if (start.length === HEADER_BYTES && start.subarray(0, MAGIC.length).equals(MAGIC)) return start.subarray(MAGIC.length, ABOUT_AT);
  // A power cut while it was begun leaves less than a header, or nothing in its place.
  if (start.length === HEADER_BYTES && start.some((byte) => byte !== 0)) throw new SealedFileBroken('it does not begin like one');
  if (!mayWrite) return null;
  const salt = randomBytes(SALT_BYTES);
  await handle.truncate(0);
  await writeWhole(handle, Buffer.concat([MAGIC, salt, Buffer.alloc(HEADER_BYTES - ABOUT_AT)]), 0);
  return salt;
}

function createSealed(handle: FileHandle, key: Buffer) {
  const storedAt = (chunk: number): number => HEADER_BYTES + chunk * STORED_CHUNK;
  const placeOf = (chunk: number): string => JSON.stringify(['chunk', chunk]);
  const sizeOnDisk = async (): Promise<number> => plainBytes((await handle.stat()).size);

  /** Null: it does not open. */
  const readChunk = async (chunk: number): Promise<Buffer | null> => {
    const stored = await readUpTo(handle, storedAt(chunk), STORED_CHUNK);
    return stored.length <= OVERHEAD ? Buffer.alloc(0) : decrypt(key, stored.subarray(0, NONCE_BYTES), placeOf(chunk), stored.subarray(NONCE_BYTES));
  };
  const writeChunk = async (chunk: number, plain: Uint8Array): Promise<void> => {
    const nonce = randomBytes(NONCE_BYTES);
    const stored = Buffer.concat([nonce, encrypt(key, nonce, placeOf(chunk), plain)]);
    await writeWhole(handle, stored, storedAt(chunk));
  };
  const about = async (): Promise<(FileOf & { bytes: number }) | null> => {
    const stored = await readUpTo(handle, ABOUT_AT, ABOUT_BYTES + OVERHEAD);
    if (stored.every((byte) => byte === 0)) return null;
    const plain = decrypt(key, stored.subarray(0, NONCE_BYTES), 'about', stored.subarray(NONCE_BYTES));
    if (!plain) throw new SealedFileBroken('its header does not open');
    return { sha256: plain.toString('hex', 0, 32), bytes: plain.readUIntBE(32, 6), isThumbnail: plain[38] === 1 };
  };

  return {
    about,
    close: () => handle.close(),
    /** Within one chunk. Null: it does not open. */
    read: async (at: number, length: number): Promise<Buffer | null> => {
      const from = at % CHUNK_BYTES;
      return (await readChunk(Math.floor(at / CHUNK_BYTES)))?.subarray(from, from + length) ?? null;
    },
    /** @returns its size. */
    requireAbout: async (what: FileOf): Promise<number> => {
      const found = await about();
      if (!found || found.sha256 !== what.sha256 || found.isThumbnail !== what.isThumbnail || found.bytes !== (await sizeOnDisk())) throw new SealedFileBroken('it is not the file of its name');
      return found.bytes;
    },
    /** Without a last chunk that a power cut left half written. */
    usableBytes: async (): Promise<number> => {
      const bytes = await sizeOnDisk();
      const last = Math.max(0, Math.ceil(bytes / CHUNK_BYTES) - 1);
      return bytes === 0 || (await readChunk(last)) !== null ? bytes : last * CHUNK_BYTES;
    },
    bind: async ({ sha256, isThumbnail }: FileOf): Promise<void> => {
      const plain = Buffer.alloc(ABOUT_BYTES);
      plain.write(sha256, 0, 'hex');
      plain.writeUIntBE(await sizeOnDisk(), 32, 6);
      plain[38] = isThumbnail ? 1 : 0;
      const nonce = randomBytes(NONCE_BYTES);
      const stored = Buffer.concat([nonce, encrypt(key, nonce, 'about', plain)]);
      await writeWhole(handle, stored, ABOUT_AT);
      await handle.sync();
    },
    writeFrom: async (offset: number) => {
      let chunk = Math.floor(offset / CHUNK_BYTES);
      const kept = offset % CHUNK_BYTES === 0 ? Buffer.alloc(0) : await readChunk(chunk);
      if (!kept || kept.length < offset % CHUNK_BYTES) throw new SealedFileBroken('a chunk does not open');
      let waiting = [Buffer.from(kept.subarray(0, offset % CHUNK_BYTES))];
      let waitingBytes = offset % CHUNK_BYTES;
      await handle.truncate(storedAt(chunk));
      const flush = async (isEnd: boolean): Promise<void> => {
        const plain = Buffer.concat(waiting);
        let at = 0;
        for (; plain.length - at >= CHUNK_BYTES; at += CHUNK_BYTES, chunk += 1) await writeChunk(chunk, plain.subarray(at, at + CHUNK_BYTES));
        if (isEnd && plain.length > at) await writeChunk(chunk, plain.subarray(at));
        waiting = [plain.subarray(at)];
        waitingBytes = plain.length - at;
      };
      return {
        write: async (bytes: Uint8Array): Promise<void> => {
          waiting.push(Buffer.from(bytes));
          waitingBytes += bytes.byteLength;
          if (waitingBytes >= CHUNK_BYTES) await flush(false);
        },
        close: async (isSafe: boolean): Promise<void> => {
          try {
            await flush(true);
            if (isSafe) await handle.sync();
          } finally {
            await handle.close();
          }
        },
      };
    },
  };
}

function plainBytes(stored: number): number {
  const chunks = Math.max(0, stored - HEADER_BYTES);
  return Math.floor(chunks / STORED_CHUNK) * CHUNK_BYTES + Math.max(0, (chunks % STORED_CHUNK) - OVERHEAD);
}

async function readUpTo(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
