/**
 * Runs durable jobs: side effects on the outside world. Invariants: a job is marked `running` and that is committed before
 * anything leaves this machine; after a crash it is never run again by itself unless its kind says that is harmless;
 * jobs of one lane run one after another in the order they were added, lanes run side by side; groups know nothing of each
 * other: neither a pause nor a thousand waiting jobs of one holds up another.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { errorText, type Log } from '../../../contract/log.ts';
import type { JobKind, JobQueries, JobRow, JobState } from '../db/job-queries.ts';
import type { Clock } from '../ports.ts';

export type JobResult =
  /** `record` commits together with the end of the job. */
  | { status: 'done'; record?: () => void }
  /** Tried in vain, and nothing happened outside: again later. The lane waits. */
  | { status: 'retry'; afterMs: number }
  /** Not tried: its time has not come, or something else of its lane has to be done first. The lane waits. */
  | { status: 'later'; afterMs: number; record?: () => void }
  /** Nothing happened outside, and nothing of any lane would succeed now: the whole group pauses, twice as long each time in a row. */
  | { status: 'pause'; pause: Pause }
  | { status: 'waiting' }
  /** It may have happened. With a `pause`, what comes next would be no luckier now. */
  | { status: 'uncertain'; pause?: Pause };

export type Pause = { firstMs: number; maxMs: number };

/** Kinds that share their pauses and their places. `uploads`: files of messages, which can take long. `media`: fetching and sharing files, which can also fail for hours. */
export type JobGroup = 'messages' | 'uploads' | 'media';
const GROUPS: readonly JobGroup[] = ['messages', 'uploads', 'media'];
/** Jobs that run at once. */
const MAX_RUNNING: Record<JobGroup, number> = { messages: 8, uploads: 3, media: 3 };
/** Longer than any pause that a handler of the group asks for, ms. */
const WAIT_MAX_MS: Record<JobGroup, number> = { messages: 15 * 60_000, uploads: 15 * 60_000, media: 2 * 60 * 60_000 };
/** Groups that are in the same lanes: a file goes before its message. */
const LANE_MATES: Record<JobGroup, readonly JobGroup[]> = { messages: ['messages', 'uploads'], uploads: ['messages', 'uploads'], media: ['media'] };

export type JobHandler = {
  group: JobGroup;
  /** Whether an interrupted run may simply be repeated. */
  isRepeatable: boolean;
  /** Checks, in the transaction that would mark the job as running. Null: go ahead. */
  prepare(job: JobRow): JobResult | null;
  /** Touches the outside world. `job.attempts`: how often it was put off with `retry`. A rejection counts as `uncertain`, or `retry` for a repeatable kind. */
  run(job: JobRow, signal: AbortSignal): Promise<JobResult>;
};

type Deps = {
  jobs: JobQueries;
  handlers: Record<JobKind, JobHandler>;
  /** One transaction, after which screens hear of the subjects it touched. */
  transact: <T>(change: () => T) => T;
  onStateChange: (job: JobRow) => void;
  /** False: nothing begins for now; whoever changes that calls `nudge`. Without it: always. */
  mayBegin?: () => boolean;
  clock: Clock;
  /** In [0, 1), for jitter. */
  random: () => number;
  log: Log;
};

const LOOK_AGAIN_AFTER_MS = 5_000;
const RETRY_AFTER_BUG_MS = 60_000;
/** What became of a job that could not be written. */
const RECORD_AGAIN_AFTER_MS = 1_000;
/** On stopping, running jobs may finish for so long: an answer heard is a message that need not be asked about. */
const STOP_GRACE_MS = 3_000;

export type JobRunner = {
  start(): void;
  stop(): Promise<void>;
  /** Looks for work soon. Call after adding or releasing jobs. */
  nudge(): void;
  /** Nothing of these groups begins for so long (at most their longest wait), unless `resume` is called. */
  hold(groups: readonly JobGroup[], forMs: number): void;
  /** Ends all pauses, for example after the token was changed. */
  resume(): void;
  setState(job: JobRow, state: JobState): void;
  /** Ends a run that is going on, as its signal says; what became of it is for its handler to tell. */
  abort(job: JobRow): void;
};

