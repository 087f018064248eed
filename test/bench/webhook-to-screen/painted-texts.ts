/**
 * Notes when a page has painted a text: the first task after the frame in which it stands in the document. Page and Node
 * read different clocks, so their difference is measured first, to within half a call to the page.
 */
import type { Page } from 'playwright';
import type { Arrivals } from './arrivals.ts';

const CLOCK_READINGS = 50;

declare global {
  interface Window {
    notePainted(text: string, at: number): Promise<void>;
  }
}

/** Opens `url` in the page and notes the texts of `arrivals` that it paints from then on. */
export async function watchPage(page: Page, url: string, arrivals: Arrivals): Promise<void> {
  let offset = 0;
  await page.exposeFunction('notePainted', (text: string, at: number) => arrivals.note(text, at - offset));
  await page.addInitScript(notePaintedTexts, arrivals.pattern);
  await page.goto(url);
  offset = await measureClockOffset(page);
}

/** Runs in the page. */
function notePaintedTexts(pattern: string): void {
  const seen = new Set<string>();
  const painted: string[] = [];
  const afterFrame = new MessageChannel();
  afterFrame.port1.addEventListener('message', () => {
    const at = performance.timeOrigin + performance.now();
    for (const text of painted.splice(0)) void window.notePainted(text, at);
  });
  afterFrame.port1.start();
  const read = (node: Node): void => {
    for (const [text] of (node.textContent ?? '').matchAll(new RegExp(pattern, 'g'))) {
      if (seen.has(text)) continue;
      seen.add(text);
      requestAnimationFrame(() => {
        painted.push(text);
        afterFrame.port2.postMessage(null);
      });
    }
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') read(target);
      else for (const node of addedNodes) read(node);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** @returns what to take off the page's time to get ours (`performance.now()`), from the quickest of many readings. */
async function measureClockOffset(page: Page): Promise<number> {
  let quickest = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let reading = 0; reading < CLOCK_READINGS; reading += 1) {
    const from = performance.now();
    const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const took = performance.now() - from;
    if (took < quickest.took) quickest = { took, offset: theirs - (from + took / 2) };
  }
  return quickest.offset;
}
