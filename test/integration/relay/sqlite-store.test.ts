import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DatabaseFromFutureError } from '../../../webhook-relay/log-store/migrations.ts';
import { openDatabase, openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { enrollDeviceInto, makeFolder, makeOp } from './relay-harness.ts';

const open = (dataDir: string) => openSqliteStore({ dataDir, now: () => 1_000, newId: systemPorts.newId });

test('of a clamped occurredAt the raw value is kept', async () => {
  await using folder = await makeFolder();
  const store = open(folder.path);
  const device = await enrollDeviceInto(store);
  await store.append([{ kind: 'push', deviceId: device, ops: [makeOp(1, 'a', 99_999), makeOp(2, 'b', -5)] }]);
  using db = openReadonly(folder.path);
  expect(db.rows("SELECT occurred_raw FROM entry WHERE kind = 'op' ORDER BY seq")).toEqual([99_999, -5]);
  await store.close();
});

test('what is acknowledged is on disk: WAL with synchronous=FULL (2), and large pages', async () => {
  await using folder = await makeFolder();
  const db = openDatabase({ dataDir: folder.path, newId: () => 'log' });
  expect(['journal_mode', 'synchronous', 'page_size'].map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 16384]);
  db.close();
});

test('a database from the future is refused with a sentence, and left as it is', async () => {
  await using folder = await makeFolder();
  await open(folder.path).close();
  const file = path.join(folder.path, 'relay.db');
  const db = new Database(file);
  db.pragma('user_version = 99');
  db.close();
  expect(() => open(folder.path)).toThrow(DatabaseFromFutureError);
  expect(() => open(folder.path)).toThrow(/newer version of the relay \(schema 99/);
  using again = openReadonly(folder.path);
  expect(again.pragma('user_version')).toBe(99);
});

function openReadonly(dataDir: string) {
  const db = new Database(path.join(dataDir, 'relay.db'), { readonly: true });
  return {
    rows: (sql: string): unknown[] => db.prepare(sql).pluck().all(),
    pragma: (name: string): unknown => db.pragma(name, { simple: true }),
    [Symbol.dispose]: () => void db.close(),
  };
}
