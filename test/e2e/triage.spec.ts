/**
 * Triage by two people: filters, many at once, taking back, and two desktops that decide differently while neither
 * reaches the team. What is on screen must be what the team's log made of it, and nobody's decision may vanish untold.
 */
import type { Page } from '@playwright/test';
import { expect, test, type Inbox } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };
/** A desktop that could not reach the relay tries again later and later. */
const AFTER_RECONNECTING = { timeout: 40_000 };

const assign = async ({ page, row }: Inbox, customer: string, to: string): Promise<void> => {
  await row(customer).focus();
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog', { name: 'Asignar' })).toBeVisible();
  await page.keyboard.type(to);
  await page.keyboard.press('Enter');
};
const isOffline = (page: Page) => expect(page.getByText('Sin conexión con el equipo')).toBeVisible(AFTER_RECONNECTING);
const isAssignedTo = ({ row }: Inbox, customer: string, to: string) => expect(row(customer).getByRole('img', { name: `Asignada a ${to}` })).toBeVisible(AFTER_RECONNECTING);

test.describe('two leads out of reach of the team', () => {
  test.use({ role: 'lead' });

  test('give the same conversation away: one wins, the other is told and does it again with one key', { tag: '@main' }, async ({ inbox: ana, line, addColleague, write }) => {
    test.slow();
    const { inbox: luis, line: lineOfLuis } = await addColleague({ name: 'Luis', role: 'lead' });
    await addColleague({ name: 'Bo' });
    write({ ...MARIA, text: 'Hola' });
    await expect(luis.row('María Xicay')).toBeVisible();
    line.cut();
    lineOfLuis.cut();
    await isOffline(ana.page);
    await isOffline(luis.page);

    await assign(ana, 'María Xicay', 'Bo');
    await isAssignedTo(ana, 'María Xicay', 'Bo');
    await expect(ana.page.getByText(/ahora la lleva .*Bo.*Se confirmará al reconectar/).first()).toBeVisible();
    await expect(ana.row('María Xicay').getByRole('img', { name: 'Un cambio tuyo espera confirmación' })).toBeVisible();
    await assign(luis, 'María Xicay', 'Ana');
    await isAssignedTo(luis, 'María Xicay', 'Ana');

    line.restore();
    await expect(ana.row('María Xicay').getByRole('img', { name: 'Un cambio tuyo espera confirmación' })).toHaveCount(0, AFTER_RECONNECTING);
    lineOfLuis.restore();
    await isAssignedTo(luis, 'María Xicay', 'Bo');
    await expect(luis.page.getByRole('status').filter({ hasText: '1 cambio tuyo no se aplicó' })).toBeVisible();
    await expect(ana.page.getByRole('button', { name: /no se aplicó/ })).toHaveCount(0);

    await luis.page.getByRole('button', { name: '1 cambio tuyo no se aplicó' }).click();
    const panel = luis.page.getByRole('dialog', { name: 'Mientras no estabas conectado' });
    await expect(panel).toContainText(/María Xicay.*Ana la asignó a Bo a las \d\d:\d\d; tú elegiste a Ana\./);
    await luis.page.keyboard.press('Enter');
    await expect(panel).toContainText('Todo lo que hiciste está aplicado.');
    await isAssignedTo(luis, 'María Xicay', 'Ana');
    await isAssignedTo(ana, 'María Xicay', 'ti');
  });

  test('what was decided otherwise can be let be, and is gone for good, also offline', async ({ inbox: ana, line, addColleague, write, shell }) => {
    test.slow();
    const { inbox: luis } = await addColleague({ name: 'Luis', role: 'lead' });
    write({ ...MARIA, text: 'Hola' });
    await expect(luis.row('María Xicay')).toBeVisible();
    await expect(ana.row('María Xicay')).toBeVisible();
    line.cut();
    await isOffline(ana.page);
    await luis.row('María Xicay').focus();
    await luis.page.keyboard.press('m');
    await isAssignedTo(luis, 'María Xicay', 'ti');
    await ana.row('María Xicay').focus();
    await ana.page.keyboard.press('m');
    await isAssignedTo(ana, 'María Xicay', 'ti');
    line.restore();
    await isAssignedTo(ana, 'María Xicay', 'Luis');
    line.cut();
    await isOffline(ana.page);
    await ana.open('María Xicay');
    await ana.page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Equipo', exact: true }).click();
    await expect(ana.thread).toHaveCount(0);
    const strip = ana.page.getByRole('status').filter({ hasText: /no se aplicó/ });
    const see = ana.page.getByRole('button', { name: 'Ver', exact: true });
    await see.click();
    const panel = ana.page.getByRole('dialog', { name: 'Mientras no estabas conectado' });
    await expect(panel).toBeVisible();
    await expect(strip).toHaveCount(1);
    await ana.page.keyboard.press('o');
    await expect(ana.thread).toBeVisible();
    await expect(panel).toHaveCount(0);
    await see.click();
    await expect(panel).toContainText(/Luis la tomó a las \d\d:\d\d; tú la tomaste\./);
    await ana.page.keyboard.press('Delete');
    await expect(panel).toContainText('Todo lo que hiciste está aplicado.');
    await ana.page.keyboard.press('Escape');
    await expect(strip).toHaveCount(0);
    await shell.restart();
    await ana.page.goto(shell.url());
    await isOffline(ana.page);
    await expect(strip).toHaveCount(0);
    await isAssignedTo(ana, 'María Xicay', 'Luis');
  });
});

