/** The moments a conversation is usually put off to, in the agent's own time zone. Milliseconds since the epoch. */
export type SnoozeTime = { key: 'later' | 'tomorrow' | 'monday'; at: number };

const MORNING = 9;
const LATER_HOURS = 3;
/** After this hour "later today" would be night. */
const LATER_UNTIL = 18;

export function snoozeTimes(now: number): SnoozeTime[] {
  const times: SnoozeTime[] = [];
  const later = new Date(now);
  later.setHours(later.getHours() + LATER_HOURS, 0, 0, 0);
  if (later.getHours() <= LATER_UNTIL && isSameDay(later, new Date(now))) times.push({ key: 'later', at: later.getTime() });
  times.push({ key: 'tomorrow', at: morningAfter(now, 1) });
  // On a Sunday, tomorrow is Monday.
  const daysToMonday = (8 - new Date(now).getDay()) % 7 || 7;
  if (daysToMonday > 1) times.push({ key: 'monday', at: morningAfter(now, daysToMonday) });
  return times;
}

/** By the calendar, not by 24 hours: the clock may change in between. */
function morningAfter(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  day.setHours(MORNING, 0, 0, 0);
  return day.getTime();
}

const isSameDay = (a: Date, b: Date): boolean => a.getDate() === b.getDate() && a.getMonth() === b.getMonth();

/** For an `<input type="datetime-local">`: the local wall clock, to the minute. */
export function toLocalInput(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Null: no moment. */
export function fromLocalInput(value: string): number | null {
  const at = new Date(value).getTime();
  return value === '' || Number.isNaN(at) ? null : at;
}
