/** Runs many random histories of a team against every invariant. Each test file takes some of the seeds, so that they run side by side. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Outcome } from '../../contract/state.ts';
import { SEEN } from './fold.ts';
import { historyArb, runHistory } from './history.ts';
import { judgeDesktop, judgePages, judgeTeam } from './invariants.ts';
import { NO_COUNTS } from './world.ts';

/** Multiplies the number of histories: `npm run test:long` runs forty times as many, those of a normal run among them. */
const SCALE = Number(process.env['PROPERTY_SCALE'] ?? '1');
const RUNS_PER_SEED = 50;

/** @param seeds of a normal run; a longer one goes on from them. @param found histories that have failed once, by seed and path: tests for ever. */
export function checkHistories(seeds: number[], found: { seed: number; path: string }[] = []): void {
  const totals: Record<string, number> = { histories: 0, ops: 0, looks: 0, ...NO_COUNTS };
  const add = (counts: Record<string, number>): void => {
    for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
  };

  const property = fc.asyncProperty(historyArb, (history) =>
    runHistory(history, {
      onLook: async (world, desktop) => {
        add({ looks: 1 });
        await judgeDesktop(world, desktop);
      },
      judge: (world, log) => {
        const { rows, outcomes, seen } = judgeTeam(world, log);
        if (history.pages.length > 0) judgePages(log, history.pages, rows);
        add({ histories: 1, ops: log.filter((entry) => entry.kind === 'op').length, ...world.counts });
        add(outcomes);
        add(seen);
      },
    }),
  );

  const all = seeds.flatMap((seed) => Array.from({ length: SCALE }, (_, n) => seed + n * 1_000));
  it.each(all)('a team converges, loses nothing, sends nothing twice and keeps its rules (seed %i)', { timeout: 600_000 }, async (seed) => {
    await fc.assert(property, { seed, numRuns: RUNS_PER_SEED });
  });
  for (const { seed, path } of found) {
    it(`what failed once holds (seed ${seed}, path ${path})`, { timeout: 60_000 }, async () => {
      await fc.assert(property, { seed, path, numRuns: 1 });
    });
  }

  afterAll(() => {
    console.log(`histories: ${JSON.stringify(totals)}`);
    const needed: (Outcome | keyof typeof NO_COUNTS | (typeof SEEN)[number] | 'histories' | 'ops' | 'looks')[] = [
      ...SEEN,
      ...(['histories', 'ops', 'looks', 'applied', 'merged', 'partial', 'superseded', 'held', 'duplicate', 'target_missing', 'forbidden'] as const),
      ...(Object.keys(NO_COUNTS) as (keyof typeof NO_COUNTS)[]),
    ];
    for (const name of needed) expect(totals[name], `the histories must contain ${name}`).toBeGreaterThan(0);
  });
}
