/**
 * The one port to whatever writes texts. Invariants: `complete` never throws and always ends, by the time limits below at the latest; only a text whose
 * server said that it is finished (`stop`) is `ok`; after `signal` aborts no delta is given any more and the socket is closed.
 */
import type { Usage } from '../../../../contract/ai/ai-entities.ts';
import type { FailureClass, ProviderProfile } from '../../../../contract/ai/ai-words.ts';
import type { Prompt } from '../prompt/prompt.ts';

export const FIRST_TOKEN_MS = 20_000;
export const IDLE_MS = 15_000;

export type LlmFailure = {
  class: FailureClass;
  /** HTTP status; null: none came. */
  status: number | null;
  /** From now; null: not said. */
  retryAfterMs: number | null;
  /** For the log and a detail line: no key, nothing of the prompt. */
  detail: string;
};
/** What a call told of itself, also one that failed. `retries`: calls before this one that got no answer. */
export type LlmFacts = {
  modelAnswered: string | null;
  fingerprint: string | null;
  requestId: string | null;
  /** Null: no model was at work. Where the server did not say, or was interrupted: an estimate of what was seen. */
  usage: Usage | null;
  firstTokenMs: number | null;
  totalMs: number;
  retries: number;
};
export type LlmOutcome = LlmFacts & ({ status: 'ok'; text: string } | { status: 'cancelled'; partial: string } | { status: 'failed'; failure: LlmFailure; partial: string });

export type LlmProvider = {
  profile: ProviderProfile;
  /** Of the base URL; null: nothing leaves the machine. */
  host: string | null;
  model: string;
  /**
   * `runId`: the idempotency key where the server takes one. `onDelta`: text as it comes, without reasoning as far as the server marks its
   * beginning. The outcome's text is the one that counts.
   */
  complete(prompt: Prompt, options: { runId: string; signal: AbortSignal; onDelta: (text: string) => void }): Promise<LlmOutcome>;
  /** Vectors of texts, in their order; null: this provider has none. */
  embed: ((texts: string[], signal: AbortSignal) => Promise<{ status: 'ok'; vectors: Float32Array[]; usage: Usage | null } | { status: 'failed'; failure: LlmFailure }>) | null;
};
