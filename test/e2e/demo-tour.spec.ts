/** The demo's badge: the tour by keyboard alone, left and resumed, and the demo begun anew from its window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { startProgram, type Program } from '../support/program.ts';

const CLI = 'main/shell/browser/cli.ts';

const test = base.extend<{ demo: Program }>({
  demo: async ({}, use) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-tour-'));
    const program = await startProgram(CLI, ['--demo', '--no-past', '--no-open', '--data-dir', dataDir]);
    await use(program);
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  },
});

const TITLES = [
  'De quién es cada conversación',
  'Abrir y responder con el teclado',
  'Un borrador que dice de dónde sale',
  'Tomarla o pasarla',
  'Sin conexión y de vuelta',
  'Encontrar lo que se dijo',
  'Solicitud y plantilla con una tecla',
  'Todas las teclas',
  'Cómo va el equipo',
  'Cuando algo falla',
];
const card = (page: Page, title: string) => page.getByRole('dialog', { name: title });
const badge = (page: Page) => page.getByRole('button', { name: 'Demo: recorrido y empezar de nuevo' });

test('ten steps by keyboard, each with the focus, left at one and resumed there after a reload', { tag: '@main' }, async ({ page, demo }) => {
  await page.goto(demo.ready.url!);
  await page.getByRole('dialog', { name: '¿Te mostramos la bandeja en diez pasos?' }).getByRole('button', { name: 'Hacer el recorrido' }).press('Enter');
  for (const title of TITLES.slice(0, 4)) {
    await expect(card(page, title)).toBeFocused();
    await page.keyboard.press('ArrowRight');
  }
  await expect(card(page, TITLES[4]!)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(card(page, TITLES[3]!)).toBeFocused();
  await expect(card(page, TITLES[3]!)).toContainText('Paso 4 de 10');

  // The thing itself is used while the card stands: nothing covers it, and the card says that it is done.
  await page
    .getByRole('button', { name: /^Responsable/ })
    .first()
    .focus();
  await page.keyboard.press('m');
  await expect(card(page, TITLES[3]!).getByRole('status')).toHaveText('¡Hecho!');
  await page.keyboard.press('F6');
  await expect(card(page, TITLES[3]!)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.reload();
  await badge(page).press('Enter');
  await page.getByRole('menuitem', { name: 'Seguir el recorrido' }).press('Enter');
  for (const title of TITLES.slice(3)) {
    await expect(card(page, title)).toBeFocused();
    await page.keyboard.press('ArrowRight');
  }
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await badge(page).press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Hacer el recorrido' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Seguir el recorrido' }), 'it was finished').toHaveCount(0);
});

test('starting over: what was done is gone, the window finds the new demo where the old one was, and the tour is offered again', async ({ page, demo }) => {
  await page.goto(demo.ready.url!);
  await page.getByRole('button', { name: 'Ahora no' }).click();
  const row = page.getByRole('option').filter({ hasText: 'Emily Carter' });
  await row.click();
  await page.getByRole('button', { name: 'Archivar', exact: true }).first().click();
  await expect(row).toHaveCount(0);
  await badge(page).press('Enter');
  await page.getByRole('menuitem', { name: 'Empezar de nuevo' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Empezar de nuevo' }).click();
  // Meanwhile the program is away because it was asked to be: nothing is to be started by hand.
  const beginning = page.getByText('La demostración empieza de nuevo…');
  await expect(beginning).toBeVisible();
  await expect(row).toBeVisible({ timeout: 45_000 });
  await expect(beginning).toHaveCount(0);
  await expect(page.getByRole('dialog', { name: '¿Te mostramos la bandeja en diez pasos?' })).toBeVisible();
});
