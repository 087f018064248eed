/** What a team notices in its first days: leaving it for good, narrow windows, and doing things quickly by key. */
import { expect } from './support/demo.ts';
import { inviteFrom, join, test, type Desk } from './support/desks.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

async function revoke({ page, showTeam }: Desk, name: string, how: 'Retirar acceso' | 'Retirar y borrar'): Promise<void> {
  await showTeam('Computadoras');
  const device = page.getByRole('list', { name: 'Computadoras' }).getByRole('listitem').filter({ hasText: name });
  await device.getByRole('button', { name: /^Acciones/ }).click();
  await page.getByRole('menuitem', { name: how }).click();
  const dialog = page.getByRole('dialog');
  if (how === 'Retirar y borrar') await dialog.getByRole('textbox').fill('borrar');
  await dialog.getByRole('button', { name: how }).click();
}

test('a window that is open when its desktop is wiped forgets at once what it showed and kept, and can join again', async ({ admin, openAnother, write }) => {
  write({ ...MARIA, text: 'Mi dirección es secreta' });
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  const { page } = second;
  await second.row('María Xicay').click();
  await page.getByRole('article').filter({ hasText: 'secreta' }).getByRole('button', { name: 'Responder' }).click();
  await page.getByRole('textbox', { name: /^Mensaje para/ }).fill('Le escribo a su dirección');
  await revoke(admin, 'Bo', 'Retirar y borrar');

  await expect(page.getByRole('heading', { name: 'Se borraron los datos de esta computadora' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText(/María|secreta/);
  const kept = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));
  expect(kept).not.toMatch(/draft|María|secreta|dirección|bandeja\.open/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Se borraron los datos de esta computadora' })).toBeVisible();

  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo otra vez' });
  await second.row('María Xicay').click();
  await expect(page.getByRole('textbox', { name: /^Mensaje para/ })).toHaveValue('');
});

test('an access that was withdrawn is the only thing at the foot of the window, with the way back', async ({ admin, openAnother, write, team }) => {
  write({ ...MARIA, text: 'Hola' });
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  await expect(second.row('María Xicay')).toBeVisible();
  team.meta.setFaults({ sendErrors: [{ code: 190, times: 1000 }] });
  await second.row('María Xicay').click();
  await second.page.getByRole('textbox', { name: /^Mensaje para/ }).fill('Va en cola');
  await second.page.getByRole('textbox', { name: /^Mensaje para/ }).press('Enter');
  const blocked = second.page.getByText('WhatsApp no deja enviar');
  await expect(blocked).toBeVisible();
  await revoke(admin, 'Bo', 'Retirar acceso');
  await expect(second.page.getByText('Acceso retirado', { exact: true })).toBeVisible();
  await expect(second.page.getByRole('status').getByText('--data-dir CARPETA')).toBeVisible();
  await expect(blocked).toHaveCount(0);
});

test('where the header is narrow the name keeps its place, and what waits is a mark with a name', async ({ inbox, line, write }) => {
  const { page } = inbox;
  write({ from: '+50255552222', name: 'Guadalupe Ixchel Xicay', text: 'Hola' });
  await inbox.open('Guadalupe');
  const heading = page.getByRole('heading', { name: /Guadalupe Ixchel Xicay/ });
  line.cut();
  await page.keyboard.press('Escape');
  await inbox.row('Guadalupe').focus();
  await page.keyboard.press('m');
  const pending = heading.getByRole('status');
  await expect(pending).toHaveText('Por confirmar');
  for (const width of [1024, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => heading.locator('bdi').evaluate((name) => name.getBoundingClientRect().width), `${width} px`).toBeGreaterThan(84);
    await expect.poll(() => pending.evaluate((chip) => chip.getBoundingClientRect().width), `${width} px`).toBeLessThan(28);
    expect(
      await page
        .locator('header p')
        .first()
        .evaluate((phone) => getComputedStyle(phone).textOverflow),
    ).toBe('ellipsis');
    expect(
      await page
        .locator('header p')
        .first()
        .evaluate((phone) => phone.getBoundingClientRect().right <= phone.parentElement!.getBoundingClientRect().right),
    ).toBe(true);
  }
});

test('three letters and Enter assign to whom they begin, with a note that has a button of its own; what stands already writes nothing', async ({ inbox, addColleague, write }) => {
  const { page } = inbox;
  const diego = await addColleague({ name: 'Diego' });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const activity = page.getByRole('complementary').getByRole('listitem');
  await expect(diego.inbox.row('María Xicay')).toBeVisible();

  await page.keyboard.press('Escape');
  await inbox.row('María Xicay').focus();
  await page.keyboard.press('a');
  await page.getByRole('combobox').fill('nadie');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox')).toHaveCount(0);

  await inbox.row('María Xicay').focus();
  await page.keyboard.press('m');
  await expect(activity).toHaveCount(1);
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Añadir una nota para quien la reciba' }).click();
  await page.getByRole('textbox', { name: 'Nota para quien la reciba' }).pressSequentially('Pide factura');
  await page.keyboard.press('Enter');
  await page.keyboard.type('con NIT');
  await page.getByRole('combobox').fill('die');
  await expect(page.getByText('Para: Diego')).toBeVisible();
  await page.getByRole('button', { name: 'Asignar con nota' }).click();
  await expect(page.getByRole('button', { name: 'Responsable: Diego' })).toBeVisible();
  await expect(page.getByRole('complementary')).toContainText('Pide factura');
});

test.describe('a lead', () => {
  test.use({ role: 'lead' });

  test('goes to the board by key, and its keys work at once', async ({ inbox, write }) => {
    const { page } = inbox;
    write({ ...MARIA, text: 'Hola', hoursAgo: 2.25 });
    write({ from: '+50255559876', name: 'Pedro Tzul', text: 'Buenas' });
    await expect(inbox.row('Pedro Tzul')).toBeVisible();
    await expect(inbox.row('María Xicay')).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('Ir al reparto');
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await expect(page.getByRole('heading', { name: 'Reparto' })).toBeVisible();
    await expect(inbox.row('Pedro Tzul')).toBeFocused();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect(inbox.row('María Xicay')).toHaveAttribute('aria-selected', 'true');
    await expect(inbox.row('María Xicay')).toContainText(/espera 2 h 1\d min/);
    await page.keyboard.press('a');
    await expect(page.getByRole('menuitem').first()).toBeVisible();
  });
});

test('what is typed while the program is gone waits in the window, and the program has it when it is back on the same port', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Antes');
  const keptInWindow = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('bandeja.draft.')));
  await expect.poll(keptInWindow).toEqual([]);
  await shell.kill();
  const gone = page.getByRole('status').filter({ hasText: 'El programa no está en marcha' });
  await expect(gone).toContainText(new URL(shell.url()).host, { timeout: 20_000 });
  await inbox.composer.fill('Escrito sin programa');
  await shell.restart();
  await expect(page.getByRole('heading', { name: 'Esta ventana es de antes' })).toBeVisible({ timeout: 20_000 });
  await page.goto('about:blank');
  await page.goto(shell.url());
  await inbox.open('María Xicay');
  await expect(inbox.composer).toHaveValue('Escrito sin programa');
  // With the engine now, so the window need not keep it.
  await expect.poll(keptInWindow).toEqual([]);
  await page.reload();
  await expect(inbox.composer).toHaveValue('Escrito sin programa');
});
