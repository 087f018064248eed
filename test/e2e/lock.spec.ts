/** The lock of a desktop's folder, as its agent turns it on, meets it, and turns it off. */
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { findPlainInFolder } from '../support/find-plain.ts';
import { expect, test } from './support/demo.ts';
import { showSettings } from './support/settings.ts';
import { findViolations } from './support/violations.ts';

const PASSPHRASE = 'lluvia tejado guitarra limon';
const OTHER = 'cometa ventana durazno pozo';
/** Turning it on or off closes and opens the workspace, beside a guess that is slow on purpose. */
const CHANGES_WITHIN = { timeout: 40_000 };

test.setTimeout(180_000);

const unlock = async (page: Page, passphrase: string): Promise<void> => {
  await page.getByLabel('Frase de paso', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Desbloquear' }).click();
};

test('a desktop is locked, opened with its passphrase alone, and unlocked for good', { tag: '@main' }, async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ from: '50255550101', name: 'Marta Ixchel', text: 'PalabraDeMarta en la bandeja' });
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  await inbox.open(/Marta Ixchel/);
  await inbox.composer.fill('BorradorSinEnviar');
  const dataDir = String(shell.program().ready['dataDir']);
  const find = (): string[] => findPlainInFolder(dataDir, ['Marta Ixchel', 'PalabraDeMarta', 'BorradorSinEnviar', '50255550101']);
  expect(find()).not.toEqual([]);

  await showSettings(page, 'Bloqueo');
  await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Frase de paso nueva', { exact: true }).fill('corta');
  await expect(dialog.getByText('Demasiado corta')).toBeVisible();
  await dialog.getByLabel('Frase de paso nueva', { exact: true }).fill(PASSPHRASE);
  await expect(dialog.getByText('Fuerte.')).toBeVisible();
  await dialog.getByLabel('Otra vez, para no equivocarse', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Activar y cifrar' }).click();
  await expect(page.getByText('Bloqueo activado: lo guardado en esta computadora está cifrado.')).toBeVisible(CHANGES_WITHIN);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  expect(find()).toEqual([]);

  await shell.restart();
  // With another secret.
  await page.goto(shell.url());
  await expect(page.getByRole('heading', { name: 'Bandeja está bloqueada' })).toBeVisible(CHANGES_WITHIN);
  await expect(page.getByText('Marta Ixchel')).toHaveCount(0);
  await unlock(page, 'no es la frase de paso');
  await expect(page.getByText('La frase no es correcta.')).toBeVisible(CHANGES_WITHIN);
  await unlock(page, PASSPHRASE);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);
  await inbox.open(/Marta Ixchel/);
  await expect(inbox.message('PalabraDeMarta en la bandeja')).toBeVisible();
  await expect(inbox.composer).toHaveValue('BorradorSinEnviar');

  await page.keyboard.press('Control+Shift+L');
  await expect(page.getByRole('heading', { name: 'Bandeja está bloqueada' })).toBeVisible(CHANGES_WITHIN);
  expect(find()).toEqual([]);
  await unlock(page, PASSPHRASE);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible(CHANGES_WITHIN);

  await showSettings(page, 'Bloqueo');
  await expect(page.getByText(/^Activo desde/)).toBeVisible();
  await page.getByRole('button', { name: 'Cambiar la frase…' }).click();
  await dialog.getByLabel('Frase de paso actual', { exact: true }).fill('otra frase equivocada');
  await dialog.getByLabel('Frase de paso nueva', { exact: true }).fill(OTHER);
  await dialog.getByLabel('Otra vez, para no equivocarse', { exact: true }).fill(OTHER);
  await dialog.getByRole('button', { name: 'Cambiar' }).click();
  await expect(dialog.getByText('La frase no es correcta.')).toBeVisible(CHANGES_WITHIN);
  await dialog.getByLabel('Frase de paso actual', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Cambiar' }).click();
  await expect(page.getByText('Frase de paso cambiada')).toBeVisible(CHANGES_WITHIN);

  await page.getByRole('button', { name: 'Desactivar…' }).click();
  await dialog.getByLabel('Frase de paso actual', { exact: true }).fill(OTHER);
  await dialog.getByRole('button', { name: 'Desactivar y descifrar' }).click();
  await expect(page.getByText('Bloqueo desactivado: lo guardado ya no está cifrado.')).toBeVisible(CHANGES_WITHIN);
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  expect(find()).not.toEqual([]);
  await inbox.open(/Marta Ixchel/);
  await expect(inbox.composer).toHaveValue('BorradorSinEnviar');
});

