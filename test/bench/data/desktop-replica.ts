/** The replica of a desktop over a database file: the parts that the engine puts together, without relay and outbox. */
import type Database from 'better-sqlite3';
import { createShownIn } from '../../../main/engine/db/shown-in-queries.ts';
import { createJobQueries } from '../../../main/engine/db/job-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSearchQueries } from '../../../main/engine/db/search-queries.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { addOutboxJobs } from '../../../main/engine/outbox/outbox.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createSearchIndex } from '../../../main/engine/search/search-index.ts';
import { createSearchFollower } from '../../../main/engine/search/search-follower.ts';
import { createReplica, type Replica } from '../../../main/engine/sync/replica.ts';
import type { PushedOp } from '../../../contract/wire.ts';
import { LOG_END, ME, type Agent } from './support-log.ts';

export type DesktopReplica = {
  db: Database.Database;
  replica: Replica;
  /** What nobody else has seen yet. */
  listPending(): PushedOp[];
  /** Marks what the outbox would have sent as sent. */
  settleJobs(): void;
  /** Puts everything into the search index. */
  indexAll(): void;
};

/** @param file a database, enrolled as the desktop of `who`. */
export function openDesktopReplica(file: string, who: Agent = ME): DesktopReplica {
  const db = openDatabase(file);
  const queries = createSyncQueries(db);
  const jobs = createJobQueries(db);
  queries.enroll('http://127.0.0.1:1', 'log-of-the-benchmarks', who.deviceId, who.agentId);
  const searchQueries = createSearchQueries(db);
  let ids = 0;
  const replica = createReplica({
    db,
    queries,
    clock: { now: () => LOG_END },
    ids: { next: () => `id-${who.deviceId}-${(ids += 1)}` },
    changes: createChangeCollector(createShownIn(db)),
    search: createSearchFollower(searchQueries),
    onConfirmed: (confirmed, tx) => addOutboxJobs(confirmed, tx, jobs, 'on_reply', LOG_END),
    onReceived: () => void jobs.settleUncertain(LOG_END),
  });
  return {
    db,
    replica,
    listPending: () => queries.listPending(0, Number.MAX_SAFE_INTEGER),
    settleJobs: () =>
      replica.transact(() => {
        for (const job of jobs.listByState('ready')) jobs.setState(job.id, 'done', LOG_END, LOG_END);
      }),
    indexAll: () => {
      const index = createSearchIndex({ queries: searchQueries, transact: (work) => db.transaction(work).immediate(), isBusy: () => false, log: () => undefined });
      while (!index.finishLittle()) index.doSome();
    },
  };
}

/** Applies a log in transactions of the size that the engine takes when it is far behind. */
export function applyLog(replica: Replica, entries: Iterable<Parameters<Replica['receive']>[0][number]>, chunk = 2_000): void {
  let page: Parameters<Replica['receive']>[0] = [];
  const flush = (): void => {
    if (page.length === 0) return;
    const verdict = replica.receive(page);
    if (verdict !== 'applied') throw new Error(`the replica says ${verdict}: ${replica.stopped?.detail ?? ''}`);
    page = [];
  };
  for (const entry of entries) {
    page.push(entry);
    if (page.length === chunk) flush();
  }
  flush();
}
