/** Days and months as the company counts them, for caps. */

/** `YYYY-MM-DD` of a moment (ms) in a time zone. */
export const dayOf = (at: number, timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
/** `YYYY-MM`. */
export const monthOf = (day: string): string => day.slice(0, 7);

/** When the month of a day began there, ms. */
export function startOfMonth(day: string, timeZone: string): number {
  const utc = Date.parse(`${monthOf(day)}-01T00:00:00Z`);
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(utc);
  return utc - (Date.parse(`${there.replace(' ', 'T')}Z`) - utc);
}
