/** What a team notices in its first days: leaving it for good, narrow windows, and doing things quickly by key. */
import { expect, test as base } from './support/demo.ts';
import { inviteFrom, join, openAdminDesk, openDesk, type Desk } from './support/desks.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

const test = base.extend<{ admin: Desk; openAnother(): Promise<Desk> }>({
  admin: async ({ team, browser }, use) => {
    const desk = await openAdminDesk(team, browser);
    await use(desk);
    await desk.close();
  },
  openAnother: async ({ team, browser }, use) => {
    const desks: Desk[] = [];
    await use(async () => {
      const desk = await openDesk(team, browser);
      desks.push(desk);
      return desk;
    });
    for (const desk of desks) await desk.close();
  },
});

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
  await join(second, { invite: await inviteFrom(admin, 'Agente'), name: 'Bo' });
  const { page } = second;
  await second.row('María Xicay').click();
  await page.getByRole('article').filter({ hasText: 'secreta' }).getByRole('button', { name: 'Responder' }).click();
  await page.getByRole('textbox', { name: /^Mensaje para/ }).fill('Le escribo a su dirección');
  await revoke(admin, 'Bo', 'Retirar y borrar');

  await expect(page.getByRole('heading', { name: 'Se borraron los datos de esta computadora' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText(/María|secreta/);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toMatch(/draft|María|secreta|dirección|bandeja\.open/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Se borraron los datos de esta computadora' })).toBeVisible();

  await join(second, { invite: await inviteFrom(admin, 'Agente'), name: 'Bo otra vez' });
  await second.row('María Xicay').click();
  await expect(page.getByRole('textbox', { name: /^Mensaje para/ })).toHaveValue('');
});

test('an access that was withdrawn is the only thing at the foot of the window, with the way back', async ({ admin, openAnother, write, team }) => {
  write({ ...MARIA, text: 'Hola' });
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'Agente'), name: 'Bo' });
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
