/**
 * Files of a snapshot while it is made or installed. Where the lock is on, what lies on disk is encrypted (AES-256-CTR) with a key a file that only this
 * object knows: nobody else reads these files, and the next run deletes them. Then the rows are in memory once, on their way between a plain snapshot
 * and an encrypted database, whose pages are not alike.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type Database from 'better-sqlite3';
import { openPlainFile, type OpenFile } from '../../../contract/sqlite/open-file.ts';
import { copyRows } from '../../../contract/sqlite/snapshot-file.ts';
import { writeWhole } from '../media/write-whole.ts';

/** A plain snapshot that is larger is not made or installed where its rows would be in memory. */
const IN_MEMORY_MAX = 512 * 1024 ** 2;
const READ_BYTES = 256 * 1024;
const BLOCK_BYTES = 16;

export type ScratchFile = {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<void>;
  close(): Promise<void>;
};

export type ScratchDisk = {
  openFile: OpenFile;
  open(file: string, flags: 'r' | 'w'): Promise<ScratchFile>;
  /** The same bytes under another name. */
  rename(from: string, to: string): Promise<void>;
  /** The bytes of a snapshot that `openFile` made. */
  readSnapshot(file: string): Readable;
  /** Takes the bytes of a snapshot from outside, and lets `check` look at its rows; then `file` is one that can be attached. */
  takeSnapshot(file: string, bytes: AsyncIterable<Uint8Array>, check: (db: Database.Database) => Promise<void>): Promise<void>;
};

/** @param sealed opens encrypted databases; null: there is no lock. */
export function createScratchDisk(sealed: OpenFile | null): ScratchDisk {
  return sealed ? createSealedDisk(sealed) : plainDisk;
}

const plainDisk: ScratchDisk = {
  openFile: openPlainFile,
  open: async (file, flags) => {
    const handle = await open(file, flags, 0o600);
    return {
      read: (buffer, offset, length, position) => handle.read(buffer, offset, length, position),
      write: (bytes, offset, length, position) => writeWhole(handle, bytes.subarray(offset, offset + length), position),
      close: () => handle.close(),
    };
  },
  rename,
  readSnapshot: (file) => streamOf(plainDisk, file),
  takeSnapshot: async (file, bytes, check) => {
    await writeAll(plainDisk, file, bytes);
    const db = openPlainFile(file, { readonly: true });
    try {
      await check(db);
    } finally {
      db.close();
    }
  },
};

function createSealedDisk(openFile: OpenFile): ScratchDisk {
  const keys = new Map<string, Buffer>();
  const disk: ScratchDisk = {
    openFile,
    open: async (file, flags) => {
      if (flags === 'w') keys.set(file, randomBytes(32));
      const key = keys.get(file);
      if (!key) throw new Error('a file of an earlier run is of no use');
      return encrypted(await open(file, flags, 0o600), key);
    },
    rename: async (from, to) => {
      await rename(from, to);
      const key = keys.get(from);
      if (key) keys.set(to, key);
      keys.delete(from);
    },
    readSnapshot: (file) => {
      const db = openFile(file, { readonly: true });
      try {
        if ((db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number) > IN_MEMORY_MAX)
          throw new Error('the snapshot is too large to be made while the lock is on');
        return Readable.from(cut(db.serialize()), { objectMode: false });
      } finally {
        db.close();
      }
    },
    takeSnapshot: async (file, bytes, check) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of bytes) {
        length += piece.length;
        if (length > IN_MEMORY_MAX) throw new Error('the snapshot is too large to be installed while the lock is on');
        pieces.push(piece);
      }
      const source = openFile(Buffer.concat(pieces.splice(0)), { readonly: true });
      try {
        await check(source);
        const target = openFile(file);
        try {
          copyRows(source, target);
        } finally {
          target.close();
        }
      } finally {
        source.close();
      }
    },
  };
  return disk;
}

/** Bytes of a file of the scratch disk, from its beginning. */
export const streamOf = (disk: ScratchDisk, file: string): Readable => Readable.from(readAll(disk, file), { objectMode: false });

async function* readAll(disk: ScratchDisk, file: string): AsyncGenerator<Buffer> {
  const handle = await disk.open(file, 'r');
  try {
    for (let position = 0; ;) {
      const buffer = Buffer.alloc(READ_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** @returns how many. */
export async function writeAll(disk: ScratchDisk, file: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await disk.open(file, 'w');
  let position = 0;
  try {
    for await (const piece of bytes) {
      await handle.write(piece, 0, piece.length, position);
      position += piece.length;
    }
    return position;
  } finally {
    await handle.close();
  }
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += READ_BYTES) yield bytes.subarray(at, at + READ_BYTES);
}

function encrypted(handle: FileHandle, key: Buffer): ScratchFile {
  return {
    read: async (buffer, offset, length, position) => {
      const { bytesRead } = await handle.read(buffer, offset, length, position);
      apply(key, buffer.subarray(offset, offset + bytesRead), position).copy(buffer, offset);
      return { bytesRead };
    },
    // Every byte is written once: the files are made from their beginning to their end.
    write: (bytes, offset, length, position) => writeWhole(handle, apply(key, bytes.subarray(offset, offset + length), position), position),
    close: () => handle.close(),
  };
}

/** Encrypts or decrypts what stands at `position` of its file. */
function apply(key: Buffer, bytes: Uint8Array, position: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(Math.floor(position / BLOCK_BYTES)), BLOCK_BYTES - 8);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  cipher.update(Buffer.alloc(position % BLOCK_BYTES));
  return cipher.update(bytes);
}
