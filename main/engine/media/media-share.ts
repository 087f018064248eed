/**
 * Puts a file of this desktop to the team's store at the relay, from where that is: sealed, where the team has a key. Harmless to repeat: the relay keeps
 * each file once, and of many that were asked to bring one again one is enough.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { shortId, type Log } from '../../../contract/log.ts';
import { BLOB_PART_BYTES, blobProgressSchema, BLOBS_PATH } from '../../../contract/wire-http.ts';
import type { MediaQueries } from '../db/media-queries.ts';
import { growPause, type JobHandler } from '../jobs/job-runner.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { KeyRing } from '../../../contract/sealing/key-ring.ts';
import type { MediaFiles } from './media-files.ts';
import { claim } from './claim.ts';
import { collectBytes, readSealed, sealedSizeOf } from './sealed-file.ts';
import { nameFile } from './file-names.ts';

/** `isWanted`: the relay has asked everybody for it. */
export const sharePayloadSchema = z.object({ isWanted: z.boolean().default(false) });

const RETRY_MS = { first: 2_000, max: 60 * 60_000 };
/** About two days of a relay that has no room: colleagues have the file by then, or never will. */
const ATTEMPTS_MAX = 60;
/** Many wait for the same. */
const JITTER_MS = 30_000;
/** There is a line in a moment, most often, or a person has to come first. */
const KEYS_WAIT_MS = { first: 500, max: 30_000 };
/** So often a colleague's desktop was at it and the file is still not there: two that bring it do no harm. */
const REFUSALS_MAX = 3;

type Deps = {
  queries: MediaQueries;
  files: MediaFiles;
  http: RelayHttp;
  ring: KeyRing;
  /** False: there is no line, or this desktop waits for the team's key. */
  mayUseKeys: () => boolean;
  abandoned: () => AbortSignal;
  random: () => number;
  log: Log;
};

export function createShareHandler({ queries, files, http, ring, mayUseKeys, abandoned, random, log }: Deps): JobHandler {
  /** What goes to the relay, under which name, and how to read it. Null: the file was deleted since. */
  const readOut = async (sha256: string): Promise<{ name: string; bytes: number; read: (start: number, end: number) => Promise<Buffer>; sealedSha256?: string } | null> => {
    const name = nameFile(ring, sha256);
    const keys = ring.find(ring.newest());
    const bytes = await files.sizeOf(sha256);
    if (bytes === null) return null;
    const plain = files.read(sha256).stream;
    if (!keys) return { name, bytes, read: (start, end) => collectBytes(plain(start, end)) };
    const sealedBytes = sealedSizeOf(bytes);
    const read = (start: number, end: number): Promise<Buffer> => readSealed(plain, { bytes, sha256 }, keys, start, end);
    const hash = createHash('sha256');
    for (let at = 0; at < sealedBytes; at += BLOB_PART_BYTES) hash.update(await read(at, Math.min(sealedBytes, at + BLOB_PART_BYTES)));
    return { name, bytes: sealedBytes, read, sealedSha256: hash.digest('hex') };
  };

  const isStored = async (sha256: string, signal: AbortSignal): Promise<boolean> => {
    try {
      const body = await http.getBytes(`${BLOBS_PATH}/${nameFile(ring, sha256)}`, signal);
      await body.cancel();
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  };
  /** How often in a row there were no keys to be used, whatever the job: what comes next would be no luckier. */
  let keyWaits = 0;
  /** How often in a row somebody else was to bring what was asked for, by job. */
  const refusals = new Map<number, number>();
  /** Null: this desktop is to bring it; else how many ms to leave it to a colleague's. */
  const waitForOther = async (job: { id: number; subject: string }): Promise<number | null> => {
    const times = refusals.get(job.id) ?? 0;
    const heldForMs = times >= REFUSALS_MAX ? null : await claim(http, `share-${nameFile(ring, job.subject)}`);
    if (heldForMs === null) return null;
    refusals.set(job.id, times + 1);
    return heldForMs + Math.round(random() * JITTER_MS);
  };

  const share = async (sha256: string, signal: AbortSignal): Promise<void> => {
    const out = await readOut(sha256);
    if (!out) return;
    const path = `${BLOBS_PATH}/${out.name}`;
    let { received, isStored } = await http.call({ method: 'POST', path, body: { bytes: out.bytes, sha256: out.sealedSha256 } }, blobProgressSchema);
    while (!isStored) {
      const part = await out.read(received, Math.min(out.bytes, received + BLOB_PART_BYTES));
      const before = received;
      ({ received, isStored } = await http.putPart(`${path}?offset=${received}`, part, blobProgressSchema, signal));
      if (!isStored && received <= before) throw new AppError('NOT_A_RELAY', 'the relay takes no more of the file');
    }
  };

  return {
    group: 'media',
    isRepeatable: true,
    prepare: (job) => (queries.find(job.subject)?.isShared === false ? null : { status: 'done' }),
    run: async (job, runSignal) => {
      if (!mayUseKeys()) return { status: 'later', afterMs: growPause(KEYS_WAIT_MS.first, keyWaits++, KEYS_WAIT_MS.max, random) };
      keyWaits = 0;
      const signal = AbortSignal.any([runSignal, abandoned()]);
      try {
        const { isWanted } = sharePayloadSchema.parse(JSON.parse(job.payload));
        if (!isWanted || !(await isStored(job.subject, signal))) {
          const afterMs = isWanted ? await waitForOther(job) : null;
          if (afterMs !== null) return { status: 'later', afterMs };
          await share(job.subject, signal);
        }
        refusals.delete(job.id);
        return { status: 'done', record: () => queries.markShared(job.subject) };
      } catch (error) {
        if (signal.aborted) return { status: 'retry', afterMs: 0 };
        if (!(error instanceof AppError)) throw error;
        log('warn', 'media.not_shared', { file: shortId(job.subject), code: error.code, attempt: job.attempts });
        if (error.code === 'FILE_REFUSED' || job.attempts >= ATTEMPTS_MAX) return { status: 'done' };
        return { status: 'retry', afterMs: growPause(RETRY_MS.first, job.attempts, RETRY_MS.max, random) };
      }
    },
  };
}
