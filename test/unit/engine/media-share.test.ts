/** Who brings a file that the relay has asked everybody for. */
import { beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import { createRing } from '../../../contract/sealing/key-ring.ts';
import type { JobRow } from '../../../main/engine/db/job-queries.ts';
import type { MediaQueries } from '../../../main/engine/db/media-queries.ts';
import type { MediaFiles } from '../../../main/engine/media/media-files.ts';
import { createShareHandler } from '../../../main/engine/media/media-share.ts';
import type { RelayHttp } from '../../../main/engine/sync/relay-http.ts';

const HELD_FOR_MS = 60_000;
const JOB = { id: 7, subject: 'a'.repeat(64), payload: '{"isWanted":true}', attempts: 0 } as JobRow;

let isStored: boolean;
let isYours: boolean;
let hasKeys: boolean;
let asked: string[];
beforeEach(() => {
  [isStored, isYours, hasKeys, asked] = [false, false, true, []];
});

function makeHandler() {
  const http = {
    call: async ({ path }, schema) => {
      const isClaim = path.includes('share-');
      asked.push(isClaim ? 'claim' : 'announce');
      return schema.parse(isClaim ? { isYours, forMs: HELD_FOR_MS } : { received: 1, isStored: true });
    },
    getBytes: async () => {
      asked.push('look');
      if (!isStored) throw new AppError('NOT_FOUND');
      return new ReadableStream();
    },
  } as Partial<RelayHttp> as RelayHttp;
  return createShareHandler({
    queries: { markShared: () => undefined } as Partial<MediaQueries> as MediaQueries,
    files: { sizeOf: async () => 1, read: () => ({ stream: () => new ReadableStream() }) } as unknown as MediaFiles,
    http,
    ring: createRing([]),
    mayUseKeys: () => hasKeys,
    abandoned: () => new AbortController().signal,
    random: () => 0.5,
    log: () => undefined,
  });
}
const { signal } = new AbortController();

it('what is there again is claimed by nobody', async () => {
  isStored = true;
  expect((await makeHandler().run(JOB, signal)).status).toBe('done');
  expect(asked).toEqual(['look']);
});

it('leaves it to a colleague’s desktop a few times, at no cost to its own attempts and not at the same moment as the others, and brings it then all the same', async () => {
  const { run } = makeHandler();
  for (let times = 0; times < 3; times += 1) {
    const result = await run(JOB, signal);
    expect(result).toEqual({ status: 'later', afterMs: HELD_FOR_MS + 15_000 });
  }
  expect((await run(JOB, signal)).status).toBe('done');
  expect(asked.slice(-2)).toEqual(['look', 'announce']);
});

it('whoever is the one brings it at once', async () => {
  isYours = true;
  expect((await makeHandler().run(JOB, signal)).status).toBe('done');
  expect(asked).toEqual(['look', 'claim', 'announce']);
});

it('waiting for the team’s key is no attempt', async () => {
  hasKeys = false;
  expect((await makeHandler().run({ ...JOB, attempts: 60 }, signal)).status).toBe('later');
  expect(asked).toEqual([]);
});