export function createJobRunner({ jobs, handlers, transact, onStateChange, mayBegin, clock, random, log }: Deps): JobRunner {
  const kindsOf = (names: readonly JobGroup[]): JobKind[] => (Object.keys(handlers) as JobKind[]).filter((kind) => names.includes(handlers[kind].group));
  const groups = GROUPS.map((name) => ({
    name,
    kinds: kindsOf([name]),
    laneKinds: kindsOf(LANE_MATES[name]),
    running: new Map<number, { ended: Promise<void>; abort: AbortController }>(),
    pausedUntil: 0,
    pausesInRow: 0,
  }));
  type Group = (typeof groups)[number];
  const groupOf = ({ kind }: JobRow): Group => groups.find(({ name }) => name === handlers[kind].group)!;
  const abort = new AbortController();
  const stopping = new AbortController();
  let isStarted = false;
  let isScheduled = false;
  let timer: NodeJS.Timeout | undefined;

  const setState = (job: JobRow, state: JobState, runAt = clock.now(), countAttempt = false): void => {
    jobs.setState(job.id, state, runAt, clock.now(), countAttempt);
    onStateChange(job);
  };

  /** Several jobs that fail together are one reason to pause, not several. */
  const pauseGroup = (group: Group, { firstMs, maxMs }: Pause): void => {
    if (clock.now() < group.pausedUntil) return;
    group.pausedUntil = clock.now() + Math.round(Math.min(maxMs, firstMs * 2 ** group.pausesInRow) * (1 + random() / 4));
    group.pausesInRow += 1;
  };

  const record = (job: JobRow, result: JobResult): void => {
    switch (result.status) {
      case 'done':
        result.record?.();
        return setState(job, 'done');
      case 'waiting':
        return setState(job, 'waiting');
      case 'uncertain':
        if (result.pause) pauseGroup(groupOf(job), result.pause);
        return setState(job, 'uncertain');
      case 'retry':
        return setState(job, 'ready', clock.now() + result.afterMs, true);
      case 'later':
        result.record?.();
        return setState(job, 'ready', clock.now() + result.afterMs);
      case 'pause':
        pauseGroup(groupOf(job), result.pause);
        return setState(job, 'ready');
    }
  };

  const runJob = async (job: JobRow, signal: AbortSignal): Promise<void> => {
    const handler = handlers[job.kind];
    let result: JobResult;
    try {
      result = await handler.run(job, signal);
    } catch (error) {
      log('error', 'job.failed', { kind: job.kind, id: job.id, error: errorText(error) });
      result = handler.isRepeatable ? { status: 'retry', afterMs: RETRY_AFTER_BUG_MS } : { status: 'uncertain' };
    }
    if (result.status === 'done') groupOf(job).pausesInRow = 0;
    while (tryRecord(job, result) === 'disk' && isStarted) await waitFor(RECORD_AGAIN_AFTER_MS);
    groupOf(job).running.delete(job.id);
    nudge();
  };

  /** What could not be written is known here only: until it is, the lane waits, and should we end before, it is judged at the next start. `error`: it would fail again. */
  const tryRecord = (job: JobRow, result: JobResult): 'written' | 'disk' | 'error' => {
    try {
      transact(() => record(job, result));
      return 'written';
    } catch (error) {
      log('error', 'job.not_recorded', { kind: job.kind, id: job.id, error: errorText(error) });
      return isOfDisk(error) ? 'disk' : 'error';
    }
  };
  /** Shorter when we stop. */
  const waitFor = (ms: number): Promise<void> => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  /** Marks the job as running, if its checks allow, and commits that. */
  const begin = (job: JobRow): boolean =>
    transact(() => {
      const verdict = handlers[job.kind].prepare(job);
      if (verdict) {
        record(job, verdict);
        return false;
      }
      if (!jobs.claim(job.id, clock.now())) return false;
      onStateChange(job);
      return true;
    });

  const look = (): void => {
    clearTimeout(timer);
    if (!isStarted) return;
    try {
      startDueJobs();
    } catch (error) {
      log('error', 'job.look_failed', { error: errorText(error) });
      wakeAt(clock.now() + LOOK_AGAIN_AFTER_MS);
    }
  };

  const startDueJobs = (): void => {
    if (mayBegin && !mayBegin()) return;
    const wakeTimes = groups.map(startDueJobsOf).filter((at) => at !== null);
    if (wakeTimes.length > 0) wakeAt(Math.min(...wakeTimes));
  };

  /** @returns when to look again; null: a job that ends, or a new one, will tell. */
  const startDueJobsOf = (group: Group): number | null => {
    const now = clock.now();
    const { kinds, laneKinds, running, name } = group;
    // A clock that was set back must not freeze the outbox: no pause is longer than this.
    if (group.pausedUntil - now > WAIT_MAX_MS[name]) group.pausedUntil = now;
    if (now < group.pausedUntil) return group.pausedUntil;
    let isMoreDue = false;
    for (const job of jobs.listDueHeads({ kinds, laneKinds }, now, now + WAIT_MAX_MS[name], MAX_RUNNING[name])) {
      if (running.size >= MAX_RUNNING[name] || now < group.pausedUntil) break;
      if (begin(job)) start(group, job);
      else isMoreDue = true;
    }
    if (now < group.pausedUntil) return group.pausedUntil;
    return isMoreDue ? now : jobs.nextRunAt({ kinds, laneKinds }, now);
  };

  const start = ({ running }: Group, job: JobRow): void => {
    const own = new AbortController();
    running.set(job.id, { ended: runJob(job, AbortSignal.any([abort.signal, own.signal])), abort: own });
  };

  const wakeAt = (at: number): void => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(at - clock.now(), 1), 60_000));
  };

  const nudge = (): void => {
    if (isScheduled || !isStarted) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      look();
    });
  };

  return {
    start: () => {
      transact(() => {
        for (const job of jobs.listByState('running')) setState(job, handlers[job.kind].isRepeatable ? 'ready' : 'uncertain');
      });
      isStarted = true;
      nudge();
    },
    stop: async () => {
      isStarted = false;
      clearTimeout(timer);
      stopping.abort();
      const grace = setTimeout(() => abort.abort(), STOP_GRACE_MS);
      await Promise.all(groups.flatMap(({ running }) => [...running.values()].map(({ ended }) => ended)));
      clearTimeout(grace);
    },
    nudge,
    hold: (names, forMs) => {
      for (const group of groups) if (names.includes(group.name)) group.pausedUntil = Math.max(group.pausedUntil, clock.now() + Math.min(forMs, WAIT_MAX_MS[group.name]));
    },
    resume: () => {
      for (const group of groups) Object.assign(group, { pausedUntil: 0, pausesInRow: 0 });
      nudge();
    },
    setState: (job, state) => {
      setState(job, state);
      nudge();
    },
    abort: (job) => groupOf(job).running.get(job.id)?.abort.abort(),
  };
}

/** For `retry`: doubles with each repeat from `firstMs`, up to `maxMs`, with a quarter of jitter. */
export const growPause = (firstMs: number, repeats: number, maxMs: number, random: () => number): number => Math.round(Math.min(maxMs, firstMs * 2 ** repeats) * (1 + random() / 4));

/** The database cannot be written now, and may be later (SQLite's result codes). */
const isOfDisk = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN)/.test(error.code);
