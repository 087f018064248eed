/**
 * Whether the ledger says what was spent: over answers that came whole, were cancelled, cut, overtaken or refused, beside the server's own count.
 * A server tells its count at the end only, so what was broken off is estimated. A part of the evaluation.
 */
import { z } from 'zod';
import { usageSchema } from '../../../contract/ai/ai-entities.ts';
import type { ModelFault } from '../../../main/demo/model/faults.ts';
import { costMicros, reserveMicros } from '../../../main/engine/ai/provider/cost.ts';
import { changeSettings, customerWrites, untilAi } from '../../support/ai-team.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { percent, type EvalPart } from '../part.ts';
import { begin, LONG_ANSWER, type Begun } from './begin.ts';

const PRICES = { input: 2.5, cached: 0.25, output: 10 };
/** Null: nothing goes wrong. Each failure is followed by a good answer, so that the desktop does not stop asking. */
const STEPS: readonly (ModelFault | 'cancelled' | 'overtaken' | null)[] = [
  null,
  'cancelled',
  'cut',
  null,
  'no_usage',
  'no_finish',
  null,
  'length',
  'cancelled',
  'error_event',
  null,
  'server_error',
  'rate_limited',
  null,
  'overtaken',
  'server_error_once',
  'whole',
];

export const COST: EvalPart = {
  summary: 'the ledger says what the server counts, also where answers are broken off, and a cap holds',
  measure: async () => {
    const begun = await begin({ pieceLength: 12, replies: [{ match: '', text: LONG_ANSWER }] });
    try {
      const { client, calls } = begun;
      await changeSettings(client, (before) => ({ ...before, provider: { ...before.provider, prices: PRICES } }));
      for (const step of STEPS) await run(begun, step);
      const runs = readRuns(begun);
      const made = calls();
      const told = made.filter(({ isCountTold }) => isCountTold);
      // What the server refused or never began is on no bill.
      const untold = made.filter(({ isCountTold, counted }) => !isCountTold && counted.input > 0);
      const sum = (some: readonly { counted: { input: number; output: number } }[]): number => some.reduce((total, { counted }) => total + price(counted), 0);
      const recorded = (isEstimate: boolean): number => runs.filter(({ usage }) => usage?.isEstimate === isEstimate).reduce((total, { cost }) => total + cost, 0);
      const all = runs.reduce((total, { cost }) => total + cost, 0);
      const { spent } = await client.ai.state();
      const { beyondMicros, reservation, refused } = await fillCap(begun, spent.desktopToday);
      return [
        { name: 'ledger beside what the server counted, µ$', value: Math.abs(recorded(false) - sum(told)), unit: '', bar: { atMost: 0 }, cases: told.length },
        { name: 'shown as spent beside all records, µ$', value: Math.abs(spent.desktopToday - all), unit: '', bar: { atMost: 0 }, cases: runs.length },
        { name: 'broken off: estimate beside the server’s count', value: percent(Math.abs(recorded(true) - sum(untold)), sum(untold)), unit: '%', bar: null, cases: untold.length },
        { name: 'all of it beside the server’s count', value: percent(Math.abs(all - sum(made)), sum(made)), unit: '%', bar: { atMost: 5 }, cases: made.length },
        { name: 'spent beyond a cap, reservations', value: beyondMicros / reservation, unit: '', bar: { atMost: 1 }, cases: refused },
      ];
    } finally {
      await begun.stop();
    }
  },
};

const price = (counted: { input: number; output: number }): number => costMicros({ ...counted, cached: 0 }, PRICES) ?? 0;

const runSchema = z.object({ usage: usageSchema.nullable() });
const readRuns = ({ desk }: Begun): { cost: number; usage: z.infer<typeof usageSchema> | null }[] =>
  desk.look((db) =>
    (db.prepare('SELECT cost_micros AS cost, record FROM ai_run').all() as { cost: number; record: string }[]).map(({ cost, record }) => ({ cost, usage: runSchema.parse(JSON.parse(record)).usage })),
  );

/** One draft, to its end and its record. */
async function run(begun: Begun, step: (typeof STEPS)[number]): Promise<void> {
  const { client, model, conversationId, team } = begun;
  const before = readRuns(begun).length;
  const isStopped = step === 'cancelled' || step === 'overtaken';
  model.set({ fault: isStopped ? null : step, pieceMs: isStopped ? 20 : 0 });
  await client.ai.draft({ conversationId });
  if (isStopped) await untilAi(client, conversationId, 'it streams', ({ running }) => running.state === 'streaming' && running.text !== '');
  if (step === 'cancelled') await client.ai.cancel({ conversationId });
  if (step === 'overtaken') {
    customerWrites(team, '¿Y el domingo?');
    await untilAi(client, conversationId, 'it waits for more', ({ running }) => running.state === 'waiting');
    model.set({ pieceMs: 0 });
  }
  const records = step === 'overtaken' ? 2 : 1;
  await waitUntil(`it is recorded: ${step}`, () => readRuns(begun).length >= before + records, 20_000);
  await untilAi(client, conversationId, 'it is over', ({ running }) => running.state === 'idle' || running.state === 'failed');
}

/** Drafts until the day's cap refuses one. */
async function fillCap({ client, model, conversationId, calls, ...begun }: Begun, spent: number): Promise<{ beyondMicros: number; reservation: number; refused: number }> {
  const counted = calls().findLast(({ isCountTold }) => isCountTold)?.counted ?? { input: 0, output: 0 };
  const { settings } = await client.ai.state();
  const reservation = reserveMicros(counted.input, settings.budget.outputTokens, PRICES) ?? Number.NaN;
  const cap = spent + Math.round(2.5 * reservation);
  await changeSettings(client, (before) => ({ ...before, caps: { ...before.caps, desktopDay: cap } }));
  let refused = 0;
  for (let n = 0; n < 20 && refused < 2; n += 1) {
    const before = calls().length;
    await run({ client, model, conversationId, calls, ...begun }, null);
    if (calls().length === before) refused += 1;
  }
  if (refused === 0) throw new Error('the cap refused nothing');
  return { beyondMicros: Math.max(0, (await client.ai.state()).spent.desktopToday - cap), reservation, refused };
}
