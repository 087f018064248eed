/**
 * A snapshot of a desktop's rows, made and installed, step by step as the engine does it and without a network: copied with its digest, compressed, sealed; opened, decompressed, checked,
 * put in place of what is there. Beside it: the same rows copied by SQLite, nothing computed, compressed or checked. Invariant: what is installed has the digest of what was made.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { deriveEpochKeys, makeSecret, type EpochKeys } from '../../../contract/sealing/key-ring.ts';
import { checkSnapshot, copySnapshot, replaceRows } from '../../../contract/sqlite/snapshot-file.ts';
import { STATE_VERSION } from '../../../contract/sqlite/state-digest.ts';
import { PRIMARY_KEYS } from '../../../contract/state.ts';
import { DATABASE_FILE, openDatabase } from '../../../main/engine/db/open-database.ts';
import { createScratchDisk } from '../../../main/engine/sync/scratch-disk.ts';
import { openSnapshot, sealSnapshot, type SnapshotName } from '../../../main/engine/sync/snapshot-seal.ts';
import { compressFile, decompressFile } from '../../../main/engine/sync/snapshot-transfer.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { chooseSize, FULL_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

/** As the figure of a desktop that joins has it (first-sync). */
const OF_BULK_INSERT = 0.1;
const NAME: SnapshotName = { logId: 'log-of-the-benchmarks', seq: 1_000, stateVersion: STATE_VERSION };
const TABLES = Object.keys(PRIMARY_KEYS);
const MB = 2 ** 20;
const disk = createScratchDisk(null);
/** Between two steps the engine lets others work; here nobody waits. */
const goOn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Made = { ms: number; digest: string };

export async function measureSnapshots({ quick, rounds, messages, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK_SIZE : chooseSize(messages, FULL_SIZE);
  const { dataDir, remove } = copyDesktopData(size);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-snapshot-'));
  const source = path.join(dataDir, DATABASE_FILE);
  const sealed = path.join(folder, 'sealed');
  const keys = deriveEpochKeys(1, makeSecret());
  const perSecond = (ms: number): number => (size.messages / ms) * 1000;
  try {
    let digest = '';
    const samples = await measureRounds(
      {
        make: async () => {
          const made = await makeSnapshot(source, folder, sealed, keys);
          if (digest !== '' && made.digest !== digest) throw new Error('two snapshots of the same rows differ');
          digest = made.digest;
          return perSecond(made.ms);
        },
        bareMake: () => perSecond(copyRows(source, path.join(folder, 'bare'), false)),
        install: async () => {
          if (digest === '') digest = (await makeSnapshot(source, folder, sealed, keys)).digest;
          return perSecond(await installSnapshot(folder, sealed, keys, digest));
        },
        bareInstall: () => perSecond(copyRows(source, path.join(folder, 'bare'), true)),
      },
      { rounds, warmUps: quick ? 0 : 1, signal },
    );
    const bytes = statSync(sealed).size;
    return {
      figures: [
        createFigure({ name: 'made: copied, digest, compressed, sealed', unit: 'messages/s', rounds: samples.make, ceiling: { name: 'the same rows copied to a file', rounds: samples.bareMake } }),
        createFigure({
          name: 'installed: opened, decompressed, checked, in place',
          unit: 'messages/s',
          rounds: samples.install,
          ceiling: { name: 'the same rows copied into the tables', rounds: samples.bareInstall },
          goal: ratioAtLeast(OF_BULK_INSERT),
        }),
        createFigure({ name: 'size of the snapshot, of the desktop’s file', unit: 'MB', rounds: [bytes / MB], ceiling: { name: 'the desktop’s file', rounds: [statSync(source).size / MB] } }),
      ],
      checks: { messages: size.messages, bytes },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${size.conversations.toLocaleString('en-US')} conversations; ${Math.round(bytes / size.messages)} bytes a message on the way; the search index is made afterwards and not part of it`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    remove();
  }
}

async function makeSnapshot(source: string, folder: string, sealed: string, keys: EpochKeys): Promise<Made> {
  const [file, compressed] = [path.join(folder, 'made'), path.join(folder, 'made.zst')];
  const from = performance.now();
  const { digest } = await copySnapshot(source, file, goOn);
  await compressFile(disk, file, compressed);
  await sealSnapshot(disk, compressed, sealed, keys, NAME);
  const ms = performance.now() - from;
  for (const left of [file, compressed]) rmSync(left);
  return { ms, digest };
}

/** Into a desktop that has nothing. @returns ms. */
async function installSnapshot(folder: string, sealed: string, keys: EpochKeys, digest: string): Promise<number> {
  const [compressed, file] = [path.join(folder, 'got.zst'), path.join(folder, 'got')];
  const dir = path.join(folder, `desktop-${randomBytes(4).toString('hex')}`);
  const db = openDatabase(path.join(dir, DATABASE_FILE));
  try {
    const from = performance.now();
    await openSnapshot(disk, sealed, compressed, keys, NAME);
    await decompressFile(disk, compressed, (bytes) => disk.takeSnapshot(file, bytes, (rows) => checkSnapshot(rows, digest, goOn)));
    db.prepare('ATTACH ? AS snapshot').run(file);
    db.transaction(() => replaceRows(db, 'snapshot')).immediate();
    db.exec('DETACH snapshot');
    return performance.now() - from;
  } finally {
    db.close();
    for (const left of [compressed, file, dir]) rmSync(left, { recursive: true, force: true });
  }
}

/** @param isDesktop into a desktop's tables with their indexes; else into tables without. @returns ms of the copy alone. */
function copyRows(source: string, target: string, isDesktop: boolean): number {
  const file = path.join(target, DATABASE_FILE);
  if (!isDesktop) rmSync(target, { recursive: true, force: true });
  const made = openDatabase(file);
  made.close();
  const db = new Database(file);
  try {
    if (!isDesktop) dropIndexes(db);
    db.prepare('ATTACH ? AS source').run(source);
    const from = performance.now();
    db.transaction(() => {
      for (const table of TABLES) db.exec(`INSERT INTO main.${table} SELECT * FROM source.${table}`);
    }).immediate();
    return performance.now() - from;
  } finally {
    db.close();
    rmSync(target, { recursive: true, force: true });
  }
}

function dropIndexes(db: Database.Database): void {
  const indexes = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").pluck().all() as string[];
  for (const index of indexes) db.exec(`DROP INDEX ${index}`);
}
