/** Medians, percentiles and spreads of samples. */

/** `low`, `high`: smallest and largest of the rounds. */
export type Spread = { median: number; low: number; high: number };

/** @param part 0.5: half of the samples are no larger, 0.99: the value that 1 % of the samples exceed. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
  if (found === undefined) throw new Error('no samples');
  return found;
}

/** Of an even number: between the two in the middle. */
function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (below === undefined || above === undefined) throw new Error('no samples');
  return (below + above) / 2;
}

export const spreadOf = (samples: readonly number[]): Spread => ({ median: median(samples), low: Math.min(...samples), high: Math.max(...samples) });
