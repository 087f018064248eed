/** The moments that many conversations are usually put off to, in the agent's own time zone. Milliseconds since the epoch. */
export type SnoozeTime = { key: 'later' | 'tomorrow' | 'nextWeek'; at: number };

const MORNING = 9;
const LATER_HOURS = 3;

export function bulkSnoozeTimes(now: number): SnoozeTime[] {
  const daysToMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { key: 'later', at: now + LATER_HOURS * 3_600_000 },
    { key: 'tomorrow', at: morningAfter(now, 1) },
    { key: 'nextWeek', at: morningAfter(now, daysToMonday) },
  ];
}

/** By the calendar, not by 24 hours: the clock may change in between. */
function morningAfter(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  return day.setHours(MORNING, 0, 0, 0);
}
