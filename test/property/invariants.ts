/** What must hold of a team at rest, and of one desktop at any moment (sync.md section 8). */
import { expect } from 'vitest';
import { countDigest } from '../../contract/sqlite/state-digest.ts';
import { dumpState } from '../../contract/sqlite/state-tx.ts';
import type { ActivityRow } from '../../contract/state.ts';
import type { LogEntry, OpEntry } from '../../contract/wire.ts';
import { createSyncQueries } from '../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../main/engine/sync/replica.ts';
import { countTally, readTally } from '../support/count-tally.ts';
import { openEmptyDatabase } from './empty-database.ts';
import { foldAndJudge, foldLog, type Fold } from './fold.ts';
import type { Desktop, World } from './world.ts';

/** I4: without its pending ops a desktop holds the fold of the log up to its cursor. */
export async function judgeDesktop(world: World, desktop: Desktop): Promise<void> {
  const log = await world.readLog();
  expect(world.dumpWithoutPending(desktop), 'I4: without its pending ops a desktop holds fold(log up to its cursor)').toEqual(foldLog(log.slice(0, desktop.sync.readMeta().cursor)));
  judgeTally(desktop);
}

/** Rail and badge are read from numbers that triggers keep, with the pending ops' rows among them: they are what counting the rows gives. */
function judgeTally({ db }: Desktop): void {
  expect(readTally(db), 'the tally is what the rows count to').toEqual(countTally(db));
}

/** I1, I2, I3, I7 and, by the way, I8–I10. */
export function judgeTeam(world: World, log: LogEntry[]): Fold {
  const ops = log.filter((entry): entry is OpEntry => entry.kind === 'op');
  expect(new Set(ops.map((entry) => entry.opId)).size, 'I2: no op is in the log twice').toBe(ops.length);
  const fold = foldAndJudge(log);
  for (const desktop of world.desktops) {
    const own = ops.filter((entry) => entry.deviceId === desktop.deviceId);
    expect(
      own.map((entry) => entry.deviceSeq),
      'I3: the log keeps the order of authoring without gaps',
    ).toEqual(own.map((_, n) => n + 1));
    if (desktop.isGone) {
      expect(world.dumpWithoutPending(desktop), 'I4: also where its agent has left').toEqual(foldLog(log.slice(0, desktop.sync.readMeta().cursor)));
      continue;
    }
    expect(world.dump(desktop), 'I1: at rest every desktop holds fold(log)').toEqual(fold.rows);
    judgeTally(desktop);
    expect(desktop.sync.readDigest(), 'the digest that was kept is that of the rows').toBe(countDigest(desktop.db));
    expect(desktop.db.prepare('SELECT count(*) FROM undo').pluck().get(), 'I4: nothing is left to take back').toBe(0);
    const outcomes = desktop.db.prepare('SELECT * FROM activity WHERE device_id = ?').all(desktop.deviceId) as ActivityRow[];
    const byOutbox = outcomes.filter((row) => row.type === 'message.result' && !desktop.opIds.includes(row.op_id)).map((row) => row.op_id);
    expect(outcomes.map((row) => row.op_id).toSorted(), 'I2: every op that was recorded has exactly one outcome').toEqual(desktop.opIds.concat(byOutbox).toSorted());
  }
  judgeSending(world, fold);
  judgeEvents(world, log, fold);
  return fold;
}

/**
 * I14: an event of a service request is told once. It may be told anew only after its message was given up, by the desktop that would have
 * sent it and had not, or because Meta said that it failed.
 */
function judgeEvents({ meta }: World, log: LogEntry[], { activity, messages }: Fold): void {
  const arrived = new Set(meta.calls.filter(({ mayHaveArrived }) => mayHaveArrived).map(({ messageId }) => messageId));
  const failed = new Set(log.flatMap(({ kind, body }) => (kind === 'webhook' && body.includes('"failed"') ? [(JSON.parse(body) as { payload: { id: string } }).payload.id] : [])));
  const told = new Map<string, string[]>();
  for (const { type, outcome, detail } of activity.values()) {
    if (type !== 'request.notify' || outcome !== 'applied') continue;
    const { eventId, messageId } = JSON.parse(detail) as { eventId: string; messageId: string };
    told.set(eventId, [...(told.get(eventId) ?? []), messageId]);
  }
  for (const ids of told.values()) {
    const standing = ids.filter((id) => messages.get(id)?.hold !== 'discarded');
    expect(standing.length, 'I14: an event has one message at most').toBeLessThanOrEqual(1);
    expect(
      ids.filter((id) => messages.get(id)?.hold === 'discarded' && arrived.has(id) && !failed.has(`wamid.${id}`) && ids.length > 1),
      'I14: nothing is told anew that may have arrived',
    ).toEqual([]);
  }
}

function judgeSending({ meta }: World, { activity, messages }: Fold): void {
  const released = new Set(
    [...activity.values()]
      .filter(({ type, outcome }) => outcome === 'applied' && (type === 'message.queue' || type === 'message.confirm' || type === 'request.notify' || type === 'draft.approve'))
      .map(({ detail }) => (JSON.parse(detail) as { messageId: string }).messageId),
  );
  const arrived = new Set<string>();
  for (const { messageId, mayHaveArrived, wasConfirmed } of meta.calls) {
    expect(messages.has(messageId), 'I7: nothing is sent that is not in the log').toBe(true);
    expect(released.has(messageId), 'I7: nothing is sent that was not applied').toBe(true);
    expect(wasConfirmed, 'I7: nothing is sent before the log has confirmed it').toBe(true);
    expect(arrived.has(messageId), 'I7: Meta is never called again for a message that it may have taken').toBe(false);
    if (mayHaveArrived) arrived.add(messageId);
  }
}

/**
 * I5, I6: one more desktop reads the log in these pages, each overlapping the one before, some out of order, with a crash in
 * every fifth: it ends with the same rows.
 */
export function judgePages(log: LogEntry[], pages: number[], rows: string[]): void {
  const db = openEmptyDatabase();
  const sync = createSyncQueries(db);
  let turn = 0;
  const replica = createReplica({
    db,
    queries: sync,
    clock: { now: () => 0 },
    ids: { next: () => 'none' },
    changes: createChangeCollector({ contact: () => [], request: () => [] }),
    onConfirmed: () => undefined,
    onReceived: () => {
      if (turn % 5 === 4) throw new Error('crash');
    },
  });
  for (; sync.readMeta().cursor < log.length; turn += 1) {
    const { cursor } = sync.readMeta();
    const size = pages[turn % pages.length] ?? 1;
    if (turn % 3 === 2) expect(replica.receive(log.slice(cursor + 1, cursor + 1 + size)), 'I6: a page out of order is left alone').toMatch(/gap|applied/);
    try {
      replica.receive(log.slice(Math.max(0, cursor - (turn % 4)), cursor + size));
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'crash') throw error;
    }
    if (turn > 10 * log.length) throw new Error('the pages lead nowhere');
  }
  expect([...dumpState(db)], 'I5: pages, repetitions and crashes between them change nothing').toEqual(rows);
  db.close();
}
