/** What a window kept in its browser's folder before the lock was turned on: removed at the next start, once. Since then it keeps such things with the engine. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorText, type Log } from '../../contract/log.ts';

/** Says that nothing of before is there. */
const MARK = 'cleared-for-lock';
/** By which Chromium knows that it runs. */
const IN_USE = /^(?:Singleton|lockfile$)/;

/** @param folder of Chromium, which uses none of it yet. What cannot be removed is left to the next start. */
export function clearBeforeLock(folder: string, isLockOn: boolean, log: Log): void {
  try {
    clear(folder, isLockOn);
  } catch (error) {
    log('error', 'lock.window_not_cleared', { error: errorText(error) });
  }
}

function clear(folder: string, isLockOn: boolean): void {
  const mark = path.join(folder, MARK);
  if (!isLockOn) return rmSync(mark, { force: true });
  if (existsSync(mark)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (!IN_USE.test(name)) rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  writeFileSync(mark, '', { mode: 0o600 });
}
