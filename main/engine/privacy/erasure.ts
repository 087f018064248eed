/**
 * Takes what the log has erased out of everything else on this computer, and tells the relay. Invariants: nothing is done before the log has
 * confirmed the erasure, and nothing for rows that are (still, or again) there; what is left to do stands in the database, so that a crash, or a
 * relay that is away, only delays it; files that somebody else's message has stay.
 */
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { errorText, type Log } from '../../../contract/log.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { isAboutErased, namesErasedRequest } from '../../../contract/ops/erase-ops.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import { ERASURES_PATH, type ErasureRequest } from '../../../contract/wire-http.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import type { EraseKind, ErasureQueries } from '../db/erasure-queries.ts';
import type { MediaFiles } from '../media/media-files.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { Replica } from '../sync/replica.ts';

/** What is done in one transaction: some milliseconds. */
const BATCH = 500;
/** Up to this size the file is written anew afterwards, which takes less than half a second; a larger one when somebody asks for it. */
const COMPACT_MAX_BYTES = 64 * 1024 * 1024;
/** A file has at most two names at the relay, which takes 500 of them. */
const FILES_AT_ONCE = 250;
/** Until the relay is tried again, when it did not answer. */
const RELAY_AGAIN_MS = 60_000;
const HERE: readonly EraseKind[] = ['message', 'conversation', 'id', 'op', 'identifier', 'file'];

export type Erasure = {
  /** Of every entry, in its transaction. */
  noteEntry(entry: LogEntry, result: ApplyResult): void;
  /** There may be something to do, or somebody to tell. */
  look(): void;
  /** What is left: on this computer, and at the relay. */
  left(): { isHere: boolean; isAtRelay: boolean };
  stop(): Promise<void>;
};

type Deps = {
  db: Database.Database;
  queries: ErasureQueries;
  files: Pick<MediaFiles, 'remove'>;
  /** What the relay may call a file. */
  namesAtRelay: (sha256: string) => string[];
  replica: Replica;
  http: Pick<RelayHttp, 'call'>;
  isLive: () => boolean;
  /** Rows are not being made anew. */
  hasWholeRows: () => boolean;
  /** The search index is as the rows are, now. */
  finishIndex: () => boolean;
  onDone: () => void;
  myId: () => string;
  now: () => number;
  log: Log;
};

