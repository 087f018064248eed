/**
 * The window as somebody's hand feels it, in a real browser on a desktop with a million messages: switching, typing, scrolling, starting, and what
 * it keeps in memory; each beside an empty React page in the same browser that does one paint.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import react from '@vitejs/plugin-react';
import { chromium, type Browser, type Page } from 'playwright';
import { build } from 'vite';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { findChromium } from '../../support/chromium.ts';
import { startProgram } from '../../support/program.ts';
import { chooseSize, MILLION_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { createFigure, ratioAtMost, valueAtMost, type BenchFindings, type Figure, type Goal } from '../figure.ts';
import { measureTimes, pickTime, type Effort, type Samples, type Times } from '../rounds.ts';
import { percentile } from '../statistics.ts';
import { prepareDesktop, type BenchDesktop } from './desktop.ts';
import { addProbe, timeFrames, timeKey } from './probe.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BUILD = "import { buildIfStale } from './main/dev/build-if-stale.mjs'; buildIfStale(process.execPath);";
const VIEWPORT = { width: 1280, height: 800 };
const ARRIVING_PER_SECOND = 50;
const HEAP_AFTER_OPENED = 200;
/** Somebody who types fast. */
const TYPING_PAUSE_MS = { from: 40, to: 120 };
/** Rows from one cold conversation to the next. */
const COLD_STRIDE = 3;
/** As long as nobody needs to see what a conversation is about. */
const READING_MS = 150;
/** Pixels a frame: a quick, steady wheel. */
const SCROLL_STEP = { list: 60, thread: -60 };
const MB = 1e6;
const ROW = '[role="option"]';
const THREAD = 'main [role="log"]';
const WITHIN_MS = 15_000;

type Amount = { starts: number; switches: number; keys: number; frames: number; opened: number };
const FULL: Amount = { starts: 1, switches: 30, keys: 60, frames: 300, opened: HEAP_AFTER_OPENED };
const QUICK: Amount = { starts: 1, switches: 3, keys: 4, frames: 10, opened: 8 };

type Bare = { url(): string; start(): Promise<string>; stop(): Promise<void> };
type Pages = { window: Page; empty: Page };
type Compared = Samples<'window' | 'empty', Times>;

export async function measureWindow(effort: Effort): Promise<BenchFindings> {
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', BUILD], { cwd: ROOT });
  const size = effort.quick ? QUICK_SIZE : chooseSize(effort.messages, MILLION_SIZE);
  const amount = effort.quick ? QUICK : FULL;
  const desktop = await prepareDesktop(size);
  const bare = await prepareBare();
  const unpaced = await launchBrowser(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
  const paced = await launchBrowser([]);
  try {
    const start = await measureStart(desktop, bare, paced, effort);
    const hand = await withPages(unpaced, desktop, bare, (pages) => measureHand(pages, desktop, amount, effort));
    const scroll = await withPages(paced, desktop, bare, (pages) => measureScroll(pages, desktop, amount, effort));
    return {
      figures: [...hand.figures, ...scroll, start, ...hand.heap],
      checks: { opened: hand.opened, arrived: hand.arrived, messages: size.messages },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${size.conversations.toLocaleString('en-US')} conversations, the biggest with ${size.biggest.toLocaleString('en-US')}; one process with engine and shell, one with the browser`,
        'keys: from the key until the task after the frame that shows it, in a browser that paints without waiting for the screen, so that it is work and not the wait for the next frame',
        `frames: while it is scrolled ${SCROLL_STEP.list} px a frame, at the screen's 60 a second`,
        'arriving: messages of customers all over the list, from a stand-in for the end of the log; start: from starting the process until the list is painted, the browser running',
        'on a machine that others use, the milliseconds are theirs too: judge them on a quiet one, and the ratios anywhere',
      ],
    };
  } finally {
    await unpaced.close();
    await paced.close();
    await bare.stop();
    await desktop.stop();
  }
}

