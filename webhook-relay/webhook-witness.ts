/**
 * What the relay has seen of its own webhook since it started, for the connection doctor. Counters only: no text, number or secret.
 * In memory on purpose: a stranger can cause refusals, and must not be able to fill a disk with them.
 */
const MINUTE_MS = 60_000;
const ACK_WINDOW_MINUTES = 60;

export type WebhookWitness = {
  noteVerification(wasRight: boolean): void;
  noteRefusal(): void;
  /** @param ackMs from the body's arrival to the commit. */
  noteAccepted(ackMs: number): void;
  read(): {
    startedAt: number;
    verify: { at: number | null; wasRight: boolean | null };
    webhook: { acceptedAt: number | null; refusedAt: number | null; refusals: number };
    /** Of the last hour; null: none. */
    slowestAckMs: number | null;
  };
};

export function createWebhookWitness(now: () => number): WebhookWitness {
  const startedAt = now();
  let verify: { at: number | null; wasRight: boolean | null } = { at: null, wasRight: null };
  let webhook: { acceptedAt: number | null; refusedAt: number | null; refusals: number } = { acceptedAt: null, refusedAt: null, refusals: 0 };
  /** The slowest of each minute, by minute. */
  const slowest = new Map<number, number>();
  const forgetOld = (minute: number): void => {
    for (const known of slowest.keys()) if (known <= minute - ACK_WINDOW_MINUTES) slowest.delete(known);
  };
  return {
    noteVerification: (wasRight) => {
      verify = { at: now(), wasRight };
    },
    noteRefusal: () => {
      webhook = { ...webhook, refusedAt: now(), refusals: webhook.refusals + 1 };
    },
    noteAccepted: (ackMs) => {
      webhook = { ...webhook, acceptedAt: now(), refusals: 0 };
      const minute = Math.floor(now() / MINUTE_MS);
      forgetOld(minute);
      slowest.set(minute, Math.max(slowest.get(minute) ?? 0, Math.round(ackMs)));
    },
    read: () => {
      forgetOld(Math.floor(now() / MINUTE_MS));
      return { startedAt, verify, webhook, slowestAckMs: slowest.size === 0 ? null : Math.max(...slowest.values()) };
    },
  };
}
