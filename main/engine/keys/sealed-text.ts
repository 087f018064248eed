/**
 * A short text sealed under a secret that two programs share by another way (AES-256-GCM; the key comes from the secret by HKDF-SHA256, RFC 5869).
 * Invariant: `purpose` and `about` are bound to it, so that what was sealed for one place opens in no other.
 */
import { hkdfSync } from 'node:crypto';
import { decryptText, encryptText } from '../../../contract/sealing/aes-gcm.ts';

const KEY_BYTES = 32;

/** @param about what it is for, for example the log's id. @returns base64url. */
export const sealText = (text: string, secret: Uint8Array, purpose: string, about: readonly string[]): string => encryptText(keyOf(secret, purpose), JSON.stringify(about), text).toString('base64url');

/** Null: it was sealed under another secret or for something else, or is damaged. */
export const openText = (sealed: string, secret: Uint8Array, purpose: string, about: readonly string[]): string | null =>
  decryptText(keyOf(secret, purpose), JSON.stringify(about), Buffer.from(sealed, 'base64url'));

const keyOf = (secret: Uint8Array, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `bandeja ${purpose}`, KEY_BYTES));