test('a weak passphrase is asked for twice; a wrong one stays in its field while the wait counts down; a forgotten one leads to beginning anew', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  const WEAK = '810274659310';
  write({ from: '50255550101', name: 'Marta Ixchel', text: 'hola' });
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  await showSettings(page, 'Bloqueo');
  await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
  const dialog = page.getByRole('dialog');
  const next = dialog.getByLabel('Frase de paso nueva', { exact: true });
  await next.fill(WEAK);
  await expect(next).toHaveAttribute('type', 'password');
  await dialog.getByRole('button', { name: 'Mostrar: Frase de paso nueva' }).click();
  await expect(next).toHaveAttribute('type', 'text');
  await dialog.getByRole('button', { name: 'Ocultar: Frase de paso nueva' }).click();
  await expect(next).toHaveAttribute('type', 'password');
  await dialog.getByLabel('Otra vez, para no equivocarse', { exact: true }).fill(WEAK);
  await dialog.getByRole('button', { name: 'Activar y cifrar' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Son solo números');
  expect(await findViolations(page), 'the dialog').toEqual([]);
  await dialog.getByRole('button', { name: 'Usarla de todas formas' }).click();
  await expect(page.getByText('Bloqueo activado')).toBeVisible(CHANGES_WITHIN);

  await page.keyboard.press('Control+Shift+L');
  const field = page.getByLabel('Frase de paso', { exact: true });
  await expect(field).toBeFocused(CHANGES_WITHIN);
  const button = page.getByRole('button', { name: 'Desbloquear' });
  for (let guess = 1; guess <= 7; guess += 1) {
    await field.fill(`frase equivocada ${guess}`);
    // The sixth waits for a second after the fifth, the seventh for two.
    await expect(button).toHaveAttribute('aria-disabled', 'false', CHANGES_WITHIN);
    await button.click();
    await expect(button).toHaveText('Desbloquear', CHANGES_WITHIN);
    await expect(page.getByText('La frase no es correcta.')).toBeVisible();
    await expect(field).toHaveValue(`frase equivocada ${guess}`);
  }
  const left = page.getByText(/^Puedes intentarlo en \d segundos?\.$/);
  await expect(left).toBeVisible();
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  // A page that begins anew goes on counting.
  await page.reload();
  await expect(left).toBeVisible();
  const said = new Set<string>();
  await expect
    .poll(async () => {
      if (await left.isVisible()) said.add(await left.innerText());
      return said.size;
    })
    .toBeGreaterThan(1);
  await expect(page.getByRole('status').filter({ hasText: 'Ya puedes intentarlo otra vez.' })).toBeAttached();
  expect(await findViolations(page), 'the locked page').toEqual([]);

  await page.getByRole('button', { name: 'La olvidé' }).click();
  await expect(page.getByRole('heading', { name: 'Olvidé la frase de paso' })).toBeFocused();
  await expect(page.getByText('relay invite --agent ID')).toBeVisible();
  await page.getByRole('button', { name: 'Volver' }).click();
  await expect(field).toBeFocused();
  // Whoever comes to a window that was left finds nothing typed in it.
  await field.fill('casi la frase de paso');
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    Reflect.deleteProperty(document, 'hidden');
  });
  await expect(field).toHaveValue('');
  await page.getByRole('button', { name: 'La olvidé' }).click();
  await page.getByRole('button', { name: 'Empezar de nuevo…' }).click();
  const confirm = page.getByRole('button', { name: 'Apartar lo cifrado y empezar' });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  const sure = page.getByLabel('Entiendo que sin la frase lo de arriba se pierde.');
  await expect(sure).toBeFocused();
  await sure.check();
  expect(await findViolations(page), 'beginning anew').toEqual([]);
  await confirm.click();
  await expect(page.getByRole('heading', { name: 'Une esta computadora a tu espacio de trabajo' })).toBeVisible(CHANGES_WITHIN);
  expect(readdirSync(String(shell.program().ready['dataDir'])).filter((name) => name.startsWith('locked-'))).toHaveLength(1);
});

