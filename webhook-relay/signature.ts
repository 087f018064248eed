/**
 * Proof that a body came from Meta. Invariant: the HMAC is taken over the bytes as they arrived, never over a parsed and
 * re-serialised body (Meta escapes slashes, accents and emoji on the wire). Source: Cloud API, Webhooks, "Validating payloads".
 */
import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';

const HEADER_FORM = /^sha256=[0-9a-f]{64}$/;

/** Whether this can be the value of `X-Hub-Signature-256` at all; costs nothing and needs no body. */
export const isSignatureForm = (header: string | undefined): header is string => header !== undefined && HEADER_FORM.test(header);

/** @returns a check of raw body bytes against the value of `X-Hub-Signature-256`; a missing or malformed header is false. */
export function createSignatureCheck(appSecret: string): (raw: Buffer, header: string | undefined) => boolean {
  const key = createSecretKey(appSecret, 'utf8');
  return (raw, header) => {
    if (!isSignatureForm(header)) return false;
    const expected = createHmac('sha256', key).update(raw).digest();
    return timingSafeEqual(expected, Buffer.from(header.slice('sha256='.length), 'hex'));
  };
}

/** Compares two secrets in a time that depends on neither their content nor their length. */
export const isSameSecret = (left: string, right: string): boolean => timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
