/**
 * From what went wrong to its class. Invariant: a detail is made of codes only; the server's own words may repeat the key or what a
 * customer wrote, so they are read here and go no further.
 */
import type { FailureClass } from '../../../../contract/ai/ai-words.ts';
import type { LlmFailure } from './llm-provider.ts';

/** What a server, or the way to it, said. `http`: an answer with this status; `event`: an error in the middle of a stream; `format`: nothing that we can read. */
export type ServerError = {
  kind: 'http' | 'event' | 'network' | 'refused_here' | 'format';
  status: number | null;
  code: string | null;
  type: string | null;
  param: string | null;
  message: string;
  retryAfterMs: number | null;
  requestId: string | null;
};

/** As codes are written; a key has digits and dashes. */
const CODE = /^(?=.{1,60}$)[a-z]+([_.][a-z]+)*$/i;
/** @param parts codes of ours and of the server; numbers are HTTP statuses. */
export const toDetail = (...parts: (string | number | null | undefined)[]): string =>
  parts
    .filter((part) => (typeof part === 'string' ? CODE.test(part) : typeof part === 'number'))
    .join(' ')
    .slice(0, 300);

export const toFailure = (failureClass: FailureClass, detail: string, status: number | null = null, retryAfterMs: number | null = null): LlmFailure => ({
  class: failureClass,
  status,
  retryAfterMs,
  detail,
});

/** @param hasBegun the server had begun to answer. */
export function classifyError(error: ServerError, hasBegun: boolean): LlmFailure {
  const { kind, code, type, retryAfterMs } = error;
  const failed = (failureClass: FailureClass): LlmFailure => toFailure(failureClass, toDetail(kind, error.status, code, type, error.param), error.status, retryAfterMs);
  switch (kind) {
    case 'network':
      return failed(hasBegun ? 'stream_lost' : code === 'redirect' ? 'bad_response' : 'offline');
    case 'refused_here':
      return failed('offline');
    case 'format':
      return failed('bad_response');
    case 'http':
    case 'event':
      return failed(classOfAnswer(error) ?? (kind === 'event' && hasBegun ? 'stream_lost' : 'bad_response'));
  }
}

const QUOTA = /insufficient[_ ](quota|balance|credit|funds)|billing|exceeded your current quota|credit balance|out of credits/i;
const CONTEXT = /context[_ ](length|window|size)|maximum context|too many tokens|(prompt|input|request) (is|was)? ?too (long|large)|exceeds? .{0,40}\b(context|tokens)\b|string_above_max_length/i;
const FILTERED = /content[_ ]?(filter|policy)|responsibleaipolicy|moderation|safety system/i;
const MODEL =
  /model_not_found|deploymentnotfound|\b(model|deployment)\b.{0,120}(not (found|exist)|does not exist|unknown|not available|unsupported|no longer|deprecated)|(unknown|invalid|no such) model|try pulling it/i;
const KEY = /invalid_api_key|api key not valid|incorrect api key|invalid api key|authentication_error|unauthorized/i;
const OVERLOADED = /overloaded|rate_limit|too many requests|server is busy|capacity/i;

/** Sources: OpenAI, "Error codes"; Azure OpenAI, "Content filtering"; issues of Ollama, llama.cpp and vLLM for texts without a code. */
function classOfAnswer({ status, code, type, message, retryAfterMs }: ServerError): FailureClass | null {
  const words = [code, type, message].join(' ');
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'quota';
  // Some say "quota" for calls a minute too, and then when to come again.
  if (status === 429) return QUOTA.test(words) && retryAfterMs === null ? 'quota' : 'rate_limited';
  if (status === 413 || CONTEXT.test(words)) return 'context_too_long';
  if (FILTERED.test(words)) return 'content_filter';
  if (MODEL.test(words)) return 'model_missing';
  if (KEY.test(words)) return 'auth';
  if (QUOTA.test(words)) return 'quota';
  if (status === 503 || status === 529 || OVERLOADED.test(words)) return 'rate_limited';
  return null;
}
