/** Puts a file of this desktop to the team's store at the relay, from where that is. Harmless to repeat: the relay keeps each file once. */
import { AppError } from '../../../contract/app-error.ts';
import { shortId, type Log } from '../../../contract/log.ts';
import { BLOB_PART_BYTES, blobProgressSchema, BLOBS_PATH } from '../../../contract/wire-http.ts';
import type { MediaQueries } from '../db/media-queries.ts';
import { growPause, type JobHandler } from '../jobs/job-runner.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { MediaFiles } from './media-files.ts';

const RETRY_MS = { first: 2_000, max: 60 * 60_000 };
/** About two days of a relay that has no room: colleagues have the file by then, or never will. */
const ATTEMPTS_MAX = 60;

type Deps = { queries: MediaQueries; files: MediaFiles; http: RelayHttp; abandoned: () => AbortSignal; random: () => number; log: Log };

export function createShareHandler({ queries, files, http, abandoned, random, log }: Deps): JobHandler {
  const share = async (sha256: string, signal: AbortSignal): Promise<void> => {
    const bytes = await files.sizeOf(sha256);
    if (bytes === null) return; // deleted since
    const path = `${BLOBS_PATH}/${sha256}`;
    let { received, isStored } = await http.call({ method: 'POST', path, body: { bytes } }, blobProgressSchema);
    while (!isStored) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of files.read(sha256).stream(received, Math.min(bytes, received + BLOB_PART_BYTES))) chunks.push(chunk);
      const before = received;
      ({ received, isStored } = await http.putPart(`${path}?offset=${received}`, Buffer.concat(chunks), blobProgressSchema, signal));
      if (!isStored && received <= before) throw new AppError('NOT_A_RELAY', 'the relay takes no more of the file');
    }
  };

  return {
    group: 'media',
    isRepeatable: true,
    prepare: (job) => (queries.find(job.subject)?.isShared === false ? null : { status: 'done' }),
    run: async (job, runSignal) => {
      const signal = AbortSignal.any([runSignal, abandoned()]);
      try {
        await share(job.subject, signal);
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
