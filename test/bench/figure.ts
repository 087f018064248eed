/**
 * What a benchmark gives out: a figure beside the ceiling that was measured with it. Invariant: a ratio is taken round by
 * round, between numbers measured moments apart, because a shared machine drifts by more than what we look for.
 */
import { spreadOf, type Spread } from './statistics.ts';

export type Unit = 'acks/s' | 'entries/s' | 'deliveries/s' | 'edits/s' | 'messages/s' | 'MB/s' | 'MB' | 'KiB' | 'ms' | 'µs';

/** `ratio`: of the figure to its ceiling. `value`: of the figure itself, in its unit; told, but not enforced, as machines differ. */
export type Goal = { of: 'ratio' | 'value'; is: 'at least' | 'at most'; limit: number };

export type Figure = {
  name: string;
  unit: Unit;
  figure: Spread;
  ceiling: (Spread & { name: string }) | null;
  /** Figure ÷ ceiling. */
  ratio: Spread | null;
  goal: Goal | null;
  verdict: 'met' | 'missed' | null;
};

/** What a benchmark found. `checks`: what was counted to be sure that the work was really done. */
export type BenchFindings = { figures: Figure[]; checks: Record<string, number>; notes: string[] };
/** One benchmark's part of the report. `peakMb`: the most memory that the measuring process had; null: not known. */
export type BenchResult = BenchFindings & { peakMb: number | null };

type Measured = { name: string; unit: Unit; rounds: readonly number[]; ceiling?: { name: string; rounds: readonly number[] }; goal?: Goal };

/** @param measured one number a round; figure and ceiling of a round stand at the same index. */
export function createFigure({ name, unit, rounds, ceiling, goal }: Measured): Figure {
  const ratio = ceiling ? spreadOf(rounds.map((value, round) => value / (ceiling.rounds[round] ?? Number.NaN))) : null;
  const figure = spreadOf(rounds);
  return {
    name,
    unit,
    figure,
    ceiling: ceiling ? { name: ceiling.name, ...spreadOf(ceiling.rounds) } : null,
    ratio,
    goal: goal ?? null,
    verdict: goal ? judge(goal, goal.of === 'ratio' ? ratio : figure) : null,
  };
}

export const ratioAtLeast = (limit: number): Goal => ({ of: 'ratio', is: 'at least', limit });
export const ratioAtMost = (limit: number): Goal => ({ of: 'ratio', is: 'at most', limit });
export const valueAtLeast = (limit: number): Goal => ({ of: 'value', is: 'at least', limit });
export const valueAtMost = (limit: number): Goal => ({ of: 'value', is: 'at most', limit });

function judge({ is, limit }: Goal, measured: Spread | null): Figure['verdict'] {
  if (!measured) throw new Error('a goal for a ratio needs a ceiling');
  return (is === 'at least' ? measured.median >= limit : measured.median <= limit) ? 'met' : 'missed';
}

/** The figures for which `--check` fails. */
export const missedRatios = (figures: readonly Figure[]): Figure[] => figures.filter(({ goal, verdict }) => goal?.of === 'ratio' && verdict === 'missed');
