/**
 * Starting on a million messages: the built program until it is ready and until it has answered with the first page, and the engine alone in a new process, with the database's pages in
 * memory and without. And the memory that the program keeps, after its start and after much reading.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { chooseSize, MILLION_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { takeSpread } from '../conversation-reads/read-figures.ts';
import { createFigure, valueAtMost, type BenchFindings, type Figure, type Goal } from '../figure.ts';
import { readMemoryMb } from '../peak-memory.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { connectShell } from '../shell-client.ts';
import type { PageAsk } from './first-page-process.ts';
import { timeFirstPage } from './time-first-page.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BUILD = "import { buildIfStale } from './main/dev/build-if-stale.mjs'; buildIfStale(process.execPath);";
const READY_MS = 400;
const WARM_MS = 5;
const COLD_MS = 40;
const MEMORY_MB = 200;
/** Lists, conversations and searches each. */
const READS = 1_500;
const QUICK_READS = 20;
const WORDS = ['bomba', 'factura', 'inst', 'gracias', 'Carlos', 'zona 10', 'mant'];

type Started = { readyMs: number; pageMs: number; readyMb: number | null; usedMb: number | null };

export async function measureEngineStart({ quick, rounds, messages, signal }: Effort): Promise<BenchFindings> {
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', BUILD], { cwd: ROOT });
  const size = quick ? QUICK_SIZE : chooseSize(messages, MILLION_SIZE);
  const data = { engine: copyDesktopData(size), bare: copyDesktopData(size) };
  const reads = quick ? QUICK_READS : READS;
  const page = (how: PageAsk['how'], before?: (dataDir: string) => void) => (): Promise<number> => timeFirstPage({ how, dataDir: data[how].dataDir }, before);
  try {
    const canDrop = dropFileCache(data.bare.dataDir);
    const effort = { rounds, warmUps: 1, signal };
    const programs = await measureRounds({ engine: () => startEngine(data.engine.dataDir, reads), bare: () => startBare(data.bare.dataDir) }, effort);
    const warm = await measureRounds({ engine: page('engine'), bare: page('bare') }, effort);
    const cold = canDrop ? await measureRounds({ engine: page('engine', dropFileCache), bare: page('bare', dropFileCache) }, effort) : null;
    const figure = (name: string, unit: 'ms' | 'MB', of: { engine: number[]; bare: number[] }, ceiling: string, goal: Goal | null): Figure =>
      createFigure({ name, unit, rounds: of.engine, ceiling: { name: ceiling, rounds: of.bare }, ...(goal && { goal }) });
    const each = (part: keyof Started): { engine: number[]; bare: number[] } => ({
      engine: programs.engine.flatMap((started) => started[part] ?? []),
      bare: programs.bare.flatMap((started) => started[part] ?? []),
    });
    const program = 'a bare program';
    const statement = 'database opened, one bare statement';
    return {
      figures: [
        figure('program ready', 'ms', each('readyMs'), program, valueAtMost(READY_MS)),
        figure('program ready and its first page answered', 'ms', each('pageMs'), program, null),
        figure('engine opened and first page, warm', 'ms', warm, statement, valueAtMost(WARM_MS)),
        ...(cold ? [figure('engine opened and first page, cold', 'ms', cold, statement, valueAtMost(COLD_MS))] : []),
        ...(each('readyMb').engine.length > 0
          ? [
              figure('memory of the program when ready', 'MB', each('readyMb'), program, null),
              figure(`memory after ${(3 * reads).toLocaleString('en-US')} reads`, 'MB', each('usedMb'), program, valueAtMost(MEMORY_MB)),
            ]
          : []),
      ],
      checks: { messages: size.messages, reads: 3 * reads },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages; the program as it is built: engine and browser shell in one process, without a window; the bare one reads a page and waits`,
        'in a new process each time, its modules loaded; cold: the pages of the database are not in the memory of the operating system, of the machine’s disk perhaps in that of its host',
        ...(cold ? [] : ['cold skipped: `dd` cannot drop the pages of a file here']),
      ],
    };
  } finally {
    data.engine.remove();
    data.bare.remove();
  }
}

async function startEngine(dataDir: string, reads: number): Promise<Started> {
  const from = performance.now();
  const program = await startProgram('out/main/browser.js', ['--data-dir', dataDir, '--no-open']);
  const readyMs = performance.now() - from;
  try {
    const { client, close } = await connectShell(String(program.ready.url));
    const { items } = await client.conversations.list({});
    const pageMs = performance.now() - from;
    const readyMb = memoryOf(program);
    for (let n = 0; n < reads; n += 1) {
      const { items: some, nextCursor } = await client.conversations.list(n % 2 === 0 ? {} : { status: 'archived' });
      const { id } = takeSpread(nextCursor === null ? items : some, n);
      await client.conversations.get({ conversationId: id });
      await client.search.query({ text: takeSpread(WORDS, n), sort: n % 3 === 0 ? 'rank' : 'date' });
    }
    const usedMb = memoryOf(program);
    close();
    return { readyMs, pageMs, readyMb, usedMb };
  } finally {
    await program.stop();
  }
}

async function startBare(dataDir: string): Promise<Started> {
  const from = performance.now();
  const program = await startProgram('test/bench/engine-start/bare-program.ts', [dataDir]);
  const readyMs = performance.now() - from;
  const readyMb = memoryOf(program);
  await program.stop();
  return { readyMs, pageMs: readyMs, readyMb, usedMb: readyMb };
}

const memoryOf = ({ process: { pid } }: Program): number | null => (pid === undefined ? null : readMemoryMb(pid));

/** Takes the database's pages out of the operating system's memory (posix_fadvise, as GNU dd offers it). @returns whether that can be done here. */
function dropFileCache(dataDir: string): boolean {
  const files = [DATABASE_FILE, `${DATABASE_FILE}-wal`].map((name) => path.join(dataDir, name)).filter((file) => existsSync(file));
  return files.every((file) => spawnSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0']).status === 0);
}
