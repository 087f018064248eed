/** Drafts from the customer's message to the answer: desktops, relay, Meta's stand-in and a model's server over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asked, conversationOf, customerWrites, isLive, isReady, startModel, untilAi, useModel } from '../../support/ai-team.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

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
    expect(run).toMatchObject({ isIntact: true, draftId: draft!.draftId, message: { id: message.id }, run: { outcome: 'ok', purpose: 'reply', usage: { isEstimate: false } } });
    expect(JSON.parse(run.sent!), 'the journal has what left, word for word').toEqual(JSON.parse(asked(model)[0]!));
    await waitUntil('Meta has it', () => JSON.stringify(team.meta.journal()).includes('con gusto le ayudo'));
  });
});
