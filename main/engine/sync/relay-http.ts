/**
 * Requests of this desktop to the relay over HTTP. Invariants: the device token goes only to the relay's own address,
 * over TLS or on this computer itself, never along a redirect; every refusal becomes one of the closed error codes.
 */
import { z } from 'zod';
import { AppError, type AppErrorCode } from '../../../contract/app-error.ts';
import { adminErrorSchema, enrollErrorSchema } from '../../../contract/wire-http.ts';

const TIMEOUT_MS = 15_000;
/** A part of a snapshot over a slow line. */
const PART_TIMEOUT_MS = 120_000;

const REFUSALS: Record<z.infer<typeof adminErrorSchema> | z.infer<typeof enrollErrorSchema>, [code: AppErrorCode, text: string]> = {
  invite_unknown: ['INVITE_UNKNOWN', 'The relay does not know this invite. Check it for typing errors, or ask for a new one.'],
  invite_used: ['INVITE_USED', 'This invite has been used already. Every desktop needs its own: ask for a new one.'],
  invite_expired: ['INVITE_EXPIRED', 'This invite has expired. Ask for a new one.'],
  invite_withdrawn: ['INVITE_WITHDRAWN', 'An admin has withdrawn this invite. Ask for a new one.'],
  bad_request: ['INVALID_INPUT', 'The relay did not understand the request. Check it for typing errors.'],
  too_many_requests: ['TOO_MANY_REQUESTS', 'Too many attempts. Wait a minute and try again.'],
  unauthorized: ['SYNC_ENDED', 'The relay no longer knows this desktop.'],
  forbidden: ['FORBIDDEN', 'Only an admin may do this.'],
  not_found: ['NOT_FOUND', 'The relay does not know this.'],
  last_admin: ['LAST_ADMIN', 'The last admin cannot leave or lose the role: make somebody else admin first.'],
  too_large: ['FILE_REFUSED', 'The relay takes no file of this size.'],
  no_room: ['OFFLINE', 'The relay has no room for files now.'],
  changed_meanwhile: ['CHANGED_MEANWHILE', 'Somebody changed this meanwhile: look again.'],
};
const refusalSchema = z.object({ error: z.union([adminErrorSchema, enrollErrorSchema]) });

export type RelayHttp = {
  /** JSON in and out. @param answer what the relay must answer. `withinMs`: less patience than usual. @throws AppError */
  call<T>(request: { method: 'GET' | 'POST' | 'DELETE'; path: string; body?: unknown; withinMs?: number }, answer: z.ZodType<T>): Promise<T>;
  putBytes(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** The same, with an answer. @param answer what the relay must answer. */
  putPart<T>(path: string, bytes: Uint8Array, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** `GET` from byte `from` on, answered 200 or 206; the caller limits how much and how long it reads. @throws AppError, INVALID_INPUT if there are not so many bytes. */
  openFrom(path: string, from: number, signal: AbortSignal): Promise<Response>;
  /** The body as it comes; the caller limits its length. */
  getBytes(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
};

type Deps = { fetch: typeof fetch; readRelayUrl: () => string | null; getToken: () => Promise<string | null> };

export function createRelayHttp({ fetch, readRelayUrl, getToken }: Deps): RelayHttp {
  const send = async (path: string, init: RequestInit, headers: Record<string, string> = {}): Promise<Response> => {
    const relayUrl = readRelayUrl();
    const token = await getToken();
    if (relayUrl === null || token === null) throw new AppError('NOT_ENROLLED');
    return askRelay(fetch, new URL(path, requireSafeRelay(relayUrl)), { ...init, headers: { ...headers, authorization: `Bearer ${token}` } });
  };
  return {
    call: async ({ method, path, body, withinMs = TIMEOUT_MS }, answer) => {
      const signal = AbortSignal.timeout(withinMs);
      const response = await (body === undefined ? send(path, { method, signal }) : send(path, { method, signal, body: JSON.stringify(body) }, { 'content-type': 'application/json' }));
      return readAnswer(response, answer);
    },
    putBytes: async (path, bytes, signal) => {
      const init = { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, signal: AbortSignal.any([signal, AbortSignal.timeout(PART_TIMEOUT_MS)]) };
      const response = await send(path, init, { 'content-type': 'application/octet-stream' });
      await response.body?.cancel();
    },
    putPart: async (path, bytes, answer, signal) => {
      const init = { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, signal: AbortSignal.any([signal, AbortSignal.timeout(PART_TIMEOUT_MS)]) };
      return readAnswer(await send(path, init, { 'content-type': 'application/octet-stream' }), answer);
    },
    openFrom: (path, from, signal) => send(path, { method: 'GET', signal }, from > 0 ? { range: `bytes=${from}-` } : {}),
    getBytes: async (path, signal) => {
      const response = await send(path, { method: 'GET', signal: AbortSignal.any([signal, AbortSignal.timeout(PART_TIMEOUT_MS)]) });
      if (!response.body) throw new AppError('NOT_A_RELAY', 'the relay sent nothing');
      return response.body;
    },
  };
}

/** @throws AppError INVALID_INPUT: tokens travel to this address, so only loopback may do without TLS. */
export function requireSafeRelay(relayUrl: string): URL {
  const url = URL.parse(relayUrl);
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)))
    throw new AppError('INVALID_INPUT', `The relay's address must begin with https:// (got ${relayUrl.slice(0, 100)}).`);
  return url;
}

/** Sends a request and gives back an answer that is no refusal. @throws AppError */
export async function askRelay(fetcher: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetcher(url, { ...init, redirect: 'error' });
  } catch (error) {
    throw withCause(new AppError('OFFLINE', `The relay at ${url.origin} cannot be reached. Check the address and the connection.`), error);
  }
  if (response.ok) return response;
  const refusal = refusalSchema.safeParse(await response.json().catch(() => null));
  if (refusal.success) {
    const [code, text] = REFUSALS[refusal.data.error];
    throw new AppError(code, text);
  }
  if (response.status >= 500) throw new AppError('OFFLINE', `${url.origin} answered ${response.status}. Try again later.`);
  throw new AppError('NOT_A_RELAY', `${url.origin} answered ${response.status}: this does not look like a Bandeja relay.`);
}

/** @throws AppError NOT_A_RELAY */
export async function readAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new AppError('NOT_A_RELAY', `${new URL(response.url).origin} gave an answer that this version does not understand. Update Bandeja or the relay.`);
  return parsed.data;
}

function withCause(error: AppError, cause: unknown): AppError {
  error.cause = cause;
  return error;
}
