import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deriveEpochKeys, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { createScratchDisk } from '../../../main/engine/sync/scratch-disk.ts';
import { openSnapshot, readSnapshotEpoch, sealSnapshot } from '../../../main/engine/sync/snapshot-seal.ts';

const NAME = { logId: 'log-1', seq: 1_000, stateVersion: 9 };
const keys = deriveEpochKeys(2, makeSecret());
const PART = 1024 * 1024;
const disk = createScratchDisk(null);

let folder = '';
const file = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-seal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a sealed snapshot', () => {
  test.each([1, PART - 1, PART, 2 * PART + 77])('of %i bytes comes back whole, and its hash is that of what lies on the relay', async (bytes) => {
    const plain = randomBytes(bytes);
    writeFileSync(file('plain'), plain);
    const sealed = await sealSnapshot(disk, file('plain'), file('sealed'), keys, NAME);
    const written = readFileSync(file('sealed'));
    expect(sealed).toEqual({ bytes: written.length, sha256: createHash('sha256').update(written).digest('hex') });
    expect(await readSnapshotEpoch(disk, file('sealed'))).toBe(2);
    expect(await readSnapshotEpoch(disk, file('plain'))).toBeNull();
    await openSnapshot(disk, file('sealed'), file('opened'), keys, NAME);
    expect(readFileSync(file('opened')).equals(plain)).toBe(true);
  });

  test('is never the same twice', async () => {
    writeFileSync(file('plain'), 'rows');
    const [first, second] = [await sealSnapshot(disk, file('plain'), file('a'), keys, NAME), await sealSnapshot(disk, file('plain'), file('b'), keys, NAME)];
    expect(first.sha256).not.toBe(second.sha256);
  });

  test('opens as no other one, with no other key, and not when it was damaged or cut', async () => {
    writeFileSync(file('plain'), randomBytes(PART + 5));
    await sealSnapshot(disk, file('plain'), file('sealed'), keys, NAME);
    const whole = readFileSync(file('sealed'));
    for (const other of [
      { ...NAME, logId: 'log-2' },
      { ...NAME, seq: 2_000 },
      { ...NAME, stateVersion: 10 },
    ])
      await expect(openSnapshot(disk, file('sealed'), file('opened'), keys, other)).rejects.toThrow('does not open');
    await expect(openSnapshot(disk, file('sealed'), file('opened'), deriveEpochKeys(2, makeSecret()), NAME)).rejects.toThrow('does not open');
    writeFileSync(file('sealed'), whole.subarray(0, whole.length - 21));
    await expect(openSnapshot(disk, file('sealed'), file('opened'), keys, NAME)).rejects.toThrow('another length');
    writeFileSync(file('sealed'), whole.subarray(0, whole.length - 1));
    await expect(openSnapshot(disk, file('sealed'), file('opened'), keys, NAME)).rejects.toThrow('does not open');
    const damaged = Buffer.from(whole);
    damaged[500] = (damaged[500] ?? 0) ^ 1;
    writeFileSync(file('sealed'), damaged);
    await expect(openSnapshot(disk, file('sealed'), file('opened'), keys, NAME)).rejects.toThrow('does not open');
  });
});
