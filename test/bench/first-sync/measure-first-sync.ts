/** A desktop that joins a team with a long log: everything over the network from the real relay, once from the log and once from a snapshot. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { DATABASE_FILE, openDatabase } from '../../../main/engine/db/open-database.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { fillRelayLog } from '../../support/relay-log.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { AGENTS, takeSupportLog } from '../data/support-log.ts';
import { NOT_OURS } from '../catch-up/bare-insert.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

const ENTRIES = 100_000;
const QUICK_ENTRIES = 7_000;
const JOINED_WITHIN_MS = 3_600_000;
const joinedSchema = z.object({ ms: z.number(), peakMb: z.number(), hasInstalled: z.boolean() });
type Joined = z.infer<typeof joinedSchema>;

export async function measureFirstSync({ quick, rounds, signal, entries: wanted }: Effort): Promise<BenchFindings> {
  const entries = wanted ?? (quick ? QUICK_ENTRIES : ENTRIES);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-first-sync-'));
  // Two relays with the same log; only one of them ever asks for a snapshot.
  const plain = await startTeam({ relayEnv: { SNAPSHOT_EVERY: '1000000000' } });
  const snapshotted = await startTeam({ relayEnv: { SNAPSHOT_EVERY: String(Math.min(5_000, entries)) } });
  const peaks = { log: 0, snapshot: 0 };
  let desktops = 0;
  try {
    for (const { relay } of [plain, snapshotted]) await relay.kill();
    await fillRelayLog(plain.relay.dataDir, takeSupportLog(entries));
    copyFileSync(path.join(plain.relay.dataDir, DATABASE_NAME), path.join(snapshotted.relay.dataDir, DATABASE_NAME));
    for (const suffix of ['-wal', '-shm']) rmSync(path.join(snapshotted.relay.dataDir, `${DATABASE_NAME}${suffix}`), { force: true });
    for (const { relay } of [plain, snapshotted]) await relay.restart();

    const join = async (team: Team, dataDir: string): Promise<{ program: Program; joined: Joined }> => {
      mkdirSync(dataDir);
      const program = await startProgram('test/bench/first-sync/joining-desktop.ts', [team.relay.url, await team.invite(), dataDir], {}, JOINED_WITHIN_MS);
      return { program, joined: joinedSchema.parse(program.ready) };
    };
    const measureJoin = (team: Team, from: 'log' | 'snapshot') => async (): Promise<number> => {
      const dataDir = path.join(folder, `${(desktops += 1)}`);
      const { program, joined } = await join(team, dataDir);
      await program.stop();
      rmSync(dataDir, { recursive: true });
      if (joined.hasInstalled !== (from === 'snapshot')) throw new Error(`the desktop that was to begin with the ${from} did not`);
      peaks[from] = Math.max(peaks[from], joined.peakMb);
      return (entries / joined.ms) * 1000;
    };

    // Alone in its workspace, so that its snapshot needs nobody's confirmation.
    for (const { deviceId } of AGENTS) await snapshotted.relay.cli('revoke', deviceId);
    const source = path.join(folder, 'source');
    const maker = await join(snapshotted, source);
    const isTrusted = (): boolean => look(path.join(snapshotted.relay.dataDir, DATABASE_NAME), (db) => db.prepare('SELECT 1 FROM snapshot WHERE trusted_at IS NOT NULL').get() !== undefined);
    await waitUntil(
      'there is a snapshot',
      () => {
        // The next multiple of 1,000 is where it is made.
        if (snapshotted.meta.state().webhooks.pending === 0 && !isTrusted()) snapshotted.meta.customerWrites({ from: '50255550000', text: '{n}', times: 100 });
        return isTrusted();
      },
      JOINED_WITHIN_MS,
    );
    await maker.program.stop();
    const rows = path.join(source, DATABASE_FILE);

    const samples = await measureRounds(
      { log: measureJoin(plain, 'log'), snapshot: measureJoin(snapshotted, 'snapshot'), bare: () => (entries / timeBulkInsert(rows, folder)) * 1000 },
      { rounds, warmUps: 0, signal },
    );
    const ceiling = { name: 'bulk insert of the same rows', rounds: samples.bare };
    return {
      figures: [
        createFigure({ name: 'joined from the log', unit: 'entries/s', rounds: samples.log, ceiling }),
        createFigure({ name: 'joined from a snapshot', unit: 'entries/s', rounds: samples.snapshot, ceiling, goal: ratioAtLeast(0.1) }),
      ],
      checks: { entries, peakMbFromLog: Math.round(peaks.log), peakMbFromSnapshot: Math.round(peaks.snapshot) },
      notes: [
        `${entries.toLocaleString('en-US')} entries over the network from the relay; the ceiling copies the finished rows from file to file`,
        `the most memory that the desktop's process had: ${Math.round(peaks.log)} MB from the log, ${Math.round(peaks.snapshot)} MB from a snapshot`,
      ],
    };
  } finally {
    await plain.stop();
    await snapshotted.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every row of a desktop's file into a new one, with the same tables and indexes. @returns ms. */
function timeBulkInsert(source: string, folder: string): number {
  const file = path.join(folder, 'bare', DATABASE_FILE);
  const db = openDatabase(file);
  try {
    db.prepare('ATTACH ? AS source').run(source);
    // The search index is made afterwards, in idle moments.
    const found = db.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'").pluck().all() as string[];
    const tables = found.filter((table) => !NOT_OURS.has(table));
    const from = performance.now();
    db.transaction(() => {
      for (const table of tables) db.exec(`INSERT INTO main.${table} SELECT * FROM source.${table}`);
    }).immediate();
    return performance.now() - from;
  } finally {
    db.close();
    rmSync(path.dirname(file), { recursive: true });
  }
}

function look<T>(file: string, read: (db: Database.Database) => T): T {
  const db = new Database(file, { readonly: true, ...nativeBindingOption() });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
