/**
 * Calls to Meta's Graph API. Invariant: for every call it is clear whether Meta may have acted on it: `refused` and
 * `unreachable` mean that nothing happened, `lost` that the request left and its answer never came (there is no
 * idempotency key, so such a call is never repeated by itself). The token goes to the configured host only.
 */
import { z } from 'zod';
import { judgeRetry, type Retry } from '../../../contract/whatsapp/error-codes.ts';
import { errorText } from '../../../contract/log.ts';
import { WAMID_MAX } from '../../../contract/ops/op.ts';
import { shortenError, type MessageError } from '../../../contract/whatsapp/message-content.ts';
import { parseJson } from '../../../contract/json.ts';

/** Released 18 Feb 2026, usable until 29 Jul 2028 (Graph API changelog). */
export const GRAPH_VERSION = 'v25.0';
const TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 1_000_000;

export type GraphResult<T> =
  | { status: 'ok'; value: T }
  | { status: 'refused'; error: MessageError; retry: Retry; waitMs: number; isAccountWide: boolean }
  | { status: 'unreachable'; detail: string }
  | { status: 'lost'; detail: string };

const sendAnswerSchema = z.object({ messages: z.array(z.object({ id: z.string().min(1).max(WAMID_MAX) })).min(1) });
const numberAnswerSchema = z.object({ display_phone_number: z.string().optional(), verified_name: z.string().optional() });
const successSchema = z.object({ success: z.literal(true) });
export const errorAnswerSchema = z.object({
  error: z.object({ code: z.number().int(), message: z.string().optional(), is_transient: z.boolean().optional(), error_data: z.object({ details: z.string().optional() }).optional() }),
});

export type GraphClient = {
  /** `POST /{phone number id}/messages`. The value is the message's wamid. */
  sendMessage(phoneNumberId: string, body: Record<string, unknown>, signal: AbortSignal): Promise<GraphResult<{ wamid: string }>>;
  /** Shows the customer that everything up to this message was read. Harmless to repeat. */
  markRead(phoneNumberId: string, wamid: string, signal: AbortSignal): Promise<GraphResult<void>>;
  readNumber(phoneNumberId: string, signal: AbortSignal): Promise<GraphResult<{ displayPhoneNumber: string | null; verifiedName: string | null }>>;
};

/** @throws Error for a base that is neither https nor http on loopback: the token must not travel in clear. */
export function createGraphClient({ baseUrl, fetch: fetcher, getToken }: { baseUrl: string; fetch: typeof fetch; getToken: () => Promise<string | null> }): GraphClient {
  const base = parseGraphBaseUrl(baseUrl);

  const call = async <T>(method: 'GET' | 'POST', path: string, body: Record<string, unknown> | null, schema: z.ZodType<T>, signal: AbortSignal): Promise<GraphResult<T>> => {
    let token: string | null;
    try {
      token = await getToken();
    } catch (error) {
      return { status: 'unreachable', detail: `no token: ${errorText(error)}` };
    }
    if (token === null) return refused({ code: 190, title: 'no token', detail: null }, 401, false);
    let response: Response;
    let text: string;
    try {
      response = await fetcher(new URL(`${GRAPH_VERSION}/${path}`, base), {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      text = await readText(response);
    } catch (error) {
      return { status: hasNeverLeft(error) ? 'unreachable' : 'lost', detail: networkCodeOf(error) };
    }
    const json = parseJson(text);
    const failure = errorAnswerSchema.safeParse(json);
    if (failure.success) {
      const { code, message, is_transient: isTransient, error_data: data } = failure.data.error;
      if (isOutage(code, response.status)) return { status: 'unreachable', detail: `code ${code}` };
      return refused({ code, title: message ?? '', detail: data?.details ?? null }, response.status, isTransient ?? false);
    }
    const answer = schema.safeParse(json);
    if (response.ok && answer.success) return { status: 'ok', value: answer.data };
    // Not Meta's JSON: a proxy's page. It says nothing about what happened behind it, except for these two.
    if (response.status === 429 || response.status === 413) return { status: 'unreachable', detail: `http ${response.status}` };
    return { status: 'lost', detail: `http ${response.status}` };
  };

  return {
    sendMessage: async (phoneNumberId, body, signal) => {
      const result = await call('POST', `${encodeURIComponent(phoneNumberId)}/messages`, body, sendAnswerSchema, signal);
      return result.status === 'ok' ? { status: 'ok', value: { wamid: result.value.messages[0]?.id ?? '' } } : result;
    },
    markRead: async (phoneNumberId, wamid, signal) => {
      const result = await call('POST', `${encodeURIComponent(phoneNumberId)}/messages`, { messaging_product: 'whatsapp', status: 'read', message_id: wamid }, successSchema, signal);
      return result.status === 'ok' ? { status: 'ok', value: undefined } : result;
    },
    readNumber: async (phoneNumberId, signal) => {
      const result = await call('GET', `${encodeURIComponent(phoneNumberId)}?fields=display_phone_number,verified_name`, null, numberAnswerSchema, signal);
      return result.status === 'ok' ? { status: 'ok', value: { displayPhoneNumber: result.value.display_phone_number ?? null, verifiedName: result.value.verified_name ?? null } } : result;
    },
  };
}

export function parseGraphBaseUrl(baseUrl: string): URL {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) throw new Error(`GRAPH_BASE_URL must begin with https:// (http:// only on this machine), got ${baseUrl}`);
  return url;
}

/** Refusals that every other message would meet too: the outbox waits until a person has acted (Cloud API, "Error codes": authorization, integrity, payment, registration). */
const isAccountWide = (code: number): boolean => [0, 3, 10, 190, 368, 131031, 131042, 131045, 133010].includes(code) || (code >= 200 && code <= 299);

/** Meta's service is away for everybody (Cloud API, "Error codes": API service, server temporarily unavailable): no message is to blame, however long it lasts. */
export const isOutage = (code: number, httpStatus: number): boolean => httpStatus === 503 && (code === 2 || code === 133004);

function refused(answer: MessageError, httpStatus: number, isTransient: boolean): GraphResult<never> {
  const error = shortenError(answer);
  const { retry, waitMs } = judgeRetry({ code: error.code, httpStatus, isTransient });
  return { status: 'refused', error, retry, waitMs, isAccountWide: isAccountWide(error.code) };
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
