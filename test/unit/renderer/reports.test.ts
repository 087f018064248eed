/** What the page of reports says: changes in words, colours of hours, hours of the week, and what leaves as files. */
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import type { Figures, Report } from '../../../contract/reports.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { compareFigures, type Measure, type Wish } from '../../../renderer/reports/compare.ts';
import { fullestHour, HEAT_LEVELS, heatLevel } from '../../../renderer/reports/heat-scale.ts';
import { hoursText } from '../../../renderer/reports/hours-text.ts';
import { agentsTable, failuresTable, fileNameOf, reportRows } from '../../../renderer/reports/report-tables.ts';
import { heatSummary, messagesSummary, responseSummary } from '../../../renderer/reports/summaries.ts';
import { daysOf, readPeriod } from '../../../renderer/store/period.ts';
import { csvRows, sortRows, type DataRow } from '../../../renderer/ui/data-table.ts';
import { writeCsv } from '../../../renderer/ui/write-csv.ts';
import { TEXTS } from '../../support/texts.ts';

const { t } = TEXTS.es;
const format = createFormats('es');
const words = { t, format };
const MINUTE = 60_000;

const spans = (median: number | null) => ({ count: median === null ? 0 : 4, median, p90: median, mean: median, wallMedian: median });
const target = (within: number, late: number, missed: number) => ({ within, late, missed, share: within + late + missed === 0 ? null : (100 * within) / (within + late + missed) });

function makeFigures(changed: Partial<Figures> = {}): Figures {
  return {
    conversations: { opened: 3, reopened: 1, resolved: 2 },
    messages: { in: 12_000, out: 345, automatic: 0, fromDraft: 1, templates: 0 },
    firstResponse: spans(90 * MINUTE),
    nextResponse: spans(null),
    resolution: spans(600 * MINUTE),
    target: target(2, 1, 1),
    days: [
      { day: '2026-11-01', in: 11_000, out: 45, firstResponse: 30 * MINUTE, target: target(2, 0, 0) },
      { day: '2026-11-02', in: 1_000, out: 300, firstResponse: 120 * MINUTE, target: target(0, 1, 1) },
      { day: '2026-11-03', in: 0, out: 0, firstResponse: null, target: target(0, 0, 0) },
    ],
    heat: Array.from({ length: 7 }, (_, weekday) => Array.from({ length: 24 }, (_hour, hour) => (weekday === 1 && hour === 10 ? 40 : weekday === 4 && hour === 9 ? 40 : 0))),
    agents: [
      { by: 'person', agent: { id: 'a', name: '=HYPERLINK("x")', isMe: false }, messages: 5, turns: 3, response: spans(90_500), target: target(1, 1, 1), resolved: 2, open: 4 },
      { by: 'automatic', agent: null, messages: 1, turns: 1, response: spans(null), target: target(0, 0, 0), resolved: 0, open: 0 },
    ],
    serviceTypes: [],
    templates: [{ name: 'aviso', sent: 4, delivered: 3, read: 2, failed: 1, answered: 2 }],
    failures: [{ code: 131_026, count: 2 }],
    windows: { lost: 1, stopped: 0 },
    ai: { drafts: 4, asIs: 2, edited: 1, discarded: 1, automatic: 0, share: 12.34 },
    ...changed,
  };
}

const report: Report = {
  period: { from: '2026-11-01', to: '2026-11-03', startsAt: 0, endsAt: 1 },
  timeZone: 'America/Guatemala',
  targetMinutes: 60,
  current: makeFigures(),
  previous: makeFigures({ messages: { in: 6_000, out: 345, automatic: 0, fromDraft: 0, templates: 0 } }),
  progress: 1,
};

test.each<[number | null, number | null, Measure, Wish, string | null, string]>([
  [24 * MINUTE, 30 * MINUTE, 'span', 'less', 'better', '\u{2212}20\u{A0}% · mejor'],
  [36 * MINUTE, 30 * MINUTE, 'span', 'less', 'worse', '+20\u{A0}% · peor'],
  [83, 80, 'share', 'more', 'better', '+3 puntos · mejor'],
  [79, 80, 'share', 'more', 'worse', '\u{2212}1 punto · peor'],
  [90, 100, 'count', 'neither', 'same', '\u{2212}10\u{A0}% · menos'],
  [100, 100, 'count', 'more', 'same', 'igual'],
  // Less than half a per cent.
  [1000, 1001, 'count', 'less', 'same', 'igual'],
  // Of nothing there are no per cents.
  [3, 0, 'count', 'less', 'worse', '+3 · peor'],
  [null, 30 * MINUTE, 'span', 'less', 'same', 'sin datos ahora'],
])('%s after %s (%s, better with %s) is told in sign and words', (now, before, measure, wish, tone, text) => {
  expect(compareFigures({ now, before, measure, wish }, t, format)).toMatchObject({ tone, text });
});

test('what was counted never before is compared with nothing', () => {
  expect(compareFigures({ now: 5, before: null, measure: 'span', wish: 'less' }, t, format)).toBeNull();
});

test('an hour with a single message is seen, and only hours near the fullest have its colour', () => {
  expect([0, 1, 20, 21, 80, 81, 100].map((value) => heatLevel(value, 100))).toEqual([0, 1, 1, 2, 4, HEAT_LEVELS, HEAT_LEVELS]);
  expect(heatLevel(0, 0)).toBe(0);
  expect(heatLevel(1, 1)).toBe(HEAT_LEVELS);
  expect(fullestHour(makeFigures().heat)).toEqual({ weekday: 1, hour: 10, count: 40 });
  expect(fullestHour([[0, 0]])).toBeNull();
});

