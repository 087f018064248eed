/**
 * Turns a folder's lock on and off. Invariants: the folder has two sets of files, a plain and a sealed one; `lock.json` says which of them counts, and
 * comes or goes in one step when the other one is whole and safe on disk; what does not count is removed, by the next start if need be. So a process
 * or a computer that ends in between leaves the folder as it was before, or as it was to become. The caller holds the folder's lock; no engine runs.
 */
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { recodeDatabase } from '../db/open-encrypted.ts';
import { DATABASE_FILE, SEALED_DATABASE_FILE } from '../db/open-database.ts';
import { ignoreMissing, PLAIN_FOLDER, plainFormat, type DiskFormat, type FileOf } from '../media/disk-format.ts';
import { createSealedFormat, readAbout, SEALED_FOLDER, SealedFileBroken } from '../media/sealed-format.ts';
import { createStoredFiles } from '../stored-files.ts';
import { syncFolder } from '../media/sync-folder.ts';
import type { KeptSecrets, Vault } from '../ports.ts';
import { finishMoveAside } from './move-aside.ts';
import { isLockOn, LOCK_FILE_NAME, removeLockFile, writeLockFile, type LockFile } from './lock-file.ts';
import { createSealedSecrets, SECRET_NAMES } from './sealed-secrets.ts';

export type LockStep = 'database' | 'files' | 'secrets' | 'decided' | 'removed';

type Change = {
  dataDir: string;
  secrets: KeptSecrets;
  /** It stays the caller's. */
  vault: Vault;
  log: Log;
  /** After each step. */
  onStep?: (step: LockStep) => void;
};

const FOLDER_NAME = /^[0-9a-f]{2}$/;
const FILE_NAME = /^[0-9a-f]{64}$/;
const ROOM_LEFT_BYTES = 64 * 1024 * 1024;
/** Its pages are written anew in one transaction, whose journal is in memory. */
const DATABASE_MAX_BYTES = 2 * 1024 ** 3;

/** The database, to be written anew in memory. */
export class TooLarge extends Error {}

/** `lock.json` came or went, and it is not known to outlast a power cut: nothing may be opened, since either set may count. */
export class DecisionNotSafe extends Error {
  constructor(cause: unknown) {
    super('the folder could not be written safely', { cause });
    this.name = 'DecisionNotSafe';
  }
}

/** @throws AppError DISK_FULL, TooLarge, and what goes wrong: the folder is as it was then; and DecisionNotSafe. What cannot be removed afterwards is left to the next start. */
export async function sealWorkspace({ dataDir, secrets, vault, log, onStep = () => undefined }: Change, lockFile: LockFile): Promise<void> {
  requireSet(dataDir, DATABASE_FILE);
  await removeSealed(dataDir, secrets);
  try {
    await requireRoom(dataDir, DATABASE_FILE, PLAIN_FOLDER);
    await recodeDatabase(path.join(dataDir, DATABASE_FILE), path.join(dataDir, SEALED_DATABASE_FILE), { key: vault.databaseKey, sealed: vault.openFile, isToSealed: true });
    onStep('database');
    await copyFiles(dataDir, plainFormat, createSealedFormat(vault.fileKeys), listPlain, log);
    onStep('files');
    const sealed = createSealedSecrets(secrets, vault);
    for (const name of SECRET_NAMES) {
      const value = await secrets.get(name);
      if (value !== null) await sealed.set(name, value);
    }
    await syncFolder(dataDir);
    onStep('secrets');
    await writeLockFile(dataDir, lockFile);
  } catch (error) {
    if (isLockOn(dataDir)) throw new DecisionNotSafe(error);
    await removeSealed(dataDir, secrets).catch(leave(log));
    throw error;
  }
  onStep('decided');
  await removePlain(dataDir, secrets).catch(leave(log));
  onStep('removed');
}

/** @throws as `sealWorkspace` */
export async function unsealWorkspace({ dataDir, secrets, vault, log, onStep = () => undefined }: Change): Promise<void> {
  requireSet(dataDir, SEALED_DATABASE_FILE);
  await removePlain(dataDir, secrets);
  try {
    await requireRoom(dataDir, SEALED_DATABASE_FILE, SEALED_FOLDER);
    await recodeDatabase(path.join(dataDir, SEALED_DATABASE_FILE), path.join(dataDir, DATABASE_FILE), { key: vault.databaseKey, sealed: vault.openFile, isToSealed: false });
    onStep('database');
    await copyFiles(dataDir, createSealedFormat(vault.fileKeys), plainFormat, (folder) => listSealed(folder, vault), log);
    onStep('files');
    const sealed = createSealedSecrets(secrets, vault);
    for (const name of SECRET_NAMES) {
      const value = await sealed.get(name);
      if (value !== null) await secrets.set(name, value);
    }
    await syncFolder(dataDir);
    onStep('secrets');
    await removeLockFile(dataDir);
  } catch (error) {
    if (!isLockOn(dataDir)) throw new DecisionNotSafe(error);
    await removePlain(dataDir, secrets).catch(leave(log));
    throw error;
  }
  onStep('decided');
  await removeSealed(dataDir, secrets).catch(leave(log));
  onStep('removed');
}

