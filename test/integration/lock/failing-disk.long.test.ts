/**
 * The lock over a disk that fails: each call that changes something fails once, and a disk that is really full. Whatever fails, the folder is as it was or
 * as it was to become, nothing is lost, and the next try succeeds.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { SEALED_DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import { DecisionNotSafe, finishLockChange, sealWorkspace, unsealWorkspace } from '../../../main/engine/lock/change-lock.ts';
import type { Lock } from '../../../main/engine/lock/lock.ts';
import { isLockOn, LOCK_FILE_NAME, wrapKey, type LockFile } from '../../../main/engine/lock/lock-file.ts';
import { finishMoveAside, moveAside } from '../../../main/engine/lock/move-aside.ts';
import { openVault } from '../../../main/engine/lock/vault.ts';
import { openLockable } from '../../../main/engine/lockable.ts';
import type { Vault } from '../../../main/engine/ports.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { fillFolder, isTidy, PASSPHRASE, readFolder } from './locked-folder.ts';

/** Of the calls that change the disk, counted from 1, the one that fails; null: none. */
const disk = vi.hoisted(() => {
  const state = { failsAt: null as number | null, calls: 0, failed: null as string | null, only: null as RegExp | null };
  return {
    state,
    /** @throws as a disk does: a write finds no room, everything else an error of the device. */
    call: (name: string): void => {
      if (state.failsAt === null || (state.only && !state.only.test(name))) return;
      state.calls += 1;
      if (state.calls !== state.failsAt) return;
      state.failed = name;
      const code = /^(?:write|writeFile|copyFile|mkdir|open)$/.test(name) ? 'ENOSPC' : 'EIO';
      throw Object.assign(new Error(`${code}: ${name}`), { code });
    },
  };
});
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const failing = <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async function (this: unknown, ...args: Args): Promise<Result> {
      disk.call(name);
      return call.apply(this, args);
    };
  const handle = await real.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as Record<string, (...args: unknown[]) => Promise<unknown>>;
  await handle.close();
  for (const name of ['write', 'writeFile', 'sync', 'truncate']) prototype[name] = failing(name, prototype[name]!);
  const replaced = {
    open: (async (file, flags, mode) => {
      if (flags !== 'r' && flags !== undefined) disk.call('open');
      return real.open(file, flags, mode);
    }) satisfies typeof real.open,
    rename: failing('rename', real.rename),
    copyFile: failing('copyFile', real.copyFile),
    mkdir: failing('mkdir', real.mkdir as (...args: unknown[]) => Promise<unknown>),
    rm: failing('rm', real.rm),
    chmod: failing('chmod', real.chmod),
  };
  return { ...real, ...replaced, default: { ...real, ...replaced } };
});

const log = (): void => undefined;
const key = randomBytes(32);
let root = '';
let dataDir = '';
let vault: Vault;
let lockFile: LockFile;
beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'bandeja-failing-'));
  vault = await openVault(key);
  lockFile = await wrapKey(key, PASSPHRASE, { idleMinutes: 0, since: 1 });
  await fillFolder(path.join(root, 'plain'));
  cpSync(path.join(root, 'plain'), path.join(root, 'locked'), { recursive: true });
  dataDir = path.join(root, 'locked');
  await seal();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  dataDir = path.join(root, 'tried');
});
afterEach(() => {
  disk.state.failsAt = disk.state.only = null;
  rmSync(dataDir, { recursive: true, force: true });
});

const secrets = () => createFileSecrets(dataDir, log);
const seal = (): Promise<void> => sealWorkspace({ dataDir, secrets: secrets(), vault, log }, lockFile);
const unseal = (): Promise<void> => unsealWorkspace({ dataDir, secrets: secrets(), vault, log });
const aside = (): string | undefined => readdirSync(dataDir).find((name) => name.startsWith('locked-'));

function begin(from: 'plain' | 'locked', failsAt: number): void {
  rmSync(dataDir, { recursive: true, force: true });
  cpSync(path.join(root, from), dataDir, { recursive: true });
  Object.assign(disk.state, { failsAt, calls: 0, failed: null });
}
/** @returns what failed, if anything still did. */
function end(): string | null {
  disk.state.failsAt = null;
  return disk.state.failed;
}

it.each([
  ['on', 'plain', seal, true],
  ['off', 'locked', unseal, false],
] as const)(
  'turning it %s over a disk on which one call after the other fails',
  async (_to, from, change, isToLock) => {
    const failed = new Set<string>();
    let refused = 0;
    for (let at = 1; ; at += 1) {
      begin(from, at);
      const error = await change().then(
        () => null,
        (caught: unknown) => caught,
      );
      const call = end();
      if (call === null) break;
      failed.add(call);
      const what = `${call} ${at}`;
      // What went wrong before the step that decides is told, and the folder is as before at once; after it, it is done.
      if (!(error instanceof DecisionNotSafe)) expect(isLockOn(dataDir), what).toBe((error === null) === isToLock);
      if (error !== null) refused += 1;
      await finishLockChange(dataDir, secrets());
      const { isLocked } = await readFolder(dataDir, key);
      if (error === null) expect(isLocked, what).toBe(isToLock);
      expect(isTidy(dataDir), what).toBe(true);
      if (isLocked !== isToLock) await change();
      expect(await readFolder(dataDir, key), what).toEqual({ isLocked: isToLock });
      expect(isTidy(dataDir), what).toBe(true);
    }
    expect([...failed].toSorted()).toEqual(expect.arrayContaining(['copyFile', 'mkdir', 'open', 'rm', 'sync', 'write', 'writeFile', ...(isToLock ? ['rename'] : [])]));
    expect(refused).toBeGreaterThan(20);
  },
  240_000,
);

