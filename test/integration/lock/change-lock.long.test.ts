/** Turning the lock on and off, whatever ends the process on the way, and what lies on the disk then. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LockStep } from '../../../main/engine/lock/change-lock.ts';
import { finishLockChange } from '../../../main/engine/lock/change-lock.ts';
import { LOCK_FILE_NAME, readLockFile, unwrapKey, wrapKey, type LockFile } from '../../../main/engine/lock/lock-file.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';
import { findPlainInFolder } from '../../support/find-plain.ts';
import { fillFolder, isTidy, PASSPHRASE, readFolder, SHA256, WORD } from './locked-folder.ts';

const PROCESS = path.join(import.meta.dirname, 'change-lock-process.ts');
let dataDir = '';
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-lock-'));
  await fillFolder(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** @param at the step after which it is killed; none: it ends by itself. */
function change(to: 'on' | 'off', at: LockStep | '' = ''): void {
  const { status, signal, stderr } = spawnSync(process.execPath, [PROCESS, to, dataDir, at], { encoding: 'utf8' });
  if (at === '') expect(`${status} ${stderr}`).toBe('0 ');
  else expect(signal).toBe('SIGKILL');
}
const start = (): Promise<void> =>
  finishLockChange(
    dataDir,
    createFileSecrets(dataDir, () => undefined),
  );
const find = (): string[] => findPlainInFolder(dataDir, [WORD, SHA256]);

describe('a folder with a lock', () => {
  it('holds nothing in plain, neither in a file nor in a name; without it, everything', async () => {
    for (const name of ['bandeja.db', 'secrets.json', `media${path.sep}${SHA256.slice(0, 2)}`, `media${path.sep}thumbs`])
      expect(
        find().some((found) => found.startsWith(name)),
        name,
      ).toBe(true);
    change('on');
    expect(find()).toEqual([]);
    expect(await readFolder(dataDir)).toEqual({ isLocked: true });
    expect(isTidy(dataDir)).toBe(true);
    expect(statSync(path.join(dataDir, LOCK_FILE_NAME)).mode & 0o777).toBe(0o600);
    change('off');
    expect(await readFolder(dataDir)).toEqual({ isLocked: false });
    expect(isTidy(dataDir)).toBe(true);
    expect(find()).not.toEqual([]);
  });

  const BEFORE: LockStep[] = ['database', 'files', 'secrets'];
  const AFTER: LockStep[] = ['decided', 'removed'];
  it.each([...BEFORE, ...AFTER])('killed after “%s” of turning it on, is whole at the next start', async (at) => {
    change('on', at);
    await start();
    expect(await readFolder(dataDir)).toEqual({ isLocked: AFTER.includes(at) });
    expect(isTidy(dataDir)).toBe(true);
    if (AFTER.includes(at)) expect(find()).toEqual([]);
    else change('on');
    expect(await readFolder(dataDir)).toEqual({ isLocked: true });
  });

  it.each([...BEFORE, ...AFTER])('killed after “%s” of turning it off, is whole at the next start', async (at) => {
    change('on');
    change('off', at);
    await start();
    expect(await readFolder(dataDir)).toEqual({ isLocked: BEFORE.includes(at) });
    expect(isTidy(dataDir)).toBe(true);
    if (BEFORE.includes(at)) expect(find()).toEqual([]);
  });

  it('is decrypted without a file that is damaged inside', async () => {
    change('on');
    const sealed = path.join(dataDir, 'media.sealed');
    const file = readdirSync(sealed, { recursive: true })
      .map((name) => path.join(sealed, String(name)))
      .find((name) => statSync(name).size > 150_000)!;
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(100_000) ^ 1, 100_000);
    writeFileSync(file, bytes);
    change('off');
    expect(existsSync(path.join(dataDir, 'media', SHA256.slice(0, 2), SHA256))).toBe(false);
    expect(existsSync(path.join(dataDir, 'media', 'thumbs', SHA256))).toBe(true);
    expect(isTidy(dataDir)).toBe(true);
  });

  it('whose lock.json is gone or damaged is left as it is, and it is said', async () => {
    change('on');
    const file = path.join(dataDir, LOCK_FILE_NAME);
    const kept = readFileSync(file);
    rmSync(file);
    await expect(start()).rejects.toThrow('lock.json is missing');
    writeFileSync(file, '{"v":1}');
    expect(() => readLockFile(dataDir)).toThrow('is damaged');
    const { kdf, ...rest } = JSON.parse(kept.toString()) as LockFile;
    for (const bad of [{ N: 100_000 }, { N: 2 ** 20, r: 8 }, { p: 5 }]) {
      writeFileSync(file, JSON.stringify({ ...rest, kdf: { ...kdf, ...bad } }));
      expect(() => readLockFile(dataDir), JSON.stringify(bad)).toThrow('is damaged');
    }
    writeFileSync(file, kept);
    await start();
    expect(await readFolder(dataDir)).toEqual({ isLocked: true });
  });
});

describe('the wrapped key', () => {
  it('comes out with the passphrase alone, also when an accent is written as two characters', async () => {
    const key = Buffer.alloc(32, 7);
    const lockFile = await wrapKey(key, 'camión azul de mañana', { idleMinutes: 5, since: null });
    expect(JSON.stringify(lockFile)).not.toContain(key.toString('base64').slice(2, 30));
    expect(await unwrapKey(lockFile, 'camión azul de mañana'.normalize('NFD'))).toEqual(key);
    expect(await unwrapKey(lockFile, 'camion azul de mañana')).toBeNull();
    expect(await unwrapKey({ ...lockFile, kdf: { ...lockFile.kdf, salt: Buffer.alloc(16).toString('base64') } }, PASSPHRASE)).toBeNull();
  });
});
