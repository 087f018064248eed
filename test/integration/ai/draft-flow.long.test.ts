/** Drafts from the customer's message to the answer: desktops, relay, Meta's stand-in and a model's server over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../contract/ai/ai-words.ts';
import type { ModelFault } from '../../../main/demo/model/faults.ts';
import { asked, changeSettings, collect, conversationOf, CUSTOMER, customerWrites, isLive, isReady, startModel, untilAi, useModel } from '../../support/ai-team.ts';
import { addDesk } from '../../support/desk.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const SLOW = { pieceMs: 40, pieceLength: 4, replies: [{ match: '', text: 'Hola, con gusto le ayudo con todo lo que necesite saber de nuestros servicios. '.repeat(8) }] };
/** Ana with a model, and a customer who wrote; nothing is made by itself. */
async function begin(setting: Parameters<typeof startModel>[1] = {}) {
  const model = await startModel(team, setting);
  const ana = await team.addDesktop({ role: 'admin' });
  await isReady(ana.client);
  await useModel(ana.client, model, { mode: 'off' });
  customerWrites(team, '¿Abren el sábado?');
  const conversationId = await conversationOf(ana.client);
  return { model, ana, conversationId };
}
const addArticle = async (client: Desktop['client'], title: string, text: string): Promise<void> => {
  await client.knowledge.save({ articleId: null, from: null, title, language: 'es', text });
  await waitUntil('it can be found', async () => (await client.knowledge.search({ text: title })).hits.length > 0);
};

