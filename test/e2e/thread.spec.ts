/** What is done in the open conversation: choosing messages and passing them on, what was done to it between them, emoji, and days long past. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import { expect, openInbox, test, type Inbox } from './support/demo.ts';
import { LONG, writeLongHistory } from './support/long-history.ts';
import { findViolations } from './support/violations.ts';

const MARIA = { from: '50255551234', name: 'María Xicay' };
const MARIO = { from: '50255555678', name: 'Mario Cano' };
const OLGA = { from: '50255550077', name: 'Olga Paz' };

test.use({ role: 'lead', permissions: ['clipboard-read', 'clipboard-write'] });

const bar = ({ page }: Inbox): Locator => page.getByRole('toolbar', { name: 'Acciones para los mensajes elegidos' });
const sentTo = (journal: readonly { body?: unknown }[]): string[] =>
  journal.flatMap(({ body }) => {
    const { to, text } = (body ?? {}) as { to?: string; text?: { body: string } };
    return text ? [`${to} ${text.body}`] : [];
  });

test('messages are chosen with the keyboard, copied with who and when, and forwarded to several; whose window is closed cannot be chosen', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...OLGA, text: 'Buenas', hoursAgo: 60 });
  write({ ...MARIO, text: 'Hola' });
  for (const text of ['Mi dirección es *12 calle 3-45*', 'zona 10', 'Portón negro']) write({ ...MARIA, text });
  await inbox.open('María Xicay');
  await expect(inbox.message('Portón negro')).toBeVisible();
  await inbox.composer.fill('a medias');

  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(inbox.message('Portón negro')).toBeFocused();
  await page.keyboard.press('x');
  await expect(bar(inbox).getByRole('status')).toHaveText('1 mensaje elegido');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(inbox.message('zona 10')).toBeFocused();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(bar(inbox).getByRole('status')).toHaveText('3 mensajes elegidos');
  await page.keyboard.press('Control+c');
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^\[.*\] María Xicay: Mi dirección es \*12 calle 3-45\*\n\[.*\] María Xicay: zona 10\n\[.*\] María Xicay: Portón negro$/);
  const html = await page.evaluate(async () => (await (await navigator.clipboard.read())[0]!.getType('text/html')).text());
  expect(html).toContain('<strong>12 calle 3-45</strong>');
  // A press takes one away again, and nothing else happens.
  await inbox.message('zona 10').click();
  await expect(bar(inbox).getByRole('status')).toHaveText('2 mensajes elegidos');
  await page.keyboard.press('Escape');
  await expect(bar(inbox)).toHaveCount(0);
  await expect(inbox.composer).toHaveValue('a medias');

  await inbox.message('Mi dirección').click({ button: 'right' });
  await page.getByRole('menuitem', { name: /Seleccionar/ }).click();
  await inbox.message('Portón negro').click({ modifiers: ['Shift'] });
  await expect(bar(inbox).getByRole('status')).toHaveText('3 mensajes elegidos');
  expect(await findViolations(inbox.page)).toEqual([]);
  await bar(inbox).getByRole('button', { name: 'Reenviar' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reenviar 3 mensajes' });
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await expect(dialog.getByRole('option').filter({ hasText: 'Olga Paz' })).toHaveAttribute('aria-disabled', 'true');
  await expect(dialog.getByRole('option').filter({ hasText: 'María' })).toHaveCount(0);
  await page.keyboard.type('mario');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toHaveText('A 1 conversación');
  expect(await findViolations(inbox.page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  await expect(bar(inbox)).toHaveCount(0);
  await expect.poll(() => sentTo(team.meta.journal())).toEqual(['Mi dirección es *12 calle 3-45*', 'zona 10', 'Portón negro'].map((text) => `+50255555678 ${text}`));
  await inbox.open('Mario Cano');
  await expect(inbox.message('Portón negro')).toBeVisible();
});

test('chosen messages become a note and belong to a request, from where they lead back and can be taken out', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Acepto el presupuesto de Q 3,200' });
  await inbox.open('María Xicay');
  const said = inbox.thread.locator('[data-direction="in"]').filter({ hasText: 'Acepto' });
  await said.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Nota', exact: true }).click();
  const note = page.getByRole('dialog', { name: 'Nota interna con lo que dicen' });
  await expect(note.getByRole('textbox')).toHaveValue(/^> María Xicay, .*: Acepto el presupuesto de Q 3,200\n\n$/);
  await note.getByRole('textbox').press('End');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('Confirmado por teléfono');
  await page.keyboard.press('Control+Enter');
  await expect(inbox.thread.getByRole('article', { name: /^Nota interna/ })).toContainText('Confirmado por teléfono');

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Solicitudes' }).first().click();
  await page.getByRole('button', { name: 'Nueva solicitud' }).first().click();
  const form = page.getByRole('dialog');
  await form
    .getByLabel(/Nombre/)
    .first()
    .fill('María Xicay');
  await form
    .getByLabel(/Teléfono/)
    .first()
    .fill('+502 5555 1234');
  await form
    .getByLabel(/servicio/i)
    .first()
    .fill('Limpieza');
  await form.getByRole('button', { name: /Crear/ }).click();
  await expect(page.getByRole('heading', { name: 'Mensajes adjuntos' })).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Navegación' })
    .getByRole('button', { name: /Activas$/ })
    .click();

  await said.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Adjuntar a una solicitud' }).click();
  await page.getByRole('dialog').getByRole('combobox').press('Enter');
  const mark = said.getByRole('button', { name: /^Adjunto a la solicitud/ });
  await expect(mark).toBeVisible();
  await expect(inbox.thread).toContainText(/adjuntó un mensaje a la solicitud/);
  await mark.click();
  const attached = page.getByRole('region', { name: 'Mensajes adjuntos' });
  await expect(attached).toContainText('Acepto el presupuesto de Q 3,200');
  expect(await findViolations(inbox.page)).toEqual([]);
  await attached.getByRole('button', { name: 'Ir al mensaje' }).click();
  await expect(said).toBeFocused();
  await mark.click();
  await attached.getByRole('button', { name: 'Quitar de la solicitud' }).click();
  await expect(attached).toContainText('Ninguno');
});

test('what was done stands between the messages, several in a row as one line, and can be hidden', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.thread.focus();
  await page.keyboard.press('m');
  const line = inbox.thread.getByRole('article').filter({ hasText: 'la tomó' });
  await expect(line).toContainText('Ana (tú) la tomó');
  await page.keyboard.press('e');
  await expect(inbox.thread).toContainText('y 1 cambio más');
  // It cannot be chosen, and the conversation is not chosen in its place.
  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(inbox.thread.getByRole('article').filter({ hasText: 'la archivó' })).toBeFocused();
  await page.keyboard.press('x');
  await expect(page.locator('[role="option"][aria-checked]')).toHaveCount(0);
  await inbox.thread.getByRole('button', { name: 'y 1 cambio más' }).click();
  await expect(inbox.thread.getByRole('article').filter({ hasText: 'la archivó' })).toContainText('la tomó');
  // The customer writes: it comes back, and what was done stays above.
  write({ ...MARIA, text: '¿Siguen ahí?' });
  await expect(inbox.message('¿Siguen ahí?')).toBeVisible();
  expect((await inbox.thread.getByRole('article').allTextContents()).map((text) => /¿Siguen|Hola|archivó/.exec(text)?.[0])).toEqual(['Hola', 'archivó', '¿Siguen']);
  await page.getByRole('banner').or(page.locator('main header')).getByRole('button', { name: 'Más acciones' }).click();
  await page.getByRole('menuitem', { name: 'Ocultar lo que se hizo' }).click();
  await expect(inbox.thread).not.toContainText('la archivó');
});

test('any emoji: found in both languages, with a tone, behind a colon, as a reaction', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Gracias' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Listo ');
  await page.getByRole('button', { name: 'Emoji', exact: true }).click();
  const picker = page.getByRole('dialog', { name: 'Elegir un emoji' });
  await expect(picker.getByRole('gridcell', { name: 'cara sonriendo', exact: true }).first()).toBeVisible();
  // Of about two thousand only those in view are there.
  expect(await picker.getByRole('gridcell').count()).toBeLessThan(200);
  await page.keyboard.type('thumbs up');
  await expect(picker.getByRole('gridcell', { name: 'pulgar hacia arriba' })).toHaveAttribute('aria-selected', 'true');
  await picker.getByRole('radio', { name: 'Medio', exact: true }).click();
  expect(await findViolations(inbox.page)).toEqual([]);
  await picker.getByRole('combobox').press('Enter');
  await expect(inbox.composer).toHaveValue('Listo 👍🏽');
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.type(' :corazon');
  await expect(page.getByRole('listbox', { name: 'Elegir un emoji' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(inbox.composer).toHaveValue(/^Listo 👍🏽 \p{Extended_Pictographic}/u);

  await inbox.message('Gracias').focus();
  await page.keyboard.press('+');
  await page.getByRole('button', { name: 'Más emoji' }).click();
  await page.getByRole('combobox', { name: 'Buscar un emoji' }).fill('bandera guatemala');
  await page.keyboard.press('Enter');
  await expect(inbox.message('Gracias')).toContainText('🇬🇹');
});

test('in 20,000 messages a day long past is one step away, reading on from there moves nothing, and the window holds only what is in view', async ({ page }) => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-days-'));
  writeLongHistory(dataDir);
  const program = await startProgram('main/shell/browser/cli.ts', ['--data-dir', dataDir, '--no-open'], { GRAPH_BASE_URL: 'http://127.0.0.1:1' });
  const { inbox, problems } = await openInbox(page, { url: () => program.ready.url!, wasEnded: () => false });
  const { thread } = inbox;
  await inbox.open('Rosa');
  await expect(inbox.message(`${LONG.messages}: `)).toBeVisible();
  const mounted = () => thread.getByRole('article').count();

  await page.keyboard.press('Control+f');
  await page.getByRole('button', { name: 'Ir a una fecha' }).click();
  const day = new Date(Date.now() - 60 * 86_400_000);
  const wanted = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
  await page.getByLabel('Día', { exact: true }).fill(wanted);
  await page.keyboard.press('Enter');
  const focused = thread.locator('article:focus');
  await expect(focused).toBeVisible();
  const dayOf = (article: Locator): Promise<string> =>
    article
      .locator('time')
      .first()
      .evaluate((time: HTMLTimeElement) => new Date(time.dateTime).toLocaleDateString('sv'));
  expect(await dayOf(focused)).toBe(wanted);

  await test.step('what is loaded above leaves what is read where it is', async () => {
    const id = await focused.getAttribute('data-message-id');
    const here = thread.locator(`[data-message-id="${id}"]`);
    const first = (): Promise<string | null> => thread.getByRole('article').first().getAttribute('data-message-id');
    const before = await first();
    const top = async (): Promise<number> => (await here.boundingBox())!.y;
    // Arriving corrects itself for a moment, as rows get their heights.
    await expect
      .poll(async () => {
        const earlier = await top();
        await page.waitForTimeout(300);
        return (await top()) - earlier;
      })
      .toBe(0);
    let expected = await top();
    const upwards = async (): Promise<string | null> => {
      expected += await thread.evaluate((element) => {
        const from = element.scrollTop;
        element.scrollBy(0, -150);
        return from - element.scrollTop;
      });
      return await first();
    };
    await expect.poll(upwards).not.toBe(before);
    await expect.poll(async () => Math.abs((await top()) - expected)).toBeLessThan(3);
  });
  expect(await mounted()).toBeLessThan(80);

  // Bringing it into view may have more read above, which moves the list under a press that is under way.
  const separator = thread.getByRole('button', { name: /Ir a otra fecha/ }).first();
  const place = () => separator.evaluate((element) => `${element.getAttribute('aria-label')} ${element.getBoundingClientRect().top}`);
  await expect
    .poll(async () => {
      await separator.scrollIntoViewIfNeeded();
      const earlier = await place();
      await page.waitForTimeout(500);
      return (await place()) === earlier;
    })
    .toBe(true);
  await separator.click();
  await page.getByRole('button', { name: 'Al principio' }).click();
  await expect(thread).toContainText('Principio de la conversación');
  await page.getByRole('button', { name: 'Ir al último mensaje' }).click();
  await expect(inbox.message(`${LONG.messages}: `)).toBeVisible();
  expect(await mounted()).toBeLessThan(80);
  expect(problems).toEqual([]);
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
