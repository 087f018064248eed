/** The replay tool over real processes: relay and engine. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOK_PATH } from '../../contract/wire.ts';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { readComparableRows } from '../replay/comparable-rows.ts';
import { makeFolder, startOwnEngine, startOwnRelay, type OwnRelay } from '../replay/own-workspace.ts';
import { post, readHead, replayFile, type FileReport } from '../replay/replay-files.ts';
import { waitUntil } from '../support/wait-until.ts';
import { listElements, makeIdsUnique } from '../replay/unique-ids.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/webhooks');

const TABLES = ['contact', 'contact_identifier', 'conversation', 'message', 'message_status', 'parked_status', 'account_event', 'activity', 'log_entry'];

type Run = {
  code: number;
  reports: FileReport[];
  summary: { files: number; answered200: number; accounted: number; stored: number; duplicates: number; lost: number; outcomes: Record<string, number> };
};

async function replay(...args: string[]): Promise<Run> {
  const command = promisify(execFile)(process.execPath, [path.join(ROOT, 'test/replay/cli.ts'), '--json', ...args], { maxBuffer: 16_000_000 });
  const { code, stdout } = await command.then(
    ({ stdout: text }) => ({ code: 0, stdout: text }),
    (error: { code: number; stdout: string }) => error,
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FileReport & { summary?: Run['summary'] });
  const { summary } = lines.pop() ?? {};
  if (!summary) throw new Error(`no summary, exit code ${code}`);
  return { code, reports: lines, summary };
}

const work = makeFolder();
let relay: OwnRelay;
beforeAll(async () => {
  relay = await startOwnRelay(work.folder);
});
afterAll(async () => {
  await relay.stop();
  work.remove();
});
const target = async (): Promise<string[]> => ['--relay', relay.url, '--app-secret', relay.appSecret, '--invite', await relay.invite()];

describe('replaying every fixture', () => {
  it('would show what the relay or the engine loses; and a second time adds nothing', async () => {
    const first = await replay(FIXTURES, ...(await target()));
    const files = readdirSync(FIXTURES).length;
    expect(first.reports.filter((report) => !report.isAccounted)).toEqual([]);
    expect(first.summary).toMatchObject({ files, answered200: files, accounted: files, duplicates: 0, lost: 0 });
    expect(first.summary.outcomes['applied']).toBeGreaterThan(60);
    expect(first.reports.find((report) => report.file === 'message-image.json')?.shownAs).toEqual(['image']);
    expect(first.code).toBe(0);

    const second = await replay(FIXTURES, ...(await target()));
    expect(second.summary).toMatchObject({ files, answered200: files, accounted: files, stored: 0, duplicates: first.summary.stored, lost: 0 });
    expect(second.code).toBe(0);
  });

  it('starts a relay and an engine of its own when none is named', async () => {
    const dir = path.join(work.folder, 'one');
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'a.json'), '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"flows","value":{"event":"x"}}]}]}');
    writeFileSync(path.join(dir, 'b.json'), 'not JSON at all');
    const { code, reports } = await replay(dir);
    expect(reports).toMatchObject([
      { status: 200, stored: 1, shownAs: ['kept (flows)'] },
      { status: 200, stored: 1, unrecognised: 1, shownAs: ['kept as it came'] },
    ]);
    expect(code).toBe(0);
  });

  it('says in words what is wrong with the folder', async () => {
    const call = (dir: string) => promisify(execFile)(process.execPath, [path.join(ROOT, 'test/replay/cli.ts'), dir]);
    const missing = path.join(work.folder, 'missing');
    await expect(call(missing)).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`^There is no folder ${missing}\\. `)) });
    await expect(call(path.join(ROOT, 'package.json'))).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('is a file. Give the folder') });
    await expect(call(path.join(ROOT, 'webhook-relay'))).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('There is no .json file in') });
  });

  it('would call a refused file a success', async () => {
    const dir = path.join(work.folder, 'one');
    const { code, summary } = await replay(dir, '--relay', relay.url, '--app-secret', 'wrong');
    expect(code).toBe(1);
    expect(summary).toMatchObject({ answered200: 0, accounted: 0 });
  });
});

describe('five times at once, in any order', () => {
  const files = readdirSync(FIXTURES).map((name) => readFileSync(path.join(FIXTURES, name)));

  /** A relay and an engine that were given these bodies, all of them at once in batches. */
  async function readRowsAfter(batches: Buffer[][]): Promise<{ rows: string[]; counts: Record<string, number> }> {
    const { folder, remove } = makeFolder();
    const own = await startOwnRelay(folder);
    const engine = await startOwnEngine(folder, own.url, await own.invite());
    const startedAt = Date.now() - 60_000;
    try {
      for (const batch of batches) {
        const statuses = await Promise.all(batch.map((raw) => post({ webhookUrl: `${own.url}${WEBHOOK_PATH}`, appSecret: own.appSecret }, raw)));
        expect(new Set(statuses)).toEqual(new Set([200]));
      }
      const head = await readHead(`${own.url}/healthz`);
      const db = new Database(engine.database, { readonly: true, ...nativeBindingOption() });
      try {
        await waitUntil('everything is applied', () => (db.prepare('SELECT cursor FROM sync_meta').pluck().get() as number) === head, 30_000);
        const counts = Object.fromEntries(TABLES.map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number]));
        return { rows: readComparableRows(db, startedAt), counts };
      } finally {
        db.close();
      }
    } finally {
      await engine.program.stop();
      await own.stop();
      remove();
    }
  }

  it('would make other rows than once, one after another, if a duplicate or an order counted', { timeout: 120_000 }, async () => {
    const once = await readRowsAfter(files.map((raw) => [raw]));
    const copies = files.flatMap((raw) => [raw, raw, raw, raw, raw]);
    const [shuffled] = fc.sample(fc.shuffledSubarray(copies, { minLength: copies.length }), { seed: 41, numRuns: 1 });
    const often = await readRowsAfter(Array.from({ length: 10 }, (_, n) => (shuffled ?? []).filter((_raw, index) => index % 10 === n)));
    expect(once.counts['message']).toBeGreaterThan(60);
    expect(often.counts).toEqual(once.counts);
    expect(often.rows).toEqual(once.rows);
  });
});

