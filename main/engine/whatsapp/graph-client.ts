/** Calls to Meta's Graph API about messages, their files and the number. Whether Meta may have acted on one is said by `graph-call.ts`. */
import { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { WAMID_MAX } from '../../../contract/ops/op.ts';
import { readNumber } from '../../../contract/json.ts';
import type { ReadMark, SendMessage } from '../../../contract/whatsapp/send-message.ts';
import { createGraphCall, inTime, jsonBody, type Body, type GraphDeps, type GraphResult } from './graph-call.ts';

/** Of an upload: so long without a byte that leaves, or without an answer after the last one. */
const UPLOAD_IDLE_MS = 60_000;

/** Whom Meta sent it to, as far as it says so in a form that we keep. */
const addressSchema = z.string().min(1).max(128).optional().catch(undefined);
const sendAnswerSchema = z.object({
  messages: z.array(z.object({ id: z.string().min(1).max(WAMID_MAX) })).min(1),
  contacts: z
    .array(z.object({ wa_id: addressSchema, user_id: addressSchema }))
    .optional()
    .catch(undefined),
});
const uploadAnswerSchema = z.object({ id: z.string().min(1).max(200) });
const numberAnswerSchema = z.object({ display_phone_number: z.string().optional(), verified_name: z.string().optional() });
const successSchema = z.object({ success: z.literal(true) });
const mediaAnswerSchema = z.object({ url: z.string(), mime_type: z.string().catch(''), sha256: z.string().nullish(), file_size: z.unknown() });

export type Sent = { wamid: string; waId: string | undefined; userId: string | undefined };
/** A file to upload. `filename` is for Meta's check of its extension only. `open` gives its bytes, all of them, as often as it is called. */
export type UploadFile = { sha256: string; mimeType: string; filename: string; bytes: number; open: () => AsyncIterable<Uint8Array> };

/** `sha256`: hex, null where it gave none that could be one. */
export type MediaAddress = { url: string; mimeType: string; sha256: string | null; bytes: number | null };

export type GraphClient = {
  /** `POST /{phone number id}/messages`. */
  sendMessage(phoneNumberId: string, body: SendMessage, signal: AbortSignal): Promise<GraphResult<Sent>>;
  /** `POST /{phone number id}/media`, from disk as it is read. The value is Meta's id of the file. Harmless to repeat: what nobody uses, Meta deletes. */
  uploadMedia(phoneNumberId: string, file: UploadFile, onProgress: (done: number) => void, signal: AbortSignal): Promise<GraphResult<{ id: string }>>;
  /** Shows the customer that everything up to this message was read, and with `isTyping` that somebody writes (25 s). Harmless to repeat. */
  markRead(phoneNumberId: string, wamid: string, signal: AbortSignal, isTyping?: boolean): Promise<GraphResult<void>>;
  /** `GET /{media id}`: where its bytes can be fetched for five minutes, and what Meta says of them. */
  readMedia(mediaId: string, phoneNumberId: string, signal: AbortSignal): Promise<GraphResult<MediaAddress>>;
  readNumber(phoneNumberId: string, signal: AbortSignal): Promise<GraphResult<{ displayPhoneNumber: string | null; verifiedName: string | null }>>;
};

/** @throws Error for a base that is neither https nor http on loopback: the token must not travel in clear. */
export function createGraphClient(deps: GraphDeps): GraphClient {
  const call = createGraphCall(deps);

  return {
    sendMessage: async (phoneNumberId, body, signal) => {
      const result = await call({ method: 'POST', path: `${encodeURIComponent(phoneNumberId)}/messages`, body: jsonBody(body), schema: sendAnswerSchema, signal: inTime(signal) });
      if (result.status !== 'ok') return result;
      const { messages, contacts } = result.value;
      return { status: 'ok', value: { wamid: messages[0]?.id ?? '', waId: contacts?.[0]?.wa_id, userId: contacts?.[0]?.user_id } };
    },
    uploadMedia: async (phoneNumberId, file, onProgress, signal) => {
      const idle = new AbortController();
      let timer = setTimeout(() => idle.abort(), UPLOAD_IDLE_MS);
      const body = multipartBody(file, (done) => {
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(), UPLOAD_IDLE_MS);
        onProgress(done);
      });
      try {
        return await call({ method: 'POST', path: `${encodeURIComponent(phoneNumberId)}/media`, body, schema: uploadAnswerSchema, signal: AbortSignal.any([signal, idle.signal]) });
      } finally {
        clearTimeout(timer);
      }
    },
    markRead: async (phoneNumberId, wamid, signal, isTyping = false) => {
      const mark: ReadMark = { messaging_product: 'whatsapp', status: 'read', message_id: wamid, ...(isTyping ? { typing_indicator: { type: 'text' } } : {}) };
      const result = await call({ method: 'POST', path: `${encodeURIComponent(phoneNumberId)}/messages`, body: jsonBody(mark), schema: successSchema, signal: inTime(signal) });
      return result.status === 'ok' ? { status: 'ok', value: undefined } : result;
    },
    readMedia: async (mediaId, phoneNumberId, signal) => {
      const result = await call({ method: 'GET', path: `${encodeURIComponent(mediaId)}?phone_number_id=${encodeURIComponent(phoneNumberId)}`, schema: mediaAnswerSchema, signal: inTime(signal) });
      if (result.status !== 'ok') return result;
      const { url, mime_type: mimeType, sha256, file_size: size } = result.value;
      const bytes = readNumber(size);
      return { status: 'ok', value: { url, mimeType, sha256: readSha256(sha256 ?? ''), bytes: Number.isSafeInteger(bytes) ? bytes : null } };
    },
    readNumber: async (phoneNumberId, signal) => {
      const result = await call({ method: 'GET', path: `${encodeURIComponent(phoneNumberId)}?fields=display_phone_number,verified_name`, schema: numberAnswerSchema, signal: inTime(signal) });
      return result.status === 'ok' ? { status: 'ok', value: { displayPhoneNumber: result.value.display_phone_number ?? null, verifiedName: result.value.verified_name ?? null } } : result;
    },
  };
}

/** Meta writes it in hex here and in base64 there. */
function readSha256(text: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : null;
}

/** `multipart/form-data` (RFC 7578) of which only a piece at a time is in memory. Its length is told, as some proxies want it. */
function multipartBody(file: UploadFile, onProgress: (done: number) => void): Body {
  // No file holds its own hash.
  const boundary = `bandeja-${file.sha256}`;
  const field = (name: string, value: string): string => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = Buffer.from(
    `${field('messaging_product', 'whatsapp')}${field('type', file.mimeType)}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.filename}"\r\nContent-Type: ${file.mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield head;
    let done = 0;
    for await (const piece of file.open()) {
      yield piece;
      done += piece.byteLength;
      onProgress(done);
    }
    yield tail;
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(head.length + file.bytes + tail.length) },
    init: { body: ReadableStream.from(pieces()) as unknown as BodyInit, duplex: 'half' },
  };
}
