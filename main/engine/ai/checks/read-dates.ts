/** Days in every way they are written: 2026-12-05, 05/12/2026, 5 de diciembre, December 5th, "el viernes 5", and days of the week alone. */
import type { CalendarDate, Found } from './value.ts';
import type { Folded } from './fold-offsets.ts';

const MONTHS: readonly (readonly string[])[] = [
  ['enero', 'ene', 'january', 'jan'],
  ['febrero', 'feb', 'february'],
  ['marzo', 'mar', 'march'],
  ['abril', 'abr', 'april', 'apr'],
  ['mayo', 'may'],
  ['junio', 'jun', 'june'],
  ['julio', 'jul', 'july'],
  ['agosto', 'ago', 'august', 'aug'],
  ['septiembre', 'setiembre', 'sept', 'sep', 'set', 'september'],
  ['octubre', 'oct', 'october'],
  ['noviembre', 'nov', 'november'],
  ['diciembre', 'dic', 'december', 'dec'],
];
const MONTH_OF = new Map(MONTHS.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));
const longestFirst = (names: readonly string[]): string => names.toSorted((one, other) => other.length - one.length).join('|');
const ALL_MONTHS = [...MONTH_OF.keys()];
/** Only short forms take a full stop. */
const MONTH = String.raw`(?:(?:${longestFirst(ALL_MONTHS)})(?![a-z.])|(?:${longestFirst(ALL_MONTHS.filter((name) => name.length <= 4))})\.|(?:${longestFirst(ALL_MONTHS.filter((name) => name.length > 3))})(?![a-z]))`;
/** Sunday first, as `Date` counts. */
const WEEKDAYS = [
  ['domingo', 'sunday'],
  ['lunes', 'monday'],
  ['martes', 'tuesday'],
  ['miercoles', 'wednesday'],
  ['jueves', 'thursday'],
  ['viernes', 'friday'],
  ['sabado', 'saturday'],
] as const;
const WEEKDAY_OF = new Map<string, number>(WEEKDAYS.flatMap((names, index) => names.map((name) => [name, index] as const)));
const WEEKDAY = /(?<![a-z])(domingo|lunes|martes|miercoles|jueves|viernes|sabado|sunday|monday|tuesday|wednesday|thursday|friday|saturday)s?(?![a-z])/g;

const monthNumber = (name: string): number => MONTH_OF.get(name.replace('.', '')) ?? 0;
const two = (figure: number): string => String(figure).padStart(2, '0');

