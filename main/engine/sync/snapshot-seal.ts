/**
 * A snapshot's bytes as they lie on the relay: `header ‖ part 0 ‖ part 1 …`. Invariants: every snapshot has a key of its own, made from the epoch's
 * and a random salt; log, seq and state version are bound to that key, so no snapshot is taken for another; no file is ever whole in memory.
 */
import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { EpochKeys } from '../../../contract/sealing/key-ring.ts';
import { deriveObjectKey, openPart, PART_OVERHEAD_BYTES, sealPart } from '../../../contract/sealing/sealed-parts.ts';
import type { ScratchDisk, ScratchFile } from './scratch-disk.ts';

/** No compressed file begins so (Zstandard: 28 B5 2F FD, RFC 8878). */
const MAGIC = Buffer.from('BSN1', 'latin1');
const SALT_BYTES = 32;
/** Magic, epoch (32 bits), salt, number of parts (32 bits). */
const HEADER_BYTES = MAGIC.length + 4 + SALT_BYTES + 4;
const PART_BYTES = 1024 * 1024;
const SEALED_PART_BYTES = PART_BYTES + PART_OVERHEAD_BYTES;

export type SnapshotName = { logId: string; seq: number; stateVersion: number };

/** @returns size and SHA-256 (hex) of what was written to `to`. */
export async function sealSnapshot(
  disk: ScratchDisk,
  from: string,
  to: string,
  { epoch, snapshot }: Pick<EpochKeys, 'epoch' | 'snapshot'>,
  name: SnapshotName,
): Promise<{ bytes: number; sha256: string }> {
  const plain = (await stat(from)).size;
  const parts = countParts(plain);
  const salt = randomBytes(SALT_BYTES);
  const key = keyOf(snapshot, salt, name);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(epoch, MAGIC.length);
  salt.copy(header, MAGIC.length + 4);
  header.writeUInt32BE(parts, HEADER_BYTES - 4);
  const hash = createHash('sha256');
  let bytes = 0;
  await between(disk, from, to, async (source, target) => {
    const write = async (chunk: Buffer): Promise<void> => {
      hash.update(chunk);
      await target.write(chunk, 0, chunk.length, bytes);
      bytes += chunk.length;
    };
    await write(header);
    for (let part = 0; part < parts; part += 1) {
      const chunk = await readExactly(source, part * PART_BYTES, Math.min(PART_BYTES, plain - part * PART_BYTES));
      await write(sealPart(key, chunk, { part, parts }));
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** The epoch that the snapshot in a file is sealed to. Null: it is not sealed; it is from before the team had a key. */
export async function readSnapshotEpoch(disk: ScratchDisk, file: string): Promise<number | null> {
  const handle = await disk.open(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
    return bytesRead === HEADER_BYTES && header.subarray(0, MAGIC.length).equals(MAGIC) ? header.readUInt32BE(MAGIC.length) : null;
  } finally {
    await handle.close();
  }
}

/** @throws if it is not that snapshot, was sealed with another key, or is damaged; `to` is of no use then. */
export async function openSnapshot(disk: ScratchDisk, from: string, to: string, { snapshot }: Pick<EpochKeys, 'snapshot'>, name: SnapshotName): Promise<void> {
  const { size } = await stat(from);
  await between(disk, from, to, async (source, target) => {
    const header = await readExactly(source, 0, HEADER_BYTES);
    const parts = header.readUInt32BE(HEADER_BYTES - 4);
    const plain = size - HEADER_BYTES - parts * PART_OVERHEAD_BYTES;
    if (plain < 0 || parts !== countParts(plain)) throw new Error('the sealed snapshot has another length than its header says');
    const key = keyOf(snapshot, header.subarray(MAGIC.length + 4, MAGIC.length + 4 + SALT_BYTES), name);
    for (let part = 0; part < parts; part += 1) {
      const length = Math.min(PART_BYTES, plain - part * PART_BYTES) + PART_OVERHEAD_BYTES;
      const chunk = openPart(key, await readExactly(source, HEADER_BYTES + part * SEALED_PART_BYTES, length), { part, parts });
      if (chunk === null) throw new Error(`part ${part} of the snapshot does not open`);
      await target.write(chunk, 0, chunk.length, part * PART_BYTES);
    }
  });
}

async function between(disk: ScratchDisk, from: string, to: string, work: (source: ScratchFile, target: ScratchFile) => Promise<void>): Promise<void> {
  const source = await disk.open(from, 'r');
  try {
    const target = await disk.open(to, 'w');
    try {
      await work(source, target);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function readExactly(handle: ScratchFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('the snapshot’s file is shorter than it should be');
    done += bytesRead;
  }
  return buffer;
}

const countParts = (bytes: number): number => Math.max(1, Math.ceil(bytes / PART_BYTES));
const keyOf = (key: Buffer, salt: Uint8Array, { logId, seq, stateVersion }: SnapshotName): Buffer => deriveObjectKey(key, salt, JSON.stringify(['snapshot', logId, seq, stateVersion]));
