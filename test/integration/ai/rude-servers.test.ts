/** A model's server over real HTTP that behaves badly: each way ends in its own failure, in time, and nothing of a key or a prompt comes back. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../contract/ai/ai-words.ts';
import type { ModelFault } from '../../../main/demo/model/faults.ts';
import { createModelStandIn } from '../../../main/demo/model/stand-in.ts';
import type { LlmOutcome, LlmProvider } from '../../../main/engine/ai/provider/llm-provider.ts';
import type { CallLimits } from '../../../main/engine/ai/provider/run-stream.ts';
import { keyFor, modelPrompt, modelSettings, providerDeps, requireProvider } from '../../support/model-provider.ts';
import { waitUntil } from '../../support/wait-until.ts';

const KEY = 'sk-secret-0123456789abcdef';
const TEXT = 'Con gusto: abrimos de lunes a viernes de 8:00 a 17:00 y el sábado hasta mediodía. [K1]';
const elsewhere = createModelStandIn();
const server = createModelStandIn();

beforeAll(async () => {
  await elsewhere.start();
  await server.start();
});
afterAll(async () => {
  await server.stop();
  await elsewhere.stop();
});
beforeEach(() => {
  elsewhere.clearJournal();
  server.clearJournal();
  server.set({ reset: true, replies: [{ match: 'abren', text: TEXT }] });
});

const connect = (limits: Partial<CallLimits> = {}, over: Parameters<typeof modelSettings>[0] = {}, baseUrl = server.baseUrl()): LlmProvider => {
  const settings = modelSettings({ baseUrl, ...over });
  return requireProvider(settings, keyFor(settings, KEY), providerDeps({ limits: { retryPauseMs: 1, ...limits } }));
};
type Asked = LlmOutcome & { deltas: string };
async function ask(provider: LlmProvider, signal = new AbortController().signal): Promise<Asked> {
  let deltas = '';
  const outcome = await provider.complete(modelPrompt(), { runId: 'run-1', signal, onDelta: (text) => (deltas += text) });
  return { ...outcome, deltas };
}

/** Fault, class, what is kept of the text, and the limits where they are what ends it. */
const RUDE: [ModelFault, FailureClass, 'none' | 'part' | 'all', Partial<CallLimits>?][] = [
  ['auth', 'auth', 'none'],
  ['quota', 'quota', 'none'],
  ['rate_limited', 'rate_limited', 'none'],
  ['overloaded', 'rate_limited', 'none'],
  ['server_error', 'bad_response', 'none'],
  ['model_missing', 'model_missing', 'none'],
  ['context_too_long', 'context_too_long', 'none'],
  ['content_filtered', 'content_filter', 'none'],
  ['html', 'bad_response', 'none'],
  ['redirect', 'bad_response', 'none'],
  ['cut_at_once', 'offline', 'none'],
  ['no_headers', 'timeout_first_token', 'none', { firstTokenMs: 150 }],
  ['no_token', 'timeout_first_token', 'none', { firstTokenMs: 150 }],
  ['drips', 'timeout_first_token', 'none', { firstTokenMs: 150 }],
  ['stalls', 'timeout_idle', 'part', { idleMs: 150 }],
  ['babbles', 'truncated', 'part'],
  ['no_finish', 'stream_lost', 'all'],
  ['cut', 'stream_lost', 'part'],
  ['bad_json', 'bad_response', 'part'],
  ['error_event', 'stream_lost', 'part'],
  ['overloaded_event', 'rate_limited', 'part'],
  ['length', 'truncated', 'all'],
  ['content_filter', 'content_filter', 'part'],
  ['empty', 'empty', 'none'],
  ['think_only', 'truncated', 'none'],
];

