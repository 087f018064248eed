/**
 * Turns the lock on and off on a file system that has ever more room left, and prints a line of JSON for each try: `mount point, folder to begin with`.
 * That there is enough room at the start is what it is told, since the rest of it comes in the way meanwhile.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const realStatfs = fs.statfs.bind(fs);
fs.statfs = (async (folder: string) => Object.assign(await realStatfs(folder), { bavail: 2 ** 30 })) as unknown as typeof fs.statfs;
syncBuiltinESMExports();
const { finishLockChange, sealWorkspace, unsealWorkspace } = await import('../../../main/engine/lock/change-lock.ts');
const { isLockOn, wrapKey } = await import('../../../main/engine/lock/lock-file.ts');
const { openVault } = await import('../../../main/engine/lock/vault.ts');
const { createFileSecrets } = await import('../../../main/shell/file-secrets.ts');
const { isTidy, PASSPHRASE, readFolder } = await import('./locked-folder.ts');

const [mount = '', plain = ''] = process.argv.slice(2);
const KIB = 1024;
const STEP = 64 * KIB;
const log = (): void => undefined;
const dataDir = path.join(mount, 'data');
const filler = path.join(mount, 'filler');
const key = randomBytes(32);
const vault = await openVault(key);
const lockFile = await wrapKey(key, PASSPHRASE, { idleMinutes: 0, since: null });

const roomLeft = (): number => {
  const { bavail, bsize } = statfsSync(mount);
  return bavail * bsize;
};
async function tryWith(to: 'on' | 'off', room: number): Promise<boolean> {
  for (const name of readdirSync(mount)) rmSync(path.join(mount, name), { recursive: true });
  cpSync(plain, dataDir, { recursive: true });
  const change = { dataDir, secrets: createFileSecrets(dataDir, log), vault, log };
  const seal = (): Promise<void> => sealWorkspace(change, lockFile);
  const turn = to === 'on' ? seal : (): Promise<void> => unsealWorkspace(change);
  if (to === 'off') await seal();
  writeFileSync(filler, Buffer.alloc(Math.max(0, roomLeft() - room)));
  const failure = await turn().then(
    () => null,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
  const isLocked = isLockOn(dataDir);
  const wasTidy = isTidy(dataDir);
  rmSync(filler);
  // Whole at once, and at the next start.
  await readFolder(dataDir, key);
  await finishLockChange(dataDir, change.secrets);
  if (failure !== null) await turn();
  const then = await readFolder(dataDir, key);
  process.stdout.write(`${JSON.stringify({ to, room, failure, isLocked, isTidy: wasTidy && isTidy(dataDir), atLast: then.isLocked })}\n`);
  return failure === null;
}

for (const to of ['on', 'off'] as const) {
  for (let room = 0; !(await tryWith(to, room)); room += STEP);
}
