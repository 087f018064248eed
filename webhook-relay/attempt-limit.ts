/** Counts attempts by key (an address, a device) in windows that start with the first one. */
const KEYS_MAX = 10_000;

export type AttemptLimit = {
  /** False if the key has used up its window; the attempt counts all the same. */
  take: (key: string) => boolean;
};

export function createAttemptLimit({ max, windowMs, now }: { max: number; windowMs: number; now: () => number }): AttemptLimit {
  const windows = new Map<string, { endsAt: number; count: number }>();
  return {
    take: (key) => {
      const found = windows.get(key);
      const current = found && found.endsAt > now() ? found : { endsAt: now() + windowMs, count: 0 };
      current.count += 1;
      if (windows.size >= KEYS_MAX) windows.clear();
      windows.set(key, current);
      return current.count <= max;
    },
  };
}
