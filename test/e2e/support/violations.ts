/** What axe finds wrong with what is on screen. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

type Look = {
  /** Selectors of the parts that count; all of it if left out. */
  within?: readonly string[];
  withoutRules?: string[];
};

/** As it is shown. */
export const findViolations = async (page: Page, look: Look = {}): Promise<string[]> => atRest(page, () => analyze(page, look));

/** In dark and in light. Only colours differ between the two, so the rest is looked at once. */
export const findViolationsInBoth = async (page: Page, look: Look = {}): Promise<string[]> => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await atRest(page, () => analyze(page, look, ['color-contrast']));
  await page.emulateMedia({ colorScheme: 'light' });
  return [...dark.map((violation) => `dark: ${violation}`), ...(await atRest(page, () => analyze(page, look)))];
};

async function analyze(page: Page, { within = [], withoutRules = [] }: Look, onlyRules: string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  for (const selector of within) axe.include(selector);
  const { violations } = await (onlyRules.length > 0 ? axe.withRules(onlyRules) : axe.disableRules(withoutRules)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

/** A colour that is still fading in is not the colour that people read. */
async function atRest<Found>(page: Page, look: () => Promise<Found>): Promise<Found> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  // One that is taken back meanwhile ends, too.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  const found = await look();
  await page.emulateMedia({ reducedMotion: null });
  return found;
}
