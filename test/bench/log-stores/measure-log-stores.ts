/**
 * The relay's two stores, each with and without group commit, on this machine's disk and on disks whose fsync takes 1 and 5 ms longer. Store and load are one process without HTTP; a
 * PostgreSQL of our own runs beside it on the same disk. Invariant: a run in which a store does not hold exactly what it said is committed is no result.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forkAsked, type AskedProcess } from '../../support/ask-process.ts';
import { makeCluster, startServer, whyNoPostgres, type Server } from '../../support/postgres.ts';
import { createFigure, valueAtLeast, type BenchFindings, type Figure } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { makeSlowDisks, type SlowDisk } from '../slow-disk/slow-fsync.ts';
import type { AppendAnswer, AppendAsk } from './append-process.ts';

const UNDER_WAY = 256;
const BODY_BYTES = 1_400;
const SECONDS = 2;
const QUICK_SECONDS = 0.1;
const POSTGRES_PER_SECOND = 20_000;

type Name = 'sqliteGrouped' | 'sqliteEach' | 'postgresGrouped' | 'postgresEach';
type Store = { process: AskedProcess<AppendAsk, AppendAnswer>; dataDir: string; databaseUrl: string | null };

export async function measureLogStores({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-stores-'));
  const slow = quick ? [] : makeSlowDisks(folder);
  const whyNot = process.env['DATABASE_URL'] ? 'DATABASE_URL names a server whose disk cannot be slowed' : whyNoPostgres();
  try {
    const figures: Figure[] = [];
    const checks: Record<string, number> = {};
    for (const disk of [null, ...(typeof slow === 'string' ? [] : slow)]) figures.push(...(await measureOn(disk, { folder, hasPostgres: whyNot === undefined, quick, rounds, signal, checks })));
    return {
      figures,
      checks,
      notes: [
        `${UNDER_WAY} appends under way, ${BODY_BYTES.toLocaleString('en-US')} bytes each, unique; on disk before they count; PostgreSQL with one node, reached by a socket`,
        ...(typeof slow === 'string' ? [`slower disks skipped: ${slow}`] : []),
        ...(whyNot === undefined ? [] : [`PostgreSQL skipped: ${whyNot}`]),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type On = { folder: string; hasPostgres: boolean; quick: boolean; rounds: number; signal: AbortSignal; checks: Record<string, number> };

async function measureOn(disk: SlowDisk | null, { folder, hasPostgres, quick, rounds, signal, checks }: On): Promise<Figure[]> {
  const env = disk?.env ?? {};
  const where = disk === null ? 'this disk' : `fsync +${disk.delayMs} ms`;
  const cluster = hasPostgres ? makeCluster() : undefined;
  let server: Server | undefined;
  const processes: AskedProcess<AppendAsk, AppendAnswer>[] = [];
  const start = (name: string, databaseUrl: string | null): Store => {
    const dataDir = path.join(folder, `${name}-${disk?.delayMs ?? 0}`);
    mkdirSync(dataDir);
    const store = forkAsked<AppendAsk, AppendAnswer>(path.join(import.meta.dirname, 'append-process.ts'), env);
    processes.push(store);
    return { process: store, dataDir, databaseUrl };
  };
  const append =
    ({ process, dataDir, databaseUrl }: Store, isGrouped: boolean) =>
    async (): Promise<number> => {
      const { perSecond, appended, stored } = await process.ask({ dataDir, databaseUrl, isGrouped, underWay: UNDER_WAY, bodyBytes: BODY_BYTES, seconds: quick ? QUICK_SECONDS : SECONDS });
      if (appended !== stored) throw new Error(`${appended} appends were committed and ${stored} are stored`);
      checks[`stored on ${where}`] = (checks[`stored on ${where}`] ?? 0) + stored;
      return perSecond;
    };
  try {
    if (cluster !== undefined) server = await startServer(cluster, env);
    const sqlite = start('sqlite', null);
    const postgres = server && start('postgres', server.url);
    const contenders = {
      sqliteGrouped: append(sqlite, true),
      sqliteEach: append(sqlite, false),
      ...(postgres && { postgresGrouped: append(postgres, true), postgresEach: append(postgres, false) }),
    } as Record<Name, () => Promise<number>>;
    const samples = await measureRounds(contenders, { rounds, warmUps: 1, signal });
    const figure = (name: string, rates: number[], ceiling: string, its: number[], goal = {}): Figure =>
      createFigure({ name: `${name}, ${where}`, unit: 'acks/s', rounds: rates, ceiling: { name: ceiling, rounds: its }, ...goal });
    const sqliteFigure = figure('SQLite, grouped', samples.sqliteGrouped, 'SQLite, a commit each', samples.sqliteEach);
    if (!postgres) return [sqliteFigure];
    const goal = disk === null ? { goal: valueAtLeast(POSTGRES_PER_SECOND) } : {};
    return [
      sqliteFigure,
      figure('PostgreSQL, grouped', samples.postgresGrouped, 'PostgreSQL, a commit each', samples.postgresEach, goal),
      figure('PostgreSQL, grouped', samples.postgresGrouped, 'SQLite, grouped', samples.sqliteGrouped),
    ];
  } finally {
    for (const one of processes) one.stop();
    await server?.stop();
    if (cluster !== undefined) rmSync(cluster, { recursive: true, force: true });
  }
}
