/** Hands a file over to the engine. */
import type { StagedFile } from '../../contract/entities.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { sendPieces } from './send-pieces.ts';

export type Upload = {
  client: Pick<EngineClient, 'media'>;
  blob: Blob;
  filename: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  signal: AbortSignal;
  /** `done` bytes of `blob`. */
  onProgress(done: number): void;
};

/** @throws what the engine answers; `signal.reason` when it was cancelled, and then the engine has forgotten it. */
export async function uploadFile({ client, blob, filename, width, height, durationMs, signal, onProgress }: Upload): Promise<StagedFile> {
  signal.throwIfAborted();
  const { uploadId } = await client.media.begin({ filename, bytes: blob.size });
  try {
    await sendPieces({ blob, signal, onProgress, send: (offset, data) => client.media.chunk({ uploadId, offset, data }) });
    return await client.media.finish({ uploadId, width, height, durationMs });
  } catch (error) {
    // Of what is not finished the engine keeps nothing for long; a lost line needs no goodbye.
    if (signal.aborted) await client.media.cancel({ uploadId }).catch(() => undefined);
    throw error;
  }
}
