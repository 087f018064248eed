/** I12. The way to a new one is `record-golden-log.ts`. */
import { expect, it } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { hashRows, listGoldenLogs, readGoldenLog } from './golden-log.ts';

it.each(listGoldenLogs())('the log of %s folds to what it did then (I12)', (release) => {
  const { log, folded } = readGoldenLog(release);
  const db = openDatabase(':memory:');
  const { confirmed } = createStateStore(db, () => undefined);
  for (const entry of log) applyLogEntry(confirmed, entry);
  expect(log).toHaveLength(folded.entries);
  expect(hashRows([...dumpState(db)], folded.columns), 'a branch of the reducer that is released is never changed: a new meaning is a new version of the op').toBe(folded.sha256);
  db.close();
});

it('every release that had a log is there', () => {
  expect(listGoldenLogs()).toContain('unreleased');
});
