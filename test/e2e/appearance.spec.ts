/** Language, theme, width and accessibility of the main screens. */
import { expect, test } from './support/demo.ts';
import { showSettings } from './support/settings.ts';
import { findViolationsInBoth } from './support/violations.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

test('the language changes at once and is kept', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(page.getByRole('region', { name: 'Avisos (F8)' })).toBeAttached();
  await showSettings(page, 'Idioma');
  await page.getByText('English', { exact: true }).click();
  await expect(page.getByRole('main', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByPlaceholder('Write a message')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Notices (F8)' })).toBeAttached();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await expect(page.getByRole('heading', { name: /Active/ })).toBeVisible();
});

test('the theme follows the preference, and the system where there is none', async ({ inbox }) => {
  const { page } = inbox;
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(light);
  await showSettings(page, 'Apariencia');
  await page.getByText('Clara', { exact: true }).click();
  await expect.poll(background).toBe(light);
});

test('the key that sends is the preferred one', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await showSettings(page, 'Escribir');
  await page.getByText('Ctrl+Enter', { exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Ctrl+Enter' })).toBeChecked();
  await page.keyboard.press('Escape');
  await inbox.composer.fill('uno');
  await inbox.composer.press('Enter');
  await inbox.composer.pressSequentially('dos');
  await expect(inbox.composer).toHaveValue('uno\ndos');
  await inbox.composer.press('Control+Enter');
  await expect(inbox.message('uno')).toContainText('dos');
});

test('more than 4096 characters are refused before sending, with the number that is too much', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('x'.repeat(4106));
  await expect(page.getByRole('alert')).toContainText('Sobran 10 caracteres');
  await expect(page.getByRole('button', { name: 'Enviar' })).toBeDisabled();
  await inbox.composer.fill('x'.repeat(4090));
  await expect(page.getByText('Quedan 6')).toBeVisible();
});

test('at 1024 px the side panel gives way first, and at 700 px list and thread take turns', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const panel = page.getByRole('complementary', { name: 'Datos del cliente' });
  await expect(panel).toBeVisible();
  await page.setViewportSize({ width: 1024, height: 700 });
  await expect(panel).toHaveCount(0);
  await page.getByRole('button', { name: 'Mostrar datos del cliente' }).click();
  await expect(panel).toBeVisible();
  await page.getByRole('button', { name: 'Ocultar datos del cliente' }).click();
  await page.setViewportSize({ width: 700, height: 700 });
  await expect(inbox.thread).toBeVisible();
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: 'Volver a la lista' }).click();
  await expect(inbox.row('María Xicay')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test('at 1024 px the customer’s data leave the composer free, and close with the conversation', async ({ inbox, write }, info) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ from: '+50255559876', name: 'Roberto', text: 'Buenas' });
  await page.setViewportSize({ width: 1024, height: 700 });
  await inbox.open('María Xicay');
  await page.getByRole('button', { name: 'Mostrar datos del cliente' }).click();
  const panel = page.getByRole('complementary', { name: 'Datos del cliente' });
  await expect(panel).toBeVisible();
  await page.screenshot({ path: info.outputPath('panel.png') });
  await inbox.composer.fill('uno\ndos\ntres');
  await page.getByRole('button', { name: 'Enviar' }).click();
  await expect(inbox.message('dos')).toBeVisible();
  await inbox.open('Roberto');
  await expect(panel).toHaveCount(0);
});

test('text of twice the size is not clipped in the rail and the list', async ({ inbox, write }, info) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '32px';
  });
  await expect.poll(() => inbox.row('María Xicay').evaluate((row) => row.scrollHeight <= row.clientHeight && row.getBoundingClientRect().height === 136)).toBe(true);
  expect(await page.getByRole('navigation').evaluate((rail) => rail.scrollWidth <= rail.clientWidth)).toBe(true);
  await page.screenshot({ path: info.outputPath('twice.png') });
});

test('a window that fails while it is painted says so and offers to reload', async ({ page, shell, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await page.goto(shell.url());
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.evaluate(() => {
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get: () => {
        throw new RangeError('Invalid time value');
      },
    });
  });
  write({ ...MARIA, text: 'Otra' });
  await expect(page.getByRole('heading', { name: 'Algo falló al mostrar esta ventana' })).toBeVisible();
  await page.getByRole('button', { name: 'Recargar' }).click();
  await expect(page.getByRole('option')).toHaveCount(1);
});

test('a browser that keeps nothing still opens the inbox', async ({ page, shell, write }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
  });
  write({ ...MARIA, text: 'Hola' });
  await page.goto(shell.url());
  await page.getByRole('option').click();
  await page.getByRole('textbox', { name: /^Mensaje para/ }).fill('Se escribe igual');
  await showSettings(page, 'Apariencia');
  await page.getByText('Oscura', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('axe finds nothing in light and dark', async ({ inbox, team, write }) => {
  test.slow();
  const { page } = inbox;
  expect(await findViolationsInBoth(page), 'empty').toEqual([]);

  write({ ...MARIA, text: 'Mire https://example.com y *gracias* 👍' });
  write({ from: '+50255559876', name: 'Roberto', text: 'Se cierra pronto', hoursAgo: 23.3 });
  write({ from: '+50255550001', name: 'Lucía', text: 'Hace días', hoursAgo: 60 });
  await inbox.open('María Xicay');
  await inbox.reply('Entregado');
  team.meta.setFaults({ failStatuses: [{ code: 131026 }] });
  await inbox.reply('Falla');
  await expect(inbox.thread.getByText('No se entregó')).toBeVisible();
  team.meta.setFaults({ dropAfterAccept: 1, noStatuses: true });
  await inbox.reply('Incierto');
  await expect(inbox.thread.getByText('no sabemos si salió')).toBeVisible();
  expect(await findViolationsInBoth(page), 'thread').toEqual([]);

  await inbox.open('Roberto');
  expect(await findViolationsInBoth(page), 'closing').toEqual([]);
  await inbox.open('Lucía');
  await expect(page.getByRole('heading', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();
  expect(await findViolationsInBoth(page), 'closed window').toEqual([]);

  await page.getByRole('button', { name: 'Más acciones' }).click();
  // A menu floats above the landmarks and is none itself.
  expect(await findViolationsInBoth(page, { withoutRules: ['region'] }), 'menu').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Sincronización/ }).click();
  expect(await findViolationsInBoth(page), 'sync details').toEqual([]);
  await page.keyboard.press('Escape');
  await showSettings(page, 'Apariencia');
  expect(await findViolationsInBoth(page), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Atajos de teclado' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await findViolationsInBoth(page), 'shortcuts').toEqual([]);
  await page.keyboard.press('Escape');

  await team.relay.kill();
  await expect(page.getByText('Sin conexión con el equipo')).toBeVisible();
  expect(await findViolationsInBoth(page), 'offline').toEqual([]);
});
