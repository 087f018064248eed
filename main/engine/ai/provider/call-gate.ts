/**
 * Who may call the server, and when. Invariants: at most two calls at once, those that a person waits for first; after five failures within a
 * minute nobody calls for a minute, then one call tries. Failures of settings (key, model, quota) do not count: waiting does not mend them.
 */
import type { FailureClass } from '../../../../contract/ai/ai-words.ts';
import { toFailure } from './failures.ts';
import type { LlmFacts, LlmFailure, LlmOutcome } from './llm-provider.ts';

/** In the order in which they go. */
export const CALL_PRIORITIES = ['interactive', 'auto', 'background'] as const;
export type CallPriority = (typeof CALL_PRIORITIES)[number];
export const CONCURRENT_CALLS = 2;
export const BREAKER = { failures: 5, withinMs: 60_000, openMs: 60_000 } as const;

const COUNTED: ReadonlySet<FailureClass> = new Set(['offline', 'stream_lost', 'timeout_first_token', 'timeout_idle', 'bad_response']);

export type CallGate = {
  /** `call` is made once it is its turn; without it where the breaker is open (a failure that says when to come again) or `signal` aborts while it waits. */
  run(priority: CallPriority, signal: AbortSignal, call: () => Promise<LlmOutcome>): Promise<LlmOutcome>;
  /** Ms until somebody may call again; 0: now. */
  openForMs(): number;
  /** After other settings, or a test that went well. */
  reset(): void;
};

export function createCallGate({ now }: { now: () => number }): CallGate {
  const waiting: Record<CallPriority, (() => void)[]> = { interactive: [], auto: [], background: [] };
  let running = 0;
  let failedAt: number[] = [];
  let openUntil: number | null = null;
  let isTrying = false;
  let lastFailure: LlmFailure | null = null;

  const next = (): void => {
    if (running >= CONCURRENT_CALLS) return;
    const queue = CALL_PRIORITIES.map((priority) => waiting[priority]).find(({ length }) => length > 0);
    const start = queue?.shift();
    if (!start) return;
    running++;
    start();
  };
  const waitForTurn = (priority: CallPriority, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const onAbort = (): void => {
        waiting[priority] = waiting[priority].filter((other) => other !== start);
        resolve(false);
      };
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(true);
      };
      if (signal.aborted) return resolve(false);
      signal.addEventListener('abort', onAbort, { once: true });
      waiting[priority].push(start);
      next();
    });
  const openForMs = (): number => (openUntil === null ? 0 : Math.max(0, openUntil - now()));
  const isOpen = (): boolean => openUntil !== null && (openForMs() > 0 || isTrying);
  const note = (outcome: LlmOutcome): void => {
    if (outcome.status === 'failed' && COUNTED.has(outcome.failure.class)) {
      lastFailure = outcome.failure;
      failedAt = [...failedAt.filter((at) => now() - at < BREAKER.withinMs), now()];
      if (openUntil !== null || failedAt.length >= BREAKER.failures) openUntil = now() + BREAKER.openMs;
    } else if (outcome.status !== 'cancelled') {
      failedAt = [];
      openUntil = null;
    }
  };

  return {
    run: async (priority, signal, call) => {
      if (!(await waitForTurn(priority, signal))) return { ...NOTHING, status: 'cancelled', partial: '' };
      try {
        if (isOpen()) return { ...NOTHING, status: 'failed', failure: toFailure(lastFailure?.class ?? 'offline', 'breaker_open', null, openForMs()), partial: '' };
        const isTry = openUntil !== null;
        if (isTry) isTrying = true;
        try {
          const outcome = await call();
          note(outcome);
          return outcome;
        } finally {
          if (isTry) isTrying = false;
        }
      } finally {
        running--;
        next();
      }
    },
    openForMs,
    reset: () => {
      failedAt = [];
      openUntil = null;
    },
  };
}

const NOTHING: LlmFacts = { modelAnswered: null, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };
