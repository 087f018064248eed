/** AES-256-GCM (NIST SP 800-38D) as everything that is sealed uses it. Invariant: a tag has 16 bytes, and a shorter one opens nothing. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;
const CIPHER = 'aes-256-gcm';

/** @param nonce 12 bytes, never the same twice for one key. @param data what the text is bound to. @returns ciphertext and tag. */
export function encrypt(key: Uint8Array, nonce: Uint8Array, data: string, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(data));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null: it was sealed with another key, or for something else, or is damaged. */
export function decrypt(key: Uint8Array, nonce: Uint8Array, data: string, sealed: Uint8Array): Buffer | null {
  const end = sealed.length - TAG_BYTES;
  if (end < 0) return null;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(data)).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}

/** With a nonce of its own in front, for keys of many who cannot count together: it is random, which 2^32 texts of a key allow (section 8.3). */
export function encryptText(key: Uint8Array, data: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  return Buffer.concat([nonce, encrypt(key, nonce, data, Buffer.from(text, 'utf8'))]);
}

/** Null as with `decrypt`. */
export function decryptText(key: Uint8Array, data: string, sealed: Uint8Array): string | null {
  if (sealed.length < NONCE_BYTES) return null;
  return decrypt(key, sealed.subarray(0, NONCE_BYTES), data, sealed.subarray(NONCE_BYTES))?.toString('utf8') ?? null;
}
