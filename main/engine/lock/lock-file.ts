/**
 * `lock.json`: the key of a locked folder, wrapped by a passphrase. Invariants: the file appears, changes and goes in one step, so it says at any
 * moment, also after a power cut, which of the folder's two sets of files counts; without the passphrase it says nothing of the key.
 */
import { createHash, randomBytes, scrypt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { decrypt, encrypt, NONCE_BYTES } from '../../../contract/sealing/aes-gcm.ts';
import { IDLE_MINUTES } from '../../../contract/rules/idle-minutes.ts';
import { syncFolder } from '../media/sync-folder.ts';

export const LOCK_FILE_NAME = 'lock.json';
export const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** About 0.4 s and 128 MiB a guess (OWASP, "Password Storage Cheat Sheet"). */
const KDF = { N: 2 ** 17, r: 8, p: 1 } as const;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16;

const base64 = (bytes: number) => z.string().refine((text) => Buffer.from(text, 'base64').length === bytes);
/** The bounds keep a file that somebody changed from stopping the program. */
const fileSchema = z.object({
  v: z.literal(1),
  kdf: z
    .object({
      name: z.literal('scrypt'),
      N: z
        .number()
        .int()
        .min(2 ** 14)
        .max(2 ** 20)
        .refine((n) => (n & (n - 1)) === 0),
      r: z.number().int().min(1).max(16),
      p: z.number().int().min(1).max(4),
      salt: base64(SALT_BYTES),
    })
    // 128 * N * r bytes: at most 256 MiB.
    .refine(({ N, r }) => N * r <= 2 ** 21),
  key: base64(WRAPPED_BYTES),
  idleMinutes: z.union(IDLE_MINUTES.map((minutes) => z.literal(minutes)) as [z.ZodLiteral<number>, z.ZodLiteral<number>]),
  /** When the lock was turned on, ms since 1970; files of before do not say it. */
  since: z.number().int().nullable().default(null),
});
export type LockFile = z.infer<typeof fileSchema>;

export const isLockOn = (dataDir: string): boolean => existsSync(path.join(dataDir, LOCK_FILE_NAME));

/** Null: the folder has no lock. @throws Error with a text for people when the file is damaged. */
export function readLockFile(dataDir: string): LockFile | null {
  const file = path.join(dataDir, LOCK_FILE_NAME);
  if (!existsSync(file)) return null;
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file} is damaged, and nothing opens this folder without it: bring it back from a backup, or join the workspace in a new folder. Nothing was changed.`, { cause: error });
  }
}

/** Another one each time that the lock is turned on, or its passphrase changed. Null: it is off. @throws as `readLockFile` */
export function readLockMark(dataDir: string): string | null {
  const lock = readLockFile(dataDir);
  return lock && createHash('sha256').update(lock.kdf.salt).digest('hex');
}

export async function writeLockFile(dataDir: string, lock: LockFile): Promise<void> {
  const file = path.join(dataDir, LOCK_FILE_NAME);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(lock));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  await syncFolder(dataDir);
}

export async function removeLockFile(dataDir: string): Promise<void> {
  await rm(path.join(dataDir, LOCK_FILE_NAME));
  await syncFolder(dataDir);
}

/** @param key 32 bytes. */
export async function wrapKey(key: Buffer, passphrase: string, { idleMinutes, since }: Pick<LockFile, 'idleMinutes' | 'since'>): Promise<LockFile> {
  const kdf = { name: 'scrypt' as const, ...KDF, salt: randomBytes(SALT_BYTES).toString('base64') };
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = encrypt(await stretch(passphrase, kdf), nonce, boundTo(kdf), key);
  return { v: 1, kdf, key: Buffer.concat([nonce, sealed]).toString('base64'), idleMinutes, since };
}

/** Null: it is another passphrase. */
export async function unwrapKey({ kdf, key }: LockFile, passphrase: string): Promise<Buffer | null> {
  const bytes = Buffer.from(key, 'base64');
  return decrypt(await stretch(passphrase, kdf), bytes.subarray(0, NONCE_BYTES), boundTo(kdf), bytes.subarray(NONCE_BYTES));
}

const deriveKey = promisify(scrypt) as (text: Buffer, salt: Buffer, length: number, options: { N: number; r: number; p: number; maxmem: number }) => Promise<Buffer>;
/** An accent is one character or two, as the keyboard has it: it is the same passphrase (Unicode, NFKC). */
function stretch(passphrase: string, { N, r, p, salt }: LockFile['kdf']): Promise<Buffer> {
  return deriveKey(Buffer.from(passphrase.normalize('NFKC'), 'utf8'), Buffer.from(salt, 'base64'), KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

const boundTo = (kdf: LockFile['kdf']): string =>
  `bandeja lock 1 ${createHash('sha256')
    .update(JSON.stringify([kdf.name, kdf.N, kdf.r, kdf.p, kdf.salt]))
    .digest('hex')}`;
