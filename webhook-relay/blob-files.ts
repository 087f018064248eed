/**
 * Files of messages, shared by the team, one file each under `blobs/` in the data folder. A name is the SHA-256 of the bytes, or, where desktops seal
 * them, one that only desktops can tell from the bytes; then they say the SHA-256 of what is sealed besides. Invariants: a file's name on disk
 * is made only from such names and a device's id; a file stands there only when its bytes have the hash that was announced and are
 * safe on disk, and nobody writes to it after that, also no other relay with the same folder, because it is a copy that nobody else ever had open; no file
 * is ever whole in memory; each device fills a file of its own, so that wrong bytes of one never spoil another's; what is announced counts as taken.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat, statfs, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILES_WANTED_MAX } from '../contract/limits.ts';
import { BLOB_PART_BYTES } from '../contract/wire-http.ts';

const INCOMING = 'incoming';
const WANTED = 'wanted';
/** Folders of copies that are being made; no device's id begins so. */
const COPY_PREFIX = 'copy-';
/** What files leave free: webhooks that find no room for the log are lost when Meta gives up. */
const LEFT_FOR_THE_LOG_BYTES = 256 * 1024 * 1024;
/** An upload that was not continued for so long is given up. */
const UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000;
/** Whoever has a file that is wanted has been here by then, or nobody has it. */
const WANTED_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** `<device id>.<name>.<bytes announced>`, and before the bytes the SHA-256 that they are to have where that is not the name; other files of the folder are not ours. */
const UPLOAD_NAME = /^([^.]+\.[0-9a-f]{64})(?:\.([0-9a-f]{64}))?\.(\d+)$/;
const BLOB_NAME = /^[0-9a-f]{64}$/;
/** Uploads that one device may have begun. */
const UPLOADS_MAX = 64;

export type BlobProgress = { received: number; isStored: boolean };
export type BlobRefusal = 'not_found' | 'changed_meanwhile' | 'bad_request' | 'too_large' | 'no_room' | 'too_many_requests';

export type BlobFiles = {
  /** How far the device's upload is; begins one of exactly `bytes` bytes with the hash `sha256` if there is none. */
  announce: (name: string, deviceId: string, bytes: number, sha256?: string) => Promise<BlobProgress | BlobRefusal>;
  /**
   * Appends what comes at `offset`, at most BLOB_PART_BYTES. `changed_meanwhile`: another offset is expected, or somebody is writing.
   * `bad_request`: more than was announced, or all of it and not the bytes of that hash; then it begins anew. A line that breaks leaves what has come.
   * `no_room`: others, or the log, have filled the disk since it was announced.
   */
  append: (name: string, deviceId: string, offset: number, source: Readable) => Promise<BlobProgress | BlobRefusal>;
  /** Folder and name below it of a stored file; null: it is not here. */
  find: (name: string) => Promise<{ folder: string; name: string } | null>;
  /** False: it is not here. */
  remove: (name: string) => Promise<boolean>;
  /** Removes a file that is sealed, and wants it from then on. `forbidden`: it has the bytes that its name says. */
  dropSealed: (name: string) => Promise<'dropped' | 'not_found' | 'forbidden'>;
  /** Files that were dropped and nobody has brought again, at most FILES_WANTED_MAX of them, newest first. */
  listWanted: () => Promise<string[]>;
  /** Of the stored ones. */
  count: () => Promise<{ files: number; bytes: number }>;
  /** Removes uploads that were given up, and files stored before `oldest` (ms). @returns how many files went. */
  sweep: (oldest: number | null) => Promise<number>;
};

type Upload = { file: string; key: string; sha256: string; bytes: number; received: number };

type Deps = {
  dataDir: string;
  /** Bytes of all files together, those announced included. */
  totalMax: number;
  now: () => number;
  /** Bytes that the disk still takes. */
  readFree?: () => Promise<number>;
};

