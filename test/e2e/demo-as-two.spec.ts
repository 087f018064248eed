/** The demo as two people on one computer, as the README tells it: a colleague's window beside one's own, each offline at will. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { startProgram, type Program } from '../support/program.ts';

const CLI = 'main/shell/browser/cli.ts';

const test = base.extend<{ dataDir: string; ana: Program; bo: Program }>({
  dataDir: async ({}, use) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-two-'));
    await use(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  },
  ana: async ({ dataDir }, use) => {
    const program = await startProgram(CLI, ['--demo', '--no-past', '--no-open', '--data-dir', dataDir]);
    await use(program);
    await program.stop();
  },
  // After Ana's: it joins what she started.
  bo: async ({ dataDir, ana }, use) => {
    expect(ana.ready.url).toBeDefined();
    const program = await startProgram(CLI, ['--demo', '--as', 'bo', '--no-open', '--data-dir', dataDir]);
    await use(program);
    await program.stop();
  },
});

const row = (page: Page, name: string): Locator => page.getByRole('option').filter({ hasText: name });
const archive = (page: Page): Promise<void> => page.getByRole('button', { name: 'Archivar', exact: true }).first().click();

async function setOffline(page: Page, isOffline: boolean): Promise<void> {
  const button = page.getByRole('button', { name: /^Sincronización:/ });
  await button.click();
  await page.getByRole('checkbox', { name: 'Simular sin conexión' }).click();
  await expect(button).toHaveAccessibleName(isOffline ? 'Sincronización: Sin conexión' : 'Sincronización: Al día');
  await expect(page.getByRole('checkbox', { name: 'Simular sin conexión' })).toBeChecked({ checked: isOffline });
  await page.keyboard.press('Escape');
}

test('what one archives while offline reaches the other once the line is back', { tag: '@main' }, async ({ page, browser, ana, bo }) => {
  const context = await browser.newContext();
  const other = await context.newPage();
  await page.goto(ana.ready.url!);
  await other.goto(bo.ready.url!);
  await expect(row(other, 'Emily Carter')).toBeVisible();

  await setOffline(other, true);
  await expect(other.getByRole('status').getByText('Simulado')).toBeVisible();
  await row(other, 'Emily Carter').click();
  await archive(other);
  await expect(row(other, 'Emily Carter')).toHaveCount(0);
  await expect(row(page, 'Emily Carter')).toBeVisible();

  await setOffline(other, false);
  await expect(other.getByText('Simulado')).toHaveCount(0);
  await expect(row(page, 'Emily Carter')).toHaveCount(0);
  await context.close();
});
