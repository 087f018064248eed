import fc from 'fast-check';
import { expect, it } from 'vitest';
import { costMicros, reserveMicros } from '../../../../../main/engine/ai/provider/cost.ts';
import { readChatEvent } from '../../../../../main/engine/ai/provider/openai-chat.ts';
import { learnTokenFactor } from '../../../../../main/engine/ai/provider/token-factor.ts';

const prices = { input: 2.5, cached: 0.25, output: 10 };

it('counts cached input once, at its own price', () => {
  // 1,000 × 2.5 + 500 × 0.25 + 200 × 10
  expect(costMicros({ input: 1_500, cached: 500, output: 200 }, prices)).toBe(4_625);
  expect(costMicros({ input: 10, cached: 99, output: 0 }, prices)).toBe(3); // 10 × 0.25, rounded up
  expect(reserveMicros(6_000, 350, prices)).toBe(18_500);
});

it('is exact where floating point is not, and null without a price', () => {
  expect(costMicros({ input: 3, cached: 0, output: 0 }, { input: 0.1, cached: 0, output: 0 })).toBe(1);
  expect(costMicros({ input: 30, cached: 0, output: 0 }, { input: 0.1, cached: 0, output: 0 })).toBe(3);
  expect(costMicros({ input: 1_000_000_000, cached: 0, output: 1 }, { input: 9_999.999999, cached: 0, output: 0.000001 })).toBe(9_999_999_999_001);
  expect(costMicros({ input: 1, cached: 0, output: 1 }, null)).toBeNull();
});

it('a reservation is never less than what is settled', () => {
  const count = fc.integer({ min: 0, max: 500_000 });
  const price = fc.integer({ min: 0, max: 100_000_000 }).map((millionths) => millionths / 1_000_000);
  fc.assert(
    fc.property(count, count, count, count, price, price, fc.double({ min: 0, max: 1, noNaN: true }), (input, cached, output, more, priceIn, priceOut, share) => {
      const of = { input: priceIn, cached: priceIn * share, output: priceOut };
      expect(reserveMicros(input, output + more, of)).toBeGreaterThanOrEqual(costMicros({ input, cached: Math.min(cached, input), output }, of) ?? 0);
    }),
    { seed: 6 },
  );
});

it('the estimate of tokens comes near what the server counts, and one odd report does not spoil it', () => {
  let factor = 1;
  for (let report = 0; report < 20; report++) factor = learnTokenFactor(factor, 800, 1_000);
  expect(factor).toBeCloseTo(0.8, 2);
  expect(learnTokenFactor(factor, 1_000_000, 1_000)).toBeLessThan(1.2);
  expect(learnTokenFactor(factor, 50, 10)).toBe(factor);
  expect(learnTokenFactor(factor, 0, 1_000)).toBe(factor);
});

it('a count that no call can have is not taken', () => {
  const told = (tokens: number) => readChatEvent({ choices: [], usage: { prompt_tokens: tokens, completion_tokens: 1 } })?.map(({ kind }) => kind);
  expect(told(9_000)).toContain('usage');
  expect(told(Number.MAX_SAFE_INTEGER)).not.toContain('usage');
});
