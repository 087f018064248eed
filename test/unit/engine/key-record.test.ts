/** What an admin is told of desktops that came by paper, and until when: real rows, and a log that is written by hand. */
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeyQueries } from '../../../main/engine/db/key-queries.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createKeyRecord, type KeyRecord } from '../../../main/engine/team/key-record.ts';
import { AT, createTeamLog } from '../contract/log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
let record: KeyRecord;
let logId: string;
beforeEach(() => {
  log = createTeamLog();
  logId = 'log';
  record = createKeyRecord({
    queries: createKeyQueries(log.db),
    settings: createSettingQueries(log.db),
    replica: {
      applyLocal: () => {
        throw new Error('nothing is written here');
      },
    },
    isAdmin: () => true,
    readMeta: () => ({ deviceId: 'desk-ana', logId }),
    newestKey: () => ({ epoch: 1, publicKey: null }),
    now: () => AT,
    onChange: () => undefined,
    log: () => undefined,
  });
});
afterEach(() => log.close());

/** By paper, with key `epoch`. Returns the seq. */
const recovers = (agent: string, epoch = 1): number => {
  log.op(agent, { type: 'key.recover', args: { epoch } });
  return log.head();
};
const shown = (): string[] => (record.recovered()?.desktops ?? []).map(({ deviceId }) => deviceId);
const see = (): void => record.putOff({ notice: 'recovered', seq: record.recovered()?.seq ?? 0 });

it('shows all that came since the last click, the newest first, and no desktop that was shut out, nor its own', () => {
  recovers('ana');
  expect(record.recovered()).toBeNull();
  recovers('bo');
  const seq = recovers('cy');
  expect(record.recovered()).toMatchObject({
    seq,
    desktops: [
      { deviceId: 'desk-cy', agentName: 'cy' },
      { deviceId: 'desk-bo', agentName: 'bo' },
    ],
  });
  log.relay({ type: 'device.revoked', deviceId: 'desk-cy', agentId: 'cy', by: 'ana' });
  expect(shown()).toEqual(['desk-bo']);
});

it('shows one that came by paper after a restored relay let it in again, or that is only taken for such a one', () => {
  log.db.prepare("INSERT INTO shut_out_device (device_id, at, known_at) VALUES ('desk-bo', NULL, 1)").run();
  recovers('bo');
  expect(shown()).toEqual(['desk-bo']);
});

it('takes note of what was shown, and of nothing that came between that and the click', () => {
  recovers('bo');
  const before = record.recovered()?.seq ?? 0;
  recovers('cy');
  record.putOff({ notice: 'recovered', seq: before });
  expect(shown()).toEqual(['desk-cy']);
  see();
  expect(record.recovered()).toBeNull();
});

it('shows what was taken note of no more, whoever comes and is shut out afterwards', () => {
  recovers('bo');
  see();
  recovers('cy');
  expect(shown()).toEqual(['desk-cy']);
  log.relay({ type: 'device.revoked', deviceId: 'desk-cy', agentId: 'cy', by: 'ana' });
  expect(record.recovered()).toBeNull();
  // An older window clicks once more.
  record.putOff({ notice: 'recovered', seq: 0 });
  expect(record.recovered()).toBeNull();
});

it('shows a desktop again that came with another key, and not for saying the same twice', () => {
  recovers('bo');
  see();
  expect(log.op('bo', { type: 'key.recover', args: { epoch: 1 } }).outcome).toBe('duplicate');
  expect(record.recovered()).toBeNull();
  recovers('bo', 2);
  expect(shown()).toEqual(['desk-bo']);
});

it('has taken note of nothing that is still to come, nor of anything in a log that was restored', () => {
  recovers('bo');
  record.putOff({ notice: 'recovered', seq: Number.MAX_SAFE_INTEGER });
  recovers('cy');
  expect(shown()).toEqual(['desk-cy']);
  logId = 'log-2';
  expect(shown()).toEqual(['desk-cy', 'desk-bo']);
});

it('says when each desktop came last', () => {
  recovers('bo');
  recovers('cy');
  const last = recovers('bo', 2);
  // Each entry is a second later, and an op was written when it came.
  const at = log.db.prepare('SELECT occurred_at FROM activity WHERE seq = ?').pluck().get(last);
  expect(record.recoveredAt().get('desk-bo')).toBe(at);
  expect(record.recoveredAt().size).toBe(2);
});

it('reads one row of a desktop, however often it says the same, and finds it by an index', () => {
  for (let n = 0; n < 20; n += 1) recovers('bo');
  expect(log.db.prepare("SELECT count(*) FROM activity WHERE type = 'key.recover' AND outcome = 'applied'").pluck().get()).toBe(1);
  const statements: string[] = [];
  const noting = { prepare: (sql: string) => (statements.push(sql), log.db.prepare(sql)) } as unknown as Database.Database;
  createKeyQueries(noting);
  const sql = statements.find((statement) => statement.includes('GROUP BY'));
  const plan = log.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('USING INDEX activity_key_recover');
});
