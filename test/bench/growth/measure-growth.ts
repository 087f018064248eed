/**
 * How times grow with the store: opening it, the same questions, and the same messages received, over 10,000, 100,000 and 1,000,000 messages (and 5,000,000 with `--messages`), in turn, each size beside the one before. Where an
 * index leads to the answer, a time may grow as the index is deep: with the logarithm. Where it does not, the case says why.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { LogEntry } from '../../../contract/wire.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { countCases } from '../conversation-reads/measure-counts.ts';
import { listCases } from '../conversation-reads/measure-conversation-list.ts';
import { openCases } from '../conversation-reads/measure-conversation-open.ts';
import { openBareStatements } from '../conversation-reads/bare-statements.ts';
import type { ReadCase } from '../conversation-reads/read-figures.ts';
import { openBenchEngine } from '../data/bench-engine.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { MILLION_SIZE, QUICK_SIZE, SIZES } from '../data/sizes.ts';
import { generateNextMessages, type LogSize } from '../data/support-log.ts';
import { timeFirstPage } from '../engine-start/time-first-page.ts';
import { createFigure, ratioAtMost, type BenchFindings, type Figure } from '../figure.ts';
import { measureRounds, measureTimes, pickTime, timed, type Effort, type Rounds } from '../rounds.ts';
import { openBareSearch } from '../search/bare-search.ts';
import { searchCases } from '../search/measure-search.ts';

const QUICK_SIZES: readonly LogSize[] = [QUICK_SIZE, { ...QUICK_SIZE, messages: 3_000 }];
const CALLS = 60;
const QUICK_CALLS = 3;
/** As many as come in together while many customers write. */
const PAGE = 50;
/** Times that differ by less are the same. */
const TIE = 1.3;

/** Questions that no index answers, by the beginning of their names. */
const READS_MORE: readonly { of: string; because: string }[] = [
  { of: 'a person', because: 'a piece of a name may stand anywhere in it, or be mistyped: the names of all people are looked through' },
];

type Desktop = { size: LogSize; dataDir: string; remove(): void };
type Store = { size: LogSize; cases: ReadCase[]; close(): Promise<void> };

export async function measureGrowth({ quick, rounds, messages: wanted, signal }: Effort): Promise<BenchFindings> {
  const sizes = quick ? QUICK_SIZES : SIZES.filter(({ messages }) => messages <= (wanted ?? MILLION_SIZE.messages));
  const calls = quick ? QUICK_CALLS : CALLS;
  const effort = { rounds, warmUps: quick ? 0 : 1, signal };
  const desktops: Desktop[] = [];
  try {
    for (const size of sizes) desktops.push({ size, ...copyDesktopData(size) });
    for (const { dataDir } of desktops) await readThrough(path.join(dataDir, DATABASE_FILE));
    const opened = await measureOpening(desktops, effort);
    const asked = await measureQuestions(desktops, { ...effort, perRound: calls });
    const received = await measureReceiving(desktops, { ...effort, perRound: calls });
    return {
      figures: [...opened, ...asked.figures, ...received],
      checks: asked.checks,
      notes: [
        `in-process calls, p50 of ${CALLS} a round, one of each store in turn; a goal is ${TIE} × the growth of the logarithm`,
        `every store’s file has been read once before, so that it lies in the memory of the operating system; opened: in a new process, once a round; received: transactions of ${PAGE} messages of customers who have written before`,
        ...READS_MORE.map(({ of, because }) => `"${of} …" has no goal: ${because}`),
      ],
    };
  } finally {
    for (const { remove } of desktops) remove();
  }
}

/** Brings a file into the memory of the operating system, out of which a larger one that was copied after it may have driven it. */
async function readThrough(file: string): Promise<void> {
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1_000_000 })) bytes += (piece as Buffer).length;
  if (bytes === 0) throw new Error(`${file} is empty`);
}

