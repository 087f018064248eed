/** A desktop that is wiped while its window hands over a file: nothing of that stays. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMediaQueries } from '../../../main/engine/db/media-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createMediaFiles } from '../../../main/engine/media/media-files.ts';
import { createStaging } from '../../../main/engine/media/staging.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-staging-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is waited for, becomes no file and no row, and takes no further piece', async () => {
  const db = openDatabase(':memory:');
  let isEnrolled = true;
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const files = createMediaFiles(folder);
  const slow = { ...files, inspect: (name: string) => gate.then(() => files.inspect(name)) };
  let ids = 0;
  const staging = createStaging({ queries: createMediaQueries(db), files: slow, ids: { next: () => `upload-${(ids += 1)}` }, isEnrolled: () => isEnrolled, now: () => 0 });
  const text = Buffer.from('hola');
  const [whole, begun] = [await staging.begin({ filename: 'a.txt', bytes: text.length }), await staging.begin({ filename: 'b.txt', bytes: text.length })];
  await staging.chunk({ ...whole, offset: 0, data: text.toString('base64') });
  const finishing = staging.finish({ ...whole, width: null, height: null, durationMs: null });

  isEnrolled = false;
  let isAbandoned = false;
  const abandoning = staging.abandon().then(() => {
    isAbandoned = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAbandoned).toBe(false);
  goOn();
  await expect(finishing).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
  await abandoning;
  expect(db.prepare('SELECT count(*) FROM media_file').pluck().get()).toBe(0);
  await expect(staging.chunk({ ...begun, offset: 0, data: text.toString('base64') })).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
  db.close();
});
