/**
 * Takes what is locked out of the way when its passphrase is forgotten, so that the desktop can begin anew. Invariants: nothing is deleted before it
 * lies in the other folder, which its passphrase still opens by itself (`--data-dir`); `lock.json` goes first, in one step, and decides: cut off before
 * that, nothing has happened; after it, the next start moves the rest.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SEALED_DATABASE_FILE } from '../db/open-database.ts';
import { SEALED_FOLDER } from '../media/sealed-format.ts';
import { syncFolder } from '../media/sync-folder.ts';
import { SECRETS_FILE, type KeptSecrets } from '../ports.ts';
import { LOCK_FILE_NAME } from './lock-file.ts';
import { SECRET_NAMES } from './sealed-secrets.ts';

const ASIDE = 'locked-';

/** No engine runs, and the caller holds the folder's lock. @param at ms since 1970. @returns the folder's path. */
export async function moveAside(dataDir: string, secrets: KeptSecrets, at: number): Promise<string> {
  const folder = path.join(dataDir, `${ASIDE}${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}`);
  await mkdir(folder, { mode: 0o700 });
  try {
    const kept: Record<string, string> = {};
    for (const name of SECRET_NAMES) {
      const sealed = await secrets.get(`${name}.sealed`);
      if (sealed !== null) kept[`${name}.sealed`] = sealed;
    }
    const handle = await open(path.join(folder, SECRETS_FILE), 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(kept));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(folder);
    await syncFolder(dataDir);
    await rename(path.join(dataDir, LOCK_FILE_NAME), path.join(folder, LOCK_FILE_NAME));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await moveRest(dataDir, folder, secrets);
  return folder;
}

/** At the start. Without anything that was cut off it does nothing. */
export async function finishMoveAside(dataDir: string, secrets: KeptSecrets): Promise<void> {
  if (existsSync(path.join(dataDir, LOCK_FILE_NAME)) || !existsSync(path.join(dataDir, SEALED_DATABASE_FILE))) return;
  for (const name of await readdir(dataDir)) {
    const folder = path.join(dataDir, name);
    const has = (file: string): boolean => existsSync(path.join(folder, file));
    if (name.startsWith(ASIDE) && has(LOCK_FILE_NAME) && !has(SEALED_DATABASE_FILE)) return moveRest(dataDir, folder, secrets);
  }
}

/** The database last: while it is there, the rest is known to be missing in the other folder. */
async function moveRest(dataDir: string, folder: string, secrets: KeptSecrets): Promise<void> {
  await syncFolder(folder);
  await syncFolder(dataDir);
  for (const name of SECRET_NAMES) if ((await secrets.get(`${name}.sealed`)) !== null) await secrets.delete(`${name}.sealed`);
  for (const name of [SEALED_FOLDER, `${SEALED_DATABASE_FILE}-wal`, `${SEALED_DATABASE_FILE}-shm`, SEALED_DATABASE_FILE])
    if (existsSync(path.join(dataDir, name))) await rename(path.join(dataDir, name), path.join(folder, name));
  await syncFolder(folder);
  await syncFolder(dataDir);
}
