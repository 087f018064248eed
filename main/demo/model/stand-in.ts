/**
 * A stand-in for a model's server: OpenAI-compatible, over HTTP on loopback, and as rude as it is told to be. For tests, and for looking at the AI
 * parts without an account. Invariants: the journal tells whether a key came and never which; no web page is answered.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import type { Log } from '../../../contract/log.ts';
import { answerPrompt } from './default-answer.ts';
import { MODEL_FAULT_NAMES, type ModelFault } from './faults.ts';
import { chatEvents, responsesEvents, type Answer, type Events } from './wire.ts';

export type ModelCall = {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  path: string;
  body: unknown;
  /** Names of the headers in lower case, without those of a key. */
  headers: Record<string, string>;
  /** Where a key came in; null: none did. */
  keyHeader: 'authorization' | 'api-key' | null;
  /** Null while it is not answered, and for ever if it never is. */
  status: number | null;
  /** The text that was sent whole; null: it was not. */
  answered: string | null;
  /** The other side closed the connection before the answer was whole. */
  isCutByCaller: boolean;
  /** When the first piece of a stream left, and when the connection of the answer was done with; null: not yet. Milliseconds since the epoch. */
  firstPieceAt: number | null;
  closedAt: number | null;
  /** Tokens of what was asked and written so far: what a server charges, also for an answer that is broken off. */
  counted: { input: number; output: number };
  /** The caller was told. */
  isCountTold: boolean;
};

const settingSchema = z.strictObject({
  /** Takes back everything that was set before the rest is applied. */
  reset: z.boolean().optional(),
  fault: z.enum(MODEL_FAULT_NAMES).nullable().optional(),
  /** Ms between two pieces. */
  pieceMs: z.number().int().min(0).max(60_000).optional(),
  /** Code units of a piece. */
  pieceLength: z.number().int().min(1).max(10_000).optional(),
  /** `match`: a regular expression over everything that was sent, without case. The first that matches answers; `times`: so often (default: always). */
  replies: z
    .array(z.strictObject({ match: z.string().refine(isRegExp, 'a regular expression'), text: z.string(), times: z.number().int().min(1).optional() }))
    .max(1_000)
    .optional(),
});
export type ModelSetting = z.input<typeof settingSchema>;
type Setting = { fault: ModelFault | null; pieceMs: number; pieceLength: number; replies: { match: string; text: string; times?: number | undefined }[] };

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp;
  } catch {
    return false;
  }
}

export type ModelStandInOptions = {
  /** 0, the default, takes a free port. */
  port?: number | undefined;
  /** If given, calls with another key are refused. */
  key?: string | undefined;
  pieceMs?: number | undefined;
  /** Where the fault `redirect` leads. */
  elsewhere?: string | undefined;
  now?: (() => number) | undefined;
  log?: Log | undefined;
};

export type ModelStandIn = {
  start(): Promise<void>;
  /** Cuts all connections. */
  stop(): Promise<void>;
  /** With its version path, as the settings take it. Throws before `start`. */
  baseUrl(): string;
  set(setting: ModelSetting): Setting;
  journal(): ModelCall[];
  clearJournal(): void;
};

export const STAND_IN_MODELS = ['stand-in', 'stand-in-embeddings'] as const;
const CALLS_MAX = 10_000;
const BODY_MAX = '8mb';
/** Also of what `npm run model` sends: slow enough to see the text come. */
const PIECE_LENGTH = 12;
const DIMENSIONS = 64;
const THOUGHT = 'The customer asks something. I look at F1 and K1.';

