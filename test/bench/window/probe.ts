/**
 * Times what a page paints for a key. Invariant: a time ends with the first task after the frame in which the page looked as wanted, and begins
 * when the browser took the key, so it holds everything that somebody who presses it waits for.
 */
import type { Page } from 'playwright';

/** What has to be seen. `switched`: the thread of this conversation, whole, and its row marked; not the thread that was there before. */
export type Wanted = { is: 'switched'; id: string } | { is: 'typed'; length: number } | { is: 'pressed'; presses: number };
type Measuring = { time: Promise<number> };

declare global {
  interface Window {
    benchProbe: { arm(wanted: Wanted): void; time(): Promise<number>; scroll(selector: string, by: number, frames: number): Promise<number[]> };
  }
}

/** Before the page's own scripts. @param shiftMs how far its clock is ahead of this machine's. */
export async function addProbe(page: Page, shiftMs: number): Promise<void> {
  await page.addInitScript(shiftClock, shiftMs);
  await page.addInitScript(installProbe);
}

/** Runs in the page. */
function shiftClock(shiftMs: number): void {
  const now = (): number => RealDate.now() + shiftMs;
  const RealDate = Date;
  window.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
}

/** @returns ms. */
export async function timeKey(page: Page, key: string, wanted: Wanted): Promise<number> {
  await page.evaluate((look) => window.benchProbe.arm(look), wanted);
  await page.keyboard.press(key);
  return page.evaluate(() => window.benchProbe.time());
}

/** Scrolls a step a frame. @returns ms between frames. */
export const timeFrames = (page: Page, selector: string, by: number, frames: number): Promise<number[]> =>
  page.evaluate(({ selector: found, by: step, frames: count }) => window.benchProbe.scroll(found, step, count), { selector, by, frames });

/** Runs in the page. */
function installProbe(): void {
  const WITHIN_MS = 10_000;
  let measuring: Measuring | null = null;
  const afterFrame = new MessageChannel();
  let onFrame: (() => void) | null = null;
  afterFrame.port1.addEventListener('message', () => onFrame?.());
  afterFrame.port1.start();

  const isSeen = (wanted: Wanted, before: Element | null): boolean => {
    if (wanted.is === 'typed') return document.querySelector<HTMLTextAreaElement>('textarea')?.value.length === wanted.length;
    if (wanted.is === 'pressed') return document.querySelector(`output[data-presses="${wanted.presses}"]`) !== null;
    const log = document.querySelector('main [role="log"]');
    if (log === null || log === before || !document.querySelector(`[role="option"][data-id="${wanted.id}"][aria-selected="true"]`)) return false;
    // Rows stay hidden until they are measured.
    return log.querySelector('article')?.checkVisibility({ visibilityProperty: true }) === true;
  };

  window.benchProbe = {
    arm: (wanted) => {
      const before = document.querySelector('main [role="log"]');
      const time = new Promise<number>((resolve, reject) => {
        window.addEventListener(
          'keydown',
          ({ timeStamp }) => {
            onFrame = () => {
              const now = performance.now();
              if (isSeen(wanted, before)) {
                onFrame = null;
                return resolve(now - timeStamp);
              }
              if (now - timeStamp > WITHIN_MS) return reject(new Error(`not seen within ${WITHIN_MS} ms: ${JSON.stringify(wanted)}`));
              requestAnimationFrame(() => afterFrame.port2.postMessage(null));
            };
            requestAnimationFrame(() => afterFrame.port2.postMessage(null));
          },
          { capture: true, once: true },
        );
      });
      measuring = { time };
    },
    time: () => measuring!.time,
    scroll: (selector, by, frames) =>
      new Promise((resolve, reject) => {
        const inside = document.querySelector(selector);
        let scroller: Element | null = inside;
        while (scroller && !(scroller.scrollHeight > scroller.clientHeight && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) scroller = scroller.parentElement;
        if (!scroller) return reject(new Error(`nothing to scroll at ${selector}`));
        const times: number[] = [];
        let last = 0;
        const step = (now: number): void => {
          if (last > 0) times.push(now - last);
          last = now;
          if (times.length >= frames) return resolve(times);
          scroller.scrollTop += by;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  };
}