/** Built as the window is, into a folder of its own. */
async function prepareBare(): Promise<Bare> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-empty-'));
  await build({ configFile: false, root: path.join(import.meta.dirname, 'empty-page'), base: './', logLevel: 'error', plugins: [react()], build: { outDir: folder, emptyOutDir: true } });
  let server: Awaited<ReturnType<typeof startProgram>> | null = null;
  return {
    url: () => String(server?.ready.url),
    start: async () => {
      await server?.stop();
      server = await startProgram('test/bench/window/empty-page-server.ts', [folder]);
      return String(server.ready.url);
    },
    stop: async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launchBrowser(flags: string[]): Promise<Browser> {
  const executablePath = await findChromium();
  return chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', ...flags] });
}

/** From nothing to a list that can be used; the browser is there already. */
async function measureStart(desktop: BenchDesktop, bare: Bare, browser: Browser, { quick, rounds, signal }: Effort): Promise<Figure> {
  const untilSeen = (start: () => Promise<string>, selector: string) => async (): Promise<number> => {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    const from = performance.now();
    await page.goto(await start());
    await page.locator(selector).first().waitFor();
    const time = performance.now() - from;
    await context.close();
    return time;
  };
  const samples = await measureTimes({ window: untilSeen(desktop.start, ROW), empty: untilSeen(bare.start, 'output') }, { rounds, warmUps: quick ? 0 : 1, signal, perRound: 1 });
  return compare('start to a usable list', samples, 'p50', valueAtMost(1_000));
}

async function withPages<T>(browser: Browser, desktop: BenchDesktop, bare: Bare, work: (pages: Pages) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const empty = await context.newPage();
    const window = await context.newPage();
    context.setDefaultTimeout(WITHIN_MS);
    for (const page of [empty, window]) await addProbe(page, desktop.shiftMs);
    await empty.goto(bare.url());
    await window.goto(await desktop.start());
    await window.locator(ROW).first().waitFor();
    return await work({ window, empty });
  } finally {
    await context.close();
  }
}

/** What keys do, and what is kept in the end: in this order, so that nothing is warm that is called cold. */
async function measureHand(pages: Pages, desktop: BenchDesktop, { switches, keys, opened: wanted }: Amount, { quick, rounds, signal }: Effort) {
  const times = { rounds, warmUps: quick ? 0 : 1, signal };
  const switching = createSwitching(pages.window);
  const pressing = createPressing(pages.empty);
  // Not to the rows beside the open one, which were read ahead.
  const cold = await measureTimes({ window: () => switching.go('j', COLD_STRIDE), empty: pressing }, { ...times, perRound: switches });
  const ahead = await measureTimes({ window: () => delay(READING_MS).then(() => switching.go('j')), empty: pressing }, { ...times, perRound: Math.ceil(switches / 2) });
  const warm = await measureTimes({ window: (n) => switching.go(n % 2 === 0 ? 'j' : 'k'), empty: pressing }, { ...times, perRound: switches });
  while (switching.opened() < wanted) await switching.go('j');
  const heap = [await readHeap(pages.window), await readHeap(pages.empty)] as const;

  await openBiggest(pages.window, desktop);
  const random = createRandom(1, 'window');
  const pause = (): Promise<void> => delay(random.int(TYPING_PAUSE_MS.from, TYPING_PAUSE_MS.to));
  const typing = createTyping(pages.window);
  const emptyTyping = createTyping(pages.empty);
  const arriving = desktop.log.writeSteadily(ARRIVING_PER_SECOND, () => desktop.writers[random.int(0, desktop.writers.length - 1)]!);
  let arrived = 0;
  const typed = await measureTimes({ window: () => pause().then(typing), empty: emptyTyping }, { ...times, perRound: keys }).finally(() => {
    arrived = arriving.stop();
  });
  return {
    figures: [
      ...compareTwice('switch to a warm conversation', warm, valueAtMost(16), ratioAtMost(15)),
      ...compareTwice('switch to the next conversation, which was read ahead', ahead, valueAtMost(16), ratioAtMost(15)),
      ...compareTwice('switch to a cold conversation', cold, valueAtMost(50), ratioAtMost(60)),
      ...compareTwice(`a letter while ${ARRIVING_PER_SECOND} messages a second arrive`, typed, valueAtMost(8), ratioAtMost(5)),
    ],
    heap: [createFigure({ name: `page heap after ${switching.opened()} conversations`, unit: 'MB', rounds: [heap[0]], ceiling: { name: 'empty page', rounds: [heap[1]] }, goal: valueAtMost(150) })],
    opened: switching.opened(),
    arrived,
  };
}

