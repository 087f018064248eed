/** A token bucket for each key: so many calls at once, and so many a second from then on. Kept in memory. */
export type RateLimit = {
  /** @returns seconds until there is room again; 0: the call may go. A call that is refused costs nothing. */
  take(key: string): number;
};
export type Rate = { burst: number; perSecond: number };

/** @param now ms. */
export function createRateLimit({ burst, perSecond }: Rate, now: () => number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take: (key) => {
      const at = now();
      const bucket = buckets.get(key) ?? { left: burst, at };
      // A clock that goes back fills nothing and empties nothing.
      const left = Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond);
      const mayGo = left >= 1;
      buckets.set(key, { left: mayGo ? left - 1 : left, at });
      return mayGo ? 0 : Math.ceil((1 - left) / perSecond);
    },
  };
}
