/** Quality on two desktops: a draft that a model's server made, changed and sent by one, is judged and audited on the other. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeSettings, conversationOf, customerWrites, isLive, isReady, startModel, untilAi, useModel } from '../../support/ai-team.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

it('what one desktop sent waits for a review on the other; figures, files and the audit of both agree, and erased words are gone from all', async () => {
  const model = await startModel(team, { replies: [{ match: '', text: 'Hola María, con gusto le ayudo.' }] });
  const ana = await team.addDesktop({ role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo', role: 'lead' });
  await Promise.all([isReady(ana.client), isReady(bo.client)]);
  await useModel(ana.client, model);
  await changeSettings(ana.client, (settings) => ({ ...settings, auto: { ...settings.auto, reviewSample: 100 } }));
  customerWrites(team, '¿Abren el sábado?');
  const conversationId = await conversationOf(ana.client);
  const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
  const { seenThrough } = await ana.client.conversations.get({ conversationId, messages: 0 });
  await ana.client.ai.send({ draftId: draft!.draftId, text: 'Hola María, con mucho gusto le ayudo.', seenThrough });

  const period = { from: Date.now() - 24 * 60 * 60 * 1000, to: Date.now() + 60 * 60 * 1000 };
  const item = await waitUntil('it waits on the other desktop', async () => (await bo.client.ai.reviewQueue({})).items[0] ?? null);
  expect(item).toMatchObject({ conversationName: 'María Xicay', question: '¿Abren el sábado?', sent: 'Hola María, con mucho gusto le ayudo.', editClass: 'light', isAutomatic: false, review: null });
  await bo.client.ai.review({ draftId: item.draft.draftId, verdict: 'bad', reason: 'tone', note: 'Más corto.' });
  await waitUntil('the review is on both', async () => (await ana.client.ai.reviewQueue({ is: 'done' })).items[0]?.review?.note === 'Más corto.');

  const [figures, others] = [await ana.client.ai.quality(period), await bo.client.ai.quality(period)];
  expect(figures.total).toEqual({ as_is: 0, light: 1, heavy: 0, discarded: 0 });
  expect(figures.reviews).toMatchObject({ good: 0, bad: 1, byReason: { tone: 1 }, open: 0 });
  expect({ ...others, byAgent: [] }).toEqual({ ...figures, byAgent: [] });
  expect((await ana.client.ai.drafts(period)).items.map(({ draft: { draftId } }) => draftId)).toEqual([item.draft.draftId]);
  expect((await bo.client.ai.exportQuality(period)).csv).toContain('con mucho gusto');
  expect((await bo.client.ai.runs(period)).items.map(({ run, isIntact, editClass }) => [run.runId, isIntact, editClass])).toEqual([[draft!.runId, true, 'light']]);

  const { contact } = await bo.client.conversations.get({ conversationId, messages: 0 });
  await bo.client.ai.erase({ contactId: contact.id });
  await waitUntil('the words are gone from both', async () => (await ana.client.ai.run({ runId: draft!.runId })).run.text === null);
  let lines = '';
  for await (const part of await ana.client.ai.exportRuns(period)) lines += part;
  expect(JSON.parse(lines)).toMatchObject({ runId: draft!.runId, text: null, outcome: 'ok' });
  const csv = (await ana.client.ai.exportQuality(period)).csv;
  expect(csv).not.toContain('con mucho gusto');
  expect(csv).toContain('(borrado)');
  expect((await ana.client.ai.quality(period)).total).toEqual(figures.total);
  expect((await ana.client.ai.runs(period)).items[0]).toMatchObject({ isIntact: true, run: { text: null } });
});
