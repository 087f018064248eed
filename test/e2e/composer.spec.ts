/** Where the keys go: what is typed reaches the customer that was meant, whole and in order, and never runs as commands. */
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto' };

test('Enter opens a conversation and leaves the letters to commands; R writes', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(inbox.thread).toBeFocused();
  await page.keyboard.press('r');
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.type('erre');
  await expect(inbox.composer).toHaveValue('erre');
  await inbox.thread.focus();
  await page.keyboard.press('e');
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await expect(inbox.composer).toHaveValue('erre');
});

test('the thread keeps the keyboard when what came meanwhile is read into it', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola', hoursAgo: 2 });
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 1 });
  await expect(page.getByRole('option')).toHaveCount(2);
  await inbox.open('María Xicay');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.open('Roberto');
  write({ ...MARIA, text: 'Otra cosa' });
  await expect(inbox.row('María Xicay')).toContainText('Otra cosa');
  await inbox.row('María Xicay').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('separator').filter({ hasText: '1 mensaje sin leer' })).toBeVisible();
  await expect(inbox.thread).toBeFocused();
});

test('R on a row writes to its customer, not to the one that is open', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 1 });
  write({ ...MARIA, text: 'Hola' });
  await expect(page.getByRole('option')).toHaveCount(2);
  await inbox.open('María Xicay');
  await inbox.row('Roberto').focus();
  await page.keyboard.press('r');
  await expect(inbox.composer).toHaveAccessibleName('Mensaje para Roberto');
  await expect(inbox.composer).toBeFocused();
});

test('R where the window is closed looks for a template, and what is typed there archives nothing', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hace días', hoursAgo: 50 });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(inbox.thread).toBeFocused();
  await page.keyboard.press('r');
  const picker = page.getByRole('region', { name: 'La ventana de 24 horas está cerrada' });
  const search = picker.getByRole('combobox', { name: 'Buscar una plantilla' });
  await expect(search).toBeFocused();
  await expect(picker).toHaveAccessibleDescription(/plantilla aprobada/);
  await page.keyboard.type('Buenas tardes, ¿sigue? E/J');
  await expect(search).toHaveValue('Buenas tardes, ¿sigue? E/J');
  await expect(inbox.row('María Xicay')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  // The customer writes: who was only about to answer is in the box now.
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  write({ ...MARIA, text: 'Sigo aquí' });
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(inbox.row('María Xicay')).toHaveCount(0);
});

test('a window that closes under the cursor does not turn the rest of the sentence into commands', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola', hoursAgo: 23.5 });
  await inbox.open('María Xicay');
  await inbox.composer.pressSequentially('Casi termino d');
  await page.clock.setFixedTime(Date.now() + 3_600_000);
  await expect(page.getByRole('region', { name: 'La ventana de 24 horas está cerrada' })).toBeFocused();
  await page.keyboard.type('e escribir');
  await expect(inbox.row('María Xicay')).toBeVisible();
  await expect(page.getByText('Casi termino d')).toBeVisible();
});

test('texts sent faster than the program answers all go, in their order', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
      if (!text.includes('/messages/send') || 'release' in window) return send.call(this, data);
      Object.assign(window, { release: () => send.call(this, data) });
    };
  });
  await inbox.composer.fill('uno');
  await inbox.composer.press('Enter');
  await page.waitForFunction(() => 'release' in window);
  for (const text of ['dos', 'tres']) {
    await inbox.composer.fill(text);
    await inbox.composer.press('Enter');
    await expect(inbox.composer).toHaveValue('');
  }
  await page.evaluate(() => (window as unknown as { release(): void }).release());
  await expect(inbox.stateOf('tres')).toHaveAccessibleName('Estado: Leído');
  const sent = team.meta.journal().map((call) => (call.body as { text?: { body: string } } | undefined)?.text?.body);
  expect(sent.filter((text) => text !== undefined)).toEqual(['uno', 'dos', 'tres']);
});

test('a reload keeps the open conversation, and closing it is kept too', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 1 });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('Roberto');
  await page.reload();
  await expect(inbox.thread).toHaveAccessibleName('Conversación con Roberto');
  expect(new URL(page.url()).hash).toBe('');
  await page.keyboard.press('Escape');
  await expect(inbox.thread).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Elige una conversación.')).toBeVisible();
});

test('a draft that comes back is gone on with at its end', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas' });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Le aviso');
  await inbox.open('Roberto');
  await expect(inbox.composer).toHaveValue('');
  await inbox.open('María Xicay');
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.type(' mañana');
  await expect(inbox.composer).toHaveValue('Le aviso mañana');
});

test('a desktop whose access was withdrawn takes no reply, says what to do, and keeps the draft', async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await team.relay.kill();
  await expect(page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' })).toBeVisible();
  await inbox.reply('Escrito sin conexión');
  await inbox.composer.fill('A medias');
  const { devices } = JSON.parse(await team.relay.cli('devices', '--json')) as { devices: { id: string }[] };
  await team.relay.cli('revoke', devices[0]!.id);
  await team.relay.restart();

  const notice = page.getByRole('region', { name: 'Desde esta computadora no se puede responder' });
  await expect(notice).toBeVisible({ timeout: 20_000 });
  await expect(notice).toContainText('pide una invitación nueva');
  await expect(notice).toContainText('A medias');
  await expect(inbox.composer).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Enviar' })).toHaveCount(0);
  await expect(inbox.stateOf('Escrito sin conexión')).toHaveAccessibleName('Estado: Sin enviar: esta computadora ya no se sincroniza');
  await expect(page.getByText('al recuperar la conexión')).toHaveCount(0);
});

test('notices leave the composer free, beside the narrowest list and where there is no list', async ({ inbox, write }, info) => {
  const { page } = inbox;
  write({ ...ROBERTO, text: 'Buenas', hoursAgo: 1 });
  write({ ...MARIA, text: 'Hola' });
  await page.setViewportSize({ width: 1024, height: 700 });
  await inbox.open('Roberto');
  const edge = (await page.getByRole('separator').first().boundingBox())!;
  await page.mouse.move(edge.x, 300);
  await page.mouse.down();
  await page.mouse.move(200, 300, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Archivar', exact: true }).click();
  const notice = page.getByRole('listitem').filter({ hasText: 'Roberto' });
  await expect(notice).toBeVisible();
  await inbox.open('María Xicay');
  const isFree = async (): Promise<boolean> => {
    const [a, b] = [(await notice.boundingBox())!, (await inbox.composer.boundingBox())!];
    return a.x + a.width <= b.x || a.y + a.height <= b.y;
  };
  await page.screenshot({ path: info.outputPath('narrow.png') });
  await expect.poll(isFree).toBe(true);
  await page.setViewportSize({ width: 700, height: 700 });
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await expect.poll(isFree).toBe(true);
});
