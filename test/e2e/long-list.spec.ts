/** A list of a hundred thousand conversations is as quick to either end, and as steady under the keys, as one of ten. */
import { test as base } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import { LIST_LENGTH, nameOfPlace, writeLongList } from '../support/long-list.ts';
import { expect, openInbox, type Inbox } from './support/demo.ts';

const test = base.extend<{ inbox: Inbox }>({
  inbox: async ({ page }, use, info) => {
    const dataDir = info.outputPath('data');
    writeLongList(dataDir);
    const program = await startProgram('main/shell/browser/cli.ts', ['--data-dir', dataDir, '--no-open']);
    const { inbox, problems } = await openInbox(page, { url: () => program.ready.url!, wasEnded: () => false });
    await use(inbox);
    expect(problems).toEqual([]);
    await program.stop();
  },
});

test('End and Home go to the ends of all of it, Page keys walk there, and no row is missed or shown twice on the way', async ({ inbox }) => {
  const { page } = inbox;
  await page.setViewportSize({ width: 1280, height: 2400 });
  const focused = page.locator('[role="option"]:focus');
  const place = async (): Promise<number> => Number(/Cliente (\d{6})/.exec((await focused.textContent()) ?? '')?.[1]);
  /** What is painted, from top to bottom. */
  const painted = (): Promise<number[]> =>
    page.getByRole('option').evaluateAll((rows) =>
      rows
        .map((row) => ({ top: row.getBoundingClientRect().top, at: Number(/Cliente (\d{6})/.exec(row.textContent)?.[1]) }))
        .filter(({ top }) => top > 0 && top < innerHeight)
        .toSorted((a, b) => a.top - b.top)
        .map(({ at }) => at),
    );
  const isUnbroken = async (): Promise<void> => {
    const shown = await painted();
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
  };
  await expect(inbox.row(nameOfPlace(1))).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('End');
  await expect(focused).toContainText(nameOfPlace(LIST_LENGTH));
  await isUnbroken();
  for (let press = 0; press < 20; press++) {
    const before = await place();
    await page.keyboard.press('PageUp');
    await expect(focused).not.toContainText(nameOfPlace(before));
    expect(await place()).toBeLessThan(before);
  }
  await isUnbroken();
  await page.keyboard.press('Home');
  await expect(focused).toContainText(nameOfPlace(1));
  await isUnbroken();
  // Past what stays loaded, so that rows above are let go of.
  for (let press = 0; press < 90; press++) {
    const before = await place();
    await page.keyboard.press('PageDown');
    await expect(focused).not.toContainText(nameOfPlace(before));
  }
  const reached = await place();
  expect(reached).toBeGreaterThan(2_500);
  await isUnbroken();
  await page.keyboard.press('k');
  await expect(focused).toContainText(nameOfPlace(reached - 1));
});
