/**
 * The local store beside what a developer would take instead, on the same rows and questions: loading, the first page of the inbox, opening a conversation, searching words, and taking in
 * 10,000 messages. Each peer is a process of its own. A peer gives rows, so what stands beside it is the statement that reads the desktop's own file; the engine, which also checks and
 * shapes what it answers, stands beside the quickest. Taking in is the engine's own: it understands a log, the others are given finished rows. Invariant: a store whose answer is another one
 * than the engine's is no result.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { forkAsked, type AskedProcess } from '../../support/ask-process.ts';
import { FIRST, NEWEST, openBareStatements, type BareStatements } from '../conversation-reads/bare-statements.ts';
import { openBenchEngine, type BenchEngine } from '../data/bench-engine.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { FULL_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { generateSupportLog, type LogSize } from '../data/support-log.ts';
import { createFigure, ratioAtMost, type BenchFindings, type Figure, type Goal, type Unit } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { openBareSearch, type BareSearch } from '../search/bare-search.ts';
import { makeMore, readDesktopRows, type DesktopRows } from './peer-data.ts';
import type { PeerAnswer, PeerAsk, Question } from './peer-process.ts';
import { FOUND, PAGE, PEERS, type PeerName } from './peer-store.ts';
import { timeCalls } from './time-calls.ts';

const APPLIED = 10_000;
const QUICK_APPLIED = 200;
const COMMON = ['bomba', 'instalacion', 'factura', 'jueves'];
/** At most this part of a peer's time. */
const GOALS: Partial<Record<PeerName, Partial<Record<Question | 'reopen', number>>>> = { pglite: { list: 1 / 20, search: 1 / 20 }, tinybase: { reopen: 1 / 50, search: 1 / 50 } };

type Running = { name: PeerName; process: AskedProcess<PeerAsk, PeerAnswer>; loadMs: number; memoryMb: number | null; diskMb: number };
type Own = 'engine' | 'store';
/** Of ours and of each peer, one number a round. */
type Samples = Record<Own | PeerName, number[]>;

