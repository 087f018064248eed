/** One store as a process of its own, so that its memory is its own: loads what lies in a file, then answers questions and says how long it took. */
import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { answerAsks } from '../../support/ask-process.ts';
import { readMemoryMb } from '../peak-memory.ts';
import { openNodeSqlite } from './node-sqlite.ts';
import type { PeerData, PeerName, PeerStore } from './peer-store.ts';
import { openPglite } from './pglite.ts';
import { timeCalls } from './time-calls.ts';
import { openTinybase } from './tinybase.ts';

/** `file`: JSON of `PeerData`. `args`: of one call after the other, from the beginning again. `answer`: of the first call. */
export type PeerAsk = { do: 'load'; peer: PeerName; folder: string; file: string } | { do: 'time'; question: Question; args: string[] } | { do: 'apply'; file: string } | { do: 'reopen' };
export type PeerAnswer = { ms: number; answer: string[]; memoryMb: number | null; diskMb: number };
export type Question = 'list' | 'open' | 'search';

const OPEN: Record<PeerName, (folder: string) => Promise<PeerStore>> = { nodeSqlite: openNodeSqlite, pglite: openPglite, tinybase: openTinybase };

const MB = 2 ** 20;
let folder = '';
let peer: PeerName = 'nodeSqlite';
let store: PeerStore | null = null;

async function answer(ask: PeerAsk): Promise<PeerAnswer> {
  if (ask.do === 'load') {
    const data = JSON.parse(readFileSync(ask.file, 'utf8')) as PeerData;
    ({ folder, peer } = ask);
    const from = performance.now();
    const opened = await OPEN[peer](folder);
    await opened.load(data);
    store = opened;
    return describe(performance.now() - from, []);
  }
  if (!store) throw new Error('nothing is loaded');
  if (ask.do === 'reopen') {
    await store.close();
    const from = performance.now();
    store = await OPEN[peer](folder);
    const found = await store.list();
    return describe(performance.now() - from, found);
  }
  const { list, open, search, apply } = store;
  if (ask.do === 'apply') {
    const data = JSON.parse(readFileSync(ask.file, 'utf8')) as PeerData;
    const from = performance.now();
    await apply(data);
    return describe(performance.now() - from, []);
  }
  const call = (n: number): Promise<string[]> => {
    const arg = ask.args[n % ask.args.length] ?? '';
    return ask.question === 'list' ? list() : ask.question === 'open' ? open(arg) : search(arg);
  };
  const first = await call(0);
  return describe(await timeCalls(call), first);
}

function describe(ms: number, found: string[]): PeerAnswer {
  const bytes = globSync('**/*', { cwd: folder }).reduce((sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  return { ms, answer: found, memoryMb: readMemoryMb(process.pid), diskMb: bytes / MB };
}

answerAsks(answer);