it('setting the locked folder aside over a disk on which one call after the other fails', async () => {
  for (let at = 1; ; at += 1) {
    begin('locked', at);
    const error: unknown = await moveAside(dataDir, secrets(), 0).then(() => null, String);
    const call = end();
    if (call === null) break;
    const what = `${call} ${at}`;
    expect(error, what).not.toBeNull();
    if (isLockOn(dataDir)) {
      expect(await readFolder(dataDir, key), what).toEqual({ isLocked: true });
      await moveAside(dataDir, secrets(), 1000);
    } else await finishMoveAside(dataDir, secrets());
    expect(existsSync(path.join(dataDir, SEALED_DATABASE_FILE)), what).toBe(false);
    expect(await readFolder(path.join(dataDir, aside()!), key), what).toEqual({ isLocked: true });
    expect(await secrets().get('graph-token.sealed'), what).toBeNull();
  }
}, 240_000);

it('a disk that is full or fails is told apart, the desktop stays open as it was, and the next try succeeds', async () => {
  begin('plain', Infinity);
  let lock!: Lock;
  const endProcess = vi.fn();
  const desktop = await openLockable({
    dataDir,
    isOffered: true,
    passphrase: null,
    mayBeLocked: true,
    open: async (_vault, given) => {
      lock = given;
      return { engine: { router: {} } as Engine, stop: async () => undefined };
    },
    onChange: () => undefined,
    endProcess,
    ports: { clock: { now: () => Date.now() }, log, secrets: secrets(), showBadge: () => undefined },
  });
  const isIdle = () => waitUntil('nothing is under way', () => Promise.resolve(lock.state().busy === null), 20_000);
  const failNext = (only: RegExp): void => void Object.assign(disk.state, { failsAt: 1, calls: 0, failed: null, only });

  for (const [call, failure] of [
    [/^copyFile$/, 'DISK_FULL'],
    [/^write$/, 'DISK_FULL'],
    [/^sync$/, 'INTERNAL'],
    [/^rename$/, 'INTERNAL'],
  ] as const) {
    failNext(call);
    await lock.turnOn(PASSPHRASE);
    await isIdle();
    expect(end(), String(call)).not.toBeNull();
    expect(lock.state(), String(call)).toMatchObject({ isOn: false, isLocked: false, failure });
    expect(isTidy(dataDir), String(call)).toBe(true);
  }
  await lock.turnOn(PASSPHRASE);
  await isIdle();
  expect(lock.state()).toMatchObject({ isOn: true, isLocked: false, failure: null });
  expect(Math.abs(Date.now() - lock.state().since!)).toBeLessThan(60_000);
  failNext(/^write$/);
  await lock.turnOff(PASSPHRASE);
  await isIdle();
  expect(lock.state()).toMatchObject({ isOn: true, isLocked: false, failure: 'DISK_FULL' });
  disk.state.failsAt = null;
  await lock.turnOff(PASSPHRASE);
  await isIdle();
  expect(lock.state()).toMatchObject({ isOn: false, isLocked: false, failure: null, since: null });
  expect(endProcess).not.toHaveBeenCalled();
  await desktop.stop();
  expect(await readFolder(dataDir)).toEqual({ isLocked: false });
}, 120_000);

const MOUNTS = 'mount -t tmpfs -o size=1m tmpfs "$1"';
/** A file system of a size of our own needs a user namespace. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-rm', 'sh', '-c', MOUNTS, 'sh', os.tmpdir()]).status === 0;

it.skipIf(!canMount)(
  'a disk that is really full, in one place after the other: nothing is lost, and with room again it succeeds',
  () => {
    const mount = path.join(root, 'mounted');
    cpSync(path.join(root, 'plain'), mount, { recursive: true });
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        'mount -t tmpfs -o size=64m tmpfs "$1" && exec "$2" "$3" "$1" "$4"',
        'sh',
        mount,
        process.execPath,
        path.join(import.meta.dirname, 'full-disk-process.ts'),
        path.join(root, 'plain'),
      ],
      { encoding: 'utf8', timeout: 200_000 },
    );
    expect(`${status} ${stderr}`).toBe('0 ');
    const tries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { to: 'on' | 'off'; room: number; failure: string | null; isLocked: boolean; isTidy: boolean; atLast: boolean });
    for (const { to, ...tried } of tries) {
      expect(tried.isLocked, JSON.stringify(tried)).toBe((to === 'on') === (tried.failure === null));
      expect([tried.isTidy, tried.atLast], JSON.stringify(tried)).toEqual([true, to === 'on']);
    }
    for (const to of ['on', 'off']) {
      const failures = tries.filter((tried) => tried.to === to).map(({ failure }) => failure);
      expect(failures).toContain('ENOSPC');
      expect(failures).toContain(null);
      expect(failures.filter((failure) => failure !== null && !/^(?:ENOSPC|SQLITE_FULL|SQLITE_IOERR_SHMSIZE)$/.test(failure))).toEqual([]);
    }
  },
  220_000,
);

it('a folder that lock.json has left stays as it is: it is not taken for one that was set aside', async () => {
  begin('locked', Infinity);
  const kept = readFileSync(path.join(dataDir, LOCK_FILE_NAME));
  rmSync(path.join(dataDir, LOCK_FILE_NAME));
  await expect(finishLockChange(dataDir, secrets())).rejects.toThrow('lock.json is missing');
  const handle = await open(path.join(dataDir, LOCK_FILE_NAME), 'w');
  await handle.writeFile(kept);
  await handle.close();
  expect(await readFolder(dataDir, key)).toEqual({ isLocked: true });
});
