/**
 * Calls to Meta's Graph API. Invariant: for every call it is clear whether Meta may have acted on it: `refused` and
 * `unreachable` mean that nothing happened, `lost` that the request left and its answer never came (there is no
 * idempotency key, so such a call is never repeated by itself). The token goes to the configured host only.
 */
import { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { isAccountWide, judgeRetry, type Retry } from '../../../contract/whatsapp/error-codes.ts';
import { errorText } from '../../../contract/log.ts';
import { WAMID_MAX } from '../../../contract/ops/op.ts';
import { shortenError, type MessageError } from '../../../contract/whatsapp/message-content.ts';
import { parseJson, readNumber } from '../../../contract/json.ts';
import type { ReadMark, SendMessage } from '../../../contract/whatsapp/send-message.ts';

/** Released 18 Feb 2026, usable until 29 Jul 2028 (Graph API changelog). */
export const GRAPH_VERSION = 'v25.0';
const TIMEOUT_MS = 30_000;
/** Of an upload: so long without a byte that leaves, or without an answer after the last one. */
const UPLOAD_IDLE_MS = 60_000;
const ANSWER_MAX_BYTES = 1_000_000;

export type GraphResult<T> =
  | { status: 'ok'; value: T }
  /** `waitMs`: shortest pause before a repeat, by the code and by `Retry-After`. */
  | { status: 'refused'; error: MessageError; retry: Retry; waitMs: number; isAccountWide: boolean }
  | { status: 'unreachable'; detail: string; waitMs?: number }
  | { status: 'lost'; detail: string };

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
export const errorAnswerSchema = z.object({
  error: z.object({ code: z.number().int(), message: z.string().optional(), is_transient: z.boolean().optional(), error_data: z.object({ details: z.string().optional() }).optional() }),
});

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
export function createGraphClient({ baseUrl, fetch: fetcher, getToken }: { baseUrl: string; fetch: typeof fetch; getToken: () => Promise<string | null> }): GraphClient {
  const base = parseGraphBaseUrl(baseUrl);

  const call = async <T>(method: 'GET' | 'POST', path: string, body: Body | null, schema: z.ZodType<T>, signal: AbortSignal): Promise<GraphResult<T>> => {
    let token: string | null;
    try {
      token = await getToken();
    } catch (error) {
      return { status: 'unreachable', detail: `no token: ${errorText(error)}` };
    }
    if (token === null) return refused({ code: 190, title: 'no token', detail: null }, 401, false, 0);
    let response: Response;
    let text: string;
    try {
      response = await fetcher(new URL(`${GRAPH_VERSION}/${path}`, base), {
        method,
        headers: { authorization: `Bearer ${token}`, ...body?.headers },
        ...body?.init,
        redirect: 'error',
        signal,
      });
      text = await readText(response);
    } catch (error) {
      return hasNeverLeft(error) ? { status: 'unreachable', detail: networkCodeOf(error) } : { status: 'lost', detail: networkCodeOf(error) };
    }
    const retryAfterMs = readRetryAfter(response.headers);
    const json = parseJson(text);
    const failure = errorAnswerSchema.safeParse(json);
    if (failure.success) {
      const { code, message, is_transient: isTransient, error_data: data } = failure.data.error;
      if (isOutage(code, response.status)) return { status: 'unreachable', detail: `code ${code}`, waitMs: retryAfterMs };
      return refused({ code, title: message ?? '', detail: data?.details ?? null }, response.status, isTransient ?? false, retryAfterMs);
    }
    const answer = schema.safeParse(json);
    if (response.ok && answer.success) return { status: 'ok', value: answer.data };
    // Not Meta's JSON: a proxy's page. It says nothing about what happened behind it, except for these two.
    if (response.status === 429 || response.status === 413) return { status: 'unreachable', detail: `http ${response.status}`, waitMs: retryAfterMs };
    return { status: 'lost', detail: `http ${response.status}` };
  };

  return {
    sendMessage: async (phoneNumberId, body, signal) => {
      const result = await call('POST', `${encodeURIComponent(phoneNumberId)}/messages`, jsonBody(body), sendAnswerSchema, inTime(signal));
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
        return await call('POST', `${encodeURIComponent(phoneNumberId)}/media`, body, uploadAnswerSchema, AbortSignal.any([signal, idle.signal]));
      } finally {
        clearTimeout(timer);
      }
    },
    markRead: async (phoneNumberId, wamid, signal, isTyping = false) => {
      const mark: ReadMark = { messaging_product: 'whatsapp', status: 'read', message_id: wamid, ...(isTyping ? { typing_indicator: { type: 'text' } } : {}) };
      const result = await call('POST', `${encodeURIComponent(phoneNumberId)}/messages`, jsonBody(mark), successSchema, inTime(signal));
      return result.status === 'ok' ? { status: 'ok', value: undefined } : result;
    },
    readMedia: async (mediaId, phoneNumberId, signal) => {
      const result = await call('GET', `${encodeURIComponent(mediaId)}?phone_number_id=${encodeURIComponent(phoneNumberId)}`, null, mediaAnswerSchema, inTime(signal));
      if (result.status !== 'ok') return result;
      const { url, mime_type: mimeType, sha256, file_size: size } = result.value;
      const bytes = readNumber(size);
      return { status: 'ok', value: { url, mimeType, sha256: readSha256(sha256 ?? ''), bytes: Number.isSafeInteger(bytes) ? bytes : null } };
    },
    readNumber: async (phoneNumberId, signal) => {
      const result = await call('GET', `${encodeURIComponent(phoneNumberId)}?fields=display_phone_number,verified_name`, null, numberAnswerSchema, inTime(signal));
      return result.status === 'ok' ? { status: 'ok', value: { displayPhoneNumber: result.value.display_phone_number ?? null, verifiedName: result.value.verified_name ?? null } } : result;
    },
  };
}

