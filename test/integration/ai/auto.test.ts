import { afterEach, describe, expect, it } from 'vitest';
import { conversationOf, customerWrites, untilAi } from '../../support/ai-team.ts';
import { ANSWER, QUESTION, startAutoTeam, type AutoTeam } from '../../support/auto-team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let auto: AutoTeam;
afterEach(() => auto.team.stop());

describe('an automatic answer', () => {
  it('leaves once', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    customerWrites(team, QUESTION);
    const id = await conversationOf(ana.client);
    const view = await untilAi(ana.client, id, 'x', ({ draft, handoff }) => draft !== null || handoff !== null);
    const run = await ana.client.ai.run({ runId: view.draft!.runId });
    console.log(JSON.stringify(view, null, 1), JSON.stringify(run.run.policy), run.run.intent);
    await auto.pass(21_000);
    await waitUntil('sent', () => auto.sent().length === 1);
    console.log(auto.sent());
    expect(auto.sent()[0]).toContain(ANSWER);
  });
});
