/** Links to places in Bandeja, a conversation on paper, and files dragged out of the window. */
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('the link of a message opens it from a note and from the search, and one of another team says so', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Necesito factura' });
  write({ from: '+50255559876', name: 'Pedro', text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.message('Necesito factura').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copiar enlace' }).click();
  await expect(page.getByText('Enlace copiado')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/^bandeja:\/\/open\/[^/]{8}\/[^/]+\/[^/]+$/);

  await inbox.open('Pedro');
  await inbox.thread.focus();
  await page.keyboard.press('n');
  const note = page.getByRole('textbox', { name: 'Nota interna sobre Pedro' });
  await note.fill(`Lo mismo que ${link}, creo (ver https://tienda.example/p/1).`);
  await note.press('Enter');
  await expect(page.getByRole('log').getByRole('link', { name: 'https://tienda.example/p/1', exact: true })).toHaveAttribute('rel', 'noopener noreferrer');
  await page.getByRole('log').getByRole('button', { name: 'Abrir conversación' }).click();
  await expect(page.getByRole('log', { name: /María Xicay/ })).toBeVisible();
  await expect(inbox.message('Necesito factura')).toBeFocused();

  const follow = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('combobox').fill(text);
    await page.getByRole('combobox').press('Enter');
  };
  await inbox.open('Pedro');
  await follow(link);
  await expect(page.getByRole('log', { name: /María Xicay/ })).toBeVisible();
  // Also from the palette; without a message the thread has the focus.
  await inbox.open('Pedro');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(link.replace(/\/[^/]+$/, ''));
  await page.getByRole('option', { name: /Abrir conversación/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log', { name: /María Xicay/ })).toBeFocused();
  await follow(link.replace(/open\/[^/]+/, 'open/another1'));
  await expect(page.getByText('Este enlace es de otro equipo de trabajo')).toBeVisible();
});

test('a conversation on paper holds who wrote what and when, and nothing of the window', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  await page.addInitScript(() => {
    window.print = () => document.documentElement.setAttribute('data-asked-to-print', '');
  });
  await page.reload();
  write({ ...MARIA, text: 'Se rompió la bomba' });
  await inbox.open('María Xicay');
  await inbox.reply('Vamos mañana');
  await page.getByRole('button', { name: 'Más acciones' }).click();
  await page.getByRole('menuitem', { name: 'Imprimir o guardar como PDF' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Imprimir o guardar como PDF' }).click();
  await expect(page.locator('html[data-asked-to-print]')).toBeAttached();
  const paper = page.locator('[data-print=sheet]');
  await expect(paper).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(paper).toBeVisible();
  await expect(paper).toContainText('Conversación con María Xicay');
  await expect(paper.getByRole('listitem')).toHaveText([/María Xicay.*Se rompió la bomba/, /Ana.*Vamos mañana/]);
  await expect(page.getByRole('navigation')).toBeHidden();
  expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(paper).not.toBeAttached();
});

test('a document is dragged out under its own name', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: '¿Tiene el manual?' });
  await inbox.open('María Xicay');
  const dataTransfer = await page.evaluateHandle(() => new DataTransfer());
  const chooser = page.waitForEvent('filechooser');
  // A key overtakes the request to be told of file dialogs while the page is busy; an answer of the page does not.
  await page.evaluate(() => undefined);
  await page.keyboard.press('ControlOrMeta+o');
  await (await chooser).setFiles([{ name: 'Manual PTAR.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${'x'.repeat(2_000)}\n%%EOF`) }]);
  await page.getByRole('button', { name: 'Enviar', exact: true }).click();
  const card = page.getByRole('log').locator('[draggable=true]');
  await card.dispatchEvent('dragstart', { dataTransfer });
  expect(await dataTransfer.evaluate((data) => data.getData('DownloadURL'))).toMatch(/^application\/pdf:Manual PTAR\.pdf:http:\/\/127\.0\.0\.1:\d+\/media\//);
});
