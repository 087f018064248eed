/** Days, weeks and months of a time zone. */
import { DAY_MS, type Zone } from './zone.ts';

/** [from, to) in ms, named after its first day (`2026-11-23`, a Monday) or its month (`2026-11`). */
export type Span = { name: string; from: number; to: number };

const MINUTE = 60_000;
/** 1970-01-01 was a Thursday; Monday is 0. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Days are counted from 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
export const nameDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** When a day begins there, ms. Where clocks jump over midnight: when it is first that day. */
export const startOfDay = (day: number, zone: Zone): number => zone.atWall(day * DAY_MS);

/** `2026-11-23` of a moment there. */
export const dayOf = (at: number, zone: Zone): string => nameDay(Math.floor(zone.wallAt(at) / DAY_MS));
/** `2026-11` of a day. */
export const monthOf = (day: string): string => day.slice(0, 7);
/** When the month of a day began there, ms. */
export const startOfMonth = (day: string, zone: Zone): number => startOfDay(firstOfMonth(dayNumber(day)), zone);

/** Weeks from Monday on that lie in a period, the outer ones cut off where it begins and ends. */
export const weeksOf = (from: number, to: number, zone: Zone): Span[] =>
  spansOf(
    from,
    to,
    zone,
    (day) => day - weekdayOf(day),
    (monday) => monday + 7,
    nameDay,
  );
export const monthsOf = (from: number, to: number, zone: Zone): Span[] =>
  spansOf(
    from,
    to,
    zone,
    firstOfMonth,
    (day) => firstOfMonth(day + 31),
    (day) => nameDay(day).slice(0, 7),
  );

/** `2026-11-23 14:05` */
export const localTime = (at: number, zone: Zone): string => new Date(Math.floor(zone.wallAt(at) / MINUTE) * MINUTE).toISOString().slice(0, 16).replace('T', ' ');

const firstOfMonth = (day: number): number => day - new Date(day * DAY_MS).getUTCDate() + 1;

function spansOf(from: number, to: number, zone: Zone, begin: (day: number) => number, next: (day: number) => number, name: (day: number) => string): Span[] {
  const spans: Span[] = [];
  let first = begin(Math.floor(zone.wallAt(from) / DAY_MS));
  for (let start = from; start < to;) {
    const following = next(first);
    const end = Math.max(start + 1, Math.min(to, startOfDay(following, zone)));
    spans.push({ name: name(first), from: start, to: end });
    [first, start] = [following, end];
  }
  return spans;
}
