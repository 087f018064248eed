/**
 * Invariants I1–I7 of the team log over random histories: faults, duplicates, lost acknowledgements, partial pages,
 * crashes. A failing history is printed shrunk; add its seed to SEEDS and it stays a test for ever.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorld, CUSTOMERS, foldLog, type Desktop, type SendFault, type World } from './world.ts';
import type { ActivityRow, MessageRow } from '../../contract/state.ts';
import type { LogEntry, OpEntry } from '../../contract/wire.ts';

const SEEDS = [1, 2, 3, 4];
const RUNS_PER_SEED = 60;

const small = fc.nat({ max: 1_000 });
const stepArb = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('inbound' as const), customer: fc.nat({ max: CUSTOMERS - 1 }), message: fc.nat({ max: 25 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      index: small,
      status: fc.constantFrom('sent' as const, 'delivered' as const, 'read' as const, 'failed' as const),
      withCallback: fc.boolean(),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('op' as const), desktop: small, kind: fc.constantFrom('queue', 'queue', 'queue', 'read', 'status', 'confirm', 'discard'), pick: small, to: small }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      desktop: small,
      push: fc.nat({ max: 6 }),
      isAckLost: fc.boolean(),
      isTwice: fc.boolean(),
      pull: fc.nat({ max: 9 }),
      overlap: fc.nat({ max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('line' as const), desktop: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), desktop: small, isInside: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('outbox' as const),
      desktop: small,
      fault: fc.constantFrom<SendFault>('none', 'none', 'none', 'none', 'lost_before', 'lost_after', 'crash_after', 'unreachable', 'throttled', 'refused'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock' as const), minutes: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undo' as const), desktop: small }) },
);
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;
const historyArb = fc.record({ desktops: fc.integer({ min: 2, max: 4 }), steps: fc.array(stepArb, { minLength: 110, maxLength: 180 }) });

const totals = { histories: 0, ops: 0, rollbacks: 0, crashes: 0, held: 0, superseded: 0, merged: 0, sends: 0, lost: 0 };

const choose = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)];

function doOp(world: World, desktop: Desktop, step: Extract<Step, { do: 'op' }>): void {
  const conversation = choose(world.conversationsOf(desktop), step.pick);
  if (!conversation) return;
  const seenThrough = desktop.sync.readMeta().cursor;
  const mine = world.messagesOf(desktop).filter((message) => message.actor_id === desktop.agentId);
  const inbound = world.messagesOf(desktop).filter((message) => message.conversation_id === conversation.id && message.direction === 'in');
  totals.ops += 1;
  switch (step.kind) {
    case 'queue':
      return world.act(desktop, {
        type: 'message.queue',
        args: { messageId: `out-${desktop.name}-${totals.ops}`, conversationId: conversation.id, seenThrough, content: { kind: 'text', text: 'va' } },
      });
    case 'read': {
      const message = choose(inbound, step.to);
      return message && world.act(desktop, { type: 'read.advance', args: { conversationId: conversation.id, throughMessageId: message.id } });
    }
    case 'status':
      return world.act(desktop, {
        type: 'conversation.status',
        args: { conversationId: conversation.id, from: conversation.status, to: choose(['active', 'archived', 'closed'] as const, step.to) ?? 'active', seenThrough },
      });
    case 'confirm': {
      const message = choose(
        mine.filter((candidate) => candidate.hold === 'held'),
        step.to,
      );
      return message && world.act(desktop, { type: 'message.confirm', args: { messageId: message.id, seenThrough } });
    }
    case 'discard': {
      const message = choose(
        mine.filter((candidate) => candidate.hold === 'held' || candidate.status === 'failed'),
        step.to,
      );
      return message && world.act(desktop, { type: 'message.discard', args: { messageId: message.id } });
    }
    default:
  }
}

async function doStep(world: World, step: Step): Promise<void> {
  const desktop = 'desktop' in step ? world.desktops[step.desktop % world.desktops.length] : undefined;
  switch (step.do) {
    case 'inbound':
      return world.customerWrites(step.customer, step.message);
    case 'status':
      return world.deliverStatus(step.index, step.status, step.withCallback);
    case 'op':
      return desktop && doOp(world, desktop, step);
    case 'sync':
      if (!desktop?.isOnline) return;
      await world.push(desktop, step.push);
      if (step.isTwice) await world.push(desktop, step.push + 2);
      if (!step.isAckLost) await world.pull(desktop, step.pull, step.overlap);
      return;
    case 'line':
      if (desktop) desktop.isOnline = !desktop.isOnline;
      return;
    case 'crash':
      if (desktop && step.isInside) desktop.isDoomed = true;
      else if (desktop) world.crash(desktop);
      return;
    case 'outbox':
      if (desktop?.isOnline) await world.runOutbox(desktop, step.fault);
      return;
    case 'clock':
      world.advanceClock(step.minutes * 60_000);
      return;
    case 'undo': {
      if (!desktop) return;
      const log = await world.readLog();
      expect(world.dumpWithoutPending(desktop), 'I4: without its pending ops a desktop holds fold(log up to its cursor)').toEqual(foldLog(log.slice(0, desktop.sync.readMeta().cursor)));
      return;
    }
  }
}

/** Every customer has written once, so that there is something to act on from the first step. */
async function greet(world: World): Promise<void> {
  for (let customer = 0; customer < CUSTOMERS; customer += 1) await world.customerWrites(customer, 1_000 + customer);
  for (const desktop of world.desktops) await world.pull(desktop, 100, 0);
}

