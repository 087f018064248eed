/** Business hours while they are typed: times may be anything until they are read. */
import type { BusinessHours, OpenPart } from '../../contract/rules/business-hours.ts';
import { findHoursProblems } from '../../contract/rules/hours-problems.ts';
import { readClock } from './clock-text.ts';

/** `time`: what stands there is no time of day. `sameTime`: it begins when it ends. The others are those of the hours themselves. */
export type DraftProblem = { kind: 'zone' } | { kind: 'time' | 'sameTime' | 'overlap'; weekday: number } | { kind: 'time' | 'sameTime' | 'overlap' | 'twice' | 'day'; holiday: number };

/** What was typed, as hours; times are tidied. `hours` null: something is no time, so there are none to look at. */
export function readHours(draft: BusinessHours): { hours: BusinessHours | null; problems: DraftProblem[] } {
  const problems: DraftProblem[] = [];
  const readParts = (parts: readonly OpenPart[], where: { weekday: number } | { holiday: number }): OpenPart[] =>
    parts.map(({ from, to }) => {
      const part = { from: readClock(from), to: readClock(to) };
      if (part.from === null || part.to === null || part.from === '24:00') problems.push({ kind: 'time', ...where });
      else if (part.from === part.to) problems.push({ kind: 'sameTime', ...where });
      // Midnight ends this day; as 00:00 it would read like its beginning.
      return { from: part.from ?? '00:00', to: part.to === '00:00' ? '24:00' : (part.to ?? '24:00') };
    });
  const hours: BusinessHours = {
    timeZone: draft.timeZone.trim(),
    days: draft.days.map((parts, weekday) => readParts(parts, { weekday })),
    holidays: draft.holidays.map(({ day, name, parts }, holiday) => {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) problems.push({ kind: 'day', holiday });
      return { day, name: name.trim(), parts: readParts(parts, { holiday }) };
    }),
  };
  if (problems.length > 0) return { hours: null, problems };
  const found = findHoursProblems(hours);
  return { hours: found.length === 0 ? hours : null, problems: found };
}
