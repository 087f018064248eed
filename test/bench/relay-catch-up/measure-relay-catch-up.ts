/**
 * A desktop that was away reads the log at the relay: pages from the store, written as frames by the relay's own feed, to somebody who takes them at once. Beside it: the rows of the same
 * pages by one bare statement, written as the same JSON. On SQLite, and on PostgreSQL where there is one.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { CATCH_UP_PAGE_ENTRIES } from '../../../contract/limits.ts';
import { createLiveFeed } from '../../../webhook-relay/live-feed.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { openLogStore } from '../../../webhook-relay/log-store/open-log-store.ts';
import { moveLog } from '../../../webhook-relay/log-store/move-log.ts';
import { openPostgresLog } from '../../../webhook-relay/log-store/postgres-tables.ts';
import { openSqliteLog } from '../../../webhook-relay/log-store/sqlite-tables.ts';
import { DATABASE_NAME, openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { fillRelayLog } from '../../support/relay-log.ts';
import { startPostgres, whyNoPostgres, type Postgres } from '../../support/postgres.ts';
import { takeSupportLog } from '../data/support-log.ts';
import { createFigure, valueAtLeast, type BenchFindings, type Figure } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

const ENTRIES = 200_000;
const QUICK_ENTRIES = 2_000;
const PER_SECOND = 200_000;
const COLUMNS = 'seq, kind, received_at, device_id, actor_id, device_seq, op_id, v, occurred_at, body';

/** Entries, and the bytes of their frames. */
type Read = { entries: number; bytes: number };
type ReadPage = (after: number) => Promise<{ seq: number }[]>;

export async function measureRelayCatchUp({ quick, rounds, entries: wanted, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-relay-catch-up-'));
  const why = whyNoPostgres();
  const postgres = why === undefined ? await startPostgres() : undefined;
  const effort = { rounds, warmUps: quick ? 0 : 1, signal };
  try {
    const head = await fillRelayLog(folder, takeSupportLog(wanted ?? (quick ? QUICK_ENTRIES : ENTRIES)));
    const checks: Record<string, number> = {};
    const figures = [await measureSqlite(folder, head, effort, checks), ...(postgres ? [await measurePostgres(postgres, folder, head, effort, checks)] : [])];
    return {
      figures,
      checks: { entries: head, ...checks },
      notes: [`${head.toLocaleString('en-US')} entries, ${CATCH_UP_PAGE_ENTRIES} or 1 MB a page; no network: the frames go nowhere`, ...(why === undefined ? [] : [`PostgreSQL skipped: ${why}`])],
    };
  } finally {
    await postgres?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rounds = Parameters<typeof measureRounds>[1];

async function measureSqlite(folder: string, head: number, effort: Rounds, checks: Record<string, number>): Promise<Figure> {
  const store = openSqliteStore({ dataDir: folder, now: Date.now, newId: randomUUID });
  const db = new Database(path.join(folder, DATABASE_NAME), { readonly: true });
  const page = db.prepare<[number], { seq: number }>(`SELECT ${COLUMNS} FROM entry WHERE seq > ? ORDER BY seq LIMIT ${CATCH_UP_PAGE_ENTRIES}`);
  try {
    const samples = await measureRounds({ relay: timeFeed(store, head, checks), bare: timePages(async (after) => page.all(after), head) }, effort);
    return toFigure('SQLite', samples, true);
  } finally {
    db.close();
    await store.close();
  }
}

async function measurePostgres(postgres: Postgres, folder: string, head: number, effort: Rounds, checks: Record<string, number>): Promise<Figure> {
  const url = await postgres.place();
  await moveToPostgres(folder, url);
  const store = await openLogStore({ dataDir: folder, databaseUrl: url }, { now: Date.now, newId: randomUUID, log: () => undefined });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const text = `SELECT ${COLUMNS} FROM entry WHERE seq > $1 ORDER BY seq LIMIT ${CATCH_UP_PAGE_ENTRIES}`;
    const readPage: ReadPage = async (after) => (await client.query<{ seq: string }>({ name: 'page', text, values: [after] })).rows.map((row) => Object.assign(row, { seq: Number(row.seq) }));
    const samples = await measureRounds({ relay: timeFeed(store, head, checks), bare: timePages(readPage, head) }, effort);
    return toFigure('PostgreSQL', samples, false);
  } finally {
    await client.end();
    await store.close();
  }
}

/** As `migrate` of the relay's command line moves it. */
async function moveToPostgres(folder: string, url: string): Promise<void> {
  const target = await openPostgresLog({ url, newId: randomUUID });
  const source = openSqliteLog({ dataDir: folder, newId: randomUUID });
  try {
    const { status } = await moveLog(source, target);
    if (status !== 'moved') throw new Error(`the log was not moved: ${status}`);
  } finally {
    await source.close();
    await target.close();
  }
}

/** @returns entries a second. */
const timeFeed = (store: LogStore, head: number, checks: Record<string, number>) => async (): Promise<number> => {
  const feed = createLiveFeed({ store, log: () => undefined, clock: () => performance.now() });
  const sent: Read = { entries: 0, bytes: 0 };
  const follower = {
    cursor: 0,
    isOpen: () => true,
    isTooSlow: () => false,
    send: () => undefined,
    sendAndWait: async (frame: Buffer) => void (sent.bytes += frame.length),
    cut: (reason: string) => {
      throw new Error(reason);
    },
  };
  const from = performance.now();
  await feed.follow(follower);
  const spent = performance.now() - from;
  feed.stop();
  if (follower.cursor !== head) throw new Error(`the feed brought ${follower.cursor} of ${head} entries`);
  checks['megabytes'] = Math.ceil(sent.bytes / 1e6);
  return (head / spent) * 1000;
};

const timePages = (readPage: ReadPage, head: number) => async (): Promise<number> => {
  const from = performance.now();
  let bytes = 0;
  let last = 0;
  for (let rows = await readPage(0); rows.length > 0; rows = await readPage(last)) {
    bytes += Buffer.from(JSON.stringify({ t: 'entries', entries: rows, head })).length;
    last = rows.at(-1)?.seq ?? last;
  }
  if (last !== head || bytes === 0) throw new Error(`the statement read up to ${last} of ${head}`);
  return (head / (performance.now() - from)) * 1000;
};

const toFigure = (name: string, { relay, bare }: { relay: number[]; bare: number[] }, isJudged: boolean): Figure =>
  createFigure({
    name: `read and framed, ${name}`,
    unit: 'entries/s',
    rounds: relay,
    ceiling: { name: 'the same pages, bare statement and JSON', rounds: bare },
    ...(isJudged && { goal: valueAtLeast(PER_SECOND) }),
  });
