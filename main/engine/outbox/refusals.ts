/** What follows when Meta refuses a call of the outbox, or cannot be reached: by Meta's code, never by its text. */
import { growPause, type JobResult, type Pause } from '../jobs/job-runner.ts';
import type { GraphResult } from '../whatsapp/graph-call.ts';

export const MAX_RETRIES = 5;
/** Below the longest wait of the job runner, with the jitter. */
const WAIT_MAX_MS = 10 * 60_000;
const ACCOUNT_BLOCKED_PAUSE: Pause = { firstMs: 60_000, maxMs: 60_000 };
/** Too many messages from this number to this one person. */
export const PAIR_RATE = 131056;
/** The number or the app is too fast, or its account is worked on: nothing of it would be taken now (Cloud API, "Error codes": throttling). */
const NUMBER_WIDE = new Set([4, 613, 80007, 130429, 131057, 2494100]);

/** With which Meta refuses an id of a file (Cloud API, "Error codes": invalid parameter, media). */
export const MEDIA_ID_REFUSED = new Set([100, 131009, 131052, 131053]);

type Refused = Extract<GraphResult<unknown>, { status: 'refused' }>;

/** How to go on after a refusal, or null to give up. */
export function judgeRefusal(refused: Refused, attempts: number, random: () => number): JobResult | null {
  const { error, waitMs } = refused;
  if (refused.isAccountWide) return { status: 'pause', pause: ACCOUNT_BLOCKED_PAUSE };
  if (NUMBER_WIDE.has(error.code)) return { status: 'pause', pause: { firstMs: Math.min(waitMs, WAIT_MAX_MS), maxMs: WAIT_MAX_MS } };
  if (refused.retry !== 'backoff' || attempts >= MAX_RETRIES) return null;
  if (error.code === PAIR_RATE) return { status: 'retry', afterMs: Math.min(WAIT_MAX_MS, Math.max(waitMs, 1_000 * 4 ** (attempts + 1))) };
  return { status: 'retry', afterMs: growPause(waitMs, attempts, WAIT_MAX_MS, random) };
}

/** Meta cannot be reached: no message is to blame. */
export const unreachable = ({ waitMs = 0 }: { waitMs?: number | undefined } = {}): Pause => ({
  firstMs: Math.min(Math.max(1_000, waitMs), WAIT_MAX_MS),
  maxMs: Math.min(Math.max(60_000, waitMs), WAIT_MAX_MS),
});
