/** Searching a long history: found by word, opened where it stands, read on in both directions. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import { expect, openInbox, test as base, type Inbox } from './support/demo.ts';
import { LONG, PLACE, writeLongHistory } from './support/long-history.ts';
import { findViolationsInBoth } from './support/violations.ts';

/** A window on the long history, with no line to anywhere: everything here is on this computer. */
const test = base.extend<{ inbox: Inbox }>({
  inbox: async ({ page }, use) => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-long-'));
    writeLongHistory(dataDir);
    const program = await startProgram('main/shell/browser/cli.ts', ['--data-dir', dataDir, '--no-open'], { GRAPH_BASE_URL: 'http://127.0.0.1:1' });
    const { inbox, problems } = await openInbox(page, { url: () => program.ready.url!, wasEnded: () => false });
    await use(inbox);
    // What is loaded when the program ends may break off.
    const found = [...problems];
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
    expect(found).toEqual([]);
  },
});

const searchField = (page: Page): Locator => page.getByRole('combobox', { name: 'Buscar mensajes, notas y personas' });
const findField = (page: Page): Locator => page.getByRole('textbox', { name: 'Buscar en esta conversación' });
const isInView = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const frame = element.closest('[role="log"]')!.getBoundingClientRect();
    return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  });
/** Texts of the bubbles that are mounted, top to bottom. */
const texts = (thread: Locator): Promise<string[]> => thread.getByRole('article').allTextContents();
const numberOf = (text: string): number => Number(/(?:^|: )(\d+): /.exec(text)?.[1]);

test('«instalacion» finds «Instalación» among 20,000 messages, and opens it where it stands', { tag: '@main' }, async ({ inbox: { page, thread, message } }) => {
  await expect(page.getByRole('option').filter({ hasText: 'Rosa' })).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(searchField(page)).toBeFocused();
  await page.keyboard.type('instalacion');
  const hit = page.getByRole('group', { name: 'Mensajes' }).getByRole('option');
  await expect(hit).toHaveCount(1, { timeout: 30_000 });
  await expect(hit.locator('mark')).toHaveText('Instalación');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  const found = message('Instalación del calentador');
  await expect(found).toBeVisible();
  await expect(found).toBeFocused();
  await expect.poll(() => isInView(found)).toBe(true);
  await expect(message(`${PLACE.installation}: `)).toBeVisible();
  await expect(message(`${PLACE.installation + 2}: `)).toBeVisible();
  // The word is marked in the bubble too, and the results stay beside it.
  expect(await page.evaluate(() => CSS.highlights.get('found')?.size)).toBeGreaterThan(0);
  await expect(hit).toBeVisible();

  await test.step('older and newer messages come as they are scrolled to, without a jump', async () => {
    // The End key goes to the newest message of all, wherever the reader is: down the passage leads the wheel.
    for (const [direction, scroll] of [
      ['older', () => page.keyboard.press('Home')],
      ['newer', () => page.mouse.wheel(0, 100_000)],
    ] as const) {
      await thread.focus();
      await thread.hover();
      const numbers = async (): Promise<number[]> => (await texts(thread)).map(numberOf).filter((n) => !Number.isNaN(n));
      for (let press = 0; press < 3; press++) {
        const before = await numbers();
        await scroll();
        await expect.poll(async () => (direction === 'older' ? Math.min(...(await numbers())) < Math.min(...before) : Math.max(...(await numbers())) > Math.max(...before))).toBe(true);
        const now = await numbers();
        expect(now).toEqual(now.toSorted((a, b) => a - b));
      }
    }
  });

  await test.step('back at the end in one go, where nothing of it counts as new: by the button, and from another passage by the key', async () => {
    await page.getByRole('button', { name: 'Ir al último mensaje' }).click();
    await expect(message(`${LONG.messages}: `)).toBeVisible();
    await expect.poll(() => isInView(message(`${LONG.messages}: `))).toBe(true);
    await hit.click();
    await expect(found).toBeFocused();
    await page.keyboard.press('End');
    await expect(message(`${LONG.messages}: `)).toBeVisible();
    await expect.poll(() => isInView(message(`${LONG.messages}: `))).toBe(true);
  });

  await searchField(page).focus();
  await page.keyboard.press('Escape');
  await expect(searchField(page)).toHaveCount(0);
  await expect(page.getByRole('option').filter({ hasText: 'Mario' })).toBeVisible();
});

