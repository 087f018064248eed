/**
 * Records the ops of an import. Invariants: an import is decided as a whole, in one transaction: from then on all its rows will be written,
 * also if the program is killed in between; each step is short; while there is a line, no more wait for the relay at a time than can be
 * taken back and replayed without anybody noticing.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import { AppError } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { opBodySchema } from '../../../contract/ops/op.ts';
import type { ImportOpRow, ImportQueries } from '../db/import-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Replica } from '../sync/replica.ts';

/** `body`: JSON of a `request.import`; `rows`: how many it has. */
export type DecidedOp = Omit<ImportOpRow, 'n'>;

const PENDING_MAX = 3;
/** After a failure, for example of the disk. */
const RETRY_MS = 30_000;

type Deps = {
  queries: ImportQueries;
  replica: Pick<Replica, 'applyLocal' | 'transact'>;
  sync: Pick<SyncQueries, 'countPending'>;
  isOnline: () => boolean;
  nudge: () => void;
  log: Log;
};
export type ImportWriter = ReturnType<typeof createImportWriter>;

export function createImportWriter({ queries, replica, sync, isOnline, nudge, log }: Deps) {
  const listeners = new Map<string, (rows: number) => void>();
  let work: Promise<void> | null = null;
  let isNews = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const record = (body: string): void => {
    const op = opBodySchema.parse(JSON.parse(body));
    if (op.type === 'request.import') replica.applyLocal(op);
  };
  const tell = (importId: string, rows: number): void => listeners.get(importId)?.(rows);

  /** One op. False: there is none. */
  const writeNext = (): boolean => {
    const next = queries.first();
    if (!next) return false;
    replica.transact(() => {
      record(next.body);
      queries.remove(next.n);
    });
    tell(next.importId, next.rows);
    return true;
  };

  const mayGoOn = (): boolean => !isStopped && !(isOnline() && sync.countPending() >= PENDING_MAX);
  const run = async (): Promise<void> => {
    try {
      // Gives way first: it must not be over before `work` is set.
      for (let isMore = true; isMore;) {
        await giveWay();
        isMore = mayGoOn() && writeNext();
        if (isMore) nudge();
      }
    } catch (error) {
      // Nothing can be recorded here any more (then not these rows either), or not now.
      if (!(error instanceof AppError)) log('error', 'requests.import_failed', { error: errorText(error) });
      if (!isStopped) timer ??= setTimeout(retry, RETRY_MS);
    } finally {
      work = null;
    }
    if (isNews && !isStopped) look();
  };
  const retry = (): void => {
    timer = undefined;
    look();
  };
  const look = (): void => {
    isNews = work !== null;
    if (!work && !isStopped && queries.first()) work = run();
  };

  return {
    /** Decides an import. @param onWritten how many rows more. @throws AppError of recording an op: then nothing is decided. */
    take: (ops: readonly DecidedOp[], onWritten: (rows: number) => void): void => {
      const [first, ...rest] = ops;
      if (!first) return;
      listeners.set(first.importId, onWritten);
      replica.transact(() => {
        // What would keep the others from being recorded shows with the first.
        record(first.body);
        for (const op of rest) queries.add(op);
      });
      tell(first.importId, first.rows);
      look();
    },
    /** Something changed: there may be room for more. */
    look,
    isBusy: (): boolean => queries.first() !== undefined,
    stop: async (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}
