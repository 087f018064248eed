/**
 * The part of `docs/performance.md` that `npm run bench -- --write` makes: one table for each benchmark, with when and where it was measured. Invariants: every number
 * comes from a run; a benchmark that was not run keeps the table that it had, and its date.
 */
import type { BenchResult } from './figure.ts';
import { describeMachine, HEAD, toCells, type Machine } from './report.ts';

export type Measured = { name: string; summary: string; at: string; rounds: number; machine: Machine; result: BenchResult };

const MISSED = '**missed**';
const HEADING = '### ';

const INTRODUCTION = `## Beside what the machine can do

This part is made by \`npm run bench -- --write\`. Each figure stands beside a *ceiling*: the least that could be done for the same result, or what a developer would use instead,
measured in the same rounds, one after the other, so that whatever disturbs the machine disturbs both. The *ratio* is figure ÷ ceiling, taken round by round. Numbers are medians, with the
lowest and the highest round in brackets. A goal for a ratio is judged by \`--check\`; one in ms or MB is told, since machines differ. The data is made by a seeded generator: the same every time.`;

/** @param before what stood there. @param names of all benchmarks, in their order. */
export function describeBenchmarks(before: string, names: readonly string[], measured: readonly Measured[]): string {
  const tables = new Map<string, string>();
  for (const text of before.split(`\n${HEADING}`).slice(1)) tables.set(/^[\w-]+/.exec(text)?.[0] ?? '', text.trim());
  for (const one of measured) tables.set(one.name, describeOne(one));
  const parts = names.flatMap((name) => tables.get(name) ?? []);
  return [INTRODUCTION, describeVerdicts(parts), ...parts.map((text) => `${HEADING}${text}`)].join('\n\n');
}

function describeOne({ name, summary, at, rounds, machine, result: { figures, notes, peakMb } }: Measured): string {
  const rows = [HEAD, ['---', '---:', '---', '---:', '---:', '---'], ...figures.map(toCells).map((cells) => cells.map((cell) => (cell === 'missed' ? MISSED : cell)))];
  const memory = peakMb === null ? '' : `; the measuring process had at most ${Math.round(peakMb).toLocaleString('en-US')} MB`;
  return [
    `${name}: ${summary}`,
    '',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...notes.map((note) => `- ${note}`),
    `- ${at.slice(0, 10)}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; ${describeMachine(machine)}${memory}`,
  ].join('\n');
}

/** Of a cell `100 (90–110) bare`. */
function besideWhat(cell: string): string {
  const ceiling = cell.split(') ')[1];
  return ceiling === undefined ? '' : `, beside ${ceiling}`;
}

function describeVerdicts(parts: readonly string[]): string {
  const rows = parts.flatMap((text) => text.split('\n').map((line) => ({ name: /^[\w-]+/.exec(text)?.[0] ?? '', cells: line.split(' | ') })));
  const isRatio = (cells: readonly string[]): boolean => cells.at(-2)?.endsWith('×') ?? false;
  const missed = rows.filter(({ cells }) => cells.at(-1) === `${MISSED} |`);
  const ratios = missed.filter(({ cells }) => isRatio(cells)).map(({ name, cells }) => `${name}: ${cells[0]?.slice(2)}${besideWhat(cells[2] ?? '')}: ${cells[3]}, goal ${cells[4]}`);
  const values = missed.filter(({ cells }) => !isRatio(cells)).map(({ name, cells }) => `${name}: ${cells[0]?.slice(2)}: ${cells[1]}, goal ${cells[4]}`);
  const met = rows.filter(({ cells }) => cells.at(-1) === 'met |').length;
  const list = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [[title, '', ...lines.map((line) => `- ${line}`)].join('\n')]);
  return [
    `${met} goals are met, ${missed.length} missed.`,
    ...list(`Ratios that miss their goal (${ratios.length}):`, ratios),
    ...list(`Figures that miss theirs on the machine they were measured on (${values.length}), whatever they are beside a ceiling:`, values),
  ].join('\n\n');
}
