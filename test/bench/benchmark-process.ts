/**
 * One benchmark in a process of its own: what another one left in memory, compiled code and caches does not count, and it
 * can be ended wherever it is.
 */
import { answerAsks } from '../support/ask-process.ts';
import { BENCHMARKS, type Benchmark } from './benchmarks.ts';
import type { BenchResult } from './figure.ts';
import { readPeakMb } from './peak-memory.ts';
import type { Effort } from './rounds.ts';

export type BenchmarkAsk = { name: string; effort: Omit<Effort, 'signal'> };

answerAsks(async ({ name, effort }: BenchmarkAsk): Promise<BenchResult> => {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort(new Error(signal)));
  try {
    const found = await (BENCHMARKS[name] as Benchmark).measure({ ...effort, signal: stopping.signal });
    return { ...found, peakMb: readPeakMb() };
  } catch (error) {
    if (stopping.signal.aborted) process.exit(1); // whoever asked knows why
    throw error;
  }
});
