/** Opens encrypted databases, with a library of their own. No file is ever open with both. */
import { copyFile, open } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import type { CipherDatabase } from 'better-sqlite3-multiple-ciphers';
import { cipherBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { openPlainFile, type OpenFile } from '../../../contract/sqlite/open-file.ts';
import { createSearchQueries } from './search-queries.ts';
import { createSettingQueries } from './setting-queries.ts';

async function loadCipherLibrary(): Promise<(file: string | Buffer, options?: Database.Options) => CipherDatabase> {
  const { default: Cipher } = await import('better-sqlite3-multiple-ciphers');
  return (file, options = {}) => new Cipher(file, { ...cipherBindingOption(), ...options });
}

/** The key itself, not a text that it would be derived from (SQLite3 Multiple Ciphers, "Encryption key as raw"); a salt is added a file. */
const rawKey = (key: Buffer): Buffer => Buffer.from(`raw:${key.toString('hex')}`);
/** ChaCha20-Poly1305 (RFC 8439), a nonce and a tag a page. */
const CIPHER = "cipher = 'chacha20'";

/** @param key 32 bytes. A file that is attached without a key has the same. */
export async function loadCipherDatabase(key: Buffer): Promise<OpenFile> {
  const openCipher = await loadCipherLibrary();
  return (file, options = {}) => {
    const db = openCipher(file, options);
    // What lies in memory is not encrypted.
    if (typeof file !== 'string' || file === ':memory:') return db;
    try {
      db.pragma(CIPHER);
      db.key(rawKey(key));
      // What it sorts would lie in plain files.
      db.pragma('temp_store = MEMORY');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
}

/**
 * Copies a database that nobody has open into an encrypted file, or an encrypted one into a plain file. Safe on disk when it resolves; `to` is of no
 * use if that is cut off.
 * @param sealed opens the encrypted one, with `key`.
 */
export async function recodeDatabase(from: string, to: string, { key, sealed, isToSealed }: { key: Buffer; sealed: OpenFile; isToSealed: boolean }): Promise<void> {
  const [openFrom, openTo] = isToSealed ? [openPlainFile, sealed] : [sealed, openPlainFile];
  const source = openFrom(from, { fileMustExist: true });
  try {
    source.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    source.close();
  }
  await copyFile(from, to);
  await rewrite(to, key, isToSealed);
  const copy = openTo(to, { fileMustExist: true });
  try {
    // Messages that are not in the index yet are remembered by their row's number, which the copy may have given anew.
    const search = createSearchQueries(copy);
    const { done, until } = search.readScan();
    if (done < until) copy.transaction(() => search.startAnew()).immediate();
    // What the window kept here in the time of an earlier lock; since then it has newer things of its own, which it brings.
    if (isToSealed) createSettingQueries(copy).write('window-memory', {});
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`the copy of the database is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function rewrite(file: string, key: Buffer, isToSealed: boolean): Promise<void> {
  const db = (await loadCipherLibrary())(file, { fileMustExist: true });
  try {
    db.pragma(CIPHER);
    if (!isToSealed) db.key(rawKey(key));
    // The pages are written anew, which a write-ahead log does not allow; nothing of them is to lie in a second file meanwhile.
    db.pragma('journal_mode = DELETE');
    db.pragma('journal_mode = MEMORY');
    db.pragma('temp_store = MEMORY');
    db.rekey(isToSealed ? rawKey(key) : Buffer.alloc(0));
  } finally {
    db.close();
  }
}