export function createModelStandIn(options: ModelStandInOptions = {}): ModelStandIn {
  const now = options.now ?? (() => Date.now());
  const log: Log = options.log ?? (() => {});
  const initial = (): Setting => ({ fault: null, pieceMs: options.pieceMs ?? 0, pieceLength: PIECE_LENGTH, replies: [] });
  let setting = initial();
  let calls: ModelCall[] = [];

  const set = (input: ModelSetting): Setting => {
    const { reset, fault, pieceMs, pieceLength, replies } = settingSchema.parse(input);
    const base = reset ? initial() : setting;
    setting = {
      fault: fault === undefined ? base.fault : fault,
      pieceMs: pieceMs ?? base.pieceMs,
      pieceLength: pieceLength ?? base.pieceLength,
      replies: replies ?? base.replies,
    };
    return setting;
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const { host, origin } = request.headers;
    if (origin === undefined && (host === `127.0.0.1:${readPort()}` || host === `localhost:${readPort()}`)) return next();
    response.status(403).json({ error: 'only programs on this computer are answered' });
  });
  app.use(express.json({ limit: BODY_MAX, type: () => true }));

  app.get('/_journal', (_request, response) => void response.json(calls));
  app.delete('/_journal', (_request, response) => {
    calls = [];
    response.json([]);
  });
  app.get('/_model', (_request, response) => void response.json(setting));
  app.post('/_model', (request, response) => {
    const parsed = settingSchema.safeParse(request.body);
    if (parsed.success) response.json(set(parsed.data));
    else response.status(400).json({ error: z.prettifyError(parsed.error) });
  });

  app.use('/v1', (request, response, next) => {
    const { authorization, 'api-key': apiKey, ...headers } = request.headers;
    const key = authorization?.replace(/^Bearer /, '') ?? apiKey;
    const call: ModelCall = {
      at: now(),
      method: request.method,
      path: `/v1${request.path}`,
      body: request.body,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      keyHeader: authorization !== undefined ? 'authorization' : apiKey !== undefined ? 'api-key' : null,
      status: null,
      answered: null,
      isCutByCaller: false,
      firstPieceAt: null,
      closedAt: null,
      counted: { input: 0, output: 0 },
      isCountTold: false,
    };
    calls.push(call);
    if (calls.length > CALLS_MAX) calls = calls.slice(-CALLS_MAX / 2);
    response.locals['call'] = call;
    response.on('finish', () => (call.status = response.statusCode));
    response.on('close', () => {
      call.closedAt = now();
      if (!response.writableEnded && !response.locals['isCutHere']) call.isCutByCaller = true;
    });
    if (options.key !== undefined && key !== options.key) return refuse(response, 401, 'invalid_api_key', 'Incorrect API key provided.');
    next();
  });
  app.get('/v1/models', (_request, response) => {
    if (setting.fault === 'no_models') return refuse(response, 404, 'not_found', 'Not found');
    if (setting.fault === 'auth') return refuse(response, 401, 'invalid_api_key', 'Incorrect API key provided.');
    response.json({ object: 'list', data: STAND_IN_MODELS.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'bandeja' })) });
  });
  app.post('/v1/embeddings', (request, response) => {
    if (setting.fault === 'no_embeddings') return refuse(response, 404, 'not_found', 'Not found');
    const parsed = z.object({ model: z.string(), input: z.union([z.string(), z.array(z.string())]) }).safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, 'invalid_request', 'input is needed');
    const inputs = [parsed.data.input].flat();
    response.json({
      object: 'list',
      model: parsed.data.model,
      data: inputs.map((input, index) => ({ object: 'embedding', index, embedding: toVector(input) })),
      usage: { prompt_tokens: inputs.join(' ').length, total_tokens: inputs.join(' ').length },
    });
  });
  app.post('/v1/chat/completions', (request, response) => void complete(request, response, 'chat'));
  app.post('/v1/responses', (request, response) => void complete(request, response, 'responses'));
  app.use((_request, response) => refuse(response, 404, 'not_found', 'Not found'));

  async function complete(request: Request, response: Response, api: 'chat' | 'responses'): Promise<void> {
    const body = z.looseObject({ model: z.string(), stream: z.boolean().optional() }).safeParse(request.body);
    if (!body.success) return refuse(response, 400, 'invalid_request', 'model is needed');
    const { fault } = setting;
    if (refuseByFault(fault, request, response, body.data)) return;
    const answer = makeAnswer(body.data, fault);
    const events = api === 'chat' ? chatEvents(answer, fault) : responsesEvents(answer);
    const call = response.locals['call'] as ModelCall;
    const pieces = [...answer.thoughts, ...answer.pieces];
    const charge = (count: number): void => {
      call.counted = { input: toTokens(readPrompt(body.data).length), output: toTokens(pieces.slice(0, count).join('').length) };
    };
    charge(0);
    if (body.data.stream !== true || fault === 'whole') {
      charge(pieces.length);
      response.json(events.whole);
    } else {
      await stream(response, events, fault, (count) => {
        call.firstPieceAt ??= now();
        charge(count);
      });
    }
    if (!response.writableEnded) return;
    call.answered = answer.pieces.join('');
    call.isCountTold = answer.usage !== null && fault !== 'no_finish';
  }

  /** @returns whether the call ends here. */
  function refuseByFault(fault: ModelFault | null, request: Request, response: Response, body: Record<string, unknown>): boolean {
    const has = (name: string): boolean => body[name] !== undefined;
    const forget = (): void => {
      setting = { ...setting, fault: null };
    };
    const refused = (status: number, code: string, message: string, param: string | null = null): true => {
      refuse(response, status, code, message, param);
      return true;
    };
    const cut = (): true => {
      response.locals['isCutHere'] = true;
      response.socket?.destroy();
      return true;
    };
    switch (fault) {
      case 'auth':
        return refused(401, 'invalid_api_key', `Incorrect API key provided: ${request.headers.authorization ?? ''} for ${JSON.stringify(body)}`);
      case 'quota':
        return refused(429, 'insufficient_quota', 'You exceeded your current quota, please check your plan and billing details.');
      case 'rate_limited':
        response.set('retry-after', '7');
        return refused(429, 'rate_limit_exceeded', 'Rate limit reached for requests per min.');
      case 'overloaded':
        return refused(503, 'overloaded', 'The server is busy.');
      case 'server_error_once':
        forget();
        return refused(500, 'server_error', 'Something went wrong.');
      case 'server_error':
        return refused(500, 'server_error', 'Something went wrong.');
      case 'model_missing':
        return refused(404, 'model_not_found', 'The model does not exist.');
      case 'context_too_long':
        return refused(400, 'context_length_exceeded', 'This model has a maximum context length of 8192 tokens.');
      case 'content_filtered':
        return refused(400, 'content_filter', 'The response was filtered.');
      case 'refuses_max_tokens':
        return has('max_tokens') && refused(400, 'unsupported_parameter', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 'max_tokens');
      case 'refuses_max_completion_tokens':
        return has('max_completion_tokens') && refused(422, 'extra_forbidden', 'max_completion_tokens: extra inputs are not permitted');
      case 'refuses_temperature':
        return has('temperature') && refused(400, 'unsupported_value', "'temperature' does not support 0.2 with this model.", 'temperature');
      case 'refuses_stream_options':
        return has('stream_options') && refused(400, 'unknown_parameter', 'Unrecognized request argument supplied: stream_options');
      case 'html':
        response.type('html').send('<!doctype html><title>Hotel</title><p>Please log in.');
        return true;
      case 'redirect':
        response.redirect(307, options.elsewhere ?? `http://127.0.0.1:${readPort()}/elsewhere`);
        return true;
      case 'cut_at_once_first':
        forget();
        return cut();
      case 'cut_at_once':
        return cut();
      case 'no_headers':
        return true;
      default:
        return false;
    }
  }

  function makeAnswer(body: Record<string, unknown> & { model: string }, fault: ModelFault | null): Answer {
    const prompt = readPrompt(body);
    const canned = setting.replies.find(({ match }) => new RegExp(match, 'iu').test(prompt));
    const isLast = canned?.times === 1;
    if (canned?.times !== undefined) canned.times--;
    if (isLast) setting = { ...setting, replies: setting.replies.filter((reply) => reply !== canned) };
    const plain = canned?.text ?? answerPrompt(prompt);
    const text = disguise(plain, fault);
    const thoughts = fault === 'reasoning' ? cut(THOUGHT, setting.pieceLength) : [];
    const finish = fault === 'length' || fault === 'think_only' ? 'length' : fault === 'content_filter' ? 'content_filter' : 'stop';
    const usage = { input: toTokens(prompt.length), cached: 0, output: toTokens(text.length + thoughts.join('').length), reasoning: toTokens(thoughts.join('').length) };
    const wantsUsage = 'input' in body || body['stream'] !== true || z.object({ include_usage: z.literal(true) }).safeParse(body['stream_options']).success;
    return { model: body.model, pieces: cut(text, setting.pieceLength), thoughts, finish, usage: fault === 'no_usage' || !wantsUsage ? null : usage };
  }

  /** @param onPiece how many pieces have left. */
  async function stream(response: Response, { begin, pieces, end, usage }: Events, fault: ModelFault | null, onPiece: (count: number) => void): Promise<void> {
    response.set({ 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': `req-${calls.length}` });
    response.flushHeaders();
    const write = async (text: string): Promise<void> => {
      if (fault === 'split') for (const bytes of splitBytes(text.replaceAll('\n', '\r\n'))) await writeOut(response, bytes);
      else await writeOut(response, text);
    };
    const send = (event: unknown): Promise<void> => write(`${fault === 'split' ? ': a comment\n' : ''}data:${fault === 'split' ? '' : ' '}${JSON.stringify(event)}\n\n`);
    const isGone = (): boolean => response.destroyed;
    const cut = (): void => {
      response.locals['isCutHere'] = true;
      response.socket?.destroy();
    };
    for (const event of begin) await send(event);
    if (fault === 'no_token') return repeat(response, ': still there\n\n');
    if (fault === 'drips') return repeat(response, `data: ${JSON.stringify(begin[0])}\n\n`);
    if (fault === 'babbles') return repeat(response, pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`).join(''));
    for (const [index, piece] of pieces.entries()) {
      if (isGone()) return;
      if (index > 0 && setting.pieceMs > 0) await pause(setting.pieceMs);
      onPiece(index + 1);
      await send(piece);
      if (index !== 2) continue;
      if (fault === 'stalls') return;
      if (fault === 'cut') return cut();
      if (fault === 'bad_json') await write('data: {"choices": [{"delta": \n\n');
      if (fault === 'error_event') await send({ error: { message: 'Something went wrong.', type: 'server_error', code: null } });
      if (fault === 'overloaded_event') await send({ error: { message: 'Overloaded', type: 'overloaded_error', code: 529 } });
      if (fault === 'content_filter') break;
    }
    if (isGone()) return;
    if (fault !== 'no_finish') for (const event of end) await send(event);
    if (fault === 'stays_open') return;
    if (fault === 'cut_after_end') return cut();
    if (fault !== 'no_finish') for (const event of usage) await send(event);
    if (fault !== 'no_finish') await write('data: [DONE]\n\n');
    response.end();
  }

  const server = createServer(app);
  const readPort = (): number => (server.address() as AddressInfo).port;
  return {
    start: async () => {
      server.listen(options.port ?? 0, '127.0.0.1');
      await once(server, 'listening');
      log('info', 'model.started', { hasKey: options.key !== undefined });
    },
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    baseUrl: () => {
      if (!server.listening) throw new Error('the stand-in is not started');
      return `http://127.0.0.1:${readPort()}/v1`;
    },
    set,
    journal: () => calls.map((call) => ({ ...call })),
    clearJournal: () => {
      calls = [];
    },
  };
}

const toTokens = (characters: number): number => Math.ceil(characters / 4);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
function refuse(response: Response, status: number, code: string, message: string, param: string | null = null): void {
  response.status(status).json({ error: { message, type: 'invalid_request_error', code, param } });
}

/** The text as a server with this fault writes it. */
function disguise(text: string, fault: ModelFault | null): string {
  switch (fault) {
    case 'empty':
      return '';
    case 'think':
      return `<think>${THOUGHT}</think>\n\n${text}`;
    case 'think_unopened':
      return `${THOUGHT}</think>${text}`;
    case 'think_only':
      return `<think>${THOUGHT}`;
    default:
      return text;
  }
}

/** One write that has left, so that it is a piece of its own on the way. */
const writeOut = (response: ServerResponse, data: string | Uint8Array): Promise<void> => new Promise((resolve) => void response.write(data, () => resolve()));
/** Until the other side goes. */
async function repeat(response: ServerResponse, text: string): Promise<void> {
  while (!response.destroyed) {
    await writeOut(response, text);
    await pause(2);
  }
}
const cut = (text: string, length: number): string[] => Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length));
function* splitBytes(text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += 3) yield bytes.subarray(from, from + 3);
}

/** Everything that was sent, in its order. */
function readPrompt(body: Record<string, unknown>): string {
  const message = z.looseObject({ content: z.union([z.string(), z.array(z.looseObject({ text: z.string().default('') }))]) });
  const texts = z.union([z.array(message), z.string()]).safeParse(body['messages'] ?? body['input']);
  if (!texts.success) return '';
  return typeof texts.data === 'string' ? texts.data : texts.data.map(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('\n'))).join('\n');
}

/** Texts that share words are near each other: enough to see that vectors are used. */
function toVector(text: string): number[] {
  const vector: number[] = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? []) {
    let hash = 7;
    for (const letter of word.slice(0, 6)) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 100_003;
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
