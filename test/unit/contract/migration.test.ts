/**
 * A database that the first release wrote, brought to the schema of today: its rows must be those of a desktop that folds
 * the log anew, also where ops were pending. The old file is made from a new one: the first release wrote the same values
 * into the columns that it knew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { applyLogEntry } from '../../../contract/reduce.ts';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { createStateStore, dumpState } from '../../../contract/sqlite/state-tx.ts';
import { SYNCED_MIGRATIONS } from '../../../contract/sqlite/tables.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { LOCAL_MIGRATIONS } from '../../../main/engine/db/local-tables.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../../main/engine/sync/replica.ts';
import { AT, createLogWriter, ROSA, type LogWriter } from './log-writer.ts';

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

function fold(log: LogEntry[]): string[] {
  const db = openDatabase(':memory:');
  const { confirmed } = createStateStore(db, () => undefined);
  for (const entry of log) applyLogEntry(confirmed, entry);
  const rows = [...dumpState(db)];
  db.close();
  return rows;
}

/** What the first release knew to do. */
const stepArb = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('inbound' as const), customer: fc.nat({ max: 1 }), minutes: fc.nat({ max: 90 }), type: fc.constantFrom('text', 'text', 'text', 'system', 'image') }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('queue' as const, 'confirm' as const, 'discard' as const, 'result' as const, 'archived' as const, 'closed' as const, 'active' as const, 'read' as const),
      who: fc.constantFrom('ana', 'bo'),
      pick: fc.nat({ max: 50 }),
      unseen: fc.nat({ max: 3 }),
    }),
  },
);
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;

function toOp(writer: Pick<LogWriter, 'db' | 'head'>, step: Exclude<Step, { do: 'inbound' }>, n: number): OpBody | null {
  const pick = (rows: unknown[]): unknown => rows[step.pick % Math.max(1, rows.length)];
  const seenThrough = Math.max(0, writer.head() - step.unseen);
  const conversation = pick(writer.db.prepare('SELECT id, status FROM conversation ORDER BY id').all()) as { id: string; status: 'active' } | undefined;
  const message = pick(writer.db.prepare("SELECT id FROM message WHERE direction = 'out' AND actor_id = ? ORDER BY id").all(step.who)) as { id: string } | undefined;
  if (!conversation) return null;
  switch (step.do) {
    case 'queue':
      return { type: 'message.queue', args: { messageId: `out-${n}`, conversationId: conversation.id, seenThrough, content: { kind: 'text', text: 'va' } } };
    case 'confirm':
      return message ? { type: 'message.confirm', args: { messageId: message.id, seenThrough } } : null;
    case 'discard':
      return message ? { type: 'message.discard', args: { messageId: message.id } } : null;
    case 'result':
      return message ? { type: 'message.result', args: { messageId: message.id, wamid: `wamid.${message.id}` } } : null;
    case 'read':
      return { type: 'read.advance', args: { conversationId: conversation.id, throughMessageId: 'm_3' } };
    default:
      return { type: 'conversation.status', args: { conversationId: conversation.id, from: conversation.status, to: step.do, seenThrough } };
  }
}

/** Runs the steps into the log: two agents and two customers of the first release. */
function writeLog(steps: Step[]): LogWriter {
  const writer = createLogWriter();
  for (const agentId of ['ana', 'bo']) writer.relay({ type: 'device.enrolled', deviceId: `desk-${agentId}`, agentId, agentName: agentId, role: 'agent' });
  writer.customerWrites();
  for (const [n, step] of steps.entries()) {
    if (step.do === 'inbound') writer.customerWrites({ from: `${ROSA.slice(0, -1)}${step.customer}`, sentAt: AT - step.minutes * 60_000, type: step.type });
    else {
      const op = toOp(writer, step, n);
      if (op) writer.op(step.who, op);
    }
  }
  return writer;
}

let files = 0;
const nextFile = (): string => path.join(dir, `old-${(files += 1)}.db`);

describe('a database of the first release', () => {
  it('becomes what a fold of its log from zero gives (seed 1)', () => {
    let waiting = 0;
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 5, maxLength: 30 }), (steps) => {
        const writer = writeLog(steps);
        const file = nextFile();
        writeAsFirstRelease(writer.db, file);
        const db = openDatabase(file);
        waiting += db.prepare('SELECT count(*) FROM conversation WHERE waiting_since IS NOT NULL').pluck().get() as number;
        expect([...dumpState(db)]).toEqual(fold(writer.log));
        db.close();
        writer.close();
      }),
      { seed: 1, numRuns: 25 },
    );
    expect(waiting, 'somebody must have been waiting, or nothing was shown').toBeGreaterThan(0);
  });

  it('becomes that also when ops were pending, once the log has taken them (seed 1)', () => {
    let undone = 0;
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 5, maxLength: 20 }), fc.array(stepArb, { minLength: 1, maxLength: 6 }), (steps, pendingSteps) => {
        const writer = writeLog(steps);
        const before = openDatabase(':memory:');
        const desk = openDesk(before);
        desk.replica.receive(writer.log);
        for (const [n, step] of pendingSteps.entries()) {
          const op = step.do === 'inbound' ? null : toOp({ db: before, head: () => writer.log.length }, { ...step, who: 'ana' }, 100 + n);
          if (op) desk.replica.applyLocal(op);
        }
        const file = nextFile();
        writeAsFirstRelease(before, file);
        before.close();

        const db = openDatabase(file);
        undone += db.prepare("SELECT count(*) FROM undo WHERE table_name = 'conversation'").pluck().get() as number;
        const pending = createSyncQueries(db).listPending(0, 100);
        // A customer writes before the ops arrive, so that some of them are judged otherwise.
        writer.customerWrites();
        for (const op of pending) writer.log.push({ kind: 'op', seq: writer.log.length + 1, receivedAt: AT + 1e6, deviceId: 'desk-ana', actorId: 'ana', ...op });
        expect(openDesk(db).replica.receive(writer.log)).toBe('applied');
        expect([...dumpState(db)]).toEqual(fold(writer.log));
        db.close();
        writer.close();
      }),
      { seed: 1, numRuns: 25 },
    );
    expect(undone, 'the pending ops must have changed conversations').toBeGreaterThan(0);
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
    changes: createChangeCollector(() => []),
    onConfirmed: () => undefined,
    onReceived: () => undefined,
  });
  return { replica };
}
