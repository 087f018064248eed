/**
 * One call and its stream, whichever API it is: time limits, repeats, and what becomes of a text. Invariants: it never throws and always ends;
 * `ok` only after the server's own word that the text is finished; nothing is given out after `signal` aborts, and leaving early closes the
 * socket. A stopped stream of the library ends silently or throws, so why it was stopped is noted here first.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { AI_MAX } from '../../../../contract/limits.ts';
import type { Usage } from '../../../../contract/ai/ai-entities.ts';
import { assertNever } from '../../../../contract/app-error.ts';
import { classifyError, toDetail, toFailure, type ServerError } from './failures.ts';
import { FIRST_TOKEN_MS, IDLE_MS, type LlmFacts, type LlmFailure, type LlmOutcome } from './llm-provider.ts';
import { readError, type Opened } from './openai-client.ts';
import { createThinkingStripper } from './strip-thinking.ts';

/** Ms. `totalMs`: a server that drips for ever ends too. `afterEndMs`: for the usage that follows the end of the text. */
export type CallLimits = { firstTokenMs: number; idleMs: number; totalMs: number; afterEndMs: number; retryPauseMs: number };
export const CALL_LIMITS: CallLimits = { firstTokenMs: FIRST_TOKEN_MS, idleMs: IDLE_MS, totalMs: 120_000, afterEndMs: 1_000, retryPauseMs: 400 };
/** Calls that got no answer are repeated once: a connection that was kept open too long fails at its next use. */
const RETRIES_MAX = 1;
/** Bodies that are tried without what a server refused by name. */
const ADAPTIONS_MAX = 4;
/** Code units of reasoning after which nothing sensible will come. */
const THOUGHT_MAX = 200_000;

export type StreamStep =
  | { kind: 'text'; text: string }
  | { kind: 'thought'; length: number }
  /** Its last word about the text. */
  | { kind: 'end'; reason: 'stop' | 'truncated' | 'content_filter' | 'other' }
  | { kind: 'usage'; usage: Usage }
  | { kind: 'about'; model: string | null; fingerprint: string | null }
  | { kind: 'error'; error: ServerError };

export type StreamRun = {
  /** `attempt` counts bodies, from 0. @throws anything. */
  open: (signal: AbortSignal, attempt: number) => Promise<Opened>;
  /** @returns the steps of one event; null: it is nothing that this API has. */
  read: (event: unknown) => StreamStep[] | null;
  /** Learns from a refusal. @returns whether the next body differs. */
  adapt: (error: ServerError) => boolean;
  /** Tokens of what was asked and of `chars` code units of answer. */
  estimate: (chars: number) => Usage;
  limits: CallLimits;
  now: () => number;
  signal: AbortSignal;
  onDelta: (text: string) => void;
  onStreamKind?: ((isStream: boolean) => void) | undefined;
};

type Halt = 'cancelled' | 'timeout_first_token' | 'timeout_idle' | 'truncated' | 'after_end';

