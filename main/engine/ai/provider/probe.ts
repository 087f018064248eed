/**
 * "Test connection": what a server can do, by asking it. The tiny completion runs as a draft would, so what it takes is learned on the way;
 * anew, for the server may have been mended since.
 */
import { z } from 'zod';
import type { ProviderSettings } from '../../../../contract/ai/ai-entities.ts';
import type { ProbeResult } from '../../../../contract/ai/probe-result.ts';
import type { Prompt } from '../prompt/prompt.ts';
import { connect, createProvider, type BoundKey, type Connection, type ProviderDeps } from './create-provider.ts';
import { PROFILES, type ServerTraits } from './profiles.ts';
import type { TraitStore } from './remote-provider.ts';
import { CALL_LIMITS } from './run-stream.ts';

/** Enough for a word, and for servers that refuse fewer. */
const PROBE_TOKENS = 16;
const MODELS_MAX = 500;

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })) });

/** Nothing about customers is sent. @returns plain facts; whatever happens, with the class of what failed. */
export async function testConnection(settings: ProviderSettings, key: BoundKey | null, deps: ProviderDeps, signal: AbortSignal): Promise<ProbeResult> {
  const startedAt = deps.now();
  const nothing: ProbeResult = {
    isOk: false,
    problem: null,
    failure: null,
    host: null,
    models: null,
    modelAnswered: null,
    streams: false,
    tellsUsage: false,
    thinks: false,
    embeds: false,
    firstTokenMs: null,
    totalMs: 0,
  };
  if (settings.profile === 'builtin') return { ...nothing, isOk: true };
  const connection = connect(settings, key, deps);
  if (connection.status === 'refused') return { ...nothing, problem: connection.problem };
  const { host } = connection.base;
  const models = await listModels(connection, { ...CALL_LIMITS, ...deps.limits }.firstTokenMs, signal);
  let streams = false;
  const traits = learnAnew(deps.traits, PROFILES[settings.profile].traits);
  const made = createProvider(settings, key, { ...deps, traits: traits.store, onStreamKind: (isStream) => (streams = isStream) });
  if (made.status === 'refused') return { ...nothing, problem: made.problem, host, models, totalMs: deps.now() - startedAt };
  const { provider } = made;
  const outcome = await provider.complete(PROBE_PROMPT, { runId: `probe-${startedAt}`, signal, onDelta: () => {} });
  const hasAnswered = outcome.status === 'ok' || (outcome.status === 'failed' && outcome.failure.class === 'truncated');
  if (hasAnswered) traits.keep();
  const vectors = hasAnswered && provider.embed ? await provider.embed(['Hola'], signal) : null;
  const failure = outcome.status === 'failed' && !hasAnswered ? outcome.failure : null;
  return {
    ...nothing,
    isOk: hasAnswered,
    failure: failure && { class: failure.class, retryAt: failure.retryAfterMs === null ? null : deps.now() + failure.retryAfterMs, detail: failure.detail, partial: '' },
    host,
    models,
    modelAnswered: outcome.modelAnswered,
    streams: hasAnswered && streams,
    tellsUsage: hasAnswered && outcome.usage?.isEstimate === false,
    thinks: hasAnswered && ((outcome.usage?.reasoning ?? 0) > 0 || (outcome.status === 'failed' && outcome.failure.detail === 'only_reasoning')),
    embeds: vectors?.status === 'ok',
    firstTokenMs: outcome.firstTokenMs,
    totalMs: deps.now() - startedAt,
  };
}

/** Forgets what was learned before; `keep` puts what was learned now in its place. */
function learnAnew(known: TraitStore, usual: ServerTraits): { store: TraitStore; keep(): void } {
  const found = new Map<string, ServerTraits>();
  return {
    store: {
      get: (server) => {
        if (!found.has(server)) found.set(server, usual);
        return found.get(server);
      },
      set: (server, traits) => found.set(server, traits),
    },
    keep: () => {
      for (const [server, traits] of found) known.set(server, traits);
    },
  };
}

/** A list is a help for choosing; a server without one can be used all the same. */
async function listModels({ client }: Connection, timeoutMs: number, signal: AbortSignal): Promise<string[] | null> {
  try {
    const parsed = modelsSchema.safeParse(await client.listModels(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])));
    return parsed.success ? parsed.data.data.slice(0, MODELS_MAX).map(({ id }) => id) : null;
  } catch {
    return null;
  }
}

const PROBE_PROMPT: Prompt = {
  purpose: 'reply',
  rewrite: null,
  messages: [
    { role: 'system', content: 'Answer with the single word OK.' },
    { role: 'user', content: 'OK?' },
  ],
  nonce: '',
  facts: [],
  question: '',
  language: { code: 'en', isSure: true },
  masked: new Map(),
  maskedCounts: {},
  sections: {},
  dropped: [],
  maxOutputTokens: PROBE_TOKENS,
  basis: { conversationId: 'probe', lastInboundId: null, lastMessageSeq: 0, requestRev: 0, contactRev: 0, knowledgeRev: 0, settingsRev: '', promptVersion: '' },
  hash: '',
};
