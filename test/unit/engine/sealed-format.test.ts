/** Files of messages as the lock keeps them, while they come in and after. */
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMediaFiles, type MediaFiles } from '../../../main/engine/media/media-files.ts';
import { createSealedFormat, SEALED_FOLDER } from '../../../main/engine/media/sealed-format.ts';
import { createStoredFiles } from '../../../main/engine/stored-files.ts';

const CHUNK = 64 * 1024;
const format = createSealedFormat({ content: randomBytes(32), name: randomBytes(32) });
let folder = '';
let files: MediaFiles;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-sealed-'));
  files = createMediaFiles(folder, format);
});
afterEach(() => rmSync(folder, { recursive: true }));

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const part = (): string => path.join(folder, SEALED_FOLDER, 'parts', 'p.part');
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const append = (bytes: Buffer, from: number, to: number, size = 7_001) => files.append('p', from, inPieces(bytes.subarray(from, to), size), bytes.length);
async function readAll(bytes: Buffer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.read(sha256Of(bytes)).stream(0, bytes.length)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])('one of %i bytes that came in three times is whole', async (length) => {
  const bytes = randomBytes(length);
  for (const [from, to] of [
    [0, Math.floor(length / 3)],
    // Some of it comes again.
    [Math.floor(length / 4), Math.floor(length / 2)],
    [Math.floor(length / 2), length],
  ] as const)
    await append(bytes, from, to);
  expect(await files.sizeOfPart('p')).toBe(length);
  const whole = await files.inspect('p');
  expect([whole.sha256, whole.bytes]).toEqual([sha256Of(bytes), length]);
  await files.keep('p', whole.sha256);
  expect(await files.sizeOf(whole.sha256)).toBe(length);
  expect((await readAll(bytes)).equals(bytes)).toBe(true);
});

test('a power cut within a chunk costs that chunk, and one within the header the beginning', async () => {
  const bytes = randomBytes(2 * CHUNK + 500);
  await append(bytes, 0, bytes.length);
  truncateSync(part(), statSync(part()).size - 20);
  expect(await files.sizeOfPart('p')).toBe(2 * CHUNK);
  await append(bytes, 2 * CHUNK, bytes.length);
  expect((await files.inspect('p')).sha256).toBe(sha256Of(bytes));
  truncateSync(part(), 50);
  expect(await files.sizeOfPart('p')).toBe(0);
  await append(bytes, 0, bytes.length);
  expect((await files.inspect('p')).sha256).toBe(sha256Of(bytes));
});

test('a part that is damaged in its middle is no file, and is not taken for one', async () => {
  const bytes = randomBytes(3 * CHUNK);
  await append(bytes, 0, bytes.length);
  const stored = readFileSync(part());
  stored[CHUNK + 1_000]! ^= 1;
  writeFileSync(part(), stored);
  expect(await files.inspect('p')).toMatchObject({ sha256: '', bytes: 0 });
});

test('a file under the name of another, or cut at the end, is not given out', async () => {
  const [one, other] = [randomBytes(2 * CHUNK), randomBytes(2 * CHUNK)];
  for (const bytes of [one, other]) {
    await append(bytes, 0, bytes.length);
    await files.inspect('p');
    await files.keep('p', sha256Of(bytes));
  }
  const stored = createStoredFiles(folder, format);
  const [first, second] = [sha256Of(one), sha256Of(other)];
  const kept = readFileSync(stored.fileOf(first));
  copyFileSync(stored.fileOf(second), stored.fileOf(first));
  await expect(stored.open({ sha256: first, isThumbnail: false })).rejects.toThrow('not the file of its name');
  writeFileSync(stored.fileOf(first), kept.subarray(0, kept.length - CHUNK));
  await expect(stored.open({ sha256: first, isThumbnail: false })).rejects.toThrow('not the file of its name');
  writeFileSync(stored.fileOf(first), kept);
  mkdirSync(path.dirname(stored.thumbnailOf(first)));
  copyFileSync(stored.fileOf(first), stored.thumbnailOf(first));
  await expect(stored.open({ sha256: first, isThumbnail: true })).rejects.toThrow('not the file of its name');
  expect((await readAll(one)).equals(one)).toBe(true);
});
