/** Files of messages, content-addressed in `<dataDir>/media/<first two hex>/<sha256>`. */
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export type StoredFile = { path: string; bytes: number; /** By its bytes. */ mimeType: string };
export type MediaStore = {
  /** Null: it is not on this desktop. */
  find(sha256: string): StoredFile | null;
  openRead(sha256: string): AsyncIterable<Uint8Array>;
};
