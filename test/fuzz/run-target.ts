/** Feeds a target so many inputs. Every fault is told with the number that draws its input again. */
import { inspect } from 'node:util';
import { createRandom } from '../../main/demo/meta/random.ts';
import type { Target } from './target.ts';

export type Fault = { input: number; what: string; last: string };
export type TargetReport = {
  name: string;
  inputs: number;
  seconds: number;
  slowestMs: number;
  faults: Fault[];
  /** MB of JavaScript objects after a tenth and at the end; null: not measured. */ heapMb: [number, number] | null;
};

const FAULTS_MAX = 20;
const LAST_SHOWN = 2_000;
/** Of heap, beyond what it was after the first tenth, which fills caches. */
export const GROWTH_MAX_MB = 64;
const JUDGED_EVERY = 5_000;
/** Often enough that a slow target on a busy machine is not taken for one that hangs. */
const TOLD_EVERY = 100;

export async function runTarget(target: Target, { seed, inputs, from = 0, onProgress }: { seed: number; inputs: number; from?: number; onProgress?: (done: number) => void }): Promise<TargetReport> {
  const faults: Fault[] = [];
  let slowestMs = 0;
  let heapEarly = 0;
  let at = from;
  const opened = await target.open();
  const note = (error: unknown): void => {
    if (faults.length < FAULTS_MAX) faults.push({ input: at, what: inspect(error, { depth: 4 }).slice(0, 4_000), last: inspect(opened.last(), { maxStringLength: LAST_SHOWN, depth: 4 }) });
  };
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  const readHeap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const startedAt = performance.now();
  try {
    for (; at < from + inputs && faults.length < FAULTS_MAX; at += 1) {
      const began = process.cpuUsage();
      try {
        await opened.feed(createRandom(seed + at, target.name));
      } catch (error) {
        note(error);
      }
      const spent = process.cpuUsage(began);
      const took = (spent.user + spent.system) / 1_000;
      slowestMs = Math.max(slowestMs, took);
      if (took > target.withinMs) note(new Error(`it took ${Math.round(took)} ms`));
      if (at - from === Math.floor(inputs / 10)) heapEarly = readHeap();
      if (at % JUDGED_EVERY === JUDGED_EVERY - 1) await opened.judge?.();
      if (at % TOLD_EVERY === TOLD_EVERY - 1) onProgress?.(at - from + 1);
    }
    await opened.judge?.();
  } catch (error) {
    note(error);
  } finally {
    await opened.close?.();
    // What nobody waited for comes now.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const heapMb: [number, number] | null = globalThis.gc ? [heapEarly, readHeap()] : null;
  if (heapMb && heapMb[1] - heapMb[0] > GROWTH_MAX_MB) note(new Error(`its memory grew from ${heapMb[0].toFixed(0)} to ${heapMb[1].toFixed(0)} MB`));
  return { name: target.name, inputs: at - from, seconds, slowestMs, faults, heapMb };
}