test('each chart says what it shows in a sentence', () => {
  expect(messagesSummary(report.current, words)).toBe('12,345 mensajes: 12,000 de clientes y 345 del equipo. El día con más fue el 1 nov 2026, con 11,045.');
  expect(responseSummary(report, words)).toBe('La mitad de las primeras respuestas llegó en 1 h 30 min o menos. 1 de 2 días estuvieron dentro de la meta.');
  expect(responseSummary({ ...report, targetMinutes: null }, words)).toBe('La mitad de las primeras respuestas llegó en 1 h 30 min o menos.');
  expect(heatSummary(report.current, words)).toBe('La hora con más mensajes es el martes a las 10:00, con 40.');
  expect(heatSummary({ heat: [[0]] }, words)).toBe('Sin datos');
});

test('hours of the week stand in one line, equal days together', () => {
  const day = [
    { from: '08:00', to: '12:00' },
    { from: '14:00', to: '18:00' },
  ];
  expect(hoursText({ days: [day, day, day, day, day, [{ from: '08:00', to: '12:00' }], []] }, t, format)).toBe('lun–vie 08:00–12:00, 14:00–18:00; sáb 08:00–12:00');
  expect(hoursText({ days: [[], [], [], [], [], [], []] }, t, format)).toBe('Siempre cerrado');
});

test('a file has minutes and per cents as numbers, empty cells for what there is none of, and nothing that a spreadsheet would run', () => {
  const rows = parse(writeCsv(csvRows(agentsTable(report.current, words))), { bom: true }) as string[][];
  expect(rows).toEqual([
    ['Agente', 'Abiertas ahora', 'Mensajes', 'Esperas', 'Mediana (min)', '9 de 10 (min)', 'A tiempo (%)', 'Resueltas'],
    [`'=HYPERLINK("x")`, '4', '5', '3', '1.51', '1.51', '33.3', '2'],
    ['Respuestas automáticas', '0', '1', '1', '', '', '', '0'],
  ]);
  expect(writeCsv([[-5, '-5', '@x', '\rx', null]])).toBe("\u{FEFF}-5,'-5,'@x,\"'\rx\",\r\n");
});

test('the whole report is every table under its title, with both periods', () => {
  const rows = reportRows(report, [['Informe', 'noviembre']], words);
  expect(rows[0]).toEqual(['Informe', 'noviembre']);
  const titles = rows.filter((row, at) => row.length === 1 && rows[at - 1]?.length === 0).map(([title]) => title);
  expect(titles).toEqual([
    'Cifras',
    'Mensajes por día',
    'Primera respuesta por día',
    'A tiempo por día',
    'Cuándo escriben los clientes',
    'Carga y rapidez por agente',
    'Por tipo de servicio',
    'Resultado de las plantillas',
    'Mensajes que no llegaron',
    'Qué hizo la IA',
  ]);
  expect(rows).toContainEqual(['Mensajes recibidos', 12_000, 6_000]);
  expect(rows).toContainEqual(['Primera respuesta (min)', 90, 90]);
  expect(rows).toContainEqual(['2026-11-02', 1_000, 300]);
});

test('failures are told in words, with the code beside them', () => {
  const [row] = failuresTable(report.current, words).rows;
  expect(row!.cells.map(({ text }) => text)).toEqual([expect.stringMatching(/\w+ \w+/), '131026', '2']);
  expect(row!.cells[0]!.hint).toBeTruthy();
});

test('a table sorts figures by size and names by the alphabet, and what is missing stays last', () => {
  const rows: DataRow[] = [
    ['Ñato', 2],
    ['nube', 10],
    ['oso', null],
    ['Ana', 1],
  ].map(([name, raw]) => ({
    key: String(name),
    cells: [
      { raw: name as string, text: '' },
      { raw: raw as number | null, text: '' },
    ],
  }));
  const keys = (column: number, isDown: boolean): string[] => sortRows(rows, { column, isDown }, 'es').map(({ key }) => key);
  expect(keys(0, false)).toEqual(['Ana', 'nube', 'Ñato', 'oso']);
  expect(keys(1, true)).toEqual(['nube', 'Ñato', 'Ana', 'oso']);
  expect(keys(1, false)).toEqual(['Ana', 'Ñato', 'nube', 'oso']);
});

test('files are named by what they are and their period', () => {
  expect(fileNameOf('Cuándo escriben los clientes', { from: '2026-11-01', to: '2026-11-30' })).toBe('cuando-escriben-los-clientes_2026-11-01_2026-11-30');
  expect(fileNameOf('A tiempo por día', { from: '2026-11-01', to: '2026-11-01' })).toBe('a-tiempo-por-dia_2026-11-01');
});

test('periods end today, and months follow the calendar', () => {
  expect(daysOf({ kind: 'today' }, '2026-03-01')).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(daysOf({ kind: 'days', days: 7 }, '2026-03-01')).toEqual({ from: '2026-02-23', to: '2026-03-01' });
  expect(daysOf({ kind: 'this_month' }, '2026-03-15')).toEqual({ from: '2026-03-01', to: '2026-03-15' });
  expect(daysOf({ kind: 'last_month' }, '2028-03-31')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  expect(daysOf({ kind: 'last_month' }, '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
});

test('of a kept period only what is one is taken', () => {
  expect(readPeriod({ kind: 'own', from: '2026-01-01', to: '2026-01-05' })).toEqual({ kind: 'own', from: '2026-01-01', to: '2026-01-05' });
  for (const kept of [null, 7, {}, { kind: 'days', days: 8 }, { kind: 'own', from: '2026-02-01', to: '2026-01-05' }, { kind: 'own', from: '2026-13-01', to: '2026-13-05' }])
    expect(readPeriod(kept)).toBeNull();
});
