/** What a chart says, in a sentence. */
import type { Figures, Report } from '../../contract/reports.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { figureText } from './compare.ts';
import { fullestHour } from './heat-scale.ts';
import { hourName } from './report-tables.ts';

type Words = { t: Translate; format: Formats };

export function messagesSummary({ days, messages }: Pick<Figures, 'days' | 'messages'>, { t, format }: Words): string {
  const total = messages.in + messages.out;
  const fullest = days.reduce<Figures['days'][number] | null>((most, day) => (day.in + day.out > (most ? most.in + most.out : 0) ? day : most), null);
  if (!fullest) return t('reports.noneYet');
  const all = t('reports.messages.summary', { count: total, total: format.number(total), in: format.number(messages.in), out: format.number(messages.out) });
  return days.length < 2 ? all : `${all} ${t('reports.messages.fullest', { day: format.calendarDay(fullest.day), most: format.number(fullest.in + fullest.out) })}`;
}

export function responseSummary({ current, targetMinutes }: Pick<Report, 'current' | 'targetMinutes'>, { t, format }: Words): string {
  const { median } = current.firstResponse;
  if (median === null) return t('reports.noneYet');
  const half = t('reports.response.summary', { time: format.span(median) });
  const answered = current.days.flatMap(({ firstResponse }) => firstResponse ?? []);
  if (targetMinutes === null || answered.length < 2) return half;
  return `${half} ${t('reports.response.within', { days: answered.filter((ms) => ms <= targetMinutes * 60_000).length, count: answered.length })}`;
}

export function targetSummary({ target }: Pick<Figures, 'target'>, { t, format }: Words): string {
  if (target.share === null) return t('reports.noneYet');
  return t('reports.target.summary', {
    share: figureText(target.share, 'share', format),
    within: format.number(target.within),
    late: format.number(target.late),
    missed: format.number(target.missed),
  });
}

export function heatSummary({ heat }: Pick<Figures, 'heat'>, { t, format }: Words): string {
  const fullest = fullestHour(heat);
  return fullest === null ? t('reports.noneYet') : t('reports.heat.summary', { day: format.weekday(fullest.weekday, 'long'), hour: hourName(fullest.hour), most: format.number(fullest.count) });
}
