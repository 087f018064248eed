/** The main job, through the real programs: a customer writes, an agent answers, and nothing on the way is lost or shown wrong. */
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };

test.describe('a customer writes', () => {
  // Each state is there for longer than the second that Playwright may take until it looks again.
  test.use({ statusDelayMs: 1_000 });

  test('the message arrives, is answered, and the ticks go from sent to delivered to read', { tag: '@main' }, async ({ inbox, team, write }) => {
    const { page } = inbox;
    await expect(page.getByText('No hay conversaciones activas', { exact: false })).toBeVisible();
    write({ ...MARIA, text: '¿Tienen servicio *mañana*?' });

    await expect(inbox.row('María Xicay')).toContainText('¿Tienen servicio mañana?');
    await expect(inbox.row('María Xicay').getByLabel('1 mensaje sin leer')).toBeVisible();
    await expect(page).toHaveTitle('(1) Bandeja');

    await inbox.open('María Xicay');
    await expect(inbox.message('¿Tienen servicio').locator('strong')).toHaveText('mañana');
    await expect(page).toHaveTitle('Bandeja');
    await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);

    await inbox.reply('Sí, a las 9:00');
    for (const state of ['Aceptado por WhatsApp', 'Entregado', 'Leído']) await expect(inbox.stateOf('Sí, a las 9:00')).toHaveAccessibleName(`Estado: ${state}`, { timeout: 15_000 });
    await expect(inbox.row('María Xicay')).toContainText('Tú: Sí, a las 9:00');
    await expect(inbox.composer).toHaveValue('');
    expect(team.meta.journal().filter((call) => JSON.stringify(call).includes('Sí, a las 9:00'))).toHaveLength(1);
  });
});

test('a reload and a restart of the engine lose neither messages nor the draft', { tag: '@main' }, async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.reply('Buenos días');
  await inbox.composer.fill('Un momento, estoy');

  await page.reload();
  await expect(inbox.message('Buenos días')).toBeVisible();
  await expect(inbox.row('María Xicay')).toHaveAttribute('aria-selected', 'true');
  await expect(inbox.composer).toHaveValue('Un momento, estoy');
  await page.keyboard.press('r');
  await page.keyboard.type(' revisando');
  await expect(inbox.composer).toHaveValue('Un momento, estoy revisando');

  await shell.restart();
  await expect(page.getByRole('heading', { name: 'Esta ventana es de antes' })).toBeVisible();
  await page.goto(shell.url());
  await expect(inbox.message('Hola')).toBeVisible();
  await expect(inbox.message('Buenos días')).toBeVisible();
  await expect(inbox.composer).toHaveValue('Un momento, estoy revisando');
});

test('a draft stays with its conversation', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  write({ from: '+50255559876', name: 'Roberto', text: 'Buenas' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('para María');
  await inbox.open('Roberto');
  await expect(inbox.composer).toHaveValue('');
  await expect(inbox.row('María Xicay')).toContainText('Borrador para María');
  await inbox.open('María Xicay');
  await expect(inbox.composer).toHaveValue('para María');
});

test('the row under the pointer stays where it is; the news waits behind a pill', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ from: '+50255559876', name: 'Roberto', text: 'uno', hoursAgo: 2 });
  write({ ...MARIA, text: 'dos', hoursAgo: 1 });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await inbox.row('María Xicay').hover();
  write({ from: '+50255559876', name: 'Roberto', text: 'tres' });
  await expect(inbox.row('Roberto')).toContainText('tres');
  await expect(page.getByRole('option').first()).toContainText('María Xicay');
  await page.getByRole('button', { name: '1 novedad' }).click();
  await expect(page.getByRole('option').first()).toContainText('Roberto');
});

test('a closed conversation refuses, a new message starts another one, and both are one thread', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'La primera' });
  await inbox.open('María Xicay');
  await expect(inbox.message('La primera')).toBeVisible();
  await inbox.closeConversation();
  await expect(inbox.row('María Xicay')).toHaveCount(0);

  write({ ...MARIA, text: 'La segunda' });
  await expect(inbox.message('La segunda')).toBeVisible();
  await page.getByRole('button', { name: 'Abrir la conversación activa' }).click();
  await expect(inbox.composer).toBeVisible();
  await expect(inbox.message('La primera')).toBeVisible();
  await expect(page.getByRole('separator').filter({ hasText: 'Conversación nueva' })).toBeVisible();
});

test('archiving moves the conversation, undo brings it back, and a new message reopens it', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(inbox.message('Hola')).toBeVisible();
  await page.getByRole('button', { name: 'Archivar' }).click();
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect(inbox.row('María Xicay')).toBeVisible();

  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: 'Archivadas' }).click();
  await expect(inbox.row('María Xicay')).toBeVisible();
  write({ ...MARIA, text: 'Una cosa más' });
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await page.getByRole('button', { name: /^Activas|Activas$/ }).click();
  await expect(inbox.row('María Xicay')).toContainText('Una cosa más');
});

