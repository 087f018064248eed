/** What a call costs, in millionths of a US dollar: a price per million tokens is that many micro dollars a token. */
import type { ProviderSettings, Usage } from '../../../../contract/ai/ai-entities.ts';

type Prices = NonNullable<ProviderSettings['prices']>;

/** Prices are exact to this: a millionth of a dollar per million tokens. */
const PRICE_SCALE = 1_000_000;
const scaled = (price: number): bigint => BigInt(Math.round(price * PRICE_SCALE));

/**
 * Exact, then rounded up, so that a sum never says less than was spent. Cached tokens are part of the input and cost their own price;
 * reasoning is part of the output. @returns null where the price is not known.
 */
export function costMicros(usage: Pick<Usage, 'input' | 'cached' | 'output'>, prices: Prices | null): number | null {
  if (prices === null) return null;
  const cached = Math.min(usage.cached, usage.input);
  const total = BigInt(usage.input - cached) * scaled(prices.input) + BigInt(cached) * scaled(prices.cached) + BigInt(usage.output) * scaled(prices.output);
  const scale = BigInt(PRICE_SCALE);
  return Number((total + scale - 1n) / scale);
}

/** What a call may cost at most, to reserve before it: nothing cached, everything written. */
export const reserveMicros = (inputTokens: number, maxOutputTokens: number, prices: Prices | null): number | null => costMicros({ input: inputTokens, cached: 0, output: maxOutputTokens }, prices);
