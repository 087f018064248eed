/**
 * Takes files from the window in pieces (`media.begin`, `chunk`, `finish`, `cancel`). Invariants: pieces come in order and exactly
 * as many bytes as were announced; a file is judged by its bytes; what is not finished within a day, or before the program ends, is gone.
 */
import { AppError } from '../../../contract/app-error.ts';
import type { StagedFile } from '../../../contract/entities.ts';
import { STAGE_CHUNK_BYTES } from '../../../contract/limits.ts';
import { safeFilename } from '../../../contract/rules/safe-filename.ts';
import { judgeFile } from '../../../contract/whatsapp/media-types.ts';
import type { MediaQueries } from '../db/media-queries.ts';
import type { Ids } from '../ports.ts';
import { isDiskTrouble, type MediaFiles } from './media-files.ts';

const STAGE_LIFE_MS = 24 * 60 * 60 * 1000;
const STAGES_MAX = 100;
const PREFIX = 'stage-';

type Stage = { filename: string; bytes: number; received: number; begunAt: number; isBusy: boolean };
type Deps = { queries: MediaQueries; files: MediaFiles; ids: Ids; isEnrolled: () => boolean; now: () => number };

export type Staging = ReturnType<typeof createStaging>;

export function createStaging({ queries, files, ids, isEnrolled, now }: Deps) {
  const stages = new Map<string, Stage>();
  const partOf = (uploadId: string): string => PREFIX + uploadId;

  const drop = async (uploadId: string): Promise<void> => {
    stages.delete(uploadId);
    await files.dropPart(partOf(uploadId));
  };
  const requireEnrolled = (): void => {
    if (!isEnrolled()) throw new AppError('NOT_ENROLLED');
  };
  /** What is being written, so that `abandon` can wait for it. */
  const underWay = new Set<Promise<unknown>>();
  const withStage = async <T>(uploadId: string, work: (stage: Stage) => Promise<T>): Promise<T> => {
    const working = doWithStage(uploadId, work);
    underWay.add(working);
    try {
      return await working;
    } finally {
      underWay.delete(working);
    }
  };
  /** One call at a time for a file: the window waits for each. */
  const doWithStage = async <T>(uploadId: string, work: (stage: Stage) => Promise<T>): Promise<T> => {
    requireEnrolled();
    const stage = stages.get(uploadId);
    if (!stage) throw new AppError('FILE_GONE', 'no such upload: begin again');
    if (stage.isBusy) throw new AppError('INVALID_INPUT', 'the piece before this one is still being written');
    stage.isBusy = true;
    try {
      return await work(stage);
    } catch (error) {
      throw isDiskTrouble(error) ? new AppError('DISK_FULL') : error;
    } finally {
      stage.isBusy = false;
    }
  };

  return {
    begin: async ({ filename, bytes }: { filename: string; bytes: number }): Promise<{ uploadId: string }> => {
      requireEnrolled();
      for (const [id, { begunAt }] of stages) if (begunAt < now() - STAGE_LIFE_MS) await drop(id);
      if (stages.size >= STAGES_MAX) throw new AppError('TOO_MANY_REQUESTS', 'too many files at once');
      if (!(await files.hasRoomFor(bytes))) throw new AppError('DISK_FULL');
      const uploadId = ids.next();
      stages.set(uploadId, { filename, bytes, received: 0, begunAt: now(), isBusy: false });
      return { uploadId };
    },

    chunk: ({ uploadId, offset, data }: { uploadId: string; offset: number; data: string }): Promise<{ received: number }> =>
      withStage(uploadId, async (stage) => {
        const piece = Buffer.from(data, 'base64');
        if (offset !== stage.received) throw new AppError('INVALID_INPUT', `offset: ${stage.received} is expected`);
        if (piece.length > STAGE_CHUNK_BYTES || offset + piece.length > stage.bytes) throw new AppError('INVALID_INPUT', 'data: more than was announced, or than one piece may have');
        const source = (async function* () {
          yield piece;
        })();
        const { bytes } = await files.append(partOf(uploadId), offset, source, stage.bytes);
        stage.received = bytes;
        return { received: bytes };
      }),

    finish: (input: { uploadId: string; width: number | null; height: number | null; durationMs: number | null }): Promise<StagedFile> =>
      withStage(input.uploadId, async (stage) => {
        const { uploadId, width, height, durationMs } = input;
        if (stage.received !== stage.bytes) throw new AppError('INVALID_INPUT', `only ${stage.received} of ${stage.bytes} bytes have come`);
        const whole = await files.inspect(partOf(uploadId));
        // A wipe may have begun meanwhile: nothing becomes a file any more.
        requireEnrolled();
        const filename = safeFilename(stage.filename) ?? 'archivo';
        const verdict = judgeFile({ mimeType: whole.mimeType, bytes: whole.bytes, filename, head: whole.head, width, height });
        // What cannot be sent is of no use here; the window may convert it and bring that.
        if (verdict.kind !== null) {
          await files.keep(partOf(uploadId), whole.sha256);
          requireEnrolled();
          queries.add({ sha256: whole.sha256, mimeType: verdict.mimeType, bytes: whole.bytes, source: 'own', width, height, durationMs }, now());
        }
        await drop(uploadId);
        return { sha256: whole.sha256, bytes: whole.bytes, filename, ...verdict };
      }),

    cancel: async ({ uploadId }: { uploadId: string }): Promise<void> => drop(uploadId),

    /** Pieces of windows of an earlier run: nobody knows them any more. */
    removeLeftovers: () => files.sweepParts(PREFIX, Number.POSITIVE_INFINITY),
    /** Nothing of it stays; resolves when nothing writes any more. */
    abandon: async () => {
      stages.clear();
      await Promise.allSettled(underWay);
    },
  };
}
