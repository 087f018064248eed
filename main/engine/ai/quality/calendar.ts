/** Weeks and months of a time zone. */

/** [from, to) in ms, named after its first day (`2026-11-23`, a Monday) or its month (`2026-11`). */
export type Span = { name: string; from: number; to: number };
type Day = { year: number; month: number; day: number };

/** The zone if this machine knows it, else UTC. */
export function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Weeks from Monday on that lie in a period, the outer ones cut off where it begins and ends. */
export const weeksOf = (from: number, to: number, timeZone: string): Span[] => spansOf(from, to, timeZone, mondayOf, (monday) => addDays(monday, 7), nameDay);
export const monthsOf = (from: number, to: number, timeZone: string): Span[] =>
  spansOf(
    from,
    to,
    timeZone,
    (day) => ({ ...day, day: 1 }),
    ({ year, month }) => (month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 }),
    (day) => nameDay(day).slice(0, 7),
  );

/** `2026-11-23 14:05` */
export function localTime(at: number, timeZone: string): string {
  const { year, month, day, minutes } = readClock(at, timeZone);
  return `${nameDay({ year, month, day })} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function spansOf(from: number, to: number, timeZone: string, begin: (day: Day) => Day, next: (day: Day) => Day, name: (day: Day) => string): Span[] {
  const spans: Span[] = [];
  let first = begin(readClock(from, timeZone));
  for (let start = from; start < to;) {
    const following = next(first);
    const end = Math.max(start + 1, Math.min(to, startOfDay(following, timeZone)));
    spans.push({ name: name(first), from: start, to: end });
    [first, start] = [following, end];
  }
  return spans;
}

const addDays = ({ year, month, day }: Day, days: number): Day => {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};
const mondayOf = ({ year, month, day }: Day): Day => addDays({ year, month, day }, -((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7));
const two = (value: number): string => String(value).padStart(2, '0');
const nameDay = ({ year, month, day }: Day): string => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;

/** When a day begins there, ms. Where clocks jump over midnight: when it is first that day. */
function startOfDay({ year, month, day }: Day, timeZone: string): number {
  const wanted = Date.UTC(year, month - 1, day);
  const first = wanted - offsetAt(wanted, timeZone);
  return wanted - offsetAt(first, timeZone);
}

/** By how much clocks there are ahead of UTC, ms. */
function offsetAt(at: number, timeZone: string): number {
  const { year, month, day, minutes } = readClock(at, timeZone);
  return Date.UTC(year, month - 1, day) + minutes * 60_000 - Math.floor(at / 60_000) * 60_000;
}

function readClock(at: number, timeZone: string): Day & { minutes: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  return { year: read('year'), month: read('month'), day: read('day'), minutes: read('hour') * 60 + read('minute') };
}