export function createErasure({ db, queries, files, namesAtRelay, replica, http, isLive, hasWholeRows, finishIndex, onDone, myId, now, log }: Deps): Erasure {
  let running: Promise<void> | null = null;
  let isStopped = false;
  let relayAt = -Infinity;
  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const transact = (work: () => void): void => db.transaction(work).immediate();
  const isOver = (): boolean => isStopped || !db.open;

  /** @returns whether anything was done. */
  const tidyHere = async (): Promise<boolean> => {
    let isAny = false;
    const through = queries.lastErasure();
    for (
      let todo = queries.list(
        HERE.filter((kind) => kind !== 'identifier' && kind !== 'file'),
        BATCH,
      );
      todo.length > 0 && !isOver();
      todo = queries.list(
        HERE.filter((kind) => kind !== 'identifier' && kind !== 'file'),
        BATCH,
      )
    ) {
      isAny = true;
      const batch = todo;
      transact(() => {
        for (const item of batch) {
          if (item.kind === 'message' && !queries.hasMessage(item.ref)) queries.forgetMessage(item.ref);
          if (item.kind === 'conversation' && !queries.hasConversation(item.ref)) queries.forgetConversation(item.ref);
          if (item.kind === 'op') queries.forgetOp(item.ref);
          if (item.kind === 'id' && !isThere(item.ref)) queries.forgetOpsNaming(item.ref);
          queries.drop(item);
        }
        queries.forgetAnswers();
      });
      await pause();
    }
    const numbers = queries.list(['identifier'], 10_000);
    const values = numbers.map(({ ref }) => ref).filter((value) => !queries.isTaken(value, through));
    if (values.length > 0) {
      for (let from: number | null = 0; from !== null && !isOver(); from = step(values, from, through)) await pause();
    }
    if (isOver()) return isAny;
    transact(() => numbers.forEach(queries.drop));
    for (const item of queries.list(['file'], 100_000)) {
      if (isOver()) return isAny;
      if (queries.isReferenced(item.ref)) transact(() => (queries.drop(item), queries.drop({ kind: 'blob', ref: item.ref })));
      else {
        await files.remove(item.ref);
        transact(() => (queries.forgetFile(item.ref), queries.drop(item)));
      }
    }
    return isAny || numbers.length > 0;
  };
  const step = (values: string[], from: number, through: number): number | null => {
    let until: number | null = null;
    transact(() => {
      until = queries.forgetRaw(values, from, through);
    });
    return until;
  };
  const isThere = (id: string): boolean => replica.state.get('contact', [id]) !== undefined || queries.hasMessage(id) || queries.hasConversation(id) || replica.state.get('note', [id]) !== undefined;

  /** Words leave the files themselves. */
  const cleanFiles = async (): Promise<void> => {
    while (!finishIndex()) {
      if (isOver()) return;
      await pause();
    }
    for (let isMore = true; isMore && !isOver(); await pause()) {
      transact(() => {
        isMore = queries.mergeWords();
      });
    }
    if (isOver()) return;
    if (queries.mayCompact() && queries.bytes() <= COMPACT_MAX_BYTES) queries.compact();
    else queries.emptyWal();
  };

  /** @returns whether something was told, or is not ours to tell. */
  const tellRelay = async (): Promise<boolean> => {
    const logs = queries.list(['log'], 1_000);
    const blobs = queries.list(['blob'], FILES_AT_ONCE);
    if (logs.length + blobs.length === 0 || !isLive() || now() < relayAt + RELAY_AGAIN_MS) return false;
    // Others tell it. What they cannot, because they are away, a lead's desktop does when it comes.
    if (!mayLead(readActor(replica.state, myId()))) {
      transact(() => [...logs, ...blobs].forEach(queries.drop));
      return true;
    }
    relayAt = now();
    const request: ErasureRequest = { through: Math.max(0, ...logs.map(({ ref }) => Number(ref))), files: blobs.flatMap(({ ref }) => namesAtRelay(ref)) };
    await http.call({ method: 'POST', path: ERASURES_PATH, body: request }, z.object({}));
    if (isOver()) return false;
    transact(() => [...logs, ...blobs].forEach(queries.drop));
    relayAt = -Infinity;
    return true;
  };

  const work = async (): Promise<void> => {
    try {
      // What an own pending op erases here may yet be refused.
      while (!isOver() && queries.hasAny() && hasWholeRows() && !queries.isUndecided()) {
        const isTidied = await tidyHere();
        if (isTidied) {
          await cleanFiles();
          log('info', 'privacy.erased_here');
          onDone();
        }
        if (isOver()) return;
        // Without progress the rest waits for the next look: going on would keep everything else from its turn.
        if (!(await tellRelay()) && !isTidied) return;
      }
    } catch (error) {
      log('warn', 'privacy.not_erased_yet', { error: errorText(error) });
    }
  };

  return {
    noteEntry: (entry, result) => {
      if (result.kind === 'webhook' && result.messageId !== null && replica.state.get('erased', [result.messageId])) {
        queries.add('message', result.messageId);
        queries.add('log', String(entry.seq));
      }
      if (entry.kind !== 'op' || result.kind !== 'op' || !result.op) return;
      const isErasure = result.op.type === 'contact.erase' && result.outcome === 'applied';
      const isLate = result.outcome !== 'applied' && (isAboutErased(replica.state, result.op) || namesErasedRequest(replica.state, result.op));
      if (!isErasure && !isLate) return;
      queries.add('log', String(entry.seq));
      if (isLate) queries.add('op', entry.opId);
    },
    look: () => {
      if (!isOver() && queries.hasAny())
        running ??= work().finally(() => {
          running = null;
        });
    },
    left: () => ({ isHere: queries.list(HERE, 1).length > 0, isAtRelay: queries.list(['log', 'blob'], 1).length > 0 }),
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}