/** Walks the list and opens what the focus is on. */
function createSwitching(page: Page) {
  const seen = new Set<string>();
  return {
    opened: () => seen.size,
    go: async (step: 'j' | 'k', by = 1): Promise<number> => {
      let id = await page.evaluate(() => document.querySelector<HTMLElement>('[role="option"][aria-selected="true"]')?.dataset['id'] ?? null);
      for (let walked = 0; walked < by; walked += 1) {
        await page.keyboard.press(step);
        const focused = await page.waitForFunction((last) => {
          const at = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[role="option"]')?.dataset['id'];
          return at !== undefined && at !== last ? at : null;
        }, id);
        id = await focused.jsonValue();
      }
      if (id === null) throw new Error('no row has the focus');
      seen.add(id);
      return timeKey(page, 'Enter', { is: 'switched', id });
    },
  };
}

function createPressing(page: Page): () => Promise<number> {
  let presses = 0;
  return () => timeKey(page, 'Enter', { is: 'pressed', presses: (presses += 1) });
}

function createTyping(page: Page): () => Promise<number> {
  let length = 0;
  return async () => {
    if (length === 0) await page.locator('textarea').first().focus();
    return timeKey(page, 'a', { is: 'typed', length: (length += 1) });
  };
}

async function readHeap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / MB;
}

async function measureScroll({ window, empty }: Pages, desktop: BenchDesktop, { frames }: Amount, { quick, rounds, signal }: Effort): Promise<Figure[]> {
  await openBiggest(window, desktop);
  const slowest = (page: Page, selector: string, by: number) => async (): Promise<number[]> => timeFrames(page, selector, by, frames);
  const contenders = {
    list: slowest(window, '[role="listbox"]', SCROLL_STEP.list),
    thread: slowest(window, THREAD, SCROLL_STEP.thread),
    empty: slowest(empty, '[data-scroller]', SCROLL_STEP.list),
  };
  const samples: Record<keyof typeof contenders, Times[]> = { list: [], thread: [], empty: [] };
  for (let round = quick ? 0 : -1; round < rounds; round += 1) {
    for (const name of ['list', 'thread', 'empty'] as const) {
      signal.throwIfAborted();
      const found = await contenders[name]();
      if (round >= 0) samples[name].push(toTimes(found));
    }
  }
  const figures = (name: string, times: Times[]): Figure[] => {
    const compared = { window: times, empty: samples.empty };
    return [compare(name, compared, 'p99', valueAtMost(33)), compare(name, compared, 'p95', ratioAtMost(1.5))];
  };
  return [...figures('frame while the list is scrolled', samples.list), ...figures('frame while the biggest thread is scrolled', samples.thread)];
}

/** What was written last stands first. Its composer gets the focus. */
async function openBiggest(page: Page, { log, biggest }: BenchDesktop): Promise<void> {
  const goToTop = async (): Promise<void> => {
    await page.keyboard.press('j');
    await page.locator(`${ROW}:focus`).waitFor();
    await page.keyboard.press('Home');
    await page.locator(`${ROW}[data-index="0"]:focus`).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`${THREAD} article`).first().waitFor();
  };
  // While the list has the focus, it shows nothing new.
  await goToTop();
  log.write([biggest]);
  await page.locator(`${ROW}[data-index="0"]`).filter({ hasText: biggest.name }).waitFor();
  await goToTop();
  await page.keyboard.press('r');
  await page.locator('textarea:focus').waitFor();
}

const toTimes = (samples: readonly number[]): Times => ({ p50: percentile(samples, 0.5), p95: percentile(samples, 0.95), p99: percentile(samples, 0.99) });

const compare = (name: string, { window, empty }: Compared, part: keyof Times, goal: Goal): Figure =>
  createFigure({ name: `${name}, ${part}`, unit: 'ms', rounds: pickTime(window, part), ceiling: { name: 'empty page', rounds: pickTime(empty, part) }, goal });

/** What one waits for at worst, judged by itself; and what is usual, beside the empty page. */
const compareTwice = (name: string, compared: Compared, p95: Goal, p50: Goal): Figure[] => [compare(name, compared, 'p95', p95), compare(name, compared, 'p50', p50)];
