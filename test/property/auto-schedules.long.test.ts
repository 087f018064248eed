import { expect, it } from 'vitest';
import { createEngineExecutor } from './auto-executor.ts';
import { createModelExecutor, createScheduleRunner, NO_SCHEDULE_COUNTS, type AutoExecutor, type ScheduleCounts } from './auto-schedules.ts';

/** `npm run test:long` runs them all. */
const SCHEDULES = Number(process.env['PROPERTY_SCALE'] ?? '1') > 1 ? 10_000 : 300;

it.each([
  ['the least that an executor does', createModelExecutor, SCHEDULES === 300 ? 50 : SCHEDULES],
  ["the engine's", createEngineExecutor, SCHEDULES],
] as const)(`automatic answers by %s: no schedule sends two, or forgets a message (seeds 1 to ${SCHEDULES})`, { timeout: 1_800_000 }, (_, makeExecutor, schedules) => {
  const runner = createScheduleRunner(makeExecutor);
  const totals: ScheduleCounts = { ...NO_SCHEDULE_COUNTS };
  for (let seed = 1; seed <= schedules; seed += 1) {
    for (const [name, count] of Object.entries(runner.run(seed))) totals[name as keyof ScheduleCounts] += count;
  }
  runner.close();
  console.log(`schedules: ${JSON.stringify(totals)}`);
  for (const [name, count] of Object.entries(totals).filter(([name]) => name !== 'switchedBack' || makeExecutor === createEngineExecutor))
    expect(count, `the schedules must contain ${name}`).toBeGreaterThan(0);
});

/** An executor with one of its ways broken. */
const broken = (change: (executor: AutoExecutor) => AutoExecutor) => (): AutoExecutor => change(createModelExecutor());
const findFailure = (makeExecutor: () => AutoExecutor): string | null => {
  const runner = createScheduleRunner(makeExecutor);
  try {
    for (let seed = 1; seed <= 40; seed += 1) runner.run(seed);
    return null;
  } catch (error) {
    return String(error);
  } finally {
    runner.close();
  }
};

it('a desktop that hands nothing to people is noticed', () => {
  const silent = broken(({ next }) => ({
    next: (view) => {
      const step = next(view);
      return step.do === 'op' && step.op.type === 'ai.handoff' ? { do: 'nothing' } : step;
    },
  }));
  expect(findFailure(silent)).toMatch(/nothing became of/);
});

it('a desktop that takes itself to hold every claim gets nothing sent by that: the log refuses it', () => {
  const greedy = broken(({ next }) => ({
    next: (view) => {
      const step = next(view);
      // As if nobody else were there, and as if nothing had to be waited for.
      const counting = view.state.list('draft_by_auto_state', ['counting'])[0];
      if (step.do !== 'nothing' || !counting || view.hasPending) return step;
      return {
        do: 'op',
        op: {
          type: 'draft.approve',
          args: { draftId: counting.id, messageId: view.newId(), content: { kind: 'text', text: 'Abrimos de 8 a 17.' }, seenThrough: view.cursor, fence: counting.auto_fence ?? 0 },
        },
      };
    },
  }));
  expect(findFailure(greedy) ?? '').not.toMatch(/two automatic answers|sent twice/);
});
