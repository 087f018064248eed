/** A few of the wrong inputs of `npm run fuzz`, for everything that reads what comes from outside. */
import { expect, it } from 'vitest';
import { PARSER_TARGETS } from '../fuzz/parser-targets.ts';
import { PROGRAM_TARGETS } from '../fuzz/program-targets.ts';
import { SEALED_PROGRAM_TARGETS } from '../fuzz/sealed-program-targets.ts';
import { SEALED_TARGETS } from '../fuzz/sealed-targets.ts';
import { runTarget } from '../fuzz/run-target.ts';

const TARGETS = [...PARSER_TARGETS, ...SEALED_TARGETS, ...PROGRAM_TARGETS, ...SEALED_PROGRAM_TARGETS];
const SEED = 20_261_123;

for (const target of TARGETS)
  it(`${target.name}: ${target.by} takes or refuses it, and goes on (seed ${SEED})`, { timeout: 60_000 }, async () => {
    const { faults, inputs } = await runTarget(target, { seed: SEED, inputs: target.few });
    expect(faults).toEqual([]);
    expect(inputs).toBe(target.few);
  });
