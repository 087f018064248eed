/**
 * Statements that take what the log has erased out of what this computer keeps besides: drafts, jobs, raw events, own ops, answers of the local
 * API, files, and words in the search index. `erase_todo` says what is left to do: of messages, conversations, files (`file`, and `blob` for the
 * relay's copy), numbers of people (`identifier`), ids that own ops may name (`id`), own ops (`op`), and how far the log holds it (`log`).
 */
import type Database from 'better-sqlite3';

export type EraseKind = 'message' | 'conversation' | 'identifier' | 'file' | 'blob' | 'id' | 'op' | 'log';
export type EraseTodo = { kind: EraseKind; ref: string };

/** Contentless FTS5 keeps the words of deleted rows until its segments are merged (SQLite, FTS5, "The merge Command"). */
const WORD_TABLES = ['search_words', 'search_names', 'search_pieces', 'search_numbers'] as const;
/** An own op without its words; the log has another one under its number, and only a relay that was restored asks for it. */
const NO_OP = '{}';

export function createErasureQueries(db: Database.Database) {
  const add = db.prepare('INSERT INTO erase_todo (kind, ref) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const drop = db.prepare('DELETE FROM erase_todo WHERE kind = ? AND ref = ?');
  const list = db.prepare('SELECT kind, ref FROM erase_todo WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY kind, ref LIMIT +?');
  const hasAny = db.prepare('SELECT 1 FROM erase_todo LIMIT 1').pluck();
  const hasPending = db.prepare("SELECT 1 FROM pending_op WHERE json_extract(body, '$.type') IN ('contact.erase', 'retention.apply') LIMIT 1").pluck();
  const lastErasure = db.prepare("SELECT max(seq) FROM activity WHERE type = 'contact.erase' AND outcome = 'applied' AND seq < 9007199254740991").pluck();
  const isMessage = db.prepare('SELECT 1 FROM message WHERE id = ?').pluck();
  const isConversation = db.prepare('SELECT 1 FROM conversation WHERE id = ?').pluck();
  const isStillTheirs = db.prepare('SELECT 1 FROM contact_identifier WHERE value = ? AND first_seq <= ?').pluck();
  const dropRaw = db.prepare('DELETE FROM log_entry WHERE message_id = ?');
  const rawUntil = db.prepare('SELECT max(seq) FROM (SELECT seq FROM log_entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 2000)').pluck();
  const dropRawOf = db.prepare('DELETE FROM log_entry WHERE seq > @from AND seq <= @through AND EXISTS (SELECT 1 FROM json_each(@values) v WHERE instr(log_entry.body, v.value) > 0)');
  const dropJobs = db.prepare("DELETE FROM job WHERE subject = ? AND state <> 'running'");
  const dropDraft = db.prepare('DELETE FROM draft WHERE conversation_id = ?');
  const dropCalls = db.prepare('DELETE FROM ai_call WHERE conversation_id = ? AND record IS NULL');
  const dropAnswers = db.prepare('DELETE FROM answered_call');
  const emptyOpsNaming = db.prepare(`UPDATE confirmed_op SET body = '${NO_OP}' WHERE instr(body, ?) > 0`);
  const emptyOp = db.prepare(`UPDATE confirmed_op SET body = '${NO_OP}' WHERE op_id = ?`);
  const isReferenced = db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM message WHERE json_extract(content, '$.media') IS NOT NULL AND json_extract(content, '$.media.sha256') = @sha256)
         OR EXISTS (SELECT 1 FROM draft WHERE instr(files, @sha256) > 0) OR EXISTS (SELECT 1 FROM kb_article WHERE instr(source, @sha256) > 0)
         OR EXISTS (SELECT 1 FROM message WHERE target_wamid IS NOT NULL AND instr(content, @sha256) > 0)`,
    )
    .pluck();
  const dropFile = db.prepare('DELETE FROM media_file WHERE sha256 = ?');
  const dropUploads = db.prepare('DELETE FROM media_upload WHERE sha256 = ?');
  const dropTrouble = db.prepare('DELETE FROM media_trouble WHERE file_key = ?');
  const totalChanges = db.prepare('SELECT total_changes()').pluck();
  const scan = db.prepare('SELECT done >= until FROM search_scan').pluck();

  return {
    add: (kind: EraseKind, ref: string) => void add.run(kind, ref),
    drop: ({ kind, ref }: EraseTodo) => void drop.run(kind, ref),
    list: (kinds: readonly EraseKind[], limit: number) => list.all(JSON.stringify(kinds), limit) as EraseTodo[],
    /** All that was here by a seq and is not in an attached snapshot of that seq, which is to take the place of the rows here. */
    addMissingIn: (schema: 'snapshot', seq: number) => {
      const addAll = (kind: EraseKind, rows: string): void => void db.exec(`INSERT INTO main.erase_todo (kind, ref) SELECT '${kind}', ${rows} ON CONFLICT DO NOTHING`);
      const gone = (table: string): string => `main.${table} WHERE NOT EXISTS (SELECT 1 FROM ${schema}.${table} s WHERE s.id = ${table}.id)`;
      const confirmed = `AND seq <= ${seq}`;
      addAll('message', `id FROM ${gone('message')} ${confirmed}`);
      for (const kind of ['file', 'blob'] as const)
        addAll(kind, `json_extract(content, '$.media.sha256') FROM ${gone('message')} ${confirmed} AND json_extract(content, '$.media.sha256') IS NOT NULL`);
      addAll('conversation', `id FROM ${gone('conversation')} AND created_seq <= ${seq}`);
      for (const table of ['contact', 'conversation']) addAll('id', `id FROM ${gone(table)} AND created_seq <= ${seq}`);
      addAll('id', `id FROM ${gone('note')} ${confirmed}`);
      addAll('identifier', `value FROM main.contact_identifier WHERE kind IN ('wa_id', 'user_id', 'parent_user_id', 'phone') AND contact_id IN (SELECT id FROM ${schema}.erased)`);
    },
    hasAny: () => hasAny.get() !== undefined,
    /** What a pending op erases is erased when the log has said so. */
    isUndecided: () => hasPending.get() !== undefined,
    /** Seq of the newest erasure of a person; 0: none. */
    lastErasure: () => (lastErasure.get() as number | null) ?? 0,
    hasMessage: (id: string) => isMessage.get(id) !== undefined,
    hasConversation: (id: string) => isConversation.get(id) !== undefined,
    /** A number that somebody had before that point of the log, and has. */
    isTaken: (value: string, through: number) => isStillTheirs.get(value, through) !== undefined,
    /** Everything that this computer keeps of one message. */
    forgetMessage: (id: string) => {
      dropRaw.run(id);
      dropJobs.run(id);
    },
    forgetConversation: (id: string) => {
      dropDraft.run(id);
      dropCalls.run(id);
    },
    /** Removes raw events that name one of these, of some thousands after `from`. @returns up to where; null: there are no more. */
    forgetRaw: (values: readonly string[], from: number, through: number): number | null => {
      const until = rawUntil.get(from, through) as number | null;
      if (until !== null) dropRawOf.run({ from, through: until, values: JSON.stringify(values.map((value) => `"${value}"`)) });
      return until;
    },
    forgetAnswers: () => void dropAnswers.run(),
    forgetOpsNaming: (id: string) => void emptyOpsNaming.run(`"${id}"`),
    forgetOp: (opId: string) => void emptyOp.run(opId),
    isReferenced: (sha256: string) => isReferenced.get({ sha256 }) === 1,
    forgetFile: (key: string) => {
      dropFile.run(key);
      dropUploads.run(key);
      dropTrouble.run(key);
      dropJobs.run(key);
    },
    /** Merges a piece of the index, which takes the words of deleted rows out of it. @returns false: there is nothing left to merge. */
    mergeWords: (): boolean => {
      const before = totalChanges.get() as number;
      for (const table of WORD_TABLES) db.exec(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', -200)`);
      // The statement itself counts as one change (SQLite, FTS5, "The merge Command").
      return (totalChanges.get() as number) - before > WORD_TABLES.length * 2;
    },
    /** Whether VACUUM may number the rows of messages anew. */
    mayCompact: () => scan.get() === 1,
    bytes: () => (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number),
    compact: () => {
      db.exec('VACUUM');
      db.pragma('wal_checkpoint(TRUNCATE)');
    },
    emptyWal: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
  };
}
export type ErasureQueries = ReturnType<typeof createErasureQueries>;
