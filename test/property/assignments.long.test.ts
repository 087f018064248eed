/** I13: of several assignments of one conversation that were made offline from the same state, exactly one target applies, and everybody who chose another one is told. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { ActivityRow, Outcome } from '../../contract/state.ts';
import { settle } from './history.ts';
import { judgeTeam } from './invariants.ts';
import { createWorld } from './world.ts';

const SEEDS = [1, 2];
const RUNS_PER_SEED = 100;
const totals: Record<string, number> = {};

const caseArb = fc.record({
  /** Who has it when everybody goes offline: null, or the agent of a desktop. */
  holder: fc.option(fc.nat({ max: 4 })),
  /** What each desktop's lead chooses: an agent, or nobody. */
  choices: fc.array(fc.option(fc.nat({ max: 4 })), { minLength: 2, maxLength: 5 }),
  /** In which order they come back, and whether each hears of the others before the next comes. */
  order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  hearsAtOnce: fc.boolean(),
});

it.each(SEEDS)('exactly one of several offline assignments applies (seed %i)', { timeout: 120_000 }, async (seed) => {
  await fc.assert(
    fc.asyncProperty(caseArb, async ({ holder, choices, order, hearsAtOnce }) => {
      const agents = choices.map((_, n) => n);
      const toAgent = (n: number | null): string | null => (n === null ? null : `agent-${n % agents.length}`);
      const from = toAgent(holder);
      const world = await createWorld({ agents, roles: agents.map((n) => (n === 0 ? 'admin' : 'lead')) });
      try {
        await world.customerWrites(0, 1);
        const [first] = world.desktops;
        if (!first) throw new Error('no desktop');
        await world.pull(first, 100, 0);
        const conversationId = first.db.prepare('SELECT id FROM conversation').pluck().get() as string;
        if (from !== null) world.act(first, { type: 'conversation.assign', args: { conversationId, from: null, to: from } });
        await settle(world);

        const targets = new Map<string, string | null>();
        for (const [n, desktop] of world.desktops.entries()) {
          const to = toAgent(choices[n] ?? null);
          // To leave it where it is needs no op.
          if (to === from) continue;
          world.act(desktop, { type: 'conversation.assign', args: { conversationId, from, to } });
          targets.set(desktop.opIds.at(-1) ?? '', to);
        }
        for (const desktop of world.desktops.toSorted((a, b) => (order[world.desktops.indexOf(a)] ?? 0) - (order[world.desktops.indexOf(b)] ?? 0))) {
          await world.push(desktop, 100);
          if (hearsAtOnce) await world.pull(desktop, 100, 0);
        }
        judgeTeam(world, await settle(world));

        const assignee = first.db.prepare('SELECT assignee_id FROM conversation').pluck().get() as string | null;
        const outcomes = [...targets].map(([opId, to]) => ({ to, outcome: (first.db.prepare('SELECT * FROM activity WHERE op_id = ?').get(opId) as ActivityRow).outcome }));
        const applied = outcomes.filter(({ outcome }) => outcome === 'applied');
        expect(applied, 'I13: exactly one applies').toHaveLength(targets.size > 0 ? 1 : 0);
        for (const { to, outcome } of outcomes) {
          totals[outcome] = (totals[outcome] ?? 0) + 1;
          const expected: Outcome[] = to === assignee ? ['applied', 'merged'] : ['superseded'];
          expect(expected, `I13: the one who chose ${to ?? 'nobody'} while it went to ${assignee ?? 'nobody'}`).toContain(outcome);
        }
      } finally {
        await world.close();
      }
    }),
    { seed, numRuns: RUNS_PER_SEED },
  );
});

afterAll(() => {
  console.log(`assignments: ${JSON.stringify(totals)}`);
  for (const outcome of ['applied', 'merged', 'superseded']) expect(totals[outcome], `the cases must contain ${outcome}`).toBeGreaterThan(0);
});
