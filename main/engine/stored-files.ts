/** Where the whole files of messages stand in a data folder, and their plain bytes: for the engine, and for the shell that gives them out to the window. */
import path from 'node:path';
import { plainFormat, type DiskFormat, type FileOf, type OpenFileOnDisk } from './media/disk-format.ts';
import { createSealedFormat } from './media/sealed-format.ts';
import type { FileKeys } from './ports.ts';

export type { OpenFileOnDisk } from './media/disk-format.ts';

export type StoredFiles = {
  /** Their bytes are secret on disk: nobody else is to keep them either. */
  isSealed: boolean;
  /** Null: it is not here. */
  open(what: FileOf): Promise<OpenFileOnDisk | null>;
  fileOf(sha256: string): string;
  thumbnailOf(sha256: string): string;
};

export function createStoredFiles(dataDir: string, format: DiskFormat = plainFormat): StoredFiles {
  const folder = path.join(dataDir, format.folder);
  const fileOf = (sha256: string): string => {
    const name = format.nameOf(sha256);
    return path.join(folder, name.slice(0, 2), name);
  };
  const thumbnailOf = (sha256: string): string => path.join(folder, 'thumbs', format.nameOf(sha256));
  return {
    isSealed: format.isSealed,
    fileOf,
    thumbnailOf,
    open: (what) => format.open(what.isThumbnail ? thumbnailOf(what.sha256) : fileOf(what.sha256), what),
  };
}

/** For a host. @param keys of a folder with a lock; null: it has none. */
export const openStoredFiles = (dataDir: string, keys: FileKeys | null): StoredFiles => createStoredFiles(dataDir, keys ? createSealedFormat(keys) : plainFormat);
