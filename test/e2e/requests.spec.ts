/**
 * Service requests in the window: made by hand, changed by two people at once and out of reach of the team, brought in from a file,
 * looked at through saved views. Nothing that somebody typed may vanish, and nothing bad may come in unseen.
 */
import type { Page } from '@playwright/test';
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
/** A desktop that could not reach the relay tries again later and later. */
const AFTER_RECONNECTING = { timeout: 40_000 };

async function goToRequests(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Solicitudes' }).click();
  await expect(page.getByRole('heading', { name: 'Solicitudes' })).toBeVisible();
}
const rowOf = (page: Page, text: string | RegExp) => page.getByRole('row').filter({ hasText: text });
const address = (page: Page) => page.getByRole('textbox', { name: 'Dirección del servicio' });
const description = (page: Page) => page.getByRole('textbox', { name: 'Descripción' });
const save = (page: Page) => page.getByRole('button', { name: 'Guardar cambios' }).click();
const isSaved = (page: Page) => expect(page.getByRole('button', { name: 'Guardar cambios' })).toHaveCount(0);

test('one is made by keyboard, changed by two at once and offline, and goes its way', { tag: '@main' }, async ({ inbox, addColleague, write, line }) => {
  test.slow();
  const { page } = inbox;
  write({ ...MARIA, text: 'Necesito limpiar la fosa' });
  await expect(inbox.row(MARIA.name)).toBeVisible();
  const { page: bo } = (await addColleague({ name: 'Bo' })).inbox;

  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page.getByText('Todavía no hay solicitudes.')).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Nueva solicitud' });
  await dialog.getByRole('button', { name: 'Crear solicitud' }).click();
  await expect(dialog.getByRole('alert')).toHaveText([/^Escribe el teléfono/, /^Escribe el nombre/, /^Elige o escribe el tipo/]);
  await dialog.getByRole('textbox', { name: 'Teléfono de contacto' }).fill(MARIA.from);
  await expect(dialog.getByText(`Es ${MARIA.name}`)).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Servicio' }).fill('Limpieza de fosa séptica');
  await dialog.getByLabel('Fecha solicitada').fill('2026-12-04');
  // What was typed stays while the dialog is shut.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('n');
  await dialog.getByRole('button', { name: 'Crear solicitud' }).click();
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('1001');
  await expect(page.getByRole('region', { name: 'Cliente' }).getByRole('heading', { name: MARIA.name })).toBeVisible();
  await page.getByRole('button', { name: /^Vincular · Activa/ }).click();
  await expect(page.getByRole('log', { name: `Conversación con ${MARIA.name}` })).toContainText('Necesito limpiar la fosa');

  await test.step('two write the same field', async () => {
    await goToRequests(bo);
    await rowOf(bo, '1001').click();
    await address(page).fill('Zona 1');
    await address(bo).fill('Zona 4');
    await save(bo);
    await isSaved(bo);
    const values = page.getByRole('group', { name: 'Dirección del servicio: dos valores' });
    await expect(values).toContainText('Bo puso');
    await expect(values).toContainText('Zona 4');
    await expect(address(page)).toHaveValue('Zona 1');
    await values.getByRole('button', { name: 'Dejar lo mío' }).click();
    await address(page).press('ControlOrMeta+Enter');
    await isSaved(page);
    await expect(address(bo)).toHaveValue('Zona 1');
  });

  await test.step('what was saved out of reach, and came second, stands in its field again', async () => {
    line.cut();
    await expect(page.getByText('Sin conexión con el equipo')).toBeVisible(AFTER_RECONNECTING);
    await description(page).fill('Portón negro');
    await save(page);
    await isSaved(page);
    await expect(page.getByRole('status').filter({ hasText: 'sin confirmar' })).toBeVisible();
    await description(bo).fill('Portón verde');
    await save(bo);
    await isSaved(bo);
    line.restore();
    const values = page.getByRole('group', { name: 'Descripción: dos valores' });
    await expect(values).toContainText('Portón verde', AFTER_RECONNECTING);
    await expect(values).toContainText('Portón negro');
    await values.getByRole('button', { name: 'Dejar lo suyo' }).click();
    await expect(description(page)).toHaveValue('Portón verde');
    await isSaved(page);
    await expect(page.getByRole('region', { name: 'Historial' })).toContainText('quiso cambiar descripción a «Portón negro» No se aplicó: ya decía «Portón verde».');
  });

  await test.step('its steps, one click each', async () => {
    const steps = page.getByRole('group', { name: 'Siguiente paso' });
    await steps.getByRole('button', { name: 'Marcar recibida' }).click();
    await expect(steps.getByRole('button', { name: 'Marcar recibida' })).toHaveCount(0);
    await steps.getByRole('button', { name: 'Aprobar' }).click();
    const approval = page.getByRole('dialog', { name: 'Aprobar la solicitud' });
    await expect(approval.getByLabel('Fecha aprobada'), 'as it was asked for').toHaveValue('2026-12-04');
    await approval.getByLabel('Fecha aprobada').fill('2026-12-07');
    await approval.getByRole('button', { name: 'Aprobar' }).click();
    await expect(approval).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Historial' })).toContainText('la pasó de «Recibida» a «Aprobada»');
    await bo.keyboard.press('Escape');
    await expect(rowOf(bo, '1001')).toContainText('Aprobada');
    await expect(rowOf(bo, '1001')).toContainText('7 dic 2026');
    await steps.getByRole('button', { name: 'Terminar' }).click();
    await steps.getByRole('button', { name: 'Retomar' }).click();
    await expect(steps.getByRole('button', { name: 'Terminar' })).toBeVisible();
  });

  await page.keyboard.press('Escape');
  await expect(rowOf(page, '1001'), 'back at its row').toBeFocused();
});

