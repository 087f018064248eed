/**
 * How clocks of a time zone stand to UTC. Asked of Intl once a day of the calendar and at each change, everything else is arithmetic: `wall` times
 * are ms as if the clock showed UTC. What is known grows with what is asked for.
 */

const HOUR = 60 * 60 * 1000;
export const DAY_MS = 24 * HOUR;
/** Grown by this much at once. */
const REACH = 120 * DAY_MS;

/** Clocks are `offset` ms ahead of UTC in [from, to). */
export type Stretch = { from: number; to: number; offset: number };
export type Zone = {
  readonly name: string;
  /** What the clock shows, as ms. */
  wallAt(at: number): number;
  /** Those that lie in [from, to), in order, cut off where it begins and ends. */
  stretches(from: number, to: number): Stretch[];
  /** When the clock first shows that time or a later one: where it jumps over it, the moment of the jump. */
  atWall(wall: number): number;
};

/** The zone if this machine knows it, else UTC. */
export function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** @throws RangeError for a zone that this machine does not know. */
export function openZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  const ask = (at: number): number => {
    const values: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(at)) values[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = values;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };

  let known: Stretch[] = [];
  const learn = (from: number, to: number): Stretch[] => {
    const found: Stretch[] = [];
    let current: Stretch = { from, to: from, offset: ask(from) };
    for (let at = from; at < to; at += DAY_MS) {
      const next = Math.min(at + DAY_MS, to);
      const offset = ask(next);
      if (offset !== current.offset) {
        let [before, after] = [at, next];
        while (after - before > 1) {
          const middle = Math.floor((before + after) / 2);
          if (ask(middle) === current.offset) before = middle;
          else after = middle;
        }
        found.push({ ...current, to: after });
        current = { from: after, to: after, offset };
      }
    }
    found.push({ ...current, to });
    return found;
  };
  const join = (before: Stretch[], after: Stretch[]): Stretch[] => {
    const [last, first] = [before.at(-1), after[0]];
    if (!last || !first || last.offset !== first.offset) return [...before, ...after];
    return [...before.slice(0, -1), { ...last, to: first.to }, ...after.slice(1)];
  };
  const cover = (from: number, to: number): void => {
    const first = known[0]?.from;
    const last = known.at(-1)?.to;
    if (first === undefined || last === undefined) known = learn(from - REACH, to + REACH);
    else {
      if (from < first) known = join(learn(from - REACH, first), known);
      if (to > last) known = join(known, learn(last, to + REACH));
    }
  };
  /** Place of the stretch that `at` lies in. */
  const placeOf = (at: number): number => {
    cover(at, at + 1);
    let [low, high] = [0, known.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((known[middle]?.from ?? Infinity) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const stretches: Zone['stretches'] = (from, to) => {
    if (to <= from) return [];
    cover(from, to);
    const found: Stretch[] = [];
    for (let place = placeOf(from); place < known.length; place++) {
      const stretch = known[place];
      if (!stretch || stretch.from >= to) break;
      found.push({ from: Math.max(stretch.from, from), to: Math.min(stretch.to, to), offset: stretch.offset });
    }
    return found;
  };

  return {
    name: timeZone,
    wallAt: (at) => {
      // Looking may learn: what is known is read after it.
      const place = placeOf(at);
      return at + (known[place]?.offset ?? 0);
    },
    stretches,
    atWall: (wall) => {
      // No clock is further from UTC than a day.
      for (const { from, to, offset } of stretches(wall - DAY_MS, wall + DAY_MS)) if (wall - offset < to) return Math.max(from, wall - offset);
      return wall;
    },
  };
}