test('turning it on tells when it fails; a locked window says that its program is gone, and that it is one of before when that runs again', async ({ inbox, shell }) => {
  const { page } = inbox;
  const turnOn = async (): Promise<void> => {
    await showSettings(page, 'Bloqueo');
    await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
    await page.getByRole('dialog').getByLabel('Frase de paso nueva', { exact: true }).fill(PASSPHRASE);
    await page.getByRole('dialog').getByLabel('Otra vez, para no equivocarse', { exact: true }).fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Activar y cifrar' }).click();
  };
  // Where the file that decides is to be written.
  const inTheWay = path.join(String(shell.program().ready['dataDir']), 'lock.json.new');
  mkdirSync(inTheWay);
  await turnOn();
  await expect(page.getByText(/^Algo falló y no se perdió nada\. Inténtalo otra vez/)).toBeVisible(CHANGES_WITHIN);
  rmdirSync(inTheWay);
  await turnOn();
  await expect(page.getByText('Bloqueo activado')).toBeVisible(CHANGES_WITHIN);
  await page.keyboard.press('Control+Shift+L');
  await expect(page.getByRole('heading', { name: 'Bandeja está bloqueada' })).toBeVisible(CHANGES_WITHIN);
  await shell.kill();
  await expect(page.getByRole('heading', { name: 'El programa no está en marcha' })).toBeVisible(CHANGES_WITHIN);
  await expect(page.getByText(/npm start -- --data-dir .*Esta ventana lo notará sola/)).toBeVisible();
  await shell.restart();
  await expect(page.getByRole('heading', { name: 'Esta ventana es de antes' })).toBeVisible(CHANGES_WITHIN);
  await page.goto(shell.url());
  await unlock(page, PASSPHRASE);
  await expect(page.getByRole('navigation', { name: 'Navegación' })).toBeVisible(CHANGES_WITHIN);

  // The same while it is open.
  await shell.kill();
  await expect(page.getByText('El programa no está en marcha')).toBeVisible(CHANGES_WITHIN);
  await expect(page.getByText(/Lo que escribes queda en esta ventana/)).toBeVisible();
  await shell.restart();
  await expect(page.getByRole('heading', { name: 'Esta ventana es de antes' })).toBeVisible(CHANGES_WITHIN);
});

test('with a lock, what is typed after the program was killed is said to be this window’s alone, and can be copied from the page of an old window', async ({
  inbox,
  shell,
  write,
  page,
  context,
  say,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  write({ from: '50255550101', name: 'Marta Ixchel', text: 'hola' });
  await expect(inbox.row(/Marta Ixchel/)).toBeVisible();
  await showSettings(page, 'Bloqueo');
  await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Frase de paso nueva', { exact: true }).fill(PASSPHRASE);
  const again = dialog.getByLabel('Otra vez, para no equivocarse', { exact: true });
  await again.fill('otra cosa');
  await expect(dialog.getByText(say('lock.differs'))).toHaveCount(0);
  await again.blur();
  await expect(dialog.getByText(say('lock.differs'))).toBeVisible();
  await again.fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Activar y cifrar' }).click();
  await expect(page.getByText('Bloqueo activado')).toBeVisible(CHANGES_WITHIN);
  await inbox.open(/Marta Ixchel/);
  await shell.kill();
  await inbox.composer.fill('Esto no lo tiene nadie más');
  const strip = page.getByText(say('strip.engineGoneLocked'), { exact: false });
  await expect(page.getByText(say('sync.engine_away'))).toBeVisible();
  await expect(strip).toBeVisible();
  await shell.restart();
  await expect(page.getByText(say('page.refusedTitle'))).toBeVisible(CHANGES_WITHIN);
  await expect(page.getByText(say('page.refusedUnsaved'), { exact: false })).toBeVisible();
  await page.getByRole('button', { name: say('action.copyText') }).click();
  await expect(page.getByRole('button', { name: say('action.copied') })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Esto no lo tiene nadie más');
});
