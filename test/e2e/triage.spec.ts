/**
 * Triage by two people: filters, many at once, taking back, and two desktops that decide differently while neither
 * reaches the team. What is on screen must be what the team's log made of it, and nobody's decision may vanish untold.
 */
import type { Browser, Page } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import type { Team } from '../support/team.ts';
import { expect, findFreePort, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };

/** A desktop of another member, with its window. */
async function startDesktop(browser: Browser, team: Team, problems: string[], { name, role }: { name: string; role: 'agent' | 'lead' }): Promise<{ page: Page; stop(): Promise<void> }> {
  const { invite } = JSON.parse(await team.relay.cli('invite', '--role', role, '--json')) as { invite: string };
  const joinAs: Record<string, string> = { '--invite': invite, '--name': name };
  const args = await team.engineArgs(team.makeDataDir());
  const program = await startProgram(
    'main/shell/browser/cli.ts',
    [...args.map((arg, index) => joinAs[args[index - 1] ?? ''] ?? arg), '--no-open', '--port', String(await findFreePort())],
    team.engineEnv,
  );
  const context = await browser.newContext({ locale: 'es-GT', timezoneId: 'America/Guatemala', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
  await page.goto(program.ready.url!);
  await expect(page.getByRole('navigation')).toBeVisible();
  return {
    page,
    stop: async () => {
      await context.close();
      await program.stop();
    },
  };
}

/** A desktop that could not reach the relay tries again later and later. */
const AFTER_RECONNECTING = { timeout: 40_000 };

const rowOf = (page: Page, name: string) => page.getByRole('option').filter({ hasText: name });
const assignOpen = async (page: Page, customer: string, to: string): Promise<void> => {
  await rowOf(page, customer).focus();
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog', { name: 'Asignar' })).toBeVisible();
  await page.keyboard.type(to);
  await page.keyboard.press('Enter');
};
const offline = (page: Page) => page.getByText('Sin conexión con el equipo');

test('two leads give the same conversation away while the team is out of reach: one wins, the other is told and does it again with one key', async ({ browser, team, write }) => {
  test.slow();
  const problems: string[] = [];
  const ana = await startDesktop(browser, team, problems, { name: 'Ana', role: 'lead' });
  const luis = await startDesktop(browser, team, problems, { name: 'Luis', role: 'lead' });
  const bo = await startDesktop(browser, team, problems, { name: 'Bo', role: 'agent' });
  try {
    write({ ...MARIA, text: 'Hola' });
    for (const { page } of [ana, luis]) await expect(rowOf(page, 'María Xicay')).toBeVisible();
    await team.relay.kill();
    for (const { page } of [ana, luis]) await expect(offline(page)).toBeVisible();

    await assignOpen(ana.page, 'María Xicay', 'Bo');
    await expect(ana.page.getByText(/ahora la lleva .*Bo.*Se confirmará al reconectar/).first()).toBeVisible();
    await expect(rowOf(ana.page, 'María Xicay').getByRole('img', { name: 'Asignada a Bo' })).toBeVisible();
    await expect(rowOf(ana.page, 'María Xicay').getByRole('img', { name: 'Un cambio tuyo espera confirmación' })).toBeVisible();
    await assignOpen(luis.page, 'María Xicay', 'Ana');
    await expect(rowOf(luis.page, 'María Xicay').getByRole('img', { name: 'Asignada a Ana' })).toBeVisible();

    await team.relay.restart();
    const told = [ana.page, luis.page].map((page) => page.getByRole('button', { name: '1 cambio tuyo no se aplicó' }));
    // Whose op reached the log first is the network's choice; exactly one of them is told.
    await expect.poll(async () => (await Promise.all(told.map((button) => button.count()))).reduce((sum, count) => sum + count, 0), AFTER_RECONNECTING).toBe(1);
    const isLuisTold = (await told[1]!.count()) === 1;
    const loser = isLuisTold ? luis.page : ana.page;
    const [theirs, mine] = isLuisTold ? ['Bo', 'Ana'] : ['Ana', 'Bo'];
    for (const { page } of [ana, luis])
      await expect(rowOf(page, 'María Xicay').getByRole('img', { name: theirs === 'Ana' && page === ana.page ? 'Asignada a ti' : `Asignada a ${theirs}` })).toBeVisible(AFTER_RECONNECTING);

    await loser.getByRole('button', { name: '1 cambio tuyo no se aplicó' }).click();
    const panel = loser.getByRole('dialog', { name: 'Mientras no estabas conectado' });
    await expect(panel).toContainText('María Xicay');
    await expect(panel).toContainText(isLuisTold ? /Ana la asignó a Bo a las \d\d:\d\d; tú elegiste a Ana\./ : /Luis te la asignó a las \d\d:\d\d; tú elegiste a Bo\./);
    await loser.keyboard.press('Enter');
    await expect(panel).toContainText('Todo lo que hiciste está aplicado.');
    for (const { page } of [ana, luis]) await expect(rowOf(page, 'María Xicay').getByRole('img', { name: mine === 'Ana' && page === ana.page ? 'Asignada a ti' : `Asignada a ${mine}` })).toBeVisible();
    expect(problems).toEqual([]);
  } finally {
    for (const desktop of [ana, luis, bo]) await desktop.stop();
  }
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

test('many are archived at once and come back at once; Escape lets go of them', async ({ inbox, write }) => {
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
