/** Hands a file over to the engine in pieces, in order: a file of 100 MB in one message would hold up everything else on the line. */
import type { StagedFile } from '../../contract/entities.ts';
import { STAGE_CHUNK_BYTES } from '../../contract/limits.ts';
import { toBase64 } from '../rpc/base64.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

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
    for (let offset = 0; offset < blob.size;) {
      const piece = new Uint8Array(await blob.slice(offset, offset + STAGE_CHUNK_BYTES).arrayBuffer());
      signal.throwIfAborted();
      const { received } = await client.media.chunk({ uploadId, offset, data: toBase64(piece) });
      offset = received;
      onProgress(offset);
    }
    signal.throwIfAborted();
    return await client.media.finish({ uploadId, width, height, durationMs });
  } catch (error) {
    // Of what is not finished the engine keeps nothing for long; a lost line needs no goodbye.
    if (signal.aborted) await client.media.cancel({ uploadId }).catch(() => undefined);
    throw error;
  }
}
