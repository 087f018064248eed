/**
 * What the relay promises holds on PostgreSQL, too: the same tests, with its store in the place of SQLite's. A normal run takes those that ask most of
 * a store; `npm run test:long` takes all that a store could break.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { whyNoPostgres } from '../../support/postgres.ts';
import { makeFolder, openStore } from './relay-harness.ts';
import { stopPostgres } from './postgres-under-test.ts';

vi.mock('./store-under-test.ts', () => import('./postgres-under-test.ts'));

const missing = whyNoPostgres();
const SUITES = ['log-store', 'compaction', 'snapshots'];
const FURTHER_SUITES = ['diagnostics', 'enroll', 'find-device', 'http-surface', 'keys', 'metrics', 'sync', 'team-api', 'team-frames', 'webhook'];
const AUTHORISATION_SUITES = ['ops', 'relay'];
/** Those that start programs on a folder, or are about a store's own file or tables. */
const ONE_STORE_ONLY = ['backup', 'blobs', 'cli', 'crash', 'doctor', 'key-report', 'lively-run', 'migrations', 'move-log', 'postgres-failover', 'postgres-store', 'sqlite-store'];
const isWhole = process.env['ALL_ON_POSTGRES'] !== undefined;
const onPostgres = (suites: readonly string[]): readonly string[] => (missing === undefined ? suites : []);

afterAll(stopPostgres);

test('every suite that works on a relay’s store is run on PostgreSQL too, or is known to be about one store', () => {
  const usesStore = (folder: string): string[] =>
    readdirSync(path.join(import.meta.dirname, folder))
      .filter((file) => file.endsWith('.test.ts') && file !== path.basename(import.meta.filename))
      .filter((file) => readFileSync(path.join(import.meta.dirname, folder, file), 'utf8').includes('relay-harness.ts'))
      .map((file) => path.basename(file, '.test.ts').replace(/\.long$/, ''))
      .toSorted();
  expect(usesStore('.')).toEqual([...SUITES, ...FURTHER_SUITES, ...ONE_STORE_ONLY].toSorted());
  expect(usesStore('../authorisation')).toEqual(AUTHORISATION_SUITES);
});

test.runIf(missing === undefined)(`the relay on PostgreSQL${missing === undefined ? '' : ` (${missing})`}`, async () => {
  await using folder = await makeFolder();
  const store = await openStore(folder.path);
  expect(await store.readStatus()).toMatchObject({ head: 0, logId: store.logId });
  await store.close();
});

describe.each(onPostgres([...SUITES, ...(isWhole ? FURTHER_SUITES : [])]))('%s', async (suite) => {
  await import(`./${suite}.test.ts`);
});
describe.each(onPostgres(isWhole ? AUTHORISATION_SUITES : []))('authorisation: %s', async (suite) => {
  await import(`../authorisation/${suite}.test.ts`);
});