export async function measurePeers({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK_SIZE : FULL_SIZE;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-peers-'));
  const { dataDir, remove } = copyDesktopData(size);
  const running: Running[] = [];
  const effort = { rounds, warmUps: quick ? 0 : 1, signal };
  try {
    const rows = readDesktopRows(dataDir);
    const file = path.join(folder, 'rows.json');
    writeFileSync(file, JSON.stringify({ conversations: rows.conversations, messages: rows.messages }));
    const engineLoadMs = loadEngine(path.join(folder, 'engine'), size);
    for (const name of Object.keys(PEERS) as PeerName[]) running.push(await startPeer(name, folder, file));
    const figures: Figure[] = running.map(({ name, loadMs }) =>
      createFigure({ name: 'loaded', unit: 'messages/s', rounds: [perSecond(size.messages, engineLoadMs)], ceiling: { name: PEERS[name].title, rounds: [perSecond(size.messages, loadMs)] } }),
    );
    figures.push(
      ...(await measureReopened(dataDir, running, effort)),
      ...(await measureQuestions(dataDir, running, effort)),
      ...(await measureApply(dataDir, rows, folder, running, quick ? QUICK_APPLIED : APPLIED, effort)),
    );
    return {
      figures: figures.toSorted((a, b) => titleOf(a).localeCompare(titleOf(b))),
      checks: { messages: rows.messages.length, conversations: rows.conversations.length, peers: running.length },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${size.conversations.toLocaleString('en-US')} conversations; the engine loads and takes in log entries (raw events, ticks, counters, undo), the others finished rows; loaded once`,
        ...running.map(({ name, memoryMb, diskMb }) => {
          const { title, search, keeps } = PEERS[name];
          const words = search === 'index' ? 'words by an index' : 'has no index of words: every message is looked at';
          return `${title}: kept ${keeps}; ${words}; ${memoryMb === null ? '' : `${Math.round(memoryMb)} MB of memory, `}${Math.round(diskMb)} MB on disk when loaded`;
        }),
      ],
    };
  } finally {
    for (const { process } of running) process.stop();
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const titleOf = ({ ceiling }: Figure): string => ceiling?.name ?? '';
const perSecond = (count: number, ms: number): number => (count / ms) * 1000;

/** @returns ms for the whole log, with its search index. */
function loadEngine(dir: string, size: LogSize): number {
  const { db, replica, indexAll } = openDesktopReplica(path.join(dir, DATABASE_FILE));
  try {
    const entries = [...generateSupportLog(size)];
    const from = performance.now();
    applyLog(replica, entries);
    indexAll();
    return performance.now() - from;
  } finally {
    db.close();
    rmSync(dir, { recursive: true });
  }
}

async function startPeer(name: PeerName, parent: string, file: string): Promise<Running> {
  const folder = path.join(parent, name);
  mkdirSync(folder);
  const process = forkAsked<PeerAsk, PeerAnswer>(path.join(import.meta.dirname, 'peer-process.ts'));
  try {
    const { ms, memoryMb, diskMb } = await process.ask({ do: 'load', peer: name, folder, file });
    return { name, process, loadMs: ms, memoryMb, diskMb };
  } catch (error) {
    process.stop();
    throw error;
  }
}

type Rounds = Parameters<typeof measureRounds>[1];
type Asked = { title: string; question: Question; args: string[]; engine: (n: number) => Promise<string[]>; store: (n: number) => unknown };

async function measureQuestions(dataDir: string, running: readonly Running[], effort: Rounds): Promise<Figure[]> {
  const { engine, client } = openBenchEngine(dataDir);
  const [bare, bareSearch] = [openBareStatements(dataDir), openBareSearch(dataDir)];
  const figures: Figure[] = [];
  try {
    for (const asked of toQuestions(client, bare, bareSearch)) {
      const first = await asked.engine(0);
      if (first.length === 0) throw new Error(`the engine finds nothing for "${asked.title}"`);
      const samples = await measureRounds(
        contendersOf(running, { engine: () => timeCalls(asked.engine), store: () => timeCalls(async (n) => asked.store(n)) }, (one) => askPeer(one, asked, first)),
        effort,
      );
      for (const { name } of running) figures.push(compare(asked.title, 'ms', samples.store, samples, name, goalOf(name, asked.question)));
      figures.push(compare(`${asked.title}, through the engine`, 'ms', samples.engine, samples, 'nodeSqlite', null));
    }
    return figures;
  } finally {
    bareSearch.close();
    bare.close();
    await engine.stop();
  }
}

/** From a closed store to its first page, in a process that has loaded its program. */
async function measureReopened(dataDir: string, running: readonly Running[], effort: Rounds): Promise<Figure[]> {
  const store = async (): Promise<number> => {
    const from = performance.now();
    const bare = openBareStatements(dataDir);
    const rows = bare.list('active', FIRST);
    const ms = performance.now() - from;
    bare.close();
    if (rows.length < PAGE) throw new Error('the first page is not full');
    return ms;
  };
  const reopen = async ({ name, process }: Running): Promise<number> => {
    const { ms, answer } = await process.ask({ do: 'reopen' });
    if (answer.length < PAGE) throw new Error(`${PEERS[name].title} has lost its rows`);
    return ms;
  };
  const samples = await measureRounds(contendersOf(running, { store }, reopen), effort);
  return running.map(({ name }) => compare('opened again, and the first page', 'ms', samples.store, samples, name, goalOf(name, 'reopen')));
}

function toQuestions(client: BenchEngine['client'], bare: BareStatements, bareSearch: BareSearch): Asked[] {
  const some = bare.conversations().filter((_, n) => n % 17 === 0);
  const conversations = some.map(({ id }) => id);
  const rare = bareSearch.rareWord();
  const choose = (list: string[], n: number): string => list[n % list.length] ?? '';
  const search = async (word: string): Promise<string[]> => (await client.search.query({ text: `${word} `, sort: 'date' })).hits.slice(0, FOUND).map(({ id }) => id);
  return [
    { title: 'first page of the inbox', question: 'list', args: [''], engine: async () => (await client.conversations.list({})).items.map(({ id }) => id), store: () => bare.list('active', FIRST) },
    {
      title: 'a conversation opened',
      question: 'open',
      args: conversations,
      engine: async (n) => (await client.conversations.get({ conversationId: choose(conversations, n) })).messages.map(({ id }) => id).toReversed(),
      store: (n) => bare.thread(some[n % some.length]?.contactId ?? '', NEWEST),
    },
    { title: 'a common word searched', question: 'search', args: COMMON, engine: (n) => search(choose(COMMON, n)), store: (n) => bareSearch.newest(`"${choose(COMMON, n)}"`) },
    { title: 'a rare word searched', question: 'search', args: [rare], engine: () => search(rare), store: () => bareSearch.newest(`"${rare}"`) },
  ];
}

async function askPeer({ name, process }: Running, { title, question, args }: Asked, expected: readonly string[]): Promise<number> {
  const { ms, answer } = await process.ask({ do: 'time', question, args });
  const missing = expected.slice(0, question === 'search' ? FOUND : PAGE).filter((id) => !answer.includes(id));
  // Rows of the same millisecond may change places at the end of a page.
  if (missing.length > 2) throw new Error(`${PEERS[name].title} answers "${title}" otherwise: ${answer.slice(0, 3).join()}… and not ${expected.slice(0, 3).join()}…`);
  return ms;
}

async function measureApply(dataDir: string, rows: DesktopRows, folder: string, running: readonly Running[], count: number, effort: Rounds): Promise<Figure[]> {
  const { db, replica, indexAll } = openDesktopReplica(path.join(dataDir, DATABASE_FILE));
  const turns = { engine: 0, ...Object.fromEntries(running.map(({ name }) => [name, 0])) } as Record<'engine' | PeerName, number>;
  try {
    const samples = await measureRounds(
      contendersOf(
        running,
        {
          engine: async () => {
            const { entries } = makeMore(rows, count, turns.engine++);
            const from = performance.now();
            applyLog(replica, entries);
            indexAll();
            return perSecond(count, performance.now() - from);
          },
        },
        async ({ name, process }) => {
          const file = path.join(folder, 'more.json');
          writeFileSync(file, JSON.stringify(makeMore(rows, count, turns[name]++).rows));
          return perSecond(count, (await process.ask({ do: 'apply', file })).ms);
        },
      ),
      effort,
    );
    return running.map(({ name }) => compare(`${count.toLocaleString('en-US')} messages taken in`, 'messages/s', samples.engine, samples, name, null));
  } finally {
    db.close();
  }
}

const contendersOf = (running: readonly Running[], own: Partial<Record<Own, () => Promise<number>>>, peer: (one: Running) => Promise<number>): Record<keyof Samples, () => Promise<number>> =>
  ({ ...own, ...Object.fromEntries(running.map((one) => [one.name, () => peer(one)])) }) as Record<keyof Samples, () => Promise<number>>;

const compare = (name: string, unit: Unit, own: number[], samples: Samples, peer: PeerName, goal: Goal | null): Figure =>
  createFigure({ name, unit, rounds: own, ceiling: { name: PEERS[peer].title, rounds: samples[peer] }, ...(goal && { goal }) });

function goalOf(peer: PeerName, question: Question | 'reopen'): Goal | null {
  const limit = GOALS[peer]?.[question];
  return limit === undefined ? null : ratioAtMost(limit);
}
