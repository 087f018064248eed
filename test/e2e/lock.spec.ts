/** The lock of a desktop's folder, as its agent turns it on, meets it, and turns it off. */
import type { Page } from '@playwright/test';
import { findPlainInFolder } from '../support/find-plain.ts';
import { expect, test } from './support/demo.ts';
import { showSettings } from './support/settings.ts';

const PASSPHRASE = 'lluvia tejado guitarra limon';
const OTHER = 'cometa ventana durazno pozo';
/** Turning it on or off closes and opens the workspace, beside a guess that is slow on purpose. */
const CHANGES_WITHIN = { timeout: 40_000 };

test.setTimeout(180_000);

const unlock = async (page: Page, passphrase: string): Promise<void> => {
  await page.getByLabel('Frase de paso', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Desbloquear' }).click();
};

test('a desktop is locked, opened with its passphrase alone, and unlocked for good', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ from: '50255550101', name: 'Marta Ixchel', text: 'PalabraDeMarta en la bandeja' });
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  await inbox.open(/Marta Ixchel/);
  await inbox.composer.fill('BorradorSinEnviar');
  const dataDir = String(shell.program().ready['dataDir']);
  const find = (): string[] => findPlainInFolder(dataDir, ['Marta Ixchel', 'PalabraDeMarta', 'BorradorSinEnviar', '50255550101']);
  expect(find()).not.toEqual([]);

  await showSettings(page, 'Privacidad');
  await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Frase de paso nueva').fill('corta');
  await expect(dialog.getByText('Demasiado corta')).toBeVisible();
  await dialog.getByLabel('Frase de paso nueva').fill(PASSPHRASE);
  await expect(dialog.getByText('Fuerte.')).toBeVisible();
  await dialog.getByLabel('Otra vez').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Activar y cifrar' }).click();
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);
  expect(find()).toEqual([]);

  await shell.restart();
  // With another secret.
  await page.goto(shell.url());
  await expect(page.getByRole('heading', { name: 'Bandeja está bloqueada' })).toBeVisible(CHANGES_WITHIN);
  await expect(page.getByText('Marta Ixchel')).toHaveCount(0);
  await unlock(page, 'no es la frase de paso');
  await expect(page.getByText('La frase no es correcta.')).toBeVisible(CHANGES_WITHIN);
  await unlock(page, PASSPHRASE);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);
  await inbox.open(/Marta Ixchel/);
  await expect(inbox.message('PalabraDeMarta en la bandeja')).toBeVisible();
  await expect(inbox.composer).toHaveValue('BorradorSinEnviar');

  await page.keyboard.press('Control+Shift+L');
  await expect(page.getByRole('heading', { name: 'Bandeja está bloqueada' })).toBeVisible(CHANGES_WITHIN);
  expect(find()).toEqual([]);
  await unlock(page, PASSPHRASE);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);

  await showSettings(page, 'Privacidad');
  await page.getByRole('button', { name: 'Cambiar la frase…' }).click();
  await dialog.getByLabel('Frase de paso actual').fill('otra frase equivocada');
  await dialog.getByLabel('Frase de paso nueva').fill(OTHER);
  await dialog.getByLabel('Otra vez').fill(OTHER);
  await dialog.getByRole('button', { name: 'Cambiar' }).click();
  await expect(dialog.getByText('La frase no es correcta.')).toBeVisible(CHANGES_WITHIN);
  await dialog.getByLabel('Frase de paso actual').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Cambiar' }).click();
  await expect(page.getByText('Frase de paso cambiada')).toBeVisible(CHANGES_WITHIN);

  await page.getByRole('button', { name: 'Desactivar…' }).click();
  await dialog.getByLabel('Frase de paso actual').fill(OTHER);
  await dialog.getByRole('button', { name: 'Desactivar y descifrar' }).click();
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);
  expect(find()).not.toEqual([]);
  await inbox.open(/Marta Ixchel/);
  await expect(inbox.composer).toHaveValue('BorradorSinEnviar');
});
