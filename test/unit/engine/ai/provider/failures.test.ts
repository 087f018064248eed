import { expect, it, test } from 'vitest';
import { classifyError, toDetail, type ServerError } from '../../../../../main/engine/ai/provider/failures.ts';
import { readError, readErrorBody } from '../../../../../main/engine/ai/provider/openai-client.ts';

const answer = (status: number | null, over: Partial<ServerError> = {}): ServerError => ({
  kind: 'http',
  status,
  code: null,
  type: null,
  param: null,
  message: '',
  retryAfterMs: null,
  requestId: null,
  ...over,
});

/** As servers word it: OpenAI, Azure, Ollama, vLLM, llama.cpp, Gemini's and Anthropic's compatible endpoints, OpenRouter, DeepSeek. */
test.each<[number | null, Partial<ServerError>, string]>([
  [401, {}, 'auth'],
  [403, { message: 'Country not supported' }, 'auth'],
  [400, { message: 'API key not valid. Please pass a valid API key.' }, 'auth'],
  [402, { message: 'Insufficient Balance' }, 'quota'],
  [429, { code: 'insufficient_quota' }, 'quota'],
  [429, { message: 'You exceeded your current quota, please check your plan', retryAfterMs: 30_000 }, 'rate_limited'],
  [429, {}, 'rate_limited'],
  [503, {}, 'rate_limited'],
  [529, { type: 'overloaded_error' }, 'rate_limited'],
  [404, { message: 'model "llama9" not found, try pulling it first' }, 'model_missing'],
  [404, { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' }, 'model_missing'],
  [400, { message: 'nope/nope is not a valid model ID' }, 'bad_response'],
  [404, { message: '404 page not found' }, 'bad_response'],
  [400, { code: 'context_length_exceeded' }, 'context_too_long'],
  [400, { message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens" }, 'context_too_long'],
  [400, { message: 'the request exceeds the available context size. try increasing the context size' }, 'context_too_long'],
  [400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }, 'context_too_long'],
  [413, {}, 'context_too_long'],
  [400, { code: 'ResponsibleAIPolicyViolation' }, 'content_filter'],
  [400, { code: 'content_filter' }, 'content_filter'],
  [400, { message: 'unknown field' }, 'bad_response'],
  [500, {}, 'bad_response'],
])('an answer %s %o is %s', (status, over, expected) => {
  expect(classifyError(answer(status, over), false).class).toBe(expected);
});

it('an error in a stream that says nothing of itself is a lost stream, and one with a status of its own is that', () => {
  expect(classifyError(readErrorBody({ message: 'Something' }, 'event', null), true).class).toBe('stream_lost');
  expect(classifyError(readErrorBody('Something', 'event', null), false).class).toBe('bad_response');
  expect(classifyError(readErrorBody({ code: 429, message: 'slow down' }, 'event', null), true).class).toBe('rate_limited');
});

it('reads raw errors of sockets and of JSON', () => {
  expect(classifyError(readError(new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })), true)).toMatchObject({
    class: 'stream_lost',
    detail: 'network UND_ERR_SOCKET',
  });
  expect(classifyError(readError(new TypeError('fetch failed', { cause: new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]) })), false)).toMatchObject({
    class: 'offline',
    detail: 'network ECONNREFUSED',
  });
  expect(classifyError(readError(new SyntaxError('malformed')), true).class).toBe('bad_response');
  expect(classifyError(readError('not even an error'), false).class).toBe('offline');
});

it('a date in Retry-After counts from the server’s own clock', () => {
  const headers = new Headers({ date: 'Thu, 01 Jan 2026 10:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 10:01:30 GMT' });
  expect(readError({ status: 429, headers, error: {} }).retryAfterMs).toBe(90_000);
  expect(readError({ status: 429, headers: new Headers({ 'retry-after-ms': '250' }), error: {} }).retryAfterMs).toBe(250);
  expect(readError({ status: 429, headers: new Headers({ 'retry-after': 'soon' }), error: {} }).retryAfterMs).toBeNull();
  for (const header of [{ 'retry-after': '9'.repeat(400) }, { 'retry-after-ms': 'Infinity' }, { ...Object.fromEntries(headers), 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }])
    expect(readError({ status: 429, headers: new Headers(header), error: {} }).retryAfterMs).toBe(86_400_000);
});

it('a detail has codes only', () => {
  expect(toDetail('http', 401, 'invalid_api_key', 'sk-proj-1234', 'Incorrect key: sk-1', null, '', 'model.name')).toBe('http 401 invalid_api_key model.name');
});
