/**
 * The properties notice when a rule is broken: each test puts one broken part into the world of the histories and expects
 * the invariant that guards the rule to fail.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../contract/wire.ts';
import type { LogStore } from '../../webhook-relay/log-store/interface.ts';
import { historyArb, runHistory } from './history.ts';
import { judgeDesktop, judgeTeam } from './invariants.ts';
import { REAL_PARTS, type Parts } from './world.ts';

const SEED = 1;
const RUNS = 40;

/** What the first failing history says; null when all of them hold. */
async function findFailure(parts: Partial<Parts>): Promise<string | null> {
  const property = fc.asyncProperty(historyArb, (history) => runHistory(history, { onLook: judgeDesktop, judge: (world, log) => void judgeTeam(world, log), parts: { ...REAL_PARTS, ...parts } }));
  const details = await fc.check(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  return details.failed ? String(details.errorInstance) : null;
}

/** The same object with some of its members replaced; those of the original keep working on the original. */
function withMembers<T extends object>(original: T, members: Partial<T>): T {
  return new Proxy(original, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in members ? members : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A relay that appends every op that comes, also when it has it already: its answer was lost, and the desktop sent it again. */
function createForgetfulStore(store: LogStore): LogStore {
  const log: LogEntry[] = [];
  const add = (entry: LogEntry): void => void log.push({ ...entry, seq: log.length + 1 });
  const copied = { seq: 0 };
  const copyNews = async (): Promise<void> => {
    const { entries } = await store.readAfter(copied.seq, { entries: 10_000, bytes: 100_000_000 });
    for (const entry of entries) add(entry);
    copied.seq += entries.length;
  };
  return withMembers(store, {
    append: async (group) => {
      await copyNews();
      const known = new Set(log.map((entry) => (entry.kind === 'op' ? entry.opId : '')));
      const results = await store.append(group);
      await copyNews();
      for (const job of group) {
        if (job.kind !== 'push') continue;
        for (const op of job.ops.filter(({ opId }) => known.has(opId))) {
          const first = log.find((entry) => entry.kind === 'op' && entry.opId === op.opId);
          if (first) add(first);
        }
      }
      return results;
    },
    readAfter: async (after, { entries }) => {
      await copyNews();
      return { entries: log.slice(after, after + entries), head: log.length };
    },
  });
}

describe('a broken rule is noticed', () => {
  it(`none is broken: the same histories hold (seed ${SEED})`, { timeout: 120_000 }, async () => {
    expect(await findFailure({})).toBeNull();
  });

  it(`no rollback: pending writes stay while entries are applied (seed ${SEED})`, { timeout: 120_000 }, async () => {
    const failure = await findFailure({
      replicaDb: (db) =>
        withMembers(db, {
          prepare: ((sql: string) => {
            const statement = db.prepare(sql);
            return /^SELECT .* FROM undo/.test(sql) ? withMembers(statement, { all: () => [] }) : statement;
          }) as typeof db.prepare,
        }),
    });
    expect(failure).toMatch(/I1|I4/);
  });

  it(`sending what is held (seed ${SEED})`, { timeout: 120_000 }, async () => {
    const failure = await findFailure({
      confirmed: (confirmed) => (confirmed.outcome === 'held' ? { ...confirmed, outcome: 'applied' } : confirmed),
      senderState: (state) =>
        withMembers(state, {
          get: ((table, key) => {
            const row = state.get(table, key);
            return row && 'hold' in row ? { ...row, hold: null } : row;
          }) as typeof state.get,
        }),
    });
    expect(failure).toMatch(/I7: nothing is sent that was not applied/);
  });

  it(`no dedupe: an op whose acknowledgement was lost is appended again (seed ${SEED})`, { timeout: 120_000 }, async () => {
    expect(await findFailure({ store: createForgetfulStore })).toMatch(/I2: no op is in the log twice/);
  });

  it(`sending again after a crash (seed ${SEED})`, { timeout: 120_000 }, async () => {
    expect(await findFailure({ sender: (handler) => ({ ...handler, isRepeatable: true }) })).toMatch(/I7: Meta is never called again/);
  });
});
