/** The report: a table for people, JSON for comparing runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { BenchResult, Figure, Goal } from './figure.ts';
import type { Spread } from './statistics.ts';

export type Machine = { cores: number; cpu: string; memoryGb: number; platform: string; node: string; sqlite: string; loadAverage: number };

export function readMachine(): Machine {
  const db = new Database(':memory:');
  const sqlite = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  db.close();
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    cpu: cpus[0]?.model.trim() || 'unknown',
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
    sqlite,
    loadAverage: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

export const describeMachine = ({ cores, cpu, memoryGb, platform, node, sqlite, loadAverage }: Machine): string =>
  `${cores} cores (${cpu}), ${memoryGb} GB, ${platform}; Node ${node}, SQLite ${sqlite}; load before the run ${loadAverage}`;

export const HEAD = ['figure', 'measured (lowest–highest round)', 'ceiling', 'ratio', 'goal', 'verdict'];

export function describeResult(bench: string, { figures, notes, peakMb }: BenchResult): string {
  const memory = peakMb === null ? [] : [`  most memory of the measuring process: ${Math.round(peakMb)} MB`];
  return [bench, ...formatTable([HEAD, ...figures.map(toCells)]), ...notes.map((note) => `  ${note}`), ...memory].join('\n');
}

/** One for each column of `HEAD`. */
export const toCells = (figure: Figure): string[] => [
  figure.name,
  `${formatSpread(figure.figure)} ${figure.unit}`,
  figure.ceiling ? `${formatSpread(figure.ceiling)} ${figure.ceiling.name}` : '–',
  figure.ratio ? formatSpread(figure.ratio) : '–',
  figure.goal ? describeGoal(figure.goal, figure) : '–',
  figure.verdict ?? '–',
];

export function writeResult(dir: string, bench: string, result: BenchResult, run: { at: string; quick: boolean; machine: Machine }): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, `${bench}.json`), `${JSON.stringify({ bench, ...run, ...result }, null, 2)}\n`);
}

const describeGoal = ({ of, is, limit }: Goal, { unit }: Figure): string => `${is === 'at least' ? '≥' : '≤'} ${of === 'ratio' ? `${limit}×` : `${limit} ${unit}`}`;

const formatSpread = ({ median, low, high }: Spread): string => `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`;

const formatNumber = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3));

/** Lines of a table whose columns are as wide as their widest cell. */
export function formatTable(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
