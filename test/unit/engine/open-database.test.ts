import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-db-'));
  file = path.join(folder, 'sub', 'bandeja.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('opens the same file again with everything in it', () => {
  const first = openDatabase(file);
  first.prepare("INSERT INTO agent VALUES ('a', 'Ana', 'lead', 0)").run();
  first.close();
  const second = openDatabase(file);
  expect(second.prepare('SELECT name FROM agent').pluck().all()).toEqual(['Ana']);
  expect(second.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(second.pragma('synchronous', { simple: true })).toBe(2);
  second.close();
});

it('refuses a database from the future and leaves it as it is', () => {
  const db = openDatabase(file);
  db.prepare("UPDATE schema_version SET version = 99 WHERE part = 'synced'").run();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const before = readFileSync(file);
  expect(() => openDatabase(file)).toThrow(/newer version of Bandeja.*Update Bandeja; nothing was changed/);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('refuses the database of another program', () => {
  const other = path.join(folder, 'other.db');
  const db = new Database(other);
  db.exec('CREATE TABLE theirs (x)');
  db.close();
  expect(() => openDatabase(other)).toThrow(/is not a Bandeja database/);
});
