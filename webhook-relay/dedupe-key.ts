/**
 * Dedupe keys as the store keeps them: hashes under a key that is not in the database, so that nobody can try out there whose event came. The key comes
 * from the app secret, which all relays of a workspace have and no database holds. When that secret is another one, an event that Meta brings again from
 * before is stored twice; desktops count a message once all the same.
 */
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;
/** Of a dedupe key. */
const DEDUPE_BYTES = 16;

/** `check`: tells one key from another and nothing else. */
export type DedupeKey = { hash: (dedupe: Buffer) => Buffer; check: string };

export function createDedupeKey(appSecret: string): DedupeKey {
  // As a KeyObject: Node takes 10 µs to prepare a key of bytes, at every use.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', appSecret, Buffer.alloc(0), 'bandeja relay dedupe 1', KEY_BYTES)));
  const hash = (dedupe: Buffer): Buffer => createHmac('sha256', key).update(dedupe).digest().subarray(0, DEDUPE_BYTES);
  return { hash, check: hash(Buffer.from('check')).toString('hex') };
}
