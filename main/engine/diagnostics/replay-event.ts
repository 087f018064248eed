/**
 * Runs one raw entry through the reducer once more and takes it back. Invariant: nothing of it stays and nobody hears of it; the
 * whole transaction is rolled back, whatever the reducer did or threw.
 */
import type Database from 'better-sqlite3';
import { applyLogEntry } from '../../../contract/reduce.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PRIMARY_KEYS, type Key, type StateTx, type SyncedTables, type TableName } from '../../../contract/state.ts';
import type { LogEntry } from '../../../contract/wire.ts';

export type ReplayedChange = { table: string; key: string; before: string | null; after: string | null };
export type Replayed = { outcome: 'applied' | 'merged' | 'duplicate' | 'parked' | 'kept' | 'test' | 'unrecognised'; changes: ReplayedChange[] };

class TakeBack extends Error {}

export function createEventReplay(db: Database.Database): (entry: Extract<LogEntry, { kind: 'webhook' }>) => Replayed {
  const store = createStateStore(db, () => undefined);
  return (entry) => {
    const changed = new Map<string, { table: TableName; key: Key; before: object | undefined }>();
    const note = (table: TableName, key: Key): void => {
      const name = `${table} ${JSON.stringify(key)}`;
      if (!changed.has(name)) changed.set(name, { table, key, before: store.state.get(table, key) });
    };
    const recording: StateTx = {
      ...store.state,
      put: <T extends TableName>(table: T, row: SyncedTables[T]) => {
        note(
          table,
          PRIMARY_KEYS[table].map((column) => (row as Record<string, unknown>)[column] as string | number),
        );
        store.pending.put(table, row);
      },
      delete: (table, key) => {
        note(table, key);
        store.pending.delete(table, key);
      },
    };
    let replayed: Replayed | undefined;
    try {
      db.transaction(() => {
        const result = applyLogEntry(recording, entry);
        const changes = [...changed.values()].flatMap(({ table, key, before }): ReplayedChange[] => {
          const after = store.state.get(table, key);
          const [from, to] = [before, after].map((row) => (row === undefined ? null : JSON.stringify(row)));
          return from === to ? [] : [{ table, key: key.join(' '), before: from ?? null, after: to ?? null }];
        });
        replayed = { outcome: result.kind === 'webhook' ? result.outcome : 'unrecognised', changes };
        throw new TakeBack();
      })();
    } catch (error) {
      if (!(error instanceof TakeBack)) throw error;
    }
    return replayed!;
  };
}