test('whoever opens another conversation before the engine has archived one stays there', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  for (const name of ['Ana Ajú', 'Beto Chub', 'Carla Tzoc']) {
    write({ from: `+5025555000${name.length}`, name, text: 'Hola' });
    await expect(inbox.row(name)).toBeVisible();
  }
  await inbox.open('Carla Tzoc');
  await inbox.thread.focus();
  const { process: engine } = shell.program();
  engine.kill('SIGSTOP');
  await page.keyboard.press('q');
  await inbox.row('Ana Ajú').click();
  engine.kill('SIGCONT');
  await expect(page.getByText(/Carla Tzoc.*: archivada/)).toBeVisible();
  await expect(page.getByRole('log', { name: 'Conversación con Ana Ajú' })).toBeVisible();
  await expect(inbox.composer).toBeFocused();
});

test('the whole round by keyboard: search, walk, open, quote, send, sheet', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  write({ from: '+50255559876', name: 'Roberto', text: 'Buenas' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('/');
  await page.keyboard.type('5555 12');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(inbox.row('María Xicay')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(inbox.thread).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(inbox.message('Hola')).toBeFocused();
  await page.keyboard.press('r');
  await expect(page.getByText('Respondiendo a María Xicay')).toBeVisible();
  await page.keyboard.type('¿En qué le ayudo?');
  await page.keyboard.press('Enter');
  await expect(inbox.message('¿En qué le ayudo?').locator('blockquote')).toContainText('Hola');
  await inbox.composer.blur();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Atajos de teclado' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('coming back to a conversation with news begins at the first unread message, and counts none of it as read', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'vieja', hoursAgo: 3 });
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 2 });
  await expect(page.getByRole('option')).toHaveCount(2);
  await inbox.open('María Xicay');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.open('Roberto');
  await expect(inbox.message('Buenas')).toBeVisible();
  for (let line = 1; line <= 40; line++) write({ ...MARIA, text: `nueva ${line}.`, hoursAgo: 1 - line / 60 });
  await expect(inbox.row('María Xicay').getByLabel('40 mensajes sin leer')).toBeVisible();
  await expect(inbox.row('María Xicay')).toContainText('nueva 40.');

  await inbox.open('María Xicay');
  await expect(page.getByRole('separator').filter({ hasText: '40 mensajes sin leer' })).toBeInViewport();
  await expect(inbox.message('nueva 1.')).toBeInViewport();
  await expect(page.getByRole('button', { name: /mensajes nuevos/ })).toBeVisible();
  await expect(inbox.row('María Xicay').getByLabel('40 mensajes sin leer')).toBeVisible();
  await expect(page.getByText('Mensaje nuevo de María')).toHaveCount(0);
  await page.getByRole('button', { name: /mensajes nuevos/ }).click();
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
});

test('a composer that appears does not take the focus from what is being typed', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'viejo', hoursAgo: 50 });
  write({ ...ROBERTO, text: 'Buenas' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await inbox.open('Roberto');
  await inbox.row('Roberto').focus();
  await page.keyboard.press('r');
  await expect(inbox.composer).toBeFocused();
  await inbox.open('María Xicay');
  await expect(page.getByRole('heading', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();
  const search = page.getByRole('search').getByRole('textbox');
  await search.focus();
  await page.keyboard.type('Ma');
  write({ ...MARIA, text: 'sigo aquí' });
  await expect(inbox.composer).toBeVisible();
  await page.keyboard.type('ría');
  await expect(search).toHaveValue('María');
  await expect(inbox.composer).toHaveValue('');
});

test('R quotes the message that was clicked, and the quote survives a reload even when its message is not loaded', async ({ inbox, team, write }) => {
  const { page } = inbox;
  for (const [index, text] of ['uno', 'dos', 'tres'].entries()) write({ ...MARIA, text, hoursAgo: 3 - index });
  await inbox.open('María Xicay');
  await expect(inbox.message('tres')).toBeVisible();
  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(inbox.message('tres')).toBeFocused();
  await inbox.message('uno').click({ position: { x: 30, y: 12 } });
  await page.keyboard.press('r');
  const quote = page.getByText('Respondiendo a María Xicay').locator('..');
  await expect(quote).toContainText('uno');
  await inbox.composer.fill('al primero');
  for (let line = 1; line <= 70; line++) write({ ...MARIA, text: `línea ${line}.` });
  await expect(inbox.row('María Xicay')).toContainText('línea 70.', { timeout: 30_000 });
  await page.reload();
  await inbox.open('María Xicay');
  await expect(quote).toContainText('uno');
  // Whoever has not read the news is asked before it leaves.
  await inbox.thread.focus();
  await page.keyboard.press('End');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.composer.press('Enter');
  await expect.poll(() => team.meta.journal().filter((call) => JSON.stringify(call).includes('al primero') && JSON.stringify(call).includes('"context"')).length).toBe(1);
});

test('Escape in the thread goes back to the open row', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(inbox.message('Hola')).toBeVisible();
  await inbox.thread.focus();
  await inbox.page.keyboard.press('Escape');
  await expect(inbox.row('María Xicay')).toBeFocused();
  await expect(inbox.thread).toBeVisible();
});

test('a closed conversation with a newer one, which is archived, offers that one instead of reopening', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'La primera' });
  await inbox.open('María Xicay');
  await expect(inbox.message('La primera')).toBeVisible();
  await inbox.closeConversation();
  write({ ...MARIA, text: 'La segunda' });
  await expect(inbox.message('La segunda')).toBeVisible();
  await page.getByRole('button', { name: 'Abrir la conversación activa' }).click();
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Archivar', exact: true }).click();
  await page.getByRole('button', { name: 'Cerradas' }).click();
  // Until the closed ones are listed, the row of the same name is the other conversation's.
  await expect(inbox.row('María Xicay')).toContainText('La primera');
  await inbox.open('María Xicay');
  await expect(page.getByRole('button', { name: 'Abrir la conversación más reciente' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reabrir' })).toHaveCount(0);
});

test('an input method keeps its Enter and Escape', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('にほ');
  for (const key of ['Enter', 'Escape']) await inbox.composer.dispatchEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true });
  await expect(inbox.composer).toBeFocused();
  await expect(inbox.composer).toHaveValue('にほ');
});

