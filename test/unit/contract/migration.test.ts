/**
 * A database that the first release wrote, brought to the schema of today. Its rows stay until the relay is reached and
 * are made anew then (`test/integration/engine/snapshots.long.test.ts`). The old file is made from a new one: the first release
 * wrote nearly the same values into the columns that it knew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { SYNCED_MIGRATIONS } from '../../../contract/sqlite/tables.ts';
import { LOCAL_MIGRATIONS } from '../../../main/engine/db/local-tables.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../../main/engine/sync/replica.ts';
import { AT, createLogWriter } from './log-writer.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-migration-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

type Row = Record<string, string | number | null>;

const columnsOf = (db: Database.Database, table: string): string[] => (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);

/** The same rows in a file of the first release: what it knew of them, the rest left out. */
function writeAsFirstRelease(source: Database.Database, file: string): void {
  const old = new Database(file, nativeBindingOption());
  old.exec(SYNCED_MIGRATIONS[0] ?? '');
  old.exec(LOCAL_MIGRATIONS[0] ?? '');
  old.exec("DELETE FROM sync_meta; CREATE TABLE schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID; INSERT INTO schema_version VALUES ('synced', 1), ('local', 1)");
  old.pragma(`application_id = ${String(source.pragma('application_id', { simple: true }))}`);
  const tables = old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version'").pluck().all() as string[];
  for (const table of tables) {
    const columns = columnsOf(old, table);
    const insert = old.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`);
    for (const row of source.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).all() as Row[]) insert.run(table === 'undo' ? { ...row, prior: stripPrior(old, row) } : row);
  }
  old.close();
}

function stripPrior(old: Database.Database, undo: Row): string {
  const prior = JSON.parse(String(undo['prior'])) as Row | null;
  if (prior === null) return 'null';
  const known = columnsOf(old, String(undo['table_name']));
  return JSON.stringify(Object.fromEntries(Object.entries(prior).filter(([column]) => known.includes(column))));
}

describe('a database of the first release', () => {
  it('opens with its rows, which are to be made anew by this version, and with what was pending', () => {
    const writer = createLogWriter();
    writer.relay({ type: 'device.enrolled', deviceId: 'desk-ana', agentId: 'ana', agentName: 'Ana', role: 'agent' });
    const conversationId = `c_${writer.customerWrites()}`;
    const before = openDatabase(path.join(dir, 'new.db'));
    const desk = openDesk(before);
    desk.replica.receive(writer.log);
    desk.replica.applyLocal({ type: 'message.queue', args: { messageId: 'out-1', conversationId, seenThrough: writer.head(), content: { kind: 'text', text: 'va' } } });
    const file = path.join(dir, 'old.db');
    writeAsFirstRelease(before, file);
    before.close();

    const db = openDatabase(file);
    const queries = createSyncQueries(db);
    expect(queries.readMeta()).toMatchObject({ cursor: writer.head(), stateVersion: null, pushedThrough: 1 });
    expect(queries.listPending(0, 10)).toHaveLength(1);
    expect(db.prepare('SELECT count(*) FROM message').pluck().get()).toBe(2);
    // Rows that pending ops had changed can be taken back, although their columns are not all known.
    writer.customerWrites();
    expect(openDesk(db).replica.receive(writer.log)).toBe('applied');
    expect(db.prepare('SELECT count(*) FROM message').pluck().get()).toBe(3);
    expect(queries.readDigest()).not.toBeNull();
    db.close();
    writer.close();
  });
});

/** The desktop of `ana` over a database. */
function openDesk(db: Database.Database) {
  const queries = createSyncQueries(db);
  if (queries.readMeta().deviceId === null) queries.enroll('http://127.0.0.1', 'log', 'desk-ana', 'ana');
  let counter = 0;
  const replica = createReplica({
    db,
    queries,
    clock: { now: () => AT },
    ids: { next: () => `pending-${(counter += 1)}` },
    changes: createChangeCollector({ contact: () => [], request: () => [] }),
    onConfirmed: () => undefined,
    onReceived: () => undefined,
  });
  return { replica };
}
