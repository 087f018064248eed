/** Hands a file to a desktop as its window does. */
import type { StagedFile } from '../../contract/entities.ts';
import { STAGE_CHUNK_BYTES } from '../../contract/limits.ts';
import type { ContractClient } from './desk.ts';

export async function stageFile(client: Pick<ContractClient, 'media'>, bytes: Buffer, filename: string): Promise<StagedFile> {
  const { uploadId } = await client.media.begin({ filename, bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += STAGE_CHUNK_BYTES) await client.media.chunk({ uploadId, offset, data: bytes.subarray(offset, offset + STAGE_CHUNK_BYTES).toString('base64') });
  return client.media.finish({ uploadId, width: null, height: null, durationMs: null });
}
