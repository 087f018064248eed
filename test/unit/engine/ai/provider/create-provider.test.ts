import { describe, expect, it, test } from 'vitest';
import { bindKey, createProvider, keyStateOf, readBoundKey } from '../../../../../main/engine/ai/provider/create-provider.ts';
import { createGuardedFetch } from '../../../../../main/engine/ai/provider/guarded-fetch.ts';
import { readBaseUrl } from '../../../../../main/engine/ai/provider/profiles.ts';
import { keyFor, modelPrompt, modelSettings, providerDeps, requireProvider } from '../../../../support/model-provider.ts';

test.each([
  ['https://api.example.com/v1', false, 'https://api.example.com/v1/'],
  [' https://api.example.com/openai/v1/ ', false, 'https://api.example.com/openai/v1/'],
  ['http://127.0.0.1:11434/v1', true, 'http://127.0.0.1:11434/v1/'],
  ['http://localhost:1234', true, 'http://localhost:1234/'],
  ['http://[::1]:1234/v1', true, 'http://[::1]:1234/v1/'],
  ['https://models.local/v1', true, 'https://models.local/v1/'],
  ['http://10.0.0.5:8000/v1', false, 'not_https'],
  ['http://127.0.0.1.example.com/v1', false, 'not_https'],
  ['http://localhost.example.com/v1', false, 'not_https'],
  ['https://10.0.0.5/v1', true, 'not_local'],
  ['https://user:secret@api.example.com/v1', false, 'bad_address'],
  ['https://api.example.com/v1?key=1', false, 'bad_address'],
  ['file:///etc/passwd', false, 'bad_address'],
  ['api.example.com/v1', false, 'bad_address'],
  ['', false, 'no_address'],
])('the address %j (only this machine: %s) is %s', (baseUrl, isLocalOnly, expected) => {
  const read = readBaseUrl({ profile: 'custom', baseUrl, isLocalOnly });
  expect(read.status === 'ok' ? read.base.href : read.problem).toBe(expected);
});

it('profiles bring their own address, and a key where they need one', () => {
  const deps = providerDeps();
  expect(createProvider(modelSettings({ profile: 'openai' }), null, deps)).toEqual({ status: 'refused', problem: 'no_key' });
  const bound = readBoundKey(bindKey(' sk-1 ', 'https://api.openai.com/v1'));
  expect(bound).toEqual({ origin: 'https://api.openai.com', key: 'sk-1' });
  expect(createProvider(modelSettings({ profile: 'openai' }), bound, deps)).toMatchObject({ status: 'ok', provider: { host: 'api.openai.com', embed: null } });
  expect(createProvider(modelSettings({ profile: 'openai', model: '' }), bound, deps)).toEqual({ status: 'refused', problem: 'no_model' });
  expect(createProvider(modelSettings({ profile: 'azure', baseUrl: 'https://res.openai.azure.com/openai/v1' }), bound, deps)).toEqual({ status: 'refused', problem: 'other_origin' });
  expect(createProvider(modelSettings({ profile: 'ollama' }), null, deps)).toMatchObject({ status: 'ok', provider: { host: '127.0.0.1:11434' } });
  expect(createProvider(modelSettings({ profile: 'builtin' }), null, deps)).toMatchObject({ status: 'ok', provider: { host: null, profile: 'builtin' } });
  expect(keyStateOf(modelSettings({ baseUrl: 'https://a.example/v1' }), bound)).toBe('not_needed');
  expect(bindKey('sk-1', 'nowhere')).toBeNull();
  expect([readBoundKey('not json'), readBoundKey(null), readBoundKey('{"origin": "x"}')]).toEqual([null, null, null]);
});

describe('what leaves', () => {
  const seen: { url: string; headers: Record<string, string>; redirect: string | undefined }[] = [];
  const network: typeof fetch = async (input, init) => {
    seen.push({ url: String(input), headers: Object.fromEntries(new Headers(init?.headers)), redirect: init?.redirect });
    return new Response('{}', { status: 200 });
  };
  const guard = (over: Partial<Parameters<typeof createGuardedFetch>[0]> = {}): typeof fetch =>
    createGuardedFetch({ base: new URL('https://a.example/v1/'), key: 'sk-1', keyHeader: 'authorization', isLocalOnly: false, fetch: network, resolveHost: async () => ['127.0.0.1'], ...over });

  it('has the key in its header and no header that nobody meant', async () => {
    seen.length = 0;
    await guard()('https://a.example/v1/models', { headers: { accept: 'application/json', authorization: 'Bearer other', 'x-spy': '1', 'openai-organization': 'o' } });
    await guard({ keyHeader: 'api-key' })('https://a.example/v1/models');
    await guard({ key: null })('https://a.example/v1/models', { headers: { authorization: 'Bearer none' } });
    expect(seen).toEqual([
      { url: 'https://a.example/v1/models', headers: { accept: 'application/json', authorization: 'Bearer sk-1' }, redirect: 'error' },
      { url: 'https://a.example/v1/models', headers: { 'api-key': 'sk-1' }, redirect: 'error' },
      { url: 'https://a.example/v1/models', headers: {}, redirect: 'error' },
    ]);
  });

  it.each(['https://b.example/v1/models', 'https://a.example:444/v1/models', 'http://a.example/v1/models', 'https://a.example/other', 'https://a.example/v1/../admin'])(
    'goes not to %s',
    async (url) => {
      seen.length = 0;
      await expect(guard()(url)).rejects.toThrow('other_origin');
      expect(seen).toEqual([]);
    },
  );

  it('goes nowhere but to this machine where that is wanted, whatever a name stands for at that moment', async () => {
    seen.length = 0;
    for (const addresses of [['93.184.216.34'], ['127.0.0.1', '10.0.0.5'], ['::ffff:10.0.0.5'], []]) {
      await expect(guard({ isLocalOnly: true, resolveHost: async () => addresses })('https://a.example/v1/models')).rejects.toThrow('not_local');
    }
    expect(seen).toEqual([]);
    await guard({ isLocalOnly: true, resolveHost: async () => ['127.0.0.1', '::1', '::ffff:127.0.0.1'] })('https://a.example/v1/models');
    expect(seen).toHaveLength(1);
  });

  it('a name that is not local ends as a failure, with nothing sent and no second try', async () => {
    seen.length = 0;
    let lookups = 0;
    const settings = modelSettings({ baseUrl: 'https://a.example/v1', isLocalOnly: true });
    const resolveHost = async (): Promise<string[]> => {
      lookups++;
      return ['10.0.0.5'];
    };
    const provider = requireProvider(settings, keyFor(settings), providerDeps({ fetch: network, resolveHost }));
    const outcome = await provider.complete(modelPrompt(), { runId: 'r', signal: new AbortController().signal, onDelta: () => {} });
    expect(outcome).toMatchObject({ status: 'failed', failure: { class: 'offline', detail: 'refused_here not_local' }, retries: 0 });
    expect([seen.length, lookups]).toEqual([0, 1]);
  });
});
