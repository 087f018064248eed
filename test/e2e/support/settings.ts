import type { Page } from '@playwright/test';

/** A part of the settings, as the list beside it calls it. */
export async function showSettings(page: Page, part: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Ajustes' }).click();
  await page.getByRole('navigation', { name: 'Partes de los ajustes' }).getByRole('button', { name: part }).click();
}
