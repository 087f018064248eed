/** Quality in the window: answers are reviewed with the keyboard, the figures follow, and both leave as files. */
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import { changeSettings, conversationOf, CUSTOMER, isLive, isReady, startModel, untilAi, useModel } from '../support/ai-team.ts';
import { expect, test } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';
import { findViolations } from './support/violations.ts';

test.use({ role: 'admin' });

async function download(page: Page, name: string): Promise<{ file: Download; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
  return { file, bytes: readFileSync(await file.path()) };
}

test('answers are reviewed with the keyboard, a changed word is seen without its colour, the figures follow, and files of them can be kept', async ({ inbox, shell, team, write }) => {
  test.slow();
  const { page } = inbox;
  const model = await startModel(team, { replies: [{ match: '', text: 'El sábado abrimos a las ocho, María.' }] });
  const { client, close } = await connectWindow(shell);
  await isReady(client);
  await useModel(client, model);
  await changeSettings(client, (settings) => ({ ...settings, auto: { ...settings.auto, reviewSample: 100 } }));
  const people = [CUSTOMER, { from: '+50255557788', name: 'Rosa Pérez' }];
  for (const [index, who] of people.entries()) {
    write({ ...who, text: '¿Abren el sábado?' });
    const conversationId = await conversationOf(client, who.name);
    const { draft } = await untilAi(client, conversationId, 'there is a draft', isLive);
    const { seenThrough } = await client.conversations.get({ conversationId, messages: 0 });
    const text = index === 0 ? draft!.body!.text : draft!.body!.text.replace('ocho', 'nueve');
    await client.ai.send({ draftId: draft!.draftId, text, seenThrough, acceptsFindings: true });
  }

  await inbox.row('Rosa Pérez').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  const main = page.getByRole('main', { name: 'Calidad' });
  await expect(main.getByRole('button', { name: /^Tal cual 50 % 1 de 2/ })).toBeVisible();
  await expect(main.getByRole('button', { name: /^Con cambios leves 50 % 1 de 2/ })).toBeVisible();
  expect(await findViolations(page, { within: ['main'] })).toEqual([]);

  await main.getByRole('button', { name: 'Revisar', exact: true }).first().click();
  const answer = main.getByRole('article', { name: 'Rosa Pérez' });
  await expect(answer.locator('del')).toContainText('ocho');
  await expect(answer.locator('ins')).toContainText('nueve');
  await expect(answer.locator('del')).toHaveCSS('text-decoration-line', 'line-through');
  expect(await findViolations(page, { within: ['main'] })).toEqual([]);
  await page.keyboard.press('n');
  await expect(main.getByRole('article', { name: 'María Xicay' })).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.getByText('Marcada como buena.')).toBeVisible();
  await expect(answer).toBeVisible();
  await page.keyboard.press('2');
  await expect(main.getByRole('form', { name: '¿Qué estuvo mal?' })).toBeFocused();
  await page.keyboard.press('1');
  await expect(main.getByRole('radio', { name: 'Un dato equivocado' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page.getByText('No hay nada por revisar.')).toBeVisible();

  await main.getByRole('button', { name: 'Resumen' }).click();
  const reviews = main.getByRole('region', { name: 'Revisiones' });
  await expect(reviews).toContainText('Un dato equivocado1');
  await expect(main.getByRole('region', { name: 'Costo' })).toContainText('2 llamadas sin precio');

  const picture = await download(page, 'Guardar como imagen: Por semana');
  expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.bytes.length).toBeGreaterThan(5_000);
  await main.getByRole('button', { name: 'Tabla', exact: true }).click();
  await expect(main.getByRole('columnheader', { name: 'Semana del' })).toBeVisible();
  const table = await download(page, 'Guardar como CSV: Por semana');
  expect(table.bytes.toString()).toMatch(/Semana del,Tal cual,.*\r\n\d{4}-\d\d-\d\d,1,1,0,0,2,/);
  const drafts = await download(page, 'Exportar borradores');
  expect(drafts.file.suggestedFilename()).toMatch(/^calidad-.*\.csv$/);
  expect(drafts.bytes.toString()).toContain('El sábado abrimos a las nueve');

  await main.getByRole('button', { name: 'Registro' }).click();
  await expect(main.getByRole('img', { name: 'Íntegro' })).toHaveCount(2);
  expect(await findViolations(page, { within: ['main'] })).toEqual([]);
  const record = await download(page, 'Exportar registro');
  const lines = record.bytes.toString().trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(['ok', 'ok']);
  close();
});
