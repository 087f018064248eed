/**
 * Copies of messages' files for whoever drags them out of the window. Invariants: only a SHA-256 names a file, so a page
 * can reach nothing but files of messages; what is handed out is a copy, so nobody changes ours.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { safeFilename } from '../../contract/rules/safe-filename.ts';
import type { StoredFiles } from '../engine/stored-files.ts';

const requestSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), filename: z.string().max(255) });

export type DragCopies = {
  /** @param request `{sha256, filename}`, from the page. @returns the copy under that name; null: it asks for nothing that there is. */
  make(request: unknown): Promise<string | null>;
  /** Deletes the copies. */
  clear(): Promise<void>;
  stop(): Promise<void>;
};

/** @param readFiles of the desktop; null: it is locked. @param tempDir where copies may lie. */
export function createDragCopies(readFiles: () => StoredFiles | null, tempDir: string): DragCopies {
  let folder: Promise<string> | null = null;
  const clear = async (): Promise<void> => {
    const made = folder;
    folder = null;
    if (made) await rm(await made, { recursive: true, force: true });
  };
  return {
    make: async (request) => {
      const parsed = requestSchema.safeParse(request);
      if (!parsed.success) return null;
      const { sha256, filename } = parsed.data;
      const source = await readFiles()?.open({ sha256, isThumbnail: false });
      if (!source) return null;
      try {
        folder ??= mkdtemp(path.join(tempDir, 'bandeja-drag-'));
        const file = path.join(await mkdtemp(path.join(await folder, 'file-')), safeFilename(filename) ?? 'archivo');
        await pipeline(source.stream(0, source.bytes), createWriteStream(file, { mode: 0o600 }));
        return file;
      } finally {
        await source.close();
      }
    },
    clear,
    stop: clear,
  };
}
