/**
 * `node main/dev/run.mjs test/screens.ts [FOLDER]`: takes the picture of the README from the demo workspace, after an
 * agent has answered two of its customers and a colleague has joined in. With FOLDER also the same in every theme, language and width, to look at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import { findChromium } from './support/chromium.ts';
import { startProgram } from './support/program.ts';

const README_PICTURE = path.resolve(import.meta.dirname, '../docs/screens/inbox.png');
const ANSWERED_WITHIN_MS = 60_000;
const SIZES = [
  [1600, 1000],
  [1024, 768],
  [2560, 1300],
] as const;

/** A zone in which it is about ten in the morning: an inbox at four in the morning looks odd. */
function findMorningZone(): string {
  const behind = new Date().getUTCHours() - 10;
  return `Etc/GMT${behind < 0 ? behind : `+${behind}`}`;
}

const folder = process.argv[2];
const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-screens-'));
const shell = await startProgram('main/shell/browser/cli.ts', ['--demo', '--no-open', '--data-dir', dataDir]);
const colleague = await startProgram('main/shell/browser/cli.ts', ['--demo', '--as', 'bo', '--no-open', '--data-dir', dataDir]);
const executablePath = await findChromium();
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: 'es-GT', timezoneId: findMorningZone(), colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(shell.ready.url!);
  const other = await (await browser.newContext({ locale: 'es-GT' })).newPage();
  await other.goto(colleague.ready.url!);

  await showAll(page);
  await open(page, 'Óscar Ramírez');
  await answer(page, 'Bien hecho, Óscar. Cambie los 6 difusores y deje el soplador apagado hasta que llegue el aceite.');
  await open(page, 'Ingrid Morales');
  await answer(page, 'Buen día, Ingrid. Lamento la molestia: por la foto parece falta de *oxígeno* en el aireador.');
  await answer(page, '¿Le sirve mañana a las 8:00? La visita de diagnóstico no tiene costo 👍');
  await showAll(other);
  await open(other, 'Ingrid Morales');
  await other.getByRole('button', { name: 'Nota', exact: true }).click();
  const note = other.getByRole('textbox', { name: /^Nota interna sobre/ });
  await note.fill('La espuma café suele ser exceso de lodo. Diego lleva el cono Imhoff.');
  await other.getByRole('button', { name: 'Guardar nota' }).click();
  await page.getByRole('log').getByText('El guardián se llama don Chepe', { exact: false }).waitFor({ timeout: ANSWERED_WITHIN_MS });
  await answer(page, 'Perfecto, mañana a las 8:00 pregunta por usted nuestro técnico.');
  await page.getByRole('log').getByRole('img', { name: 'Estado: Leído' }).nth(2).waitFor();
  await page.getByRole('img', { name: 'Bo Ramírez la está viendo' }).waitFor();
  await rest(page);
  mkdirSync(path.dirname(README_PICTURE), { recursive: true });
  await page.screenshot({ path: README_PICTURE });

  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const language of ['Español', 'English']) {
      await page.getByRole('button', { name: /^(Ajustes|Settings)$/ }).click();
      await page.getByText(language, { exact: true }).click();
      await page.screenshot({ path: path.join(folder, `settings-${language}.png`) });
      await page.keyboard.press('Escape');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [width, height] of SIZES) {
          await page.setViewportSize({ width, height });
          await rest(page);
          await page.screenshot({ path: path.join(folder, `inbox-${language}-${colorScheme}-${width}.png`) });
        }
      }
    }
  }
} finally {
  await browser.close();
  await colleague.stop();
  await shell.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Not only what is one's own. */
async function showAll(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Todas/ })
    .first()
    .click();
}

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('option').filter({ hasText: name }).click();
  await page.getByRole('log', { name: new RegExp(name) }).waitFor();
}

async function answer(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Mensaje para/ });
  await composer.fill(text);
  await composer.press('Enter');
  await page.getByRole('log').getByRole('article').last().getByRole('img', { name: 'Estado: Leído' }).waitFor();
}

/** Pointer away, so that nothing is held or hovered; motion ended. */
async function rest(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(600);
}
