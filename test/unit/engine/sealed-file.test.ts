import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deriveEpochKeys, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { findFileKeys, HEADER_BYTES, openSealed, plainSizeOf, readSealed, SealBrokenError, sealedSizeOf, sealedStartFor } from '../../../main/engine/media/sealed-file.ts';

const CHUNK = 64 * 1024;
const keys = deriveEpochKeys(3, makeSecret());
const ring = { find: (epoch: number) => (epoch === 3 ? keys : undefined) };
const keysOf = (head: Buffer | null) => (head === null ? keys : findFileKeys(ring, head));

const makeFile = (bytes: number) => {
  const plain = randomBytes(bytes);
  const sha256 = createHash('sha256').update(plain).digest('hex');
  const read = async function* (start: number, end: number) {
    for (let at = start; at < end; at += 10_000) yield plain.subarray(at, Math.min(end, at + 10_000));
  };
  const seal = (start: number, end: number, by = keys) => readSealed(read, { bytes, sha256 }, by, start, end);
  return { plain, sha256, seal, sealedBytes: sealedSizeOf(bytes) };
};
/** In pieces that fit neither a chunk nor each other. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const open = async (sealed: Buffer, sha256: string, { offset = 0, total = sealed.length, size = 9_973 } = {}): Promise<{ offset: number; bytes: Buffer } | null> => {
  const opened = openSealed({ offset, total, body: inPieces(sealed, size) }, sha256, keysOf);
  if (!opened) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.body) pieces.push(piece);
  return { offset: opened.offset, bytes: Buffer.concat(pieces) };
};

describe('a sealed file', () => {
  test.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])('of %i bytes comes back whole, of the size that was told', async (bytes) => {
    const { plain, sha256, seal, sealedBytes } = makeFile(bytes);
    const sealed = await seal(0, sealedBytes);
    expect(sealed.length).toBe(sealedBytes);
    expect(plainSizeOf(sealedBytes)).toBe(bytes);
    expect((await open(sealed, sha256))?.bytes.equals(plain)).toBe(true);
    // A few bytes may stand anywhere by chance.
    if (bytes >= 16) expect(sealed.includes(plain.subarray(0, 64))).toBe(false);
  });

  test('is the same bytes whoever seals it from wherever on, so that an upload goes on where it was', async () => {
    const { seal, sealedBytes } = makeFile(5 * CHUNK + 11);
    const whole = await seal(0, sealedBytes);
    for (const [start, end] of [
      [0, 5],
      [0, HEADER_BYTES + 1],
      [7, 9],
      [CHUNK, CHUNK + 1],
      [HEADER_BYTES + CHUNK + 16, sealedBytes - 3],
      [200_000, sealedBytes],
    ] as const)
      expect((await seal(start, end)).equals(whole.subarray(start, end)), `${start}–${end}`).toBe(true);
  });

  test('is gone on with from a whole chunk, whatever was here of the next one', async () => {
    const { plain, sha256, seal, sealedBytes } = makeFile(4 * CHUNK + 11);
    const sealed = await seal(0, sealedBytes);
    for (const have of [0, 10, CHUNK, 2 * CHUNK + 500, 4 * CHUNK, 4 * CHUNK + 10]) {
      const start = sealedStartFor(have);
      const opened = await open(sealed.subarray(start), sha256, { offset: start, total: sealedBytes });
      expect(opened?.offset).toBeLessThanOrEqual(have);
      expect(opened?.bytes.equals(plain.subarray(opened.offset)), `from ${have}`).toBe(true);
    }
  });

  test('a line that breaks leaves the chunks that came', async () => {
    const { plain, sha256, seal, sealedBytes } = makeFile(3 * CHUNK);
    const sealed = await seal(0, sealedBytes);
    const opened = await open(sealed.subarray(0, 2 * CHUNK + 5_000), sha256, { total: sealedBytes });
    expect(opened?.bytes.equals(plain.subarray(0, 2 * CHUNK))).toBe(true);
  });

  test('does not open damaged, under another name, cut short, or with chunks that changed places', async () => {
    const { sha256, seal, sealedBytes } = makeFile(3 * CHUNK + 5);
    const sealed = await seal(0, sealedBytes);
    const damaged = Buffer.from(sealed);
    damaged[CHUNK] = (damaged[CHUNK] ?? 0) ^ 1;
    const swapped = Buffer.concat([
      sealed.subarray(0, HEADER_BYTES),
      sealed.subarray(HEADER_BYTES + CHUNK + 16, HEADER_BYTES + 2 * (CHUNK + 16)),
      sealed.subarray(HEADER_BYTES, HEADER_BYTES + CHUNK + 16),
      sealed.subarray(HEADER_BYTES + 2 * (CHUNK + 16)),
    ]);
    await expect(open(damaged, sha256)).rejects.toThrow(SealBrokenError);
    await expect(open(swapped, sha256)).rejects.toThrow(SealBrokenError);
    await expect(open(sealed, 'ab'.repeat(32))).rejects.toThrow(SealBrokenError);
    // Without its last chunk it is a file of another size, and none that was sealed.
    const cut = sealed.subarray(0, HEADER_BYTES + 2 * (CHUNK + 16));
    await expect(open(cut, sha256)).rejects.toThrow(SealBrokenError);
    await expect(open(randomBytes(200), sha256)).rejects.toThrow('no sealed file');
    expect(await open(sealed.subarray(3), sha256, { offset: 3, total: sealedBytes })).toBeNull();
    expect(plainSizeOf(HEADER_BYTES)).toBeNull();
  });

  test('of an epoch whose key is not here is no fault of the file', async () => {
    const { sha256, seal, sealedBytes } = makeFile(100);
    const other = deriveEpochKeys(4, makeSecret());
    await expect(open(await seal(0, sealedBytes, other), sha256)).rejects.toThrow('epoch 4');
    await expect(open(await seal(0, sealedBytes, other), sha256)).rejects.not.toThrow(SealBrokenError);
  });
});
