/**
 * Notes which rows a transaction takes away for good, so that what this computer keeps of them besides goes too. Invariant: whatever is gone
 * stands in the todo list of the same commit; whether it is really gone is judged again before anything is done.
 */
import { PENDING_SEQ, type TableName } from '../../../contract/state.ts';
import type { RowChange } from '../../../contract/sqlite/state-tx.ts';
import type { EraseKind, ErasureQueries } from '../db/erasure-queries.ts';
import type { SearchFollower } from '../search/search-follower.ts';

type Row = NonNullable<RowChange['before']>;
/** What a person is found by in raw events. Nobody is found by the rest: a name can pass to somebody else. */
const NUMBERS: ReadonlySet<unknown> = new Set(['wa_id', 'user_id', 'parent_user_id', 'phone']);
/** What was only pending was never anywhere else. */
const SEQS = ['seq', 'first_seq', 'created_seq'];
const FILE = /"sha256":"([0-9a-f]{64})"/g;

const KEYS: Partial<Record<TableName, (row: Row) => string>> = {
  message: (row) => String(row['id']),
  conversation: (row) => String(row['id']),
  contact: (row) => String(row['id']),
  note: (row) => String(row['id']),
  contact_identifier: (row) => `${row['kind']} ${row['value']}`,
};

export function createErasureFollower(queries: Pick<ErasureQueries, 'add'>): SearchFollower {
  const gone = new Map<string, { table: TableName; row: Row }>();
  return {
    note: (table, { before, after }) => {
      const row = after ?? before;
      const keyOf = KEYS[table];
      if (!keyOf || !row) return;
      const key = `${table} ${keyOf(row)}`;
      if (after) gone.delete(key);
      else if (before && SEQS.every((seq) => before[seq] !== PENDING_SEQ)) gone.set(key, { table, row: before });
    },
    keep: () => {
      for (const { table, row } of gone.values()) for (const [kind, ref] of remains(table, row)) queries.add(kind, ref);
      gone.clear();
    },
    forget: () => gone.clear(),
    startAnew: () => gone.clear(),
  };
}

/** What this computer may keep of a row besides. */
export function* remains(table: TableName, row: Row): Generator<[EraseKind, string]> {
  if (table === 'contact_identifier') {
    if (NUMBERS.has(row['kind'])) yield ['identifier', String(row['value'])];
    return;
  }
  const id = String(row['id']);
  yield ['id', id];
  if (table === 'conversation') yield ['conversation', id];
  if (table !== 'message') return;
  yield ['message', id];
  for (const text of [row['content'], row['original_content']]) {
    for (const [, sha256 = ''] of String(text).matchAll(FILE)) {
      yield ['file', sha256];
      yield ['blob', sha256];
    }
  }
}
