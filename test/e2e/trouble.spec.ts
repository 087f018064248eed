/** When something stands in the way: the agent is told what, that the text is safe, and what to do. */
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

test('outside the 24-hour window the composer says why it cannot send, and keeps what was typed', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hace días', hoursAgo: 50 });
  await inbox.open('María Xicay');
  await expect(page.getByRole('heading', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();
  await expect(inbox.composer).toHaveCount(0);
  await expect(page.getByRole('timer', { name: /solo se puede enviar una plantilla/ })).toBeVisible();

  write({ ...MARIA, text: 'Sigo aquí' });
  await expect(inbox.composer).toBeVisible();
  await inbox.composer.fill('Ya le reviso');
  await expect(page.getByRole('timer', { name: /^Ventana abierta/ })).toContainText('23:5');
});

test('a window that closes while somebody types keeps the draft', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola', hoursAgo: 23.5 });
  await inbox.open('María Xicay');
  await expect(page.getByRole('timer', { name: /^La ventana se cierra/ })).toContainText('min');
  await inbox.composer.fill('Casi termino de escribir');
  await page.clock.setFixedTime(Date.now() + 3_600_000);
  await expect(page.getByRole('heading', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();
  await expect(page.getByText('Casi termino de escribir')).toBeVisible();
});

test('with the relay down a strip says so, the message waits with its mark, and leaves when the relay is back', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await team.relay.kill();
  const strip = page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' });
  await expect(strip).toBeVisible();
  await inbox.reply('Escrito sin conexión');
  await expect(inbox.stateOf('Escrito sin conexión')).toHaveAccessibleName('Estado: En espera: saldrá al recuperar la conexión');
  await expect(strip).toContainText(/\d+ cambios? esperan?/);
  expect(JSON.stringify(team.meta.journal())).not.toContain('Escrito sin conexión');

  await team.relay.restart();
  await expect(inbox.stateOf('Escrito sin conexión')).toHaveAccessibleName('Estado: Leído', { timeout: 20_000 });
  await expect(strip).toHaveCount(0);
  expect(team.meta.journal().filter((call) => JSON.stringify(call).includes('Escrito sin conexión'))).toHaveLength(1);
});

test('a failed message says why, in words, and a retry sends it', { tag: '@main' }, async ({ inbox, team, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ failStatuses: [{ code: 131026 }] });
  await inbox.reply('¿Le llega?');
  const failed = inbox.message('¿Le llega?').filter({ hasText: 'No se entregó' });
  await expect(failed).toContainText('quizá no usa WhatsApp');
  await expect(failed).toContainText('El texto sigue aquí');
  await failed.getByRole('button', { name: 'Reintentar' }).click();
  await expect(inbox.thread.getByRole('img', { name: 'Estado: Leído' })).toBeVisible();
  await expect(inbox.thread.getByText('No se entregó')).toHaveCount(0);
});

test('when the answer of WhatsApp is lost nobody claims that it was sent, and after ten minutes the agent is asked', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ dropAfterAccept: 1, noStatuses: true });
  await inbox.reply('¿Salió o no?');
  const uncertain = inbox.message('¿Salió o no?');
  await expect(uncertain).toContainText('no sabemos si salió');
  await expect(inbox.stateOf('¿Salió o no?')).toHaveAccessibleName('Estado: Sin confirmar');
  await expect(uncertain.getByText('Sin confirmar.', { exact: true })).toBeVisible();
  await expect(uncertain.getByRole('button', { name: 'Marcar como no enviado' })).toHaveCount(0);
  await page.clock.setFixedTime(Date.now() + 11 * 60_000);
  await expect(uncertain.getByText('Sin confirmar.', { exact: true })).toBeVisible();
  await uncertain.getByRole('button', { name: 'Marcar como no enviado' }).click();
  await expect(uncertain).toContainText('Se marcó como no enviado');
});

