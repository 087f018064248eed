/**
 * Measures contenders interleaved. Invariant: every contender runs in every round, and each round begins with another
 * one, so that what disturbs the machine for a while disturbs them alike.
 */
import { setImmediate } from 'node:timers/promises';
import { percentile } from './statistics.ts';

/** How much to measure. `quick`: only so much that everything has run once; its times mean nothing. `entries`, `messages`: of the log, and of the (largest) store, where they can be chosen; null: as usual. `signal`: give up, soon and cleanly. */
export type Effort = { quick: boolean; rounds: number; entries: number | null; messages: number | null; signal: AbortSignal };
const YIELD_EVERY_MS = 100;
/** `warmUps`: rounds that come first and are thrown away. */
export type Rounds = { rounds: number; warmUps: number; signal: AbortSignal };

export type Samples<Name extends string, T> = Record<Name, T[]>;

/** Runs every contender once per round. */
export async function measureRounds<Name extends string, T>(contenders: Record<Name, () => T | Promise<T>>, { rounds, warmUps, signal }: Rounds): Promise<Samples<Name, T>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Samples<Name, T>;
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of rotate(names, round + warmUps)) {
      signal.throwIfAborted();
      const sample = await contenders[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

/** Of one round, in milliseconds. */
export type Times = { p50: number; p95: number; p99: number };

/** Collects times, one of each contender in turn. The contenders get the same growing number, to choose the same arguments. */
export async function measureTimes<Name extends string>(
  contenders: Record<Name, (n: number) => Promise<number>>,
  { rounds, warmUps, signal, perRound }: Rounds & { perRound: number },
): Promise<Samples<Name, Times>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Times[]])) as Samples<Name, Times>;
  let n = 0;
  let yieldedAt = 0;
  for (let round = -warmUps; round < rounds; round += 1) {
    const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
    for (let call = 0; call < perRound; call += 1) {
      // Calls that wait for nothing would let no signal through. Not before each: it makes the next one colder.
      if (performance.now() - yieldedAt > YIELD_EVERY_MS) {
        await setImmediate();
        yieldedAt = performance.now();
      }
      signal.throwIfAborted();
      n += 1;
      for (const name of rotate(names, n)) times[name].push(await contenders[name](n));
    }
    if (round >= 0) for (const name of names) samples[name].push({ p50: percentile(times[name], 0.5), p95: percentile(times[name], 0.95), p99: percentile(times[name], 0.99) });
  }
  return samples;
}

/** How long a call takes, in milliseconds: for `measureTimes`. */
export const timed =
  (call: (n: number) => unknown) =>
  async (n: number): Promise<number> => {
    const from = performance.now();
    const answer = call(n);
    if (answer instanceof Promise) await answer;
    return performance.now() - from;
  };

/** One time of each round. */
export const pickTime = (times: readonly Times[], part: keyof Times): number[] => times.map((round) => round[part]);

function rotate<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