export async function runStream({ open, read, adapt, estimate, limits, now, signal, onDelta, onStreamKind }: StreamRun): Promise<LlmOutcome> {
  const facts: LlmFacts = { modelAnswered: null, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };
  if (signal.aborted) return { ...facts, status: 'cancelled', partial: '' };
  const startedAt = now();
  const stop = new AbortController();
  let halted: Halt | null = null;
  const halt = (why: Halt): void => {
    halted ??= why;
    stop.abort();
  };
  const stopped = new Promise<never>((_resolve, reject) => stop.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
  stopped.catch(() => {});
  const onAbort = (): void => halt('cancelled');
  signal.addEventListener('abort', onAbort, { once: true });
  let watchdog = setTimeout(() => halt('timeout_first_token'), limits.firstTokenMs);
  const watch = (why: Halt, ms: number): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => halt(why), ms);
  };
  const totalTimer = setTimeout(() => halt('timeout_idle'), limits.totalMs);

  const stripper = createThinkingStripper();
  let thoughtLength = 0;
  let end: Extract<StreamStep, { kind: 'end' }>['reason'] | null = null;
  let failure: LlmFailure | null = null;
  let eventCount = 0;
  let attempt = 0;

  const openPatiently = async (): Promise<Opened | null> => {
    for (;;) {
      try {
        return await Promise.race([open(stop.signal, attempt), stopped]);
      } catch (thrown) {
        if (halted !== null) return null;
        const error = readError(thrown);
        facts.requestId = error.requestId?.slice(0, 200) ?? facts.requestId;
        if (attempt < ADAPTIONS_MAX && adapt(error)) {
          attempt++;
          continue;
        }
        failure = classifyError(error, false);
        if (facts.retries >= RETRIES_MAX || !isWorthRepeating(error)) return null;
        facts.retries++;
        failure = null;
        await pause(limits.retryPauseMs, undefined, { signal: stop.signal }).catch(() => {});
        if (halted !== null) return null;
      }
    }
  };
  const giveText = (text: string): void => {
    if (text !== '' && !signal.aborted) onDelta(text);
  };
  const take = (step: StreamStep): void => {
    switch (step.kind) {
      case 'text':
      case 'thought':
        if (end !== null) return;
        facts.firstTokenMs ??= Math.max(0, now() - startedAt);
        watch('timeout_idle', limits.idleMs);
        if (step.kind === 'thought') thoughtLength += step.length;
        else giveText(stripper.push(step.text));
        if (stripper.text().length > AI_MAX.output || thoughtLength + stripper.thoughtLength() > THOUGHT_MAX) halt('truncated');
        return;
      case 'end':
        end ??= step.reason;
        watch('after_end', limits.afterEndMs);
        return;
      case 'usage':
        facts.usage = step.usage;
        return;
      case 'about':
        facts.modelAnswered = step.model ?? facts.modelAnswered;
        facts.fingerprint = step.fingerprint ?? facts.fingerprint;
        return;
      case 'error':
        if (end === null) failure ??= classifyError(step.error, stripper.text() !== '');
        return;
      default:
        assertNever(step);
    }
  };

  const opened = await openPatiently();
  if (opened !== null) {
    facts.requestId = opened.requestId?.slice(0, 200) ?? null;
    onStreamKind?.(opened.isStream);
    try {
      for await (const event of opened.events) {
        if (halted !== null || failure !== null) break;
        const steps = read(event);
        if (steps === null) continue;
        eventCount++;
        steps.forEach(take);
      }
    } catch (thrown) {
      // After its last word a text is whole, whatever becomes of the connection.
      if (halted === null && end === null) failure ??= classifyError(readError(thrown), true);
    }
  }
  clearTimeout(watchdog);
  clearTimeout(totalTimer);
  signal.removeEventListener('abort', onAbort);
  giveText(stripper.end());
  const text = stripper.text().trimEnd();
  thoughtLength += stripper.thoughtLength();
  // What was broken off without an answer may be on the bill all the same.
  if (opened !== null || halted !== null) facts.usage ??= estimate(text.length + thoughtLength);
  facts.totalMs = Math.max(0, now() - startedAt);
  const partial = text.slice(0, AI_MAX.output);
  const fail = (reason: LlmFailure): LlmOutcome => ({ ...facts, status: 'failed', failure: reason, partial });

  const why = halted as Halt | null;
  if (signal.aborted || why === 'cancelled') return { ...facts, status: 'cancelled', partial };
  if (why === 'truncated' || (why !== null && why !== 'after_end' && end === null)) return fail(toFailure(why, toDetail(why === 'truncated' ? 'too_long' : opened === null ? 'no_answer' : 'silent')));
  if (failure !== null) return fail(failure);
  switch (end as Extract<StreamStep, { kind: 'end' }>['reason'] | null) {
    case 'stop':
      return text === '' ? fail(toFailure('empty', thoughtLength > 0 ? 'only_reasoning' : '')) : { ...facts, status: 'ok', text };
    case 'truncated':
      return fail(toFailure('truncated', thoughtLength > 0 && text === '' ? 'only_reasoning' : 'length'));
    case 'content_filter':
      return fail(toFailure('content_filter', 'finish_reason'));
    case 'other':
      return fail(toFailure('bad_response', 'finish_reason'));
    case null:
      return fail(eventCount === 0 ? toFailure('bad_response', 'no_event') : toFailure('stream_lost', 'no_finish_reason'));
  }
}

/** Nothing was answered, or an upstream was away for a moment. Not where the server says when to come again. */
const isWorthRepeating = ({ kind, status, code, retryAfterMs }: ServerError): boolean =>
  retryAfterMs === null && (kind === 'network' ? code !== 'redirect' && code !== 'ENOTFOUND' : kind === 'http' && status !== null && [408, 409, 500, 502, 504].includes(status));
