/** A desktop that was away: the entries of its log applied by the replica, beside a bare insert of the rows they become. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LogEntry } from '../../../contract/wire.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { takeSupportLog } from '../data/support-log.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { readAllRows, timeBareInsert, type TableRows } from './bare-insert.ts';

const ENTRIES = 50_000;
const QUICK_ENTRIES = 2_000;
/** As the engine takes them when it is far behind. */
const CHUNK = 2_000;
/** As they come in while the desktop keeps up. */
const SMALL_CHUNK = 50;

export async function measureCatchUp({ quick, rounds, entries: wanted, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-catch-up-'));
  const entries = [...takeSupportLog(wanted ?? (quick ? QUICK_ENTRIES : ENTRIES))];
  let files = 0;
  const nextFile = (): string => path.join(folder, `${(files += 1)}`, 'bandeja.db');
  let tables: TableRows[] = [];
  const apply = (chunk: number) => (): number => {
    const file = nextFile();
    const { db, replica } = openDesktopReplica(file);
    const from = performance.now();
    applyLog(replica, entries, chunk);
    const spent = performance.now() - from;
    tables = readAllRows(db);
    db.close();
    rmSync(path.dirname(file), { recursive: true });
    return perSecond(entries, spent);
  };
  const insert = (): number => {
    const file = nextFile();
    const spent = timeBareInsert(file, tables, Math.ceil(entries.length / CHUNK));
    rmSync(path.dirname(file), { recursive: true });
    return perSecond(entries, spent);
  };
  try {
    apply(CHUNK)(); // the rows, before the first bare insert
    const samples = await measureRounds({ replica: apply(CHUNK), small: apply(SMALL_CHUNK), bare: insert }, { rounds, warmUps: quick ? 0 : 1, signal });
    const ceiling = { name: 'bare insert of the same rows', rounds: samples.bare };
    const rowCount = (name: string): number => tables.find(({ table }) => table === name)?.rows.length ?? 0;
    return {
      figures: [
        createFigure({ name: `applied, ${CHUNK.toLocaleString('en-US')} a transaction`, unit: 'entries/s', rounds: samples.replica, ceiling, goal: ratioAtLeast(0.6) }),
        createFigure({ name: `applied, ${SMALL_CHUNK} a transaction`, unit: 'entries/s', rounds: samples.small, ceiling }),
      ],
      checks: {
        entries: entries.length,
        webhooks: rowCount('log_entry'),
        messages: rowCount('message'),
        statuses: rowCount('message_status'),
        conversations: rowCount('conversation'),
        ops: rowCount('activity'),
      },
      notes: [
        `${entries.length.toLocaleString('en-US')} entries (inbound messages, answers, statuses, reads) become ${tables.reduce((sum, { rows }) => sum + rows.length, 0).toLocaleString('en-US')} rows`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const perSecond = (entries: readonly LogEntry[], ms: number): number => (entries.length / ms) * 1000;
