/** A real desktop over prepared data: engine and browser shell as one process, as built, on a line to the end of its log. Its clock stands just behind the last entry. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { SECRETS_FILE } from '../../../main/engine/ports.ts';
import { startShiftedProgram, type Program } from '../../support/program.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { LOG_END, type LogSize } from '../data/support-log.ts';
import { startLiveLog, type LiveLog, type LogEnd, type Writer } from './live-log.ts';

export type BenchDesktop = {
  /** Its clock less this machine's; the window's has to agree. */
  shiftMs: number;
  log: LiveLog;
  /** The customer with most messages, and all. */
  biggest: Writer;
  writers: readonly Writer[];
  /** Starts the process, ending the one before. @returns the window's address with its secret. */
  start(): Promise<string>;
  stop(): Promise<void>;
};

const MINUTE = 60_000;

export async function prepareDesktop(size: LogSize): Promise<BenchDesktop> {
  const { dataDir, remove } = copyDesktopData(size);
  const shiftMs = LOG_END + MINUTE - Date.now();
  const { end, writers } = readFolder(dataDir);
  const log = await startLiveLog(end, () => Date.now() + shiftMs);
  pointAt(dataDir, log.url);
  let program: Program | null = null;
  return {
    shiftMs,
    log,
    biggest: writers[0]!,
    writers,
    start: async () => {
      await program?.stop();
      program = await startShiftedProgram('out/main/browser.js', ['--data-dir', dataDir, '--no-open'], {}, shiftMs);
      return String(program.ready.url);
    },
    stop: async () => {
      await program?.stop();
      await log.stop();
      remove();
    },
  };
}

/** Who wrote most comes first. */
function readFolder(dataDir: string): { end: LogEnd; writers: Writer[] } {
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true });
  try {
    const end = db.prepare('SELECT log_id AS logId, cursor AS head, next_device_seq - 1 AS lastDeviceSeq FROM sync_meta').get() as LogEnd;
    const writers = db
      .prepare(
        `SELECT i.value AS waId, p.profile_name AS name FROM contact_identifier i JOIN contact p ON p.id = i.contact_id
         WHERE i.kind = 'wa_id' ORDER BY (SELECT max(c.inbound_count) FROM conversation c WHERE c.contact_id = p.id) DESC, i.value`,
      )
      .all() as Writer[];
    return { end, writers };
  } finally {
    db.close();
  }
}

/** The folder was enrolled with a relay that is not there. */
function pointAt(dataDir: string, relayUrl: string): void {
  const db = new Database(path.join(dataDir, DATABASE_FILE));
  db.prepare('UPDATE sync_meta SET relay_url = ?, pushed_through = next_device_seq - 1').run(relayUrl);
  db.close();
  writeFileSync(path.join(dataDir, SECRETS_FILE), JSON.stringify({ 'device-token': 'bench' }), { mode: 0o600 });
}
