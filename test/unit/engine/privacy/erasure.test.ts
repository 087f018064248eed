import { expect, it } from 'vitest';
import { createErasureQueries } from '../../../../main/engine/db/erasure-queries.ts';
import { openDatabase } from '../../../../main/engine/db/open-database.ts';
import { createErasure } from '../../../../main/engine/privacy/erasure.ts';

it('what only the relay is still to be told waits for it without keeping everything else from its turn', async () => {
  const db = openDatabase(':memory:');
  const queries = createErasureQueries(db);
  queries.add('blob', 'a'.repeat(64));
  let [asked, isLive] = [0, false];
  const told: unknown[] = [];
  const erasure = createErasure({
    db,
    queries,
    files: { remove: async () => {} },
    namesAtRelay: (sha256) => [sha256],
    replica: { state: { get: () => ({ role: 'lead', is_removed: 0 }) } } as never,
    http: { call: (async ({ body }: { body: unknown }) => void told.push(body)) as never },
    isLive: () => {
      asked += 1;
      // It would ask for ever, and no timer would come to end the test.
      if (asked > 20) throw new Error('asked again and again');
      return isLive;
    },
    hasWholeRows: () => true,
    finishIndex: () => true,
    onDone: () => {},
    myId: () => 'ana',
    now: () => 0,
    log: () => {},
  });
  erasure.look();
  await new Promise((resolve) => setImmediate(resolve));
  expect({ asked, left: erasure.left() }).toEqual({ asked: 1, left: { isHere: false, isAtRelay: true } });
  isLive = true;
  erasure.look();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([{ through: 0, files: ['a'.repeat(64)] }]);
  db.close();
});
