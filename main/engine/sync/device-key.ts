/**
 * The key pair of this desktop and what is sealed to it (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). Invariants: the
 * private key never leaves the secrets port; what is sealed for one device of one workspace opens nowhere else, because
 * both stand in the additional data.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { z } from 'zod';
import { parseJson } from '../../../contract/json.ts';
import type { Secrets } from '../ports.ts';

const INFO = new TextEncoder().encode('bandeja device.grant 1');
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
export async function sealGrant(grant: Grant, publicKey: string, recipient: Recipient): Promise<string> {
  const suite = createSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(toBytes(publicKey));
  const { ct, enc } = await suite.seal({ recipientPublicKey, info: INFO }, new TextEncoder().encode(JSON.stringify(grant)), additionalData(recipient));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString('base64url');
}

/** Null: it was not sealed to this device, is damaged, or holds something else. @throws if the secrets cannot be read. */
export async function openGrant(sealed: string, secrets: Secrets, recipient: Recipient): Promise<Grant | null> {
  const privateKey = await secrets.get('device-key');
  if (privateKey === null) return null;
  const suite = createSuite();
  const bytes = toBytes(sealed);
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(toBytes(privateKey));
    const text = await suite.open({ recipientKey, enc: bytes.subarray(0, ENC_BYTES), info: INFO }, bytes.subarray(ENC_BYTES), additionalData(recipient));
    return grantSchema.safeParse(parseJson(new TextDecoder().decode(text))).data ?? null;
  } catch {
    return null;
  }
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64url'));
