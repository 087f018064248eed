/** The rows of a desktop that fuzzed entries are folded into. */
import assert from 'node:assert/strict';
import { applyLogEntry, UpdateNeededError } from '../../contract/reduce.ts';
import { countDigest, formatDigest } from '../../contract/sqlite/state-digest.ts';
import { createStateStore } from '../../contract/sqlite/state-tx.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { openEmptyDatabase } from '../property/empty-database.ts';

export const NOW = Date.UTC(2026, 10, 23);
/** Entries in a fold before it begins anew: enough that they are about one another, few enough to stay fast. */
const FOLD_MAX = 400;

/** They are begun anew now and then (by `begin`), and their digest has to be right each time. */
export function createFold(begin: (fold: (entry: LogEntry) => void) => void) {
  let db = openEmptyDatabase();
  let store = createStateStore(db, () => undefined);
  let digest = formatDigest(0n);
  let seq = 0;
  /** Nothing was taken back, so that the digest which was kept is that of all rows. */
  let isWhole = true;
  const stamp = (): { seq: number; receivedAt: number } => ({ seq: (seq += 1), receivedAt: NOW + seq });
  const fold = (entry: LogEntry): void => {
    db.exec('BEGIN');
    try {
      applyLogEntry(store.confirmed, entry);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      store = createStateStore(db, () => undefined);
      isWhole = false;
      // A version of the future stops the fold; here it only has to say so.
      if (!(error instanceof UpdateNeededError)) throw error;
    }
  };
  const judge = (): void => {
    digest = store.settle(digest);
    if (isWhole) assert.equal(digest, countDigest(db), 'the digest that was kept is that of the rows');
    const orphans = db.prepare('SELECT count(*) FROM message WHERE conversation_id NOT IN (SELECT id FROM conversation)').pluck().get();
    assert.equal(orphans, 0, 'every message can be shown');
  };
  begin(fold);
  return {
    stamp,
    judge,
    fold: (entry: LogEntry): void => {
      if (seq > FOLD_MAX) {
        judge();
        db.close();
        db = openEmptyDatabase();
        store = createStateStore(db, () => undefined);
        digest = formatDigest(0n);
        isWhole = true;
        seq = 100;
        begin(fold);
      }
      fold(entry);
    },
    close: () => void db.close(),
  };
}
