/**
 * One commit for everything that arrives in the same turn of the event loop: an fsync costs the same for one row as for
 * five hundred. Invariants: a job's promise settles only after its group has committed or failed; groups never overlap,
 * so jobs are committed in the order of `submit`; a failed group fails its own jobs and nothing else.
 */
export type GroupCommit<Job, Result> = {
  /** Resolves after the commit; rejects if the group's transaction failed and left nothing behind. */
  submit: (job: Job) => Promise<Result>;
  /** Resolves when everything submitted so far has been settled. */
  flush: () => Promise<void>;
  /** Of what was submitted and is not settled yet. */
  waitingBytes: () => number;
};

type Deps<Job, Result> = {
  /** Commits all jobs or none; gives one result per job, in order. */
  commit: (jobs: Job[]) => Promise<Result[]>;
  bytesOf: (job: Job) => number;
  maxJobs: number;
  /** A group ends with the job that passes this size, so a larger job still fits alone. */
  maxBytes: number;
};

type Waiting<Job, Result> = { job: Job; bytes: number; settle: PromiseWithResolvers<Result> };

export function createGroupCommit<Job, Result>({ commit, bytesOf, maxJobs, maxBytes }: Deps<Job, Result>): GroupCommit<Job, Result> {
  let queue: Waiting<Job, Result>[] = [];
  let isRunning = false;
  let underWay = 0;
  let idle = Promise.withResolvers<void>();

  const takeGroup = (): Waiting<Job, Result>[] => {
    let bytes = 0;
    const end = queue.findIndex(({ bytes: size }) => (bytes += size) >= maxBytes);
    return queue.splice(0, Math.min(maxJobs, end < 0 ? queue.length : end + 1));
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const group = takeGroup();
      underWay = sumBytes(group);
      try {
        const results = await commit(group.map(({ job }) => job));
        group.forEach(({ settle }, index) => settle.resolve(results[index] as Result));
      } catch (error) {
        for (const { settle } of group) settle.reject(error);
      }
      underWay = 0;
      // Sockets are read and answers leave between two groups.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
    idle.resolve();
  };

  return {
    submit: (job) => {
      const settle = Promise.withResolvers<Result>();
      queue.push({ job, bytes: bytesOf(job), settle });
      if (!isRunning) {
        isRunning = true;
        idle = Promise.withResolvers();
        setImmediate(() => void run());
      }
      return settle.promise;
    },
    flush: () => (isRunning ? idle.promise : Promise.resolve()),
    waitingBytes: () => underWay + sumBytes(queue),
  };
}

const sumBytes = (waiting: readonly { bytes: number }[]): number => waiting.reduce((sum, { bytes }) => sum + bytes, 0);