test('a reply written without a line while a colleague answered is held, and leaves when its author says so', { tag: '@main' }, async ({ inbox, shell, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const luis = await team.addDesktop({ name: 'Luis' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items.length).toBe(1);
  const conversationId = (await luis.client.conversations.list({})).items[0]!.id;

  await team.relay.kill();
  await expect(page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' })).toBeVisible();
  await inbox.reply('Yo también le respondo');
  await luis.client.messages.sendText({ conversationId, text: 'Yo le respondo' });
  // Luis has his line back first.
  await shell.kill();
  await team.relay.restart();
  await expect.poll(() => JSON.stringify(team.meta.journal()), { timeout: 20_000 }).toContain('Yo le respondo');
  await shell.restart();
  // A program that was started again has another key.
  await page.goto('about:blank');
  await page.goto(shell.url());
  await inbox.open('María Xicay');

  const held = inbox.message('Yo también le respondo');
  await expect(held).toContainText('otra persona respondió antes');
  expect(JSON.stringify(team.meta.journal())).not.toContain('Yo también');
  await held.getByRole('button', { name: 'Enviar de todos modos' }).click();
  await expect(inbox.stateOf('Yo también le respondo')).toHaveAccessibleName('Estado: Leído');
});

test('a token that Meta refuses is one banner, not a pile of failed messages', async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ sendErrors: [{ code: 190, times: 1000 }] });
  await inbox.reply('Va en cola');
  const banner = page.getByRole('status').filter({ hasText: 'WhatsApp no deja enviar' });
  await expect(banner).toContainText('token');
  await expect(inbox.stateOf('Va en cola')).toHaveAccessibleName(/En cola|Enviando/);
});

test('when the program goes away the window says so, and what is written stays', { tag: '@main' }, async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await shell.kill();
  await expect(page.getByRole('status').filter({ hasText: 'Sin contacto con el programa' })).toBeVisible();
  await inbox.composer.fill('Mientras tanto');
  await inbox.composer.press('Enter');
  await expect(page.getByText('El programa no responde', { exact: false }).first()).toBeVisible();
  await expect(inbox.composer).toHaveValue('Mientras tanto');
});

test('a program that does not come back is said to be not running, with how to start it, and the window notices its return', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  const gone = page.getByRole('status').filter({ hasText: 'El programa no está en marcha' });
  const dot = page.getByRole('button', { name: /^Sincronización: / });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect(dot).toHaveAccessibleName('Sincronización: Al día');
  await shell.kill();
  await expect(dot).toHaveAccessibleName('Sincronización: Sin contacto con el programa');
  await expect(gone).toContainText(`npm start -- --data-dir ${String(shell.program().ready['dataDir'])} `, { timeout: 20_000 });
  await expect(gone).not.toContainText('reinicia');
  await expect(dot.locator('[data-tone]')).toHaveAttribute('data-tone', 'away');
  await dot.click();
  await expect(page.getByRole('dialog', { name: 'Sincronización' })).toContainText('Sin comprobar');
  await page.keyboard.press('Escape');
  // A program that was started again has another key: the window says so without being asked.
  await shell.restart();
  await expect(page.getByRole('heading', { name: 'Esta ventana es de antes' })).toBeVisible({ timeout: 20_000 });
});

test('a line that breaks for long comes back by itself', async ({ inbox, page, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await page.evaluate(() => {
    const { WebSocket: real } = window;
    const { send } = real.prototype;
    // What cannot be constructed reaches nobody.
    Object.assign(window, { WebSocket: undefined, mend: () => Object.assign(window, { WebSocket: real }) });
    real.prototype.send = function () {
      real.prototype.send = send;
      this.close();
    };
  });
  await page.getByRole('button', { name: 'Ocultar datos del cliente' }).click();
  const gone = page.getByRole('status').filter({ hasText: 'El programa no está en marcha' });
  await expect(gone).toBeVisible({ timeout: 20_000 });
  await page.evaluate(() => (window as unknown as { mend(): void }).mend());
  await expect(gone).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Sincronización: Al día' })).toBeVisible();
  await inbox.reply('De vuelta');
  await expect(inbox.stateOf('De vuelta')).toHaveAccessibleName('Estado: Leído');
});

test('while WhatsApp is down messages wait, and they leave by themselves when it is back', async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ refuse: 'unavailable' });
  await inbox.reply('uno');
  await inbox.reply('dos');
  await expect.poll(() => team.meta.journal().filter((call) => JSON.stringify(call).includes('"uno"')).length).toBeGreaterThan(0);
  await expect(page.getByRole('status').filter({ hasText: 'WhatsApp no responde' })).toContainText('sale solo');
  await expect(inbox.stateOf('uno')).toHaveAccessibleName(/En cola|Enviando/);
  team.meta.setFaults({ reset: true });
  for (const text of ['uno', 'dos']) await expect(inbox.stateOf(text)).toHaveAccessibleName('Estado: Leído', { timeout: 40_000 });
  const accepted = team.meta.journal().filter((call) => call.accepted && /"(uno|dos)"/.test(JSON.stringify(call)));
  expect(accepted.map((call) => /"(uno|dos)"/.exec(JSON.stringify(call))?.[1])).toEqual(['uno', 'dos']);
  await expect(page.getByRole('status').filter({ hasText: 'WhatsApp' })).toHaveCount(0);
});

