/** A small `npm run load`: the relay's own process, desktops and Meta as processes, without times. */
import { expect, test } from 'vitest';
import { listFailures } from '../../load/load-report.ts';
import { runLoad } from '../../load/run-load.ts';

test('twenty desktops at work under webhooks: nothing lost, doubled or out of order; who does not read is cut and comes back to everything; a new one reads the whole log', async () => {
  const report = await runLoad({
    store: 'SQLite',
    desktops: 20,
    processes: 1,
    backlog: 2_000,
    perSecond: 200,
    seconds: 0.5,
    stepSeconds: 0.5,
    slow: 2,
    bodyBytes: 1_400,
    slowBodyBytes: 60_000,
    isBesideBare: false,
    signal: AbortSignal.timeout(60_000),
    say: () => undefined,
  });
  expect(listFailures(report)).toEqual([]);
  expect(report.slow).toMatchObject({ desktops: 2, cut: 2, cameBack: 2 });
  const { webhooks, again, ops, entries, deliveries, cutWhileReading } = report.counts;
  expect(entries).toBe(2_000 + 21 + webhooks + ops); // each desktop's enrolment is one
  expect(again).toBeGreaterThan(0);
  expect(ops).toBeGreaterThan(0);
  expect(cutWhileReading).toBe(0);
  // All that came since they connected, to each of them; and the whole log to the new one.
  expect(deliveries).toBe(20 * (webhooks + ops) + entries);
}, 60_000);
