/** Gives the talks of the past their moments. Invariant: what comes out is in the order of time, and over before `now`. */
import type { Talk, Turn } from './talk.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Guatemala, without summer time. */
const UTC_OFFSET_MS = -6 * 60 * MINUTE_MS;
/** Nothing is left to happen in the last moments: what is under way then has time to settle. */
const QUIET_MS = MINUTE_MS;

export type Step = { at: number; talk: Talk; turn: Turn } | { at: number; talk: Talk; turn: null };

/** Every turn of every talk, and (`turn` null) the moment at which it is put away. */
export function planPast(talks: readonly Talk[], now: number): Step[] {
  const steps = talks.flatMap((talk) => {
    let at = beginOf(talk, now);
    const turns: Step[] = talk.turns.map((turn) => ({ at: (at += turn.after * MINUTE_MS), talk, turn }));
    return talk.end === undefined ? turns : [...turns, { at: at + 20 * MINUTE_MS, talk, turn: null }];
  });
  return steps.filter(({ at }) => at < now - QUIET_MS).toSorted((a, b) => a.at - b.at);
}

export function beginOf({ begins }: Pick<Talk, 'begins'>, now: number): number {
  if ('minutesAgo' in begins) return now - begins.minutesAgo * MINUTE_MS;
  const [hour = 0, minute = 0] = begins.at.split(':').map(Number);
  const midnight = Math.floor((now + UTC_OFFSET_MS) / DAY_MS) * DAY_MS - begins.daysAgo * DAY_MS;
  const weekday = new Date(midnight).getUTCDay();
  const back = weekday === 6 ? 1 : weekday === 0 ? 2 : 0;
  const day = begins.onWeekend ? midnight - ((weekday + 1) % 7) * DAY_MS : midnight - back * DAY_MS;
  return day - UTC_OFFSET_MS + (hour * 60 + minute) * MINUTE_MS;
}
