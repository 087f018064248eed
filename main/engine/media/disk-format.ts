/**
 * How files of messages lie on disk: as they are, or sealed by the lock. Whoever reads and writes them sees plain bytes and plain sizes either way.
 * A file that is still coming in (a part) has no name of its own yet; `bind` gives it one when it is whole.
 */
import { constants, createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { writeWhole } from './write-whole.ts';

/** Which bytes a file holds: those with this hash, or the small picture of them. */
export type FileOf = { sha256: string; isThumbnail: boolean };

export type OpenFileOnDisk = {
  bytes: number;
  /** At most so many from the beginning. */
  readHead(max: number): Promise<Buffer>;
  /** @param end exclusive. */
  stream(start: number, end: number): Readable;
  close(): Promise<void>;
};

export type PartWriter = {
  write(bytes: Uint8Array): Promise<void>;
  /** What was written is in the file then, and safe where `isSafe`. */
  close(isSafe: boolean): Promise<void>;
};

export type DiskFormat = {
  isSealed: boolean;
  /** In the data folder. */
  folder: string;
  /** What a file of these bytes is called there. Hex. */
  nameOf(sha256: string): string;
  /** Plain bytes of a file; null: there is none. Of a part: those that can be gone on after. */
  sizeOf(file: string): Promise<number | null>;
  /** Null: there is none. @param what null: whatever a part holds. @throws if it holds something else. */
  open(file: string, what: FileOf | null): Promise<OpenFileOnDisk | null>;
  /** Makes the file if it is missing, and cuts it off at `offset`. */
  writeFrom(file: string, offset: number): Promise<PartWriter>;
  /** Says what a whole part is; safe on disk afterwards. */
  bind(file: string, what: FileOf): Promise<void>;
};

export const PLAIN_FOLDER = 'media';

export const plainFormat: DiskFormat = {
  isSealed: false,
  folder: PLAIN_FOLDER,
  nameOf: (sha256) => sha256,
  sizeOf: async (file) => (await stat(file).catch(ignoreMissing))?.size ?? null,
  open: async (file) => {
    const handle = await open(file, 'r').catch(ignoreMissing);
    if (!handle) return null;
    const bytes = (await handle.stat()).size;
    return {
      bytes,
      readHead: async (max) => {
        const head = Buffer.alloc(max);
        const { bytesRead } = await handle.read(head, 0, max, 0);
        return head.subarray(0, bytesRead);
      },
      stream: (start, end) => (end <= start ? Readable.from([]) : createReadStream(file, { start, end: end - 1 })),
      close: () => handle.close(),
    };
  },
  writeFrom: async (file, offset) => {
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    let at = offset;
    await handle.truncate(offset).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    return {
      write: async (bytes) => {
        await writeWhole(handle, bytes, at);
        at += bytes.byteLength;
      },
      close: async (isSafe) => {
        try {
          if (isSafe) await handle.sync();
        } finally {
          await handle.close();
        }
      },
    };
  },
  bind: async (file) => {
    const handle = await open(file, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

export function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
