/** How long a desktop waits for a file that only a colleague can bring. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import { INBOUND_MEDIA_LIFE_MS } from '../../../contract/limits.ts';
import type { FileMessage, MediaQueries } from '../../../main/engine/db/media-queries.ts';
import type { JobRow } from '../../../main/engine/db/job-queries.ts';
import { createFetchHandler } from '../../../main/engine/media/media-fetch.ts';
import { createRing } from '../../../contract/sealing/key-ring.ts';
import { createMediaFiles } from '../../../main/engine/media/media-files.ts';
import type { RelayHttp } from '../../../main/engine/sync/relay-http.ts';

const NOW = Date.UTC(2026, 10, 22);
const DAY = 24 * 60 * 60 * 1000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The team's store does not have it. */
async function fetchOnce(message: Pick<FileMessage, 'sentAt' | 'receivedAt'>): Promise<{ status: string; trouble: string[] }> {
  const media = { id: null, sha256: 'a'.repeat(64), mimeType: 'image/jpeg', bytes: 10, width: null, height: null, durationMs: null };
  const file: FileMessage = { id: 'm', conversationId: 'c', phoneNumberId: '2', seq: 1, content: JSON.stringify({ kind: 'image', media, caption: null }), ...message };
  const trouble: string[] = [];
  const handler = createFetchHandler({
    queries: { findMessage: () => file } as unknown as MediaQueries,
    files: createMediaFiles(folder),
    progress: { note: () => undefined, end: () => undefined, read: () => null, stop: () => undefined },
    http: { openFrom: () => Promise.reject(new AppError('NOT_FOUND')) } as unknown as RelayHttp,
    ring: createRing([]),
    isFromBefore: () => true,
    mayUseKeys: () => true,
    graph: { readMedia: () => Promise.reject(new Error('Meta never had it')) },
    download: () => Promise.reject(new Error('Meta never had it')),
    readOwnNumber: () => Promise.resolve('2'),
    onFetched: () => undefined,
    onTrouble: (_key, state) => trouble.push(state),
    abandoned: () => new AbortController().signal,
    now: () => NOW,
    random: () => 0,
    log: () => undefined,
  });
  const result = await handler.run({ attempts: 0, payload: JSON.stringify({ messageId: 'm' }) } as JobRow, new AbortController().signal);
  if (result.status === 'done') result.record?.();
  return { status: result.status, trouble };
}

it('is counted from when the message reached the team: a colleague may have written it without a line', async () => {
  expect(await fetchOnce({ sentAt: NOW - INBOUND_MEDIA_LIFE_MS - DAY, receivedAt: NOW - 1_000 })).toEqual({ status: 'retry', trouble: [] });
  expect(await fetchOnce({ sentAt: NOW - INBOUND_MEDIA_LIFE_MS - 2 * DAY, receivedAt: NOW - INBOUND_MEDIA_LIFE_MS - DAY })).toEqual({ status: 'done', trouble: ['expired'] });
});
