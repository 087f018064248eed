/**
 * The files of messages on this computer: `media/<two hex>/<sha256>`, small pictures in `media/thumbs/<sha256>`, what is
 * incomplete in `media/parts/`; where the lock is on, sealed and under other names (`sealed-format.ts`). Invariants: a file stands under its hash only when its bytes have that hash and are safe on
 * disk, and nobody writes to it after that, whenever the process or the power ends; a name is made only from hashes and
 * from ids of ours; no file is ever whole in memory.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileTypeFromFile, fileTypeFromStream } from 'file-type';
import { ignoreMissing, plainFormat, type DiskFormat, type OpenFileOnDisk } from './disk-format.ts';
import { SealedFileBroken } from './sealed-format.ts';
import { createStoredFiles } from '../stored-files.ts';
import { syncFolder } from './sync-folder.ts';

/** Room that files leave for the database. */
const LEFT_FOR_DATABASE_BYTES = 64 * 1024 * 1024;
/** Of a file, for whoever has to look into it. */
const HEAD_BYTES = 4096;

const PART = '.part';

export type WholeFile = { sha256: string; bytes: number; mimeType: string; head: Uint8Array };

export type MediaFiles = {
  /** Bytes of a file; null: it is not here. */
  sizeOf(sha256: string): Promise<number | null>;
  /** The same file with its type. */
  look(sha256: string): Promise<Omit<WholeFile, 'head'> | null>;
  read(sha256: string): { stream(start: number, end: number): AsyncIterable<Uint8Array> };
  /** False: writing so many bytes would leave too little for the database. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** What has come so far of a file, under a name of the caller's; 0: nothing. */
  sizeOfPart(name: string): Promise<number>;
  /**
   * Writes from `offset` on, which may lie before the end: then what follows goes. @returns bytes now there, also when the source broke off
   * (`error`: why). @param max more than so many are not written: `too_large`.
   */
  append(name: string, offset: number, source: AsyncIterable<Uint8Array>, max: number, onBytes?: (total: number) => void): Promise<{ bytes: number; error: unknown; isTooLarge: boolean }>;
  /** Looks into a part that is whole. Its bytes are safe on disk then. */
  inspect(name: string): Promise<WholeFile>;
  /** A part that was inspected becomes the file of its hash. */
  keep(name: string, sha256: string): Promise<void>;
  dropPart(name: string): Promise<void>;
  /** The file and its small picture. */
  remove(sha256: string): Promise<void>;
  /** Of all small pictures. */
  sizeOfThumbnails(): Promise<{ files: number; bytes: number }>;
  /** Removes parts not written to since `oldest` (ms), of those whose name begins so. */
  sweepParts(prefix: string, oldest: number): Promise<void>;
  /** False: it has one. */
  addThumbnail(sha256: string, bytes: Uint8Array): Promise<boolean>;
};

