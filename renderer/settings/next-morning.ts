const MORNING_HOUR = 8;

/** Eight in the morning of the next calendar day, by the clock of this computer. */
export function nextMorning(now: number): number {
  const at = new Date(now);
  at.setDate(at.getDate() + 1);
  return at.setHours(MORNING_HOUR, 0, 0, 0);
}
