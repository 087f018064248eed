/** What `npm run eval` measures: parts with figures, each beside the bar it has to reach. */

export type EvalFigure = {
  name: string;
  value: number;
  unit: '%' | 'ms' | '';
  /** Null: told for its own sake. */
  bar: { atLeast: number } | { atMost: number } | null;
  /** Of how many cases. */
  cases: number;
};
export type EvalPart = {
  summary: string;
  /** `dataDir`: where public data sets lie (`--data`); null: own fixtures only. */
  measure: (options: { dataDir: string | null }) => Promise<EvalFigure[]>;
};

export const hasReached = ({ value, bar }: EvalFigure): boolean => bar === null || ('atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost);

export const percent = (some: number, all: number): number => (all === 0 ? 0 : (100 * some) / all);

export function describeFigure(figure: EvalFigure): string {
  const { name, value, unit, bar, cases } = figure;
  const verdict = bar === null ? '' : hasReached(figure) ? 'ok' : 'BELOW THE BAR';
  const wanted = bar === null ? '' : 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`;
  return `  ${name.padEnd(52)}${`${value.toFixed(1)} ${unit}`.padStart(10)}  ${wanted.padEnd(9)}${String(cases).padStart(6)}  ${verdict}`.trimEnd();
}
