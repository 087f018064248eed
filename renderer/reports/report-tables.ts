/** A report as tables: what is shown beside the charts, what each chart holds, and what leaves as files. */
import type { Figures, Report, Spans } from '../../contract/reports.ts';
import { explainError } from '../conversation/failure-text.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { csvRows, type DataCell, type DataColumn, type DataTable } from '../ui/data-table.ts';
import { figureText, type Measure, type Wish } from './compare.ts';

type Words = { t: Translate; format: Formats };
type Target = Figures['target'];

/** In files: minutes with two decimals. */
const minutes = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 600) / 100);
const NONE = '–';

const name = (text: string, raw = text): DataCell => ({ raw, text });
const count = (value: number, { format }: Words): DataCell => ({ raw: value, text: format.number(value) });
const span = (ms: number | null, { format }: Words, hint?: string): DataCell => ({ raw: minutes(ms), text: ms === null ? NONE : format.span(ms), ...(hint === undefined ? {} : { hint }) });
/** Per cent with one decimal in files. */
const share = (value: number | null, { format }: Words, hint?: string): DataCell => ({
  raw: value === null ? null : Math.round(value * 10) / 10,
  text: figureText(value, 'share', format),
  ...(hint === undefined ? {} : { hint }),
});
/** How many, and what part of all that is. */
const part = (value: number, all: number, { format }: Words): DataCell => ({
  raw: value,
  text: all === 0 ? format.number(value) : `${format.number(value)} (${Math.round((value / all) * 100)}\u{A0}%)`,
});

const spanColumn = (text: string, { t }: Words, hint?: string): DataColumn => ({ name: text, csvName: `${text} (${t('reports.unit.minutes')})`, ...(hint === undefined ? {} : { hint }) });
const shareColumn = (text: string, hint?: string): DataColumn => ({ name: text, csvName: `${text} (%)`, ...(hint === undefined ? {} : { hint }) });

/** With nights and holidays. */
export const wallHint = ({ wallMedian }: Pick<Spans, 'wallMedian'>, { t, format }: Words): string | undefined =>
  wallMedian === null ? undefined : t('reports.wall', { time: format.span(wallMedian) });
export const targetHint = ({ within, late, missed }: Target, { t, format }: Words): string =>
  t('reports.targetOf', { within: format.number(within), late: format.number(late), missed: format.number(missed) });

const responseColumns = (words: Words): DataColumn[] => [
  { name: words.t('reports.column.turns'), hint: words.t('reports.hint.turns') },
  spanColumn(words.t('reports.column.median'), words, words.t('reports.hint.median')),
  spanColumn(words.t('reports.column.p90'), words, words.t('reports.hint.p90')),
  shareColumn(words.t('reports.column.onTime'), words.t('reports.hint.onTime')),
];
const responseCells = ({ turns, response, target }: { turns: number; response: Spans; target: Target }, words: Words): DataCell[] => [
  count(turns, words),
  span(response.median, words, wallHint(response, words)),
  span(response.p90, words),
  share(target.share, words, targetHint(target, words)),
];

export const daysTable = ({ days }: Figures, words: Words): DataTable => ({
  title: words.t('reports.messages.title'),
  columns: [{ name: words.t('reports.column.day') }, { name: words.t('reports.column.in') }, { name: words.t('reports.column.out') }],
  rows: days.map((one) => ({ key: one.day, cells: [name(words.format.calendarDay(one.day), one.day), count(one.in, words), count(one.out, words)] })),
});

export const responseTable = ({ days }: Figures, words: Words): DataTable => ({
  title: words.t('reports.response.title'),
  columns: [{ name: words.t('reports.column.day') }, spanColumn(words.t('reports.figure.firstResponse'), words)],
  rows: days.map(({ day, firstResponse }) => ({ key: day, cells: [name(words.format.calendarDay(day), day), span(firstResponse, words)] })),
});

export const targetTable = ({ days }: Figures, words: Words): DataTable => ({
  title: words.t('reports.target.title'),
  columns: [
    { name: words.t('reports.column.day') },
    shareColumn(words.t('reports.column.onTime')),
    { name: words.t('reports.column.within') },
    { name: words.t('reports.column.late') },
    { name: words.t('reports.column.missed') },
  ],
  rows: days.map(({ day, target }) => ({
    key: day,
    cells: [name(words.format.calendarDay(day), day), share(target.share, words), count(target.within, words), count(target.late, words), count(target.missed, words)],
  })),
});

export const hourName = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

