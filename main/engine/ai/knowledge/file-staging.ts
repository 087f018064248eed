/** Files on their way into the knowledge base, in memory: pieces in order, as many bytes as announced, gone when the program ends. */
import { AppError } from '../../../../contract/app-error.ts';
import { KB_MAX, STAGE_CHUNK_BYTES } from '../../../../contract/limits.ts';
import type { Ids } from '../../ports.ts';

const STAGE_LIFE_MS = 10 * 60 * 1000;
/** Of all together. */
const BYTES_MAX = 5 * KB_MAX.fileBytes;

type Stage = { path: string; bytes: Buffer; received: number; touchedAt: number };
export type FileStaging = ReturnType<typeof createFileStaging>;

export function createFileStaging({ ids, now }: { ids: Ids; now: () => number }) {
  const stages = new Map<string, Stage>();
  const find = (uploadId: string): Stage => {
    const stage = stages.get(uploadId);
    if (!stage) throw new AppError('FILE_GONE', 'no such upload: begin again');
    stage.touchedAt = now();
    return stage;
  };
  return {
    begin: ({ path, bytes }: { path: string; bytes: number }): { uploadId: string } => {
      for (const [id, { touchedAt }] of stages) if (touchedAt < now() - STAGE_LIFE_MS) stages.delete(id);
      const held = [...stages.values()].reduce((sum, stage) => sum + stage.bytes.length, 0);
      if (held + bytes > BYTES_MAX) throw new AppError('TOO_MANY_REQUESTS', 'too many files at once');
      const uploadId = ids.next();
      stages.set(uploadId, { path, bytes: Buffer.alloc(bytes), received: 0, touchedAt: now() });
      return { uploadId };
    },
    add: ({ uploadId, offset, data }: { uploadId: string; offset: number; data: string }): { received: number } => {
      const stage = find(uploadId);
      const piece = Buffer.from(data, 'base64');
      if (offset !== stage.received) throw new AppError('INVALID_INPUT', `offset: ${stage.received} is expected`);
      if (piece.length > STAGE_CHUNK_BYTES || offset + piece.length > stage.bytes.length) throw new AppError('INVALID_INPUT', 'data: more than was announced, or than one piece may have');
      piece.copy(stage.bytes, offset);
      stage.received += piece.length;
      return { received: stage.received };
    },
    /** Hands a whole file over; it is not held any more. */
    take: (uploadId: string): { path: string; bytes: Buffer } => {
      const { path, bytes, received } = find(uploadId);
      if (received !== bytes.length) throw new AppError('INVALID_INPUT', `only ${received} of ${bytes.length} bytes have come`);
      stages.delete(uploadId);
      return { path, bytes };
    },
    cancel: (uploadId: string): void => void stages.delete(uploadId),
  };
}
