/**
 * Statements for diagnosis: raw webhook entries, what Meta says of the account, and how the outbox stands. Invariant: a search looks
 * at SCAN_MAX entries at most and then says where to go on, so that it answers at once on a log of any length.
 */
import type Database from 'better-sqlite3';
import type { AccountEventRow } from '../../../contract/state.ts';
import type { JobState } from './job-queries.ts';

/** About 50 ms of looking through bodies. */
const SCAN_MAX = 20_000;
const FAILURES_MAX = 500;

export type EventRow = { seq: number; receivedAt: number; body: string; outcome: string; messageId: string | null };
export type EventSearch = { search: string; outcome: string | null; before: number | null; limit: number };

const COLUMNS = 'seq, received_at AS receivedAt, body, outcome, message_id AS messageId';

export function createDiagnosticQueries(db: Database.Database) {
  // Few entries are not applied: an index holds those (`local-tables.ts`).
  const scanOf = (where: string) => `SELECT ${COLUMNS} FROM log_entry WHERE ${where} seq < +@before ORDER BY seq DESC LIMIT +@scan`;
  const prepareSearch = (where: string) => ({
    find: db.prepare(`SELECT * FROM (${scanOf(where)}) WHERE (@outcome IS NULL OR outcome = @outcome) AND (@pattern IS NULL OR body LIKE @pattern ESCAPE '\\') LIMIT +@limit`),
    scanned: db.prepare(`SELECT count(*) AS count, min(seq) AS oldest FROM (${scanOf(where)})`),
  });
  const any = prepareSearch('');
  const other = prepareSearch("outcome = @outcome AND outcome <> 'applied' AND");
  const one = db.prepare(`SELECT ${COLUMNS} FROM log_entry WHERE seq = ?`);
  const ofMessage = db.prepare(`SELECT ${COLUMNS} FROM log_entry WHERE message_id = +? AND message_id IS NOT NULL ORDER BY seq`);
  const parkedOf = db.prepare(`SELECT ${COLUMNS} FROM log_entry WHERE outcome = 'parked' AND CASE WHEN json_valid(body) THEN json_extract(body, '$.payload.id') END = +? ORDER BY seq`);
  const newest = db.prepare(`SELECT ${COLUMNS} FROM log_entry ORDER BY seq DESC LIMIT +?`);
  const account = db.prepare(
    `SELECT * FROM account_event e
     WHERE seq = (SELECT max(n.seq) FROM account_event n WHERE n.field = e.field AND n.subject = e.subject AND (n.field <> 'errors' OR n.event = e.event))
       AND (e.field <> 'errors' OR e.at >= ?)
     ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, at DESC, id LIMIT 200`,
  );
  // There is a job of every message that was ever sent: the newest are looked at first, and the open ones by their own indexes.
  const lastSend = db
    .prepare("SELECT j.changed_at FROM job j CROSS JOIN message m ON m.id = j.subject WHERE +j.kind = 'message.send' AND j.state = 'done' AND m.wamid IS NOT NULL ORDER BY j.id DESC LIMIT 1")
    .pluck();
  const ofSends = (open: string): string => `SELECT state, changed_at FROM job INDEXED BY ${open} AND kind = 'message.send'`;
  const openJobs = db.prepare(
    `SELECT state, count(*) AS count, min(changed_at) AS oldest FROM (
       ${ofSends("job_open WHERE state IN ('ready', 'running')")} UNION ALL ${ofSends("job_waiting WHERE state = 'waiting'")} UNION ALL ${ofSends("job_uncertain WHERE state = 'uncertain'")}
     ) GROUP BY state`,
  );
  const failures = db.prepare("SELECT error FROM message WHERE status = 'failed' AND sent_at > +? AND hold IS NULL ORDER BY sent_at DESC LIMIT +?").pluck();

  return {
    /** Newest first. `next`: where to go on, also when nothing was found yet; null: that was all. */
    searchEvents: ({ search, outcome, before, limit }: EventSearch): { rows: EventRow[]; next: number | null } => {
      const { find, scanned } = outcome === null || outcome === 'applied' ? any : other;
      const scan = search === '' && outcome !== 'applied' ? limit : SCAN_MAX;
      const where = { before: before ?? Number.MAX_SAFE_INTEGER, scan, outcome };
      const rows = find.all({ ...where, limit, pattern: search === '' ? null : `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%` }) as EventRow[];
      if (rows.length === limit) return { rows, next: rows.at(-1)?.seq ?? null };
      const { count, oldest } = scanned.get(where) as { count: number; oldest: number | null };
      return { rows, next: count < scan ? null : oldest };
    },
    findEvent: (seq: number) => one.get(seq) as EventRow | undefined,
    /** Oldest first: what became this message, or told of it, also before it was known whose it was. */
    listEventsOf: (messageId: string, wamid: string | null): EventRow[] =>
      ([...ofMessage.all(messageId), ...(wamid === null ? [] : parkedOf.all(wamid))] as EventRow[]).toSorted((a, b) => a.seq - b.seq),
    /** Newest first. */
    listNewestEvents: (limit: number) => newest.all(limit) as EventRow[],
    /** The newest of each kind, worst first. */
    /** The newest of each kind, worst first. Errors that belong to no message are each of one moment: none before `errorsSince` (ms). */
    listAccountEvents: (errorsSince: number) => account.all(errorsSince) as AccountEventRow[],
    /** When Meta last took a message of this desktop; relay time, ms. */
    lastSendAt: () => (lastSend.get() as number | undefined) ?? null,
    /** Messages that are not over, by how they stand. */
    countOpenSends: () => openJobs.all() as { state: JobState; count: number; oldest: number }[],
    /** Errors (JSON) of messages written after `since` that failed and were not given up, newest first. */
    listFailuresSince: (since: number) => failures.all(since, FAILURES_MAX) as (string | null)[],
  };
}
export type DiagnosticQueries = ReturnType<typeof createDiagnosticQueries>;
