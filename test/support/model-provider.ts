/** Providers and prompts for tests of what talks to a model. */
import { lookup } from 'node:dns/promises';
import type { ProviderSettings } from '../../contract/ai/ai-entities.ts';
import { bindKey, createProvider, readBoundKey, type BoundKey, type ProviderDeps } from '../../main/engine/ai/provider/create-provider.ts';
import type { LlmProvider } from '../../main/engine/ai/provider/llm-provider.ts';
import type { Prompt } from '../../main/engine/ai/prompt/prompt.ts';

export const modelSettings = (over: Partial<ProviderSettings> = {}): ProviderSettings => ({
  profile: 'custom',
  baseUrl: '',
  model: 'stand-in',
  api: 'chat',
  isLocalOnly: false,
  embeddingModel: null,
  prices: null,
  ...over,
});

export const providerDeps = (over: Partial<ProviderDeps> = {}): ProviderDeps => ({
  fetch,
  resolveHost: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  now: () => Date.now(),
  traits: new Map(),
  tokenFactors: new Map(),
  ...over,
});

/** As it is bound when it is typed in. */
export const keyFor = (settings: ProviderSettings, key = 'sk-test-0123456789'): BoundKey | null => readBoundKey(bindKey(key, settings.baseUrl));

export function requireProvider(settings: ProviderSettings, key: BoundKey | null, deps: ProviderDeps = providerDeps()): LlmProvider {
  const made = createProvider(settings, key, deps);
  if (made.status !== 'ok') throw new Error(`refused: ${made.problem}`);
  return made.provider;
}

export const modelPrompt = (over: Partial<Prompt> = {}): Prompt => ({
  purpose: 'reply',
  rewrite: null,
  messages: [
    { role: 'system', content: 'Responde con los hechos.' },
    { role: 'user', content: 'Datos:\n¿A qué hora abren?' },
  ],
  nonce: 'n',
  facts: [],
  question: '¿A qué hora abren?',
  language: { code: 'es', isSure: true },
  masked: new Map(),
  maskedCounts: {},
  sections: {},
  dropped: [],
  maxOutputTokens: 350,
  basis: { conversationId: 'c1', lastInboundId: 'm1', lastMessageSeq: 1, requestRev: 0, contactRev: 0, knowledgeRev: 0, settingsRev: 's', promptVersion: 'p' },
  hash: 'h',
  ...over,
});
