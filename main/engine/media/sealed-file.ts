/**
 * A file of the team as it lies on the relay: `header ‖ chunk 0 ‖ chunk 1 …`. Invariants: the same file of the same epoch is the same bytes whoever
 * seals it, so an upload goes on where it was; its key is made from the epoch's and the file's own hash, so two files never share one.
 */
import type { EpochKeys, KeyRing } from '../../../contract/sealing/key-ring.ts';
import { deriveObjectKey, openPart, PART_OVERHEAD_BYTES, sealPart } from '../../../contract/sealing/sealed-parts.ts';
import type { RangedBody } from './ranged-body.ts';

const MAGIC = Buffer.from('BSF1', 'latin1');
/** Magic, epoch (32 bits). */
export const HEADER_BYTES = MAGIC.length + 4;
const CHUNK_BYTES = 64 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + PART_OVERHEAD_BYTES;

/** Gives bytes of a file, `end` not included. */
type ReadPlain = (start: number, end: number) => AsyncIterable<Uint8Array>;

const countChunks = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
export const sealedSizeOf = (bytes: number): number => HEADER_BYTES + bytes + countChunks(bytes) * PART_OVERHEAD_BYTES;
/** Null: nothing that is sealed has this size. */
export function plainSizeOf(sealedBytes: number): number | null {
  const body = sealedBytes - HEADER_BYTES;
  const plain = body - Math.ceil(body / SEALED_CHUNK_BYTES) * PART_OVERHEAD_BYTES;
  return plain >= 0 && sealedSizeOf(plain) === sealedBytes ? plain : null;
}

/** Bytes `start` to `end` (not included) of what a file of `bytes` bytes is when it is sealed. @param sha256 of the file, hex. */
export async function readSealed(read: ReadPlain, { bytes, sha256 }: { bytes: number; sha256: string }, keys: Pick<EpochKeys, 'epoch' | 'file'>, start: number, end: number): Promise<Buffer> {
  const parts = countChunks(bytes);
  const key = keyOf(keys, sha256);
  const [first, last] = [chunkAt(start), Math.min(parts - 1, chunkAt(end - 1))];
  const plain = await collectBytes(read(first * CHUNK_BYTES, Math.min(bytes, (last + 1) * CHUNK_BYTES)));
  const pieces = start < HEADER_BYTES ? [makeHeader(keys.epoch)] : [];
  for (let part = first; part <= last; part += 1) {
    const from = (part - first) * CHUNK_BYTES;
    pieces.push(sealPart(key, plain.subarray(from, from + CHUNK_BYTES), { part, parts }));
  }
  const begin = start < HEADER_BYTES ? 0 : HEADER_BYTES + first * SEALED_CHUNK_BYTES;
  return Buffer.concat(pieces).subarray(start - begin, end - begin);
}

/** It is not what its name says: whoever brought it was wrong, and the relay may drop it. */
export class SealBrokenError extends Error {}
/** This desktop cannot judge it. */
export class NoKeyError extends Error {}

/** Where to ask the relay to begin, for whoever has so many bytes of the file: at a whole chunk. */
export const sealedStartFor = (have: number): number => (have < CHUNK_BYTES ? 0 : HEADER_BYTES + Math.floor(have / CHUNK_BYTES) * SEALED_CHUNK_BYTES);

/** @param head the first bytes of a sealed file, at least HEADER_BYTES. @throws SealBrokenError, NoKeyError */
export function findFileKeys(ring: Pick<KeyRing, 'find'>, head: Buffer): EpochKeys {
  if (head.length < HEADER_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) throw new SealBrokenError('this is no sealed file');
  const epoch = head.readUInt32BE(MAGIC.length);
  const keys = ring.find(epoch);
  if (!keys) throw new NoKeyError(`the key of epoch ${epoch} is missing`);
  return keys;
}

/**
 * Opens a file while it comes, a whole chunk at a time.
 * @param sealed as it comes from the relay, from its first byte on or from where `sealedStartFor` said.
 * @param keysOf from the first bytes of the sealed file; asked where those come, else with none.
 * @returns the file itself, from where that is; null: no sealed file has this size, or does not begin there. Reading it throws SealBrokenError,
 * what `keysOf` throws, and what breaks the line.
 */
export function openSealed(sealed: RangedBody, sha256: string, keysOf: (head: Buffer | null) => Pick<EpochKeys, 'file'>): (RangedBody & { total: number }) | null {
  const total = sealed.total === null ? null : plainSizeOf(sealed.total);
  const first = sealed.offset === 0 ? 0 : (sealed.offset - HEADER_BYTES) / SEALED_CHUNK_BYTES;
  if (total === null || !Number.isInteger(first)) return null;
  return { offset: first * CHUNK_BYTES, total, body: openChunks(sealed, total, first, sha256, keysOf) };
}

async function* openChunks({ offset, body }: RangedBody, total: number, first: number, sha256: string, keysOf: (head: Buffer | null) => Pick<EpochKeys, 'file'>): AsyncGenerator<Uint8Array> {
  const parts = countChunks(total);
  let key = offset === 0 ? null : keyOf(keysOf(null), sha256);
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Put together only when there is enough: a line may bring it byte by byte. */
  const take = (length: number): Buffer => {
    const [front] = held;
    const all = front && held.length === 1 ? Buffer.from(front.buffer, front.byteOffset, front.length) : Buffer.concat(held);
    held = [all.subarray(length)];
    heldBytes -= length;
    return all.subarray(0, length);
  };
  let part = first;
  for await (const bytes of body) {
    held.push(bytes);
    heldBytes += bytes.length;
    if (key === null) {
      if (heldBytes < HEADER_BYTES) continue;
      key = keyOf(keysOf(take(HEADER_BYTES)), sha256);
    }
    for (; part < parts; part += 1) {
      const length = Math.min(CHUNK_BYTES, total - part * CHUNK_BYTES) + PART_OVERHEAD_BYTES;
      if (heldBytes < length) break;
      const plain = openPart(key, take(length), { part, parts });
      if (plain === null) throw new SealBrokenError(`chunk ${part} does not open`);
      yield plain;
    }
  }
}

function makeHeader(epoch: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(epoch, MAGIC.length);
  return header;
}

const keyOf = ({ file }: Pick<EpochKeys, 'file'>, sha256: string): Buffer => deriveObjectKey(file, Buffer.from(sha256, 'hex'), 'file');
const chunkAt = (offset: number): number => Math.max(0, Math.floor((offset - HEADER_BYTES) / SEALED_CHUNK_BYTES));

export async function collectBytes(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}
