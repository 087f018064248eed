/** What a desktop makes of entries that come together, when some come twice or in another order. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { openDesktopReplica, type DesktopReplica } from '../../bench/data/desktop-replica.ts';
import { createTeamLog } from '../contract/log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
let desktop: DesktopReplica;
beforeEach(() => {
  log = createTeamLog();
  log.op('leo', { type: 'label.add', args: { labelId: 'l1', name: 'Pago', color: 'red' } });
  log.op('bo', { type: 'note.add', args: { noteId: 'n1', conversationId: log.conversationId, body: 'nota', mentions: [] } });
  desktop = openDesktopReplica(':memory:');
});
afterEach(() => {
  desktop.db.close();
  log.close();
});

it('an entry that comes twice in one batch is applied once', () => {
  expect(desktop.replica.receive(log.log.flatMap((entry) => [entry, entry]))).toBe('applied');
  expect([...dumpState(desktop.db)]).toEqual([...dumpState(log.db)]);
  expect(desktop.replica.receive(log.log), 'nor again afterwards').toBe('applied');
  expect([...dumpState(desktop.db)]).toEqual([...dumpState(log.db)]);
});

it('entries that have changed places are a gap, and nothing of them is applied', () => {
  const [first, second, third, ...rest] = log.log;
  expect(desktop.replica.receive([first!, third!, second!, ...rest])).toBe('gap');
  expect(desktop.db.prepare('SELECT cursor FROM sync_meta').pluck().get()).toBe(0);
  expect(desktop.replica.receive(log.log)).toBe('applied');
  expect([...dumpState(desktop.db)]).toEqual([...dumpState(log.db)]);
});
