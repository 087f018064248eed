/** Views of the list that an agent keeps: under a name, with what each shows, and back when one was deleted by mistake. */
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };

test('who waits longest stands first, under a name with its count; a view that was deleted comes back', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 5 });
  write({ ...MARIA, text: 'Hola', hoursAgo: 1 });
  await expect(page.getByRole('option').first()).toContainText('María');

  const choose = async (role: 'menuitemradio' | 'menuitemcheckbox', name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Carpetas y etiquetas' }).click();
    await page.getByRole(role, { name }).click();
  };
  await choose('menuitemradio', 'Quien más espera primero');
  await expect(page.getByRole('option').first()).toContainText('Roberto');
  await choose('menuitemcheckbox', 'Esperan respuesta');
  await expect(page.getByRole('button', { name: 'Quitar el filtro Esperan respuesta' })).toBeVisible();

  await page.getByRole('button', { name: 'Guardar vista' }).click();
  await page.getByRole('textbox', { name: 'Nombre' }).fill('Urgentes');
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar', exact: true }).click();
  const views = page.getByRole('group', { name: 'Vistas guardadas' });
  const urgent = views.getByRole('button', { name: /^Urgentes/ });
  await expect(urgent).toHaveAttribute('aria-pressed', 'true');
  await expect(urgent, 'the button that saved it is gone').toBeFocused();
  await expect(urgent).toContainText('2');

  await inbox.open('Roberto');
  await inbox.reply('Con gusto');
  await expect(urgent).toContainText('1');
  await views.getByRole('button', { name: 'Todas' }).click();
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.reload();
  await urgent.click();
  await expect(page.getByRole('option')).toHaveCount(1);

  await views.getByRole('button', { name: 'Acciones de la vista Urgentes' }).click();
  await page.getByRole('menuitem', { name: 'Borrar vista' }).click();
  await expect(urgent).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body), 'its menu is gone').toBe(true);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect(urgent).toBeVisible();
});

test('a list that is empty because of a filter says which, and lets go of it', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.getByRole('button', { name: 'Carpetas y etiquetas' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Proveedores' }).click();
  await expect(page.getByText('Ningún proveedor aquí.')).toBeVisible();
  await page.getByRole('button', { name: 'Quitar filtros' }).click();
  await expect(inbox.row('María Xicay')).toBeVisible();
});
