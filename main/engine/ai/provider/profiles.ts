/**
 * What is known beforehand of each kind of server, and where a model may be at all. Invariant: an address is https, or http on this very machine,
 * so that neither a key nor what customers write travels in clear.
 */
import type { ProviderProblem } from '../../../../contract/ai/ai-words.ts';
import type { ProviderSettings } from '../../../../contract/ai/ai-entities.ts';

export type RemoteProfile = Exclude<ProviderSettings['profile'], 'builtin'>;
/** What a server takes in a request body. Wrong guesses are learned from its refusals. */
export type ServerTraits = { maxTokens: 'max_tokens' | 'max_completion_tokens'; temperature: boolean; streamOptions: boolean; store: boolean };
/** Of one call. A server that counts more counts wrong: what it says is not taken, and an estimate is. */
export const TOKENS_MAX = 10_000_000;
export type Profile = {
  /** Null: only the company knows it. */
  defaultBaseUrl: string | null;
  keyHeader: 'authorization' | 'api-key';
  needsKey: boolean;
  traits: ServerTraits;
};

/**
 * Sources: OpenAI API reference, "Create chat completion" (`max_tokens` is deprecated, `store`); Azure OpenAI, "v1 API" (`api-key`, no
 * `api-version`); Ollama, "OpenAI compatibility".
 */
export const PROFILES: Record<RemoteProfile, Profile> = {
  openai: {
    defaultBaseUrl: 'https://api.openai.com/v1',
    keyHeader: 'authorization',
    needsKey: true,
    traits: { maxTokens: 'max_completion_tokens', temperature: true, streamOptions: true, store: true },
  },
  azure: { defaultBaseUrl: null, keyHeader: 'api-key', needsKey: true, traits: { maxTokens: 'max_completion_tokens', temperature: true, streamOptions: true, store: true } },
  ollama: {
    defaultBaseUrl: 'http://127.0.0.1:11434/v1',
    keyHeader: 'authorization',
    needsKey: false,
    traits: { maxTokens: 'max_tokens', temperature: true, streamOptions: true, store: false },
  },
  custom: { defaultBaseUrl: null, keyHeader: 'authorization', needsKey: false, traits: { maxTokens: 'max_tokens', temperature: true, streamOptions: true, store: false } },
};

/** What the window offers to begin with; an empty address is for the company to fill in. */
export const PROVIDER_PRESETS = [
  { profile: 'builtin' as const, baseUrl: '', needsKey: false, isLocal: true },
  ...(Object.keys(PROFILES) as RemoteProfile[]).map((profile) => {
    const { defaultBaseUrl, needsKey } = PROFILES[profile];
    return { profile, baseUrl: defaultBaseUrl ?? '', needsKey, isLocal: profile === 'ollama' };
  }),
];

/** A number of this machine's own loopback (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3), also as IPv6 writes IPv4. */
export const isLoopbackAddress = (address: string): boolean => /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/i.test(address);
const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const isIpAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');
const isLoopbackHost = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host);

/** The base URL with a slash at its end, of the profile where none is given. A name that only looks local is found out when it is resolved, at each call. */
export function readBaseUrl(settings: Pick<ProviderSettings, 'profile' | 'baseUrl' | 'isLocalOnly'>): { status: 'ok'; base: URL } | { status: 'refused'; problem: ProviderProblem } {
  const text = settings.baseUrl.trim() || (settings.profile === 'builtin' ? null : PROFILES[settings.profile].defaultBaseUrl);
  if (text === null) return { status: 'refused', problem: 'no_address' };
  if (!URL.canParse(text)) return { status: 'refused', problem: 'bad_address' };
  const base = new URL(text);
  if (base.username !== '' || base.password !== '' || base.search !== '' || base.hash !== '') return { status: 'refused', problem: 'bad_address' };
  const host = bareHost(base);
  if (base.protocol !== 'https:' && base.protocol !== 'http:') return { status: 'refused', problem: 'bad_address' };
  if (base.protocol === 'http:' && !isLoopbackHost(host)) return { status: 'refused', problem: 'not_https' };
  if (settings.isLocalOnly && isIpAddress(host) && !isLoopbackAddress(host)) return { status: 'refused', problem: 'not_local' };
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { status: 'ok', base };
}
