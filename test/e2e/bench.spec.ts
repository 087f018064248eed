/** The benchmarks that need the built program, in their short form: that they run, do what they say and write what they promise. Times are not judged. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { z } from 'zod';

const CLI = path.resolve(import.meta.dirname, '../bench/cli.ts');
const resultSchema = z.object({
  figures: z.array(z.object({ name: z.string(), figure: z.object({ median: z.number().positive() }), ratio: z.object({ median: z.number().positive() }), verdict: z.null() })),
  checks: z.object({ opened: z.number().min(8), arrived: z.number().positive(), messages: z.literal(2_000) }),
});

test('npm run bench -- window --quick switches, types, scrolls and starts', async ({}, info) => {
  test.setTimeout(120_000);
  const { stderr } = await promisify(execFile)(process.execPath, [CLI, 'window', '--quick', '--out', info.outputDir]);
  expect(stderr).toBe('');
  const { figures } = resultSchema.parse(JSON.parse(readFileSync(path.join(info.outputDir, 'window.json'), 'utf8')));
  expect(figures.map(({ name }) => name.replace(/, p\d+$/, ''))).toEqual(
    expect.arrayContaining(['switch to a warm conversation', 'switch to a cold conversation', 'frame while the list is scrolled', 'start to a usable list']),
  );
});

const startSchema = z.object({
  figures: z.array(z.object({ name: z.string(), figure: z.object({ median: z.number().positive() }), verdict: z.null() })),
  checks: z.object({ messages: z.literal(2_000), reads: z.literal(60) }),
});

test('npm run bench -- engine-start --quick starts the program and reads with it', async ({}, info) => {
  test.setTimeout(120_000);
  const { stderr } = await promisify(execFile)(process.execPath, [CLI, 'engine-start', '--quick', '--out', info.outputDir]);
  expect(stderr).toBe('');
  const { figures } = startSchema.parse(JSON.parse(readFileSync(path.join(info.outputDir, 'engine-start.json'), 'utf8')));
  expect(figures.map(({ name }) => name)).toEqual(expect.arrayContaining(['program ready', 'program ready and its first page answered', 'engine opened and first page, warm']));
});

const screenSchema = startSchema.extend({ checks: z.object({ webhooks: z.number().positive() }) });

test('npm run bench -- webhook-to-screen --quick sees what customers write', async ({}, info) => {
  test.setTimeout(120_000);
  const { stderr } = await promisify(execFile)(process.execPath, [CLI, 'webhook-to-screen', '--quick', '--out', info.outputDir]);
  expect(stderr).toBe('');
  const { figures } = screenSchema.parse(JSON.parse(readFileSync(path.join(info.outputDir, 'webhook-to-screen.json'), 'utf8')));
  expect(figures.map(({ name }) => name)).toEqual(expect.arrayContaining(['webhook readable, p50', 'webhook painted, p50']));
});