test('what is mine, nobody’s and everybody’s, by key; the choice outlives a reload', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola', hoursAgo: 1 });
  write({ ...ROBERTO, text: 'Buenas' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await inbox.row('Roberto').focus();
  await page.keyboard.press('m');
  await expect(inbox.row('Roberto').getByRole('img', { name: 'Asignada a ti' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Mías/ })).toHaveText('Mías1');
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(inbox.row('María Xicay')).toBeVisible();
  // Taken, it is no longer nobody's: it leaves at once, also under the keyboard.
  await inbox.row('María Xicay').focus();
  await page.keyboard.press('m');
  await expect(page.getByText('Todas tienen quien las atienda.')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: /^Sin asignar/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('option')).toHaveCount(2);
});

test('many are archived at once and come back at once; Escape lets go of them', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  for (let customer = 0; customer < 6; customer++) write({ from: `+5025555000${customer}`, name: `Cliente ${customer}`, text: 'Hola', hoursAgo: customer });
  await expect(page.getByRole('option')).toHaveCount(6);
  await inbox.row('Cliente 0').focus();
  await page.keyboard.press('x');
  await inbox.row('Cliente 3').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: 'Acciones para las elegidas' });
  await expect(bar).toContainText('4 elegidas');
  await expect(page.getByRole('option', { checked: true })).toHaveCount(4);
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);

  await inbox.row('Cliente 1').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(bar).toContainText('6 elegidas');
  await page.keyboard.press('x');
  await expect(bar).toContainText('5 elegidas');
  await page.keyboard.press('e');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(inbox.row('Cliente 1')).toBeVisible();
  await expect(page.getByText('5 archivadas.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect(page.getByRole('option')).toHaveCount(6);
  await expect(page.getByText('5 deshechas.').first()).toBeVisible();
});

test('what is begun and not sent is found under drafts, archived or not', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ ...ROBERTO, text: 'Buenas' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Le confirmo el lunes');
  await inbox.open('Roberto');
  await expect(inbox.row('María Xicay')).toContainText('Borrador Le confirmo el lunes');
  await inbox.row('María Xicay').focus();
  await page.keyboard.press('e');
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: 'Carpetas y etiquetas' }).click();
  await page.getByRole('menuitemradio', { name: /^Borradores/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Borradores1');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(inbox.row('María Xicay')).toBeVisible();
});
