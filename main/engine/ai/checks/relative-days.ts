/** "Tomorrow" and "today" where they say when something happens: they must be a day that a fact names. */
import type { Evidence } from './evidence.ts';
import { dateKey } from './read-dates.ts';

const DAYS: readonly [RegExp, number][] = [
  [/(?<![a-z])pasado manana(?![a-z])|(?<![a-z])the day after tomorrow(?![a-z])/g, 2],
  [/(?<!pasado )(?<!(?:la|por la|en la|de la|esta) )(?<![a-z])manana(?![a-z])(?! (?:siguiente|temprana))|(?<!after )(?<![a-z])tomorrow(?![a-z])/g, 1],
  [/(?<![a-z])(?:hoy|today)(?![a-z])/g, 0],
];
/** What happens on a day; without one of these "hoy" is only a way of talking. */
const HAPPENS =
  /(?<![a-z])(?:visita|llega|llegan|llegara|llegaran|tecnico|cita|entrega|entregan|programad[oa]|agendad[oa]|servicio es|servicio sera|vence|vencimiento|viene|vienen|visit|arrives?|arrive|arriving|technician|delivery|appointment|scheduled|comes|coming|due)(?![a-z])/;

/** @param text folded. @returns the words with the day that they mean (`2026-12-04`). */
export function findRelativeDays(text: string, evidence: Evidence, now: number, timeZone: string): { start: number; end: number; date: string }[] {
  const found: { start: number; end: number; date: string }[] = [];
  for (const [pattern, days] of DAYS) {
    for (const match of text.matchAll(pattern)) {
      const start = Math.max(...['. ', '\n', '? ', '! ', '…'].map((mark) => text.lastIndexOf(mark, match.index))) + 1;
      const end = /[.!?\n…]/.exec(text.slice(match.index));
      const sentence = text.slice(start, end === null ? text.length : match.index + end.index + 1);
      if (sentence.endsWith('?') || !HAPPENS.test(sentence)) continue;
      const date = dayIn(now, days, timeZone);
      if (evidence.keys.has(dateKey(date)) || evidence.keys.has(dateKey({ ...date, year: null })) || evidence.keys.has(`rel:${match[0]}`)) continue;
      found.push({ start: match.index, end: match.index + match[0].length, date: dateKey(date).slice(2) });
    }
  }
  return found;
}

function dayIn(now: number, days: number, timeZone: string): { year: number; month: number; day: number } {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now).split('-').map(Number);
  const noon = new Date(Date.UTC(parts[0] ?? 1970, (parts[1] ?? 1) - 1, (parts[2] ?? 1) + days, 12));
  return { year: noon.getUTCFullYear(), month: noon.getUTCMonth() + 1, day: noon.getUTCDate() };
}
