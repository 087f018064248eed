/**
 * The one file that knows the `openai` package. Invariants: whatever OPENAI_* variables say, every option that they could set is given here,
 * and `guarded-fetch.ts` drops the headers they add; the package writes no log, repeats nothing by itself, and sees no key. It is loaded at
 * the first call: most runs of the program never need it.
 */
import type { ServerError } from './failures.ts';
import { RefusedHereError } from './guarded-fetch.ts';

/** Events of a stream, or the whole answer of a server that does not stream; parsed JSON that nobody has looked at. */
export type Opened = { isStream: boolean; events: AsyncIterable<unknown>; requestId: string | null };
type CallOptions = { signal: AbortSignal; idempotencyKey?: string };

export type OpenAiClient = {
  /** `POST {path}` with `stream: true`. @throws what `readError` reads. */
  stream(path: 'chat/completions' | 'responses', body: Record<string, unknown>, options: CallOptions): Promise<Opened>;
  listModels(signal: AbortSignal): Promise<unknown>;
  embed(body: { model: string; input: string[] }, signal: AbortSignal): Promise<unknown>;
};

/** The library's own time limit; ours are shorter and also hold for the stream. */
const TIMEOUT_MS = 10 * 60 * 1000;

export function createOpenAiClient(base: URL, guardedFetch: typeof fetch): OpenAiClient {
  const load = async () => {
    const { OpenAI } = await import('openai');
    return new OpenAI({
      baseURL: base.href,
      apiKey: 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: 'off',
      maxRetries: 0,
      timeout: TIMEOUT_MS,
      fetch: guardedFetch,
      fetchOptions: { redirect: 'error' },
    });
  };
  let client: ReturnType<typeof load> | null = null;
  const getClient = (): ReturnType<typeof load> => (client ??= load());

  return {
    stream: async (path, body, { signal, idempotencyKey }) => {
      const openai = await getClient();
      const options = { signal, ...(idempotencyKey === undefined ? {} : { headers: { 'Idempotency-Key': idempotencyKey } }) };
      const { data, response, request_id: requestId } = await openai.post<AsyncIterable<unknown>>(`/${path}`, { body: { ...body, stream: true }, stream: true, ...options }).withResponse();
      const type = response.headers.get('content-type') ?? '';
      if (/html/i.test(type)) {
        void response.body?.cancel().catch(() => {});
        throw new SyntaxError('a web page');
      }
      if (!/json/i.test(type)) return { isStream: true, events: data, requestId };
      const whole: unknown = await response.json();
      // What comes whole looks like a stream of one event to whoever reads it.
      const once = async function* (): AsyncGenerator {
        yield whole;
      };
      return { isStream: false, events: once(), requestId };
    },
    listModels: async (signal) => {
      const openai = await getClient();
      return openai.get('/models', { signal });
    },
    embed: async (body, signal) => {
      const openai = await getClient();
      // Vectors as numbers: not every server knows base64.
      return openai.post('/embeddings', { body: { ...body, encoding_format: 'float' }, signal });
    },
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);
type Fields = { [key: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** An `error` of a body or of an event, in whatever form servers give it: an object, or a mere text. */
export function readErrorBody(body: unknown, kind: 'http' | 'event', status: number | null): ServerError {
  const error: Fields = isFields(body) ? body : {};
  const inner = isFields(error['innererror']) ? text(error['innererror']['code']) : null;
  const code = text(error['code']);
  // Some give the status of their own upstream as a code.
  const upstream = code !== null && /^[45]\d\d$/.test(code) ? Number(code) : null;
  return {
    kind,
    status: status ?? upstream,
    code: inner ?? code,
    type: text(error['type']),
    param: text(error['param']),
    message: text(error['message']) ?? (typeof body === 'string' ? body : ''),
    retryAfterMs: null,
    requestId: null,
  };
}

/** Whatever a call or its stream threw: the package's errors (told by their fields, as several copies of its classes can be there), raw ones of sockets and of JSON, and ours. */
export function readError(thrown: unknown): ServerError {
  const nothing = { status: null, code: null, type: null, param: null, message: '', retryAfterMs: null, requestId: null };
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof RefusedHereError) return { ...nothing, kind: 'refused_here', code: error.code };
    if (error instanceof SyntaxError) return { ...nothing, kind: 'format', code: 'unreadable' };
    if (/redirect/i.test(error.message)) return { ...nothing, kind: 'network', code: 'redirect' };
  }
  if (isFields(thrown) && typeof thrown['status'] === 'number') {
    const { headers } = thrown;
    const read = readErrorBody(isFields(thrown['error']) ? thrown['error'] : text(thrown['message']), 'http', thrown['status']);
    return { ...read, retryAfterMs: headers instanceof Headers ? readRetryAfter(headers) : null, requestId: text(thrown['requestID']) };
  }
  // An error event has no status; a lost connection has no body.
  if (isFields(thrown) && isFields(thrown['error'])) return readErrorBody(thrown['error'], 'event', null);
  if (isFields(thrown) && typeof thrown['error'] === 'string') return readErrorBody(thrown['error'], 'event', null);
  return { ...nothing, kind: 'network', code: networkCode(thrown) };
}

/** A server may say anything, also a time that no clock has. */
const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;
const toWait = (ms: number): number => Math.round(Math.min(Math.max(0, ms), RETRY_AFTER_MAX_MS));
/** `retry-after-ms`, or `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date by the server's own clock. Ms, at most a day; null: not given. */
function readRetryAfter(headers: Headers): number | null {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return toWait(ms);
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return toWait(Number(value) * 1000);
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(wait) ? toWait(wait) : null;
}

function networkCode(thrown: unknown): string {
  let found = 'lost';
  for (let error = thrown; error instanceof Error; error = error instanceof AggregateError ? error.errors[0] : error.cause) {
    if ('code' in error && typeof error.code === 'string') found = error.code;
  }
  return found;
}
