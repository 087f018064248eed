import { expect, it } from 'vitest';
import { createQualityQueries } from '../../../../main/engine/db/quality-queries.ts';
import { createReportQueries } from '../../../../main/engine/db/report-queries.ts';
import { createHours } from '../../../../main/engine/hours/hours.ts';
import { createReports } from '../../../../main/engine/reports/reports.ts';
import { createTeamLog } from '../../contract/log-writer.ts';

it('conversations that are gone keep no other one from being counted', () => {
  const { db, tx, log, conversationId, close } = createTeamLog();
  const queries = createReportQueries(db);
  queries.startAnew();
  for (let n = 0; n < 100; n += 1) queries.addTodo(`a${n}`);
  const now = log.at(-1)!.receivedAt;
  const reports = createReports({
    queries,
    quality: createQualityQueries(db),
    hours: createHours(tx),
    toAgent: (id) => ({ id, name: id, isMe: false }),
    transact: (change) => db.transaction(change).immediate(),
    read: (query) => query(),
    isOpen: () => true,
    isBusy: () => false,
    now: () => now,
    tick: () => 0,
    log: () => undefined,
  });
  const day = new Date(now).toISOString().slice(0, 10);
  expect(tx.get('conversation', [conversationId])).toBeDefined();
  expect(reports.get({ from: day, to: day, compare: 'none' })).toMatchObject({ progress: 1, current: { conversations: { opened: 1 } } });
  close();
});
