/** What axe finds wrong with what is on screen, in light and in dark. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Only colours differ between the two, so the rest is looked at once. @param within selector of the part that counts; all of it if left out. */
export async function findViolations(page: Page, { within, withoutRules = [] }: { within?: string; withoutRules?: string[] } = {}): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    // A colour that is still fading in is not the colour that people read.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
    const axe = new AxeBuilder({ page });
    if (within !== undefined) axe.include(within);
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe.disableRules(withoutRules)).analyze();
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${colorScheme}: ${id}: ${node.target.join(' ')}: ${node.failureSummary}`)));
  }
  return found;
}
