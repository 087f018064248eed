/** What is asked of a model, put together and ready to leave; made by `assemble.ts`, the same for the same input. */
import type { Basis, Fact } from '../../../../contract/ai/ai-entities.ts';
import type { Rewrite, RunPurpose } from '../../../../contract/ai/ai-words.ts';

/** `user`: the one data message, fenced by the nonce. History is in there as quoted lines and never as messages of its own. */
export type PromptMessage = { role: 'system' | 'user'; content: string };

export type Prompt = {
  purpose: RunPurpose;
  rewrite: Rewrite | null;
  messages: PromptMessage[];
  nonce: string;
  /** All facts that the text may rest on, unmasked; `messages` hold them masked. */
  facts: Fact[];
  /** What the customer asks: their unanswered messages, joined. */
  question: string;
  /** The text that a rewrite is about, unmasked; absent for other purposes. */
  source?: string | undefined;
  /** In which the answer is to be written. `isSure` false: guessed from little. */
  language: { code: string; isSure: boolean };
  /** Placeholder in the messages → what it stands for. */
  masked: ReadonlyMap<string, string>;
  maskedCounts: Record<string, number>;
  /** Estimated tokens by section. */
  sections: Record<string, number>;
  /** Names of what the budget left out, in the order it was dropped. */
  dropped: string[];
  maxOutputTokens: number;
  basis: Basis;
  /** SHA-256 (hex) over the messages. */
  hash: string;
};
