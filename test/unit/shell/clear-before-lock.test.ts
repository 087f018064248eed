import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LOCK_FILE_NAME, removeLockFile, wrapKey, writeLockFile } from '../../../main/engine/lock/lock-file.ts';
import { clearBeforeLock } from '../../../main/shell/clear-before-lock.ts';

const log = vi.fn();
let dataDir = '';
const put = (name: string): void => {
  mkdirSync(path.dirname(path.join(dataDir, name)), { recursive: true });
  writeFileSync(path.join(dataDir, name), 'typed');
};
const list = (): string[] =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name !== LOCK_FILE_NAME && entry.name !== 'cleared-for-lock')
    .map((entry) => path.relative(dataDir, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .toSorted();
const turnOn = async (): Promise<void> => writeLockFile(dataDir, await wrapKey(Buffer.alloc(32, 1), 'lluvia tejado guitarra limon', { idleMinutes: 0, since: null }));
beforeEach(() => {
  log.mockReset();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-clear-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('what the window kept goes from both shells’ folders at the first start with the lock on, and not again', async () => {
  put('electron/Local Storage/before');
  put('electron/Network/Cookies');
  put('window-profile/Default/History');
  clearBeforeLock(dataDir, 'electron', log);
  expect(list()).toHaveLength(3);
  await turnOn();
  clearBeforeLock(dataDir, 'electron', log);
  expect(list()).toEqual([]);
  put('electron/Local Storage/since');
  clearBeforeLock(dataDir, 'electron', log);
  expect(list()).toEqual(['electron/Local Storage/since']);
  expect(log).not.toHaveBeenCalled();
});

test('what has nothing of the page stays: without Local State Windows could not open the secrets again', async () => {
  for (const name of ['electron/Local State', 'electron/window-state.json', 'electron/Preferences', 'window-profile/Local State']) put(name);
  await turnOn();
  clearBeforeLock(dataDir, 'electron', log);
  expect(list()).toEqual(['electron/Local State', 'electron/Preferences', 'electron/window-state.json', 'window-profile/Local State']);
});

test('turned off and on again without a start in between, it goes once more', async () => {
  put('electron/Local Storage/before');
  await turnOn();
  clearBeforeLock(dataDir, 'electron', log);
  await removeLockFile(dataDir);
  put('electron/Local Storage/meanwhile');
  await turnOn();
  clearBeforeLock(dataDir, 'electron', log);
  expect(list()).toEqual([]);
});

test.skipIf(process.platform === 'win32')('a folder that a browser still uses is cleared by a later start; one that a browser left behind, by this one', async () => {
  await turnOn();
  put('window-profile/Default/History');
  const link = path.join(dataDir, 'window-profile', 'SingletonLock');
  symlinkSync(`${os.hostname()}-${process.pid}`, link);
  clearBeforeLock(dataDir, null, log);
  expect(list()).toContain('window-profile/Default/History');
  expect(log).toHaveBeenCalledExactlyOnceWith('warn', 'lock.window_in_use', { shell: 'browser' });
  rmSync(link);
  // Larger than any process's number.
  symlinkSync(`${os.hostname()}-99999999`, link);
  clearBeforeLock(dataDir, null, log);
  expect(list()).toEqual(['window-profile/SingletonLock']);
});
