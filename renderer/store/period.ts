/** A span of days that somebody looks back on. Days are of the calendar, `2026-11-22`; which one is today is the caller's to say. */

export const PERIOD_DAYS = [7, 30, 90] as const;
/** `from`, `to`: both of them in it. */
export type Period = { kind: 'days'; days: (typeof PERIOD_DAYS)[number] } | { kind: 'today' } | { kind: 'this_month' } | { kind: 'last_month' } | { kind: 'own'; from: string; to: string };
export type Days = { from: string; to: string };

const DAY_MS = 24 * 60 * 60 * 1000;
const CALENDAR_DAY = /^2\d{3}-\d\d-\d\d$/;

/** The day of a moment (ms) on the wall clock of a zone; without one, of this computer. */
export function dayIn(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...(timeZone === undefined ? {} : { timeZone }) }).format(at);
}

export const addDays = (day: string, by: number): string => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);

/** Both days are in it. */
export const countDays = ({ from, to }: Days): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

export function daysOf(period: Period, today: string): Days {
  const firstOfMonth = `${today.slice(0, 8)}01`;
  const lastBefore = addDays(firstOfMonth, -1);
  switch (period.kind) {
    case 'today':
      return { from: today, to: today };
    case 'days':
      return { from: addDays(today, 1 - period.days), to: today };
    case 'this_month':
      return { from: firstOfMonth, to: today };
    case 'last_month':
      return { from: `${lastBefore.slice(0, 8)}01`, to: lastBefore };
    case 'own':
      return { from: period.from, to: period.to };
    default:
      return assertNever(period);
  }
}

const assertNever = (period: never): never => {
  throw new Error(`no such period: ${JSON.stringify(period)}`);
};

/** The last seven days, as a period of one's own begins. */
export const ownPeriod = (today: string): Period => ({ kind: 'own', ...daysOf({ kind: 'days', days: 7 }, today) });

/** What was kept as JSON; null: that is no period. */
export function readPeriod(kept: unknown): Period | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { kind, days, from, to } = kept as Record<string, unknown>;
  if (kind === 'today' || kind === 'this_month' || kind === 'last_month') return { kind };
  const known = PERIOD_DAYS.find((one) => one === days);
  if (kind === 'days') return known === undefined ? null : { kind, days: known };
  return kind === 'own' && isDay(from) && isDay(to) && from <= to ? { kind, from, to } : null;
}
const isDay = (value: unknown): value is string => typeof value === 'string' && CALENDAR_DAY.test(value) && !Number.isNaN(Date.parse(value));
