/** What the benchmarks of reading have in common: the engine and the bare statements over the same file, called in turn. */
import { copyDesktopData } from '../data/desktop-data.ts';
import { FULL_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { openBenchEngine, type BenchEngine } from '../data/bench-engine.ts';
import { createFigure, valueAtMost, type BenchFindings, type Figure, type Goal } from '../figure.ts';
import { measureTimes, pickTime, timed, type Effort } from '../rounds.ts';
import { openBareStatements, type BareStatements } from './bare-statements.ts';

const CALLS = 250;
const QUICK_CALLS = 20;
const WARM_UPS = 2;

export type Sources = { client: BenchEngine['client']; bare: BareStatements; dataDir: string };
export type Cases = { cases: ReadCase[]; checks: BenchFindings['checks'] };
/** `engine` and `bare` get the number of the call and must read the same. `p99Ms`: the goal of the slowest of a hundred, if there is one. */
export type ReadCase = { name: string; engine(n: number): unknown; bare(n: number): unknown; ratio: Goal | null; p99Ms: number | null };

/** @param toCases gives the cases, having checked that engine and bare statements agree. `fullSize`: of the data, unless the run is a quick one. */
export async function measureReads(effort: Effort, toCases: (sources: Sources) => Promise<Cases>, fullSize = FULL_SIZE): Promise<BenchFindings> {
  const size = effort.quick ? QUICK_SIZE : fullSize;
  const { dataDir, remove } = copyDesktopData(size);
  const { engine, client } = openBenchEngine(dataDir);
  const bare = openBareStatements(dataDir);
  try {
    const { cases, checks } = await toCases({ client, bare, dataDir });
    const figures: Figure[] = [];
    for (const readCase of cases) figures.push(...(await measureCase(readCase, effort)));
    return {
      figures,
      checks,
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${size.conversations.toLocaleString('en-US')} conversations, the biggest with ${size.biggest.toLocaleString('en-US')}; in-process calls, pages of 50`,
      ],
    };
  } finally {
    bare.close();
    await engine.stop();
    remove();
  }
}

async function measureCase({ name, engine, bare, ratio, p99Ms }: ReadCase, { quick, rounds, signal }: Effort): Promise<Figure[]> {
  const samples = await measureTimes({ engine: timed(engine), bare: timed(bare) }, { rounds, warmUps: quick ? 0 : WARM_UPS, signal, perRound: quick ? QUICK_CALLS : CALLS });
  const pick = (part: 'p50' | 'p99') => ({ rounds: pickTime(samples.engine, part), ceiling: { name: 'bare statement', rounds: pickTime(samples.bare, part) } });
  return [
    createFigure({ name: `${name}, p50`, unit: 'ms', ...pick('p50'), ...(ratio && { goal: ratio }) }),
    createFigure({ name: `${name}, p99`, unit: 'ms', ...pick('p99'), ...(p99Ms !== null && { goal: valueAtMost(p99Ms) }) }),
  ];
}

/** An element for the number of a call; neighbours in number are far apart in the list. */
export function takeSpread<T>(list: readonly T[], n: number): T {
  const found = list[(n * 7_919) % list.length];
  if (found === undefined) throw new Error('nothing to read');
  return found;
}
