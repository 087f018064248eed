/**
 * Copies of messages' files for whoever drags them out of the window. Invariants: only a SHA-256 names a file, so a page
 * can reach nothing but files of messages; what is handed out is a copy, so nobody changes ours.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { safeFilename } from '../../contract/rules/safe-filename.ts';

const requestSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), filename: z.string().max(255) });

export type DragCopies = {
  /** @param request `{sha256, filename}`, from the page. @returns the copy under that name; null: it asks for nothing that there is. */
  make(request: unknown): Promise<string | null>;
  /** Deletes the copies. */
  stop(): Promise<void>;
};

/** @param mediaDir the desktop's folder of files. @param tempDir where copies may lie. */
export function createDragCopies(mediaDir: string, tempDir: string): DragCopies {
  let folder: Promise<string> | null = null;
  return {
    make: async (request) => {
      const parsed = requestSchema.safeParse(request);
      if (!parsed.success) return null;
      const { sha256, filename } = parsed.data;
      folder ??= mkdtemp(path.join(tempDir, 'bandeja-drag-'));
      const file = path.join(await mkdtemp(path.join(await folder, 'file-')), safeFilename(filename) ?? 'archivo');
      await copyFile(path.join(mediaDir, sha256.slice(0, 2), sha256), file);
      return file;
    },
    stop: async () => {
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}
