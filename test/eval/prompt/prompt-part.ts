/** What prompts are worth: nothing leaves its quotes, personal data is hidden and comes back, and all of it takes no time. A part of the evaluation. */
import { percent, type EvalFigure, type EvalPart } from '../part.ts';
import { runAssembly } from './assembly.ts';
import { runContainment } from './containment.ts';
import { runMasking } from './masking.ts';

const SAMPLES = 20_000;
const RUNS = 200;

export const PROMPT: EvalPart = {
  summary: 'hostile texts stay quotes, personal data is masked, prompts are put together in milliseconds',
  measure: async () => {
    const { prompts, leaks } = runContainment();
    const { maskedShare, inexact } = runMasking(SAMPLES, 1);
    const { messages, p50Ms, p95Ms } = runAssembly(RUNS);
    return [
      { name: 'hostile texts that left their quotes', value: percent(leaks.length, prompts), unit: '%', bar: { atMost: 0 }, cases: prompts },
      ...Object.entries(maskedShare).map(([kind, share]): EvalFigure => ({ name: `masked: ${kind}`, value: 100 * share, unit: '%', bar: { atLeast: 99 }, cases: SAMPLES / 5 })),
      { name: 'not given back exactly', value: inexact, unit: '', bar: { atMost: 0 }, cases: SAMPLES },
      { name: `putting together with ${messages} messages, p50`, value: p50Ms, unit: 'ms', bar: null, cases: 2 * RUNS },
      { name: `putting together with ${messages} messages, p95`, value: p95Ms, unit: 'ms', bar: { atMost: 50 }, cases: 2 * RUNS },
    ];
  },
};
