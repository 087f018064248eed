/** The benchmarks without a browser (`test/e2e/bench.spec.ts` has one), in their short form: that they run, count their work and write what they promise. Times are not judged. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const CLI = path.resolve(import.meta.dirname, '../bench/cli.ts');
const run = promisify(execFile);
const out = mkdtempSync(path.join(tmpdir(), 'bandeja-bench-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const spread = z.object({ median: z.number(), low: z.number(), high: z.number() });
const resultSchema = z.object({
  bench: z.string(),
  at: z.iso.datetime(),
  quick: z.literal(true),
  machine: z.object({ cores: z.number().int().positive(), node: z.string().startsWith('v'), sqlite: z.string().min(1) }),
  figures: z
    .array(
      z.object({
        name: z.string().min(1),
        unit: z.enum(['acks/s', 'entries/s', 'deliveries/s', 'edits/s', 'messages/s', 'MB/s', 'MB', 'KiB', 'ms', 'µs']),
        figure: spread,
        ceiling: spread.extend({ name: z.string().min(1), median: z.number().positive() }).nullable(),
        ratio: spread.nullable(),
        goal: z.object({ of: z.enum(['ratio', 'value']), is: z.enum(['at least', 'at most']), limit: z.number().positive() }).nullable(),
        verdict: z.null(),
      }),
    )
    .min(1),
  checks: z.record(z.string(), z.number()),
  peakMb: z.number().positive().nullable(),
});

/** What was really done, beside being timed. Without `slow-disk`, which needs a C compiler. */
const CHECKS: Record<string, Record<string, unknown>> = {
  'webhook-acks': {},
  'log-stores': { 'stored on this disk': expect.any(Number) },
  sealing: { entries: 1_000, webhooks: expect.any(Number), ops: expect.any(Number) },
  'fan-out': { 'deliveries to 20': expect.any(Number) },
  'conversation-list': { active: expect.any(Number), archived: expect.any(Number) },
  'conversation-open': { conversations: 200, messagesOfBiggest: 100 },
  counts: {},
  search: { common: expect.any(Number), rare: 1, people: expect.any(Number) },
  million: { conversations: 200, rare: 1 },
  reports: { in: expect.any(Number), out: expect.any(Number), turns: expect.any(Number) },
  growth: { 'questions at 2000': 19, 'questions at 3000': 19 },
  'ai-context': { articles: 5 },
  rpc: { rowsOfPage: 50 },
  'media-throughput': { files: 6, megabytes: 6 },
  'catch-up': { entries: 2_000 },
  'relay-catch-up': { entries: 2_000 },
  'replay-under-pending': { entries: 1_000, pending: 200 },
  'first-sync': { entries: 7_000, peakMbFromLog: expect.any(Number), peakMbFromSnapshot: expect.any(Number) },
  snapshots: { messages: 2_000 },
  convergence: { edits: 300 },
  peers: { messages: 2_000, peers: 3 },
};
const NAMES = Object.keys(CHECKS);

describe('npm run bench -- --quick', () => {
  it('runs every benchmark and writes its figures', async () => {
    const { stdout, stderr } = await run(process.execPath, [CLI, ...NAMES, '--quick', '--out', out]);
    expect(stderr).toBe('');
    for (const name of NAMES) {
      expect(stdout).toContain(`\n${name}\n`);
      const { checks, ...result } = resultSchema.parse(JSON.parse(readFileSync(path.join(out, `${name}.json`), 'utf8')));
      expect(result.bench).toBe(name);
      expect(checks).toMatchObject(CHECKS[name] ?? {});
      expect(Object.values(checks).every((count) => count > 0)).toBe(true);
      for (const { figure, ceiling, ratio } of result.figures) {
        expect(Number.isFinite(figure.median)).toBe(true);
        if (ceiling) expect(ratio?.median).toBeGreaterThan(0);
      }
    }
    const { checks } = resultSchema.parse(JSON.parse(readFileSync(path.join(out, 'webhook-acks.json'), 'utf8')));
    expect(checks['stored']).toBe(checks['acknowledged']);
  }, 400_000);

  it('ends soon when it is interrupted, says what was not measured, and leaves nothing behind', async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'bandeja-bench-test-'));
    try {
      const bench = spawn(process.execPath, [CLI, 'counts', 'rpc', '--rounds', '1000', '--messages', '100000', '--out', out], {
        env: { ...process.env, TMPDIR: temporary },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      bench.stdout.on('data', (words: Buffer) => {
        said += words.toString();
        // It has begun: with making its data, which lets no signal through by itself.
        if (said.includes('load before the run')) setTimeout(() => bench.kill('SIGINT'), 1_000);
      });
      const [code] = (await once(bench, 'exit')) as [number];
      expect(code).toBe(130);
      expect(said).toContain('interrupted: counts, rpc not measured');
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }, 60_000);

  it('says before it measures that its results cannot be kept', async () => {
    const file = path.join(out, 'a-file');
    writeFileSync(file, '');
    await expect(run(process.execPath, [CLI, 'counts', '--out', file])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--out') });
  });

  it.each([
    { title: 'an unknown benchmark', args: ['nothing-of-the-kind'] },
    { title: 'a check of what was not measured', args: ['--quick', '--check'] },
    { title: 'a page of what was not measured', args: ['--quick', '--write'] },
    { title: 'a store of a size that nobody has', args: ['--messages', '123'] },
    { title: 'no round at all', args: ['--rounds', '0'] },
    { title: 'a log too short for a snapshot', args: ['--entries', '100'] },
  ])('refuses $title', async ({ args }) => {
    await expect(run(process.execPath, [CLI, ...args])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Try --help.') });
  });
});
