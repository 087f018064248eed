/**
 * Removes the oldest entries of the log, and gives the log another identity after a restored backup. Invariants: an entry
 * goes only when a trusted snapshot contains it and it is older than the retention, or somebody was erased from it; the newest entry stays, so `seq` goes
 * on from it; what Meta may still deliver again is recognised although its entry is gone.
 */
import type { Database } from 'better-sqlite3';
import type { Lineage } from '../../contract/wire.ts';
import { NO_COPY } from '../../contract/wire-http.ts';
import type { DedupeKey } from '../dedupe-key.ts';
import { DEDUPE_KEPT_MS, ENTRIES_AT_ONCE } from './compaction-rules.ts';
import type { LogStore } from './interface.ts';

type Deps = { db: Database; now: () => number; newId: () => string; readHead: () => number };

export type CompactionRows = Pick<LogStore, 'compactSome' | 'noteErasure' | 'readLineage' | 'startNewLog' | 'keyDedupes'> & {
  /** Entries up to this seq are gone. */
  readHorizon: () => number;
  isPastDuplicate: (dedupe: Buffer) => boolean;
};

export function createCompactionRows({ db, now, newId, readHead }: Deps): CompactionRows {
  const selectHorizon = db.prepare<[], number>('SELECT horizon FROM identity').pluck();
  const selectErased = db.prepare<[], number>('SELECT erased_through FROM identity').pluck();
  const updateErased = db.prepare('UPDATE identity SET erased_through = max(erased_through, min(?, ?))');
  const updateHorizon = db.prepare('UPDATE identity SET horizon = ?');
  const selectTrustedSeq = db.prepare<[], number | null>('SELECT max(seq) FROM snapshot WHERE trusted_at IS NOT NULL').pluck();
  const selectReceivedAt = db.prepare<[number], number>('SELECT received_at FROM entry WHERE seq = ?').pluck();
  const insertPast = db.prepare('INSERT OR IGNORE INTO past_dedupe (dedupe, received_at) SELECT dedupe, received_at FROM entry WHERE seq > ? AND seq <= ? AND dedupe IS NOT NULL AND received_at > ?');
  const deleteEntries = db.prepare('DELETE FROM entry WHERE seq > ? AND seq <= ?');
  const deletePast = db.prepare('DELETE FROM past_dedupe WHERE received_at <= ?');
  const selectPast = db.prepare<[Buffer], number>('SELECT 1 FROM past_dedupe WHERE dedupe = ?').pluck();
  const selectLogId = db.prepare<[], string>('SELECT log_id FROM identity').pluck();
  const updateLogId = db.prepare('UPDATE identity SET log_id = ?');
  const insertLineage = db.prepare('INSERT INTO lineage (log_id, seq, ended_at) VALUES (?, ?, ?)');
  const deleteOpenInvites = db.prepare('DELETE FROM invite WHERE used_at IS NULL');
  const selectDedupeCheck = db.prepare<[], string | null>('SELECT dedupe_check FROM identity').pluck();
  const updateDedupeCheck = db.prepare('UPDATE identity SET dedupe_check = ?');
  const emptyKeyCopies = db.prepare('UPDATE key_copy SET sealed = ?');
  const selectLineage = db.prepare<[], Lineage>('SELECT log_id AS logId, seq FROM lineage ORDER BY n DESC');

  const readHorizon = (): number => selectHorizon.get() ?? 0;

  /** The last seq in (from, to] that was received before a time; `from` if there is none. `receivedAt` never decreases. */
  function findLastBefore(time: number, from: number, to: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((selectReceivedAt.get(middle) ?? Infinity) < time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  const compactSome = db.transaction((before: number): number => {
    const horizon = readHorizon();
    const end = Math.min(selectTrustedSeq.get() ?? 0, readHead() - 1);
    const erased = selectErased.get() ?? 0;
    // A snapshot of before an erasure holds what was erased.
    const due = erased <= (selectTrustedSeq.get() ?? 0) ? Math.min(erased, end) : horizon;
    const last = Math.min(Math.max(due, findLastBefore(before, horizon, Math.max(horizon, end))), horizon + ENTRIES_AT_ONCE);
    const dedupeUntil = now() - DEDUPE_KEPT_MS;
    deletePast.run(dedupeUntil);
    if (last <= horizon) return 0;
    insertPast.run(horizon, last, dedupeUntil);
    deleteEntries.run(horizon, last);
    updateHorizon.run(last);
    return last - horizon;
  });

  const keyDedupes = db.transaction(({ hash, check }: DedupeKey): 'keyed' | 'known' | 'changed' => {
    const known = selectDedupeCheck.get() ?? null;
    if (known === check) return 'known';
    if (known === null) {
      db.function('hash_dedupe', { deterministic: true }, (dedupe: unknown) => hash(dedupe as Buffer));
      db.exec('UPDATE entry SET dedupe = hash_dedupe(dedupe) WHERE dedupe IS NOT NULL; UPDATE past_dedupe SET dedupe = hash_dedupe(dedupe)');
    }
    updateDedupeCheck.run(check);
    return known === null ? 'keyed' : 'changed';
  });

  const startNewLog = db.transaction((): string => {
    const logId = newId();
    insertLineage.run(selectLogId.get(), readHead(), now());
    updateLogId.run(logId);
    // The backup does not know which of them have been used since.
    deleteOpenInvites.run();
    // They open for the former log only; who has the key is the same.
    emptyKeyCopies.run(NO_COPY);
    return logId;
  });

  return {
    readHorizon,
    isPastDuplicate: (dedupe) => selectPast.get(dedupe) !== undefined,
    readLineage: async () => selectLineage.all(),
    startNewLog: async () => startNewLog.immediate(),
    keyDedupes: async (key) => keyDedupes.immediate(key),
    compactSome: async (before) => {
      const removed = compactSome.immediate(before);
      // What was written of it before goes from the write-ahead log, too.
      if (removed > 0) db.pragma('wal_checkpoint(TRUNCATE)');
      return removed;
    },
    noteErasure: async (through) => void updateErased.run(through, readHead()),
  };
}
