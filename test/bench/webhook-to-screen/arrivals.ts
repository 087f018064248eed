/** Texts by which an arrival is recognised, and who waits for one. */
export type Arrivals = {
  /** What all texts look like. */
  pattern: string;
  /** A text that never came before. */
  next(): string;
  /** Resolves with when it was noted. */
  wait(text: string): Promise<number>;
  /** @param at milliseconds, by this process's `performance.now()`. Texts that nobody waits for are ignored. */
  note(text: string, at: number): void;
};

const WITHIN_MS = 10_000;

/** @param name letters that no other kind of arrival has. */
export function createArrivals(name: string): Arrivals {
  const waiting = new Map<string, (at: number) => void>();
  let made = 0;
  return {
    // With a full stop, because in the page's text the next thing may be a number too.
    pattern: `llegada-${name}-\\d+\\.`,
    next: () => `llegada-${name}-${(made += 1)}.`,
    wait: (text) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${text} did not arrive within ${WITHIN_MS} ms`)), WITHIN_MS);
        waiting.set(text, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      }),
    note: (text, at) => {
      waiting.get(text)?.(at);
      waiting.delete(text);
    },
  };
}
