/** The stand-in for a model's server as people and specs use it, and what "test connection" finds out about it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assemblePrompt, type PromptInput, type PromptTask } from '../../../main/engine/ai/prompt/assemble.ts';
import type { FactSource } from '../../../main/engine/ai/prompt/facts.ts';
import { testConnection } from '../../../main/engine/ai/provider/probe.ts';
import { createModelStandIn } from '../../../main/demo/model/stand-in.ts';
import { keyFor, modelSettings, providerDeps, requireProvider } from '../../support/model-provider.ts';
import { startProgram } from '../../support/program.ts';

const KEY = 'sk-the-right-one';
const server = createModelStandIn({ key: KEY });
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.clearJournal();
  server.set({ reset: true });
});
const never = new AbortController().signal;
const settingsOf = (over: Parameters<typeof modelSettings>[0] = {}): ReturnType<typeof modelSettings> => modelSettings({ baseUrl: server.baseUrl(), ...over });

describe('what it answers by itself', () => {
  const facts: FactSource[] = [
    { kind: 'request', label: 'Estado de la solicitud SOL-1042', text: 'Aprobada', ref: { kind: 'request', requestId: 'r1' }, isOptional: false },
    { kind: 'contact', label: 'Nombre de la persona', text: 'Rosa', ref: { kind: 'contact', contactId: 'c1' }, isOptional: false },
  ];
  const text = 'Abrimos de lunes a viernes a las 8:00. El sábado abrimos a las 9:00 [sin cita].';
  const passages = [{ articleId: 'a', revisionId: 'r', passageId: 'p', mayAutoAnswer: true, label: 'Horario', text, score: 1 }];
  const ask = async (question: string, task: PromptTask = { purpose: 'reply', instruction: null, previous: null }, over: Partial<PromptInput> = {}): Promise<string> => {
    const prompt = assemblePrompt(
      {
        task,
        subject: { contactIds: new Set(['c1']), requestIds: new Set(['r1']) },
        facts,
        passages,
        summary: null,
        messages: [
          { id: 'm1', contactId: 'c1', direction: 'in', at: 0, content: { kind: 'text', text: 'Buenas, ¿venden cisternas?' } },
          { id: 'm2', contactId: 'c1', direction: 'out', at: 1, content: { kind: 'text', text: 'Buenas, no.' } },
          { id: 'm3', contactId: 'c1', direction: 'in', at: 2, content: { kind: 'text', text: question } },
        ],
        notes: [],
        language: { code: 'es', isSure: true },
        settings: { tone: '', masking: { cards: true, ids: true, email: false, phones: false, names: false, addresses: false }, budget: { inputTokens: 6_000, outputTokens: 350 } },
        known: { country: 'GT', names: [], addresses: [] },
        timeZone: 'America/Guatemala',
        tokenFactor: 1,
        basis: { conversationId: 'v1', lastInboundId: 'm3', lastMessageSeq: 3, requestRev: 0, contactRev: 0, knowledgeRev: 0, settingsRev: 's' },
        ...over,
      },
      () => '0123456789abcdef0123',
    );
    const settings = settingsOf();
    const outcome = await requireProvider(settings, keyFor(settings, KEY)).complete(prompt, { runId: 'r', signal: never, onDelta: () => {} });
    return outcome.status === 'ok' ? outcome.text : outcome.status;
  };

  it('takes the passage or the fact that was asked for, with its marker', async () => {
    expect(await ask('¿A qué hora abren el sábado?')).toContain('El sábado abrimos a las 9:00 [sin cita]. [K1]');
    expect(await ask('¿Cómo va mi solicitud?')).toContain('Estado de la solicitud SOL-1042: Aprobada. [F1]');
  });
  it('says in the customer’s language that it does not know', async () => {
    expect(await ask('Do you sell pizza?', undefined, { passages: [], language: { code: 'en', isSure: true } })).toMatch(/^I do not have/);
    expect(await ask('¿Venden pizza?', undefined, { passages: [] })).toMatch(/^No tengo/);
  });
  it('rewrites and sums up, so that these can be looked at', async () => {
    expect(await ask('', { purpose: 'rewrite', rewrite: 'shorten', text: 'La visita es el lunes. Quedamos atentos.' })).toBe('La visita es el lunes.');
    expect(await ask('Sigo esperando.', { purpose: 'summary', kind: 'transfer' })).toMatch(/Sigo esperando\. \[F\d+\]$/);
  });
});

describe('test connection', () => {
  it('tells what the server has and does, and sends nothing about customers', async () => {
    const settings = settingsOf({ embeddingModel: 'stand-in-embeddings' });
    expect(await testConnection(settings, keyFor(settings, KEY), providerDeps(), never)).toMatchObject({
      isOk: true,
      problem: null,
      failure: null,
      models: ['stand-in', 'stand-in-embeddings'],
      modelAnswered: 'stand-in',
      streams: true,
      tellsUsage: true,
      thinks: false,
      embeds: true,
    });
    expect(server.journal().map(({ path }) => path)).toEqual(['/v1/models', '/v1/chat/completions', '/v1/embeddings']);
  });
  it('learns what the server takes for the drafts that follow', async () => {
    server.set({ fault: 'refuses_temperature' });
    const settings = settingsOf();
    const deps = providerDeps();
    expect(await testConnection(settings, keyFor(settings, KEY), deps, never)).toMatchObject({ isOk: true });
    expect([...(deps.traits as Map<string, unknown>).values()]).toMatchObject([{ temperature: false }]);
  });
  it('forgets what a server did not take once it takes it', async () => {
    server.set({ fault: 'refuses_stream_options' });
    const settings = settingsOf();
    const deps = providerDeps();
    expect(await testConnection(settings, keyFor(settings, KEY), deps, never)).toMatchObject({ isOk: true, tellsUsage: false });
    server.set({ fault: null });
    expect(await testConnection(settings, keyFor(settings, KEY), deps, never)).toMatchObject({ isOk: true, tellsUsage: true });
    expect([...(deps.traits as Map<string, unknown>).values()]).toMatchObject([{ streamOptions: true }]);
  });
  it('a poorer server is told as it is', async () => {
    const settings = settingsOf({ embeddingModel: 'none' });
    const probe = async (fault: Parameters<typeof server.set>[0]['fault']) => {
      server.set({ fault });
      return testConnection(settings, keyFor(settings, KEY), providerDeps(), never);
    };
    expect(await probe('whole')).toMatchObject({ isOk: true, streams: false, tellsUsage: true });
    expect(await probe('no_usage')).toMatchObject({ isOk: true, streams: true, tellsUsage: false });
    expect(await probe('no_models')).toMatchObject({ isOk: true, models: null });
    expect(await probe('no_embeddings')).toMatchObject({ isOk: true, embeds: false });
    expect(await probe('reasoning')).toMatchObject({ isOk: true, thinks: true });
    expect(await probe('think_only')).toMatchObject({ isOk: true, thinks: true });
    expect(await probe('rate_limited')).toMatchObject({ isOk: false, failure: { class: 'rate_limited', retryAt: expect.any(Number) } });
  });
  it('a wrong key and settings that cannot work have their own words', async () => {
    const settings = settingsOf();
    const wrong = await testConnection(settings, keyFor(settings, 'sk-another'), providerDeps(), never);
    expect(wrong).toMatchObject({ isOk: false, failure: { class: 'auth', detail: 'http 401 invalid_api_key invalid_request_error' } });
    expect(JSON.stringify([wrong, server.journal()])).not.toMatch(/sk-/);
    expect(server.journal().at(-1)).toMatchObject({ keyHeader: 'authorization', status: 401 });
    expect(await testConnection(settingsOf({ model: '' }), keyFor(settings, KEY), providerDeps(), never)).toMatchObject({
      isOk: false,
      problem: 'no_model',
      models: ['stand-in', 'stand-in-embeddings'],
    });
    expect(await testConnection(modelSettings({ baseUrl: 'http://10.0.0.5/v1' }), null, providerDeps(), never)).toMatchObject({ isOk: false, problem: 'not_https' });
    expect(await testConnection(modelSettings({ profile: 'builtin' }), null, providerDeps(), never)).toMatchObject({ isOk: true, host: null });
  });
});

it('vectors come in the order of their texts, however many', async () => {
  const settings = settingsOf({ embeddingModel: 'stand-in-embeddings' });
  const { embed } = requireProvider(settings, keyFor(settings, KEY));
  const texts = Array.from({ length: 70 }, (_, n) => `texto ${n}`);
  const all = await embed?.(texts, never);
  const last = await embed?.(['texto 69'], never);
  if (all?.status !== 'ok' || last?.status !== 'ok') throw new Error('no vectors');
  expect(all.vectors).toHaveLength(70);
  expect(all.vectors[69]).toEqual(last.vectors[0]);
  expect(all.usage).toMatchObject({ output: 0, isEstimate: false });
  expect(server.journal().map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => '/v1/embeddings'));
});

it('runs as a program: says where it is, can be told what to do, refuses nonsense, and logs nothing of what it is asked', async () => {
  const program = await startProgram('main/demo/model/cli.ts', ['--piece-ms', '0']);
  const post = (path: string, body: unknown): Promise<Response> => fetch(`${program.ready.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(program.ready['baseUrl']).toBe(`${program.ready.url}/v1`);
  expect(await (await post('/_model', { replies: [{ match: 'secreto', text: 'Así es. [K1]', times: 1 }] })).json()).toMatchObject({ replies: [{ match: 'secreto' }] });
  const refused = await post('/_model', { fault: 'explodes' });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('stalls')]);
  const answer = await post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'mi secreto' }] });
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Así es. [K1]' }, finish_reason: 'stop' }] });
  const next = await post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'mi secreto' }] });
  expect(await next.json()).not.toMatchObject({ choices: [{ message: { content: 'Así es. [K1]' } }] });
  const web = await fetch(`${program.ready.url}/_journal`, { headers: { origin: 'https://evil.example' } });
  expect(web.status).toBe(403);
  expect(await program.stop()).toBe(0);
  expect(program.stderr()).not.toContain('secreto');
});