/** As a spreadsheet of Windows writes it. */
const FILE = [
  'Código;Cliente;Teléfono;Servicio;Fecha solicitada;Interno',
  'A-1;Begoña Núñez;5555 1111;Succión de lodos;04/12/2026;x',
  'A-2;Julián Peña;+502 5555 2222;Análisis de agua;2026-12-05;x',
  'A-3;Sin teléfono bueno;12;Análisis de agua;05/12/2026;x',
  'A-1;Repetida;5555 3333;Análisis de agua;31/02/2026;x',
].join('\r\n');

test('a file is judged row by row before anything comes in, and what came in is found through a saved view', async ({ inbox }) => {
  const { page } = inbox;
  await goToRequests(page);
  await page.getByRole('button', { name: 'Importar CSV' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Importar solicitudes' });
  await dialog
    .getByLabel('Elegir archivo')
    .last()
    .setInputFiles({ name: 'diciembre.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE, 'latin1') });
  await expect(dialog.getByRole('status')).toContainText('2 listas para importar');
  await expect(dialog.getByRole('status')).toContainText('2 con problemas');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Interno' })).toContainText('no se usa');
  const bad = dialog.getByRole('table', { name: 'Filas con problemas' });
  await expect(bad.getByRole('row')).toHaveText([/^Línea/, /^4Teléfono12No es un teléfono$/, /^5.*31\/02\/2026No es una fecha$/, /^5CódigoA-1La referencia se repite/]);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Descargar la lista' }).click();
  expect((await download).suggestedFilename()).toBe('diciembre-problemas.csv');
  await dialog.getByRole('button', { name: 'Importar 2 solicitudes' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Se importaron 2 solicitudes.');
  await dialog.getByRole('button', { name: 'Ver solicitudes' }).click();
  await expect(rowOf(page, 'A-1')).toContainText('Begoña Núñez');
  await expect(rowOf(page, 'A-2')).toContainText('5 dic 2026');

  await page.keyboard.press('/');
  await page.keyboard.type('lodos');
  await expect(rowOf(page, 'A-2')).toHaveCount(0);
  await page.getByRole('button', { name: 'Guardar vista' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Nombre' }).fill('Lodos');
  await page.keyboard.press('Enter');
  const views = page.getByRole('group', { name: 'Vistas guardadas' });
  await expect(views.getByRole('button', { name: 'Lodos', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await views.getByRole('button', { name: 'Todas' }).click();
  await expect(rowOf(page, 'A-2')).toBeVisible();
  await page.reload();
  await goToRequests(page);
  await views.getByRole('button', { name: 'Lodos', exact: true }).click();
  await expect(rowOf(page, 'A-2')).toHaveCount(0);
  await expect(rowOf(page, 'A-1')).toBeVisible();
  await page.getByRole('button', { name: 'Acciones de la vista Lodos' }).click();
  await page.getByRole('menuitem', { name: 'Borrar vista' }).click();
  await expect(views.getByRole('button', { name: 'Lodos', exact: true })).toHaveCount(0);
  await expect(page.getByRole('searchbox').or(page.getByRole('textbox', { name: /^Buscar por referencia/ }))).toHaveValue('lodos');
});