/** Meta writes it in hex here and in base64 there. */
function readSha256(text: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : null;
}

export function parseGraphBaseUrl(baseUrl: string): URL {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) throw new Error(`GRAPH_BASE_URL must begin with https:// (http:// only on this machine), got ${baseUrl}`);
  return url;
}

type Body = { headers: Record<string, string>; init: RequestInit & { duplex?: 'half' } };

const jsonBody = (value: SendMessage | ReadMark): Body => ({ headers: { 'content-type': 'application/json' }, init: { body: JSON.stringify(value) } });

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

const inTime = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);

/** `Retry-After` (RFC 9110, section 10.2.3), seconds or a date by the server's own clock; ms, 0: not given. */
function readRetryAfter(headers: Headers): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Meta's service is away for everybody (Cloud API, "Error codes": API service, server temporarily unavailable): no message is to blame, however long it lasts. */
export const isOutage = (code: number, httpStatus: number): boolean => httpStatus === 503 && (code === 2 || code === 133004);

function refused(answer: MessageError, httpStatus: number, isTransient: boolean, retryAfterMs: number): GraphResult<never> {
  const error = shortenError(answer);
  const { retry, waitMs } = judgeRetry({ code: error.code, httpStatus, isTransient });
  return { status: 'refused', error, retry, waitMs: Math.max(waitMs, retryAfterMs), isAccountWide: isAccountWide(error.code) };
}

/**
 * Failures from before the first byte of the request: the name, the connection, the handshake (Node's net, dns and tls
 * errors, undici's connect timeout). Of several attempts (IPv6, IPv4) all must have ended so.
 */
function hasNeverLeft(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(hasNeverLeft);
  if (!(error instanceof Error)) return false;
  const { code, syscall, cause } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (typeof code === 'string') return NEVER_LEFT.test(code);
  return cause !== undefined && hasNeverLeft(cause);
}

const NEVER_LEFT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_\w+|ERR_TLS_\w+|CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+)$/;

export function networkCodeOf(error: unknown): string {
  let current = error;
  while (current instanceof Error) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return error instanceof Error ? error.name : 'unknown';
}

export async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!response.body) return '';
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > ANSWER_MAX_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