describe('accounting', () => {
  it('would take an answer of 200 for the proof that the engine has everything', async () => {
    const entries = { find: () => undefined, refresh: () => {}, close: () => {} };
    const report = await replayFile(
      { webhookUrl: `${relay.url}${WEBHOOK_PATH}`, healthUrl: `${relay.url}/healthz`, appSecret: relay.appSecret, entries, appliedWithinMs: 50 },
      FIXTURES,
      'message-text.json',
      false,
    );
    expect(report).toMatchObject({ status: 200, stored: 0, lost: 1, isAccounted: false });
  });
});

describe('unique ids', () => {
  const sample = Buffer.from(
    String.raw`{"object": "whatsapp_business_account", "entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":"wamid.A\/B=","context":{"id":"wamid.Other"},"n":9007199254740993}],"statuses":[{"id":"wamid.S","status":"sent"},{"id":"wamid.S","status":"read"}]}}]}]}`,
  );
  const idsOf = (raw: Buffer): unknown[] => listElements(JSON.parse(raw.toString('utf8')), ['messages', 'statuses']).map((element) => (element as { id: string }).id);

  it('would make two samples with one wamid the same message, or tear the statuses of one message apart', () => {
    expect(idsOf(makeIdsUnique(sample, 'x1'))).toEqual(['wamid.A/B=.x1', 'wamid.S.x1', 'wamid.S.x1']);
    expect(makeIdsUnique(sample, 'x1')).not.toEqual(makeIdsUnique(sample, 'x2'));
  });

  it('would change more than ids if the file were parsed and written again', () => {
    const text = makeIdsUnique(sample, 'x1').toString('utf8');
    expect(text).toContain('9007199254740993');
    expect(text.replaceAll('.x1', '')).toBe(sample.toString('utf8'));
    expect(makeIdsUnique(Buffer.from('not JSON'), 'x1').toString('utf8')).toBe('not JSON');
  });
});
