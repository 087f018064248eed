import { expect, test } from 'vitest';
import { createGroupCommit } from '../../../webhook-relay/group-commit.ts';

function setUp({ maxJobs = 100, maxBytes = 1_000, fail = (_group: string[]): boolean => false } = {}) {
  const groups: string[][] = [];
  let open = 0;
  const commit = createGroupCommit<string, string>({
    commit: async (jobs) => {
      expect(++open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      if (fail(jobs)) throw new Error('disk full');
      groups.push(jobs);
      return jobs.map((job) => `${job}!`);
    },
    bytesOf: (job) => job.length,
    maxJobs,
    maxBytes,
  });
  return { commit, groups };
}

test('what arrives in one turn shares one commit, and everybody gets the own result', async () => {
  const { commit, groups } = setUp();
  expect(await Promise.all(['a', 'b', 'c'].map(commit.submit))).toEqual(['a!', 'b!', 'c!']);
  expect(groups).toEqual([['a', 'b', 'c']]);
});

test('a failed transaction fails all of its waiters and none of the next group', async () => {
  const { commit, groups } = setUp({ fail: (group) => group.includes('bad') });
  const settled = await Promise.allSettled(['a', 'bad', 'c'].map(commit.submit));
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await commit.submit('d')).toBe('d!');
  expect(groups).toEqual([['d']]);
});

test('groups respect the caps on jobs and bytes, keep the order, and a job larger than the cap still goes', async () => {
  const { commit, groups } = setUp({ maxJobs: 3, maxBytes: 10 });
  const jobs = ['1', '2', '3', '4', 'x'.repeat(50), '5', '12345', '12345', '6'];
  await Promise.all(jobs.map(commit.submit));
  expect(groups).toEqual([['1', '2', '3'], ['4', 'x'.repeat(50)], ['5', '12345', '12345'], ['6']]);
});

test('flush waits for everything that was submitted, also while a group is being committed', async () => {
  const { commit, groups } = setUp({ maxJobs: 1 });
  await commit.flush();
  const submitted = ['a', 'b', 'c'].map(commit.submit);
  await commit.flush();
  expect(groups.flat()).toEqual(['a', 'b', 'c']);
  await Promise.all(submitted);
});
