/** The list of conversations under real hands: what is pressed or clicked must reach the customer that was meant. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };

const searchBox = (page: Page) => page.getByRole('textbox', { name: 'Buscar nombre o teléfono' });
/** Waits until what was pressed has gone to the engine and its change has come back and been painted. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(600);

test('a customer’s message is on screen within a second of the webhook', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  // The first message makes the conversation and warms everything up on its way.
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(inbox.message('Hola')).toBeVisible();
  const seen = page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const isThere = (): boolean => [...document.querySelectorAll('[role="log"] article, [role="log"] [role="article"]')].some((bubble) => bubble.textContent.includes(text));
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(Date.now()));
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    '¿Sigue abierto?',
  );
  const writtenAt = Date.now();
  write({ ...MARIA, text: '¿Sigue abierto?' });
  expect((await seen) - writtenAt).toBeLessThan(1_000);
});

test('the rail counts the conversations that wait for somebody', { tag: '@main' }, async ({ inbox, write }) => {
  const badge = inbox.page.getByRole('navigation').getByLabel(/conversaci(ón|ones) sin leer/);
  write({ ...MARIA, text: 'Hola' });
  write({ ...MARIA, text: '¿Están?' });
  await expect(badge).toHaveText('1');
  write({ ...ROBERTO, text: 'Buenas' });
  await expect(badge).toHaveText('2');
  await inbox.open('María Xicay');
  await expect(badge).toHaveText('1');
  await inbox.open('Roberto');
  await expect(badge).toHaveCount(0);
});

test('a held E archives one conversation, a held J walks', async ({ inbox, write }) => {
  const { page } = inbox;
  for (let customer = 0; customer < 6; customer++) write({ from: `+5025555000${customer}`, name: `Cliente ${customer}`, text: 'Hola', hoursAgo: customer });
  await expect(page.getByRole('option')).toHaveCount(6);
  for (let press = 0; press < 3; press++) await page.keyboard.down('j');
  await page.keyboard.up('j');
  await expect(inbox.row('Cliente 2')).toBeFocused();
  await page.keyboard.down('e');
  await expect(inbox.row('Cliente 2')).toHaveCount(0);
  for (let press = 0; press < 10; press++) await page.keyboard.down('e');
  await page.keyboard.up('e');
  await settle(page);
  await expect(page.getByRole('option')).toHaveCount(5);
});

test('Enter right after typing a search goes to what was found, not to what stood there', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 2 });
  write({ ...MARIA, text: 'Hola', hoursAgo: 1 });
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('/');
  await page.keyboard.type('Roberto');
  await page.keyboard.press('Enter');
  await expect(inbox.row('Roberto')).toBeFocused();
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(inbox.thread).toHaveAccessibleName('Conversación con Roberto');
  await expect(inbox.thread).toBeFocused();
});

test('a space in the middle of a search that is typed slowly stays', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ ...ROBERTO, text: 'Buenas' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('/');
  await page.keyboard.type('María ');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.type('Xicay');
  await expect(searchBox(page)).toHaveValue('María Xicay');
});

test('the unread view keeps the open conversation as it is now, and hands it on to no other view', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ ...ROBERTO, text: 'Buenas' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.getByRole('button', { name: 'No leídas' }).click();
  await inbox.open('María Xicay');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.reply('Respondido');
  await expect(inbox.row('María Xicay')).toContainText('Tú: Respondido');
  await page.getByRole('button', { name: 'Archivadas' }).click();
  await expect(page.getByText('Todo leído.')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(0);
  await page.getByRole('button', { name: /^Activas|Activas$/ }).click();
  await expect(inbox.row('Roberto')).toBeVisible();
  await searchBox(page).fill('zzz');
  await expect(page.getByText('Nada coincide con “zzz” en activas. Se busca en nombres y números, no en los mensajes.')).toBeVisible();
});

test('what is typed after a click on a conversation is a message, not commands', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.type('Buenas, ¿en qué le ayudo?');
  await expect(inbox.composer).toHaveValue('Buenas, ¿en qué le ayudo?');
  await expect(inbox.row('María Xicay')).toBeVisible();
});

test('a conversation opened with Space leaves the keyboard in the list', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  await expect(inbox.message('Hola')).toBeVisible();
  await expect(inbox.row('María Xicay')).toBeFocused();
});

test('a list that gets shorter keeps a row for the Tab key', async ({ inbox, team, write }) => {
  const { page } = inbox;
  for (let customer = 0; customer < 5; customer++) write({ from: `+5025555000${customer}`, name: `Cliente ${customer}`, text: 'Hola', hoursAgo: customer });
  await expect(page.getByRole('option')).toHaveCount(5);
  const luis = await team.addDesktop({ name: 'Luis' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items.length).toBe(5);
  await inbox.open('Cliente 4');
  await expect(inbox.composer).toBeFocused();
  await page.mouse.move(900, 300);
  for (const { id } of (await luis.client.conversations.list({})).items.slice(2)) {
    const { seenThrough } = await luis.client.conversations.get({ conversationId: id, messages: 0 });
    await luis.client.conversations.setStatus({ conversationId: id, from: 'active', to: 'archived', seenThrough });
  }
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page.locator('[role="option"][tabindex="0"]')).toHaveCount(1);
  await expect(page.getByRole('option').last()).toHaveAttribute('aria-posinset', '2');
  await expect(page.getByRole('option').last()).toHaveAttribute('aria-setsize', '2');
});

for (const width of [1024, 1600]) {
  test(`news that come in under the pointer cover no row, ${width} px`, async ({ inbox, write }, info) => {
    const { page } = inbox;
    await page.setViewportSize({ width, height: 800 });
    write({ ...ROBERTO, text: 'uno', hoursAgo: 2 });
    write({ ...MARIA, text: 'dos', hoursAgo: 1 });
    await expect(inbox.row('María Xicay')).toBeVisible();
    await inbox.row('María Xicay').hover({ position: { x: 150, y: 8 } });
    write({ ...ROBERTO, text: 'tres' });
    const news = page.getByRole('button', { name: '1 novedad' });
    await expect(news).toBeVisible();
    await page.screenshot({ path: info.outputPath('news.png') });
    await page.mouse.down();
    await page.mouse.up();
    await expect(inbox.composer).toHaveAccessibleName('Mensaje para María Xicay');
    await news.click();
    await expect(page.getByRole('option').first()).toContainText('Roberto');
  });
}

test('E does not archive what is closed', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+E');
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cerradas' }).click();
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await settle(page);
  await expect(inbox.row('María Xicay')).toBeVisible();
  await expect(page.getByText(': archivada.')).toHaveCount(0);
});

test('an Escape that belongs to an input method leaves the composer alone', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(inbox.composer).toBeFocused();
  await inbox.composer.evaluate((box) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true })));
  await expect(inbox.composer).toBeFocused();
});

test('what is asked of an engine that is away is answered with a notice', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await shell.kill();
  await expect(page.getByRole('status').filter({ hasText: 'Sin contacto con el programa' })).toBeVisible();
  await page.getByRole('button', { name: 'Ocultar datos del cliente' }).click();
  await expect(page.getByText('El programa no responde', { exact: false }).first()).toBeVisible();
});

test('long names and names from right to left fit into a notice', async ({ inbox, write }, info) => {
  const { page } = inbox;
  const long = `Nombre${'quenotermina'.repeat(9)} Pérez`;
  write({ from: '+50255550001', name: long, text: 'Hola' });
  write({ from: '+50255550002', name: 'محمد عبد الله', text: 'مرحبا' });
  await page.setViewportSize({ width: 1024, height: 700 });
  for (const name of ['Nombrequeno', 'محمد']) {
    await inbox.open(name);
    await expect(inbox.row(name).getByLabel(/sin leer/)).toHaveCount(0);
    await page.getByRole('button', { name: 'Archivar', exact: true }).click();
    await expect(inbox.row(name)).toHaveCount(0);
  }
  const undo = page.getByRole('button', { name: 'Deshacer' });
  await expect(undo).toHaveCount(2);
  await page.screenshot({ path: info.outputPath('toasts.png') });
  const cards = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Deshacer' }) });
  expect(await cards.evaluateAll((elements) => elements.map((element) => element.scrollWidth - element.clientWidth))).toEqual([0, 0]);
  await expect(page.getByRole('listitem').filter({ hasText: '\u2068محمد عبد الله\u2069: archivada.' })).toBeVisible();
});

test('names and previews from right to left begin where the others begin', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ from: '+50255550002', name: 'محمد عبد الله', text: 'مرحبا' });
  write({ from: '+50255550003', name: 'יעל כהן', text: 'שלום' });
  await expect(page.getByRole('option')).toHaveCount(3);
  const startsOf = (selector: string): Promise<number[]> =>
    page.getByRole('option').evaluateAll(
      (rows, inner) =>
        rows.map((row) => {
          const range = document.createRange();
          range.selectNodeContents(row.querySelector(inner)!);
          return Math.round(range.getBoundingClientRect().left);
        }),
      selector,
    );
  for (const selector of ['bdi', '[dir="auto"]']) expect(new Set(await startsOf(selector)).size, selector).toBe(1);
});
