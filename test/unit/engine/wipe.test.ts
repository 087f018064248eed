/** A remote wipe while a snapshot is being made, over a real database file. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import type { Refusal } from '../../../contract/wire.ts';
import { DATABASE_FILE, openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import type { RelayConnection, RelayListener } from '../../../main/engine/sync/relay-connection.ts';
import { createWipe } from '../../../main/engine/team/wipe.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-wipe-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('leaves nothing in the write-ahead log, although a snapshot has its view of the rows', async () => {
  const file = path.join(dataDir, DATABASE_FILE);
  const db = openDatabase(file);
  db.pragma('busy_timeout = 50');
  db.exec(`INSERT INTO contact (id, profile_name, created_seq) VALUES ('p_1', 'nombre secreto', 1);
    INSERT INTO search_words (rowid, words) VALUES (7, 'palabrasecreta'); INSERT INTO search_names (rowid, names) VALUES (1, 'apodosecreto'); INSERT INTO search_pieces (rowid, pieces) VALUES (1, 'trozosecreto')`);
  const snapshot = new Database(file, nativeBindingOption());
  snapshot.exec('BEGIN');
  snapshot.prepare('SELECT count(*) FROM contact').get();
  let listener: RelayListener = {};
  const relay = {
    end: () => undefined,
    listen: (given: RelayListener) => {
      listener = given;
      return () => undefined;
    },
  } as unknown as RelayConnection;
  const wipe = createWipe({
    db,
    dataDir,
    queries: createSyncQueries(db),
    secrets: { get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() },
    changes: createChangeCollector({ contact: () => [], request: () => [] }),
    relay,
    abandonMedia: async () => undefined,
    abandonSnapshot: async () => void snapshot.close(),
    log: () => undefined,
  });
  expect(listener.onRefused?.({ code: 'revoked', wipe: true } satisfies Refusal)).toBe(true);
  await wipe.stop();
  const bytes = readdirSync(dataDir).map((name) => readFileSync(path.join(dataDir, name), 'latin1'));
  for (const secret of ['nombre secreto', 'palabrasecreta', 'apodosecreto']) expect(bytes.some((text) => text.includes(secret))).toBe(false);
  expect(db.prepare("SELECT count(*) FROM search_words WHERE search_words MATCH 'palabrasecreta'").pluck().get()).toBe(0);
  expect(db.prepare("SELECT count(*) FROM search_pieces WHERE search_pieces MATCH 'trozo'").pluck().get()).toBe(0);
  db.close();
});
