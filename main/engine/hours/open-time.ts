/**
 * Time in which the business is open, over its own calendar. Invariant: it is open at a moment if and only if what the clock shows then lies in a
 * part of that day, or in one of the day before that runs past midnight; so an hour that clocks skip counts for nothing, and one that they repeat
 * counts twice. A part belongs to the day on which it begins: one that runs past midnight is not cut short by a holiday.
 */
import type { BusinessHours } from '../../../contract/rules/business-hours.ts';
import { minutesOf } from '../../../contract/rules/hours-problems.ts';
import { DAY_MS, openZone, type Zone } from './zone.ts';

const MINUTE = 60_000;
/** Intervals are made for this much more than was asked for, before and after. */
const REACH_BEFORE = 40 * DAY_MS;
const REACH_AFTER = 400 * DAY_MS;
/** Who does not open within this time does not open. */
const NEVER = 1_200 * DAY_MS;
/** 1970-01-01 was a Thursday; Monday is 0. */
const FIRST_WEEKDAY = 3;

export type OpenTime = {
  readonly zone: Zone;
  isOpen(at: number): boolean;
  /** Open ms in [from, to); 0 where `to` is not after `from`. */
  between(from: number, to: number): number;
  /** The first moment by which the business has been open for `ms` since `from` (which is it for 0); null: it does not open any more. */
  after(from: number, ms: number): number | null;
};

/** @throws RangeError for a zone that this machine does not know. */
export function createOpenTime({ timeZone, days, holidays }: BusinessHours): OpenTime {
  const zone = openZone(timeZone);
  const week = days.map((parts) => parts.map(minutesOf));
  // Of a day that stands twice the first one counts.
  const special = new Map(holidays.toReversed().map(({ day, parts }) => [Date.parse(`${day}T00:00:00Z`) / DAY_MS, parts.map(minutesOf)]));

  /** Disjoint, in order; `before`: open ms from the first of them up to this one. */
  let starts = new Float64Array();
  let ends = new Float64Array();
  let before = new Float64Array();
  let [first, last] = [0, 0];

  const makeIntervals = (): void => {
    const found: { from: number; to: number }[] = [];
    for (const { from, to, offset } of zone.stretches(first, last)) {
      // The day before the first may run into it.
      for (let day = Math.floor((from + offset) / DAY_MS) - 1; day * DAY_MS < to + offset; day++) {
        for (const part of special.get(day) ?? week[(((day + FIRST_WEEKDAY) % 7) + 7) % 7] ?? []) {
          const begins = Math.max(from, day * DAY_MS + part.from * MINUTE - offset);
          const stops = Math.min(to, day * DAY_MS + part.to * MINUTE - offset);
          if (begins < stops) found.push({ from: begins, to: stops });
        }
      }
    }
    found.sort((a, b) => a.from - b.from);
    const joined: { from: number; to: number }[] = [];
    for (const interval of found) {
      const previous = joined.at(-1);
      if (previous && interval.from <= previous.to) previous.to = Math.max(previous.to, interval.to);
      else joined.push(interval);
    }
    starts = Float64Array.from(joined, ({ from }) => from);
    ends = Float64Array.from(joined, ({ to }) => to);
    before = new Float64Array(joined.length);
    let sum = 0;
    for (const [index, { from, to }] of joined.entries()) {
      before[index] = sum;
      sum += to - from;
    }
  };
  const cover = (from: number, to: number): void => {
    if (from >= first && to <= last && last > first) return;
    const isNew = last === first;
    first = isNew ? from - REACH_BEFORE : Math.min(first, from - REACH_BEFORE);
    last = isNew ? to + REACH_AFTER : Math.max(last, to + REACH_AFTER);
    makeIntervals();
  };
  /** Found last: who asks about moments in their order is mostly asking about the same interval. */
  let known = 0;
  /** The last interval that begins at `at` or before; -1: none. */
  const placeOf = (at: number): number => {
    if ((starts[known] as number) <= at && !((starts[known + 1] as number) <= at)) return known;
    known = findPlace(at);
    return known;
  };
  const findPlace = (at: number): number => {
    let [low, high] = [-1, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  /** Open ms from the beginning of what is known up to `at`. */
  const upTo = (at: number): number => {
    const place = placeOf(at);
    return place < 0 ? 0 : (before[place] as number) + Math.min(at, ends[place] as number) - (starts[place] as number);
  };

  return {
    zone,
    isOpen: (at) => {
      cover(at, at + 1);
      const place = placeOf(at);
      return place >= 0 && at < (ends[place] as number);
    },
    between: (from, to) => {
      if (to <= from) return 0;
      cover(from, to);
      return upTo(to) - upTo(from);
    },
    after: (from, ms) => {
      if (ms <= 0) return from;
      for (const reach of [0, NEVER]) {
        cover(from, from + reach);
        const wanted = upTo(from) + ms;
        // The first interval by whose end there was enough.
        let [low, high] = [0, starts.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((before[middle] as number) + (ends[middle] as number) - (starts[middle] as number) < wanted) low = middle + 1;
          else high = middle;
        }
        if (low < starts.length) return (starts[low] as number) + wanted - (before[low] as number);
      }
      return null;
    },
  };
}
