/** Own ops that the relay has confirmed are kept for a while, for a relay that is restored. */
import { expect, it } from 'vitest';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';

it('those confirmed before the oldest that is kept go, and no others, also where none is older', () => {
  const db = openDatabase(':memory:');
  const queries = createSyncQueries(db);
  const confirm = (deviceSeq: number, now: number): number[] => {
    const opId = `op-${deviceSeq}`;
    queries.addPending({ opId, deviceSeq, v: 1, occurredAt: now, body: '{}' });
    queries.keepConfirmed(opId, now, now - 30);
    queries.removePending(opId);
    return db.prepare('SELECT device_seq FROM confirmed_op ORDER BY device_seq').pluck().all() as number[];
  };
  expect([confirm(1, 100), confirm(2, 110), confirm(3, 130)]).toEqual([[1], [1, 2], [1, 2, 3]]);
  expect(confirm(4, 135)).toEqual([2, 3, 4]);
  expect(confirm(5, 900)).toEqual([5]);
  // While the clock stood in the future for a moment.
  expect(confirm(6, 9_000)).toEqual([6]);
  expect([confirm(7, 910), confirm(8, 920)]).toEqual([
    [6, 7],
    [6, 7, 8],
  ]);
  expect(confirm(9, 1_000)).toEqual([6, 9]);
  db.close();
});
