/** Times in webhooks: whole seconds, as a string or a number, by clocks that may be wrong. */
import { readNumber } from '../json.ts';
import { TIMESTAMP_AHEAD_MAX_MS } from '../limits.ts';

/** WhatsApp did not exist before 2009: an earlier timestamp is no timestamp. */
const FIRST_TIMESTAMP = Date.UTC(2009, 0, 1);

/** Meta's timestamp in ms; the receipt time where it is missing, absurd or ahead of the relay's clock. */
export function readTimestamp(value: unknown, receivedAt: number): number {
  const at = readNumber(value) * 1000;
  return at >= FIRST_TIMESTAMP && at <= receivedAt + TIMESTAMP_AHEAD_MAX_MS ? Math.trunc(at) : receivedAt;
}

/**
 * Meta's timestamps are whole seconds. Written within that second, and before it came here: so an answer does not stand
 * above the message that it answers.
 */
export const placeInSecond = (sentAt: number, receivedAt: number): number => Math.max(sentAt, Math.min(sentAt + 999, receivedAt));
