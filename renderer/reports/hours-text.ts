import type { BusinessHours, OpenPart } from '../../contract/rules/business-hours.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';

const partsText = (parts: readonly OpenPart[]): string => parts.map(({ from, to }) => `${from}–${to}`).join(', ');

/** The week in a line: lun–vie 08:00–17:00; sáb 08:00–12:00. Days that are closed are left out. */
export function hoursText({ days }: Pick<BusinessHours, 'days'>, t: Translate, format: Formats): string {
  const spans: { first: number; last: number; parts: string }[] = [];
  for (const [day, parts] of days.entries()) {
    const text = partsText(parts);
    const last = spans.at(-1);
    if (last && last.parts === text) last.last = day;
    else spans.push({ first: day, last: day, parts: text });
  }
  const name = (day: number): string => format.weekday(day, 'short').replace(/\.$/, '');
  const open = spans.filter(({ parts }) => parts !== '');
  if (open.length === 0) return t('reports.hours.never');
  return open.map(({ first, last, parts }) => `${first === last ? name(first) : `${name(first)}–${name(last)}`} ${parts}`).join('; ');
}

/** Guatemala, of `America/Guatemala`, as people call it. */
export const placeOf = (timeZone: string): string => timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
