import { useEffect, useState } from 'react';

/** How often it is looked at, so that no second is skipped. */
const TICK_MS = 250;

/** `seconds`: left until a passphrase is looked at again; 0: now. `whole`: how many there were; 0: there was no wait. */
export type Wait = { seconds: number; whole: number; begin(waitMs: number): void };

type Span = { now: number; until: number; whole: number };
const spanOf = (waitMs: number): Span => {
  const now = performance.now();
  return { now, until: now + waitMs, whole: Math.ceil(waitMs / 1000) };
};

/** Counts the seconds after too many wrong passphrases. @param firstMs those that are left when this is first shown. */
export function useWait(firstMs: number): Wait {
  const [{ now, until, whole }, setSpan] = useState(() => spanOf(firstMs));
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const isOver = seconds === 0;
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setSpan((span) => ({ ...span, now: performance.now() })), TICK_MS);
    return () => clearInterval(timer);
  }, [isOver]);
  return { seconds, whole, begin: (waitMs) => setSpan(spanOf(waitMs)) };
}
