/** Whether the business is open at a moment, in its own time zone: days in several parts, past midnight, and through changes of the clock. */
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';

export type BusinessHours = AiSettings['auto']['businessHours'];

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Day of the week (Monday 0) and minute of the day on the wall clock of a time zone. Throws `RangeError` for a zone that there is not. */
function wallClock(now: number, timeZone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now);
  const read = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return { day: WEEKDAYS.indexOf(read('weekday')), minute: Number(read('hour')) * 60 + Number(read('minute')) };
}
const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** `to` is no longer open; one that is not after `from` is of the next day, and 24:00 ends a day. */
export function isOpen({ timeZone, days }: BusinessHours, now: number): boolean {
  const { day, minute } = wallClock(now, timeZone);
  const today = days[day] ?? [];
  const yesterday = days[(day + 6) % 7] ?? [];
  return (
    today.some(({ from, to }) => minute >= minuteOf(from) && (minute < minuteOf(to) || minuteOf(to) <= minuteOf(from))) ||
    yesterday.some(({ from, to }) => minuteOf(to) <= minuteOf(from) && minute < minuteOf(to))
  );
}
