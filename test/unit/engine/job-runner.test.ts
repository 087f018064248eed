import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobQueries, type JobQueries } from '../../../main/engine/db/job-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createJobRunner, type JobResult, type JobRunner } from '../../../main/engine/jobs/job-runner.ts';
import { waitUntil } from '../../support/wait-until.ts';

let db: Database.Database;
let jobs: JobQueries;
let now: number;
let runners: JobRunner[];
beforeEach(() => {
  db = openDatabase(':memory:');
  jobs = createJobQueries(db);
  now = 1_000_000_000;
  runners = [];
});
afterEach(async () => {
  for (const runner of runners) await runner.stop();
  db.close();
});

const createRunner = (run: (subject: string, signal: AbortSignal) => Promise<JobResult>, transact: <T>(change: () => T) => T = (change) => db.transaction(change)()): JobRunner => {
  const handler = { group: 'messages' as const, isRepeatable: false, prepare: () => null, run: (job: { subject: string }, signal: AbortSignal) => run(job.subject, signal) };
  const runner = createJobRunner({
    jobs,
    handlers: {
      'message.send': handler,
      'message.mark_read': handler,
      'media.upload': { ...handler, group: 'uploads', isRepeatable: true },
      'media.fetch': { ...handler, group: 'media' },
      'media.share': { ...handler, group: 'media' },
    },
    transact,
    onStateChange: () => undefined,
    clock: { now: () => now },
    random: () => 0,
    log: () => undefined,
  });
  runners.push(runner);
  return runner;
};
const add = (subject: string, lane = subject) => jobs.add({ kind: 'message.send', lane, subject, payload: {} }, now);
const stateOf = (subject: string) => jobs.find('message.send', subject)?.state;
const turns = async (count = 30) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the job runner', () => {
  it('keeps the order in a lane and runs lanes side by side', async () => {
    const ran: string[] = [];
    for (const subject of ['a1', 'a2', 'b1']) add(subject, subject[0]);
    createRunner(async (subject) => {
      ran.push(subject);
      if (subject === 'a1') await turns(5);
      return { status: 'done' };
    }).start();
    await turns();
    expect(ran).toEqual(['a1', 'b1', 'a2']);
  });

  it('lets a file go before its message, and no file hold up a message of another lane', async () => {
    const ran: string[] = [];
    const waiting: (() => void)[] = [];
    let isSlow = true;
    for (let n = 0; n < 10; n += 1) {
      jobs.add({ kind: 'media.upload', lane: `lane-${n}`, subject: `file-${n}`, payload: {} }, now);
      add(`message-${n}`, `lane-${n}`);
    }
    add('hello');
    createRunner(async (subject) => {
      ran.push(subject);
      if (subject.startsWith('file') && isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 'done' };
    }).start();
    await turns();
    expect(ran.toSorted()).toEqual(['file-0', 'file-1', 'file-2', 'hello']);
    waiting[1]?.();
    await turns();
    expect(ran.slice(4).toSorted()).toEqual(['file-3', 'message-1']);
    isSlow = false;
    for (const end of waiting) end();
    await turns(100);
    expect(ran).toHaveLength(21);
  });

  it('puts off what was not tried without counting it, and holds its lane only', async () => {
    for (const subject of ['a1', 'a2', 'b1']) add(subject, subject[0]);
    const ran: string[] = [];
    const runner = createRunner(async (subject) => {
      ran.push(subject);
      return subject === 'a1' && ran.length < 5 ? { status: 'later', afterMs: 6_000 } : { status: 'done' };
    });
    runner.start();
    await turns();
    expect(ran).toEqual(['a1', 'b1']);
    for (let n = 0; n < 4; n += 1) {
      now += 6_000;
      runner.nudge();
      await turns();
    }
    expect(ran).toEqual(['a1', 'b1', 'a1', 'a1', 'a1', 'a2']);
    expect(jobs.find('message.send', 'a1')).toMatchObject({ state: 'done', attempts: 0 });
  });

  it('ends a run on request, and only that one', async () => {
    add('one');
    add('other');
    const ended: string[] = [];
    const runner = createRunner(
      (subject, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            ended.push(subject);
            resolve({ status: 'done' });
          }),
        ),
    );
    runner.start();
    await turns();
    const [job] = jobs.listByState('running');
    runner.abort(job!);
    await turns();
    expect(ended).toEqual(['one']);
    expect([stateOf('one'), stateOf('other')]).toEqual(['done', 'running']);
    runner.abort(jobs.find('message.send', 'other')!);
  });

  it('is not blocked by a hundred lanes that wait for another try', async () => {
    for (let n = 0; n < 120; n += 1) add(`slow-${n}`);
    const ran: string[] = [];
    const runner = createRunner(async (subject) => {
      ran.push(subject);
      return subject === 'new' ? { status: 'done' } : { status: 'retry', afterMs: 60_000 };
    });
    runner.start();
    await turns(400);
    add('new');
    runner.nudge();
    await turns();
    expect(ran.filter((subject) => subject === 'new')).toEqual(['new']);
  });

  it('takes several jobs that fail together as one reason to pause', async () => {
    for (let n = 0; n < 8; n += 1) add(`job-${n}`);
    let calls = 0;
    const runner = createRunner(async () => {
      calls += 1;
      return { status: 'pause', pause: { firstMs: 1_000, maxMs: 60_000 } };
    });
    runner.start();
    await turns();
    expect(calls).toBe(8);
    now += 1_000;
    runner.nudge();
    await turns();
    expect(calls, 'the first pause was one second, not a minute').toBe(16);
  });

  it('lets neither a pause nor a pile of files hold up a message', async () => {
    for (let n = 0; n < 20; n += 1) jobs.add({ kind: 'media.fetch', lane: `file-${n}`, subject: `file-${n}`, payload: {} }, now);
    const ran: string[] = [];
    const endFetching = Promise.withResolvers<void>();
    const runner = createRunner(async (subject) => {
      ran.push(subject);
      if (subject.startsWith('message')) return { status: 'done' };
      await endFetching.promise;
      return { status: 'pause', pause: { firstMs: 60_000, maxMs: 60_000 } };
    });
    runner.start();
    await turns();
    expect(
      ran.filter((subject) => subject.startsWith('file')),
      'files take only their own places',
    ).toHaveLength(3);
    add('message-1');
    runner.nudge();
    await turns();
    expect(stateOf('message-1')).toBe('done');
    endFetching.resolve();
    await turns();
    expect(
      ran.filter((subject) => subject.startsWith('file')),
      'files pause',
    ).toHaveLength(3);
    add('message-2');
    runner.nudge();
    await turns();
    expect(stateOf('message-2')).toBe('done');
  });

  it('goes on after the clock was set back by hours', async () => {
    add('job');
    let calls = 0;
    const runner = createRunner(async () => ((calls += 1), calls === 1 ? { status: 'retry', afterMs: 1_000 } : { status: 'done' }));
    runner.start();
    await turns();
    now -= 2 * 3600_000;
    runner.nudge();
    await turns();
    expect(stateOf('job')).toBe('done');
  });

  it('writes what became of a job as soon as the disk takes it again; it is not run again, and its lane goes on', async () => {
    add('first', 'lane');
    add('second', 'lane');
    let isBroken = false;
    const ran: string[] = [];
    const runner = createRunner(
      async (subject) => {
        ran.push(subject);
        isBroken = subject === 'first';
        return { status: 'done' };
      },
      (change) => {
        db.pragma(`query_only = ${isBroken ? 'ON' : 'OFF'}`); // SQLITE_READONLY
        return db.transaction(change)();
      },
    );
    runner.start();
    await turns();
    expect([stateOf('first'), stateOf('second')]).toEqual(['running', 'ready']);
    isBroken = false;
    await waitUntil('both are done', () => stateOf('second') === 'done');
    expect([stateOf('first'), ran]).toEqual(['done', ['first', 'second']]);
  });

  it('gives the place of a job away whose end fails for another reason than the disk', async () => {
    for (let n = 0; n < 9; n += 1) add(`job ${n}`, `lane ${n}`);
    let tries = 0;
    const runner = createRunner(async (subject) => ({
      status: 'done',
      record: () => {
        tries += 1;
        if (subject !== 'job 8') throw new Error('a fault of ours');
      },
    }));
    runner.start();
    await waitUntil('the last one has had its place', () => stateOf('job 8') === 'done');
    await turns();
    expect(tries).toBe(9);
  });

  it('keeps a job as running when its end is never written, so that the next start judges it', async () => {
    add('job');
    let isBroken = false;
    const runner = createRunner(
      async () => {
        isBroken = true;
        return { status: 'done' };
      },
      (change) => {
        if (isBroken) throw new Error('disk full');
        return db.transaction(change)();
      },
    );
    runner.start();
    await turns();
    expect(stateOf('job')).toBe('running');
    createRunner(async () => ({ status: 'done' })).start();
    expect(stateOf('job')).toBe('uncertain');
  });

  it('lets one runner only have a job, even when two look at once', async () => {
    add('job');
    let calls = 0;
    const run = async (): Promise<JobResult> => ((calls += 1), await turns(3), { status: 'done' });
    createRunner(run).start();
    createRunner(run).start();
    await turns();
    expect(calls).toBe(1);
  });
});