async function measureOpening(desktops: readonly Desktop[], effort: Rounds): Promise<Figure[]> {
  const times = await measureRounds(
    bySize(
      desktops,
      ({ dataDir }) =>
        () =>
          timeFirstPage({ how: 'engine', dataDir }),
    ),
    effort,
  );
  return compareSizes('engine opened and first page', desktops, times);
}

async function measureQuestions(desktops: readonly Desktop[], effort: Rounds & { perRound: number }): Promise<Pick<BenchFindings, 'figures' | 'checks'>> {
  const stores: Store[] = [];
  try {
    for (const desktop of desktops) stores.push(await openStore(desktop));
    const figures: Figure[] = [];
    for (const { name } of stores[0]?.cases ?? []) {
      const samples = await measureTimes(
        bySize(stores, ({ cases }) => timed(cases.find((one) => one.name === name)?.engine ?? missing(name))),
        effort,
      );
      figures.push(
        ...compareSizes(
          name,
          stores,
          bySize(stores, ({ size }) => pickTime(samples[size.messages] ?? [], 'p50')),
        ),
      );
    }
    return { figures, checks: Object.fromEntries(stores.map(({ size, cases }) => [`questions at ${size.messages}`, cases.length])) };
  } finally {
    for (const store of stores) await store.close();
  }
}

async function openStore({ size, dataDir }: Desktop): Promise<Store> {
  const { engine, client } = openBenchEngine(dataDir);
  const bare = openBareStatements(dataDir);
  const bareSearch = openBareSearch(dataDir);
  const close = async (): Promise<void> => {
    bareSearch.close();
    bare.close();
    await engine.stop();
  };
  try {
    const sources = { client, bare, dataDir };
    const found = [await listCases(sources), await openCases(sources), await countCases(sources), await searchCases(sources, bareSearch)];
    return { size, cases: found.flatMap(({ cases }) => cases), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function measureReceiving(desktops: readonly Desktop[], effort: Rounds & { perRound: number }): Promise<Figure[]> {
  const replicas = desktops.map(({ size, dataDir }) => ({ size, ...openDesktopReplica(path.join(dataDir, DATABASE_FILE)) }));
  try {
    const samples = await measureTimes(
      bySize(replicas, ({ size, db, replica }) => {
        const next = generateNextMessages(size, createSyncQueries(db).readMeta().cursor);
        return (): Promise<number> => {
          const page = Array.from({ length: PAGE }, () => next.next().value as LogEntry);
          return timed(() => applyLog(replica, page))(0);
        };
      }),
      effort,
    );
    return compareSizes(
      `${PAGE} messages received`,
      replicas,
      bySize(replicas, ({ size }) => pickTime(samples[size.messages] ?? [], 'p50')),
    );
  } finally {
    for (const { db } of replicas) db.close();
  }
}

const bySize = <T extends { size: LogSize }, U>(things: readonly T[], make: (thing: T) => U): Record<number, U> => Object.fromEntries(things.map((thing) => [thing.size.messages, make(thing)]));

/** A figure for each size but the smallest, beside the size before it. @param times of each size, by round. */
function compareSizes(name: string, things: readonly { size: LogSize }[], times: Record<number, number[]>): Figure[] {
  const sizes = things.map(({ size }) => size.messages);
  const isIndexed = !READS_MORE.some(({ of }) => name.startsWith(of));
  return sizes.slice(1).map((messages, n) => {
    const before = sizes[n] ?? messages;
    return createFigure({
      name: `${name}, at ${messages.toLocaleString('en-US')}`,
      unit: 'ms',
      rounds: times[messages] ?? [],
      ceiling: { name: `at ${before.toLocaleString('en-US')}`, rounds: times[before] ?? [] },
      ...(isIndexed && { goal: ratioAtMost(Number(((TIE * Math.log(messages)) / Math.log(before)).toFixed(2))) }),
    });
  });
}

function missing(name: string): never {
  throw new Error(`a store has no question "${name}"`);
}
