/** When the business is open, in its own time zone. Calendar arithmetic over it stands beside its users in the engine. */
import { z } from 'zod';
import { NAME_MAX } from '../limits.ts';

/** `from` and `to` on the wall clock, `HH:MM`; `to` is no longer open; one that is not after `from` is of the next day, and 24:00 ends a day. */
export const openPartSchema = z.object({ from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/), to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/) });
export type OpenPart = z.infer<typeof openPartSchema>;

/** A day of the calendar, `2026-12-24`. */
export const calendarDaySchema = z.iso.date();

export const PARTS_A_DAY_MAX = 4;
export const HOLIDAYS_MAX = 200;

export const businessHoursSchema = z.object({
  /** IANA name. */
  timeZone: z.string().max(60),
  /** Monday first; a day without parts is closed, one with several is split (08:00-12:00, 14:00-18:00). */
  days: z.array(z.array(openPartSchema).max(PARTS_A_DAY_MAX)).length(7),
  /** Days that are unlike their weekday: closed, or open in these parts. A day stands once. */
  holidays: z.array(z.object({ day: calendarDaySchema, name: z.string().trim().max(NAME_MAX), parts: z.array(openPartSchema).max(PARTS_A_DAY_MAX) })).max(HOLIDAYS_MAX),
});
export type BusinessHours = z.infer<typeof businessHoursSchema>;

const WEEKDAY: OpenPart[] = [{ from: '08:00', to: '17:00' }];
export const DEFAULT_BUSINESS_HOURS: BusinessHours = { timeZone: 'America/Guatemala', days: [WEEKDAY, WEEKDAY, WEEKDAY, WEEKDAY, WEEKDAY, [], []], holidays: [] };
