/** How much there is in a store that is measured. */
import type { LogSize } from './support-log.ts';

export const FULL_SIZE: LogSize = { messages: 100_000, conversations: 5_000, biggest: 5_000 };
export const MILLION_SIZE: LogSize = { messages: 1_000_000, conversations: 50_000, biggest: 20_000 };
export const TEN_THOUSAND_SIZE: LogSize = { messages: 10_000, conversations: 500, biggest: 500 };
export const FIVE_MILLION_SIZE: LogSize = { messages: 5_000_000, conversations: 250_000, biggest: 20_000 };
export const QUICK_SIZE: LogSize = { messages: 2_000, conversations: 200, biggest: 100 };

/** Those to choose from, smallest first. */
export const SIZES: readonly LogSize[] = [TEN_THOUSAND_SIZE, FULL_SIZE, MILLION_SIZE, FIVE_MILLION_SIZE];

/** @param messages one of `SIZES`; null: as usual. */
export const chooseSize = (messages: number | null, usual: LogSize): LogSize => SIZES.find((size) => size.messages === messages) ?? usual;