/** At the start, before anything is opened: removes what a change that was cut off has left. @throws Error with a text for people when the folder is not whole. */
export async function finishLockChange(dataDir: string, secrets: KeptSecrets): Promise<void> {
  const has = (name: string): boolean => existsSync(path.join(dataDir, name));
  await rm(path.join(dataDir, `${LOCK_FILE_NAME}.new`), { force: true });
  // What the folder says counts only once it outlasts a power cut.
  await syncFolder(dataDir);
  await finishMoveAside(dataDir, secrets);
  if (isLockOn(dataDir)) {
    if (!has(SEALED_DATABASE_FILE)) throw new Error(`${dataDir} is locked, but ${SEALED_DATABASE_FILE} is missing: bring the folder back from a backup as a whole. Nothing was changed.`);
    await removePlain(dataDir, secrets);
  } else if (has(SEALED_DATABASE_FILE) || has(SEALED_FOLDER)) {
    if (!has(DATABASE_FILE))
      throw new Error(
        `${dataDir} was locked, but ${LOCK_FILE_NAME} is missing, without which nothing opens it: bring the folder back from a backup as a whole, or join the workspace in a new folder. Nothing was changed.`,
      );
    await removeSealed(dataDir, secrets);
  }
}

/** Before anything of the other set is removed. */
function requireSet(dataDir: string, database: string): void {
  if (!existsSync(path.join(dataDir, database))) throw new Error(`${database} is missing`);
}

const leave =
  (log: Log) =>
  (error: unknown): void =>
    log('warn', 'lock.not_removed', { error: errorText(error) });

/** The database last: while it is there, the rest is known to be left over. */
async function removeSealed(dataDir: string, secrets: KeptSecrets): Promise<void> {
  for (const name of SECRET_NAMES) if ((await secrets.get(`${name}.sealed`)) !== null) await secrets.delete(`${name}.sealed`);
  await removeFiles(dataDir, [SEALED_FOLDER, `${SEALED_DATABASE_FILE}-wal`, `${SEALED_DATABASE_FILE}-shm`, SEALED_DATABASE_FILE]);
}

async function removePlain(dataDir: string, secrets: KeptSecrets): Promise<void> {
  for (const name of SECRET_NAMES) if ((await secrets.get(name)) !== null) await secrets.delete(name);
  const scratch = (await readdir(dataDir)).filter((name) => name.startsWith('snapshot.'));
  await removeFiles(dataDir, [...scratch, PLAIN_FOLDER, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`, DATABASE_FILE]);
}

async function removeFiles(dataDir: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 3 });
  await syncFolder(dataDir);
}

async function requireRoom(dataDir: string, database: string, folder: string): Promise<void> {
  let bytes = (await stat(path.join(dataDir, database))).size;
  if (bytes > DATABASE_MAX_BYTES) throw new TooLarge(`${database} has more than ${DATABASE_MAX_BYTES} bytes`);
  for (const entry of (await readdir(path.join(dataDir, folder), { recursive: true, withFileTypes: true }).catch(ignoreMissing)) ?? [])
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  const { bavail, bsize } = await statfs(dataDir);
  // SQLite writes the pages into a copy first.
  if (bavail * bsize < bytes * 1.1 + ROOM_LEFT_BYTES) throw new AppError('DISK_FULL');
}

type Listed = { file: string; what: FileOf };

async function* listIn(folder: string): AsyncGenerator<{ file: string; name: string; isThumbnail: boolean }> {
  for (const inner of (await readdir(folder).catch(ignoreMissing)) ?? []) {
    if (inner !== 'thumbs' && !FOLDER_NAME.test(inner)) continue;
    for (const name of await readdir(path.join(folder, inner))) if (FILE_NAME.test(name)) yield { file: path.join(folder, inner, name), name, isThumbnail: inner === 'thumbs' };
  }
}
async function* listPlain(folder: string): AsyncGenerator<Listed> {
  for await (const { file, name, isThumbnail } of listIn(folder)) yield { file, what: { sha256: name, isThumbnail } };
}
async function* listSealed(folder: string, { fileKeys }: Vault): AsyncGenerator<Listed> {
  for await (const { file } of listIn(folder)) {
    const what = await readAbout(file, fileKeys).catch(skipBroken);
    if (what) yield { file, what };
  }
}

/** Parts of files that were coming in are left out: they come again from their beginning. So is what is damaged. */
async function copyFiles(dataDir: string, from: DiskFormat, to: DiskFormat, list: (folder: string) => AsyncGenerator<Listed>, log: Log): Promise<void> {
  const target = createStoredFiles(dataDir, to);
  const folders = new Set<string>();
  for await (const { file, what } of list(path.join(dataDir, from.folder))) {
    const source = await from.open(file, what).catch(skipBroken);
    if (!source) {
      log('warn', 'lock.file_left_out', { file: what.sha256.slice(0, 8) });
      continue;
    }
    const place = what.isThumbnail ? target.thumbnailOf(what.sha256) : target.fileOf(what.sha256);
    try {
      await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
      const writer = await to.writeFrom(place, 0);
      try {
        for await (const piece of source.stream(0, source.bytes)) await writer.write(piece as Buffer);
      } finally {
        await writer.close(false);
      }
      await to.bind(place, what);
      if ((await to.sizeOf(place)) !== source.bytes) throw new Error('a file was not copied whole');
      folders.add(path.dirname(place));
    } catch (error) {
      skipBroken(error);
      log('warn', 'lock.file_left_out', { file: what.sha256.slice(0, 8) });
      await rm(place, { force: true });
    } finally {
      await source.close();
    }
  }
  for (const folder of folders) await syncFolder(folder);
  if (folders.size > 0) await syncFolder(path.join(dataDir, to.folder));
}

function skipBroken(error: unknown): null {
  if (!(error instanceof SealedFileBroken)) throw error;
  return null;
}