test('after two lost answers with nothing left to send the strip promises no retry', async ({ inbox, team, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  team.meta.setFaults({ refuse: 'reset' });
  await inbox.reply('¿Salió?');
  await expect(inbox.stateOf('¿Salió?')).toHaveAccessibleName('Estado: Sin confirmar');
  const strip = inbox.page.getByRole('status').filter({ hasText: 'WhatsApp no responde' });
  await inbox.reply('¿Y esto?');
  await expect(inbox.stateOf('¿Y esto?')).toHaveAccessibleName('Estado: Sin confirmar');
  await expect(strip).toContainText('Lo que esté por salir');
  await expect(strip).not.toContainText('se reintenta');
});

test('a colleague’s answer below the fold, never seen, stops mine and comes into view', async ({ inbox, team, write }) => {
  for (let line = 1; line <= 40; line++) write({ ...MARIA, text: `línea ${line}.`, hoursAgo: 2 - line / 60 });
  await expect(inbox.row('línea 40.')).toBeVisible();
  const luis = await team.addDesktop({ name: 'Luis' });
  await expect.poll(async () => (await luis.client.conversations.list({})).items[0]?.lastMessage?.content).toEqual({ kind: 'text', text: 'línea 40.' });
  const conversationId = (await luis.client.conversations.list({})).items[0]!.id;
  await luis.client.messages.sendText({ conversationId, text: 'Yo le respondo' });
  await expect(inbox.row('María Xicay')).toContainText('Luis: Yo le respondo');

  await inbox.open('María Xicay');
  await expect(inbox.page.getByRole('separator').filter({ hasText: '40 mensajes sin leer' })).toBeInViewport();
  await inbox.composer.fill('Sin haberlo visto');
  await inbox.composer.press('Enter');
  await expect(inbox.page.getByRole('alert')).toContainText('Luis respondió');
  await expect(inbox.composer).toHaveValue('Sin haberlo visto');
  await expect(inbox.message('Sin haberlo visto')).toHaveCount(0);
  expect(JSON.stringify(team.meta.journal())).not.toContain('Sin haberlo visto');
});

test('a message that comes between what was on screen and being marked as read stays unread', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'uno' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
      if (text.includes('markRead')) Object.assign(window, { isMarkHeld: true, releaseMark: () => send.call(this, data) });
      else send.call(this, data);
    };
  });
  await inbox.open('María Xicay');
  await page.waitForFunction(() => 'isMarkHeld' in window);
  // The agent looks elsewhere.
  await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  write({ ...MARIA, text: 'dos, nunca vista' });
  await expect(inbox.row('María Xicay').getByLabel('2 mensajes sin leer')).toBeVisible();
  await page.evaluate(() => (window as unknown as { releaseMark(): void }).releaseMark());
  await expect(inbox.row('María Xicay').getByLabel('1 mensaje sin leer')).toBeVisible();
});

test('when the answer of the program is lost after it took the text, sending again does not send it twice', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    let isArmed = true;
    WebSocket.prototype.send = function (data) {
      send.call(this, data);
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
      if (!isArmed || !text.includes('/messages/send')) return;
      isArmed = false;
      this.close();
    };
  });
  await inbox.composer.fill('una sola vez');
  await inbox.composer.press('Enter');
  await expect(inbox.composer).toHaveValue('una sola vez');
  await expect(inbox.message('una sola vez')).toBeVisible();
  await inbox.composer.press('Enter');
  await expect(inbox.composer).toHaveValue('');
  await inbox.reply('y otra');
  await expect(inbox.stateOf('y otra')).toHaveAccessibleName('Estado: Leído');
  expect(team.meta.journal().filter((call) => JSON.stringify(call).includes('una sola vez'))).toHaveLength(1);
});

test('with its storage full the window still takes what is typed', async ({ inbox, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await inbox.composer.pressSequentially('abc');
  await expect(inbox.composer).toHaveValue('abc');
});
