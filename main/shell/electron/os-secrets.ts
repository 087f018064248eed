/**
 * Secrets encrypted by the operating system (Keychain, DPAPI, libsecret, KWallet) in a file of the data folder. Where
 * Linux has no keyring, Chromium's `basic_text` only obscures them with a known password: then the user is told. What
 * another shell kept in the folder's plain file moves in here at its first use, so that changing shells loses nothing.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import type { Log } from '../../../contract/log.ts';
import type { KeptSecretName, KeptSecrets, KeysKept } from '../../engine/ports.ts';
import { createFileSecrets, OS_SECRETS_FILE } from '../file-secrets.ts';

/** Name to ciphertext in base64. */
const fileSchema = z.record(z.string(), z.string());

/** After the app is ready. */
export const findKeysKept = (platform: NodeJS.Platform): KeysKept => (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text' ? 'obscured' : 'system');

/** Calls must not overlap; the engine's process asks for one secret at a time. @param warn is called once if there is no keyring. */
export function createOsSecrets(dataDir: string, log: Log, warn: () => void): KeptSecrets {
  const file = path.join(dataDir, OS_SECRETS_FILE);
  const plain = createFileSecrets(dataDir, log);
  let hasWarned = false;

  const readAll = async (): Promise<Record<string, string>> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    return fileSchema.parse(JSON.parse(text));
  };
  const writeAll = async (secrets: Record<string, string>): Promise<void> => {
    await writeFile(`${file}.new`, JSON.stringify(secrets), { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  };

  const set = async (name: KeptSecretName, value: string): Promise<void> => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) throw new Error('The operating system offers no place to keep secrets. Unlock the keyring and start Bandeja again.');
    if (!hasWarned && findKeysKept(process.platform) === 'obscured') {
      hasWarned = true;
      log('warn', 'secrets.no_keyring');
      warn();
    }
    const encrypted = await safeStorage.encryptStringAsync(value);
    await writeAll({ ...(await readAll()), [name]: encrypted.toString('base64') });
    await deletePlain(name);
  };
  const deletePlain = async (name: KeptSecretName): Promise<void> => {
    if ((await plain.get(name)) !== null) await plain.delete(name);
  };
  /** Encrypted first, then deleted: a crash between leaves both, never none. Without a place to encrypt it stays where it is. */
  const takeFromPlain = async (name: KeptSecretName): Promise<string | null> => {
    const value = await plain.get(name);
    if (value !== null && (await safeStorage.isAsyncEncryptionAvailable())) await set(name, value);
    return value;
  };

  return {
    set,
    get: async (name) => {
      const encrypted = (await readAll())[name];
      if (encrypted === undefined) return takeFromPlain(name);
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'));
      if (shouldReEncrypt) await set(name, result);
      return result;
    },
    delete: async (name) => {
      const { [name]: _, ...others } = await readAll();
      await writeAll(others);
      await deletePlain(name);
    },
  };
}
