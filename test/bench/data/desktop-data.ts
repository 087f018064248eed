/**
 * The data folder of a desktop with a log already applied, made once and kept under `node_modules/.cache`. Invariant: its
 * name holds a digest of everything that shapes it, so a changed table or reducer never meets old rows.
 */
import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { applyLog, openDesktopReplica } from './desktop-replica.ts';
import { generateSupportLog, type LogSize } from './support-log.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SHAPED_BY = ['contract/**/*.ts', 'main/engine/{db,sync,outbox,search}/*.ts', 'webhook-relay/split-webhook.ts', 'test/bench/data/*.ts'];

/** What SQLite may keep in memory while the data is made, at most. */
const CACHE_KIB = 4_000_000;
const CHUNK = 20_000;

export type DesktopData = { dataDir: string; remove(): void };

/** A copy of the prepared data in a folder of its own: an engine locks its folder. */
export function copyDesktopData(size: LogSize): DesktopData {
  const prepared = prepareDesktopData(size);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-desktop-'));
  copyFileSync(path.join(prepared, DATABASE_FILE), path.join(dataDir, DATABASE_FILE), constants.COPYFILE_FICLONE);
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** @returns the folder of the prepared data; only to be read from. */
function prepareDesktopData(size: LogSize): string {
  const cache = path.join(ROOT, 'node_modules/.cache/bandeja-bench');
  const folder = path.join(cache, `desktop-${size.messages}-${digestSources()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  for (const old of globSync(`desktop-${size.messages}-*`, { cwd: cache })) if (!isBeingMade(old)) rmSync(path.join(cache, old), { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}`;
  const { db, replica, settleJobs, indexAll } = openDesktopReplica(path.join(unfinished, DATABASE_FILE));
  // The rows are the same however they are written. Only a whole folder gets its name, so nothing has to survive the power.
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  applyLog(replica, generateSupportLog(size), CHUNK);
  settleJobs();
  indexAll();
  db.close();
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was quicker
  }
  return folder;
}

/** By the process whose id ends its name. */
function isBeingMade(name: string): boolean {
  const pid = Number(path.extname(name).slice(1));
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function digestSources(): string {
  const digest = createHash('sha256');
  for (const file of globSync(SHAPED_BY, { cwd: ROOT }).toSorted()) digest.update(file).update(readFileSync(path.join(ROOT, file)));
  return digest.digest('hex').slice(0, 16);
}
