/**
 * The team's newest secret as something that can be printed, read out and typed: 14 groups of four in Crockford's base32 (no I, L, O, U),
 * the last one a check. Invariant: what is read back is the secret that was written, or null; a typing error is never taken for another secret.
 */
import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SECRET_BYTES = 32;
/** 52 characters hold 260 bits: the last four are zero. */
const SECRET_CHARS = 52;
const CHECK_CHARS = 4;
const GROUP = /.{4}(?=.)/g;

/** @param secret 32 bytes. */
export function writeRecoveryCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new Error(`a secret has ${SECRET_BYTES} bytes`);
  return (toBase32(secret).padEnd(SECRET_CHARS, '0') + checkOf(secret)).replace(GROUP, '$&-');
}

/** Case, spaces and dashes do not matter, O is 0, I and L are 1. Null: something is missing or mistyped. */
export function readRecoveryCode(typed: string): Buffer | null {
  const code = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (code.length !== SECRET_CHARS + CHECK_CHARS) return null;
  const secret = fromBase32(code.slice(0, SECRET_CHARS));
  return secret !== null && checkOf(secret) === code.slice(SECRET_CHARS) ? secret : null;
}

const checkOf = (secret: Uint8Array): string => toBase32(createHash('sha256').update('bandeja recovery check 1').update(secret).digest()).slice(0, CHECK_CHARS);

function toBase32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const length = Math.ceil((bytes.length * 8) / 5);
  bits <<= BigInt(length * 5 - bytes.length * 8);
  return Array.from({ length }, (_, index) => ALPHABET[Number((bits >> BigInt((length - 1 - index) * 5)) & 31n)]).join('');
}

/** Null: a character that is none, or bits beyond the secret. */
function fromBase32(text: string): Buffer | null {
  let bits = 0n;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return null;
    bits = (bits << 5n) | BigInt(value);
  }
  const spare = BigInt(text.length * 5 - SECRET_BYTES * 8);
  if ((bits & ((1n << spare) - 1n)) !== 0n) return null;
  return Buffer.from((bits >> spare).toString(16).padStart(SECRET_BYTES * 2, '0'), 'hex');
}
