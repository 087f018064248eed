/**
 * The digest that is kept row by row is the digest counted anew, at every confirmed point of random histories with pending
 * ops, rollbacks, crashes and hostile text. Real replicas over real SQLite databases; the log is an array.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import type { OpBody } from '../../contract/ops/op.ts';
import { countDigest } from '../../contract/sqlite/state-digest.ts';
import { createStateStore } from '../../contract/sqlite/state-tx.ts';
import type { LogEntry, RelayEvent } from '../../contract/wire.ts';
import { createShownIn } from '../../main/engine/db/shown-in-queries.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../main/engine/sync/replica.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_122);
const RUNS = 100;
/** Far more than it takes: two databases a history, on a machine that does other things too. */
const WITHIN_MS = 180_000;
const totals = { rollbacks: 0, crashes: 0, updates: 0, broken: 0 };

type Step = { who: number; kind: 'act' | 'push' | 'pull' | 'crash' | 'customer'; n: number; text: string };
const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(1),
  kind: fc.constantFrom('act', 'act', 'push', 'pull', 'pull', 'crash', 'customer'),
  n: fc.nat(7),
  text: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }), fc.constantFrom('a', 'b', '\ud83d', '\udc00x')),
});

describe('the digest', () => {
  it(
    `is that of the rows, however they came about (seed ${SEED})`,
    () => {
      fc.assert(fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), play), { seed: SEED, numRuns: RUNS });
    },
    WITHIN_MS,
  );

  afterAll(() => {
    console.log(JSON.stringify(totals));
    for (const count of Object.values(totals)) expect(count).toBeGreaterThan(0);
  });

  it('notices one changed cell', () => {
    const { db } = openDesktop(0, { log: [] });
    const empty = countDigest(db);
    db.exec("INSERT INTO label VALUES ('l', 'Urgente', 'red', 0)");
    const one = countDigest(db);
    db.exec("UPDATE label SET color = 'blue'");
    expect(new Set([empty, one, countDigest(db)]).size).toBe(3);
    db.exec('DELETE FROM label');
    expect(countDigest(db)).toBe(empty);
  });

  it('does not depend on the order in which rows were written', () => {
    const [a, b] = [openDesktop(0, { log: [] }).db, openDesktop(0, { log: [] }).db];
    a.exec("INSERT INTO label VALUES ('1', 'x', 'red', 0), ('2', 'y', 'red', 0)");
    b.exec("INSERT INTO label VALUES ('2', 'y', 'red', 0), ('1', 'x', 'red', 0)");
    expect(countDigest(a)).toBe(countDigest(b));
  });
});

function play(steps: Step[]): void {
  const world: { log: LogEntry[] } = { log: [] };
  const join = (event: RelayEvent): void => void world.log.push({ kind: 'relay', seq: world.log.length + 1, receivedAt: 1, body: JSON.stringify(event) });
  for (const n of [0, 1]) join({ type: 'device.enrolled', deviceId: `device-${n}`, agentId: `agent-${n}`, agentName: 'Ana', role: 'lead' });
  const desktops = [openDesktop(0, world), openDesktop(1, world)];
  for (const { who, kind, n, text } of steps) {
    const desktop = desktops[who]!;
    if (kind === 'act') desktop.act(n, text);
    if (kind === 'push') desktop.push(n);
    if (kind === 'pull') desktop.pull(n + 1);
    if (kind === 'crash') desktop.crash(n + 1);
    if (kind === 'customer') world.log.push(customerEntry(world.log.length + 1, n, text));
    if (kind === 'pull' || kind === 'crash') desktop.check();
  }
  for (const desktop of desktops) desktop.push(100);
  const digests = desktops.map((desktop) => {
    desktop.pull(1_000);
    desktop.check();
    return desktop.digest();
  });
  expect(digests[0]).toBe(digests[1]);
  for (const { db } of desktops) db.close();
}