export const heatTable = ({ heat }: Figures, words: Words): DataTable => ({
  title: words.t('reports.heat.title'),
  columns: [{ name: words.t('reports.column.hour') }, ...heat.map((_, weekday) => ({ name: words.format.weekday(weekday, 'long') }))],
  rows: Array.from({ length: 24 }, (_, hour) => ({ key: String(hour), cells: [name(hourName(hour)), ...heat.map((hours) => count(hours[hour] ?? 0, words))] })),
});

function agentName({ by, agent }: Figures['agents'][number], { t }: Words): string {
  if (by === 'automatic' || by === 'phone' || agent === null) return t(by === 'phone' ? 'reports.agents.phone' : 'reports.agents.automatic');
  return agent.isMe ? t('members.me', { name: agent.name }) : agent.name;
}

export const agentsTable = ({ agents }: Figures, words: Words): DataTable => ({
  title: words.t('reports.agents.title'),
  columns: [
    { name: words.t('reports.column.agent') },
    { name: words.t('reports.column.open'), hint: words.t('reports.hint.open') },
    { name: words.t('reports.column.messages') },
    ...responseColumns(words),
    { name: words.t('reports.column.resolved') },
  ],
  rows: agents.map((row) => ({
    key: row.agent?.id ?? row.by,
    cells: [name(agentName(row, words)), count(row.open, words), count(row.messages, words), ...responseCells(row, words), count(row.resolved, words)],
  })),
});

export const serviceTypesTable = ({ serviceTypes }: Figures, words: Words): DataTable => ({
  title: words.t('reports.services.title'),
  columns: [{ name: words.t('reports.column.service') }, { name: words.t('reports.column.conversations') }, ...responseColumns(words)],
  rows: serviceTypes.map((row) => ({
    key: row.serviceType ?? '',
    cells: [name(row.serviceType ?? words.t('reports.services.none')), count(row.conversations, words), ...responseCells(row, words)],
  })),
});

export const templatesTable = ({ templates }: Figures, words: Words): DataTable => ({
  title: words.t('reports.templates.title'),
  columns: [
    { name: words.t('reports.column.template') },
    { name: words.t('reports.column.sent') },
    { name: words.t('reports.column.delivered') },
    { name: words.t('reports.column.read'), hint: words.t('reports.hint.read') },
    { name: words.t('reports.column.failed') },
    { name: words.t('reports.column.answered'), hint: words.t('reports.hint.answered') },
  ],
  rows: templates.map((row) => ({
    key: row.name,
    cells: [name(row.name), count(row.sent, words), part(row.delivered, row.sent, words), part(row.read, row.sent, words), part(row.failed, row.sent, words), part(row.answered, row.sent, words)],
  })),
});

export const failuresTable = ({ failures }: Figures, words: Words): DataTable => ({
  title: words.t('reports.failures.title'),
  columns: [{ name: words.t('reports.column.cause') }, { name: words.t('reports.column.code') }, { name: words.t('reports.column.times') }],
  rows: failures.map((row) => {
    const { what, fix } = explainError(row.code, words.t);
    return { key: String(row.code), cells: [{ raw: what, text: what, hint: fix }, { raw: row.code, text: row.code === null ? NONE : String(row.code) }, count(row.count, words)] };
  }),
});

export const aiTable = ({ ai }: Figures, words: Words): DataTable => ({
  title: words.t('reports.ai.title'),
  columns: [{ name: words.t('reports.column.what') }, { name: words.t('reports.column.times') }],
  rows: (['drafts', 'asIs', 'edited', 'discarded', 'automatic'] as const).map((key) => ({
    key,
    cells: [name(words.t(`reports.ai.${key}`)), key === 'drafts' || key === 'automatic' ? count(ai[key], words) : part(ai[key], ai.drafts, words)],
  })),
});

/** A figure of the report's head. `under`: what is said below it. */
export type Figure = { key: FigureKey; measure: Measure; wish: Wish; value(figures: Figures): number | null };
export type FigureKey = 'firstResponse' | 'nextResponse' | 'resolution' | 'onTime' | 'opened' | 'resolved' | 'in' | 'out' | 'lost' | 'aiShare';
/** In the order in which they are told. */
export const FIGURES: readonly Figure[] = [
  { key: 'firstResponse', measure: 'span', wish: 'less', value: ({ firstResponse }) => firstResponse.median },
  { key: 'nextResponse', measure: 'span', wish: 'less', value: ({ nextResponse }) => nextResponse.median },
  { key: 'resolution', measure: 'span', wish: 'less', value: ({ resolution }) => resolution.median },
  { key: 'onTime', measure: 'share', wish: 'more', value: ({ target }) => target.share },
  { key: 'opened', measure: 'count', wish: 'neither', value: ({ conversations }) => conversations.opened },
  { key: 'resolved', measure: 'count', wish: 'more', value: ({ conversations }) => conversations.resolved },
  { key: 'in', measure: 'count', wish: 'neither', value: ({ messages }) => messages.in },
  { key: 'out', measure: 'count', wish: 'neither', value: ({ messages }) => messages.out },
  { key: 'lost', measure: 'count', wish: 'less', value: ({ windows }) => windows.lost },
  { key: 'aiShare', measure: 'share', wish: 'neither', value: ({ ai }) => ai.share },
];

