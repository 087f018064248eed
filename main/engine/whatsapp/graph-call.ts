/**
 * One call to Meta's Graph API. Invariant: for every call it is clear whether Meta may have acted on it: `refused` and `unreachable` mean
 * that nothing happened, `lost` that the request left and its answer never came (there is no idempotency key, so such a call is never
 * repeated by itself). The token goes to the configured host only. Ids above 2^53 come as text.
 */
import { z } from 'zod';
import { isAccountWide, judgeRetry, type Retry } from '../../../contract/whatsapp/error-codes.ts';
import { errorText } from '../../../contract/log.ts';
import { shortenError, type MessageError } from '../../../contract/whatsapp/message-content.ts';
import { parseExactJson } from '../../../contract/json.ts';

/** Released 18 Feb 2026, usable until 29 Jul 2028 (Graph API changelog). */
export const GRAPH_VERSION = 'v25.0';
const TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 4_000_000;

/** What Meta says beside the code: the subcode, and what its own pages would show, in the language of the app. */
export type MetaWords = { subcode: number | null; title: string | null; text: string | null };
export type GraphResult<T> =
  | { status: 'ok'; value: T }
  /** `waitMs`: shortest pause before a repeat, by the code and by `Retry-After`. `words`: absent where Meta was not asked. */
  | { status: 'refused'; error: MessageError; retry: Retry; waitMs: number; isAccountWide: boolean; words?: MetaWords }
  | { status: 'unreachable'; detail: string; waitMs?: number }
  | { status: 'lost'; detail: string };

const subcode = z.number().int().optional().catch(undefined);
const words = z.string().max(2_000).optional().catch(undefined);
export const errorAnswerSchema = z.object({
  error: z.object({
    code: z.number().int(),
    message: z.string().optional(),
    is_transient: z.boolean().optional(),
    error_subcode: subcode,
    error_user_title: words,
    error_user_msg: words,
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

export type Body = { headers: Record<string, string>; init: RequestInit & { duplex?: 'half' } };
/** `scheme`: of the Authorization header; resumable uploads want `OAuth`. */
export type GraphRequest<T> = { method: 'GET' | 'POST' | 'DELETE'; path: string; body?: Body | undefined; schema: z.ZodType<T>; signal: AbortSignal; scheme?: 'Bearer' | 'OAuth' };
export type GraphCall = <T>(request: GraphRequest<T>) => Promise<GraphResult<T>>;
export type GraphDeps = { baseUrl: string; fetch: typeof fetch; getToken: () => Promise<string | null> };

/** @throws Error for a base that is neither https nor http on loopback: the token must not travel in clear. */
export function createGraphCall({ baseUrl, fetch: fetcher, getToken }: GraphDeps): GraphCall {
  const base = parseGraphBaseUrl(baseUrl);

  return async ({ method, path, body, schema, signal, scheme = 'Bearer' }) => {
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
        headers: { authorization: `${scheme} ${token}`, ...body?.headers },
        ...body?.init,
        redirect: 'error',
        signal,
      });
      text = await readText(response);
    } catch (error) {
      return hasNeverLeft(error) ? { status: 'unreachable', detail: networkCodeOf(error) } : { status: 'lost', detail: networkCodeOf(error) };
    }
    const retryAfterMs = readRetryAfter(response.headers);
    const json = parseExactJson(text);
    const failure = errorAnswerSchema.safeParse(json);
    if (failure.success) {
      const { code, message, is_transient: isTransient, error_data: data, error_subcode: ofCode, error_user_title: title, error_user_msg: said } = failure.data.error;
      if (isOutage(code, response.status)) return { status: 'unreachable', detail: `code ${code}`, waitMs: retryAfterMs };
      const refusal = refused({ code, title: message ?? '', detail: data?.details ?? null }, response.status, isTransient ?? false, retryAfterMs);
      return { ...refusal, words: { subcode: ofCode ?? null, title: title ?? null, text: said ?? null } };
    }
    const answer = schema.safeParse(json);
    if (response.ok && answer.success) return { status: 'ok', value: answer.data };
    // Not Meta's JSON: a proxy's page. It says nothing about what happened behind it, except for these two.
    if (response.status === 429 || response.status === 413) return { status: 'unreachable', detail: `http ${response.status}`, waitMs: retryAfterMs };
    return { status: 'lost', detail: `http ${response.status}` };
  };
}

export const jsonBody = (value: unknown): Body => ({ headers: { 'content-type': 'application/json' }, init: { body: JSON.stringify(value) } });

export const inTime = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);

export function parseGraphBaseUrl(baseUrl: string): URL {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) throw new Error(`GRAPH_BASE_URL must begin with https:// (http:// only on this machine), got ${baseUrl}`);
  return url;
}

/** `Retry-After` (RFC 9110, section 10.2.3), seconds or a date by the server's own clock; ms, 0: not given. */
function readRetryAfter(headers: Headers): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Meta's service is away for everybody (Cloud API, "Error codes": API service, server temporarily unavailable): no message is to blame, however long it lasts. */
export const isOutage = (code: number, httpStatus: number): boolean => httpStatus === 503 && (code === 2 || code === 133004);

function refused(answer: MessageError, httpStatus: number, isTransient: boolean, retryAfterMs: number): Extract<GraphResult<never>, { status: 'refused' }> {
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
