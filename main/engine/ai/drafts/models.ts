/**
 * The workspace's model as this desktop can use it. Invariants: nothing leaves for it that is not in the journal before, word for word, and no text for
 * vectors with what is to be masked (`assemble.ts` sees to prompts); the key stays
 * with the secrets and goes to the server it was given for; who has no model, or no key for it, has the built-in extract.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import type { AiSettings, ProviderSettings } from '../../../../contract/ai/ai-entities.ts';
import type { AiState } from '../../../../contract/ai/ai-views.ts';
import type { ProviderProblem } from '../../../../contract/ai/ai-words.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiQueries } from '../../db/ai-queries.ts';
import type { Secrets } from '../../ports.ts';
import type { Embed } from '../knowledge/vector-search.ts';
import { createMasker } from '../prompt/mask.ts';
import { cleanForModel } from '../prompt/model-copy.ts';
import { bindKey, createProvider, keyStateOf, readBoundKey, type BoundKey, type ProviderDeps } from '../provider/create-provider.ts';
import type { LlmProvider } from '../provider/llm-provider.ts';
import { testConnection } from '../provider/probe.ts';
import { PROVIDER_PRESETS } from '../provider/profiles.ts';
import type { TraitStore } from '../provider/remote-provider.ts';
import type { TokenFactorStore } from '../provider/token-factor.ts';

type Deps = {
  queries: Pick<AiQueries, 'addSent' | 'readLearned' | 'writeLearned'>;
  secrets: Secrets;
  fetch: typeof fetch;
  resolveHost: (host: string) => Promise<string[]>;
  readSettings: () => AiSettings;
  /** Of the workspace's number, for phone numbers without a country. */
  homeCountry: () => CountryCode;
  /** Relay time, ms. */
  now: () => number;
  limits?: ProviderDeps['limits'];
};

/** In the journal, for what belongs to no run. */
const EMBEDDINGS = 'embeddings';

export type Models = ReturnType<typeof createModels>;

export function createModels({ queries, secrets, fetch, resolveHost, readSettings, homeCountry, now, limits }: Deps) {
  const stored = <T>(prefix: string) => ({
    get: (name: string): T | undefined => (parseJson(queries.readLearned(`${prefix} ${name}`) ?? 'null') as T | null) ?? undefined,
    set: (name: string, value: T): void => queries.writeLearned(`${prefix} ${name}`, JSON.stringify(value)),
  });
  const traits: TraitStore = stored('traits');
  const tokenFactors: TokenFactorStore = stored('tokens');
  const deps: ProviderDeps = { fetch, resolveHost, now, traits, tokenFactors, limits };

  const readKey = async (): Promise<BoundKey | null> => readBoundKey(await secrets.get('model-key'));

  /** Writes down what leaves before it does. */
  const recordingFetch =
    (runId: string): typeof fetch =>
    (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (typeof init?.body === 'string') queries.addSent({ runId, at: now(), host: url.host, body: init.body });
      else if (init?.body !== undefined && init.body !== null) throw new Error('only texts leave for a model');
      return fetch(input, init);
    };

  return {
    /** The provider for one run; `problem`: why it is the built-in one although another is set. */
    open: async (runId: string): Promise<{ provider: LlmProvider; problem: ProviderProblem | null }> => {
      const { provider: settings } = readSettings();
      const made = createProvider(settings, await readKey(), { ...deps, fetch: recordingFetch(runId) });
      return made.status === 'ok' ? { provider: made.provider, problem: null } : { provider: builtin(), problem: made.problem };
    },
    builtin,
    /** Vectors of texts, for the knowledge base; null: the workspace has no model for them. */
    readEmbed: (): Embed | null => {
      const { profile, embeddingModel: model } = readSettings().provider;
      if (profile === 'builtin' || model === null || model === '') return null;
      const embed: Embed['embed'] = async (texts, signal, known = { country: homeCountry(), names: [], addresses: [] }) => {
        const key = await readKey();
        const { provider: settings, masking } = readSettings();
        // Vectors of another model would be kept as this one's.
        if (settings.profile === 'builtin' || settings.embeddingModel !== model) throw new Error('no vectors: the model is another one');
        const made = createProvider(settings, key, { ...deps, fetch: recordingFetch(EMBEDDINGS) });
        const { mask } = createMasker({ masking, ...known });
        const masked = texts.map((text) => mask(cleanForModel(text)));
        const answer = made.status === 'ok' && made.provider.embed ? await made.provider.embed(masked, signal) : null;
        if (answer?.status !== 'ok') throw new Error(answer ? `no vectors: ${answer.failure.class}` : 'no vectors: the settings name no server');
        return answer.vectors;
      };
      return { model, embed };
    },
    /** What the server counts for what we estimate, as learnt so far. */
    tokenFactor: (): number => tokenFactors.get(readSettings().provider.model) ?? 1,
    isBuiltin: (): boolean => readSettings().provider.profile === 'builtin',

    keyState: async (): Promise<AiState['key']> => keyStateOf(readSettings().provider, await readKey()),
    /** @returns false: the address is none that a key could be for. */
    setKey: async ({ key, baseUrl }: { key: string | null; baseUrl: string }): Promise<boolean> => {
      if (key === null) {
        // Not merely gone: other desktops learn that it was taken away.
        await secrets.set('model-key', JSON.stringify(null));
        return true;
      }
      const secret = bindKey(key, baseUrl);
      if (secret === null) return false;
      await secrets.set('model-key', secret);
      return true;
    },
    /** Tries what is given; with the key given, or the one that is kept. */
    test: async (provider: ProviderSettings, key: string | null, signal: AbortSignal) => {
      const given = key === null || key === '' ? null : readBoundKey(bindKey(key, provider.baseUrl));
      return testConnection(provider, given ?? (await readKey()), deps, signal);
    },
    presets: () => [...PROVIDER_PRESETS],
  };

  function builtin(): LlmProvider {
    const made = createProvider({ ...readSettings().provider, profile: 'builtin' }, null, deps);
    if (made.status !== 'ok') throw new Error('the built-in provider needs nothing');
    return made.provider;
  }
}
