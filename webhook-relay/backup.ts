/**
 * Backups of the relay's folder, and the way back. Invariants: a folder with the name of a backup is whole, with the hash of
 * every file in it; what comes from a backup becomes a log of its own (`startNewLog`) before anybody can serve it, because
 * what came after the backup is missing in it; nothing is ever restored over a workspace that is there.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parseJson } from '../contract/json.ts';
import { errorText } from '../contract/log.ts';
import type { LogStore } from './log-store/interface.ts';
import { copyDatabase, readTeam, type Team } from './log-store/sqlite-backup.ts';
import { DATABASE_NAME } from './log-store/sqlite.ts';

const MANIFEST = 'backup.json';
const SETTINGS = 'relay.json';
const SNAPSHOTS = 'snapshots';
const BLOBS = 'blobs';
const UNFINISHED = '.incoming';
const NAME = /^relay-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
/** Nobody works on an unfinished one that is older. */
const UNFINISHED_FOR_MS = 24 * 60 * 60 * 1000;
/** Snapshots may go while they are copied. */
const TRIES_MAX = 3;

/** Paths with `/` below the folder; never outside of it. */
const fileName = z.string().regex(/^(?:relay\.db|relay\.json|snapshots\/[\w-]+|blobs\/[0-9a-f]{2}\/[0-9a-f]{64})$/);
const manifestSchema = z.object({
  format: z.literal(1),
  madeAt: z.number().int(),
  logId: z.string(),
  head: z.number().int().nonnegative(),
  files: z.array(z.object({ name: fileName, bytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

/** What a person has to change; the text says so. */
export class BackupError extends Error {}

type Open = (dataDir: string) => LogStore | Promise<LogStore>;
type MakeDeps = { dataDir: string; target: string; /** How many backups stay in `target`; undefined: all. */ keep: number | undefined; hasBlobs: boolean; now: () => number; openStore: Open };

/** @returns the backup's folder, and the older ones that were removed. @throws BackupError */
export async function makeBackup({ dataDir, target, keep, hasBlobs, now, openStore }: MakeDeps): Promise<{ folder: string; manifest: BackupManifest; removed: string[] }> {
  const inside = path.relative(path.resolve(dataDir), path.resolve(target));
  if (inside === '' || (!inside.startsWith('..') && !path.isAbsolute(inside))) throw new BackupError(`${target} lies in the relay's own folder. Choose one elsewhere, best on another disk.`);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const madeAt = now();
  const name = nameOf(madeAt);
  await removeAbandoned(target, madeAt);
  const unfinished = path.join(target, name + UNFINISHED);
  const older = await listBackups(target);
  try {
    for (let tries = 1; ; tries += 1) {
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { mode: 0o700 });
      await copyDatabase(dataDir, path.join(unfinished, DATABASE_NAME));
      if ((await copySnapshots(dataDir, unfinished, openStore)) === 'complete') break;
      if (tries === TRIES_MAX) throw new BackupError('A snapshot of the team’s data went while it was copied. Try again.');
    }
    if (await exists(path.join(dataDir, SETTINGS))) await copyFile(path.join(dataDir, SETTINGS), path.join(unfinished, SETTINGS));
    if (hasBlobs) await copyBlobs(path.join(dataDir, BLOBS), path.join(unfinished, BLOBS), older.at(-1) && path.join(target, older.at(-1) ?? '', BLOBS));

    const { logId, head } = await withStore(openStore, unfinished, (store) => store.readStatus());
    const files = await describeFiles(unfinished);
    const manifest: BackupManifest = { format: 1, madeAt, logId, head, files };
    await writeFile(path.join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
    await syncFile(path.join(unfinished, MANIFEST));
    await rename(unfinished, path.join(target, name));
    await syncFile(target);

    const removed = keep === undefined ? [] : [...older, name].slice(0, -keep);
    for (const old of removed) await rm(path.join(target, old), { recursive: true });
    return { folder: path.join(target, name), manifest, removed };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Puts a backup into a folder without a workspace. @returns the log's new identity and when its last entry came. @throws BackupError */
export async function restoreBackup({
  from,
  dataDir,
  openStore,
}: {
  from: string;
  dataDir: string;
  openStore: Open;
}): Promise<{ logId: string; head: number; endedAt: number | undefined; keptSettings: boolean }> {
  const text = await readFile(path.join(from, MANIFEST), 'utf8').catch(() => null);
  if (text === null) throw new BackupError(`${from} is no backup: there is no ${MANIFEST} in it. Name the folder that \`backup\` has made (relay-…).`);
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new BackupError(`${path.join(from, MANIFEST)} is damaged, or from a newer version of the relay.`);
  // A write-ahead log of another database would be applied to the restored one (SQLite, "How To Corrupt", 1.4).
  for (const name of [DATABASE_NAME, `${DATABASE_NAME}-wal`])
    if (await exists(path.join(dataDir, name))) throw new BackupError(`There is a workspace in ${dataDir}. Stop the relay and move that folder aside first: a backup is never put over it.`);
  const wrong = parsed.data.files.some(({ name }) => name === DATABASE_NAME) ? [] : [DATABASE_NAME];
  for (const file of parsed.data.files) if ((await hashFile(path.join(from, file.name)).catch(() => '')) !== file.sha256) wrong.push(file.name);
  if (wrong.length > 0) throw new BackupError(`This backup is damaged: ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''}. Take another one.`);

  const restoring = path.join(dataDir, 'restoring');
  await rm(restoring, { recursive: true, force: true });
  await mkdir(restoring, { recursive: true, mode: 0o700 });
  const keptSettings = await exists(path.join(dataDir, SETTINGS));
  for (const { name } of parsed.data.files) {
    if (name === SETTINGS && keptSettings) continue;
    const place = name === DATABASE_NAME ? path.join(restoring, name) : path.join(dataDir, name);
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    await copyFile(path.join(from, name), place);
    await chmod(place, 0o600);
    await syncFile(place);
  }
  const restored = await withStore(openStore, restoring, async (store) => {
    const { head } = await store.readStatus();
    const last = (await store.readAfter(head - 1, { entries: 1, bytes: 1 })).entries[0];
    return { logId: await store.startNewLog(), head, endedAt: last?.receivedAt };
  });
  // Last of all: until then there is no workspace here that could be served.
  await rename(path.join(restoring, DATABASE_NAME), path.join(dataDir, DATABASE_NAME));
  await rm(restoring, { recursive: true });
  await syncFile(dataDir);
  return { ...restored, keptSettings };
}

/** Who is in the workspace of a folder that was moved aside, which is only read. @throws BackupError */
export async function readTeamOf(dataDir: string): Promise<Team> {
  if (!(await exists(path.join(dataDir, DATABASE_NAME)))) throw new BackupError(`There is no ${DATABASE_NAME} in ${dataDir}. --old names the folder that was moved aside; leave it out if it is lost.`);
  try {
    return await readTeam(dataDir);
  } catch (error) {
    throw new BackupError(`The database in ${dataDir} cannot be read (${errorText(error)}). Leave --old out.`);
  }
}

/** Sorts as its time does. */
const nameOf = (at: number): string => `relay-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`;

/** A crash leaves a whole copy of the database behind. */
async function removeAbandoned(target: string, now: number): Promise<void> {
  const abandoned = (await readdir(target)).filter((name) => name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length)) && name < nameOf(now - UNFINISHED_FOR_MS));
  for (const name of abandoned) await rm(path.join(target, name), { recursive: true, force: true });
}

/** Names of the whole ones, oldest first. */
async function listBackups(target: string): Promise<string[]> {
  return (await readdir(target)).filter((name) => NAME.test(name)).toSorted();
}

/** `incomplete`: the copied database knows a snapshot whose file has gone meanwhile. */
async function copySnapshots(dataDir: string, unfinished: string, openStore: Open): Promise<'complete' | 'incomplete'> {
  const snapshots = await withStore(openStore, unfinished, (store) => store.sweepSnapshots());
  const finished = snapshots.filter(({ completedAt }) => completedAt !== null);
  if (finished.length > 0) await mkdir(path.join(unfinished, SNAPSHOTS), { mode: 0o700 });
  for (const { id } of finished) {
    const isThere = await linkOrCopy(path.join(dataDir, SNAPSHOTS, id), path.join(unfinished, SNAPSHOTS, id));
    if (!isThere) return 'incomplete';
  }
  return 'complete';
}

/** A file is under its hash for ever, so what an earlier backup has need not be copied again. */
async function copyBlobs(source: string, target: string, earlier: string | undefined): Promise<void> {
  for (const shelf of (await readdir(source).catch(() => [])).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    await mkdir(path.join(target, shelf), { recursive: true, mode: 0o700 });
    for (const name of (await readdir(path.join(source, shelf))).filter((blob) => /^[0-9a-f]{64}$/.test(blob))) {
      const place = path.join(target, shelf, name);
      if (earlier !== undefined && (await tryLink(path.join(earlier, shelf, name), place))) continue;
      await linkOrCopy(path.join(source, shelf, name), place);
    }
  }
}

const tryLink = (source: string, target: string): Promise<boolean> =>
  link(source, target).then(
    () => true,
    () => false,
  );

/** These files are never written to again; on the same disk a second name costs nothing. False: there is no such file. */
async function linkOrCopy(source: string, target: string): Promise<boolean> {
  if (await tryLink(source, target)) return true;
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    await syncFile(target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function describeFiles(folder: string): Promise<BackupManifest['files']> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  const files = [];
  for (const name of names.toSorted()) {
    const file = path.join(folder, name);
    const isBlob = name.startsWith(BLOBS);
    const sha256 = isBlob ? path.basename(name) : await hashFile(file); // read again only when they are put back
    if (!isBlob) await chmod(file, 0o600);
    if (!isBlob) await syncFile(file);
    files.push({ name: name.split(path.sep).join('/'), bytes: (await stat(file)).size, sha256 });
  }
  return files;
}

async function withStore<T>(openStore: Open, dataDir: string, use: (store: LogStore) => Promise<T>): Promise<T> {
  const store = await openStore(dataDir);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