describe.each(['chat', 'responses'] as const)('over %s', (api) => {
  // What differs between the two APIs is the reading of events; the rest is told once.
  const cases = api === 'chat' ? RUDE : RUDE.filter(([fault]) => ['stalls', 'no_finish', 'cut', 'error_event', 'length', 'content_filter', 'html'].includes(fault));

  it.each(cases)('%s ends as %s with %s of the text', async (fault, failureClass, kept, limits) => {
    server.set({ fault });
    const provider = connect(limits, { api });
    const outcome = await ask(provider);
    expect(outcome).toMatchObject({ status: 'failed', failure: { class: failureClass } });
    if (outcome.status !== 'failed') return;
    if (kept === 'none') expect(outcome.partial).toBe('');
    if (kept === 'all') expect(outcome.partial).toBe(TEXT);
    if (kept === 'part' && fault !== 'babbles') {
      expect(TEXT.startsWith(outcome.partial)).toBe(true);
      expect(outcome.partial).not.toBe('');
    }
    // A partial text has been paid for.
    if (outcome.partial !== '') expect(outcome.usage?.output).toBeGreaterThan(0);
    expect(JSON.stringify(outcome)).not.toMatch(/secret|0123456789abcdef|abren/);
  });
});

it.each(['chat', 'responses'] as const)('a good server over %s gives the text piece by piece, whole, with its usage', async (api) => {
  const outcome = await ask(connect({}, { api }));
  expect(outcome).toMatchObject({
    status: 'ok',
    text: TEXT,
    deltas: TEXT,
    modelAnswered: 'stand-in',
    retries: 0,
    requestId: expect.stringMatching(/^req-/),
    usage: { isEstimate: false, reasoning: 0 },
  });
  expect(server.journal()).toMatchObject([{ keyHeader: 'authorization', body: { stream: true, model: 'stand-in' }, answered: TEXT }]);
});

const ODD: [ModelFault, 'chat' | 'responses'][] = [
  ...(['whole', 'split', 'think', 'reasoning', 'no_role', 'stays_open', 'cut_after_end', 'no_usage', 'server_error_once', 'cut_at_once_first'] as const).map((fault): [ModelFault, 'chat'] => [
    fault,
    'chat',
  ]),
  ...(['whole', 'reasoning', 'stays_open', 'no_usage'] as const).map((fault): [ModelFault, 'responses'] => [fault, 'responses']),
];
it.each(ODD)('%s over %s is odd, and the text is whole', async (fault, api) => {
  server.set({ fault });
  const outcome = await ask(connect(fault === 'stays_open' ? { afterEndMs: 20 } : {}, { api }));
  expect(outcome).toMatchObject({ status: 'ok', text: TEXT, deltas: TEXT });
  const isCounted = fault !== 'no_usage' && fault !== 'cut_after_end' && !(fault === 'stays_open' && api === 'chat');
  expect(outcome.usage?.isEstimate).toBe(!isCounted);
  if (fault === 'reasoning') expect(outcome.usage?.reasoning).toBeGreaterThan(0);
  if (fault.includes('once')) expect(outcome.retries).toBe(1);
});

it('reasoning without an opening tag is no part of the text', async () => {
  server.set({ fault: 'think_unopened' });
  expect(await ask(connect())).toMatchObject({ status: 'ok', text: TEXT });
});

it('where a server says when to come again, nobody comes before', async () => {
  server.set({ fault: 'rate_limited' });
  expect(await ask(connect())).toMatchObject({ status: 'failed', failure: { class: 'rate_limited', status: 429, retryAfterMs: 7_000 }, retries: 0 });
  expect(server.journal()).toHaveLength(1);
});

it.each(['refuses_max_tokens', 'refuses_max_completion_tokens', 'refuses_temperature', 'refuses_stream_options'] as const)('what %s is left out from then on', async (fault) => {
  server.set({ fault });
  const name = fault.replace('refuses_', '');
  const settings = modelSettings({ baseUrl: server.baseUrl(), profile: fault === 'refuses_max_completion_tokens' ? 'openai' : 'custom' });
  const provider = requireProvider(settings, keyFor(settings, KEY), providerDeps());
  expect(await ask(provider)).toMatchObject({ status: 'ok', text: TEXT });
  expect(await ask(provider)).toMatchObject({ status: 'ok', text: TEXT });
  const bodies = server.journal().map(({ body }) => body as Record<string, unknown>);
  expect(bodies.map((body) => name in body)).toEqual([true, false, false]);
  // Never without a limit of what is paid for.
  for (const body of bodies) expect(body['max_tokens'] ?? body['max_completion_tokens']).toBe(350);
  const keys = server.journal().map(({ headers }) => headers['idempotency-key']);
  expect(keys[1]).not.toBe(keys[0]);
});

