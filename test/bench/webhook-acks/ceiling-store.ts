/**
 * The least that keeps an event: one row with a unique key, on disk before the transaction ends. The key begins with the
 * event's own second, so that neighbours in time are neighbours in the index; a plain hash would dirty a page for each row.
 */
import { hash } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';

export type CeilingStore = {
  /** One transaction, one fsync. */
  append(bodies: readonly Buffer[]): void;
  count(): number;
};

export function openCeilingStore(dir: string): CeilingStore {
  const db = new Database(path.join(dir, 'events.db'));
  db.pragma('page_size = 16384');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE event (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO event (key, body) VALUES (?, ?) ON CONFLICT (key) DO NOTHING');
  const count = db.prepare('SELECT count(*) FROM event').pluck();
  const append = db.transaction((bodies: readonly Buffer[]) => {
    for (const body of bodies) insert.run(makeKey(body), body);
  });
  return { append: (bodies) => append.immediate(bodies), count: () => count.get() as number };
}

const BEFORE_SECOND = '"timestamp":"';

function makeKey(body: Buffer): Buffer {
  const key = hash('sha256', body, 'buffer').subarray(0, 16);
  const at = body.indexOf(BEFORE_SECOND) + BEFORE_SECOND.length;
  key.writeUInt32BE(Number(body.toString('latin1', at, at + 10)));
  return key;
}
