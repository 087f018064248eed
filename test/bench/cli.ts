/**
 * `npm run bench`: measures beside ceilings, prints tables and writes JSON. Exit codes: 0 measured, 1 a benchmark failed
 * (or, with `--check`, a ratio missed its goal), 2 called wrongly, 130 interrupted.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../../contract/log.ts';
import { BENCHMARKS, type Benchmark } from './benchmarks.ts';
import { missedRatios, type BenchResult, type Figure } from './figure.ts';
import { forkAsked } from '../support/ask-process.ts';
import { PERFORMANCE_PAGE, rewritePart } from '../support/page-part.ts';
import type { BenchmarkAsk } from './benchmark-process.ts';
import { SIZES } from './data/sizes.ts';
import { describeBenchmarks } from './performance-page.ts';
import { describeMachine, describeResult, readMachine, writeResult } from './report.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Below this no desktop bothers with a snapshot. */
const ENTRIES_MIN = 6_000;
const NAMES = Object.keys(BENCHMARKS);
const NAME_WIDTH = Math.max(...NAMES.map((name) => name.length)) + 2;
/** A benchmark that is interrupted ends its programs itself; where it does not come to it, it is ended. */
const GRACE_MS = 10_000;
const INTERRUPTED = 130;

const HELP = `Measures Bandeja beside what the same machine gives at most, in the same run.

npm run bench                        everything
npm run bench -- NAME… [options]

${Object.entries(BENCHMARKS)
  .map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH)}${summary}`)
  .join('\n')}

  --rounds N   how often everything is measured (the table shows medians)
  --entries N  length of the log that first-sync, catch-up and relay-catch-up read (100000, 50000, 200000)
  --messages N of the store that engine-start, window, million and snapshots take, and of the largest that growth compares (1000000; snapshots 100000);
               one of 100000, 1000000, 5000000
  --check      exit code 1 if a ratio misses its goal
  --quick      runs everything once, on little data: shows that it works, its times mean nothing (two to three minutes for all)
  --write      keeps the tables of what was run in docs/performance.md
  --out DIR    where the JSON goes (out/bench)

All of it takes some 45 minutes on two cores that do nothing else, and growth with 5,000,000 messages an hour more, the first time, and 30 GB of disk: data is made once and kept in node_modules/.cache.
`;

class UsageError extends Error {}

type Options = { names: string[]; rounds: number | null; entries: number | null; messages: number | null; check: boolean; quick: boolean; write: boolean; out: string };

/** @returns null if only the help was asked for. */
function readOptions(): Options | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      entries: { type: 'string' },
      messages: { type: 'string' },
      check: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      out: { type: 'string', default: path.join(ROOT, 'out/bench') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no benchmark ${unknown}; there are ${NAMES.join(', ')}`);
  const rounds = values.rounds === undefined ? null : Number(values.rounds);
  if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0)) throw new UsageError('--rounds must be a whole number of at least 1');
  const entries = values.entries === undefined ? null : Number(values.entries);
  if (entries !== null && !(Number.isInteger(entries) && entries >= ENTRIES_MIN)) throw new UsageError(`--entries must be a whole number of at least ${ENTRIES_MIN}`);
  const sizes = SIZES.slice(1).map((size) => size.messages);
  const messages = values.messages === undefined ? null : Number(values.messages);
  if (messages !== null && !sizes.includes(messages)) throw new UsageError(`--messages must be one of ${sizes.join(', ')}`);
  const { check, quick, write } = values;
  if (check && quick) throw new UsageError('--quick measures too little to --check');
  if (write && quick) throw new UsageError('--quick measures too little to --write');
  return { names: positionals.length === 0 ? NAMES : NAMES.filter((name) => positionals.includes(name)), rounds, entries, messages, check, quick, write, out: path.resolve(values.out) };
}

/** @returns the exit code. */
async function runBenchmarks({ names, rounds: wanted, entries, messages, check, quick, write, out }: Options): Promise<number> {
  // What could not be kept in the end is said before an hour of measuring.
  makeFolder(out);
  if (write) rewritePart(PERFORMANCE_PAGE, 'bench', (before) => before);
  print(`${describeMachine(readMachine())}\n`);
  const figures: Figure[] = [];
  let failed = 0;
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort(new Error(signal)));
  for (const [place, name] of names.entries()) {
    const { summary, rounds: usual } = BENCHMARKS[name] as Benchmark;
    const rounds = quick ? 1 : (wanted ?? usual);
    const run = { at: new Date().toISOString(), quick, machine: readMachine() };
    try {
      const found = await measureApart({ name, effort: { quick, rounds, entries, messages } }, stopping.signal);
      const result = { ...found, ...(quick && { figures: found.figures.map(withoutVerdict) }) };
      writeResult(out, name, result, run);
      if (write) rewritePart(PERFORMANCE_PAGE, 'bench', (before) => describeBenchmarks(before, NAMES, [{ name, summary, at: run.at, rounds, machine: run.machine, result }]));
      print(`${describeResult(name, result)}\n`);
      figures.push(...result.figures);
    } catch (error) {
      if (stopping.signal.aborted) {
        print(`interrupted: ${names.slice(place).join(', ')} not measured; what was measured before is kept`);
        return INTERRUPTED;
      }
      failed += 1;
      process.stderr.write(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : errorText(error)}\n`);
    }
  }
  if (quick) print('a short form: its times mean nothing, and no goal is judged');
  const missed = missedRatios(figures);
  if (!quick) print(`${figures.filter(({ verdict }) => verdict === 'met').length} goals met, ${figures.filter(({ verdict }) => verdict === 'missed').length} missed (${missed.length} of them ratios)`);
  if (check) for (const { name, ceiling } of missed) print(`  missed: ${name}, beside ${ceiling?.name}`);
  return failed === 0 && !(check && missed.length > 0) ? 0 : 1;
}

/** Everything that it puts into the folder for temporary files is gone afterwards, however it ended. @throws what the benchmark throws, and when the signal has come */
async function measureApart(ask: BenchmarkAsk, signal: AbortSignal): Promise<BenchResult> {
  signal.throwIfAborted();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-'));
  chmodSync(folder, 0o711); // PostgreSQL runs as somebody else, and has a folder in it
  const apart = forkAsked<BenchmarkAsk, BenchResult>(path.join(import.meta.dirname, 'benchmark-process.ts'), { TMPDIR: folder, TEMP: folder, TMP: folder });
  let ending: NodeJS.Timeout | undefined;
  const end = (): void => {
    apart.stop();
    ending = setTimeout(() => apart.stop('SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    return await apart.ask(ask);
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(ending);
    apart.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws UsageError */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${folder}: ${errorText(error)}`);
  }
}

/** One round on little data judges nothing. */
const withoutVerdict = (figure: Figure): Figure => ({ ...figure, verdict: null });

const print = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const options = readOptions();
  if (options) process.exitCode = await runBenchmarks(options);
  else process.stdout.write(HELP);
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(`${isUsage ? `${error.message}\nTry --help.` : errorText(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
