/**
 * A snapshot on its way between this desktop's disk and the relay. Invariants: nothing is believed before its hash is
 * verified; every length is limited before it is read or written; a file is complete or it is deleted.
 */
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { SNAPSHOT_PART_BYTES, SNAPSHOTS_PATH, snapshotAnnouncedSchema, snapshotMetaSchema, type SnapshotMeta } from '../../../contract/wire-http.ts';
import type { RelayHttp } from './relay-http.ts';
import { streamOf, writeAll, type ScratchDisk } from './scratch-disk.ts';

export type SnapshotHttp = Pick<RelayHttp, 'call' | 'putBytes' | 'getBytes'>;

/** Larger ones are not installed. */
const COMPRESSED_MAX = 4 * 1024 ** 3;
/** What a compressed file may grow to: rows of text shrink to about a tenth. */
const FILE_MAX = 32 * 1024 ** 3;
const GROWTH_MAX = 200;
const GROWTH_FREE = 64 * 1024 ** 2;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;

/** Of a snapshot's file into one for sending. */
export async function compressFile(disk: ScratchDisk, from: string, to: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(disk.readSnapshot(from), createZstdCompress(), hashing, async (chunks: AsyncIterable<Buffer>) => {
    bytes = await writeAll(disk, to, chunks);
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** The bytes of a snapshot that was compressed, in order. @param take reads all of them. */
export async function decompressFile(disk: ScratchDisk, from: string, take: (bytes: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> {
  const { size } = await stat(from);
  const max = Math.min(FILE_MAX, size * GROWTH_MAX + GROWTH_FREE);
  let written = 0;
  const limiting = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      written += chunk.length;
      if (written > max) done(new Error('the snapshot grows too large'));
      else done(null, chunk);
    },
  });
  await pipeline(streamOf(disk, from), createZstdDecompress(), limiting, take);
}

/** Announces and uploads; each part is tried several times. @throws AppError CHANGED_MEANWHILE if somebody else was faster. */
export async function uploadSnapshot(http: SnapshotHttp, disk: ScratchDisk, file: string, meta: SnapshotMeta, signal: AbortSignal, log: Log): Promise<void> {
  const { id } = await http.call({ method: 'POST', path: SNAPSHOTS_PATH, body: meta }, snapshotAnnouncedSchema);
  const path = `${SNAPSHOTS_PATH}/${encodeURIComponent(id)}`;
  const handle = await disk.open(file, 'r');
  try {
    const buffer = Buffer.alloc(SNAPSHOT_PART_BYTES);
    for (let part = 0; part * SNAPSHOT_PART_BYTES < meta.bytes; part += 1) {
      const { bytesRead } = await handle.read(buffer, 0, SNAPSHOT_PART_BYTES, part * SNAPSHOT_PART_BYTES);
      await tryAgain(() => http.putBytes(`${path}/${part}`, buffer.subarray(0, bytesRead), signal), signal, log);
    }
  } finally {
    await handle.close();
  }
  await tryAgain(() => http.call({ method: 'POST', path }, z.unknown()), signal, log);
}

/** What the relay says about the snapshot at `seq`. @throws AppError NOT_FOUND, INVALID_INPUT if it is not that one or too large. */
export async function readSnapshotMeta(http: SnapshotHttp, wanted: { logId: string; seq: number; stateVersion: number }, signal: AbortSignal, log: Log): Promise<SnapshotMeta> {
  const meta = await tryAgain(() => http.call({ method: 'GET', path: `${SNAPSHOTS_PATH}/${wanted.seq}/${wanted.stateVersion}` }, snapshotMetaSchema), signal, log);
  if (meta.logId !== wanted.logId || meta.seq !== wanted.seq || meta.stateVersion !== wanted.stateVersion)
    throw new AppError('INVALID_INPUT', 'the relay offers another snapshot than the one that was asked for');
  if (meta.bytes > COMPRESSED_MAX) throw new AppError('INVALID_INPUT', 'the snapshot is too large');
  return meta;
}

/** Downloads into `file`. @throws if it cannot be had, or its bytes are not those that were announced. */
export async function downloadSnapshot(http: SnapshotHttp, disk: ScratchDisk, file: string, meta: SnapshotMeta, onProgress: (fraction: number) => void, signal: AbortSignal, log: Log): Promise<void> {
  const hash = createHash('sha256');
  const handle = await disk.open(file, 'w');
  try {
    for (let part = 0; part * SNAPSHOT_PART_BYTES < meta.bytes; part += 1) {
      const start = part * SNAPSHOT_PART_BYTES;
      const length = Math.min(SNAPSHOT_PART_BYTES, meta.bytes - start);
      const bytes = await tryAgain(() => readPart(http, `${SNAPSHOTS_PATH}/${meta.seq}/${meta.stateVersion}/${part}`, length, signal), signal, log);
      hash.update(bytes);
      await handle.write(bytes, 0, bytes.length, start);
      onProgress((start + length) / meta.bytes);
    }
  } finally {
    await handle.close();
  }
  if (hash.digest('hex') !== meta.sha256) throw new Error('the snapshot’s bytes have another hash than was announced');
}

async function readPart(http: SnapshotHttp, path: string, length: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of await http.getBytes(path, signal)) {
    received += chunk.length;
    if (received > length) throw new AppError('NOT_A_RELAY', 'a part of the snapshot is too long');
    chunks.push(chunk);
  }
  if (received !== length) throw new AppError('NOT_A_RELAY', 'a part of the snapshot is too short');
  return Buffer.concat(chunks);
}

/** A refusal stays one; a line that broke may be whole again. */
async function tryAgain<T>(work: () => Promise<T>, signal: AbortSignal, log: Log): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isRefusal = error instanceof AppError && error.code !== 'OFFLINE';
      if (isRefusal || attempt === ATTEMPTS || signal.aborted) throw error;
      log('warn', 'snapshot.part_failed', { attempt, error: errorText(error) });
      await waitFor(FIRST_PAUSE_MS * 2 ** (attempt - 1), signal);
    }
  }
}

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export const deleteFile = (file: string): Promise<void> => rm(file, { force: true });
