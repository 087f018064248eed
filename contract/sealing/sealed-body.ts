/**
 * Bodies of log entries, sealed: `s1.<epoch>.<base64url>`. JSON begins with `{`, so both kinds are told apart. Invariants: an op opens only at the
 * place it was written for, because who wrote it as which op stands in the additional data; of a webhook the relay keeps no key beyond a second.
 */
import { decryptText, encryptText } from './aes-gcm.ts';
import { createExportSuite, type EpochKeys, type KeyRing } from './key-ring.ts';

const SEALED = /^s1\.([1-9]\d{0,8})\.([A-Za-z0-9_-]+)$/;
/** Of an X25519 key. */
const ENC_BYTES = 32;
const KEY_BYTES = 32;
const WEBHOOK_INFO = new TextEncoder().encode('bandeja webhook 1');
const WEBHOOK_KEY = new TextEncoder().encode('bandeja webhook key 1');
/** A second brings some thousands of bodies: far fewer than one key may seal. */
const WEBHOOK_KEY_MS = 1_000;
/** Keys that are kept for the next entry: those of one second lie side by side in the log. */
const OPENED_KEYS_MAX = 64;

/** Whose op it is, as the log says it. */
export type OpPlace = { opId: string; deviceId: string; actorId: string; deviceSeq: number; v: number };

export const isSealed = (body: string): boolean => body.startsWith('s1.');
/** The epoch that a body is sealed to; null: it is not sealed, or says no epoch. */
export const readEpoch = (body: string): number | null => (isSealed(body) ? Number(/^s1\.([1-9]\d{0,8})\./.exec(body)?.[1] ?? Number.NaN) || null : null);

/** @param body JSON of an op. A repeated call gives another text. */
export function sealOp({ epoch, op }: Pick<EpochKeys, 'epoch' | 'op'>, place: OpPlace, body: string): string {
  return write(epoch, encryptText(op, opData(epoch, place), body));
}

/** Null: it was not sealed with this key for this place, or is damaged. */
export function openOp({ epoch, op }: Pick<EpochKeys, 'epoch' | 'op'>, place: OpPlace, sealed: string): string | null {
  const parts = read(sealed);
  return parts?.epoch === epoch ? decryptText(op, opData(epoch, place), parts.bytes) : null;
}

const opData = (epoch: number, { opId, deviceId, actorId, deviceSeq, v }: OpPlace): string => JSON.stringify(['op', epoch, deviceId, actorId, deviceSeq, opId, v]);

export type WebhookSealer = {
  /** Seals bodies to an epoch's public key (base64url). @throws if it is none. */
  seal(to: { epoch: number; publicKey: string }, bodies: readonly string[]): Promise<string[]>;
};

/** Of the relay. @param now ms. */
export function createWebhookSealer(now: () => number): WebhookSealer {
  let current: { publicKey: string; key: Promise<{ enc: Buffer; key: Buffer }>; until: number } | null = null;

  const encapsulate = async (publicKey: string): Promise<{ enc: Buffer; key: Buffer }> => {
    const suite = createExportSuite();
    const recipientPublicKey = await suite.kem.deserializePublicKey(toBuffer(publicKey));
    const sender = await suite.createSenderContext({ recipientPublicKey, info: WEBHOOK_INFO });
    return { enc: Buffer.from(sender.enc), key: Buffer.from(await sender.export(WEBHOOK_KEY, KEY_BYTES)) };
  };

  return {
    seal: async ({ epoch, publicKey }, bodies) => {
      const at = now();
      // A clock that is set back makes a key older than it looks, and no older than that.
      if (current?.publicKey !== publicKey || at >= current.until || at < current.until - WEBHOOK_KEY_MS) {
        current = { publicKey, key: encapsulate(publicKey), until: at + WEBHOOK_KEY_MS };
      }
      const { enc, key } = await current.key;
      return bodies.map((body) => write(epoch, Buffer.concat([enc, encryptText(key, webhookData(epoch), body)])));
    },
  };
}

export type WebhookOpener = {
  /** Null: it was not sealed to this workspace, or is damaged. @throws if the ring lacks its epoch. */
  open(sealed: string): Promise<string | null>;
};

/** Of a desktop. */
export function createWebhookOpener(ring: KeyRing): WebhookOpener {
  /** By the key itself: a number may come to stand for another one. */
  const pairs = new Map<string, Promise<CryptoKey>>();
  const opened = new Map<string, Promise<Buffer | null>>();

  const readPrivateKey = async ({ webhook }: EpochKeys): Promise<CryptoKey> => (await createExportSuite().kem.deriveKeyPair(Uint8Array.from(webhook).buffer)).privateKey;
  const decapsulate = async (keys: EpochKeys, enc: Buffer): Promise<Buffer | null> => {
    const name = keys.webhook.toString('base64url');
    const pair = pairs.get(name) ?? readPrivateKey(keys);
    pairs.set(name, pair);
    const recipientKey = await pair;
    try {
      const recipient = await createExportSuite().createRecipientContext({ recipientKey, enc: Uint8Array.from(enc).buffer, info: WEBHOOK_INFO });
      return Buffer.from(await recipient.export(WEBHOOK_KEY, KEY_BYTES));
    } catch {
      return null;
    }
  };
  const findKey = (keys: EpochKeys, enc: Buffer): Promise<Buffer | null> => {
    const name = `${keys.webhook.toString('base64url')} ${enc.toString('base64url')}`;
    const key = opened.get(name) ?? decapsulate(keys, enc);
    opened.set(name, key);
    const [oldest] = opened.keys();
    if (opened.size > OPENED_KEYS_MAX && oldest !== undefined) opened.delete(oldest);
    return key;
  };

  return {
    open: async (sealed) => {
      const parts = read(sealed);
      if (!parts || parts.bytes.length < ENC_BYTES) return null;
      const keys = ring.find(parts.epoch);
      if (!keys) throw new Error(`the key of epoch ${parts.epoch} is missing`);
      const key = await findKey(keys, parts.bytes.subarray(0, ENC_BYTES));
      return key && decryptText(key, webhookData(parts.epoch), parts.bytes.subarray(ENC_BYTES));
    },
  };
}

const webhookData = (epoch: number): string => JSON.stringify(['webhook', epoch]);

const write = (epoch: number, bytes: Buffer): string => `s1.${epoch}.${bytes.toString('base64url')}`;
function read(sealed: string): { epoch: number; bytes: Buffer } | null {
  const [, epoch, text] = SEALED.exec(sealed) ?? [];
  return epoch === undefined || text === undefined ? null : { epoch: Number(epoch), bytes: Buffer.from(text, 'base64url') };
}

const toBuffer = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64url')).buffer;
