/** The port over HTTP, for both APIs. */
import { z } from 'zod';
import type { Usage } from '../../../../contract/ai/ai-entities.ts';
import { estimateTokens } from '../prompt/budget.ts';
import { classifyError, toFailure } from './failures.ts';
import type { LlmProvider } from './llm-provider.ts';
import { adaptResponsesTraits, readResponsesEvent, responsesBody } from './openai-responses.ts';
import { adaptTraits, chatBody, readChatEvent } from './openai-chat.ts';
import { readError, type OpenAiClient } from './openai-client.ts';
import type { RemoteProfile, ServerTraits } from './profiles.ts';
import { runStream, type CallLimits } from './run-stream.ts';
import { learnTokenFactor, type TokenFactorStore } from './token-factor.ts';

/** What servers were found to take, by address and model; a `Map` will do. */
export type TraitStore = { get(server: string): ServerTraits | undefined; set(server: string, traits: ServerTraits): unknown };

export type RemoteDeps = {
  profile: RemoteProfile;
  base: URL;
  model: string;
  api: 'chat' | 'responses';
  embeddingModel: string | null;
  client: OpenAiClient;
  knownTraits: ServerTraits;
  traits: TraitStore;
  tokenFactors: TokenFactorStore;
  limits: CallLimits;
  now: () => number;
  onStreamKind?: ((isStream: boolean) => void) | undefined;
};

/** Texts in one call for vectors. */
const EMBED_BATCH = 64;
const vectorsSchema = z.object({
  data: z.array(z.object({ index: z.number().int().nonnegative().optional(), embedding: z.array(z.number()).min(1).max(8_192) })),
  usage: z.object({ prompt_tokens: z.number().int().nonnegative() }).nullish().catch(null),
});

export function createRemoteProvider({ profile, base, model, api, embeddingModel, client, knownTraits, traits, tokenFactors, limits, now, onStreamKind }: RemoteDeps): LlmProvider {
  const server = `${base.href} ${model}`;
  const readTraits = (): ServerTraits => traits.get(server) ?? knownTraits;
  const isChat = api === 'chat';

  const complete: LlmProvider['complete'] = async (prompt, { runId, signal, onDelta }) => {
    const askedChars = prompt.messages.reduce((sum, { content }) => sum + content.length, 0);
    const factor = tokenFactors.get(model) ?? 1;
    const tried = new Set<string>();
    const outcome = await runStream({
      open: (stopSignal, attempt) => {
        const body = isChat ? chatBody(model, prompt, readTraits()) : responsesBody(model, prompt, readTraits());
        // The same key for the same body only, also of a run that asks for less after a refusal: a server may refuse it for another.
        return client.stream(isChat ? 'chat/completions' : 'responses', body, { signal: stopSignal, idempotencyKey: `${runId}-${prompt.hash.slice(0, 8)}-${attempt}` });
      },
      read: isChat ? readChatEvent : readResponsesEvent,
      adapt: (error) => {
        tried.add(JSON.stringify(readTraits()));
        const adapted = isChat ? adaptTraits(readTraits(), error) : adaptResponsesTraits(readTraits(), error);
        if (adapted === null || tried.has(JSON.stringify(adapted))) return false;
        traits.set(server, adapted);
        return true;
      },
      estimate: (chars) => ({ input: estimateTokens(askedChars, factor), output: estimateTokens(chars, factor), cached: 0, reasoning: 0, isEstimate: true }),
      limits,
      now,
      signal,
      onDelta,
      onStreamKind,
    });
    if (outcome.usage && !outcome.usage.isEstimate) tokenFactors.set(model, learnTokenFactor(factor, outcome.usage.input, estimateTokens(askedChars, 1)));
    return outcome;
  };

  const embed: NonNullable<LlmProvider['embed']> = async (texts, signal) => {
    const vectors: Float32Array[] = [];
    let input: number | null = 0;
    for (let from = 0; from < texts.length; from += EMBED_BATCH) {
      const batch = texts.slice(from, from + EMBED_BATCH);
      const timeout = AbortSignal.timeout(limits.firstTokenMs);
      try {
        const answer = vectorsSchema.safeParse(await client.embed({ model: embeddingModel ?? '', input: batch }, AbortSignal.any([signal, timeout])));
        const rows = answer.success ? answer.data.data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)) : [];
        if (!answer.success || rows.length !== batch.length) return { status: 'failed', failure: toFailure('bad_response', 'not_vectors') };
        vectors.push(...rows.map(({ embedding }) => Float32Array.from(embedding)));
        input = input === null || !answer.data.usage ? null : input + answer.data.usage.prompt_tokens;
      } catch (thrown) {
        if (timeout.aborted && !signal.aborted) return { status: 'failed', failure: toFailure('timeout_first_token', 'no_answer') };
        return { status: 'failed', failure: classifyError(readError(thrown), false) };
      }
    }
    const usage: Usage | null = input === null ? null : { input, output: 0, cached: 0, reasoning: 0, isEstimate: false };
    return { status: 'ok', vectors, usage };
  };

  return { profile, host: base.host, model, complete, embed: embeddingModel ? embed : null };
}
