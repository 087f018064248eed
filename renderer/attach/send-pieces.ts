import { STAGE_CHUNK_BYTES } from '../../contract/limits.ts';
import { toBase64 } from '../rpc/base64.ts';

type Pieces = {
  blob: Blob;
  signal: AbortSignal;
  /** Hands one piece over; `data`: base64. */
  send(offset: number, data: string): Promise<{ received: number }>;
  /** `done` bytes of `blob`. */
  onProgress(done: number): void;
};

/** A file in pieces, in order: one of 100 MB in one message would hold up everything else on the line. @throws `signal.reason` when it was cancelled. */
export async function sendPieces({ blob, signal, send, onProgress }: Pieces): Promise<void> {
  for (let offset = 0; offset < blob.size;) {
    const piece = new Uint8Array(await blob.slice(offset, offset + STAGE_CHUNK_BYTES).arrayBuffer());
    signal.throwIfAborted();
    const { received } = await send(offset, toBase64(piece));
    offset = received;
    onProgress(offset);
  }
  signal.throwIfAborted();
}
