/** Lengths of time and what is said of them. */
import type { Spans } from '../../../contract/reports.ts';

/** Grows by itself; what is added is a number of ms. */
export type Lengths = { add(ms: number): void; readonly count: number; /** Reorders them. */ take(): Float64Array };

export function createLengths(): Lengths {
  let values = new Float64Array(16);
  let count = 0;
  return {
    add: (ms) => {
      if (count === values.length) {
        const grown = new Float64Array(count * 4);
        grown.set(values);
        values = grown;
      }
      values[count] = ms;
      count += 1;
    },
    get count() {
      return count;
    },
    take: () => values.subarray(0, count),
  };
}

/** The smallest that at least `share` of them do not pass (nearest rank); null: there are none. */
export function percentile(lengths: Lengths, share: number): number | null {
  return lengths.count === 0 ? null : select(lengths.take(), Math.max(0, Math.ceil(lengths.count * share) - 1));
}

export function spansOf(open: Lengths, wall: Lengths): Spans {
  const { count } = open;
  if (count === 0) return { count, median: null, p90: null, mean: null, wallMedian: null };
  let sum = 0;
  for (const ms of open.take()) sum += ms;
  return { count, median: percentile(open, 0.5), p90: percentile(open, 0.9), mean: Math.round(sum / count), wallMedian: percentile(wall, 0.5) };
}

/** What stands at `place` when they are in order: Hoare's selection, which orders no more than it needs to. */
function select(values: Float64Array, place: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] as number) < pivot) left += 1;
      while ((values[right] as number) > pivot) right -= 1;
      if (left > right) break;
      const held = values[left] as number;
      values[left] = values[right] as number;
      values[right] = held;
      left += 1;
      right -= 1;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place] as number;
}
