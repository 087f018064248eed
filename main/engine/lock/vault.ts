/**
 * What an unlocked folder is read and written with. Invariants: a key serves one use; `forget` overwrites the keys that this program holds itself, and
 * nothing is read or written with them afterwards.
 * The library of the database is loaded here and nowhere else, so whoever has no lock never has it in memory.
 */
import { hkdfSync } from 'node:crypto';
import { loadCipherDatabase } from '../db/open-encrypted.ts';
import type { Vault } from '../ports.ts';
import { KEY_BYTES } from './lock-file.ts';

/** @param key of the lock, 32 bytes; it stays the caller's. */
export async function openVault(key: Buffer): Promise<Vault> {
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `bandeja lock ${use} 1`, KEY_BYTES));
  const [database, content, name, secretKey] = [derive('database'), derive('file'), derive('file name'), derive('secret')];
  const openFile = await loadCipherDatabase(database);
  let isForgotten = false;
  /** A call that outlived the lock must not write with a key of zeros. */
  const kept = (wanted: Buffer): Buffer => {
    if (isForgotten) throw new Error('this desktop is locked');
    return wanted;
  };
  return {
    openFile: (file, options) => {
      kept(database);
      return openFile(file, options);
    },
    get databaseKey() {
      return kept(database);
    },
    fileKeys: {
      get content() {
        return kept(content);
      },
      get name() {
        return kept(name);
      },
    },
    get secretKey() {
      return kept(secretKey);
    },
    forget: () => {
      isForgotten = true;
      for (const derived of [database, content, name, secretKey]) derived.fill(0);
    },
  };
}
