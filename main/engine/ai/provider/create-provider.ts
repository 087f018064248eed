/**
 * From settings and key to a provider. Invariant: a key goes to the server it was given for and to no other; settings of another one, which
 * anybody's desktop may bring, need a key of their own.
 */
import { z } from 'zod';
import type { ProviderSettings } from '../../../../contract/ai/ai-entities.ts';
import type { ProviderProblem } from '../../../../contract/ai/ai-words.ts';
import { createBuiltinExtractive } from './builtin-extractive.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import type { LlmProvider } from './llm-provider.ts';
import { createOpenAiClient, type OpenAiClient } from './openai-client.ts';
import { PROFILES, readBaseUrl } from './profiles.ts';
import { createRemoteProvider, type RemoteDeps, type TraitStore } from './remote-provider.ts';
import { CALL_LIMITS, type CallLimits } from './run-stream.ts';
import type { TokenFactorStore } from './token-factor.ts';

export type ProviderDeps = {
  fetch: typeof fetch;
  /** All addresses of a host name (`dns.lookup`). */
  resolveHost: (host: string) => Promise<string[]>;
  now: () => number;
  traits: TraitStore;
  tokenFactors: TokenFactorStore;
  /** Shorter ones for tests. */
  limits?: Partial<CallLimits> | undefined;
};

/** Under the secret `model-key`: the key with the origin it was given for. */
const boundKeySchema = z.object({ origin: z.string(), key: z.string().min(1) });
export type BoundKey = z.infer<typeof boundKeySchema>;
/** @param baseUrl of the settings. @returns what is to be kept as secret; null: that names no server to bind it to. */
export function bindKey(key: string, baseUrl: string): string | null {
  const address = readBaseUrl({ profile: 'custom', baseUrl, isLocalOnly: false });
  return address.status === 'ok' ? JSON.stringify({ origin: address.base.origin, key: key.trim() } satisfies BoundKey) : null;
}
export function readBoundKey(secret: string | null): BoundKey | null {
  try {
    return boundKeySchema.parse(JSON.parse(secret ?? 'null'));
  } catch {
    return null;
  }
}

/** `not_needed`: there is none, and this kind of server does not ask for one. */
export function keyStateOf(settings: ProviderSettings, key: BoundKey | null): 'missing' | 'set' | 'other_origin' | 'not_needed' {
  const address = readBaseUrl(settings);
  if (settings.profile === 'builtin') return 'not_needed';
  if (key !== null && address.status === 'ok' && key.origin === address.base.origin) return 'set';
  if (!PROFILES[settings.profile].needsKey) return 'not_needed';
  return key === null ? 'missing' : 'other_origin';
}

export type Connection = { base: URL; client: OpenAiClient };
/** The way to the server, without a model: enough to list what it has. */
export function connect(settings: ProviderSettings, key: BoundKey | null, deps: ProviderDeps): ({ status: 'ok' } & Connection) | { status: 'refused'; problem: ProviderProblem } {
  if (settings.profile === 'builtin') return { status: 'refused', problem: 'no_address' };
  const address = readBaseUrl(settings);
  if (address.status === 'refused') return address;
  const { base } = address;
  const state = keyStateOf(settings, key);
  if (state === 'missing' || state === 'other_origin') return { status: 'refused', problem: state === 'missing' ? 'no_key' : state };
  const { keyHeader } = PROFILES[settings.profile];
  const guarded = createGuardedFetch({ base, key: state === 'set' && key !== null ? key.key : null, keyHeader, isLocalOnly: settings.isLocalOnly, fetch: deps.fetch, resolveHost: deps.resolveHost });
  return { status: 'ok', base, client: createOpenAiClient(base, guarded) };
}

/** @param settings as they were parsed. A provider is cheap to make; it loads what it needs at its first call. */
export function createProvider(
  settings: ProviderSettings,
  key: BoundKey | null,
  deps: ProviderDeps & Pick<RemoteDeps, 'onStreamKind'>,
): { status: 'ok'; provider: LlmProvider } | { status: 'refused'; problem: ProviderProblem } {
  const { profile, model, api, embeddingModel } = settings;
  if (profile === 'builtin') return { status: 'ok', provider: createBuiltinExtractive({ now: deps.now }) };
  const connection = connect(settings, key, deps);
  if (connection.status === 'refused') return connection;
  if (model === '') return { status: 'refused', problem: 'no_model' };
  const { base, client } = connection;
  const provider = createRemoteProvider({
    profile,
    base,
    model,
    api,
    embeddingModel: embeddingModel || null,
    client,
    knownTraits: PROFILES[profile].traits,
    traits: deps.traits,
    tokenFactors: deps.tokenFactors,
    limits: { ...CALL_LIMITS, ...deps.limits },
    now: deps.now,
    onStreamKind: deps.onStreamKind,
  });
  return { status: 'ok', provider };
}
