/** How many messages one person takes from one number before Meta says 131056 (Cloud API, "Pair rate limits"). */
import type { Faults } from './faults.ts';

export type PairLimit = {
  /** False: one too many. A message that is refused does not count. */
  take(person: string, limit: Faults['pairLimit']): boolean;
};

export function createPairLimit(now: () => number): PairLimit {
  const times = new Map<string, number[]>();
  return {
    take: (person, limit) => {
      if (limit === null) return true;
      const recent = (times.get(person) ?? []).filter((at) => now() - at < limit.withinMs);
      if (recent.length >= limit.messages) return false;
      times.set(person, [...recent, now()]);
      return true;
    },
  };
}
