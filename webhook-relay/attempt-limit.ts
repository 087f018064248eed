/** Counts attempts by key (an address, a device) in windows that start with the first one. */
const KEYS_MAX = 10_000;

export type AttemptLimit = {
  /** False if the key has used up its window; the attempt counts all the same. */
  take: (key: string) => boolean;
  /** Until the key's window ends, for `Retry-After`. */
  secondsLeft: (key: string) => number;
};

export function createAttemptLimit({ max, windowMs, now }: { max: number; windowMs: number; now: () => number }): AttemptLimit {
  /** In the order in which they began, so that the oldest goes first: whoever knocks from many addresses makes no other window begin anew. */
  const windows = new Map<string, { endsAt: number; count: number }>();
  return {
    take: (key) => {
      const found = windows.get(key);
      if (found && found.endsAt > now()) {
        found.count += 1;
        return found.count <= max;
      }
      windows.delete(key);
      if (windows.size >= KEYS_MAX) windows.delete(windows.keys().next().value ?? '');
      windows.set(key, { endsAt: now() + windowMs, count: 1 });
      return max >= 1;
    },
    secondsLeft: (key) => Math.max(1, Math.ceil(((windows.get(key)?.endsAt ?? 0) - now()) / 1000)),
  };
}