/** What is told of a figure besides: 9 of 10 and how often, or what it consists of. */
export function figureDetails(key: FigureKey, figures: Figures, words: Words): { under: string; hint?: string } {
  const { t, format } = words;
  const ofSpans = (spans: Spans): { under: string; hint?: string } => {
    const hint = wallHint(spans, words);
    return {
      under: spans.p90 === null ? t('reports.noneYet') : t('reports.p90', { time: format.span(spans.p90), count: spans.count, n: format.number(spans.count) }),
      ...(hint === undefined ? {} : { hint }),
    };
  };
  switch (key) {
    case 'firstResponse':
    case 'nextResponse':
    case 'resolution':
      return ofSpans(figures[key]);
    case 'onTime':
      return { under: figures.target.share === null ? t('reports.noneYet') : targetHint(figures.target, words) };
    case 'opened':
      return { under: t('reports.under.reopened', { count: figures.conversations.reopened, n: format.number(figures.conversations.reopened) }) };
    case 'resolved':
    case 'in':
      return { under: '' };
    case 'out':
      return { under: t('reports.under.out', { templates: format.number(figures.messages.templates), automatic: format.number(figures.messages.automatic) }) };
    case 'lost':
      return { under: t('reports.under.stopped', { count: figures.windows.stopped, n: format.number(figures.windows.stopped) }) };
    case 'aiShare':
      return { under: t('reports.under.fromDraft', { count: figures.messages.fromDraft, n: format.number(figures.messages.fromDraft) }) };
    default:
      throw new Error(`no such figure: ${String(key satisfies never)}`);
  }
}

export const figuresTable = ({ current, previous }: Pick<Report, 'current' | 'previous'>, words: Words): DataTable => {
  const cell = (value: number | null, measure: Measure): DataCell =>
    measure === 'span' ? span(value, words) : measure === 'share' ? share(value, words) : { raw: value, text: figureText(value, measure, words.format) };
  const unit = (measure: Measure): string => (measure === 'span' ? ` (${words.t('reports.unit.minutes')})` : measure === 'share' ? ' (%)' : '');
  const spansRow = (key: 'firstResponse' | 'nextResponse' | 'resolution', what: 'p90' | 'mean' | 'wallMedian') => {
    const text = `${words.t(`reports.figure.${key}`)}: ${words.t(`reports.column.${what}`)}${unit('span')}`;
    return { key: `${key}.${what}`, cells: [name(text), span(current[key][what], words), ...(previous ? [span(previous[key][what], words)] : [])] };
  };
  return {
    title: words.t('reports.figures'),
    columns: [{ name: words.t('reports.column.figure') }, { name: words.t('reports.column.value') }, ...(previous ? [{ name: words.t('reports.column.previous') }] : [])],
    rows: [
      ...FIGURES.map(({ key, measure, value }) => ({
        key,
        cells: [name(`${words.t(`reports.figure.${key}`)}${unit(measure)}`), cell(value(current), measure), ...(previous ? [cell(value(previous), measure)] : [])],
      })),
      ...(['firstResponse', 'nextResponse', 'resolution'] as const).flatMap((key) => (['p90', 'mean', 'wallMedian'] as const).map((what) => spansRow(key, what))),
    ],
  };
};

/** Every table of a report below the other, each under its title. */
export function reportRows(report: Report, about: readonly (readonly [string, string])[], words: Words): (string | number | null)[][] {
  const { current } = report;
  const tables = [
    figuresTable(report, words),
    ...[daysTable, responseTable, targetTable, heatTable, agentsTable, serviceTypesTable, templatesTable, failuresTable, aiTable].map((make) => make(current, words)),
  ];
  return [...about.map((row) => [...row]), ...tables.flatMap((table) => [[], [table.title], ...csvRows(table)])];
}

/** `mensajes-por-dia_2026-11-01_2026-11-30`, without an ending. */
export function fileNameOf(title: string, { from, to }: { from: string; to: string }): string {
  const slug = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return from === to ? `${slug}_${from}` : `${slug}_${from}_${to}`;
}