it('what is repeated has the key of its first try, and what a run asks otherwise has one of its own', async () => {
  server.set({ fault: 'cut_at_once_first' });
  const provider = connect();
  const askFor = (hash: string) => provider.complete(modelPrompt({ hash }), { runId: 'run-1', signal: new AbortController().signal, onDelta: () => {} });
  await askFor('whole');
  await askFor('half');
  const [first, again, half] = server.journal().map(({ headers }) => headers['idempotency-key']);
  expect(first).toContain('run-1');
  expect(again).toBe(first);
  expect(half).not.toBe(first);
});

it('cancelling gives no more text and closes the connection', async () => {
  server.set({ pieceMs: 5, pieceLength: 1 });
  const controller = new AbortController();
  let given = '';
  const outcome = await connect().complete(modelPrompt(), {
    runId: 'run-1',
    signal: controller.signal,
    onDelta: (text) => {
      given += text;
      if (given.length === 5) controller.abort();
    },
  });
  expect(outcome).toMatchObject({ status: 'cancelled', partial: given.trimEnd(), usage: { isEstimate: true } });
  expect(given).toHaveLength(5);
  await waitUntil('the server sees it', () => server.journal()[0]?.isCutByCaller);
});

it('cancelling before the answer begins closes the connection too', async () => {
  server.set({ fault: 'no_headers' });
  const controller = new AbortController();
  const asked = ask(connect(), controller.signal);
  await waitUntil('it was asked', () => server.journal().length === 1);
  controller.abort();
  expect(await asked).toMatchObject({ status: 'cancelled', partial: '' });
  await waitUntil('the server sees it', () => server.journal()[0]?.isCutByCaller);
});

it('a server that drips ends by the limit of all', async () => {
  server.set({ pieceMs: 5, pieceLength: 1 });
  expect(await ask(connect({ totalMs: 100 }))).toMatchObject({ status: 'failed', failure: { class: 'timeout_idle' } });
});

it('nobody listens: offline', async () => {
  const gone = createModelStandIn();
  await gone.start();
  const baseUrl = gone.baseUrl();
  await gone.stop();
  expect(await ask(connect({}, {}, baseUrl))).toMatchObject({ status: 'failed', failure: { class: 'offline', status: null }, retries: 1, usage: null });
});

it('a redirect takes neither the prompt nor the key anywhere', async () => {
  const leading = createModelStandIn({ elsewhere: `${elsewhere.baseUrl()}/chat/completions` });
  await leading.start();
  leading.set({ fault: 'redirect' });
  expect(await ask(connect({}, {}, leading.baseUrl()))).toMatchObject({ status: 'failed', failure: { class: 'bad_response', detail: 'network redirect' }, retries: 0 });
  expect(elsewhere.journal()).toEqual([]);
  await leading.stop();
});

it('variables of the environment change nothing: not the server, the key, the headers or what is written to the terminal', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, 'ask-once.ts'), server.baseUrl(), KEY], {
    timeout: 20_000,
    env: {
      ...process.env,
      OPENAI_BASE_URL: elsewhere.baseUrl(),
      OPENAI_API_KEY: 'sk-of-the-environment',
      OPENAI_ADMIN_KEY: 'sk-admin-of-the-environment',
      OPENAI_ORG_ID: 'org-of-the-environment',
      OPENAI_PROJECT_ID: 'proj-of-the-environment',
      OPENAI_CUSTOM_HEADERS: 'x-spy: of-the-environment\nauthorization: Bearer of-the-environment',
      OPENAI_LOG: 'debug',
    },
  });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', text: TEXT });
  expect(`${stdout}${stderr}`).not.toMatch(/sk-|abren\?|of-the-environment/);
  expect(elsewhere.journal()).toEqual([]);
  expect(server.journal()).toHaveLength(1);
  expect(JSON.stringify(server.journal())).not.toContain('of-the-environment');
  expect(Object.keys(server.journal()[0]?.headers ?? {}).filter((name) => /openai|x-/.test(name))).toEqual([]);
});
