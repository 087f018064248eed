/** A report is the same on every desktop of the team, however it came to its rows. */
import { expect, it } from 'vitest';
import { waitForRest } from '../../chaos/at-rest.ts';
import { addDesk } from '../../support/desk.ts';
import { startTeam } from '../../support/team.ts';

it('two engines count the same after sync, one of them joined when all was over', { timeout: 60_000 }, async () => {
  const team = await startTeam();
  try {
    const ana = await addDesk(team, { name: 'Ana', role: 'admin' });
    for (const n of [1, 2]) team.meta.customerWrites({ from: `5025555000${n}`, name: `Cliente ${n}`, text: 'hola' });
    await waitForRest(team, [ana], 20_000);
    const [first] = (await ana.client().conversations.list({})).items;
    const conversationId = first?.id ?? '';
    await ana.client().messages.sendText({ conversationId, text: 'Buenos días' });
    await waitForRest(team, [ana], 20_000);
    await ana.client().conversations.setStatus({ conversationId, from: 'active', to: 'archived', seenThrough: 1_000_000 });
    await waitForRest(team, [ana], 20_000);
    const bo = await addDesk(team, { name: 'Bo', role: 'lead' });
    await waitForRest(team, [ana, bo], 20_000);
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const ask = async (desk: typeof ana) => {
      const { current } = await desk.client().reports.get({ from: day(-2), to: day(2) });
      return { ...current, agents: current.agents.map((row) => ({ ...row, agent: row.agent?.id ?? null })) };
    };
    const report = await ask(ana);
    expect(report).toMatchObject({ conversations: { opened: 2, resolved: 1 }, messages: { in: 2, out: 1 }, firstResponse: { count: 1 } });
    expect(await ask(bo)).toEqual(report);
  } finally {
    await team.stop();
  }
});