export function createMediaFiles(dataDir: string, format: DiskFormat = plainFormat): MediaFiles {
  const stored = createStoredFiles(dataDir, format);
  const { fileOf, thumbnailOf } = stored;
  const parts = path.join(dataDir, format.folder, 'parts');
  const thumbs = path.join(dataDir, format.folder, 'thumbs');
  const partOf = (name: string): string => path.join(parts, name + PART);
  const makeFolder = (wanted: string): Promise<unknown> => mkdir(wanted, { recursive: true, mode: 0o700 });

  return {
    sizeOf: (sha256) => format.sizeOf(fileOf(sha256)),
    look: async (sha256) => {
      const file = await stored.open({ sha256, isThumbnail: false });
      if (!file) return null;
      try {
        return { sha256, bytes: file.bytes, mimeType: await sniffType(file, format.isSealed ? null : fileOf(sha256)) };
      } finally {
        await file.close();
      }
    },
    read: (sha256) => ({
      stream: async function* (start, end) {
        const file = await stored.open({ sha256, isThumbnail: false });
        if (!file) throw new Error('the file is gone');
        try {
          yield* file.stream(start, end) as AsyncIterable<Uint8Array>;
        } finally {
          await file.close();
        }
      },
    }),
    hasRoomFor: async (bytes) => {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize - bytes >= LEFT_FOR_DATABASE_BYTES;
    },
    sizeOfPart: async (name) => (await format.sizeOf(partOf(name))) ?? 0,

    append: async (name, offset, source, max, onBytes) => {
      await makeFolder(parts);
      const writer = await format.writeFrom(partOf(name), offset);
      let bytes = offset;
      let brokenBy: unknown = null;
      try {
        const chunks = source[Symbol.asyncIterator]();
        for (;;) {
          // What breaks the source leaves what has come; what breaks the disk is thrown.
          const next = await chunks.next().catch((error: unknown) => {
            brokenBy = error;
            return { done: true as const, value: undefined };
          });
          if (next.done) break;
          if (bytes + next.value.byteLength > max) {
            await chunks.return?.();
            return { bytes, error: null, isTooLarge: true };
          }
          await writer.write(next.value);
          bytes += next.value.byteLength;
          onBytes?.(bytes);
        }
        return { bytes, error: brokenBy, isTooLarge: false };
      } finally {
        await writer.close(false);
      }
    },

    inspect: async (name) => {
      const file = await format.open(partOf(name), null);
      if (!file) throw new Error('there is no such part');
      try {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const chunk of file.stream(0, file.bytes)) {
          hash.update(chunk as Buffer);
          bytes += (chunk as Buffer).byteLength;
        }
        const sha256 = hash.digest('hex');
        await format.bind(partOf(name), { sha256, isThumbnail: false });
        return { sha256, bytes, head: await file.readHead(HEAD_BYTES), mimeType: await sniffType(file, format.isSealed ? null : partOf(name)) };
      } catch (error) {
        // Nothing that was announced has no bytes: the part is dropped, and comes again.
        if (error instanceof SealedFileBroken) return { sha256: '', bytes: 0, head: Buffer.alloc(0), mimeType: '' };
        throw error;
      } finally {
        await file.close();
      }
    },
    keep: async (name, sha256) => {
      const target = fileOf(sha256);
      await makeFolder(path.dirname(target));
      await rename(partOf(name), target);
      await syncFolder(path.dirname(target));
    },
    remove: async (sha256) => {
      await rm(fileOf(sha256), { force: true });
      await rm(thumbnailOf(sha256), { force: true });
    },
    sizeOfThumbnails: async () => {
      let [count, bytes] = [0, 0];
      for (const name of (await readdir(thumbs).catch(ignoreMissing)) ?? []) {
        bytes += (await stat(path.join(thumbs, name)).catch(ignoreMissing))?.size ?? 0;
        count += 1;
      }
      return { files: count, bytes };
    },
    dropPart: (name) => rm(partOf(name), { force: true }),
    sweepParts: async (prefix, oldest) => {
      for (const file of (await readdir(parts).catch(ignoreMissing)) ?? []) {
        if (!file.startsWith(prefix)) continue;
        const found = await stat(path.join(parts, file)).catch(ignoreMissing);
        if (found && found.mtimeMs < oldest) await rm(path.join(parts, file), { force: true });
      }
    },

    addThumbnail: async (sha256, bytes) => {
      const target = thumbnailOf(sha256);
      if (await stat(target).catch(ignoreMissing)) return false;
      await makeFolder(parts);
      await makeFolder(thumbs);
      const part = partOf(`thumb-${format.nameOf(sha256)}`);
      const writer = await format.writeFrom(part, 0);
      await writer.write(bytes);
      await writer.close(false);
      await format.bind(part, { sha256, isThumbnail: true });
      await rename(part, target);
      return true;
    },
  };
}

/** By the bytes alone; what nobody recognises is text, if it can be read as text, else empty. @param onDisk where its plain bytes lie, if they do. */
async function sniffType(file: OpenFileOnDisk, onDisk: string | null): Promise<string> {
  // A broken file of a known kind can make its parser stumble.
  const found = await (onDisk === null ? fileTypeFromStream(Readable.toWeb(file.stream(0, file.bytes)) as ReadableStream<Uint8Array>) : fileTypeFromFile(onDisk)).catch(() => undefined);
  return found?.mime ?? (isText(await file.readHead(HEAD_BYTES)) ? 'text/plain' : '');
}

/** UTF-8 without control characters but tab and line breaks. The head may end within a character. */
function isText(head: Uint8Array): boolean {
  try {
    return head.length > 0 && !/[\p{Cc}]/u.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }).replaceAll(/[\t\r\n\f]/g, ''));
  } catch {
    return false;
  }
}

/** The disk is full or cannot be written: nothing is wrong with the file. (Names of `errno(3)`.) */
export const isDiskTrouble = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(ENOSPC|EDQUOT|EROFS|EIO|EACCES|EPERM)$/.test(error.code);
