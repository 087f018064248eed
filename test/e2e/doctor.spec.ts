/** When a message or the connection fails, the window says why in plain words, what to do, and offers exactly what can help. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import { expect, test, type Inbox } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const HOUR_MS = 3_600_000;

/** Sends a text that will fail, and opens its story from the notice. */
async function openStoryOf(inbox: Inbox, text: string): Promise<Locator> {
  await inbox.reply(text);
  const failed = inbox.message(text).filter({ hasText: 'No se entregó' });
  await failed.getByRole('button', { name: 'Ver su historia' }).last().click();
  const dialog = inbox.page.getByRole('dialog', { name: 'Historia del mensaje' });
  await expect(dialog.getByRole('list')).toBeVisible();
  return dialog;
}

test.describe('a message that failed', () => {
  for (const [name, code, says, does] of [
    ['no WhatsApp behind the number', 131026, 'La persona quizá no usa WhatsApp', 'Ver el número'],
    ['the window is closed, says Meta', 131047, 'solo deja pasar plantillas aprobadas', 'Enviar como plantilla'],
    ['payment', 131042, 'Falta un medio de pago', 'Copiar para un administrador'],
    ['the token', 190, 'Se le acabó el tiempo', 'Copiar para un administrador'],
    ['the file', 131053, 'Envía otro archivo', 'Escribir otra vez'],
    ['something temporary', 131000, 'Suele ser pasajero', null],
  ] as const) {
    test(`${name}: says why, and offers what helps`, async ({ inbox, team, write }) => {
      write({ ...MARIA, text: 'Hola' });
      await inbox.open(MARIA.name);
      team.meta.setFaults({ failStatuses: [{ code }] });
      const dialog = await openStoryOf(inbox, '¿Le llega?');
      await expect(dialog).toContainText(says);
      await expect(dialog).toContainText(`Código ${code}`);
      await expect(dialog.getByText('Causa probable')).toBeVisible();
      await expect(dialog.getByRole('listitem').filter({ hasText: 'Falló' })).toBeVisible();
      if (does !== null) await expect(dialog.getByRole('button', { name: does })).toBeVisible();
    });
  }

  test('Escape closes the story also while a notice is on screen, which stays for its time', async ({ inbox, team, write }) => {
    const { page } = inbox;
    write({ ...MARIA, text: 'Hola' });
    await inbox.open(MARIA.name);
    team.meta.setFaults({ failStatuses: [{ code: 131042 }] });
    await page.context().grantPermissions(['clipboard-write']);
    const dialog = await openStoryOf(inbox, '¿Le llega?');
    await dialog.getByRole('button', { name: 'Copiar para un administrador' }).click();
    const notice = page.getByRole('region', { name: 'Avisos (F8)' }).getByRole('listitem');
    await expect(notice).toContainText('Copiado.');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(notice).toBeVisible();
    // From within, Escape closes the notice, and nothing else.
    await expect(inbox.message('¿Le llega?').getByRole('button', { name: 'Ver su historia' }).last()).toBeFocused();
    await page.keyboard.press('F8');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect(notice).toBeHidden();
    await expect(inbox.thread).toBeVisible();
  });

  test('a code that asks for patience: no repeat before its time, the moment is told, and then it can be repeated', async ({ inbox, team, write }) => {
    const { page } = inbox;
    write({ ...MARIA, text: 'Hola' });
    await inbox.open(MARIA.name);
    team.meta.setFaults({ failStatuses: [{ code: 131036 }] });
    const dialog = await openStoryOf(inbox, 'Con calma');
    const notice = inbox.message('Con calma');
    await expect(dialog.getByText(/Se puede reintentar desde/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Reintentar' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(notice).toContainText('Se puede reintentar desde');
    await expect(notice.getByRole('button', { name: 'Reintentar' })).toHaveCount(0);

    await page.clock.setFixedTime(Date.now() + HOUR_MS + 5_000);
    await notice.getByRole('button', { name: 'Reintentar' }).click();
    await expect(inbox.thread.getByRole('img', { name: 'Estado: Leído' })).toBeVisible();
  });

  test('a code of the future shows Meta’s own words, and can be tried again', async ({ inbox, team, write }) => {
    write({ ...MARIA, text: 'Hola' });
    await inbox.open(MARIA.name);
    team.meta.setFaults({ failStatuses: [{ code: 987_654 }] });
    const dialog = await openStoryOf(inbox, 'Del futuro');
    await expect(dialog).toContainText('Código 987654');
    await expect(dialog).toContainText('Unknown error');
    await dialog.getByRole('button', { name: 'Reintentar' }).click();
    await expect(inbox.thread.getByRole('img', { name: 'Estado: Leído' })).toBeVisible();
  });
});

test('every message has a story: from its marks and from its menu, with the technical part to pass on', { tag: '@main' }, async ({ inbox, write, context }) => {
  const { page } = inbox;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  write({ ...MARIA, text: 'Hola' });
  await inbox.open(MARIA.name);
  await inbox.reply('Con historia');
  await expect(inbox.stateOf('Con historia')).toHaveAccessibleName('Estado: Leído');

  await inbox.message('Con historia').getByRole('button', { name: 'Ver su historia' }).click();
  const dialog = page.getByRole('dialog', { name: 'Historia del mensaje' });
  const steps = dialog.getByRole('listitem');
  await expect(steps.filter({ hasText: 'Leído' })).toContainText(':');
  await expect(dialog).toContainText('Sin problemas');
  await dialog.getByText('Parte técnica').click();
  await expect(dialog).toContainText('wamid.');
  await expect(dialog.getByText(/messages\/delivered/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Copiar todo' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('wamid.');
  expect(copied).not.toContain('Con historia');
  await dialog.getByRole('button', { name: 'Cerrar' }).click();

  await inbox.message('Con historia').getByText('Con historia').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Ver su historia' }).click();
  await expect(dialog).toBeVisible();
});

test('waiting for a line, not known, and failed look and read differently', async ({ inbox, team, line, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open(MARIA.name);
  team.meta.setFaults({ failStatuses: [{ code: 131026 }] });
  await inbox.reply('Falló');
  await expect(inbox.message('Falló')).toContainText('No se entregó');
  team.meta.setFaults({ reset: true, dropAfterAccept: 1, noStatuses: true });
  await inbox.reply('Se perdió');
  await expect(inbox.message('Se perdió')).toContainText('no sabemos si salió');
  line.cut();
  await expect(inbox.page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' })).toBeVisible();
  await inbox.reply('Sin línea');
  await expect(inbox.message('Sin línea')).toContainText('Espera conexión');

  const color = (text: string) => inbox.stateOf(text).evaluate((mark) => getComputedStyle(mark).color);
  const colors = await Promise.all(['Falló', 'Se perdió', 'Sin línea'].map(color));
  expect(new Set(colors).size).toBe(3);
  const names = await Promise.all(['Falló', 'Se perdió', 'Sin línea'].map((text) => inbox.stateOf(text).getAttribute('aria-label')));
  expect(new Set(names).size).toBe(3);
});

test.describe('the connection', () => {
  test.use({ role: 'lead' });

  test('a fault is named with its remedy, and gone after the next look; the report holds no secret', { tag: '@main' }, async ({ inbox, team, context }) => {
    const { page } = inbox;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    team.meta.setFaults({ noSubscribedApp: true, missingPermissions: ['whatsapp_business_management'] });
    await page.getByRole('button', { name: 'Diagnóstico' }).click();
    const check = (id: string): Locator => page.locator(`[data-check="${id}"]`);
    await expect(check('app_subscribed')).toHaveAttribute('data-code', 'none');
    await expect(check('app_subscribed')).toContainText('no entrega a ninguna aplicación');
    await expect(check('app_subscribed')).toContainText('Primeros pasos');
    await expect(check('token_permissions')).toContainText('whatsapp_business_management');
    await expect(page.getByRole('status').filter({ hasText: '2 cosas por arreglar' })).toBeVisible();

    await page.getByRole('button', { name: 'Copiar informe' }).click();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toContain('app_subscribed none');
    for (const secret of ['graph-token', 'app-secret-of-the-tests', 'verify-token']) expect(report).not.toContain(secret);

    team.meta.setFaults({ reset: true });
    await page.getByRole('button', { name: 'Comprobar otra vez' }).click();
    await expect(check('app_subscribed')).toHaveAttribute('data-state', 'ok');
    await expect(check('token_permissions')).toHaveAttribute('data-state', 'ok');
  });

  test('an expired token is named as such, and leads to where it is replaced', async ({ inbox, team }) => {
    team.meta.setFaults({ token: 'expired' });
    await inbox.page.getByRole('button', { name: 'Diagnóstico' }).click();
    await expect(inbox.page.locator('[data-check="token_valid"]')).toHaveAttribute('data-code', 'expired');
    await expect(inbox.page.locator('[data-check="token_valid"]')).toContainText('Equipo → Número de WhatsApp');
  });
});

test('in the demo everything is in order', async ({ page }) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-doctor-'));
  const shell = await startProgram('main/shell/browser/cli.ts', ['--demo', '--no-past', '--no-open', '--data-dir', dataDir], {}, 40_000);
  try {
    await page.goto(shell.ready.url!);
    // What the scripted customers wrote before the demo was there came late.
    for (let n = 0; n < 5; n += 1) await fetch(`${String(shell.ready['meta'])}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255509999', name: 'Prueba', text: `ahora ${n}` }) });
    await expect(page.getByRole('option').filter({ hasText: 'ahora 4' })).toBeVisible();
    await page.getByRole('button', { name: 'Diagnóstico' }).click();
    await expect(page.getByRole('status').filter({ hasText: /Todo está en orden|por arreglar|conviene mirar|sin comprobar/ })).toBeVisible({ timeout: 15_000 });
    const odd = await page.locator('[data-check]:not([data-state="ok"])').evaluateAll((checks) => checks.map((check) => `${check.getAttribute('data-check')} ${check.getAttribute('data-code')}`));
    expect(odd).toEqual([]);
    await expect(page.getByText('Todo está en orden.')).toBeVisible();
  } finally {
    await shell.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test.describe('the raw events', () => {
  test.describe('for a lead', () => {
    test.use({ role: 'lead' });

    test('are searched, opened, and run through once more without changing anything', { tag: '@main' }, async ({ inbox, write }) => {
      const { page } = inbox;
      write({ ...MARIA, text: 'La bomba de Xela' });
      for (let n = 0; n < 3; n += 1) write({ from: '+50255550000', name: 'Óscar', text: `otro mensaje ${n}` });
      await expect(inbox.row('Óscar')).toContainText('otro mensaje 2');
      await page.getByRole('button', { name: 'Diagnóstico' }).click();
      await page.getByRole('navigation', { name: 'Partes del diagnóstico' }).getByRole('button', { name: 'Eventos' }).click();
      const list = page.getByRole('list', { name: 'Eventos' });
      await expect(list.getByRole('listitem')).toHaveCount(4);
      await page.getByRole('searchbox').fill('bomba de xela');
      await expect(list.getByRole('listitem')).toHaveCount(1);
      await list.getByRole('button').click();
      const detail = page.getByRole('region', { name: /^Evento \d/ });
      await expect(detail).toContainText('"body": "La bomba de Xela"');
      await detail.getByRole('button', { name: 'Repetir en seco' }).click();
      await expect(detail.getByRole('status')).toContainText('Resultado: Repetido');
      await expect(detail.getByRole('status')).toContainText('No cambiaría nada');

      await page.getByRole('searchbox').fill('no está en ninguna parte');
      await expect(page.getByText('Nada coincide')).toBeVisible();
      await page.getByRole('searchbox').fill('');
      await page.getByRole('combobox', { name: 'Qué pasó con ello' }).selectOption({ label: 'No reconocido' });
      await expect(page.getByText('Nada coincide')).toBeVisible();

      await page.getByRole('combobox', { name: 'Qué pasó con ello' }).selectOption({ label: 'Todo' });
      await list.getByRole('button').first().click();
      await detail.getByRole('button', { name: 'Abrir conversación' }).click();
      await expect(inbox.thread).toContainText('otro mensaje 2');
    });
  });

  test('are not for agents, who see the connection all the same', async ({ inbox }) => {
    const { page } = inbox;
    await page.getByRole('button', { name: 'Diagnóstico' }).click();
    const parts = page.getByRole('navigation', { name: 'Partes del diagnóstico' });
    await expect(parts.getByRole('button', { name: 'Conexión' })).toBeVisible();
    await expect(parts.getByRole('button', { name: 'Eventos' })).toHaveCount(0);
  });
});