describe('a draft', () => {
  it('a burst of messages gives one draft, which is sent as it is and counts as the answer', async () => {
    const model = await startModel(team, { replies: [{ match: 'sábado', text: 'Hola María, con gusto le ayudo. [F1]' }] });
    const ana = await team.addDesktop({ role: 'admin' });
    await isReady(ana.client);
    await useModel(ana.client, model);
    customerWrites(team, 'Buenas tardes');
    const conversationId = await conversationOf(ana.client);
    await untilAi(ana.client, conversationId, 'the burst is waited for', ({ running }) => running.state === 'waiting');
    customerWrites(team, '¿Abren el sábado?');
    const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
    expect(asked(model)).toHaveLength(1);
    expect(draft).toMatchObject({ state: 'ready', isStale: false, isRequested: false, body: { text: 'Hola María, con gusto le ayudo.', isExtract: false, isCutOff: false } });
    const { seenThrough } = await ana.client.conversations.get({ conversationId, messages: 0 });
    const message = await ana.client.ai.send({ draftId: draft!.draftId, text: draft!.body!.text, seenThrough });
    await untilAi(ana.client, conversationId, 'it is sent', (view) => view.draft?.state === 'sent' && view.draft.messageId === message.id);
    expect((await ana.client.conversations.get({ conversationId, messages: 0 })).assignee?.isMe, 'whoever answers takes the conversation').toBe(true);
    const run = await ana.client.ai.run({ runId: draft!.runId });
    expect(run).toMatchObject({ isIntact: true, draftId: draft!.draftId, message: { id: message.id }, editClass: 'as_is', run: { outcome: 'ok', purpose: 'reply', usage: { isEstimate: false } } });
    expect(JSON.parse(run.sent!), 'the journal has what left, word for word').toEqual(JSON.parse(asked(model)[0]!));
    await waitUntil('Meta has it', () => JSON.stringify(team.meta.journal()).includes('con gusto le ayudo'));
  });

  it('of two desktops that could make it one does: that of whoever has the conversation', async () => {
    const model = await startModel(team);
    const ana = await team.addDesktop({ role: 'admin' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await Promise.all([isReady(ana.client), isReady(bo.client)]);
    await useModel(ana.client, model, { mode: 'off' });
    await waitUntil('the key has come to Bo', async () => (await bo.client.ai.state()).key === 'set');
    customerWrites(team, '¿Abren el sábado?');
    const conversationId = await conversationOf(bo.client);
    await conversationOf(ana.client);
    const me = (await bo.client.team.directory({})).members.find(({ isMe }) => isMe);
    await bo.client.conversations.assign({ conversationId, from: null, to: me!.id });
    await waitUntil('Ana knows', async () => (await ana.client.conversations.get({ conversationId, messages: 0 })).assignee?.name === 'Bo');
    await changeSettings(ana.client, (settings) => ({ ...settings, mode: 'draft' }));
    const { draft } = await untilAi(ana.client, conversationId, 'Ana sees the draft', isLive);
    expect(draft?.by).toMatchObject({ name: 'Bo', isMe: false });
    await Promise.all([ana.engine.waitForIdle(10_000), bo.engine.waitForIdle(10_000)]);
    expect(asked(model)).toHaveLength(1);
  });

  it('what the customer writes meanwhile ends it, and it is made again with all of it', async () => {
    const { model, ana, conversationId } = await begin(SLOW);
    await ana.client.ai.draft({ conversationId, instruction: 'Dile que sí.' });
    await untilAi(ana.client, conversationId, 'it streams', ({ running }) => running.state === 'streaming' && running.text !== '');
    customerWrites(team, '¿Y el domingo?');
    await untilAi(ana.client, conversationId, 'the burst is waited for', ({ running }) => running.state === 'waiting');
    model.set({ pieceMs: 0 });
    await waitUntil('the first call was cut', () => model.journal().find(({ path }) => path.endsWith('/chat/completions'))?.isCutByCaller);
    const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
    const bodies = asked(model);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toContain('domingo');
    expect(bodies[1]).toContain('Dile que sí.');
    expect(draft).toMatchObject({ isRequested: true, isStale: false });
  });

  it('a cancel closes the socket, and nothing is told of it any more', async () => {
    const { model, ana, conversationId } = await begin(SLOW);
    await ana.client.ai.draft({ conversationId });
    const told = collect(ana.client, conversationId, ({ state, draftId }) => state === 'idle' && draftId === null && isStreamed.is);
    const isStreamed = { is: false };
    await untilAi(ana.client, conversationId, 'it streams', ({ running }) => running.state === 'streaming' && running.text !== '');
    isStreamed.is = true;
    await ana.client.ai.cancel({ conversationId });
    expect((await told).at(-1)).toMatchObject({ state: 'idle', text: '' });
    await waitUntil('the socket is closed', () => model.journal().find(({ path }) => path.endsWith('/chat/completions'))?.isCutByCaller);
    const view = await untilAi(ana.client, conversationId, 'it is recorded', () => true);
    expect(view).toMatchObject({ draft: null, running: { state: 'idle' } });
  });

  it('an own answer ends it, a colleague who takes the conversation over too', async () => {
    const { model, ana, conversationId } = await begin(SLOW);
    await ana.client.ai.draft({ conversationId });
    await untilAi(ana.client, conversationId, 'it streams', ({ running }) => running.state === 'streaming');
    await ana.client.messages.sendText({ conversationId, text: 'Sí, hasta el mediodía.' });
    expect((await ana.client.ai.conversation({ conversationId })).running.state).toBe('idle');
    const bo = await team.addDesktop({ name: 'Bo', role: 'lead' });
    await isReady(bo.client);
    await ana.client.ai.draft({ conversationId });
    await untilAi(ana.client, conversationId, 'it streams', ({ running }) => running.state === 'streaming');
    const { members } = await bo.client.team.directory({});
    await bo.client.conversations.assign({ conversationId, from: members.find(({ isMe }) => !isMe)!.id, to: members.find(({ isMe }) => isMe)!.id });
    await untilAi(ana.client, conversationId, 'it is over', ({ running }) => running.state === 'idle');
    await waitUntil('both calls were cut', () => model.journal().filter(({ isCutByCaller }) => isCutByCaller).length === 2);
    expect((await ana.client.ai.conversation({ conversationId })).draft).toBeNull();
  });

  it('what nothing supports, and what is out of date, is asked for once; outside the window it goes as a template', async () => {
    const components = [{ type: 'BODY', text: 'Hola {{1}}, le escribimos por su consulta.', example: { body_text: [['María']] } }];
    team.meta.setTemplates({ seed: [{ body: { name: 'seguimiento', language: 'es', category: 'UTILITY', components } }] });
    const { model, ana, conversationId } = await begin({ replies: [{ match: '', text: 'Cuesta Q999.00 en total.' }] });
    await ana.client.ai.draft({ conversationId });
    const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
    expect(draft?.body?.findings).toMatchObject([{ kind: 'money', severity: 'high' }]);
    expect(await ana.client.knowledge.gaps(), 'a model that answers out of nothing lacks an article too').toMatchObject([{ conversationId, count: 1 }]);
    const { draftId } = draft!;
    await ana.client.ai.edit({ draftId });
    // The log decides which came first.
    await ana.engine.waitForIdle(10_000);
    customerWrites(team, '¿Sigue ahí?');
    await untilAi(ana.client, conversationId, 'it stays, as somebody works on it', (view) => view.draft?.draftId === draftId && view.draft.isStale);
    const { seenThrough } = await ana.client.conversations.get({ conversationId, messages: 0 });
    const reply = { draftId, text: 'Cuesta Q999.00 nada más.', seenThrough };
    await expect(ana.client.ai.send(reply)).rejects.toMatchObject({ code: 'DRAFT_STALE' });
    await expect(ana.client.ai.send({ ...reply, isStaleAccepted: true })).rejects.toMatchObject({ code: 'DRAFT_FINDINGS' });
    expect(await ana.client.ai.check({ draftId, text: 'Hola, con gusto.' })).toEqual({ findings: [], hasHigh: false });
    const { messages: thread } = await ana.client.conversations.get({ conversationId, messages: 5 });
    const asks = thread.find(({ direction }) => direction === 'in')!;
    const sent = await ana.client.ai.send({ ...reply, quotedMessageId: asks.id, isStaleAccepted: true, acceptsFindings: true });
    expect(sent, 'it keeps what it quotes').toMatchObject({ quoted: { id: asks.id, direction: 'in' } });
    await untilAi(ana.client, conversationId, 'it is sent', (view) => view.draft?.state === 'sent');
    await expect(ana.client.ai.send({ ...reply, isStaleAccepted: true, acceptsFindings: true }), 'it leaves once').rejects.toMatchObject({ code: 'DRAFT_SENT' });

    team.meta.customerWrites({ from: '+50255550002', name: 'Pedro', text: '¿Sigue en pie?', timestamp: Math.floor(Date.now() / 1000) - 25 * 60 * 60 });
    const late = await conversationOf(ana.client, 'Pedro');
    await waitUntil('the template is there', async () => (await ana.client.templates.list({})).items.length > 0);
    model.set({ reset: true, replies: [{ match: '', text: 'Le escribimos por su consulta.' }] });
    await ana.client.ai.draft({ conversationId: late });
    const { draft: closed } = await untilAi(ana.client, late, 'it is a draft that cannot go as it is', (view) => view.draft?.state === 'blocked');
    expect(closed?.template).toMatchObject({ texts: { 'body.1': 'Pedro' } });
    await expect(ana.client.ai.send({ draftId: closed!.draftId, text: 'Hola', seenThrough: 1_000 })).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });
    await ana.client.templates.send({ conversationId: late, template: { ...closed!.template! }, draftId: closed!.draftId });
    await untilAi(ana.client, late, 'it counts as its answer', (view) => view.draft?.draftId === closed!.draftId && view.draft.state === 'sent');
  });

  it('every failure is told by its class; a part is kept and marked', async () => {
    const { model, ana, conversationId } = await begin({ replies: [{ match: '', text: 'Abrimos de lunes a viernes, de ocho a cinco de la tarde. Con gusto le atendemos.' }], pieceLength: 8 });
    const fails: [ModelFault, FailureClass][] = [
      ['auth', 'auth'],
      ['quota', 'quota'],
      ['rate_limited', 'rate_limited'],
      ['model_missing', 'model_missing'],
      ['content_filtered', 'content_filter'],
      ['html', 'bad_response'],
      ['empty', 'empty'],
    ];
    for (const [fault, failureClass] of fails) {
      model.set({ fault });
      await ana.client.ai.draft({ conversationId });
      const { running } = await untilAi(ana.client, conversationId, `${fault} is told`, (view) => view.running.state === 'failed' && view.running.failure?.class === failureClass);
      expect(JSON.stringify(running)).not.toContain('sk-of-the-tests');
      if (fault === 'rate_limited') expect(running.failure?.retryAt).toBeGreaterThan(Date.now());
    }
    model.clearJournal();
    model.set({ fault: 'context_too_long' });
    await ana.client.ai.draft({ conversationId });
    await untilAi(ana.client, conversationId, 'it is too long also when halved', (view) => view.running.failure?.class === 'context_too_long');
    expect(asked(model)).toHaveLength(2);
    for (const fault of ['cut', 'length'] as const) {
      model.set({ fault });
      await ana.client.ai.draft({ conversationId });
      const { draft } = await untilAi(ana.client, conversationId, `${fault} leaves a part`, (view) => isLive(view) && view.draft?.body?.isCutOff === true && view.running.state === 'idle');
      expect(draft?.body).toMatchObject({ confidence: 'weak' });
      await ana.client.ai.discard({ draftId: draft!.draftId, reason: 'incomplete' });
    }
  });

  it('without a model it quotes the knowledge base, and where that says nothing there is no draft', async () => {
    const line = await team.addLine();
    const ana = await team.addDesktop({ role: 'admin', relayUrl: line.url });
    await isReady(ana.client);
    await addArticle(ana.client, 'Horario de atención', 'Atendemos los sábados de 8:00 a 12:00 horas en la oficina central.');
    customerWrites(team, '¿Cuál es el horario de atención los sábados?');
    const conversationId = await conversationOf(ana.client);
    const { draft } = await untilAi(ana.client, conversationId, 'there is a quote', isLive);
    expect(draft?.body).toMatchObject({ isExtract: true, findings: [] });
    expect(draft?.body?.text).toContain('8:00 a 12:00');
    expect(draft?.body?.facts[0]?.ref?.kind).toBe('knowledge');
    expect((await ana.client.ai.run({ runId: draft!.runId })).sent, 'nothing left').toBeNull();
    customerWrites(team, '¿Venden llantas para tractor?', { from: '+50255550002', name: 'Pedro' });
    const other = await conversationOf(ana.client, 'Pedro');
    await untilAi(ana.client, other, 'it says that nothing answers', (view) => view.noDraftBecause === 'no_answer_found' && view.draft === null);
    customerWrites(team, 'Muchas gracias 🙏', { from: '+50255550003', name: 'Luz' });
    const thanks = await conversationOf(ana.client, 'Luz');
    await untilAi(ana.client, thanks, 'thanks ask for nothing', (view) => view.noDraftBecause === 'nothing_asked' && view.draft === null);
    const gaps = await ana.client.knowledge.gaps();
    expect(gaps.map(({ question }) => question)).toEqual(['¿Venden llantas para tractor?']);
    line.cut();
    await waitUntil('the line is lost', async () => (await ana.client.session.sync({})).state === 'offline');
    await ana.client.ai.draft({ conversationId, instruction: '' });
    await untilAi(ana.client, conversationId, 'also without the relay, at a wish', (view) => isLive(view) && view.draft?.draftId !== draft?.draftId);
  });

  it('what leaves is of this customer alone, with nothing that is to be hidden, and no key', async () => {
    const { model, ana, conversationId } = await begin();
    customerWrites(team, 'Soy Pedro, mi código secreto es QUETZAL-99', { from: '+50255550002', name: 'Pedro Otzoy' });
    customerWrites(team, 'Mi tarjeta es 4111 1111 1111 1111');
    await conversationOf(ana.client, 'Pedro Otzoy');
    await waitUntil('all was read', async () => (await ana.client.conversations.get({ conversationId, messages: 5 })).messages.length === 2);
    await ana.client.notes.add({ conversationId, body: 'NOTA-INTERNA', mentions: [] });
    await ana.client.ai.draft({ conversationId });
    const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
    const { sent } = await ana.client.ai.run({ runId: draft!.runId });
    expect(sent).toBe(asked(model)[0]);
    for (const hidden of ['QUETZAL', 'Otzoy', '4111', 'NOTA-INTERNA', 'sk-of-the-tests']) expect(sent).not.toContain(hidden);
    expect(sent).toContain('CARD_1');
    const { contact } = await ana.client.conversations.get({ conversationId, messages: 0 });
    await ana.client.ai.erase({ contactId: contact.id });
    await waitUntil('the words are gone', async () => (await ana.client.ai.run({ runId: draft!.runId })).sent === null);
    expect(await ana.client.ai.run({ runId: draft!.runId })).toMatchObject({ isIntact: true, run: { text: null, outcome: 'ok' } });
  });

  it('what it costs is the server’s own figures, and a cap stops it before the call', async () => {
    const { model, ana, conversationId } = await begin();
    const prices = { input: 3, cached: 3, output: 15 };
    await changeSettings(ana.client, (settings) => ({ ...settings, provider: { ...settings.provider, prices }, caps: { ...settings.caps, team: 40_000 } }));
    await ana.client.ai.draft({ conversationId });
    const { draft } = await untilAi(ana.client, conversationId, 'there is a draft', isLive);
    const { run } = await ana.client.ai.run({ runId: draft!.runId });
    const { spent } = await ana.client.ai.state();
    expect(run.costMicros).toBe(run.usage!.input * 3 + run.usage!.output * 15);
    expect(spent).toMatchObject({ desktopToday: run.costMicros, teamMonth: run.costMicros, teamCap: 40_000, isPriceKnown: true, isOver: false });
    await changeSettings(ana.client, (settings) => ({ ...settings, caps: { ...settings.caps, desktopDay: run.costMicros! + 10 } }));
    await ana.client.ai.draft({ conversationId });
    const { running } = await untilAi(ana.client, conversationId, 'the cap is told', (view) => view.running.failure?.class === 'cap_reached');
    expect(running.failure?.detail).toBe('desktopDay');
    await changeSettings(ana.client, (settings) => ({ ...settings, caps: { ...settings.caps, desktopDay: null, team: 5 } }));
    await ana.client.ai.draft({ conversationId });
    await untilAi(ana.client, conversationId, 'the team’s cap too', (view) => view.running.failure?.detail === 'team');
    expect(asked(model)).toHaveLength(1);
  });

  it('a program that is killed while it writes makes the draft again, and knows what was spent', async () => {
    const model = await startModel(team, SLOW);
    const ana = await addDesk(team, { name: 'Ana', role: 'admin' });
    await isReady(ana.client());
    await useModel(ana.client(), model);
    customerWrites(team, '¿Abren el sábado?');
    const conversationId = await conversationOf(ana.client());
    await untilAi(ana.client(), conversationId, 'it streams', ({ running }) => running.state === 'streaming');
    await ana.kill();
    model.set({ pieceMs: 0 });
    await ana.start();
    const { draft } = await untilAi(ana.client(), conversationId, 'there is a draft after all', isLive, 30_000);
    expect(draft?.body?.isCutOff).toBe(false);
    expect(asked(model)).toHaveLength(2);
    const open = ana.look((db) => db.prepare('SELECT count(*) FROM ai_call WHERE record IS NOT NULL').pluck().get());
    expect(open, 'nothing is left under way').toBe(0);
    const outcomes = ana.look((db) => db.prepare('SELECT outcome FROM ai_run ORDER BY at').pluck().all());
    expect(outcomes).toEqual(['superseded', 'ok']);
  });
});

