/**
 * Bytes that are sealed part by part, so that they can be carried and resumed in parts: snapshots and files. Invariants: an object has a key of its own,
 * so a nonce is the number of its part; a part opens only at its place in an object of as many parts, so none is swapped, repeated or left out at the end.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './aes-gcm.ts';

/** What sealing adds to a part. */
export const PART_OVERHEAD_BYTES = TAG_BYTES;
const KEY_BYTES = 32;

/** `part`: 0, 1, 2… below `parts`. */
export type PartPlace = { part: number; parts: number };

/**
 * The key of one object.
 * @param key of an epoch, for snapshots or for files.
 * @param salt tells objects apart that are not the same bytes: random, or a hash of all of them.
 * @param about what else it is bound to; whoever opens it says the same.
 */
export function deriveObjectKey(key: Buffer, salt: Uint8Array, about: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `bandeja object 1 ${about}`, KEY_BYTES));
}

/** Always the same for the same bytes at the same place. */
export const sealPart = (objectKey: Buffer, plain: Uint8Array, place: PartPlace): Buffer => encrypt(objectKey, nonceOf(place), dataOf(place), plain);

/** Null: these are not the bytes that were sealed for this place. */
export const openPart = (objectKey: Buffer, sealed: Uint8Array, place: PartPlace): Buffer | null => decrypt(objectKey, nonceOf(place), dataOf(place), sealed);

function nonceOf({ part }: PartPlace): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(part, NONCE_BYTES - 6, 6);
  return nonce;
}

const dataOf = ({ part, parts }: PartPlace): string => JSON.stringify(['part', part, parts]);

/** What the relay calls a file: nobody without the key can tell which bytes it is of. @param sha256 of the plain bytes, hex. @returns hex, of the same length. */
export const sealFileName = (fileName: Buffer, sha256: string): string => createHmac('sha256', fileName).update(sha256).digest('hex');