export function createBlobFiles({ dataDir, totalMax, now, readFree = () => readFreeBytes(dataDir) }: Deps): BlobFiles {
  const folder = path.join(dataDir, 'blobs');
  const incoming = path.join(folder, INCOMING);
  const wanted = path.join(folder, WANTED);
  const placeOf = (name: string): string => path.join(name.slice(0, 2), name);
  const writing = new Set<string>();
  /** Bytes taken: what was there when somebody first asked, and what has changed since. */
  let counting: Promise<number> | undefined;
  let changed = 0;

  const findStored = async (name: string): Promise<number | undefined> => (await stat(path.join(folder, placeOf(name))).catch(ignoreMissing))?.size;
  const listStored = async (): Promise<{ file: string; bytes: number; at: number }[]> => {
    const stored = [];
    for (const part of (await readdir(folder).catch(ignoreMissing)) ?? []) {
      if (!/^[0-9a-f]{2}$/.test(part)) continue;
      for (const name of await readdir(path.join(folder, part))) {
        const file = path.join(folder, part, name);
        const found = await stat(file).catch(ignoreMissing);
        if (found) stored.push({ file, bytes: found.size, at: found.mtimeMs });
      }
    }
    return stored;
  };
  /** The name of an upload tells how many bytes were announced, so that it survives a restart. */
  const listUploads = async (prefix = ''): Promise<Upload[]> => {
    const names = ((await readdir(incoming).catch(ignoreMissing)) ?? []).filter((name) => name.startsWith(prefix) && UPLOAD_NAME.test(name));
    return Promise.all(
      names.map(async (name) => {
        const file = path.join(incoming, name);
        const [, key = '', sha256 = key.split('.').at(-1) ?? '', bytes] = UPLOAD_NAME.exec(name) ?? [];
        return { file, key, sha256, bytes: Number(bytes), received: (await stat(file).catch(ignoreMissing))?.size ?? 0 };
      }),
    );
  };
  const findUpload = async (name: string, deviceId: string): Promise<Upload | undefined> => (await listUploads(`${deviceId}.${name}.`))[0];
  const countTaken = async (): Promise<number> => sum(await listStored()) + sum(await listUploads());
  const countOnce = (): Promise<number> => (counting ??= countTaken());
  const remove = async (file: string, bytes: number): Promise<void> => {
    await countOnce();
    await rm(file, { force: true });
    changed -= bytes;
  };
  /** False, and nothing is taken: there is no room. */
  const takeRoom = async (bytes: number): Promise<boolean> => {
    const [atFirst, isOnDisk] = await Promise.all([countOnce(), hasDisk(bytes)]);
    if (!isOnDisk || atFirst + changed + bytes > totalMax) return false;
    changed += bytes;
    return true;
  };
  const hasDisk = async (bytes: number): Promise<boolean> => (await readFree()) - bytes >= LEFT_FOR_THE_LOG_BYTES;

  /** Makes a whole upload a stored file: a copy of it, because a relay that the device has left may still be writing to the upload. */
  const store = async (name: string, upload: Upload): Promise<BlobProgress | BlobRefusal> => {
    if (!(await hasDisk(upload.bytes))) return 'no_room';
    const copying = await mkdtemp(path.join(incoming, COPY_PREFIX));
    try {
      const copy = path.join(copying, name);
      await copyFile(upload.file, copy, constants.COPYFILE_FICLONE);
      if ((await hashAndSync(copy)) !== upload.sha256) {
        await remove(upload.file, upload.bytes);
        return 'bad_request';
      }
      const target = path.join(folder, placeOf(name));
      const made = await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      if (made !== undefined) await syncFolder(folder);
      const wasThere = await findStored(name);
      await rename(copy, target);
      await syncFolder(path.dirname(target));
      await rm(upload.file, { force: true });
      await rm(path.join(wanted, name), { force: true });
      if (wasThere !== undefined) changed -= wasThere; // two devices brought it at once
    } finally {
      await rm(copying, { recursive: true, force: true });
    }
    return { received: upload.bytes, isStored: true };
  };

  const alone = async <T>(key: string, work: () => Promise<T>): Promise<T | 'changed_meanwhile'> => {
    if (writing.has(key)) return 'changed_meanwhile';
    writing.add(key);
    try {
      return await work();
    } finally {
      writing.delete(key);
    }
  };

  return {
    announce: async (name, deviceId, bytes, sha256 = name) =>
      alone(`${deviceId}.${name}`, async () => {
        const stored = await findStored(name);
        if (stored !== undefined) return { received: stored, isStored: true };
        const begun = await findUpload(name, deviceId);
        // All there and not stored: we were ended just before that.
        if (begun?.bytes === bytes && begun.sha256 === sha256) return begun.received === bytes ? store(name, begun) : { received: begun.received, isStored: false };
        if (begun) await remove(begun.file, begun.bytes);
        if ((await listUploads(`${deviceId}.`)).length >= UPLOADS_MAX) return 'too_many_requests';
        if (!(await takeRoom(bytes))) return 'no_room';
        await mkdir(incoming, { recursive: true, mode: 0o700 });
        const upload = [deviceId, name, ...(sha256 === name ? [] : [sha256]), bytes].join('.');
        await open(path.join(incoming, upload), 'a', 0o600).then((handle) => handle.close());
        return { received: 0, isStored: false };
      }),

    append: async (name, deviceId, offset, source) =>
      alone(`${deviceId}.${name}`, async () => {
        const upload = await findUpload(name, deviceId);
        if (!upload) {
          const stored = await findStored(name);
          return stored === undefined ? 'not_found' : { received: stored, isStored: true };
        }
        if (upload.received !== offset) return 'changed_meanwhile';
        const limit = Math.min(BLOB_PART_BYTES, upload.bytes - offset);
        // What was announced may together be more than the disk takes.
        if (!(await hasDisk(limit))) return 'no_room';
        try {
          await pipeline(source, (chunks) => passAtMost(chunks as AsyncIterable<Buffer>, limit), createWriteStream(upload.file, { flags: 'r+', start: offset }));
        } catch (error) {
          if (!(error instanceof TooMuchError)) throw error;
          await truncate(upload.file, offset);
          return upload.bytes - offset > BLOB_PART_BYTES ? 'too_large' : 'bad_request';
        }
        const { size } = await stat(upload.file);
        return size === upload.bytes ? store(name, upload) : { received: size, isStored: false };
      }),

    find: async (name) => ((await findStored(name)) === undefined ? null : { folder, name: placeOf(name) }),

    remove: async (name) => {
      const bytes = await findStored(name);
      if (bytes !== undefined) await remove(path.join(folder, placeOf(name)), bytes);
      await rm(path.join(wanted, name), { force: true });
      return bytes !== undefined;
    },

    dropSealed: async (name) => {
      const bytes = await findStored(name);
      const file = path.join(folder, placeOf(name));
      if (bytes === undefined) return 'not_found';
      if ((await hashOf(file)) === name) return 'forbidden';
      await mkdir(wanted, { recursive: true, mode: 0o700 });
      await open(path.join(wanted, name), 'a', 0o600).then((handle) => handle.close());
      await remove(file, bytes);
      return 'dropped';
    },

    listWanted: async () => {
      const names = ((await readdir(wanted).catch(ignoreMissing)) ?? []).filter((name) => BLOB_NAME.test(name));
      const found = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(wanted, name)).catch(ignoreMissing))?.mtimeMs ?? 0 })));
      return found
        .toSorted((a, b) => b.at - a.at)
        .slice(0, FILES_WANTED_MAX)
        .map(({ name }) => name);
    },

    count: async () => {
      const stored = await listStored();
      return { files: stored.length, bytes: sum(stored) };
    },

    sweep: async (oldest) => {
      for (const upload of await listUploads()) {
        const found = await stat(upload.file).catch(ignoreMissing);
        if (found && found.mtimeMs < now() - UPLOAD_LIFE_MS) await alone(upload.key, () => remove(upload.file, upload.bytes));
      }
      for (const name of (await readdir(wanted).catch(ignoreMissing)) ?? []) {
        const found = await stat(path.join(wanted, name)).catch(ignoreMissing);
        if (found && found.mtimeMs < now() - WANTED_LIFE_MS) await rm(path.join(wanted, name), { force: true });
      }
      for (const left of ((await readdir(incoming).catch(ignoreMissing)) ?? []).filter((entry) => entry.startsWith(COPY_PREFIX))) {
        const found = await stat(path.join(incoming, left)).catch(ignoreMissing);
        if (found && found.mtimeMs < now() - UPLOAD_LIFE_MS) await rm(path.join(incoming, left), { recursive: true, force: true });
      }
      let removed = 0;
      for (const { file, bytes, at } of oldest === null ? [] : await listStored()) {
        if (at >= (oldest ?? 0)) continue;
        await remove(file, bytes);
        removed += 1;
      }
      return removed;
    },
  };
}

/** Bytes that the disk of a folder still takes. */
export const readFreeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

const sum = (files: { bytes: number }[]): number => files.reduce((total, { bytes }) => total + bytes, 0);

class TooMuchError extends Error {}

async function* passAtMost(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of chunks) {
    passed += chunk.length;
    if (passed > bytes) throw new TooMuchError();
    yield chunk;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function hashAndSync(file: string): Promise<string> {
  const hash = await hashOf(file);
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash;
}

/** So that the name survives a power cut, too. */
async function syncFolder(folder: string): Promise<void> {
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
