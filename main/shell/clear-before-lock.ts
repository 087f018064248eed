/**
 * What a window kept in its browser's folder before the lock was turned on: removed at the next start, once each time that the lock is turned on. Since
 * then the window keeps such things with the engine. Only what holds something of the page goes: Chromium's `Local State` has the key of the system's store.
 */
import { existsSync, lstatSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorText, type Log } from '../../contract/log.ts';
import { readLockMark } from '../engine/lockable.ts';

/** In the workspace's folder; either shell may have been used. */
export const PROFILES = { electron: 'electron', browser: 'window-profile' } as const;
/** Says for which lock nothing of before is there. */
const MARK = 'cleared-for-lock';
/** Of a browser, all that it knows of its one page is in `Default`. */
const OF_THE_PAGE = [
  'Default',
  'Partitions',
  'Local Storage',
  'Session Storage',
  'IndexedDB',
  'WebStorage',
  'databases',
  'File System',
  'Service Worker',
  'blob_storage',
  'shared_proto_db',
  'Cache',
  'Code Cache',
  'GPUCache',
  'ShaderCache',
  'GrShaderCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GraphiteDawnCache',
  'component_crx_cache',
  'Network',
  'Cookies',
  'Cookies-journal',
  'SharedStorage',
  'SharedStorage-wal',
  'VideoDecodeStats',
  'Crashpad',
];

/** @param own the shell that starts: nobody else runs on its folder, and it has not used it yet. What cannot be removed is left to the next start. */
export function clearBeforeLock(dataDir: string, own: keyof typeof PROFILES | null, log: Log): void {
  for (const shell of ['electron', 'browser'] as const) {
    try {
      const lock = readLockMark(dataDir);
      const folder = path.join(dataDir, PROFILES[shell]);
      if (lock === null || !existsSync(folder)) continue;
      if (shell !== own && isInUse(folder)) log('warn', 'lock.window_in_use', { shell });
      else clear(folder, lock);
    } catch (error) {
      log('error', 'lock.window_not_cleared', { shell, error: errorText(error) });
    }
  }
}

function clear(folder: string, lock: string): void {
  const mark = path.join(folder, MARK);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  for (const name of OF_THE_PAGE) rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  writeFileSync(mark, lock, { mode: 0o600 });
}

/** Chromium's own marks: on Windows a file that goes with the process, elsewhere a link to `host-pid`, which a crash leaves. */
function isInUse(folder: string): boolean {
  if (lstatSync(path.join(folder, 'lockfile'), { throwIfNoEntry: false })) return true;
  const link = path.join(folder, 'SingletonLock');
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const pid = Number(/-(\d+)$/.exec(readlinkSync(link))?.[1]);
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
