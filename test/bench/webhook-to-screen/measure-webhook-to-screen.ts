/**
 * From the POST of a webhook until a client of the contract can read its text, and until a window has painted it: relay,
 * engine and browser shell as real processes, one webhook at a time at a modest rate. The ceilings take the same way with
 * nothing on it.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { findChromium } from '../../support/chromium.ts';
import { createFigure, type BenchFindings, type Figure } from '../figure.ts';
import { measureTimes, pickTime, type Effort, type Samples, type Times } from '../rounds.ts';
import { createArrivals, type Arrivals } from './arrivals.ts';
import { startBareLine, startProductLine, type Line } from './lines.ts';
import { watchPage } from './painted-texts.ts';
import { startBareReader, startContractReader } from './readers.ts';

const PER_ROUND = 20;
const PAUSE_MS = { from: 60, to: 140 };
const ROOT = path.resolve(import.meta.dirname, '../../..');
const BUILD = "import { buildIfStale } from './main/dev/build-if-stale.mjs'; buildIfStale(process.execPath);";

export async function measureWebhookToScreen({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', BUILD], { cwd: ROOT });
  const effort = { rounds, warmUps: quick ? 0 : 1, signal, perRound: quick ? 2 : PER_ROUND };
  const product = await startProductLine();
  const bare = await startBareLine();
  try {
    const readable = await measureReadable(product, bare, effort);
    const painted = await measurePainted(product, bare, effort);
    return {
      figures: [...compare('webhook readable', readable, 'bare line to Node'), ...compare('webhook painted', painted, 'bare line to the page')],
      checks: { webhooks: 4 * effort.perRound * (effort.rounds + effort.warmUps) },
      notes: [`one webhook at a time, every ${PAUSE_MS.from}–${PAUSE_MS.to} ms; painted: the first task after the frame that shows it`],
    };
  } finally {
    await bare.stop();
    await product.stop();
  }
}

type TimeRounds = Parameters<typeof measureTimes>[1];
type Compared = Samples<'product' | 'bare', Times>;

async function measureReadable(product: Line, bare: Line, effort: TimeRounds): Promise<Compared> {
  const arrivals = { product: createArrivals('leida'), bare: createArrivals('leida') };
  const readers = [await startContractReader(product.windowUrl, arrivals.product), await startBareReader(bare.windowUrl, arrivals.bare)];
  const samples = await measureTimes({ product: sendAndWait(product, arrivals.product), bare: sendAndWait(bare, arrivals.bare) }, effort);
  for (const reader of readers) await reader.stop();
  return samples;
}

async function measurePainted(product: Line, bare: Line, effort: TimeRounds): Promise<Compared> {
  const browser = await launchBrowser();
  try {
    const arrivals = { product: createArrivals('pintada'), bare: createArrivals('pintada') };
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await watchPage(await context.newPage(), bare.windowUrl, arrivals.bare);
    const window = await context.newPage();
    await watchPage(window, product.windowUrl, arrivals.product);
    await window.getByRole('option').first().waitFor();
    return await measureTimes({ product: sendAndWait(product, arrivals.product), bare: sendAndWait(bare, arrivals.bare) }, effort);
  } finally {
    await browser.close();
  }
}

async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  return chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'] });
}

/** Pauses are uneven, so that the webhooks keep no step with the frames. */
function sendAndWait(line: Line, arrivals: Arrivals): () => Promise<number> {
  const random = createRandom(1, arrivals.pattern);
  return async () => {
    await delay(random.int(PAUSE_MS.from, PAUSE_MS.to));
    const text = arrivals.next();
    const arrived = arrivals.wait(text);
    const from = performance.now();
    const [at] = await Promise.all([arrived, line.post(text)]);
    return at - from;
  };
}

const compare = (name: string, { product, bare }: Compared, ceiling: string): Figure[] =>
  (['p50', 'p95'] as const).map((part) => createFigure({ name: `${name}, ${part}`, unit: 'ms', rounds: pickTime(product, part), ceiling: { name: ceiling, rounds: pickTime(bare, part) } }));
