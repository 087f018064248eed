/**
 * The workspace's model as this desktop can use it. Invariants: nothing leaves for it that is not in the journal before, word for word; the key stays
 * with the secrets and goes to the server it was given for; who has no model, or no key for it, has the built-in extract.
 */
import type { AiSettings, ProviderSettings } from '../../../../contract/ai/ai-entities.ts';
import type { AiState } from '../../../../contract/ai/ai-views.ts';
import { PROVIDER_PROFILES, type ProviderProblem } from '../../../../contract/ai/ai-words.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiQueries } from '../../db/ai-queries.ts';
import type { Secrets } from '../../ports.ts';
import { bindKey, createProvider, readBoundKey, type BoundKey, type ProviderDeps } from '../provider/create-provider.ts';
import type { LlmProvider } from '../provider/llm-provider.ts';
import { testConnection } from '../provider/probe.ts';
import { PROFILES, readBaseUrl } from '../provider/profiles.ts';
import type { TraitStore } from '../provider/remote-provider.ts';
import { CHARS_PER_TOKEN, type RatioStore } from '../provider/tokens.ts';

type Deps = {
  queries: Pick<AiQueries, 'addSent' | 'readLearned' | 'writeLearned'>;
  secrets: Secrets;
  fetch: typeof fetch;
  resolveHost: (host: string) => Promise<string[]>;
  readSettings: () => AiSettings;
  /** Relay time, ms. */
  now: () => number;
  limits?: ProviderDeps['limits'];
};
const LOOPBACK = /^(127\.|localhost$|\[::1\]$)/;

export type Models = ReturnType<typeof createModels>;

export function createModels({ queries, secrets, fetch, resolveHost, readSettings, now, limits }: Deps) {
  const stored = <T>(prefix: string) => ({
    get: (name: string): T | undefined => (parseJson(queries.readLearned(`${prefix} ${name}`) ?? 'null') as T | null) ?? undefined,
    set: (name: string, value: T): void => queries.writeLearned(`${prefix} ${name}`, JSON.stringify(value)),
  });
  const traits: TraitStore = stored('traits');
  const ratios: RatioStore = stored('ratio');
  const deps: ProviderDeps = { fetch, resolveHost, now, traits, ratios, limits };

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
    /** What the server counts for what we estimate, as learnt so far. */
    tokenFactor: (): number => CHARS_PER_TOKEN / (ratios.get(readSettings().provider.model) ?? CHARS_PER_TOKEN),
    isBuiltin: (): boolean => readSettings().provider.profile === 'builtin',

    keyState: async (): Promise<AiState['key']> => {
      const { provider: settings } = readSettings();
      if (settings.profile === 'builtin') return 'not_needed';
      const key = await readKey();
      const address = readBaseUrl(settings);
      if (key && address.status === 'ok') return key.origin === address.base.origin ? 'set' : 'other_origin';
      return PROFILES[settings.profile].needsKey ? 'missing' : 'not_needed';
    },
    /** @returns false: the address is none that a key could be for. */
    setKey: async ({ key, baseUrl }: { key: string | null; baseUrl: string }): Promise<boolean> => {
      if (key === null) {
        // Not merely gone: other desktops learn that it was taken away.
        await secrets.set('model-key', JSON.stringify(null));
        return true;
      }
      const secret = bindKey(key, { ...readSettings().provider, profile: 'custom', baseUrl });
      if (secret === null) return false;
      await secrets.set('model-key', secret);
      return true;
    },
    /** Tries what is given; with the key given, or the one that is kept. */
    test: async (provider: ProviderSettings, key: string | null, signal: AbortSignal) => {
      const given = key === null || key === '' ? null : readBoundKey(bindKey(key, provider));
      return testConnection(provider, given ?? (await readKey()), deps, signal);
    },
    presets: () =>
      PROVIDER_PROFILES.map((profile) => {
        const remote = profile === 'builtin' ? null : PROFILES[profile];
        const baseUrl = remote?.defaultBaseUrl ?? '';
        return { profile, baseUrl, needsKey: remote?.needsKey ?? false, isLocal: remote === null || (baseUrl !== '' && LOOPBACK.test(new URL(baseUrl).hostname)) };
      }),
  };

  function builtin(): LlmProvider {
    const made = createProvider({ ...readSettings().provider, profile: 'builtin' }, null, deps);
    if (made.status !== 'ok') throw new Error('the built-in provider needs nothing');
    return made.provider;
  }
}
