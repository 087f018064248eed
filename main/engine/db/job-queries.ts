/** Statements over `job`. About `+?` see docs/decisions/0007-bound-values-with-plus.md. */
import type Database from 'better-sqlite3';

export type JobKind = 'message.send' | 'message.mark_read' | 'media.upload' | 'media.fetch' | 'media.share';
/** What a message waits for. */
export const MESSAGE_JOBS: JobKind[] = ['message.send', 'message.mark_read', 'media.upload'];
/**
 * `ready`: will run when its time and its lane come. `running`: committed before the outside world is touched.
 * `waiting`: a person must decide. `uncertain`: it may or may not have happened. `done`: over.
 */
export type JobState = 'ready' | 'running' | 'waiting' | 'uncertain' | 'done';
export type JobRow = { id: number; kind: JobKind; lane: string; subject: string; payload: string; state: JobState; attempts: number; runAt: number; changedAt: number };

const COLUMNS = 'id, kind, lane, subject, payload, state, attempts, run_at AS runAt, changed_at AS changedAt';

export function createJobQueries(db: Database.Database) {
  const add = db.prepare("INSERT INTO job (kind, lane, subject, payload, state, attempts, run_at, changed_at) VALUES (?, ?, ?, ?, 'ready', 0, ?, ?) ON CONFLICT (kind, subject) DO NOTHING");
  const redo = db.prepare("UPDATE job SET state = 'ready', attempts = 0, payload = ?, run_at = ?, changed_at = ? WHERE kind = +? AND subject = +? AND state = 'done'");
  const find = db.prepare(`SELECT ${COLUMNS} FROM job WHERE kind = +? AND subject = +?`);
  const setState = db.prepare('UPDATE job SET state = ?, run_at = ?, changed_at = ?, attempts = attempts + ? WHERE id = ?');
  const claim = db.prepare("UPDATE job SET state = 'running', changed_at = ? WHERE id = ? AND state = 'ready'");
  const setPayload = db.prepare('UPDATE job SET payload = ? WHERE id = ?');
  // By its own index: there is a job of every message that was ever sent, and only few are open.
  // The head of each lane: in a lane, order is kept, so nothing overtakes a job that waits for its time.
  const HEADS = "SELECT min(id) FROM job INDEXED BY job_open WHERE state IN ('ready', 'running') AND kind IN (SELECT value FROM json_each(+@laneKinds)) GROUP BY lane";
  const listDueHeads = db.prepare(
    `SELECT ${COLUMNS} FROM job WHERE id IN (${HEADS}) AND state = 'ready' AND kind IN (SELECT value FROM json_each(+@kinds)) AND (run_at <= @now OR run_at > @tooLate) ORDER BY id LIMIT +@limit`,
  );
  const nextRunAt = db.prepare(`SELECT min(run_at) FROM job WHERE id IN (${HEADS}) AND state = 'ready' AND kind IN (SELECT value FROM json_each(+@kinds)) AND run_at > @now`).pluck();
  const listByState = db.prepare(`SELECT ${COLUMNS} FROM job WHERE state = ?`);
  const dropOpen = db.prepare("UPDATE job SET state = 'done', changed_at = ? WHERE state IN ('ready', 'running', 'waiting') AND kind NOT IN ('media.fetch', 'media.share')");
  const forgetUnsent = db.prepare(
    "DELETE FROM job WHERE +kind IN ('message.send', 'media.upload') AND state IN ('ready', 'waiting') AND subject IN (SELECT id FROM message WHERE direction = 'out' AND seq > ?)",
  );
  const countOpen = db.prepare("SELECT count(*) FROM job INDEXED BY job_open WHERE state IN ('ready', 'running') AND kind IN (SELECT value FROM json_each(+?))").pluck();
  const hurry = db.prepare("UPDATE job INDEXED BY job_open SET run_at = ? WHERE state IN ('ready', 'running') AND state = 'ready' AND kind = ? AND run_at > ?");
  // A status has arrived for a message whose send was uncertain: it did leave, or Meta says that it failed.
  const settleUncertain = db.prepare(
    "UPDATE job SET state = 'done', changed_at = ? WHERE +kind = 'message.send' AND state = 'uncertain' AND EXISTS (SELECT 1 FROM message WHERE message.id = job.subject AND message.status <> 'queued') RETURNING subject",
  );

  return {
    /** Adds a job unless there is one of this kind for this subject. */
    add: (job: { kind: JobKind; lane: string; subject: string; payload: unknown }, now: number) => void add.run(job.kind, job.lane, job.subject, JSON.stringify(job.payload), now, now),
    /** Begins one that is over anew. */
    redo: (job: { kind: JobKind; subject: string; payload: unknown }, now: number) => void redo.run(JSON.stringify(job.payload), now, now, job.kind, job.subject),
    find: (kind: JobKind, subject: string) => find.get(kind, subject) as JobRow | undefined,
    /** @param countAttempt whether an attempt has ended that is to be repeated. */
    setState: (id: number, state: JobState, runAt: number, now: number, countAttempt = false) => void setState.run(state, runAt, now, countAttempt ? 1 : 0, id),
    /** Marks a ready job as running. False if it is no longer ready. */
    claim: (id: number, now: number) => claim.run(now, id).changes === 1,
    setPayload: (id: number, payload: unknown) => void setPayload.run(JSON.stringify(payload), id),
    /** Jobs whose turn and time have come, and those that wait absurdly long because the clock was set back (`run_at` after `tooLate`). */
    listDueHeads: (of: Heads, now: number, tooLate: number, limit: number) => listDueHeads.all({ ...toJson(of), now, tooLate, limit }) as JobRow[],
    /** When the next one of those that wait is due. */
    nextRunAt: (of: Heads, now: number) => nextRunAt.get({ ...toJson(of), now }) as number | null,
    /** Those that wait for another try need not wait any longer. */
    hurry: (kind: JobKind, now: number) => void hurry.run(now, kind, now),
    listByState: (state: JobState) => listByState.all(state) as JobRow[],
    /** What has not been done yet is left to others; fetching and sharing files is everybody's. */
    dropOpen: (now: number) => void dropOpen.run(now),
    /** Messages that have not left and that the log confirmed after `seq`: their jobs come with the next confirmation. */
    forgetUnsentAfter: (seq: number) => void forgetUnsent.run(seq),
    countOpen: (kinds: JobKind[]) => countOpen.get(JSON.stringify(kinds)) as number,
    settleUncertain: (now: number) => listSubjects(settleUncertain.all(now)),
  };
}
export type JobQueries = ReturnType<typeof createJobQueries>;

/** `kinds`: of which kinds; `laneKinds`: all kinds that are in the same lanes. */
type Heads = { kinds: JobKind[]; laneKinds: JobKind[] };
const toJson = ({ kinds, laneKinds }: Heads) => ({ kinds: JSON.stringify(kinds), laneKinds: JSON.stringify(laneKinds) });

const listSubjects = (rows: unknown[]): string[] => (rows as { subject: string }[]).map(({ subject }) => subject);