async function settle(world: World): Promise<LogEntry[]> {
  for (let round = 0; round < 200; round += 1) {
    for (const desktop of world.desktops) {
      await world.push(desktop, 100);
      await world.pull(desktop, 500, 0);
    }
    const log = await world.readLog();
    if (world.desktops.every((desktop) => desktop.sync.countPending() === 0 && desktop.sync.readMeta().cursor === log.length)) return log;
  }
  throw new Error('the team did not come to rest');
}

function check(world: World, log: LogEntry[]): void {
  const truth = foldLog(log);
  const ops = log.filter((entry): entry is OpEntry => entry.kind === 'op');
  for (const desktop of world.desktops) {
    expect(world.dump(desktop), 'I1: at rest every desktop holds fold(log)').toEqual(truth);
    const outcomes = desktop.db.prepare('SELECT * FROM activity WHERE device_id = ?').all(desktop.deviceId) as ActivityRow[];
    expect(outcomes.map((row) => row.op_id).toSorted(), 'I2: every op that was recorded has exactly one outcome').toEqual(desktop.opIds.concat(resultOps(desktop, outcomes)).toSorted());
    expect(
      ops.filter((entry) => entry.deviceId === desktop.deviceId).map((entry) => entry.deviceSeq),
      'I3: the log keeps the order of authoring without gaps',
    ).toEqual(Array.from({ length: outcomes.length }, (_, n) => n + 1));
    for (const { outcome } of outcomes) if (outcome === 'held' || outcome === 'superseded' || outcome === 'merged') totals[outcome] += 1;
  }
  expect(new Set(ops.map((entry) => entry.opId)).size, 'I2: no op is in the log twice').toBe(ops.length);

  const messages = new Map((world.desktops[0]!.db.prepare('SELECT * FROM message').all() as MessageRow[]).map((row) => [row.id, row]));
  const accepted = world.meta.accepted.map(({ messageId }) => messageId);
  expect(new Set(accepted).size, 'I7: Meta never takes the same message twice').toBe(accepted.length);
  for (const id of world.meta.calls) expect(messages.get(id), 'I7: nothing is sent that is not in the log').toBeDefined();
  for (const id of accepted) expect(messages.get(id)?.hold, 'I7: nothing is sent that is held').not.toBe('held');
}

/** Ops that the outbox recorded by itself: the results of its sends. */
const resultOps = (desktop: Desktop, outcomes: ActivityRow[]): string[] => outcomes.filter((row) => row.type === 'message.result' && !desktop.opIds.includes(row.op_id)).map((row) => row.op_id);

describe('the team log', () => {
  for (const seed of SEEDS) {
    it(`converges, loses nothing and sends nothing twice (seed ${seed})`, { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(historyArb, async ({ desktops, steps }) => {
          const world = await createWorld(desktops);
          try {
            await greet(world);
            for (const step of steps) await doStep(world, step);
            check(world, await settle(world));
            totals.histories += 1;
            for (const name of ['rollbacks', 'crashes', 'sends', 'lost'] as const) totals[name] += world.totals[name];
          } finally {
            await world.close();
          }
        }),
        { seed, numRuns: RUNS_PER_SEED, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true },
      );
    });

    it(`folds to the same rows in any pages (I5, seed ${seed})`, { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(historyArb, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 10 }), async ({ steps }, pages) => {
          const world = await createWorld(2);
          try {
            await greet(world);
            for (const step of steps) await doStep(world, step);
            const log = await settle(world);
            const late = world.desktops[0];
            if (!late) return;
            late.db.exec('UPDATE sync_meta SET cursor = 0');
            for (const table of ['agent', 'device', 'contact', 'contact_identifier', 'conversation', 'message', 'message_status', 'parked_status', 'read_position', 'activity', 'log_entry'])
              late.db.exec(`DELETE FROM ${table}`);
            for (let turn = 0; late.sync.readMeta().cursor < log.length; turn += 1) {
              if (turn % 5 === 4) late.isDoomed = true;
              await world.pull(late, pages[turn % pages.length] ?? 1, turn % 2);
            }
            expect(world.dump(late), 'I5: pages and crashes between them change nothing').toEqual(foldLog(log));
          } finally {
            await world.close();
          }
        }),
        { seed, numRuns: 12, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true },
      );
    });
  }

  afterAll(() => {
    console.log(`sync histories: ${JSON.stringify(totals)}`);
    for (const [name, count] of Object.entries(totals)) expect(count, `the histories must contain ${name}`).toBeGreaterThan(0);
  });
});
