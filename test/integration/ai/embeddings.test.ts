/** Vectors of the knowledge base by a model's server over HTTP: made when there is one, asked with nothing that is to be masked, missed by nobody when it fails. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelStandIn } from '../../../main/demo/model/stand-in.ts';
import { changeSettings, conversationOf, customerWrites, isLive, isReady, startModel, untilAi, useModel } from '../../support/ai-team.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const embedded = (model: ModelStandIn): string[] =>
  model.journal().flatMap(({ path, body }) => (path.endsWith('/embeddings') ? (body as { input: string[] }).input.map((text) => `${(body as { model: string }).model}: ${text}`) : []));

it('are made once there is a model for them, anew for another one, and a question leaves without what is masked', async () => {
  const model = await startModel(team);
  const ana = await team.addDesktop({ role: 'admin' });
  await isReady(ana.client);
  await ana.client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'Abrimos los sábados de 8:00 a 12:00. Escriba a ventas@example.com.' });
  const { settings } = await ana.client.ai.state();
  await useModel(ana.client, model, { mode: 'off', masking: { ...settings.masking, email: true, cards: true, names: true } });
  const useVectors = (embeddingModel: string | null): Promise<void> => changeSettings(ana.client, (settings) => ({ ...settings, provider: { ...settings.provider, embeddingModel } }));
  await useVectors('stand-in-embeddings');
  const areMade = async (): Promise<boolean> => {
    const { embeddings } = await ana.client.knowledge.status();
    return embeddings.isOn && embeddings.of > 0 && embeddings.done === embeddings.of;
  };
  await waitUntil('every passage has its vector', areMade);
  expect(embedded(model)).toEqual([expect.stringMatching(/^stand-in-embeddings: Abrimos/)]);
  expect(embedded(model).join()).not.toContain('ventas@example.com');

  customerWrites(team, '¿Abren el sábado? Soy María, maria.x@example.com, tarjeta 4111 1111 1111 1111.');
  const conversationId = await conversationOf(ana.client);
  await ana.client.ai.draft({ conversationId });
  await untilAi(ana.client, conversationId, 'there is a draft', isLive);
  const question = embedded(model).find((text) => text.includes('Abren'));
  expect(question).toMatch(/Soy ⟦NAME_1⟧, ⟦EMAIL_1⟧, tarjeta ⟦CARD_1⟧/);

  await useVectors('another');
  await waitUntil('they are made by the other model', () => embedded(model).some((text) => text.startsWith('another: Abrimos')));
  await waitUntil('every passage has one of it', areMade);
  model.set({ fault: 'no_embeddings' });
  const { hits } = await ana.client.knowledge.search({ text: 'sábados' });
  expect(hits).toHaveLength(1);
  await useVectors(null);
  expect((await ana.client.knowledge.status()).embeddings.isOn).toBe(false);
});

it('never leave this machine where only this machine is allowed', async () => {
  const outside: string[] = [];
  let failures = 0;
  const ana = await team.addDesktop({
    role: 'admin',
    ports: {
      fetch: (input, init) => {
        const { hostname, href } = new URL(input instanceof Request ? input.url : input);
        if (hostname === '127.0.0.1') return fetch(input, init);
        outside.push(href);
        return Promise.reject(new TypeError('no line'));
      },
      log: (_level, event) => {
        if (event === 'knowledge.no_vectors') failures += 1;
      },
    },
  });
  await isReady(ana.client);
  await ana.client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'Abrimos los sábados.' });
  await waitUntil('it is found', async () => (await ana.client.knowledge.search({ text: 'sábados' })).hits.length === 1);
  const provider = { profile: 'custom', baseUrl: 'https://192.0.2.1/v1', model: 'm', embeddingModel: 'e' } as const;
  await changeSettings(ana.client, (settings) => ({ ...settings, mode: 'off', provider: { ...settings.provider, ...provider } }));
  await waitUntil('it was tried', () => failures > 0);
  expect(outside).toContain('https://192.0.2.1/v1/embeddings');
  failures = 0;
  await changeSettings(ana.client, (settings) => ({ ...settings, provider: { ...settings.provider, baseUrl: 'https://192.0.2.2/v1', isLocalOnly: true } }));
  await waitUntil('it was refused', () => failures > 0);
  expect(outside.filter((href) => href.includes('192.0.2.2'))).toEqual([]);
  expect((await ana.client.knowledge.search({ text: 'sábados' })).hits).toHaveLength(1);
});
