/**
 * What the relay promises holds on PostgreSQL, too: the same tests, with its store in the place of SQLite's. A normal run takes those that ask most of
 * a store; `npm run test:long` takes all that a store could break.
 */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { whyNoPostgres } from '../../support/postgres.ts';
import { makeFolder, openStore } from './relay-harness.ts';
import { stopPostgres } from './postgres-under-test.ts';

vi.mock('./store-under-test.ts', () => import('./postgres-under-test.ts'));

const missing = whyNoPostgres();
const SUITES = ['log-store', 'compaction', 'snapshots'];
const FURTHER_SUITES = ['enroll', 'sync', 'team-api', 'team-frames'];
const suites = missing === undefined ? [...SUITES, ...(process.env['ALL_ON_POSTGRES'] ? FURTHER_SUITES : [])] : [];

afterAll(stopPostgres);

test.runIf(missing === undefined)(`the relay on PostgreSQL${missing === undefined ? '' : ` (${missing})`}`, async () => {
  await using folder = await makeFolder();
  const store = await openStore(folder.path);
  expect(await store.readStatus()).toMatchObject({ head: 0, logId: store.logId });
  await store.close();
});

describe.each(suites)('%s', async (suite) => {
  await import(`./${suite}.test.ts`);
});
