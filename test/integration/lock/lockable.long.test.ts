/** The lock around an engine that closes late, never or not at all, and around a folder that changes under it. Folder, keys and files are real. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import { DATABASE_FILE, SEALED_DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import type { Lock } from '../../../main/engine/lock/lock.ts';
import { LOCK_FILE_NAME } from '../../../main/engine/lock/lock-file.ts';
import { openLockable, type Lockable } from '../../../main/engine/lockable.ts';
import type { Vault } from '../../../main/engine/ports.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { fillFolder, isTidy, PASSPHRASE, readFolder } from './locked-folder.ts';

type Opened = { engine: Engine; stop(): Promise<void> };
const log = (): void => undefined;
const endProcess = vi.fn();
let dataDir = '';
let now = 0;
let stopEngine = async (): Promise<void> => undefined;
let openEngine = async (): Promise<void> => undefined;
/** What the engine was last opened with. */
let lock: Lock;
let vault: Vault | null = null;
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-lockable-'));
  await fillFolder(dataDir);
  now = Date.now();
  stopEngine = openEngine = async () => undefined;
  endProcess.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true, force: true });
});

const openFolder = (passphrase: string | null = null, mayBeLocked = true): Promise<Lockable<Opened>> =>
  openLockable<Opened>({
    dataDir,
    isOffered: true,
    passphrase,
    mayBeLocked,
    open: async (given, ofFolder) => {
      await openEngine();
      [vault, lock] = [given, ofFolder];
      return { engine: { router: {} } as Engine, stop: () => stopEngine() };
    },
    onChange: () => undefined,
    endProcess,
    ports: { clock: { now: () => now }, log, secrets: createFileSecrets(dataDir, log), showBadge: () => undefined },
  });
const isIdle = () => waitUntil('nothing is under way', () => Promise.resolve(lock.state().busy === null), 20_000);
async function openSealed(): Promise<Lockable<Opened>> {
  const desktop = await openFolder();
  await lock.turnOn(PASSPHRASE);
  await isIdle();
  expect(lock.state()).toMatchObject({ isOn: true, isLocked: false, failure: null });
  return desktop;
}

it('lock.json that vanishes while the folder is open: it cannot be encrypted once more, and the file is back when it locks', async () => {
  const desktop = await openSealed();
  const file = path.join(dataDir, LOCK_FILE_NAME);
  const kept = readFileSync(file, 'utf8');
  rmSync(file);
  expect(lock.state().isOn).toBe(true);
  await expect(lock.turnOn('otra frase de paso larga')).rejects.toThrow(AppError);
  desktop.lock();
  await isIdle();
  expect(readFileSync(file, 'utf8')).toBe(kept);
  await desktop.stop();
  expect(await readFolder(dataDir)).toEqual({ isLocked: true });
});

it('lock.json that vanishes while it is locked: no empty folder is made in its place', async () => {
  const desktop = await openSealed();
  desktop.lock();
  await isIdle();
  rmSync(path.join(dataDir, LOCK_FILE_NAME));
  await desktop.stop();
  await expect(openFolder()).rejects.toThrow('lock.json is missing');
  expect([existsSync(path.join(dataDir, SEALED_DATABASE_FILE)), existsSync(path.join(dataDir, DATABASE_FILE))]).toEqual([true, false]);
});

it('where nobody can unlock it, it does not lock itself; where somebody can, it does', async () => {
  const first = await openSealed();
  await lock.setIdle(5);
  await first.stop();
  for (const mayBeLocked of [false, true]) {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const desktop = await openFolder(PASSPHRASE, mayBeLocked);
    now += 6 * 60_000;
    vi.advanceTimersByTime(20_000);
    await isIdle();
    expect(lock.state().isLocked).toBe(mayBeLocked);
    await desktop.stop();
    vi.useRealTimers();
  }
});

it('asked to lock while it is encrypted or opened, it locks when that is done', async () => {
  const desktop = await openFolder();
  await lock.turnOn(PASSPHRASE);
  desktop.lock();
  await waitUntil('it is locked', () => Promise.resolve(lock.state().isOn && lock.state().isLocked && lock.state().busy === null), 20_000);
  await lock.unlock(PASSPHRASE);
  desktop.lock();
  await waitUntil('it is locked again', () => Promise.resolve(lock.state().isLocked && lock.state().busy === null), 20_000);
  expect(desktop.workspace()).toBeNull();
  await desktop.stop();
});

it('an engine that does not close ends the program, and its keys are of no use to it any more', async () => {
  const desktop = await openSealed();
  const open = vault!;
  stopEngine = () => Promise.reject(new Error('it does not close'));
  desktop.lock();
  await waitUntil('the program ends', () => Promise.resolve(endProcess.mock.calls.length === 1), 20_000);
  expect(() => open.fileKeys.content).toThrow('locked');
  expect(() => open.openFile(path.join(dataDir, SEALED_DATABASE_FILE))).toThrow('locked');
});

it('an engine that hangs while it closes ends the program as well', async () => {
  const desktop = await openSealed();
  stopEngine = () => new Promise(() => undefined);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  desktop.lock();
  await vi.waitFor(() => {
    vi.advanceTimersByTime(8_000);
    expect(endProcess).toHaveBeenCalledOnce();
  });
});

it('a folder that was decrypted and did not open is tried again by itself: no passphrase would open it', async () => {
  const desktop = await openSealed();
  openEngine = () => Promise.reject(new Error('not now'));
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const opened = lock;
  await opened.turnOff(PASSPHRASE);
  await waitUntil('it has failed', () => Promise.resolve(opened.state().failure !== null && opened.state().busy === null), 20_000);
  expect(opened.state()).toMatchObject({ isOn: false, isLocked: true });
  openEngine = async () => undefined;
  vi.advanceTimersByTime(10_000);
  await waitUntil('it is open', () => Promise.resolve(!lock.state().isLocked && lock.state().busy === null), 20_000);
  expect(isTidy(dataDir)).toBe(true);
  await desktop.stop();
});

it('a database that is too large to be written anew in memory is left as it is, and it is said', async () => {
  const desktop = await openFolder();
  const file = path.join(dataDir, DATABASE_FILE);
  const { size } = statSync(file);
  truncateSync(file, 2 * 1024 ** 3 + 1);
  await lock.turnOn(PASSPHRASE);
  await isIdle();
  expect(lock.state()).toMatchObject({ isOn: false, isLocked: false, failure: 'TOO_LARGE' });
  truncateSync(file, size);
  await desktop.stop();
  expect(await readFolder(dataDir)).toEqual({ isLocked: false });
});
