/** Reports in the window: what is shown equals what a hand counts over the same messages, and leaves as files; by keyboard, in light and dark. */
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import type { Message } from '../../contract/entities.ts';
import { DEFAULT_WORKSPACE_SETTINGS } from '../../contract/rules/workspace-settings.ts';
import { conversationOf } from '../support/ai-team.ts';
import { expect, test } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';
import { findViolations } from './support/violations.ts';

test.use({ role: 'admin' });

const ZONE = 'America/Guatemala';
const tile = (main: Locator, name: string): Locator =>
  main
    .getByRole('region', { name: 'Cifras' })
    .getByRole('listitem')
    .filter({ has: main.page().getByRole('heading', { name, exact: true }) });
const dayOf = (at: number): string => new Date(at).toLocaleDateString('en-CA', { timeZone: ZONE });
/** As the page writes a span: minutes, rounded up. */
function spanText(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
async function download(page: Page, name: string): Promise<{ file: Download; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
  return { file, bytes: readFileSync(await file.path()) };
}
const rowsOf = (bytes: Buffer): string[][] => parse(bytes, { bom: true, relax_column_count: true, skip_empty_lines: true });

test('figures equal those counted by hand, charts and tables can be read by keyboard, and all of it leaves as files', async ({ inbox, shell, write }) => {
  test.slow();
  const { page } = inbox;
  const { client, close } = await connectWindow(shell);
  // Always open, so that the hour at which this runs does not matter.
  const { businessHours } = DEFAULT_WORKSPACE_SETTINGS;
  const always = { ...businessHours, timeZone: ZONE, days: businessHours.days.map(() => [{ from: '00:00', to: '24:00' }]) };
  await client.team.setSetting({ from: { key: 'businessHours', value: businessHours }, to: { key: 'businessHours', value: always } });

  write({ from: '50255501111', name: 'María Xicay', text: '¿Abren el sábado?', hoursAgo: 5 });
  write({ from: '50255502222', name: 'Rosa Pérez', text: '¿Cuánto cuesta?', hoursAgo: 3 });
  await inbox.open('María Xicay');
  await inbox.reply('Sí, a las ocho');
  await expect(inbox.stateOf('Sí, a las ocho')).toHaveAccessibleName('Estado: Leído');
  write({ from: '50255501111', name: 'María Xicay', text: 'Gracias, ¿y el domingo?' });
  await expect(inbox.message('¿y el domingo?')).toBeVisible();
  await inbox.reply('El domingo no');
  await expect(inbox.stateOf('El domingo no')).toHaveAccessibleName('Estado: Leído');

  const conversationId = await conversationOf(client, 'María Xicay');
  const { messages, seenThrough } = await client.conversations.get({ conversationId, messages: 10 });
  const [asked, answered, askedAgain, answeredAgain] = messages.toSorted((a, b) => a.sentAt - b.sentAt) as [Message, Message, Message, Message];
  const rosa = await client.conversations.get({ conversationId: await conversationOf(client, 'Rosa Pérez'), messages: 10 });
  const received = [asked, askedAgain, ...rosa.messages];
  const sent = [answered, answeredAgain];

  await page.keyboard.press('Escape');
  await inbox.row('Rosa Pérez').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const main = page.getByRole('main', { name: 'Informes' });
  await main.getByRole('button', { name: '7 días', exact: true }).click();
  await expect(tile(main, 'Primera respuesta')).toContainText(spanText(answered.sentAt - asked.sentAt));
  // Perhaps within the same second.
  await expect(tile(main, 'Respuestas siguientes')).toContainText(answeredAgain.sentAt - askedAgain.sentAt < 1_000 ? / ?[01] min/ : spanText(answeredAgain.sentAt - askedAgain.sentAt));
  await expect(tile(main, 'A tiempo')).toContainText('33 %1 a tiempo, 1 tarde, 1 sin respuesta');
  await expect(tile(main, 'Conversaciones nuevas')).toContainText('2y 0 reabiertas');
  await expect(tile(main, 'Mensajes recibidos')).toContainText('3+3 · másantes 0');
  await expect(tile(main, 'Mensajes enviados')).toContainText('2');

  // It follows what happens elsewhere, and nothing is asked for.
  await expect(tile(main, 'Resueltas')).toContainText('0');
  await client.conversations.setStatus({ conversationId, from: 'active', to: 'archived', seenThrough });
  await expect(tile(main, 'Resueltas')).toContainText('1');

  await main.getByRole('button', { name: 'Cómo se cuenta: A tiempo' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Cómo se cuenta: A tiempo' })).toContainText('dentro de la meta');
  await page.keyboard.press('Escape');
  await expect(main.getByRole('button', { name: 'Cómo se cuenta: A tiempo' })).toBeFocused();

  // The hours of the week, walked with the arrows.
  const heat = main.getByRole('grid', { name: 'Cuándo escriben los clientes' });
  const at = new Date(received[0]!.sentAt);
  const weekday = at.toLocaleDateString('es', { timeZone: ZONE, weekday: 'long' });
  const hour = `${at.toLocaleTimeString('en-GB', { timeZone: ZONE, hour: '2-digit' })}:00`;
  const inHour = received.filter(({ sentAt }) => Math.floor(sentAt / 3_600_000) === Math.floor(at.getTime() / 3_600_000)).length;
  const cell = heat.getByRole('gridcell', { name: `${weekday} a las ${hour}: ${inHour} mensaje` });
  await expect(cell).toHaveText(String(inHour));
  await heat.getByRole('gridcell', { name: /^lunes a las 08:00/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(heat.getByRole('gridcell', { name: /^martes a las 09:00/ })).toBeFocused();

  // One key from a chart to its data.
  const perDay = main.getByRole('region', { name: 'Mensajes por día', exact: true });
  await perDay.getByRole('application').focus();
  await page.keyboard.press('d');
  await expect(perDay.getByRole('button', { name: 'Tabla' })).toBeFocused();
  const today = perDay.getByRole('row').last();
  const ofDay = (messagesOfAll: readonly Message[], day: string): number => messagesOfAll.filter(({ sentAt }) => dayOf(sentAt) === day).length;
  const lastDay = dayOf(answeredAgain.sentAt);
  await expect(today.getByRole('cell')).toHaveText([String(ofDay(received, lastDay)), String(ofDay(sent, lastDay))]);
  const table = await download(page, 'Guardar como CSV: Mensajes por día');
  const [head, ...days] = rowsOf(table.bytes);
  expect(head).toEqual(['Día', 'Recibidos', 'Enviados']);
  expect(days).toHaveLength(7);
  for (const [day, countIn, countOut] of days) expect([day, countIn, countOut]).toEqual([day, String(ofDay(received, day!)), String(ofDay(sent, day!))]);
  expect(table.file.suggestedFilename()).toBe(`mensajes-por-dia_${days[0]![0]}_${days[6]![0]}.csv`);
  await page.keyboard.press('d');
  await expect(perDay.getByRole('application')).toBeVisible();

  for (const title of ['Primera respuesta por día', 'Cuándo escriben los clientes']) {
    const shown = (await main.getByRole('region', { name: title, exact: true }).locator('svg.recharts-surface, table').first().boundingBox())!;
    const { file, bytes } = await download(page, `Guardar como imagen: ${title}`);
    expect(file.suggestedFilename()).toMatch(/^[a-z-]+_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.png$/);
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    const corner = await page.evaluate(async (base64) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.drawImage(await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!)])), 0, 0);
      return [...context.getImageData(0, 0, 1, 1).data];
    }, bytes.toString('base64'));
    expect(corner, 'on a ground of its own').toEqual([255, 255, 255, 255]);
    // Twice as large as on screen, with title, legend and a margin.
    expect(Math.abs(bytes.readUInt32BE(16) - 2 * (shown.width + 40))).toBeLessThanOrEqual(2);
    expect(Math.abs(bytes.readUInt32BE(20) - 2 * (shown.height + 90))).toBeLessThanOrEqual(2);
  }

  // On paper there is the report, and nothing that is pressed.
  await page.emulateMedia({ media: 'print' });
  await expect(main.getByRole('region', { name: 'Carga y rapidez por agente' })).toBeVisible();
  await expect(main.getByRole('grid', { name: 'Cuándo escriben los clientes' })).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Exportar todo (CSV)' })).toBeHidden();
  await expect(page.getByRole('checkbox')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  const whole = rowsOf((await download(page, 'Exportar todo (CSV)')).bytes);
  expect(whole).toContainEqual(['Mensajes recibidos', '3', '0']);
  // To the second.
  const first = whole.find(([name]) => name === 'Primera respuesta (min)')!;
  expect(Math.abs(Number(first[1]) - (answered.sentAt - asked.sentAt) / 60_000)).toBeLessThan(0.03);
  expect(whole.find(([name]) => name === 'Ana (tú)')?.slice(2, 4)).toEqual(['2', '2']);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findViolations(page, { within: ['main'] })).toEqual([]);
  }
  close();

  // The question is asked again after the page was left, and after a reload; without a line the figures are there as well.
  await main.getByRole('checkbox', { name: 'Comparar con lo anterior' }).uncheck();
  await page.reload();
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Informes' }).click();
  await expect(main.getByRole('button', { name: '7 días', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(main.getByRole('checkbox', { name: 'Comparar con lo anterior' })).not.toBeChecked();
  await expect(tile(main, 'Mensajes recibidos')).toContainText('3');
  await expect(tile(main, 'Mensajes recibidos')).not.toContainText('antes');
});
