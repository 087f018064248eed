/** Answers that are given again to a call which comes with the same key. */
import type Database from 'better-sqlite3';

export type AnsweredCall = { fingerprint: string; /** JSON. */ answer: string };

export function createAnsweredCallQueries(db: Database.Database) {
  const find = db.prepare<[string, number], AnsweredCall>('SELECT fingerprint, answer FROM answered_call WHERE key = ? AND at >= ?');
  const forget = db.prepare('DELETE FROM answered_call WHERE at < ?');
  const add = db.prepare('INSERT INTO answered_call (key, fingerprint, answer, at) VALUES (?, ?, ?, ?)');
  return {
    /** @param since ms; older answers no longer count. */
    find: (key: string, since: number): AnsweredCall | null => find.get(key, since) ?? null,
    /** Also drops what is older than `since`. Within a transaction of the caller's. */
    add: (key: string, call: AnsweredCall, at: number, since: number): void => {
      forget.run(since);
      add.run(key, call.fingerprint, call.answer, at);
    },
  };
}
export type AnsweredCallQueries = ReturnType<typeof createAnsweredCallQueries>;
