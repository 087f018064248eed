/**
 * One call of the model, whatever for: prompt, money, turn, text, record. Invariants: it never throws for what a server does and always ends;
 * nothing is called that could not be paid. Whoever called records the run (`run-book.ts`), which also settles what was reserved.
 */
import type { Fact } from '../../../../contract/ai/ai-entities.ts';
import type { AiFailure } from '../../../../contract/ai/ai-views.ts';
import type { Rewrite, RunPurpose } from '../../../../contract/ai/ai-words.ts';
import { estimateTokens } from '../prompt/budget.ts';
import { createAnswerStream, readAnswer, type Answer } from '../prompt/read-answer.ts';
import type { Prompt } from '../prompt/prompt.ts';
import type { CallGate, CallPriority } from '../provider/call-gate.ts';
import { costMicros, reserveMicros } from '../provider/cost.ts';
import type { LlmFailure, LlmOutcome, LlmProvider } from '../provider/llm-provider.ts';
import { toFailure } from '../provider/failures.ts';
import { FRAME_MS } from './attempt.ts';
import type { Ledger } from './ledger.ts';
import type { Models } from './models.ts';
import { clipRunText, sha256, type RunEntry } from './run-book.ts';
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';

/** A passage that was searched for it, whether it fitted into the prompt or not. */
export type RetrievedPassage = { passageId: string; articleId: string; score: number; coverage: number; rank: number };
export type ReadPrompt = { prompt: Prompt; retrieved: readonly RetrievedPassage[] };
export type Call = {
  runId: string;
  purpose: RunPurpose;
  rewrite: Rewrite | null;
  conversationId: string;
  contactId: string;
  instruction: string;
  /** @param share of the input budget that it may fill. */
  readPrompt: (share: number) => Promise<ReadPrompt>;
  provider: LlmProvider;
  priority: CallPriority;
  signal: AbortSignal;
  /** The text so far, at most once a frame; the first at once. */
  onText: (text: string) => void;
};
/** `entry`: the record as far as the call knows it; `answer`: of what came, also of a part. */
export type Called = { outcome: LlmOutcome; answer: Answer; entry: RunEntry; failure: AiFailure | null } & ReadPrompt;

type Deps = {
  gate: CallGate;
  ledger: Pick<Ledger, 'reserve'>;
  models: Pick<Models, 'tokenFactor'>;
  readSettings: () => AiSettings;
  /** Relay time, ms. */
  now: () => number;
};
const HALF = 0.5;
/** Which prices were used: those of the settings, by their figures. */
const priceTableOf = (prices: AiSettings['provider']['prices']): string | null => (prices === null ? null : `own ${sha256(JSON.stringify(prices)).slice(0, 12)}`);
const NOTHING: Omit<LlmOutcome & { status: 'cancelled' }, 'status' | 'partial'> = { modelAnswered: null, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };

export type ModelCalls = ReturnType<typeof createModelCalls>;

