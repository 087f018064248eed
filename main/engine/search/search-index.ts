/**
 * Keeps the search index behind the rows by a moment: in small transactions when nothing else is going on. What waits is in
 * the database (`search_todo`, `search_scan`), so it survives whatever happens to the program. Invariant: within one
 * transaction documents are written in the order of their docids, or FTS5 would write a segment for each.
 */
import { errorText, type Log } from '../../../contract/log.ts';
import type { DocKind, SearchQueries, Todo } from '../db/search-queries.ts';
import { indexedMessage, indexedNote, indexedPerson } from './indexed-words.ts';

/** What is done in one go: some tens of milliseconds. */
const BATCH = 1_000;
/** The rest after a change, in which more may come. */
const QUIET_MS = 40;
/** Between two goes, for whoever waits. */
const PAUSE_MS = 5;
/** While the desktop catches up with the log, that comes first. */
const BUSY_MS = 500;
/** What a question may have to wait for. */
const AT_ONCE = 300;

export type SearchIndex = {
  /** Something was written. */
  nudge(): void;
  /** Does what little is left to do now. @returns whether everything is in the index. */
  finishLittle(): boolean;
  /** A piece of what is left, now: for whoever cannot wait for an idle moment. */
  doSome(): void;
  /** The same. @returns whether everything is in the index. */
  finishSome(): boolean;
  /** Another number after every change of somebody's name. */
  namesVersion(): number;
  stop(): void;
};

type Deps = {
  queries: SearchQueries;
  /** One immediate transaction. */
  transact: (work: () => void) => void;
  /** The log is being read: everything else waits. */
  isBusy: () => boolean;
  log: Log;
};

export function createSearchIndex({ queries, transact, isBusy, log }: Deps): SearchIndex {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let namesVersion = 0;

  const isScanned = (): boolean => {
    const { done, until } = queries.readScan();
    return done >= until;
  };
  const hasMore = (): boolean => queries.countTodo(1) > 0 || !isScanned();

  const schedule = (ms: number): void => {
    if (!isStopped) timer ??= setTimeout(work, ms);
  };
  const work = (): void => {
    timer = undefined;
    if (isStopped || !hasMore()) return;
    if (isBusy()) return schedule(BUSY_MS);
    // The next change tries again.
    if (!attempt(doSome)) return;
    if (hasMore()) schedule(PAUSE_MS);
  };
  /** False, and nothing is done: the disk may be full. */
  const attempt = (some: () => void): boolean => {
    try {
      some();
      return true;
    } catch (error) {
      log('error', 'search.not_indexed', { error: errorText(error) });
      return false;
    }
  };
  const doSome = (): void => transact(() => (queries.countTodo(1) > 0 ? doTodo(BATCH) : scanSome()));

  const doTodo = (limit: number): void => {
    const todo = queries.listTodo(limit);
    const last = todo.at(-1);
    if (!last) return;
    const unique = new Map(todo.map((item) => [`${item.kind} ${item.ref} ${item.at}`, item]));
    indexDocs([...unique.values()].flatMap((item) => (item.kind === 'person' ? [] : readDoc({ ...item, kind: item.kind }))));
    for (const { kind, ref } of unique.values()) if (kind === 'person') indexPerson(ref);
    queries.dropTodo(last.n);
  };

  /** The newest first: they are what most people look for, and what is found is not pushed down by what comes later. */
  const scanSome = (): void => {
    const { done, until } = queries.readScan();
    const rows = queries.scanMessages(done, until, BATCH);
    indexDocs(rows.map((row) => ({ kind: 'message', ref: row.id, at: row.sentAt, words: indexedMessage(row) })));
    queries.setScanUntil(rows.length < BATCH ? done : rows.at(-1)!.n - 1);
  };

  /** `words` null: what the index had of it goes. */
  type Doc = { kind: DocKind; ref: string; at: number; words: string | null };

  /** A row that is gone, or was written at another time than this, has nothing here. */
  const readDoc = ({ kind, ref, at }: Todo & { kind: DocKind }): Doc => {
    if (kind === 'message') {
      const row = queries.findMessage(ref);
      return { kind, ref, at, words: row?.sentAt === at ? indexedMessage(row) : null };
    }
    const row = queries.findNote(ref);
    return { kind, ref, at, words: row?.createdAt === at ? indexedNote(row) : null };
  };

  const indexDocs = (docs: Doc[]): void => {
    const placed = docs.flatMap(({ kind, ref, at, words }) => {
      const { docid, isKnown } = queries.findDocid(kind, ref, at);
      if (words === null && !isKnown) return [];
      if (!isKnown) queries.addDoc(docid, kind, ref);
      return [{ docid, words, isNew: !isKnown }];
    });
    for (const { docid, words, isNew } of placed.toSorted((a, b) => a.docid - b.docid)) {
      if (words === null) queries.dropWords(docid);
      else queries.putWords(docid, words, isNew);
    }
  };

  const indexPerson = (contactId: string): void => {
    const source = queries.findPerson(contactId);
    if (source) queries.putPerson(contactId, indexedPerson(source));
    else queries.dropPerson(contactId);
    namesVersion += 1;
  };

  return {
    nudge: () => schedule(QUIET_MS),
    finishLittle: () => {
      const todo = queries.countTodo(AT_ONCE + 1);
      // What cannot be written down is no reason not to look through what there is.
      if (todo > 0 && todo <= AT_ONCE) attempt(() => transact(() => doTodo(AT_ONCE)));
      return !hasMore();
    },
    doSome,
    finishSome: () => {
      if (hasMore()) doSome();
      return !hasMore();
    },
    namesVersion: () => namesVersion,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
