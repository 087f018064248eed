/**
 * How the time of a question grows with the store: the same questions to engines over 10,000, 100,000 and 1,000,000 messages (and 5,000,000 with `--messages`), asked in turn, each size beside the one before. Where an
 * index leads to the answer, a time may grow as the index is deep: with the logarithm. Where it does not, the case says why.
 */
import { countCases } from '../conversation-reads/measure-counts.ts';
import { listCases } from '../conversation-reads/measure-conversation-list.ts';
import { openCases } from '../conversation-reads/measure-conversation-open.ts';
import { openBareStatements } from '../conversation-reads/bare-statements.ts';
import type { ReadCase } from '../conversation-reads/read-figures.ts';
import { openBenchEngine } from '../data/bench-engine.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { MILLION_SIZE, QUICK_SIZE, SIZES } from '../data/sizes.ts';
import type { LogSize } from '../data/support-log.ts';
import { createFigure, ratioAtMost, type BenchFindings, type Figure } from '../figure.ts';
import { measureTimes, pickTime, timed, type Effort } from '../rounds.ts';
import { openBareSearch } from '../search/bare-search.ts';
import { searchCases } from '../search/measure-search.ts';

const QUICK_SIZES: readonly LogSize[] = [QUICK_SIZE, { ...QUICK_SIZE, messages: 3_000 }];
const CALLS = 60;
const QUICK_CALLS = 3;
/** Times that differ by less are the same. */
const TIE = 1.3;

/** Questions that no index answers, by the beginning of their names. */
const READS_MORE: readonly { of: string; because: string }[] = [
  { of: 'search by name', because: 'a piece of a name may stand anywhere in it: the names of all people are looked through' },
  { of: 'a person', because: 'a piece of a name may stand anywhere in it, or be mistyped: the names of all people are looked through' },
];

type Store = { messages: number; cases: ReadCase[]; close(): Promise<void> };

export async function measureGrowth({ quick, rounds, messages: wanted, signal }: Effort): Promise<BenchFindings> {
  const sizes = quick ? QUICK_SIZES : SIZES.filter(({ messages }) => messages <= (wanted ?? MILLION_SIZE.messages));
  const stores: Store[] = [];
  try {
    for (const size of sizes) stores.push(await openStore(size));
    const figures: Figure[] = [];
    for (const { name } of stores[0]?.cases ?? []) figures.push(...(await measureCase(name, stores, { quick, rounds, signal })));
    return {
      figures,
      checks: Object.fromEntries(stores.map(({ messages, cases }) => [`questions at ${messages}`, cases.length])),
      notes: [
        `in-process calls, p50 of ${CALLS} a round, one of each store in turn; a goal is ${TIE} × the growth of the logarithm`,
        ...READS_MORE.map(({ of, because }) => `"${of} …" has no goal: ${because}`),
      ],
    };
  } finally {
    for (const store of stores) await store.close();
  }
}

async function openStore(size: LogSize): Promise<Store> {
  const { dataDir, remove } = copyDesktopData(size);
  const { engine, client } = openBenchEngine(dataDir);
  const bare = openBareStatements(dataDir);
  const bareSearch = openBareSearch(dataDir);
  const close = async (): Promise<void> => {
    bareSearch.close();
    bare.close();
    await engine.stop();
    remove();
  };
  try {
    const sources = { client, bare, dataDir };
    const found = [await listCases(sources), await openCases(sources), await countCases(sources), await searchCases(sources, bareSearch)];
    return { messages: size.messages, cases: found.flatMap(({ cases }) => cases), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function measureCase(name: string, stores: readonly Store[], { quick, rounds, signal }: Pick<Effort, 'quick' | 'rounds' | 'signal'>): Promise<Figure[]> {
  const contenders = Object.fromEntries(stores.map(({ messages, cases }) => [String(messages), timed(cases.find((one) => one.name === name)?.engine ?? missing(name))]));
  const samples = await measureTimes(contenders, { rounds, warmUps: quick ? 0 : 1, signal, perRound: quick ? QUICK_CALLS : CALLS });
  const timesAt = (messages: number): number[] => pickTime(samples[String(messages)] ?? [], 'p50');
  const sizes = stores.map(({ messages }) => messages);
  const isIndexed = !READS_MORE.some(({ of }) => name.startsWith(of));
  return sizes.slice(1).map((messages, n) => {
    const before = sizes[n] ?? messages;
    return createFigure({
      name: `${name}, at ${messages.toLocaleString('en-US')}`,
      unit: 'ms',
      rounds: timesAt(messages),
      ceiling: { name: `at ${before.toLocaleString('en-US')}`, rounds: timesAt(before) },
      ...(isIndexed && { goal: ratioAtMost(Number(((TIE * Math.log(messages)) / Math.log(before)).toFixed(2))) }),
    });
  });
}

function missing(name: string): never {
  throw new Error(`a store has no question "${name}"`);
}
