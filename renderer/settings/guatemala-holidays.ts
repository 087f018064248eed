/**
 * The days off of private employees in Guatemala, as a proposal that people correct. Sources: Código de Trabajo, art. 127 (which days; the
 * afternoons of 24 and 31 December; the feast of the place, here that of the capital); Decreto 19-2018, art. 1 (30 June and 20 October
 * are taken on the Monday before if they fall on Tuesday or Wednesday, on the Monday after if from Thursday to Sunday).
 */
import type { BusinessHours, OpenPart } from '../../contract/rules/business-hours.ts';

export const GUATEMALA_HOLIDAYS = [
  'newYear',
  'holyThursday',
  'goodFriday',
  'holySaturday',
  'labour',
  'army',
  'assumption',
  'independence',
  'revolution',
  'allSaints',
  'christmasEve',
  'christmas',
  'newYearsEve',
] as const;
export type GuatemalaHoliday = (typeof GUATEMALA_HOLIDAYS)[number];

const DAY_MS = 86_400_000;
const MONDAY = 1;
const NOON = '12:00';

/** Days of a year in order, each `2026-12-24`; with `parts` where the morning is worked: what of its weekday lies before noon. */
export function proposeGuatemalaHolidays(year: number, days: BusinessHours['days']): { holiday: GuatemalaHoliday; day: string; parts: OpenPart[] }[] {
  const on = (month: number, day: number): number => Date.UTC(year, month - 1, day);
  const easter = easterSunday(year);
  const morning = (at: number): OpenPart[] => (days[(new Date(at).getUTCDay() + 6) % 7] ?? []).flatMap(cutAtNoon);
  const all: [GuatemalaHoliday, number, OpenPart[]][] = [
    ['newYear', on(1, 1), []],
    ['holyThursday', easter - 3 * DAY_MS, []],
    ['goodFriday', easter - 2 * DAY_MS, []],
    ['holySaturday', easter - DAY_MS, []],
    ['labour', on(5, 1), []],
    ['army', toMonday(on(6, 30)), []],
    ['assumption', on(8, 15), []],
    ['independence', on(9, 15), []],
    ['revolution', toMonday(on(10, 20)), []],
    ['allSaints', on(11, 1), []],
    ['christmasEve', on(12, 24), morning(on(12, 24))],
    ['christmas', on(12, 25), []],
    ['newYearsEve', on(12, 31), morning(on(12, 31))],
  ];
  return all.toSorted(([, a], [, b]) => a - b).map(([holiday, at, parts]) => ({ holiday, day: new Date(at).toISOString().slice(0, 10), parts }));
}

function cutAtNoon({ from, to }: OpenPart): OpenPart[] {
  if (from >= NOON) return [];
  // One that is not after its beginning is of the next day.
  return [{ from, to: to <= from || to > NOON ? NOON : to }];
}

function toMonday(at: number): number {
  const weekday = new Date(at).getUTCDay();
  if (weekday === MONDAY) return at;
  const isBefore = weekday === 2 || weekday === 3;
  return isBefore ? at - (weekday - MONDAY) * DAY_MS : at + ((8 - weekday) % 7) * DAY_MS;
}

/** Midnight UTC of Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const k = c % 4;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}
