/**
 * The files of messages on this computer: `media/<two hex>/<sha256>`, small pictures in `media/thumbs/<sha256>`, what is
 * incomplete in `media/parts/`. Invariants: a file stands under its hash only when its bytes have that hash and are safe on
 * disk, and nobody writes to it after that, whenever the process or the power ends; a name is made only from hashes and
 * from ids of ours; no file is ever whole in memory.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileTypeFromFile } from 'file-type';
import { MEDIA_FOLDER } from '../ports.ts';

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

export function createMediaFiles(dataDir: string): MediaFiles {
  const folder = path.join(dataDir, MEDIA_FOLDER);
  const parts = path.join(folder, 'parts');
  const thumbs = path.join(folder, 'thumbs');
  const fileOf = (sha256: string): string => path.join(folder, sha256.slice(0, 2), sha256);
  const partOf = (name: string): string => path.join(parts, name + PART);
  const makeFolder = (wanted: string): Promise<unknown> => mkdir(wanted, { recursive: true, mode: 0o700 });

  return {
    sizeOf: async (sha256) => (await stat(fileOf(sha256)).catch(ignoreMissing))?.size ?? null,
    look: async (sha256) => {
      const handle = await open(fileOf(sha256), 'r').catch(ignoreMissing);
      if (!handle) return null;
      try {
        const head = Buffer.alloc(HEAD_BYTES);
        const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
        return { sha256, bytes: (await handle.stat()).size, mimeType: await sniffType(fileOf(sha256), head.subarray(0, bytesRead)) };
      } finally {
        await handle.close();
      }
    },
    read: (sha256) => ({ stream: (start, end) => createReadStream(fileOf(sha256), { start, end: end - 1 }) }),
    hasRoomFor: async (bytes) => {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize - bytes >= LEFT_FOR_DATABASE_BYTES;
    },
    sizeOfPart: async (name) => (await stat(partOf(name)).catch(ignoreMissing))?.size ?? 0,

    append: async (name, offset, source, max, onBytes) => {
      await makeFolder(parts);
      const handle = await open(partOf(name), 'a', 0o600).then(async (made) => {
        await made.close();
        return open(partOf(name), 'r+');
      });
      let bytes = offset;
      let brokenBy: unknown = null;
      try {
        await handle.truncate(offset);
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
          await handle.write(next.value, 0, next.value.byteLength, bytes);
          bytes += next.value.byteLength;
          onBytes?.(bytes);
        }
        return { bytes, error: brokenBy, isTooLarge: false };
      } finally {
        await handle.close();
      }
    },

    inspect: async (name) => {
      const handle = await open(partOf(name), 'r+');
      try {
        const hash = createHash('sha256');
        const head = Buffer.alloc(HEAD_BYTES);
        const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
        let bytes = 0;
        for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
          hash.update(chunk as Buffer);
          bytes += (chunk as Buffer).byteLength;
        }
        await handle.sync();
        return { sha256: hash.digest('hex'), bytes, head: head.subarray(0, bytesRead), mimeType: await sniffType(partOf(name), head.subarray(0, bytesRead)) };
      } finally {
        await handle.close();
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
      await rm(path.join(thumbs, sha256), { force: true });
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
      const target = path.join(thumbs, sha256);
      if (await stat(target).catch(ignoreMissing)) return false;
      await makeFolder(parts);
      await makeFolder(thumbs);
      const part = partOf(`thumb-${sha256}`);
      await writeFile(part, bytes, { mode: 0o600, flush: true });
      await rename(part, target);
      return true;
    },
  };
}

/** By the bytes alone; what nobody recognises is text, if it can be read as text, else empty. */
async function sniffType(file: string, head: Uint8Array): Promise<string> {
  // A broken file of a known kind can make its parser stumble.
  const found = await fileTypeFromFile(file).catch(() => undefined);
  return found?.mime ?? (isText(head) ? 'text/plain' : '');
}

/** UTF-8 without control characters but tab and line breaks. The head may end within a character. */
function isText(head: Uint8Array): boolean {
  try {
    return head.length > 0 && !/[\p{Cc}]/u.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }).replaceAll(/[\t\r\n\f]/g, ''));
  } catch {
    return false;
  }
}

/** So that a name survives a power cut, too. Windows has no such call for folders, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** The disk is full or cannot be written: nothing is wrong with the file. (Names of `errno(3)`.) */
export const isDiskTrouble = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(ENOSPC|EDQUOT|EROFS|EIO|EACCES|EPERM)$/.test(error.code);