function openDesktop(n: number, world: { log: LogEntry[] }) {
  const db: Database.Database = openDatabase(':memory:');
  const queries = createSyncQueries(db);
  queries.enroll('http://127.0.0.1', 'log', `device-${n}`, `agent-${n}`);
  let ids = 0;
  let isDoomed = false;
  const boot = () =>
    createReplica({
      db,
      queries,
      clock: { now: () => 1_000 },
      ids: { next: () => `op-${n}-${(ids += 1)}` },
      changes: createChangeCollector(createShownIn(db)),
      onConfirmed: () => undefined,
      onReceived: () => {
        if (!isDoomed) return;
        isDoomed = false;
        throw new Error('doomed');
      },
    });
  let replica = boot();
  let pushed = 0;
  const pull = (count: number): void => {
    const { cursor } = queries.readMeta();
    if (queries.countPending() > 0 && world.log.length > cursor) totals.rollbacks += 1;
    replica.receive(world.log.slice(cursor, cursor + count));
    expect(replica.stopped).toBeNull();
  };
  return {
    db,
    pull,
    act: (kind: number, text: string): void => {
      const labelId = `label-${kind % 3}`;
      const known = replica.state.get('label', [labelId]);
      const name = text.trim().slice(0, 80) || 'x';
      if (known && known.is_deleted === 0) totals.updates += 1;
      if (!name.isWellFormed()) totals.broken += 1;
      const bodies: OpBody[] = [
        { type: 'label.add', args: { labelId, name, color: 'red' } },
        { type: 'label.change', args: { labelId, changes: { name: { from: known?.name ?? 'x', to: name } } } },
        { type: 'label.delete', args: { labelId } },
        { type: 'team.add', args: { teamId: 'team-1', name } },
        { type: 'team.member', args: { teamId: 'team-1', agentId: 'agent-0', isMember: text.length % 2 === 0 } },
        { type: 'team.delete', args: { teamId: 'team-1' } },
        { type: 'label.change', args: { labelId, changes: { name: { from: known?.name ?? 'x', to: 'y' } } } },
        { type: 'label.add', args: { labelId: `label-${n}-${ids}`, name, color: 'blue' } },
      ];
      replica.applyLocal(bodies[kind]!);
    },
    push: (count: number): void => {
      for (const op of queries.listPending(pushed, count)) {
        pushed = op.deviceSeq;
        world.log.push({ kind: 'op', seq: world.log.length + 1, receivedAt: 2, deviceId: `device-${n}`, actorId: `agent-${n}`, ...op });
      }
    },
    /** Dies in the middle of a batch, and starts again. */
    crash: (count: number): void => {
      isDoomed = true;
      try {
        pull(count);
      } catch (error) {
        expect(String(error)).toContain('doomed');
        totals.crashes += 1;
      }
      isDoomed = false;
      if (count % 2 === 0) replica = boot();
    },
    digest: () => queries.readDigest(),
    /** Looks at the rows without what is pending, and puts that back. */
    check: (): void => {
      const kept = queries.readDigest();
      if (kept === null) return;
      let counted = '';
      const rollBack = new Error('roll back');
      try {
        db.transaction(() => {
          createStateStore(db, () => undefined).undoPending();
          counted = countDigest(db);
          throw rollBack;
        })();
      } catch (error) {
        if (error !== rollBack) throw error;
      }
      expect(counted).toBe(kept);
    },
  };
}

function customerEntry(seq: number, n: number, text: string): LogEntry {
  const from = `5025555000${n % 3}`;
  const body = {
    item: 'message',
    field: 'messages',
    wabaId: '1',
    metadata: { display_phone_number: '50222334455', phone_number_id: '106540352242922' },
    contacts: [{ wa_id: from, profile: { name: text } }],
    payload: { id: `wamid.${seq}`, from, timestamp: '1700000000', type: 'text', text: { body: text } },
  };
  return { kind: 'webhook', seq, receivedAt: 1_700_000_000_000, body: JSON.stringify(body) };
}
