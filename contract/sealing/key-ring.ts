/**
 * The keys of a workspace. It has epochs 1, 2, 3…, each with a secret that only its desktops know; whatever is sealed names its epoch. Invariants: a key
 * serves one use; from the public half nobody gets a secret; a ring holds all epochs up to its newest, so whoever may read may read everything before.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { CipherSuite, DhkemX25519HkdfSha256, ExportOnly, HkdfSha256 } from '@hpke/core';
import { z } from 'zod';

export const SECRET_BYTES = 32;
/** Every revoked desktop makes one; far above what a workspace sees. */
const EPOCHS_MAX = 10_000;

/** The secrets of epochs 1, 2, 3… in this order, each 32 bytes in base64url. Stands in a desktop's secrets, and sealed to devices; nowhere else. */
export const ringSchema = z
  .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/))
  .min(1)
  .max(EPOCHS_MAX);
export type RingSecrets = z.infer<typeof ringSchema>;

/** Symmetric keys of 32 bytes by their use; `webhook` is what its HPKE key pair is made from. */
export type EpochKeys = { epoch: number; op: Buffer; webhook: Buffer; snapshot: Buffer; file: Buffer; fileName: Buffer; voucher: Buffer };

/** The keys that a desktop has, ready for use. */
export type KeyRing = {
  /** The newest epoch; 0: it has no key yet. */
  newest(): number;
  /** Undefined: it does not have them. */
  find(epoch: number): EpochKeys | undefined;
};

export const makeSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** @param secret base64url, as in a ring. */
export function deriveEpochKeys(epoch: number, secret: string): EpochKeys {
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length !== SECRET_BYTES) throw new Error(`a secret has ${SECRET_BYTES} bytes`);
  // One label per use (RFC 5869, section 3.2): what one key is used for says nothing about another.
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `bandeja workspace ${use} 1`, SECRET_BYTES));
  return { epoch, op: derive('op'), webhook: derive('webhook'), snapshot: derive('snapshot'), file: derive('file'), fileName: derive('file name'), voucher: derive('voucher') };
}

/** A ring out of secrets. */
export function createRing(secrets: RingSecrets): KeyRing {
  const keys = secrets.map((secret, index) => deriveEpochKeys(index + 1, secret));
  return { newest: () => keys.length, find: (epoch) => keys[epoch - 1] };
}

/** HPKE (RFC 9180) as the relay's webhooks use it: X25519, HKDF-SHA256, and a key that is exported for AES-256-GCM. */
export const createExportSuite = (): CipherSuite => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new ExportOnly() });

/** What the relay is told of an epoch, base64url: it seals to it and can open nothing. */
export async function derivePublicKey({ webhook }: Pick<EpochKeys, 'webhook'>): Promise<string> {
  const { kem } = createExportSuite();
  const { publicKey } = await kem.deriveKeyPair(Uint8Array.from(webhook).buffer);
  return Buffer.from(await kem.serializePublicKey(publicKey)).toString('base64url');
}
