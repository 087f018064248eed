/**
 * The sender's own pace, so that Meta need not refuse: one number sends so many a second, one person gets so many at once and then
 * one per pause (Cloud API, "Throughput" and "Pair rate limits"). Kept in memory by each desktop for itself: a restart begins
 * with a full budget, and what several desktops exceed together Meta refuses, which is waited for (docs/decisions/0015).
 */
import { NUMBER_MESSAGES_PER_SECOND, PAIR_BURST, PAIR_PAUSE_MS } from '../../../contract/limits.ts';

/** How many may go at once before the pause counts. */
type Budget = { burst: number; pauseMs: number };
export type PaceLimits = { number: Budget; person: Budget };

export const META_PACE: PaceLimits = {
  number: { burst: NUMBER_MESSAGES_PER_SECOND / 10, pauseMs: 1_000 / NUMBER_MESSAGES_PER_SECOND },
  person: { burst: PAIR_BURST, pauseMs: PAIR_PAUSE_MS },
};

export type SendPace = {
  /** Ms until the next message from this number to this person may leave. 0: now, and it counts as sent. */
  take(phoneNumberId: string, personId: string): number;
  /** Meta says that this person got too many: what was left of their budget is gone. */
  empty(phoneNumberId: string, personId: string): void;
};

/** People whose budget is not full; those whose is are forgotten when there are more. */
const REMEMBERED = 5_000;

/** @param now ms; may be set back. */
export function createSendPace(now: () => number, limits: PaceLimits = META_PACE): SendPace {
  // When the budget would be full again, by number and by number and person.
  const fullAt = new Map<string, number>();

  const read = (key: string, { burst, pauseMs }: Budget): { at: number; waitMs: number } => {
    const empty = now() + burst * pauseMs;
    // After the clock was set back nobody waits longer than an empty budget takes.
    if ((fullAt.get(key) ?? 0) > empty) fullAt.set(key, empty);
    const at = Math.max(fullAt.get(key) ?? 0, now());
    return { at, waitMs: Math.max(0, Math.ceil(at - now() - (burst - 1) * pauseMs)) };
  };
  const forgetFull = (): void => {
    if (fullAt.size <= REMEMBERED) return;
    for (const [key, at] of fullAt) if (at <= now()) fullAt.delete(key);
  };

  return {
    take: (phoneNumberId, personId) => {
      const pair = `${phoneNumberId} ${personId}`;
      const [number, person] = [read(phoneNumberId, limits.number), read(pair, limits.person)];
      const waitMs = Math.max(number.waitMs, person.waitMs);
      if (waitMs > 0) return waitMs;
      fullAt.set(phoneNumberId, number.at + limits.number.pauseMs);
      fullAt.set(pair, person.at + limits.person.pauseMs);
      forgetFull();
      return 0;
    },
    empty: (phoneNumberId, personId) => void fullAt.set(`${phoneNumberId} ${personId}`, now() + limits.person.burst * limits.person.pauseMs),
  };
}
