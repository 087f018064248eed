/** What a desktop does that waits for its first key: ask again, and leave. Its rows are real, the relay’s answers are not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries, type SyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createEnrollment, type EnrollmentFeature } from '../../../main/engine/team/enrollment.ts';

type Found = Awaited<ReturnType<Parameters<typeof createEnrollment>[0]['fetchKey']>>;

let db: Database.Database;
let queries: SyncQueries;
let enrollment: EnrollmentFeature;
let answers: Found[];
let done: string[];
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = createSyncQueries(db);
  queries.enroll('http://127.0.0.1', 'log', 'desk', 'bo');
  [answers, done] = [[], []];
  enrollment = createEnrollment({
    queries,
    ring: { newest: () => 0 },
    relay: { reconnect: () => void done.push('reconnect'), state: () => ({ state: 'waiting_for_key' }) },
    http: { call: async ({ path }: { path: string }) => void done.push(path) },
    fetchKey: async () => answers.shift(),
    erase: async () => void done.push('erase'),
    log: () => undefined,
  } as unknown as Parameters<typeof createEnrollment>[0]);
});
afterEach(() => void db.close());

describe('asking again', () => {
  it.each<{ found: Found[]; isHere: boolean; connects: boolean }>([
    { found: ['here'], isHere: true, connects: true },
    { found: ['missing'], isHere: false, connects: false },
    { found: ['moved'], isHere: false, connects: true },
    { found: ['stale', 'here'], isHere: true, connects: true },
    { found: ['stale', 'missing'], isHere: false, connects: false },
    { found: ['stale', 'stale', 'here'], isHere: false, connects: false },
  ])('that finds $found: here $isHere', async ({ found, isHere, connects }) => {
    answers = [...found];
    expect(await enrollment.askAgain()).toEqual({ isHere });
    expect(done).toEqual(connects ? ['reconnect'] : []);
  });
});

describe('leaving', () => {
  it('empties a desktop that holds nothing of the workspace', async () => {
    await enrollment.leave();
    expect(done).toEqual(['/api/devices/revoke/desk', 'erase']);
  });

  it('is refused to one that holds what came before there was a key', async () => {
    queries.setPoint(3, '0');
    await expect(enrollment.leave()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    expect(done).toEqual([]);
  });

  it('is refused to one that has something to send', async () => {
    queries.addPending({ opId: 'op', deviceSeq: 1, v: 1, occurredAt: 0, body: '{}' });
    await expect(enrollment.leave()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    expect(done).toEqual([]);
  });
});
