/** What is wrong with business hours that have the right shape; free of schemas, so that a form can ask as one types. */
import type { BusinessHours, OpenPart } from './business-hours.ts';

/**
 * `zone`: this machine knows no such time zone. `overlap`: open twice at the same time, in a part of a weekday (Monday 0) or of a holiday (its place in the list).
 * `twice`: a holiday whose day stands in the list before.
 */
export type HoursProblem = { kind: 'zone' } | { kind: 'overlap'; weekday: number } | { kind: 'overlap'; holiday: number } | { kind: 'twice'; holiday: number };

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** A part in minutes from the midnight with which its day begins; one past midnight ends after 1440. */
export function minutesOf({ from, to }: OpenPart): { from: number; to: number } {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return { from: start, to: end > start ? end : end + DAY_MINUTES };
}

export function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** All there are; none: the hours can be used. A part that runs past midnight into a holiday, or out of one, is no problem: the days were made unlike each other on purpose. */
export function findHoursProblems({ timeZone, days, holidays }: BusinessHours): HoursProblem[] {
  const problems: HoursProblem[] = isKnownZone(timeZone) ? [] : [{ kind: 'zone' }];
  const week = days.flatMap((parts, weekday) => parts.map(minutesOf).map(({ from, to }) => ({ weekday, from: from + weekday * DAY_MINUTES, to: to + weekday * DAY_MINUTES })));
  // The first day comes again after the last.
  const twoWeeks = [...week, ...week.map(({ weekday, from, to }) => ({ weekday, from: from + WEEK_MINUTES, to: to + WEEK_MINUTES }))];
  const overlapping = new Set(listOverlapping(twoWeeks).map(({ weekday }) => weekday));
  for (const weekday of [...overlapping].toSorted((a, b) => a - b)) problems.push({ kind: 'overlap', weekday });
  const seen = new Set<string>();
  for (const [holiday, { day, parts }] of holidays.entries()) {
    if (seen.has(day)) problems.push({ kind: 'twice', holiday });
    seen.add(day);
    if (listOverlapping(parts.map(minutesOf)).length > 0) problems.push({ kind: 'overlap', holiday });
  }
  return problems;
}

/** Those that begin before one that began no later has ended. */
function listOverlapping<T extends { from: number; to: number }>(parts: readonly T[]): T[] {
  let end = -1;
  return parts
    .toSorted((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      const isInside = from < end;
      end = Math.max(end, to);
      return isInside;
    });
}