/** 0 Sunday … 6 Saturday, in the Gregorian calendar. */
export const weekdayOf = (year: number, month: number, day: number): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
const isDay = (year: number | null, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate() && (year === null || (year >= 1900 && year <= 2199));
export const dateKey = ({ year, month, day }: CalendarDate): string => (year === null ? `md:${two(month)}-${two(day)}` : `d:${year}-${two(month)}-${two(day)}`);

const NUMERIC = /(?<![a-z0-9/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![a-z0-9/-]|\.\d)/g;
const ISO = /(?<![a-z0-9-])(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![0-9-])(?:t[\d:.]{4,12}z?)?/g;
const YEAR = String.raw`(?:,? ?(?:de |del |del ano )?(\d{4})(?![\d.,]\d)(?! ?(?:quetzales|dolares|pesos|gtq|usd)))?`;
const DAY_MONTH = new RegExp(String.raw`(?<![a-z0-9.,:])(\d{1,2})(?:ro|er|o|º|°|st|nd|rd|th)?(?: de | of |[ -])(${MONTH})(?:-(\d{4}|\d{2})(?![0-9]))?${YEAR}`, 'g');
const MONTH_DAY = new RegExp(String.raw`(?<![a-z])(${MONTH}) (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![a-z0-9:]|[.,]\d)${YEAR}`, 'g');
const MONTH_YEAR = new RegExp(String.raw`(?<![a-z])(${MONTH})(?: de | del |,? )(\d{4})(?![0-9])`, 'g');
const MONTH_ALONE = new RegExp(String.raw`(?<=(?<![a-z])(?:en|in|de|para|durante|during|of|by|until|hasta|desde|since) )(${MONTH})(?![a-z0-9])`, 'g');
const FIRST_OF_MONTH = new RegExp(String.raw`(?<![a-z])(?:primero|first)(?: de | of )(${MONTH})${YEAR}`, 'g');
/** "Del 5 al 8 de diciembre": the first day stands before what is a date already. */
const RANGE_START = /(?<![a-z0-9.,:/-])(\d{1,2})(?:st|nd|rd|th)?(?= ?(?:al|a|y|o|to|and|or|-|through) ?\ue002)/g;
const RANGE_END = /(?<=\ue003 ?(?:al|a|y|o|to|and|or|-|through) ?)(\d{1,2})(?:st|nd|rd|th)?(?![a-z0-9:]|[.,]\d)/g;
const DAY_NUMERIC_SHORT = /(?<![a-z0-9/.-])(\d{1,2})\/(\d{1,2})(?![a-z0-9/]|[.,]\d)/g;
const DAY_ALONE = /(?<=(?<![a-z])(?:el|dia|the|al) )(\d{1,2})(?:st|nd|rd|th)?(?! ?[a-z%]|[0-9:/]|[.,]\d| ?-)/g;

export function readCalendar(text: string, isMonthFirst: boolean, folded: Folded): Found[] {
  const found: Found[] = [];
  let rest = text;
  const add = (match: RegExpExecArray, date: CalendarDate, keys: readonly string[] = [dateKey(date)]): void => {
    found.push({ kind: 'date', start: match.index, end: match.index + match[0].length, keys: [...keys], date });
  };
  const each = (pattern: RegExp, read: (match: RegExpExecArray) => void): void => {
    const before = found.length;
    for (const match of rest.matchAll(pattern)) read(match);
    for (const { start, end } of found.slice(before)) rest = rest.slice(0, start) + '\ue002' + '\ue001'.repeat(Math.max(0, end - start - 2)) + (end - start > 1 ? '\ue003' : '') + rest.slice(end);
  };
  each(ISO, (match) => {
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (isDay(year, month, day)) add(match, { year, month, day });
  });
  each(NUMERIC, (match) => {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const year = fullYear(match[4] ?? '');
    const readings = [{ year, month: second, day: first }, ...(isMonthFirst || second > 12 ? [{ year, month: first, day: second }] : [])].filter((date) => isDay(date.year, date.month, date.day));
    const main = readings[0];
    if (main !== undefined) add(match, main, readings.map(dateKey));
  });
  each(DAY_MONTH, (match) => {
    const date = { year: match[3] === undefined ? (match[4] === undefined ? null : Number(match[4])) : fullYear(match[3]), month: monthNumber(match[2] ?? ''), day: Number(match[1]) };
    if (isDay(date.year, date.month, date.day) && isMonthName(match, 2, folded)) add(match, date);
  });
  each(MONTH_DAY, (match) => {
    const date = { year: match[3] === undefined ? null : Number(match[3]), month: monthNumber(match[1] ?? ''), day: Number(match[2]) };
    if (isDay(date.year, date.month, date.day) && isMonthName(match, 1, folded)) add(match, date);
  });
  each(FIRST_OF_MONTH, (match) => add(match, { year: match[2] === undefined ? null : Number(match[2]), month: monthNumber(match[1] ?? ''), day: 1 }));
  const dated = [...found];
  each(RANGE_START, (match) => {
    const next = dated.filter(({ start }) => start > match.index).toSorted((one, other) => one.start - other.start)[0]?.date;
    if (next) add(match, { ...next, day: Number(match[1]) });
  });
  each(RANGE_END, (match) => {
    const previous = dated.filter(({ end }) => end <= match.index).toSorted((one, other) => other.end - one.end)[0]?.date;
    if (previous && isDay(previous.year, previous.month, Number(match[1]))) add(match, { ...previous, day: Number(match[1]) });
  });
  each(DAY_NUMERIC_SHORT, (match) => {
    const [first, second] = [Number(match[1]), Number(match[2])];
    const hasDay = /(?:el|dia|del|al|para|fecha|on|by|the|date|lunes|martes|miercoles|jueves|viernes|sabado|domingo|day),? $/.test(rest.slice(Math.max(0, match.index - 12), match.index));
    if (first === 24 && second === 7) return;
    const readings = [{ year: null, month: second, day: first }, ...(isMonthFirst || second > 12 ? [{ year: null, month: first, day: second }] : [])].filter((date) =>
      isDay(null, date.month, date.day),
    );
    const main = readings[0];
    if (main && hasDay) add(match, main, readings.map(dateKey));
  });
  each(MONTH_YEAR, (match) => {
    found.push({ kind: 'date', start: match.index, end: match.index + match[0].length, keys: [`ym:${match[2] ?? ''}-${two(monthNumber(match[1] ?? ''))}`] });
  });
  each(MONTH_ALONE, (match) => {
    if ((match[1] ?? '').length > 3 && isMonthName(match, 1, folded))
      found.push({ kind: 'date', start: match.index, end: match.index + match[0].length, keys: [`mo:${two(monthNumber(match[1] ?? ''))}`] });
  });
  const weekdays: Found[] = [...rest.matchAll(WEEKDAY)].map((match) => ({
    kind: 'weekday',
    start: match.index,
    end: match.index + match[0].length,
    keys: [`w:${WEEKDAY_OF.get(match[1] ?? '') ?? 0}`],
  }));
  for (const match of rest.matchAll(/(?<=(?<![a-z])(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo) )(\d{1,2})(?! ?[a-z%]|[0-9:/]|[.,]\d)/g)) {
    found.push({ kind: 'date', start: match.index, end: match.index + match[0].length, keys: [`dd:${Number(match[1])}`] });
  }
  for (const match of rest.matchAll(DAY_ALONE)) {
    if (Number(match[1]) <= 31) found.push({ kind: 'date', start: match.index, end: match.index + match[0].length, keys: [`dd:${Number(match[1])}`, `n:${Number(match[1])}`] });
  }
  return [...found, ...weekdays];
}

/** "May" and "march" are also verbs: as months they have a capital. */
function isMonthName(match: RegExpExecArray, group: number, { original, starts }: Folded): boolean {
  const name = match[group] ?? '';
  if (name !== 'may' && name !== 'march') return true;
  const at = match.index + match[0].indexOf(name);
  return /^[A-Z]/.test(original.slice(starts[at] ?? 0));
}

const fullYear = (digits: string): number => (digits.length === 2 ? 2000 + Number(digits) : Number(digits));

/** Days from one weekday name to another, "lunes a viernes": keys of all between, apart from those of days that are named. */
export function weekdaysBetween(text: string): string[] {
  const keys: string[] = [];
  const name = WEEKDAY.source.replace('(?<![a-z])', '').replace('(?![a-z])', '');
  for (const match of text.matchAll(new RegExp(String.raw`(?<![a-z])${name} ?(?:a|to|-|through|hasta|thru) ?(?:el )?${name}`, 'g'))) {
    const [from, to] = [WEEKDAY_OF.get(match[1] ?? ''), WEEKDAY_OF.get(match[2] ?? '')];
    if (from === undefined || to === undefined) continue;
    for (let day = from; ; day = (day + 1) % 7) {
      keys.push(`wr:${day}`);
      if (day === to) break;
    }
  }
  if (/todos los dias|cada dia|every day|daily|7 dias|7 days|24\/7|diariamente/.test(text)) for (let day = 0; day < 7; day++) keys.push(`wr:${day}`);
  return keys;
}
