/** People in a real window: a vendor is edited beside a colleague, two contacts become one and two again, and somebody is proposed for a conversation. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/demo.ts';

const ROSA = { from: '+50255551234', name: 'Rosa Pérez' };
const OTHER = { from: '+50244443333', name: 'Rosa Perez' };

const goTo = (page: Page): Promise<void> => page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Contactos' }).click();
const personPage = (page: Page, name: string) => page.getByRole('article', { name });

test.describe('a lead', () => {
  test.use({ role: 'lead' });

  test('adds a vendor, edits them, and is told at the field what a colleague wrote meanwhile', async ({ inbox: { page }, addColleague }) => {
    await goTo(page);
    await page.getByRole('button', { name: 'Añadir contacto' }).click();
    const dialog = page.getByRole('dialog', { name: 'Añadir contacto' });
    await dialog.getByLabel('Número de WhatsApp').fill('5555 9876');
    await dialog.getByRole('button', { name: /502/ }).click();
    await expect(dialog.getByRole('status')).toContainText('+502 5555 9876');
    await dialog.getByLabel('Nombre', { exact: true }).fill('Luis Gómez');
    await dialog.getByRole('switch', { name: 'Es proveedor' }).check();
    await dialog.getByLabel('Servicios que hace').fill('PTAR');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Añadir', exact: true }).click();
    const luis = personPage(page, 'Luis Gómez');
    await expect(luis.getByText('PTAR')).toBeVisible();

    const { inbox: bo } = await addColleague({ name: 'Bo' });
    await goTo(bo.page);
    await bo.page.getByRole('button', { name: 'Proveedores' }).click();
    await bo.page.getByRole('button', { name: /Luis Gómez/ }).click();
    // Both type into the same field; the colleague is faster.
    await luis.getByLabel('Empresa').fill('Bombas del Sur');
    await luis.getByLabel('Correo').fill('luis@bombas.gt');
    // Looking elsewhere meanwhile loses nothing.
    await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Solicitudes' }).click();
    await goTo(page);
    await expect(luis.getByLabel('Correo')).toHaveValue('luis@bombas.gt');
    await personPage(bo.page, 'Luis Gómez').getByLabel('Empresa').fill('Bombas S. A.');
    await personPage(bo.page, 'Luis Gómez').getByRole('button', { name: 'Guardar' }).click();
    await expect(luis.getByRole('alert')).toContainText('alguien lo dejó en «Bombas S. A.»');
    await luis.getByRole('button', { name: 'Guardar' }).click();
    await expect(personPage(bo.page, 'Luis Gómez').getByLabel('Correo')).toHaveValue('luis@bombas.gt');
    await expect(personPage(bo.page, 'Luis Gómez').getByLabel('Empresa')).toHaveValue('Bombas S. A.');
    await luis.getByRole('button', { name: 'Dejar lo mío' }).click();
    await luis.getByRole('button', { name: 'Guardar' }).click();
    await expect(personPage(bo.page, 'Luis Gómez').getByLabel('Empresa')).toHaveValue('Bombas del Sur');

    // A named value that a colleague removes while it is being typed is not lost.
    await luis.getByRole('button', { name: 'Añadir dato' }).click();
    await luis.getByRole('textbox', { name: 'Dato' }).fill('NIT');
    await luis.getByRole('textbox', { name: 'Valor' }).fill('44-1');
    await luis.getByRole('button', { name: 'Guardar' }).click();
    await luis.getByRole('button', { name: 'Cambiar NIT' }).click();
    await luis.getByRole('textbox', { name: 'NIT' }).fill('44-2');
    await personPage(bo.page, 'Luis Gómez').getByRole('button', { name: 'Quitar NIT' }).click();
    await expect(luis.getByRole('alert')).toContainText('alguien lo quitó');
    await expect(luis.getByRole('textbox', { name: 'NIT' })).toHaveValue('44-2');
    await luis.getByRole('button', { name: 'Guardar' }).click();
    await expect(personPage(bo.page, 'Luis Gómez').getByText('44-2')).toBeVisible();
  });

  test('merges two contacts with a look at what becomes of them, and separates them again', { tag: '@main' }, async ({ inbox: { page, row, open }, write }) => {
    write({ ...ROSA, text: 'Hola' });
    write({ ...OTHER, text: 'Soy yo, de mi otro número' });
    await open('Rosa Pérez');
    await page.getByRole('complementary').getByRole('button', { name: 'Ver ficha' }).click();
    const rosa = personPage(page, 'Rosa Pérez');
    await rosa.getByRole('group', { name: '¿Es la misma persona?' }).getByRole('button', { name: 'Unir' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unir con Rosa Perez' });
    await expect(dialog.getByRole('region', { name: 'Así quedará' })).toContainText('Se llamará Rosa Pérez en todas partes.');
    await expect(dialog.getByRole('region', { name: 'Así quedará' })).toContainText('2 números · 2 conversaciones');
    await dialog.getByRole('button', { name: 'Unir', exact: true }).click();
    await expect(rosa.getByRole('region', { name: 'Conversaciones' }).getByRole('button')).toHaveCount(2);
    await expect(page.getByRole('region', { name: 'Contactos' }).locator('[data-contact]')).toHaveCount(1);
    await rosa
      .getByRole('region', { name: 'Conversaciones' })
      .getByRole('button', { name: /otro número/ })
      .click();
    await expect(row('Rosa Pérez')).toHaveCount(2);

    await goTo(page);
    await rosa.getByRole('button', { name: 'Separar' }).click();
    await page.getByRole('dialog', { name: '¿Separar a Rosa Perez?' }).getByRole('button', { name: 'Separar' }).click();
    await expect(page.getByRole('region', { name: 'Contactos' }).locator('[data-contact]')).toHaveCount(2);
    await expect(rosa.getByRole('region', { name: 'Conversaciones' }).getByRole('button')).toHaveCount(1);
  });

  test('is proposed who answered this customer, with the reasons, and Enter takes them; a blocked one gets nothing', async ({ inbox, addColleague, write }) => {
    const { page, open, row } = inbox;
    const { inbox: bo } = await addColleague({ name: 'Bo' });
    write({ ...ROSA, text: 'Hola' });
    await bo.open('Rosa Pérez');
    await bo.reply('Buenos días');
    await open('Rosa Pérez');
    await expect(inbox.message('Buenos días')).toBeVisible();
    // Bo answered, so it is his; Ana takes it, and then wants to give it away.
    await row('Rosa Pérez').focus();
    await page.keyboard.press('m');
    await expect(row('Rosa Pérez').getByRole('img', { name: 'Asignada a ti' })).toBeVisible();
    await page.keyboard.press('a');
    const first = page.getByRole('dialog', { name: 'Asignar' }).getByRole('option', { selected: true });
    await expect(first).toHaveText(/Bo.*le respondió 1 vez · 0 abiertas/);
    await page.keyboard.press('Enter');
    await expect(row('Rosa Pérez').getByRole('img', { name: 'Asignada a Bo' })).toBeVisible();

    await page.getByRole('complementary').getByRole('button', { name: 'Ver ficha' }).click();
    await personPage(page, 'Rosa Pérez').getByRole('button', { name: 'Más acciones' }).click();
    await page.getByRole('menuitem', { name: 'Bloquear' }).click();
    await personPage(page, 'Rosa Pérez').getByRole('button', { name: 'Escribir' }).click();
    await expect(page.getByRole('region', { name: 'Contacto bloqueado' })).toBeVisible();
  });
});
