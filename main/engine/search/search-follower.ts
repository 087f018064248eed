/**
 * Notes what a transaction writes that can be searched. Invariant: whatever the index does not have as it is now stands in
 * the todo list of the same commit, so nothing is forgotten by a crash, and nothing is noted that did not change.
 */
import type { RowChange } from '../../../contract/sqlite/state-tx.ts';
import type { TableName } from '../../../contract/state.ts';
import type { SearchKind, SearchQueries } from '../db/search-queries.ts';

export type SearchFollower = {
  note(table: TableName, change: RowChange): void;
  /** Before the commit. */
  keep(): void;
  /** It was rolled back. */
  forget(): void;
  /** All rows may be other ones now: the index is emptied and made anew, in idle moments. Inside the transaction. */
  startAnew(): void;
};

type Row = NonNullable<RowChange['before']>;
/** What the index has of a row. `print`: differs whenever that does. */
type Shown = { ref: string; at: number; print: string };
type Noted = { kind: SearchKind; before: Shown | null; after: Shown | null };

export function createSearchFollower(queries: Pick<SearchQueries, 'addTodo' | 'startAnew'>): SearchFollower {
  const noted = new Map<string, Noted>();
  return {
    note: (table, { before, after }) => {
      const read = READERS[table];
      if (!read) return;
      const key = `${table} ${read.keyOf(after ?? before)}`;
      const known = noted.get(key);
      if (known) known.after = after && read.show(after);
      else noted.set(key, { kind: read.kind, before: before && read.show(before), after: after && read.show(after) });
    },
    keep: () => {
      for (const { kind, before, after } of noted.values()) {
        if (before?.print === after?.print && before?.at === after?.at && before?.ref === after?.ref) continue;
        if (after) queries.addTodo(kind, after.ref, after.at);
        if (before && (before.at !== after?.at || before.ref !== after.ref)) queries.addTodo(kind, before.ref, before.at);
      }
      noted.clear();
    },
    forget: () => noted.clear(),
    startAnew: () => {
      noted.clear();
      queries.startAnew();
    },
  };
}

type Reader = { kind: SearchKind; keyOf(row: Row): string; show(row: Row): Shown };

/** What a person may be looked for by, besides their numbers. */
const CALLED_BY = ['name', 'first_name', 'profile_name', 'username', 'email', 'company'] as const;

const READERS: Partial<Record<TableName, Reader>> = {
  message: {
    kind: 'message',
    keyOf: (row) => String(row['id']),
    show: (row) => ({ ref: String(row['id']), at: Number(row['sent_at']), print: row['revoked_at'] === null ? String(row['content']) : '' }),
  },
  note: { kind: 'note', keyOf: (row) => String(row['id']), show: (row) => ({ ref: String(row['id']), at: Number(row['created_at']), print: String(row['body']) }) },
  contact: { kind: 'person', keyOf: (row) => String(row['id']), show: (row) => ({ ref: String(row['id']), at: 0, print: CALLED_BY.map((column) => row[column]).join('\n') }) },
  contact_identifier: { kind: 'person', keyOf: (row) => `${row['kind']} ${row['value']}`, show: (row) => ({ ref: String(row['contact_id']), at: 0, print: '' }) },
};
