/** I11: wall clocks decide nothing. The same history with other clocks ends with the same rows but for the times that are only shown. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { historyArb, runHistory, type History, type Step } from './history.ts';
import { judgeTeam } from './invariants.ts';

const SEEDS = [1, 2];
const RUNS_PER_SEED = 30;
/** Between these the clocks jump. */
const CENTURY = { min: 0, max: Date.UTC(2100, 0, 1) };

/** Columns that carry the author's clock, for display. */
const SHOWN_TIMES = /"(?:occurred_at|created_at|updated_at|edited_at|at)":\d+,?/g;

/** Rows without the times that are only shown. Of messages of ours that is when their author pressed send. */
const withoutShownTimes = (rows: string[]): string[] => rows.map((row) => (row.includes('"direction":"out"') ? row.replace(/"sent_at":-?\d+/, '') : row).replace(SHOWN_TIMES, ''));

const LEFT_OUT: ReadonlySet<Step['do']> = new Set(['outbox', 'clock', 'auto']);
/** Until the log has answered, a desktop shows a claim as its own clock has it run out, and what these steps take up next follows from what is shown. */
const withoutClaims = (step: Step): Step => (step.do === 'ops' ? { ...step, ops: step.ops.filter(({ kind }) => kind !== 'ai.auto') } : step);

async function runWithClocks(history: History, clocks: number[]): Promise<{ rows: string[]; jumps: number }> {
  let n = 0;
  // What is sent to Meta depends on the service window, which is measured in the relay's time: here nothing is sent.
  const steps: Step[] = [];
  for (const step of history.steps.map(withoutClaims).filter(({ do: what }) => !LEFT_OUT.has(what))) {
    const at = clocks[n % clocks.length];
    n += 1;
    if (step.do === 'ops' && at !== undefined) steps.push({ do: 'clock', desktop: step.desktop, at });
    steps.push(step);
  }
  let result = { rows: [] as string[], jumps: 0 };
  await runHistory(
    { ...history, steps, lastFaults: [] },
    {
      onLook: () => Promise.resolve(),
      judge: (world, log) => {
        result = { rows: withoutShownTimes(judgeTeam(world, log).rows), jumps: world.counts.clockJumps };
      },
    },
  );
  return result;
}

it.each(SEEDS)('clocks between 1970 and 2100 that jump change nothing but the times shown (seed %i)', { timeout: 120_000 }, async (seed) => {
  let jumps = 0;
  await fc.assert(
    fc.asyncProperty(historyArb, fc.array(fc.integer(CENTURY), { minLength: 1, maxLength: 5 }), async (history, clocks) => {
      const right = await runWithClocks(history, []);
      const wrong = await runWithClocks(history, clocks);
      jumps += wrong.jumps;
      expect(right.jumps).toBe(0);
      expect(wrong.rows, 'I11: clocks decide nothing').toEqual(right.rows);
    }),
    { seed, numRuns: RUNS_PER_SEED },
  );
  expect(jumps).toBeGreaterThan(0);
});
