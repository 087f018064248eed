/**
 * Meta's JSON as it looks on the wire: everything beyond ASCII as `\u00e9` (lower-case hex, surrogate pairs for emoji)
 * and every slash as `\/`. Signatures are made over exactly these bytes, so a receiver that parses and re-serialises
 * before checking fails here as it would with Meta.
 */
import { createHmac } from 'node:crypto';

export const toMetaJson = (value: unknown): string =>
  JSON.stringify(value, writeBigInt)
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');

/** ES2026; the compiler's library does not know it yet. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
/** Ids of templates are integers, however large. */
const writeBigInt = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? rawJson(String(value)) : value);

/** Value of `X-Hub-Signature-256` for a body. */
export const signBody = (body: string | Uint8Array, appSecret: string): string => `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
