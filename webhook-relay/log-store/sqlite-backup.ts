/** A folder's database, as it is read for backups and after a restore: nothing is ever written to it. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import type { Device, Member } from './interface.ts';
import { createTeamReader } from './sqlite-members.ts';
import { DATABASE_NAME } from './sqlite.ts';

const ALL_PAGES = 0x7fffffff;

/**
 * Copies the database of `dataDir` to a file that is not there yet, as of one moment: all pages in one step, since a write
 * between two steps would make SQLite begin anew (SQLite, "Online Backup API").
 * @throws if the copy is damaged.
 */
export async function copyDatabase(dataDir: string, target: string): Promise<void> {
  const source = new Database(path.join(dataDir, DATABASE_NAME), { readonly: true, fileMustExist: true, ...nativeBindingOption() });
  try {
    await source.backup(target, { progress: () => ALL_PAGES });
  } finally {
    source.close();
  }
  const copy = new Database(target, { fileMustExist: true, ...nativeBindingOption() });
  try {
    const found = copy.pragma('quick_check', { simple: true });
    if (found !== 'ok') throw new Error(`the copy of the database is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
}

export type Team = { devices: Device[]; members: Member[] };

/** Of a folder that nobody serves any more. @throws if it cannot be read. */
export async function readTeam(dataDir: string): Promise<Team> {
  const db = new Database(path.join(dataDir, DATABASE_NAME), { readonly: true, fileMustExist: true, ...nativeBindingOption() });
  try {
    const team = createTeamReader(db);
    return { devices: team.listDevices(), members: team.listMembers() };
  } finally {
    db.close();
  }
}
