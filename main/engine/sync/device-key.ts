/**
 * The key pair of this desktop and what is sealed to it (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). Invariants: the
 * private key never leaves the secrets port; what is sealed for one device of one workspace opens nowhere else, because
 * both stand in the additional data.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../../contract/json.ts';
import { ringSchema, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { Secrets } from '../ports.ts';

/** What is sealed for one use opens for no other. */
const GRANT = 'bandeja device.grant 1';
const RING = 'bandeja workspace keys 1';
/** What stands before the 32 bytes of a private X25519 key in PKCS #8 (RFC 8410). */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
/** Length of an encapsulated X25519 key. */
const ENC_BYTES = 32;

/** What an admin's desktop gives to another one. */
export const grantSchema = z.object({
  phoneNumberId: z.string().regex(/^\d{5,32}$/),
  wabaId: z
    .string()
    .regex(/^\d{5,32}$/)
    .nullable(),
  graphToken: z.string().min(1).max(2_000),
  /** Key of the model with the origin it is for, as the secrets keep it; JSON null: it was taken away. Absent: nothing is known of one. */
  modelKey: z.string().min(1).max(1_200).optional(),
});
export type Grant = z.infer<typeof grantSchema>;
/** For whom something is sealed. */
export type Recipient = { logId: string; deviceId: string };

const createSuite = (): CipherSuite => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const additionalData = ({ logId, deviceId }: Recipient): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify([logId, deviceId]));

/** A new key pair, base64url. The private half belongs into the secrets as `device-key`, and nowhere else. */
export async function makeDeviceKey(): Promise<{ publicKey: string; privateKey: string }> {
  const { kem } = createSuite();
  const pair = await kem.generateKeyPair();
  const toText = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64url');
  return { publicKey: toText(await kem.serializePublicKey(pair.publicKey)), privateKey: toText(await kem.serializePrivateKey(pair.privateKey)) };
}

/** @param publicKey of the recipient, base64url. @throws if it is none. */
export const sealGrant = (grant: Grant, publicKey: string, recipient: Recipient): Promise<string> => seal(GRANT, grant, publicKey, recipient);
/** Null: it was not sealed to this device, is damaged, or holds something else. @throws if the secrets cannot be read. */
export const openGrant = (sealed: string, secrets: Secrets, recipient: Recipient): Promise<Grant | null> => open(GRANT, grantSchema, sealed, secrets, recipient);

/** The workspace's keys for another device. @param publicKey of the recipient, base64url. @throws if it is none. */
export const sealRing = (ring: RingSecrets, publicKey: string, recipient: Recipient): Promise<string> => seal(RING, ring, publicKey, recipient);
/** Null: it was not sealed to this device, is damaged, or holds something else. @throws if the secrets cannot be read. */
export const openRing = (sealed: string, secrets: Secrets, recipient: Recipient): Promise<RingSecrets | null> => open(RING, ringSchema, sealed, secrets, recipient);

async function seal(use: string, content: unknown, publicKey: string, recipient: Recipient): Promise<string> {
  const suite = createSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(toBytes(publicKey));
  const { ct, enc } = await suite.seal({ recipientPublicKey, info: new TextEncoder().encode(use) }, new TextEncoder().encode(JSON.stringify(content)), additionalData(recipient));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString('base64url');
}

async function open<T>(use: string, schema: z.ZodType<T>, sealed: string, secrets: Secrets, recipient: Recipient): Promise<T | null> {
  const privateKey = await secrets.get('device-key');
  if (privateKey === null) return null;
  const suite = createSuite();
  const bytes = toBytes(sealed);
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(toBytes(privateKey));
    const text = await suite.open({ recipientKey, enc: bytes.subarray(0, ENC_BYTES), info: new TextEncoder().encode(use) }, bytes.subarray(ENC_BYTES), additionalData(recipient));
    return schema.safeParse(parseJson(new TextDecoder().decode(text))).data ?? null;
  } catch {
    return null;
  }
}

/** The public half of this desktop's key, base64url; null: it has none. @throws if the secrets cannot be read. */
export async function readPublicKey(secrets: Secrets): Promise<string | null> {
  const privateKey = await secrets.get('device-key');
  if (privateKey === null) return null;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, Buffer.from(privateKey, 'base64url')]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'jwk' }).x ?? null;
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64url'));