it('rewrites and summaries stream, and can be traced', async () => {
  const { model, ana, conversationId } = await begin({ replies: [{ match: 'solo el texto nuevo|Reescrib|reescrib', text: 'Con gusto, le atendemos.' }] });
  const events: unknown[] = [];
  for await (const event of await ana.client.ai.rewrite({ conversationId, draftId: null, text: 'Le atendemos.', rewrite: 'friendlier' })) events.push(event);
  expect(events.at(-1)).toMatchObject({ state: 'done' });
  expect(asked(model).at(-1), 'of the customer nothing leaves but the text').not.toContain(CUSTOMER.name);
  model.set({ reset: true, replies: [{ match: '', text: 'La persona pregunta por el sábado. [F1]' }] });
  expect(await ana.client.ai.summarize({ conversationId })).toMatchObject({ status: 'ok', text: 'La persona pregunta por el sábado.' });
  const { summary } = await untilAi(ana.client, conversationId, 'it is shared', (view) => view.summary !== null);
  expect(summary).toMatchObject({ isBehind: false, sentences: [{ factIds: ['F1'] }] });

  // What comes while one is made, it does not tell of.
  model.set({ pieceMs: 200, pieceLength: 5 });
  const made = ana.client.ai.summarize({ conversationId });
  const before = asked(model).length;
  await waitUntil('it is being made', () => asked(model).length > before);
  customerWrites(team, 'Y otra cosa');
  expect(await made).toMatchObject({ status: 'ok' });
  const behind = await untilAi(ana.client, conversationId, 'the newer one is there', (view) => view.summary !== null && view.summary.at !== summary?.at);
  expect(behind.summary).toMatchObject({ isBehind: true, throughMessageId: summary?.throughMessageId });
});