test('a match in a closed conversation is shown in the person’s thread', async ({ inbox: { page, message, row } }) => {
  await row('Rosa').click();
  await expect(message(`${LONG.messages}: `)).toBeVisible();
  await page.keyboard.press('Control+Shift+f');
  await searchField(page).fill('bodega escuintla');
  const hit = page.getByRole('group', { name: 'Mensajes' }).getByRole('option');
  await expect(hit).toHaveCount(1, { timeout: 30_000 });
  await hit.click();
  await expect(message('bodega de Escuintla')).toBeFocused();
  await expect.poll(() => isInView(message('bodega de Escuintla'))).toBe(true);
  // The open conversation stays the one that can be answered in.
  await expect(page.getByRole('heading', { name: 'Rosa Pérez' })).toBeVisible();
  await expect(page.getByText('Conversación cerrada', { exact: false })).toHaveCount(0);
});

test('within a conversation: n of m, on to the older one and back, marked, and closed with Escape', async ({ inbox: { page, message, row, composer } }) => {
  await row('Rosa').click();
  await expect(message(`${LONG.messages}: `)).toBeVisible();
  // Clicked: the composer has the focus, and what is searched is the conversation.
  await expect(composer).toBeFocused();
  await page.keyboard.press('Control+f');
  await expect(findField(page)).toBeFocused();
  await page.keyboard.type('bomba');
  const bar = page.getByRole('main').getByRole('search');
  await expect(bar.getByRole('status')).toHaveText('1 de 20', { timeout: 30_000 });
  await expect(message('bomba número 20 ')).toBeVisible();
  await expect(findField(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(bar.getByRole('status')).toHaveText('3 de 20');
  await expect.poll(() => isInView(message('bomba número 18 '))).toBe(true);
  expect(await page.evaluate(() => CSS.highlights.get('found')?.size)).toBeGreaterThan(0);
  await page.keyboard.press('Shift+Enter');
  await expect(bar.getByRole('status')).toHaveText('2 de 20');
  await expect.poll(() => isInView(message('bomba número 19 '))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(findField(page)).toHaveCount(0);
  await expect(composer).toBeFocused();
  expect(await page.evaluate(() => CSS.highlights.has('found'))).toBe(false);
});

test('people are found with a typing error and by a part of their number; unknown operators are told; examples can be used', { tag: '@main' }, async ({ inbox: { page } }) => {
  await page.keyboard.press('Control+f');
  const people = page.getByRole('group', { name: 'Personas' }).getByRole('option');
  await searchField(page).fill('peres');
  await expect(people).toHaveText(/Rosa Pérez/, { timeout: 30_000 });
  await searchField(page).fill('5555 0002');
  await expect(people).toHaveText(/Mario Xicay/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Mario Xicay' })).toBeVisible();
  await searchField(page).fill('bomba color:rojo');
  await expect(page.getByText('No entiendo «color:rojo»', { exact: false })).toBeVisible();
  await searchField(page).fill('zzzz');
  await expect(page.getByText('Nada coincide con «zzzz».')).toBeVisible();
  await searchField(page).fill('');
  await page.getByRole('button', { name: 'de:rosa' }).click();
  await expect(searchField(page)).toHaveValue('de:rosa');
  await expect(page.getByRole('group', { name: 'Mensajes' }).getByRole('option')).toHaveCount(30);
  await page.getByRole('button', { name: 'Ver más resultados' }).click();
  await expect(page.getByRole('group', { name: 'Mensajes' }).getByRole('option')).toHaveCount(60);
  await page.getByRole('button', { name: 'Más recientes' }).click();
  await expect(page.getByRole('button', { name: 'Más recientes' })).toHaveAttribute('aria-pressed', 'true');
});

test('hundreds of unread messages are begun at the first of them', async ({ inbox: { page, message, row } }) => {
  await row('Mario').click();
  await expect(page.getByText(`${LONG.unread} mensajes sin leer`)).toBeVisible();
  const first = page.getByRole('log').getByText('mensaje sin leer 1', { exact: true });
  await expect.poll(() => isInView(first)).toBe(true);
  await expect(message(`mensaje sin leer ${LONG.unread}`)).toHaveCount(0);
});

test('axe finds nothing in the search and the bar of a conversation', async ({ inbox: { page, row } }) => {
  await row('Rosa').click();
  await page.keyboard.press('Control+Shift+f');
  await expect(page.getByRole('button', { name: 'de:rosa' })).toBeVisible();
  expect(await findViolationsInBoth(page)).toEqual([]);
  await searchField(page).fill('rosa color:rojo');
  await expect(page.getByText('No entiendo', { exact: false })).toBeVisible();
  await searchField(page).fill('bomba');
  await expect(page.getByRole('group', { name: 'Mensajes' }).getByRole('option')).toHaveCount(20, { timeout: 30_000 });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('[role="log"] article:focus')).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(findField(page)).toBeFocused();
  await page.keyboard.type('ruido');
  await expect(page.getByRole('main').getByRole('search').getByRole('status')).toHaveText('1 de 20');
  expect(await findViolationsInBoth(page)).toEqual([]);
});
