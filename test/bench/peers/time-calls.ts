/** Times of a question that may take a microsecond or a second. */
import { percentile } from '../statistics.ts';

const ENOUGH_MS = 150;
const CALLS_MAX = 200;
const CALLS_MIN = 3;

/** @returns the median, ms. */
export async function timeCalls(call: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let spent = 0; times.length < CALLS_MIN || (spent < ENOUGH_MS && times.length < CALLS_MAX);) {
    const from = performance.now();
    await call(times.length);
    const time = performance.now() - from;
    times.push(time);
    spent += time;
  }
  return percentile(times, 0.5);
}