export function createModelCalls({ gate, ledger, models, readSettings, now }: Deps) {
  const pricesOf = (provider: LlmProvider) => (provider.profile === 'builtin' ? FREE : readSettings().provider.prices);

  const complete = async (call: Call, { prompt, retrieved }: ReadPrompt, startedAt: number): Promise<{ outcome: LlmOutcome; answer: Answer; entry: RunEntry }> => {
    const { provider, signal } = call;
    const prices = pricesOf(provider);
    const entry = beginEntry(call, { prompt, retrieved }, startedAt, priceTableOf(provider.profile === 'builtin' ? null : prices));
    const key = { factIds: new Set(prompt.facts.map(({ id }) => id)), masked: prompt.masked };
    const end = (outcome: LlmOutcome) => {
      const raw = outcome.status === 'ok' ? outcome.text : outcome.partial;
      const answer = readAnswer(raw, key);
      return { outcome, answer, entry: finishEntry(entry, outcome, answer, prompt, prices) };
    };
    if (provider.profile === 'builtin') return end(await stream(call, prompt, key));
    const characters = prompt.messages.reduce((sum, { content }) => sum + content.length, 0);
    const estimated = estimateTokens(characters, models.tokenFactor());
    const reserved = await ledger.reserve({ entry, amount: reserveMicros(estimated, prompt.maxOutputTokens, prices), isAuto: call.priority === 'auto', signal });
    if (reserved.status === 'refused') return end({ ...NOTHING, status: 'failed', failure: toFailure('cap_reached', reserved.cap), partial: '' });
    return end(await gate.run(call.priority, signal, () => stream(call, prompt, key)));
  };

  const stream = async ({ provider, runId, signal, onText }: Call, prompt: Prompt, key: Parameters<typeof createAnswerStream>[0]): Promise<LlmOutcome> => {
    const answer = createAnswerStream(key);
    let news = '';
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => {
      if (signal.aborted || news === '') return;
      const text = answer.push(news);
      news = '';
      if (text !== '') onText(text);
    };
    const onDelta = (delta: string): void => {
      news += delta;
      if (timer !== undefined) return;
      tell();
      timer = setTimeout(() => {
        timer = undefined;
        tell();
      }, FRAME_MS);
    };
    try {
      return await provider.complete(prompt, { runId, signal, onDelta });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    run: async (call: Call): Promise<Called> => {
      const startedAt = now();
      let read = await call.readPrompt(1);
      let called = await complete(call, read, startedAt);
      if (called.outcome.status === 'failed' && called.outcome.failure.class === 'context_too_long' && !call.signal.aborted) {
        read = await call.readPrompt(HALF);
        const again = await complete({ ...call, runId: call.runId }, read, startedAt);
        called = { ...again, entry: { ...again.entry, retries: again.entry.retries + called.entry.retries + 1 } };
      }
      const { outcome } = called;
      return { ...called, ...read, failure: outcome.status === 'failed' ? viewFailure(outcome.failure, called.answer.text) : null };
    },
  };

  function viewFailure({ class: failureClass, retryAfterMs, detail }: LlmFailure, partial: string): AiFailure {
    return { class: failureClass, retryAt: retryAfterMs === null ? null : now() + retryAfterMs, detail, partial };
  }
}

const FREE = { input: 0, cached: 0, output: 0 };

function beginEntry({ runId, purpose, rewrite, conversationId, contactId, instruction, provider }: Call, { prompt, retrieved }: ReadPrompt, startedAt: number, priceTable: string | null): RunEntry {
  return {
    runId,
    purpose,
    rewrite,
    conversationId,
    contactId,
    basis: prompt.basis,
    provider: { profile: provider.profile, host: provider.host, modelAsked: provider.model, modelAnswered: null, fingerprint: null, requestId: null },
    promptHash: prompt.hash,
    sections: prompt.sections,
    facts: prompt.facts.slice(0, 60).map((fact) => ({ id: fact.id, hash: hashFact(fact), isUsed: false })),
    retrieved: retrieved.slice(0, 20).map(({ passageId, articleId, score, rank }) => ({ passageId, articleId, score, rank, isCited: false })),
    masked: prompt.maskedCounts,
    text: clipRunText({ question: purpose === 'reply' ? prompt.question : '', raw: '', final: '', instruction }),
    findings: [],
    confidence: null,
    confidenceReasons: [],
    hasInjection: false,
    intent: null,
    policy: null,
    usage: null,
    costMicros: null,
    priceTable,
    firstTokenMs: null,
    totalMs: 0,
    retries: 0,
    outcome: 'cancelled',
    isGap: false,
    startedAt,
  };
}

function finishEntry(entry: RunEntry, outcome: LlmOutcome, answer: Answer, prompt: Prompt, prices: Parameters<typeof costMicros>[1]): RunEntry {
  const { modelAnswered, fingerprint, requestId, usage, firstTokenMs, totalMs, retries } = outcome;
  const used = new Set(answer.sentences.flatMap(({ factIds }) => factIds));
  const cited = new Set(prompt.facts.flatMap(({ id, ref }) => (used.has(id) && ref?.kind === 'knowledge' ? [ref.passageId] : [])));
  return {
    ...entry,
    provider: { ...entry.provider, modelAnswered: clip(modelAnswered), fingerprint: clip(fingerprint), requestId: clip(requestId) },
    facts: entry.facts.map((fact) => ({ ...fact, isUsed: used.has(fact.id) })),
    retrieved: entry.retrieved.map((passage) => ({ ...passage, isCited: cited.has(passage.passageId) })),
    text: clipRunText({ ...entry.text, raw: outcome.status === 'ok' ? outcome.text : outcome.partial, final: answer.text }),
    usage,
    // A call that nobody answered costs nothing.
    costMicros: usage === null ? 0 : costMicros(usage, prices),
    firstTokenMs,
    totalMs: Math.max(0, Math.round(totalMs)),
    retries,
    outcome: outcome.status === 'failed' ? outcome.failure.class : outcome.status,
  };
}

const clip = (text: string | null): string | null => (text === null ? null : text.slice(0, 200));
const hashFact = ({ label, text }: Fact): string => sha256(`${label}\n${text}`);
