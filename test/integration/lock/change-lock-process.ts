/** Turns the lock of a folder on or off, and is killed after the step that it is told: `on|off`, folder, step. */
import { randomBytes } from 'node:crypto';
import { sealWorkspace, unsealWorkspace } from '../../../main/engine/lock/change-lock.ts';
import { readLockFile, unwrapKey, wrapKey } from '../../../main/engine/lock/lock-file.ts';
import { openVault } from '../../../main/engine/lock/vault.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';
import { PASSPHRASE } from './locked-folder.ts';

const [to, dataDir = '', at] = process.argv.slice(2);
const log = (): void => undefined;
const lockFile = readLockFile(dataDir);
const key = (lockFile && (await unwrapKey(lockFile, PASSPHRASE))) ?? randomBytes(32);
const change = {
  dataDir,
  secrets: createFileSecrets(dataDir, log),
  vault: await openVault(key),
  log,
  onStep: (step: string) => {
    if (step === at) process.kill(process.pid, 'SIGKILL');
  },
};
if (to === 'on') await sealWorkspace(change, await wrapKey(key, PASSPHRASE, { idleMinutes: 0, since: null }));
else await unsealWorkspace(change);
