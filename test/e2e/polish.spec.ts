/** What a trial by somebody new to it found: small things that make an agent look twice. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

test('the list shows that a reply of mine is held, until I have decided', async ({ inbox, shell, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const luis = await team.addDesktop({ name: 'Luis' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items.length).toBe(1);
  const conversationId = (await luis.client.conversations.list({})).items[0]!.id;

  // Written offline; a colleague’s reply is in the log before it.
  await team.relay.kill();
  await inbox.reply('Yo también le respondo');
  await shell.kill();
  await team.relay.restart();
  await luis.client.messages.sendText({ conversationId, text: 'Yo le respondo' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items[0]!.lastMessage?.delivery, { timeout: 20_000 }).toBe('read');
  await shell.restart();
  await page.goto('about:blank');
  await page.goto(shell.url());

  const row = inbox.row('Luis: Yo le respondo');
  const mark = row.getByRole('img', { name: 'Tu respuesta está retenida' });
  await expect(mark).toBeVisible({ timeout: 20_000 });
  await row.click();
  await inbox.message('Yo también le respondo').getByRole('button', { name: 'Descartar' }).click();
  await expect(mark).toHaveCount(0);
});

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '');

test('closing a dialog gives the keyboard back to where it was, or to the thread', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const shortcuts = page.getByRole('button', { name: 'Atajos de teclado' });
  await shortcuts.click();
  await expect(page.getByRole('dialog')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeFocused();
  await inbox.thread.focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inbox.thread).toBeFocused();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inbox.thread).toBeFocused();
  expect(await focused(page)).toContain('María Xicay');
});

test('Escape leaves the composer for the thread, and the search for the list', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.focus();
  await page.keyboard.press('Escape');
  await expect(inbox.thread).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Buscar nombre o teléfono' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inbox.row('María Xicay')).toBeFocused();
});

test('panes that a narrow window has squeezed are as wide as before in a wide one', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await page.setViewportSize({ width: 1600, height: 900 });
  await inbox.open('María Xicay');
  const widths = (): Promise<number[]> => page.locator('[data-panel]').evaluateAll((panes) => panes.map((pane) => Math.round(pane.getBoundingClientRect().width)));
  await expect.poll(async () => (await widths()).length).toBe(3);
  const [list, , panel] = await widths();
  for (const width of [1220, 1024, 830, 1220, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(async () => (await widths()).length).toBe(width >= 1200 ? 3 : 2);
  }
  await expect.poll(async () => (await widths()).filter((_, index) => index !== 1)).toEqual([list, panel]);
});

test('the side panel says whose last message its date is of', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola', hoursAgo: 3 });
  await page.setViewportSize({ width: 1600, height: 900 });
  await inbox.open('María Xicay');
  await inbox.reply('Buenas tardes');
  const panel = page.getByRole('complementary');
  await expect(panel.getByText('Último del cliente')).toBeVisible();
  await expect(panel.getByText('Último mensaje')).toHaveCount(0);
  // At its narrowest, too, every date stands whole on one line.
  await page.getByRole('separator').last().press('End');
  const cut = await panel
    .locator('dd time')
    .evaluateAll((times) => times.filter((time) => time.getClientRects().length !== 1 || time.getBoundingClientRect().width > time.parentElement!.getBoundingClientRect().width + 0.5).length);
  expect(cut).toBe(0);
});

test('the way down to new messages covers none of them, and counts down as they come into view', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'vieja', hoursAgo: 3 });
  write({ from: '+50255550000', name: 'Roberto', text: 'Buenas', hoursAgo: 2 });
  // Once the pointer is on the list, what comes above waits.
  await expect(inbox.row('Roberto')).toBeVisible();
  await inbox.open('María Xicay');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.open('Roberto');
  await expect(inbox.message('Buenas')).toBeVisible();
  for (let line = 1; line <= 40; line++) write({ ...MARIA, text: `nueva ${line}.`, hoursAgo: 1 - line / 60 });
  await expect(inbox.row('María Xicay').getByLabel('40 mensajes sin leer')).toBeVisible();

  await inbox.open('María Xicay');
  const way = page.getByRole('button', { name: /mensajes? nuevos?$/ });
  const count = async (): Promise<number> => Number.parseInt((await way.getAttribute('aria-label')) ?? '', 10);
  await expect(way).toBeVisible();
  await expect.poll(count, 'those in view are no longer ahead').toBeLessThan(40);
  const first = await count();
  const log = (await inbox.thread.boundingBox())!;
  expect((await way.boundingBox())!.y).toBeGreaterThanOrEqual(log.y + log.height);
  await inbox.thread.hover();
  const isScrolled = page.evaluate(() => new Promise((resolve) => document.addEventListener('scrollend', () => requestAnimationFrame(resolve), { once: true, capture: true })));
  await page.mouse.wheel(0, 300);
  await isScrolled;
  // Rows that were just mounted may turn out lower than expected: then more of them come into view.
  const inView = (): Promise<number> =>
    inbox.thread.evaluate((log) => {
      // A bubble of which a sliver of the border is cut off can be read.
      const bottom = log.getBoundingClientRect().bottom + 4;
      const rows = [...log.querySelectorAll('article')].filter((row) => row.getBoundingClientRect().bottom <= bottom);
      return Math.max(...rows.map((row) => Number(/nueva (\d+)\./.exec(row.textContent)?.[1] ?? 0)));
    });
  await expect.poll(async () => (await count()) === 40 - (await inView())).toBe(true);
  const second = await count();
  expect(second).toBeLessThan(first);
  expect(second).toBeGreaterThan(0);
  await page.mouse.wheel(0, -300);
  await expect(inbox.message('nueva 1.')).toBeInViewport();
  expect(await count(), 'what was seen stays seen').toBe(second);
  await way.click();
  await expect(way).toHaveCount(0);
  await expect(inbox.message('nueva 40.')).toBeInViewport();
});

test('what WhatsApp refused because of its window is not offered again before the customer writes', async ({ inbox, team, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ failStatuses: [{ code: 131047 }] });
  await inbox.reply('¿Sigue ahí?');
  const failed = inbox.message('¿Sigue ahí?');
  await expect(failed).toContainText('Solo se puede enviar una plantilla');
  await expect(failed.getByRole('button', { name: 'Descartar' })).toBeVisible();
  await expect(failed.getByRole('button', { name: 'Reintentar' })).toHaveCount(0);
  // Meta counts in whole seconds.
  write({ ...MARIA, text: 'Aquí sigo', hoursAgo: -2 / 3600 });
  await expect(failed.getByRole('button', { name: 'Reintentar' })).toBeVisible();
});

for (const locale of ['es-GT', 'en-US']) {
  test.describe(locale, () => {
    test.use({ locale });
    test('the list of shortcuts keeps room between a name and its keys', async ({ inbox }) => {
      const { page } = inbox;
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeFocused();
      const gaps = await page
        .getByRole('dialog')
        .locator('dl > div')
        .evaluateAll((lines) => lines.map((line) => line.querySelector('dd')!.getBoundingClientRect().left - line.querySelector('dt')!.getBoundingClientRect().right));
      expect(gaps.length).toBeGreaterThan(10);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12);
    });
  });
}

test('when a search is over, the row of the open conversation is in view again', async ({ inbox, write }) => {
  const { page } = inbox;
  for (let index = 10; index < 50; index++) write({ from: `+5025555${1000 + index}`, name: `Cliente ${index}`, text: 'Hola', hoursAgo: index / 10 });
  await expect(page.getByRole('option')).not.toHaveCount(0);
  const search = page.getByRole('textbox', { name: 'Buscar nombre o teléfono' });
  await search.fill('Cliente 45');
  await inbox.open('Cliente 45');
  await search.fill('');
  await expect(inbox.row('Cliente 45')).toBeInViewport();
});

test('a conversation that stays open beside another folder says where it belongs', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const head = page.getByRole('main').getByRole('heading', { name: /María Xicay/ });
  await expect(head).not.toContainText('Activa');
  await page.getByRole('button', { name: 'Archivadas' }).click();
  await expect(head).toContainText('Activa');
});