test('the focus is in the box after the button sent', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('uno');
  await inbox.page.getByRole('button', { name: 'Enviar' }).click();
  await expect(inbox.message('uno')).toBeVisible();
  await expect(inbox.composer).toBeFocused();
});

test('a message older than the first one, which comes late, appears', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'segunda', hoursAgo: 0.01 });
  await inbox.open('María Xicay');
  await expect(inbox.message('segunda')).toBeVisible();
  write({ ...MARIA, text: 'primera', hoursAgo: 0.02 });
  await expect(inbox.message('primera')).toBeVisible();
});

test('without its secret the page says what to do', async ({ page, shell }) => {
  await page.goto(new URL(shell.url()).origin);
  await expect(page.getByRole('heading', { name: 'Abre el enlace completo' })).toBeVisible();
  await page.goto(shell.url());
  await expect(page.getByRole('navigation')).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
});

test('a thread with hundreds of unread messages begins at the first of them', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  for (let line = 1; line <= 300; line++) write({ ...MARIA, text: `mensaje ${line}.`, hoursAgo: 10 - line / 60 });
  await expect(inbox.row('María Xicay').getByLabel('300 mensajes sin leer')).toBeVisible({ timeout: 30_000 });
  await inbox.open('María Xicay');
  await expect(page.getByRole('separator').filter({ hasText: '300 mensajes sin leer' })).toBeInViewport();
  await expect(inbox.message('mensaje 1.')).toBeInViewport();
  await expect(inbox.row('María Xicay').getByLabel('300 mensajes sin leer')).toBeVisible();
});

test('the day above is told while the thread moves, and covers no message at rest', async ({ inbox, write }) => {
  const { page } = inbox;
  for (let line = 1; line <= 60; line++) write({ ...MARIA, text: `línea ${line}.`, hoursAgo: 30 - line / 60 });
  await expect(inbox.row('línea 60.')).toBeVisible();
  await inbox.open('María Xicay');
  await inbox.thread.hover();
  const day = page
    .getByRole('log')
    .locator('xpath=..')
    .locator('[aria-hidden="true"]')
    .filter({ hasText: /^Ayer|^Anteayer|de/ });
  for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, 300);
  await expect(day).toBeVisible();
  await expect(day).toBeHidden();
  await page.mouse.wheel(0, 120);
  await expect(day).toBeVisible();
});

test('two desktops see the same reply, and the panel tells who changed the status', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const luis = await team.addDesktop({ name: 'Luis' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items.length).toBe(1);
  const conversationId = (await luis.client.conversations.list({})).items[0]!.id;
  await inbox.reply('Va de Ana');
  const textsOfLuis = async (): Promise<(string | null)[]> => (await luis.client.messages.page({ conversationId })).items.map(({ content }) => wordsOf(content));
  await expect.poll(textsOfLuis).toEqual(['Hola', 'Va de Ana']);
  await luis.client.messages.sendText({ conversationId, text: 'Va de Luis' });
  await expect(inbox.message('Va de Luis')).toBeVisible();
  await expect.poll(textsOfLuis).toEqual(['Hola', 'Va de Ana', 'Va de Luis']);

  const panel = page.getByRole('complementary', { name: 'Datos del cliente' });
  await expect(panel).toContainText('Ana (tú) la tomó');
  const { seenThrough } = await luis.client.conversations.get({ conversationId, messages: 0 });
  await luis.client.conversations.setStatus({ conversationId, from: 'active', to: 'archived', seenThrough });
  await expect(panel).toContainText('Luis la archivó');
  await page.getByRole('button', { name: 'Reabrir' }).click();
  await expect(panel).toContainText('Ana (tú) la reabrió (estaba archivada)');
});
