/** Times, dates and numbers as people of the language write them; always the 24-hour clock. Times are ms since the epoch. */
import type { Language } from './i18n.ts';

/** Where a language alone does not say how people here write it. */
const LOCALES: Record<Language, string> = { es: 'es-GT', en: 'en-GB' };
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
/** A span of this many days and more is told in days. */
const SPAN_DAYS_FROM = 10;
/** What `Intl` takes as a currency. */
const CURRENCY = /^[A-Za-z]{3}$/;

export type Formats = {
  number(value: number): string;
  /** 14:05 */
  clock(at: number): string;
  /** sábado, 22 de noviembre de 2026, 14:05:32 */
  exact(at: number): string;
  /** 22 nov, 14:05 */
  short(at: number): string;
  /** 22 nov, 14:05:32 */
  exactShort(at: number): string;
  /** For lists: 14:05 today, then ayer, then the weekday, then 3 nov, with the year when it is another one. */
  relative(at: number, now: number): string;
  /** For separators: Hoy, Ayer, lunes 17 de noviembre. */
  day(at: number, now: number): string;
  /** The same inside of a sentence, as the language writes it there: hoy, lunes 17 de noviembre; today, Monday 17 November. */
  dayWithin(at: number, now: number): string;
  /** A day of the calendar, `2026-12-04`: 4 dic 2026. What is none stays as it is. */
  calendarDay(day: string): string;
  /** The same without its year: 4 dic. */
  dayMonth(day: string): string;
  /** Of the week, Monday is 0: lunes, or lun. */
  weekday(day: number, width: 'long' | 'short'): string;
  /** noviembre de 2026 */
  month(at: number): string;
  /** The local calendar day, as days since the epoch. */
  dayNumber(at: number): number;
  /** Time left: 23:41 (hours:minutes), below an hour 41 min, in the last two minutes 95 s. Rounded up. */
  left(ms: number): string;
  /** The same where it does not stand alone as a clock: 12 days, below ten of them 70 h, below ten hours 2 h 16 min, below one 35 min. */
  span(ms: number): string;
  /** Size of a file: 640 B, 24 KB, 3.4 MB. A KB has 1000 bytes, as where limits are judged. */
  bytes(value: number): string;
  /** Length of a recording: 0:07, 12:30, 1:02:03. Whole seconds, rounded. */
  length(ms: number): string;
  /** 1.5 as people write it, with as many decimals as it takes, at most `decimals`. */
  decimal(value: number, decimals: number): string;
  /** An amount; `currency`: ISO 4217, or null where it is not known. */
  money(value: number, currency: string | null): string;
};

export const localeOf = (language: Language): string => LOCALES[language] ?? language;

/** Of a BCP 47 tag, or Meta's code of one (`es_MX`), as people call it: español de México. What is none stays as it is. */
export function languageName(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(code.replaceAll('_', '-')) ?? code;
  } catch {
    return code;
  }
}

export function createFormats(language: Language, timeZone?: string): Formats {
  const locale = localeOf(language);
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone ? { timeZone } : {}), ...(options.hour || options.timeStyle ? { hourCycle: 'h23' } : {}) });
  const clock = format({ hour: '2-digit', minute: '2-digit' });
  const exact = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const short = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const exactShort = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const dayMonth = format({ day: 'numeric', month: 'short' });
  const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const longDay = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const longDayYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const month = format({ month: 'long', year: 'numeric' });
  const parts = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...(timeZone ? { timeZone } : {}) });
  // Without a zone of its own: it is the same day everywhere.
  const calendarDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const calendarDayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const relativeDay = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const number = new Intl.NumberFormat(locale);
  const days = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const decimal = (value: number, decimals: number): string => new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value);

  /** The local calendar day as a number of days, so that differences are exact across changes of the clock. */
  const dayNumber = (at: number): number => Math.floor(Date.parse(`${parts.format(at)}T00:00:00Z`) / DAY_MS);
  const isSameYear = (a: number, b: number): boolean => parts.format(a).slice(0, 4) === parts.format(b).slice(0, 4);

  const dayWithin = (at: number, now: number): string => {
    const age = dayNumber(now) - dayNumber(at);
    if (age === 0 || age === 1) return relativeDay.format(-age, 'day');
    return isSameYear(at, now) ? longDay.format(at) : longDayYear.format(at);
  };

  return {
    number: (value) => number.format(value),
    clock: (at) => clock.format(at),
    exact: (at) => exact.format(at),
    short: (at) => short.format(at),
    exactShort: (at) => exactShort.format(at),
    relative: (at, now) => {
      const age = dayNumber(now) - dayNumber(at);
      if (age <= 0) return clock.format(at);
      if (age === 1) return relativeDay.format(-1, 'day');
      if (age < 7) return weekday.format(at);
      return isSameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at);
    },
    day: (at, now) => capitalize(dayWithin(at, now)),
    dayWithin,
    calendarDay: (day) => {
      const at = Date.parse(`${day}T00:00:00Z`);
      return Number.isNaN(at) ? day : calendarDay.format(at);
    },
    dayMonth: (day) => {
      const at = Date.parse(`${day}T00:00:00Z`);
      return Number.isNaN(at) ? day : calendarDayMonth.format(at);
    },
    weekday: (day, width) => new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' }).format(A_MONDAY + day * DAY_MS),
    month: (at) => month.format(at),
    dayNumber,
    left: (ms) => {
      const seconds = Math.max(0, Math.ceil(ms / 1000));
      if (seconds < 120) return `${seconds} s`;
      const minutes = Math.ceil(seconds / 60);
      return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    },
    span: (ms) => {
      const minutes = Math.max(0, Math.ceil(ms / 60_000));
      const hours = Math.floor(minutes / 60);
      if (hours === 0) return `${minutes} min`;
      if (hours >= 24 * SPAN_DAYS_FROM) return days.format(Math.floor(hours / 24));
      return hours >= 10 || minutes % 60 === 0 ? `${number.format(hours)} h` : `${hours} h ${minutes % 60} min`;
    },
    bytes: (value) => {
      const kilobytes = value / 1000;
      if (value < 1000) return `${value} B`;
      // Below ten of a unit one decimal says more than none.
      if (Math.round(kilobytes) < 1000) return `${decimal(kilobytes, kilobytes < 10 ? 1 : 0)} KB`;
      const megabytes = kilobytes / 1000;
      if (Math.round(megabytes) < 1000) return `${decimal(megabytes, megabytes < 10 ? 1 : 0)} MB`;
      const gigabytes = megabytes / 1000;
      return `${decimal(gigabytes, gigabytes < 10 ? 1 : 0)} GB`;
    },
    length: (ms) => {
      const seconds = Math.round(ms / 1000);
      const rest = (value: number): string => String(value % 60).padStart(2, '0');
      const minutes = Math.floor(seconds / 60);
      return minutes < 60 ? `${minutes}:${rest(seconds)}` : `${Math.floor(minutes / 60)}:${rest(minutes)}:${rest(seconds)}`;
    },
    decimal,
    money: (value, currency) =>
      currency !== null && CURRENCY.test(currency)
        ? new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value)
        : [new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value), currency].filter(Boolean).join(' '),
  };
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
